"""What a result follows from: the inputs by their digests, the settings, and this program.

Where all of it is as an earlier run in the folder recorded, and its files are as it left them, that
result is the result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from scrub.config import Settings
from scrub.document import Rejection
from scrub.read.walk import find
from scrub.store.stamp import code_digest
from scrub.write.record import settings_digest

LISTED = 1000  # files that are named one by one; of more there is the digest of their list


def describe(
    inputs: Sequence[Path],
    exclude: Sequence[Path],
    settings: Settings,
    command: str,
    against: Path | None = None,
) -> Iterator[dict[str, Any]]:
    """The part of a record that says what the result follows from; there is one."""
    made_of = origin(settings, command)
    if against:
        made_of["against"] = str(against)
    yield {"input_files": input_record(inputs, exclude), "origin": made_of}


def input_record(
    inputs: Sequence[Path], exclude: Sequence[Path], digest: Callable[[str], str] | None = None
) -> dict[str, Any]:
    """The files that a run reads: how many, their bytes, and the SHA-256 of their list.

    The list has a line for each file, as `sha256sum` prints it: digest, two spaces, name relative
    to its input; it is part of the record where it is not longer than LISTED.  `digest` gives that
    of a path where it is known already.  Raises InputError.
    """
    digest = digest or file_digest
    files, size = [], 0
    for entry in find(inputs, exclude):
        if isinstance(entry, Rejection):
            files.append({"path": entry.path, "bytes": 0, "sha256": entry.reason})
            continue
        size += entry.size
        files.append({"path": entry.name, "bytes": entry.size, "sha256": digest(entry.path)})
    listing = "".join(f"{file['sha256']}  {file['path']}\n" for file in files)
    whole = hashlib.sha256(listing.encode("utf-8", "surrogatepass")).hexdigest()
    record: dict[str, Any] = {"count": len(files), "bytes": size, "sha256": whole}
    return record | {"list": files} if len(files) <= LISTED else record


def origin(settings: Settings, command: str) -> dict[str, str]:
    """Digests of this program and of the files that the settings name."""
    named = {
        f"spin.{name}": file_digest(path)
        for name, path in (("lexicon", settings.spin.lexicon), ("phrases", settings.spin.phrases))
        if path
    }
    return {"command": command, "program": code_digest(), **named}


def unchanged(
    out: Path, inputs: Sequence[Path], exclude: Sequence[Path], settings: Settings, command: str
) -> dict[str, Any] | None:
    """The record of the run that left in `out` what a run would write now, if there is one."""
    try:
        record: dict[str, Any] = orjson.loads((out / "run.json").read_bytes())
        same = (
            not record.get("decided")
            and record["origin"] == origin(settings, command)
            and record["settings_digest"] == settings_digest(settings)
            and not record["languagetool"]["outcome"].startswith(("skipped", "partial"))
            and record["input_files"] == input_record(inputs, exclude)
            and (out / "report.html").is_file()
            and all(file_digest(out / name) == digest for name, digest in record["outputs"].items())
        )
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None
    return record if same else None


def file_digest(path: Path | str) -> str:
    """The SHA-256 of a file."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path that walk found
        return hashlib.file_digest(file, "sha256").hexdigest()
