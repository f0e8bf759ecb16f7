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
    file.write_text('[keep]\npolicy = "first"\ncoverage = 0.5\n', encoding="utf-8")
    environ = {"SCRUB_KEEP__COVERAGE": "0.6", "SCRUB_ENGINE__JOBS": "3"}
    settings, origins = load(file, {"engine.jobs": "2"}, environ=environ)
    assert (settings.keep.policy, settings.keep.coverage, settings.engine.jobs) == ("first", 0.6, 2)
    assert origins["keep.policy"] == str(file)
    assert origins["keep.coverage"] == "environment SCRUB_KEEP__COVERAGE"
    assert origins["engine.jobs"] == "--set engine.jobs"


def test_all_problems_at_once_with_suggestions(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('[kep]\npolicy = "best"\n[keep]\ncoverag = 1\ncoverage = 8\n', encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load(file, environ={"SCRUB_KEEP__POLICY": "worst"})
    message = str(error.value)
    assert "no section [kep]; did you mean keep?" in message
    assert "no setting keep.coverag; did you mean coverage?" in message
    assert "keep.coverage = 8" in message
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
