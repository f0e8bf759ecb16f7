"""Records written again byte by byte: what goes, what stays, what is marked, what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scrub.config import ReadSettings
from scrub.read.record import Builder
from scrub.read.stream import Input
from scrub.write import records
from scrub.write.records import STAYS, Fate

GONE = Fate("", False, "f#1", "near", "no", 0.25)
KEPT = Fate("", True, None, "unique", "no", 0.5)
MARKS = '"kept": true, "copy_of": null, "relation": "unique", "spun": "no", "spin_score": 0.5'


class Turn:
    """A pass in which the numbered records have these fates, and all others stay."""

    def __init__(self, fates: dict[int, Fate], mark: records.Mark = "", limit: float = 1e6) -> None:
        self.build = Builder(ReadSettings(max_record_mb=limit / 1e6))
        self.mark, self.texts_left, self._fates = mark, 0, fates

    def fate(self, path: str) -> Fate:
        return self._fates.get(int(path.partition("#")[2] or 1), STAYS)


def opened(data: bytes, size: int = 7) -> Callable[[], Input]:
    def chunks() -> Iterator[bytes]:
        yield from (data[at : at + size] for at in range(0, len(data), size))

    return lambda: Input("f", "", chunks())


def written(cut: Any, data: str, turn: Turn, **more: Any) -> str:
    return b"".join(cut(opened(data.encode()), turn, **more)).decode()


A, B, C = (f'{{"text": "{text}"}}' for text in ("One mill.", "Two mills.", "Three mills."))
D = '{\n "text": "One mill."\n}'


@pytest.mark.parametrize(
    ("data", "fates", "expected"),
    [
        (f"{A}\n{B}\n{C}\n", {2: GONE}, f"{A}\n{C}\n"), (f"{A}\n{B}", {2: GONE}, f"{A}\n"),
        (f"{A}\r\n{B}\r\n", {1: GONE}, f"{B}\r\n"), (f"{A}\n\n{B}\n", {2: GONE}, f"{A}\n\n"),
        (f"{A}\nodd\n{B}\n", {3: GONE}, f"{A}\nodd\n"), (f"{A}\n", {}, f"{A}\n"),
        (f"{A}\n{B}\n", {1: Fate("", True, text="No mill.")}, f'{{"text": "No mill."}}\n{B}\n'),
    ],
)  # fmt: skip
def test_lines_of_json(data: str, fates: dict[int, Fate], expected: str) -> None:
    assert written(records.json_lines, data, Turn(fates)) == expected


def test_a_line_past_the_limit_stays_and_is_counted() -> None:
    long = A.replace("One", "x" * 80)
    data = f"{A}\n{long}\n{B}\n"
    assert written(records.json_lines, data, Turn({3: GONE}, limit=40)) == f"{A}\n{long}\n"
    assert written(records.json_lines, data, Turn({2: GONE}, limit=40)) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (A, f'{A[:-1]}, {MARKS}}}'), ('{"a":"b"}', f'{{"a":"b",{MARKS}}}'), ("{}", f"{{{MARKS}}}"),
        ("  {\n} ", f"{{{MARKS}}}"), ("[1]", "[1]"), ("odd", "odd"), ("{odd", "{odd"),
    ],
)  # fmt: skip
def test_marks_stand_at_the_end_of_an_object(data: str, expected: str) -> None:
    names = records.names_beside([])
    assert records._json_record(data.encode(), KEPT, names, Turn({})).decode() == expected


def test_what_was_not_read_as_a_document_is_marked_if_it_is_an_object() -> None:
    names = records.names_beside([])
    assert records._json_record(b"{}", STAYS, names, Turn({})).startswith(b'{"kept": true')
    assert records._json_record(b"{odd}", STAYS, names, Turn({})) == b"{odd}"
    assert records._json_record(b"{odd}", KEPT, names, Turn({})).startswith(b'{odd,"kept"')
    assert records._json_record(b"{}", KEPT, {}, Turn({})) == b"{}"


def test_marks_have_names_that_no_field_has() -> None:
    data = '{"text": "One mill.", "spun": 1}\n{"x": 2, "scrub_kept": 3}\n'
    found = written(records.json_lines, data, Turn({}, "fields"))
    assert found.count('"scrub_scrub_kept": true') == 2 and '"scrub_kept": true' not in found
    assert '"kept": true' in written(records.json_lines, f"{A}\n", Turn({}, "fields"))
    assert written(records.json_lines, f"{A}\n", Turn({1: GONE}, "fields")).endswith(
        '"relation": "near", "spun": "no", "spin_score": 0.25}\n'
    )


def test_attributes_are_a_line_a_record() -> None:
    turn = Turn({1: GONE, 2: KEPT}, "attributes")
    found = written(records.json_lines, f'{A}\n{{"id": "b", "text": "Two."}}\n\nodd\n', turn)
    assert found.splitlines()[:2] == [
        '{"id":null,"attributes":{"scrub__copy":[[0,9,1.0]],"scrub__near":[[0,9,1.0]],'
        '"scrub__spin_score":[[0,9,0.25]]}}',
        '{"id":"b","attributes":{"scrub__copy":[[0,4,0.0]],"scrub__spin_score":[[0,4,0.5]]}}',
    ]


@pytest.mark.parametrize(
    ("data", "fates", "expected"),
    [
        (f"[{A}, {B}, {C}]", {2: GONE}, f"[\n{A},\n{C}\n]\n"),
        (f"[{A}]", {1: GONE}, "[\n]\n"), (f"[{A}]", {}, f"[\n{A}\n]\n"),
        (f"{D}\n\n{D}{D}", {2: GONE}, f"{D}\n{D}\n"),
        (f'{{"answer": [{A}, {B}]}}', {2: GONE}, '{"answer":[{"text":"One mill."}]}\n'),
        (f'{{"answer": [{A}, {B}]}}', {}, f'{{"answer": [{A}, {B}]}}\n'),
        (f'{{\n"answer": [{A}, {B}]}}', {1: GONE, 2: GONE}, '{\n  "answer": []\n}\n'),
        (f'{{"answer": [{A}, {B}]}}', {2: Fate("", True, text="None.")},
         '{"answer":[{"text":"One mill."},{"text":"None."}]}\n'),
        (f'{{"answer": [{A}]}}', {1: Fate("", True, text="One mill.")}, f'{{"answer": [{A}]}}\n'),
    ],
)  # fmt: skip
def test_values_of_json(data: str, fates: dict[int, Fate], expected: str) -> None:
    assert written(records.json_values, data, Turn(fates)) == expected


@pytest.mark.parametrize(
    ("data", "text", "expected", "left"),
    [
        ('{"text": "One."}', "One.", '{"text": "One."}', 0),
        ('{"text" : "One.", "x": 1}', "Two.", '{"text" : "Two.", "x": 1}', 0),
        ('{"text": "\\u00e9"}', "é!", '{"text": "\\u00e9!"}', 0),
        ('{"text": "é"}', "é!", '{"text": "é!"}', 0),
        ('{"text": "a\\"b"}', "ab", '{"text": "ab"}', 0),
        ('{"text": "One.", "y": {"text": "One."}}', "Two.", None, 1),
        ('{"text": "One.", "y": {"text": "Six."}}', "Two.",
         '{"text": "Two.", "y": {"text": "Six."}}', 0),
        ("{odd", "Two.", None, 0),
    ],
)  # fmt: skip
def test_only_the_text_is_replaced(data: str, text: str, expected: str | None, left: int) -> None:
    turn = Turn({})
    found = records._with_text(data.encode(), text, turn).decode()
    assert (found, turn.texts_left) == (expected or data, left)


TABLE = "id,text\n1,One mill.\n2,Two mills.\n3,Three mills.\n"


@pytest.mark.parametrize(
    ("data", "fates", "expected"),
    [
        (TABLE, {2: GONE}, TABLE.replace("2,Two mills.\n", "")),
        (TABLE, {3: GONE}, TABLE.replace("3,Three mills.\n", "")),
        (TABLE, {1: Fate("", True, text="A, b.")}, TABLE.replace("One mill.", '"A, b."')),
        (TABLE.replace("\n", "\r\n"), {1: GONE}, "id,text\r\n2,Two mills.\r\n3,Three mills.\r\n"),
        (TABLE.replace("\n", "\r"), {1: GONE}, "id,text\r2,Two mills.\r3,Three mills.\r"),
        ('"id","text"\n"1","One\nmill."\n"2","Two."\n', {1: GONE}, '"id","text"\n"2","Two."\n'),
        ('"id","text"\n"1","One."\n"2","Two."\n', {1: Fate("", True, text="No.")},
         '"id","text"\n"1","No."\n"2","Two."\n'),
        ("id,text\n1,One.\n2,Two.,x\n", {2: GONE}, "id,text\n1,One.\n"),
    ],
)  # fmt: skip
def test_rows_of_a_table(data: str, fates: dict[int, Fate], expected: str) -> None:
    assert written(records.table, data, Turn(fates)) == expected


def test_marks_are_columns_at_the_end() -> None:
    found = written(records.table, "id,text\n1,One.\n2\n3,Six.,x\n", Turn({1: KEPT}, "fields"))
    assert found.splitlines() == [
        "id,text,kept,copy_of,relation,spun,spin_score", "1,One.,true,,unique,no,0.5",
        "2,,true,,,,", "3,Six.,x",
    ]  # fmt: skip
    quoted = written(records.table, '"id","text"\n"1","One."\n', Turn({1: GONE}, "fields"))
    assert quoted.splitlines() == [
        '"id","text","kept","copy_of","relation","spun","spin_score"',
        '"1","One.","false","f#1","near","no","0.25"',
    ]
    bare = written(records.table, "kept;text\n1;One.\n", Turn({}, "fields"), delimiter=";")
    assert bare.startswith("kept;text;scrub_kept;scrub_copy_of;")


@pytest.mark.parametrize("size", [1, 3, 100])
def test_lines_come_whole_up_to_the_limit(size: int) -> None:
    data = b"abc\nabcd\n\nab"
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    found = list(records.raw_lines(pieces, 3))
    assert b"".join(line for line, _ in found) == data
    whole = [line for line, part in found if part == "whole"]
    assert {b"abc\n", b"\n", b"ab"} <= set(whole)
    assert list(records.raw_lines([], 3)) == []
