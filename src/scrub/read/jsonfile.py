"""JSON files: an object, a list of objects, an answer that has them deeper down, or JSON Lines.

The file is cut into its top-level values by brackets and quotes alone and each is parsed by
itself, so that memory follows the record and one that is not JSON costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from scrub.read.encoding import Decoder, as_utf8
from scrub.read.fields import is_address, is_prose, longest_prose
from scrub.read.jsonl import read_jsonl
from scrub.read.jsonvalue import apart, load
from scrub.read.record import Builder, Result
from scrub.read.stream import Input, Place, UnreadableError, peeked

_STRUCTURE = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'["\\]')
_TEXT, _SUMMARY = 3, 2  # ranks of Builder.holds_text
_KEY = re.compile(r"https?://\S+|[\w /.-]+\.\w{2,5}|\d+")
_MARKED = 20  # words that may be marked in a sentence, of which one is looked for, by hand
_DEEPEST = 8  # levels of objects and lists in which records are looked for
_BETWEEN = b" \t\r\n,\x1e"  # RFC 7464 puts a record separator before each value


class Value(NamedTuple):
    """A top-level value of a file: the line it begins on, its bytes, and what they hold.

    `error` says why that is nothing; `within` are the records that stand within an answer, and
    `number` is that of the value, or of the first of these.  It stands alone in its file unless
    it is `one_of_many`.  `beside` are how many records of the answer have no text, in other lists.
    """

    line: int
    data: bytes | None
    number: int
    one_of_many: bool
    record: dict[str, Any]
    note: dict[str, Any]
    within: list[Any]
    error: UnreadableError | None
    beside: int = 0

    def places(self, file: Input) -> Iterator[tuple[Place, Any]]:
        """Each record with its place."""
        if not self.within:
            yield file.place(self.number if self.one_of_many else 0, self.line), self.record
        for number, record in enumerate(self.within, self.number):
            yield file.place(number), record


def read_json(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each record; a value that is no record is rejected with its line."""
    chunks, note = as_utf8(file.chunks)
    chunks, is_lines = as_lines(chunks, build)
    if is_lines:
        yield from read_jsonl(Input(file.name, file.folder, chunks), build)
        return
    for value in top_values(chunks, build):
        for place, item in value.places(file):
            try:
                if value.error:
                    raise value.error
                if not isinstance(item, dict):
                    raise UnreadableError("not-an-object", "no record among records")
                yield build.record(item, place, note | value.note)
            except UnreadableError as error:
                yield place.reject(error)
        if value.beside:
            what = (
                f"{value.beside} records with a summary at best, in lists beside those with a text"
            )
            yield file.place(0, value.line).reject(UnreadableError("no-text", what))


def as_lines(chunks: Iterator[bytes], build: Builder) -> tuple[Iterator[bytes], bool]:
    """The same chunks, and whether they are JSON Lines: the first line is a record by itself."""
    first, after, chunks = _first_line(chunks, build)
    record = _loaded(first) if after.strip() else None
    return chunks, record is not None and not _is_answer(record, build, is_file=True)


def of_values(chunks: Iterator[bytes], build: Builder) -> tuple[Iterator[bytes], bool]:
    """The same chunks, called JSON Lines, and whether they are what a JSON file holds instead.

    A list, an object on several lines, or an answer on each, as programs collect them.
    """
    first, after, chunks = _first_line(chunks, build)
    record = _loaded(first)
    if record is None:
        return chunks, first[:1] == b"[" or (first[:1] == b"{" and after[:1] in (b" ", b"\t"))
    return chunks, _is_answer(record, build)


def _first_line(chunks: Iterator[bytes], build: Builder) -> tuple[bytes, bytes, Iterator[bytes]]:
    """The first line that is not blank, what is known to come after it, and all chunks."""

    def enough(head: bytes) -> bool:
        begin = head.lstrip()  # a list is no JSON Lines, however long its first line is
        return begin[:1] not in b"{" or b"\n" in begin or len(head) > build.max_record

    head, chunks = peeked(chunks, enough)
    first, _, after = head.lstrip().partition(b"\n")
    return first, after, chunks


def _loaded(line: bytes) -> dict[str, Any] | None:
    try:
        return load(line, Decoder())[0]
    except UnreadableError:
        return None


def top_values(chunks: Iterator[bytes], build: Builder) -> Iterator[Value]:
    """Each top-level value of a JSON file, or each element of a top-level list."""
    decoder = Decoder()
    head, chunks = peeked(chunks, lambda head: bool(head.strip()))
    listed = head.lstrip().startswith(b"[")
    number = 0
    for line, data in _values(chunks, build.max_record):
        number += 1
        many = listed or number > 1
        try:
            if data is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            record, note = load(data, decoder)
            own_rank = build.holds_text(record)
            within, beside = _within(record, build, own_rank)
            if listed and build.is_named(record):
                within, beside = [], 0
        except UnreadableError as error:
            parts = apart(data) if data and error.reason == "bad-json" else []
            if len(parts) < 2:
                yield Value(line, data, number, True, {}, {}, [], error)
                continue
            for value in chain.from_iterable(top_values(iter([part]), build) for part in parts):
                yield value._replace(line=line, number=number, one_of_many=True)
                number += max(len(value.within), 1)
            number -= 1
            continue
        if len(within) == 1 and within[0] is record:
            within = []
        yield Value(line, data, number, many, record, note or {}, within, None, beside)
        number += max(len(within) - 1, 0)


def _is_answer(record: dict[str, Any], build: Builder, *, is_file: bool = False) -> bool:
    """Whether an object holds records of its own, and is at best a description of them.

    Under the name of a JSON file it is where it has no text.  Else it has no title and no place for
    a text, and they have a title and an address or a date, or an id and a date where it says
    nothing of itself: what an article has beside its text, which may be missing, and what a text
    was cut into (comments, teasers, sections, sentences, the lines of a talk) are no articles.
    """
    own = build.holds_text(record)
    within = _within(record, build, own)[0] if own < _SUMMARY else []
    if is_file and not own:
        return bool(within)
    plan, plans = build.plan_of(record), [build.plan_of(r) for r in within if isinstance(r, dict)]
    is_bare = len(plan.others) == len(record)
    return not (plan.title or plan.text) and any(
        (inner.title and (inner.url or inner.created)) or (is_bare and inner.id and inner.created)
        for inner in plans
    )


def _within(value: dict[str, Any], build: Builder, own: int) -> tuple[list[Any], int]:
    """The records of an answer such as `{"response": {"docs": [{...}, ...]}}`, at a small depth.

    And how many others have a summary at best, in lists of their own.

    A list in which an object holds a text is a list of records, as is an object of objects with
    one, by their ids, or of one alone.  Of several lists those with the texts count, and `own` is
    the rank of the object itself (see Builder.holds_text), which they have to exceed, or be as good
    as where it is low: the description of a feed is none of its articles.
    """
    rank_of = build.holds_text
    if (columns := _columns(value, build)) and max(map(rank_of, columns)) >= max(1, own):
        return columns, 0
    if own == _TEXT:
        return [], 0
    found: list[tuple[int, list[Any]]] = []
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        deeper: list[Any] = []
        for item in level:
            records = item if isinstance(item, list) else _by_key(item)
            rank = max(map(rank_of, records), default=0)
            is_whole = len(records) > 1 or rank == _TEXT  # one alone may be what holds the others
            if rank and (isinstance(item, list) or (is_whole and all(map(rank_of, records)))):
                found.append((rank, records))
            else:
                inner = item if isinstance(item, list) else item.values()
                deeper += [value for value in inner if isinstance(value, dict | list)]
        level = deeper
    best = max((rank for rank, _ in found), default=0)
    if best <= own and best != _SUMMARY:
        return [], 0
    within = [r for rank, records in found if rank == best for r in _articles(records, rank_of)]
    prose = "" if own else longest_prose(value, value)[1]
    if prose and any(_stands_in(prose, record, build) for record in within[:_MARKED]):
        return [], 0  # a sentence, and the words in it that somebody marked
    beside = (r for rank, records in found if _SUMMARY <= rank < best for r in records)
    return within, sum(1 for _ in beside)


def _stands_in(prose: str, record: object, build: Builder) -> bool:
    if not isinstance(record, dict):
        return False
    key = build.text_key(record)
    return key != "" and record[key] in prose


_ARTICLE = re.compile("Article|Posting|Report")  # of schema.org


def _articles(records: list[Any], rank_of: Callable[[object], int]) -> list[Any]:
    """The records of a list, of a graph of JSON-LD the articles and texts, where any are."""
    kinds = [isinstance(record, dict) and str(record.get("@type", "")) for record in records]
    found = [bool(kind and _ARTICLE.search(kind)) for kind in kinds]
    if not any(found) or not all(kinds):
        return records
    pairs = zip(records, found, strict=True)
    return [record for record, known in pairs if known or rank_of(record) == _TEXT]


def _columns(value: dict[str, Any], build: Builder) -> list[dict[str, Any]]:
    """The records of an object that has a list for each column, or one of rows and their names."""
    plan = build.plan_of(value)
    named = value.get("columns") if not plan.text else None  # a text may have a table beside it
    if isinstance(named, list) and len(named) > 1 and all(isinstance(n, str) for n in named):
        rows: list[Any] = next((value[k] for k in ("data", "rows", "values") if k in value), [])
        if all(isinstance(row, list) and len(row) == len(named) for row in rows):
            return [dict(zip(named, row, strict=True)) for row in rows]
    lists = {key: item for key, item in value.items() if isinstance(item, list)}
    texts = next((lists[key] for key in plan.text if key in lists), [])
    columns = {key: items for key, items in lists.items() if len(items) == len(texts)}
    is_table = len(columns) == len(value) and bool(plan.title or plan.url)
    if len(texts) < 2 or not (is_table and all(isinstance(t, str) for t in texts)):
        return []
    return [{key: items[at] for key, items in columns.items()} for at in range(len(texts))]


def _by_key(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of an object that has them by their ids, or by column as pandas writes them.

    Or the texts alone, by their addresses, files or numbers.
    """
    items = list(value.values())
    if len(items) > 1 and all(map(is_prose, items)) and all(map(_KEY.fullmatch, value)):
        return [{"uri": key, "text": text} for key, text in value.items()]
    if len(items) < 2 or not all(isinstance(item, dict) for item in items):
        return [item for item in items if isinstance(item, dict)] if len(items) == 1 else []
    keys = list(items[0])
    if keys and all(key.isdecimal() for key in keys) and all(list(item) == keys for item in items):
        return [{name: column[key] for name, column in value.items()} for key in keys]
    return [{"uri" if is_address(key) else "id": key} | item for key, item in value.items()]


def _values(chunks: Iterator[bytes], limit: float) -> Iterator[tuple[int, bytes | None]]:
    """Top-level values, or the elements of a top-level list, each with the line it starts on.

    None stands for a value past `limit` bytes; bytes that belong to no object or list come as a
    value of their own, which then fails to parse.
    """
    data = b""
    line, seen = 1, 0  # of data[seen]: each newline is counted once, however many values follow
    at = begin = depth = base = 0  # begin: of the value, or of what lies between two
    quoted = large = False

    def line_at(position: int) -> int:
        nonlocal line, seen
        line += data.count(b"\n", seen, position)
        seen = position
        return line

    for chunk in chunks:
        line_at(begin)
        data, at, begin, seen = data[begin:] + chunk, at - begin, 0, 0
        while match := (_IN_STRING if quoted else _STRUCTURE).search(data, at):
            mark = match[0]
            if quoted:
                if mark == b"\\":
                    if match.end() == len(data):
                        break
                    at = match.end() + 1
                    continue
                quoted = False
            elif mark == b'"':
                quoted = True
            elif mark in b"{[":
                if depth == base:
                    if between := data[begin : match.start()].strip(_BETWEEN):
                        yield line_at(begin), between
                    begin = match.start()
                    if mark == b"[" and base == 0 and depth == 0:
                        base, begin = 1, match.end()
                depth += 1
            else:
                depth = max(depth - 1, 0)
                if depth == base:
                    value = None if large else data[begin : match.end()]
                    yield line_at(begin), value
                    begin, large = match.end(), False
                elif depth < base:
                    if between := data[begin : match.start()].strip(_BETWEEN):
                        yield line_at(begin), between
                    base, begin = 0, match.end()
            at = match.end()
        else:
            at = len(data)
        if at - begin > limit:  # the value goes on, but nothing of it is kept
            large, begin = True, at
    if large or depth or data[begin:].strip(_BETWEEN):
        yield line_at(begin), None if large else data[begin:]
