"""What a result follows from: the inputs by their digests, the settings, and this program.

Where all of it is as an earlier run in the folder recorded, and its files are as it left them, that
result is the result.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scrub.config import Settings
from scrub.document import Rejection
from scrub.errors import OutputError
from scrub.read.walk import Entry, changed, open_regular
from scrub.store.stamp import code_digest
from scrub.write.load import load_record
from scrub.write.record import file_digest, settings_digest

_log = logging.getLogger(__name__)

LISTED = 1000  # files that are named one by one; of more there is the digest of their list


def describe(
    found: Sequence[Entry | Rejection],
    settings: Settings,
    command: str,
    against: Sequence[Path] = (),
) -> Iterator[dict[str, Any]]:
    """The part of a record that says what the result follows from; there is one."""
    yield {"input_files": input_record(found), "origin": made_of(settings, command, against)}


def input_record(
    found: Iterable[Entry | Rejection], digest: Callable[[str], str] | None = None
) -> dict[str, Any]:
    """The files `found` for a run to read: how many, their bytes, and the SHA-256 of their list.

    The list has a line for each file, as `sha256sum` prints it: digest, two spaces, name relative
    to its input; it is part of the record where it is not longer than LISTED.  `digest` gives that
    of a path where it is known already.
    """
    digest = digest or input_digest
    files = []
    for entry in found:
        if isinstance(entry, Rejection):
            files.append({"path": entry.path, "bytes": 0, "sha256": entry.reason})
            continue
        files.append({"path": entry.name, "bytes": entry.size, "sha256": digest(entry.path)})
    return listed(files, ("sha256", "path"))


def listed(files: list[dict[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """The record of some files, which their list, a line of these columns for each, identifies."""
    lines = ("  ".join(str(file[name]) for name in columns) + "\n" for file in files)
    whole = hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
    size = sum(file["bytes"] for file in files)
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


def made_of(settings: Settings, command: str, against: Sequence[Path]) -> dict[str, Any]:
    """The same, with the earlier results that new documents are compared with."""
    compared = {"against": [str(folder) for folder in against]} if against else {}
    return {**origin(settings, command), **compared}


def touched(found: Iterable[Entry | Rejection]) -> dict[str, Any]:
    """What a record of inputs has besides where files were changed since they were `found`.

    What was read of them may not be what has their digest now.  With the names of some the record
    is like no other, and the next run takes nothing for unchanged.
    """
    names = changed(found)
    if names:
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        _log.warning("scrub: %r%s changed while being read; run again", names[0], more)
    return {"changed": names[:LISTED]} if names else {}


def unchanged(
    out: Path,
    found: Sequence[Entry | Rejection],
    settings: Settings,
    command: str,
    against: Sequence[Path] = (),
) -> dict[str, Any] | None:
    """The record of the run that left in `out` what a run would write now, if there is one."""
    try:
        record = load_record(out)
        same = (
            not record.get("decided")
            and record["origin"] == made_of(settings, command, against)
            and record["settings_digest"] == settings_digest(settings)
            and not record["languagetool"]["outcome"].startswith(("skipped", "partial"))
            and record["input_files"] == input_record(found)
            and (out / "report.html").is_file()
            and all(file_digest(out / name) == digest for name, digest in record["outputs"].items())
        )
    except (OSError, OutputError, KeyError):
        return None
    return record if same else None


def input_digest(path: str) -> str:
    """The SHA-256 of a file that was found; `unreadable` where the reader cannot read it either."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"
