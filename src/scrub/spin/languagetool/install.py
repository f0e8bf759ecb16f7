"""LanguageTool on this machine: where it is, whether it is intact, and how it is fetched once."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from filelock import FileLock

from scrub.caches import languagetool_folder
from scrub.errors import MissingPartError
from scrub.java import Java

VERSION = "6.8"
SERVER_JAR = "languagetool-server.jar"
_RECORD = "scrub.json"  # every file of the installation: [bytes, SHA-256]

Log = Callable[[str], object]


def folder() -> Path:
    """Where LanguageTool is, or would be."""
    return languagetool_folder() / f"LanguageTool-{VERSION}"


def server_jar() -> Path | None:
    """The jar that starts the server, or None where LanguageTool is not installed.

    Raises MissingPartError where everybody can write the program, or files that `scrub setup`
    recorded are gone or of another size; that costs one `stat` for each file.
    `damage(deep=True)` reads them all.
    """
    jar = folder() / SERVER_JAR
    if not jar.is_file():
        return None
    if any(path.stat().st_mode & stat.S_IWOTH for path in (folder(), jar) if os.name == "posix"):
        raise MissingPartError(f"{folder()}: everybody can write this program; chmod -R o-w it")
    if damaged := damage():
        raise MissingPartError(f"{folder()} is damaged: {damaged[0]}; run `scrub setup`")
    return jar


def damage(*, deep: bool = False) -> list[str]:
    """What differs from the record made when LanguageTool was fetched, one readable line a file.

    Compares sizes, and SHA-256 digests too where `deep` (0.2 s for the 250 MB).  An installation
    without a record, put there by something else, has nothing to differ from.
    """
    root = folder()
    try:
        record = json.loads((root / _RECORD).read_bytes())
        recorded: dict[str, list[object]] = record["files"]
        pairs = [(name, int(str(size)), str(digest)) for name, (size, digest) in recorded.items()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return [f"{_RECORD} cannot be read ({type(error).__name__})"]
    found = []
    for name, size, digest in pairs:
        path = root / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif path.stat().st_size != size:
            found.append(f"{name} has {path.stat().st_size:,} bytes instead of {size:,}")
        elif deep and _digest(path) != digest:
            found.append(f"{name} has another content than was fetched")
    return found


def source() -> str:
    """Where the installation came from, as `fetch` recorded it; empty where it did not."""
    try:
        return str(json.loads((folder() / _RECORD).read_bytes())["source"])
    except (OSError, ValueError, TypeError, KeyError):
        return ""


def fetch(java: Java, log: Log) -> None:
    """Put LanguageTool into `folder()`, whole or not at all; do nothing where it is intact.

    First language-tool-python's own download, which checks the archive's SHA-256; where that host
    is not reached, the same version from Maven Central with `mvn` and our pom.xml, each jar
    compared with jars.sha256.  Raises MissingPartError with both reasons where neither works.
    """
    target = folder()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MissingPartError(
            f"{target.parent}: {error.strerror}; set SCRUB_CACHE to a folder that can be written"
        ) from error
    with FileLock(target.parent / f".{target.name}.lock"):
        if (target / SERVER_JAR).is_file() and not damage(deep=True):
            return
        for left in target.parent.glob(".fetch-*"):  # of a set-up that was killed
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as temporary:
            made = Path(temporary) / target.name
            origin = "language-tool-python's download, archive checked by SHA-256"
            log(f"fetching LanguageTool {VERSION} (about 250 MB): {origin}")
            if problem := _download(Path(temporary), java):
                log(f"  no: {problem}")
                shutil.rmtree(made, ignore_errors=True)
                origin = "Maven Central through mvn, every jar checked by SHA-256"
                log(f"fetching LanguageTool {VERSION} (about 250 MB): {origin}")
                if maven_problem := _from_maven(made, java):
                    raise MissingPartError(
                        f"LanguageTool {VERSION} could not be fetched. Its own download: {problem}."
                        f" Maven Central: {maven_problem}."
                        f" Or unpack LanguageTool-{VERSION}.zip into {target.parent} yourself."
                    )
            size = _record(made, origin)
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
            log(f"  {size / 1e6:,.0f} MB in {target}")


def _download(into: Path, java: Java) -> str:
    """Run language-tool-python's download in a process of its own; what went wrong, or nothing.

    Its own process because the library takes its folder and its Java from the environment.
    """
    code = (
        "from language_tool_python.download_lt import LocalLanguageTool as L; "
        f"L.from_version_name({VERSION!r}).download()"
    )
    environment = {
        **os.environ,
        "LTP_PATH": str(into),
        "PATH": os.pathsep.join([str(java.path.parent), os.environ.get("PATH", "")]),
    }
    environment.pop("LTP_JAR_DIR_PATH", None)
    if importlib.util.find_spec("language_tool_python") is None:
        return "language-tool-python is not installed"
    problem = _run([sys.executable, "-P", "-c", code], environment)
    if "ConnectionError" in problem or "TimeoutError" in problem:
        return "its host is not reached from here"
    if not problem and not (into / f"LanguageTool-{VERSION}" / SERVER_JAR).is_file():
        return "no server in the archive"
    return (problem.partition("PathError: ")[2] or problem).rstrip(".")


def _from_maven(made: Path, java: Java) -> str:
    """Copy the jars with `mvn`, compare them with our list; what went wrong, or nothing."""
    mvn = shutil.which("mvn")
    if mvn is None:
        return "there is no mvn"
    libs = made / "libs"
    data = files("scrub.spin.languagetool")
    pom = made.parent / "pom.xml"
    pom.write_bytes((data / "pom.xml").read_bytes())
    # bin/java of a home; for a launcher that a link points to, that of the link's target.
    home = java.path.resolve().parent.parent
    problem = _run(
        [
            mvn,
            "-B",
            "-q",
            "--strict-checksums",
            "-f",
            str(pom),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={libs}",
        ],
        {**os.environ, "JAVA_HOME": str(home)},
    )
    if problem:
        return problem
    lines = (data / "jars.sha256").read_text(encoding="ascii").splitlines()
    expected = {name: digest for digest, name in (line.split() for line in lines)}
    found = {path.name: _digest(path) for path in libs.glob("*")}
    wrong = sorted(
        name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
    )
    if wrong:
        return f"{len(wrong)} jars are not those of jars.sha256, e.g. {wrong[0]}"
    _write_server_jar(made / SERVER_JAR, sorted(found))
    return ""


def _write_server_jar(path: Path, jars: list[str]) -> None:
    """A jar with nothing but a manifest that names the others, as in LanguageTool's archive."""
    rest = "Class-Path: " + " ".join(f"libs/{name}" for name in jars)
    lines = ["Manifest-Version: 1.0", rest[:70]]
    rest = rest[70:]
    while rest:  # a manifest line holds at most 72 bytes; the next begins with a space
        lines.append(f" {rest[:69]}")
        rest = rest[69:]
    with zipfile.ZipFile(path, "w") as jar:
        jar.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF"), "\r\n".join(lines) + "\r\n\r\n")


def _run(command: list[str], environment: dict[str, str]) -> str:
    """Run a command; the last line of what it said where it failed, else nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - commands made above
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=1800,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    lines = [
        line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()
    ]
    errors = [line for line in lines if "Error" in line or "ERROR" in line] or lines
    return (
        (errors[-1] if command[0] == sys.executable else errors[0])[:300]
        if errors
        else f"exit code {done.returncode}"
    )


def _record(made: Path, origin: str) -> int:
    """Write down every file with its size and digest; the size of all together."""
    recorded = {
        path.relative_to(made).as_posix(): (path.stat().st_size, _digest(path))
        for path in sorted(made.rglob("*"))
        if path.is_file()
    }
    (made / _RECORD).write_text(
        json.dumps({"version": VERSION, "source": origin, "files": recorded}, indent=1)
    )
    return sum(size for size, _ in recorded.values())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
