"""Settings: the shipped file is the defaults, layers override in order, problems come together."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from scrub.config import Settings, default_toml, load
from scrub.errors import ConfigError

ROOT = Path(__file__).parent.parent


def test_config_toml_is_the_complete_default() -> None:
    assert (ROOT / "config.toml").read_text(encoding="utf-8") == default_toml()
    assert load(ROOT / "config.toml", environ={})[0] == Settings()


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        for key, info in field.annotation.model_fields.items():
            assert info.description, f"{name}.{key} says nothing of itself"


def test_layers_override_in_order(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[keep]\npolicy = "first"\nmin_containment = 0.5\n', encoding="utf-8")
    environ = {"SCRUB_KEEP__MIN_CONTAINMENT": "0.6", "SCRUB_ENGINE__JOBS": "3"}
    settings, origins = load(file, {"engine.jobs": "2"}, environ=environ)
    assert (settings.keep.policy, settings.keep.min_containment, settings.engine.jobs) == (
        "first",
        0.6,
        2,
    )
    assert origins["keep.policy"] == str(file)
    assert origins["keep.min_containment"] == "environment SCRUB_KEEP__MIN_CONTAINMENT"
    assert origins["engine.jobs"] == "--set engine.jobs"


def test_settings_are_read_by_the_names_that_they_had_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In every layer, of which the strongest counts by either name; of a record nothing is said."""
    file = tmp_path / "old.toml"
    file.write_text("[match]\nthreshold = 0.4\nprobability = 0.6\n", encoding="utf-8")
    environ = {"SCRUB_KEEP__COVERAGE": "0.7"}
    given = {"match.lsh_threshold": "0.3"}
    settings, origins = load(file, given, environ=environ)
    assert (settings.match.lsh_threshold, settings.match.link_probability) == (0.3, 0.6)
    assert settings.keep.min_containment == 0.7
    assert origins["match.lsh_threshold"] == "--set match.lsh_threshold"
    assert "match.probability is called match.link_probability now" in caplog.text
    assert "SCRUB_KEEP__COVERAGE" in caplog.text
    caplog.clear()
    recorded = {"match": {"threshold": 0.4}, "keep": {"coverage": 0.7}}
    settings = Settings.model_validate(recorded)
    assert (settings.match.lsh_threshold, settings.keep.min_containment) == (0.4, 0.7)
    assert not caplog.text


def test_all_problems_at_once_with_suggestions(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(
        '[kep]\npolicy = "best"\n[keep]\nmin_containmen = 1\nmin_containment = 8\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as error:
        load(file, environ={"SCRUB_KEEP__POLICY": "worst"})
    message = str(error.value)
    assert "no section [kep]; did you mean keep?" in message
    assert "no setting keep.min_containmen; did you mean min_containment?" in message
    assert "keep.min_containment = 8" in message
    assert "environment SCRUB_KEEP__POLICY: keep.policy = 'worst'" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [("languagetool.url", "http://192.0.2.1"), ("engine.name", "spark"), ("engine.master", "local"),
     ("engine.scratch", "/tmp"), ("spin.lexicon", "a.csv"), ("spin.phrases", "a.csv")],
)  # fmt: skip
def test_the_current_folder_says_nothing_of_places(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").touch()
    section, _, key = name.partition(".")
    (tmp_path / "config.toml").write_text(f'[{section}]\n{key} = "{value}"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"config.toml: {name} = .* --config config.toml"):
        load(environ={})
    assert load(Path("config.toml"), environ={})[1] == {name: "config.toml"}
    (tmp_path / "config.toml").write_text(default_toml(), encoding="utf-8")
    assert load(environ={})[0] == Settings()


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: no such file; `scrub config init`"):
        load(tmp_path / "nowhere.toml", environ={})
    broken = tmp_path / "broken.toml"
    broken.write_text("[keep\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"broken\.toml: not TOML"):
        load(broken, environ={})
