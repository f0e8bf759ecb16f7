"""What LanguageTool said about a sentence, kept on disk so that no sentence is sent twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from scrub.spin.languagetool.answers import Match

_VERSION = 1  # of the table and of what stands in it
_CREATE = """CREATE TABLE IF NOT EXISTS answers (
    key BLOB PRIMARY KEY, matches TEXT NOT NULL
) WITHOUT ROWID"""
_SELECT = "SELECT matches FROM answers WHERE key = ?"
_INSERT = "INSERT OR REPLACE INTO answers VALUES (?, ?)"


class SentenceCache:
    """An SQLite file of answers by the SHA-256 of `context` and sentence; data only, no pickle.

    `context` names all that decides an answer besides the sentence: LanguageTool's version, the
    rules, the language.  Several processes may use one file.  A file of another version, or that
    is no database, is begun anew.  A cache that cannot be read or written, because the disk is
    full or another process holds it too long, is done without; `problem` then says why.
    """

    def __init__(self, path: Path, context: str, *, wait_seconds: float = 10.0) -> None:
        self.problem = ""
        self._path = path
        self._context = context.encode()
        self._wait_seconds = wait_seconds
        self._database: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._database = self._open()
            except sqlite3.OperationalError:  # locked, full, not allowed: not the file's fault
                raise
            except sqlite3.DatabaseError:
                path.unlink()
                self._database = self._open()
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def get(self, sentences: Iterable[str]) -> dict[str, list[Match]]:
        """The answers that are known, by sentence."""
        known: dict[str, list[Match]] = {}
        database = self._database
        if database is None:
            return known
        try:
            for sentence in sentences:
                row = database.execute(_SELECT, (self._key(sentence),)).fetchone()
                if row is not None and (matches := _decode(row[0], len(sentence))) is not None:
                    known[sentence] = matches
        except sqlite3.Error as error:
            self._give_up(error)
        return known

    def put(self, answers: Mapping[str, list[Match]]) -> None:
        """Keep answers, by sentence; all of them or none."""
        if self._database is None:
            return
        rows = [(self._key(sentence), _encode(matches)) for sentence, matches in answers.items()]
        try:
            with self._database:
                self._database.executemany(_INSERT, rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=self._wait_seconds)
        try:
            with database:
                # One process at a time looks at the version and makes the table.
                database.execute("BEGIN IMMEDIATE")
                version = database.execute("PRAGMA user_version").fetchone()[0]
                if version not in (0, _VERSION):
                    raise sqlite3.DatabaseError(f"version {version}")
                database.execute(_CREATE)
                database.execute(f"PRAGMA user_version = {_VERSION}")
        except BaseException:
            database.close()
            raise
        return database

    def _key(self, sentence: str) -> bytes:
        return hashlib.sha256(
            self._context + b"\0" + sentence.encode("utf-8", "surrogatepass")
        ).digest()

    def _give_up(self, error: Exception) -> None:
        self.problem = f"not used: {error}"
        with contextlib.suppress(sqlite3.Error, OSError):
            self.close()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(
                error, sqlite3.OperationalError
            ):
                self._path.unlink()  # malformed: the next run begins it anew


def _encode(matches: list[Match]) -> str:
    return json.dumps(
        [[m.rule, m.start, m.end, m.replacement] for m in matches], ensure_ascii=False
    )


def _decode(text: object, length: int) -> list[Match] | None:
    """The matches that stand in a row; None where they are not such as we write."""
    try:
        matches = [
            Match(rule, start, end, replacement)
            for rule, start, end, replacement in json.loads(str(text))
        ]
    except (ValueError, TypeError, RecursionError):
        return None
    for m in matches:
        if not (
            isinstance(m.rule, str)
            and isinstance(m.replacement, str)
            and type(m.start) is type(m.end) is int
        ):
            return None
        if not 0 <= m.start < m.end <= length:
            return None
    return matches
