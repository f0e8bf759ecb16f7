"""What a record becomes: fields by their usual names, ids, dates, sources, order, progress."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read
from scrub.read.dates import iso_date
from scrub.read.fields import text_of
from scrub.read.reader import Reader
from scrub.read.walk import find
from scrub.read.worker import fragment_text

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("one_worker")


def documents(*inputs: Path | str, **settings: Any) -> list[Document]:
    results = list(read(list(inputs), ReadSettings(**settings)))
    assert [r for r in results if isinstance(r, Rejection)] == []
    return [r for r in results if isinstance(r, Document)]


def one(folder: Path, record: dict[str, Any], **settings: Any) -> Document:
    (folder / "one.jsonl").write_text(json.dumps(record))
    [document] = documents(folder / "one.jsonl", **settings)
    return document


def test_the_usual_names_are_found(tmp_path: Path) -> None:
    record = {
        "docID": "d1",
        "Article Body": "The text.",
        "published-at": "2024-02-03 04:05:06",
        "URL": "https://www.Paper.example:8080/a",
        "title": "T",
        "tags": ["a"],
        "nothing": None,
        "metadata": {"section": "B"},
    }
    assert one(tmp_path, record) == Document(
        id="d1",
        text="The text.",
        path="one.jsonl#1",
        source="paper.example",
        created="2024-02-03T04:05:06",
        metadata={
            "title": "T",
            "tags": ["a"],
            "section": "B",
            "url": "https://www.Paper.example:8080/a",
        },
    )


def test_what_scrub_wrote_reads_back_the_same(tmp_path: Path) -> None:
    record = {
        "id": "a~1",
        "text": "The text.",
        "source": "paper",
        "added": "2024-01-01",
        "created": "2023",
        "metadata": {"title": "T", "encoding": "cp1252"},
    }
    document = one(tmp_path, record)
    assert document.path == "one.jsonl#1"
    assert {key: getattr(document, key) for key in record} == record


def test_settings_name_the_fields(tmp_path: Path) -> None:
    record = {"id": "a", "key": "b", "text": "no", "words": "yes"}
    document = one(tmp_path, record, text_field="words", id_field="key")
    assert (document.id, document.text) == ("b", "yes")
    assert document.metadata == {"text": "no", "id": "a"}
    assert one(tmp_path, record, id_field="absent").id == "a"


@pytest.mark.parametrize(
    ("record", "text", "metadata"),
    [
        ({"doc": {"text": "a", "lang": "en"}, "n": 1}, "a", {"doc": {"lang": "en"}, "n": 1}),
        ({"doc": {"text": "a"}, "doc.text": "b"}, "b", {"doc": {"text": "a"}}),
        ({"doc.text": "b"}, "b", {}),
    ],
)
def test_a_field_within_another_is_named_by_its_path(
    record: dict[str, Any], text: str, metadata: dict[str, Any], tmp_path: Path
) -> None:
    document = one(tmp_path, record, text_field="doc.text")
    assert (document.text, document.metadata) == (text, metadata)


def test_paths_reach_through_objects_and_say_what_is_there(tmp_path: Path) -> None:
    deep = {"a": {"b": {"text": "deep", "id": 7}, "c": {}}, "links": [{"text": "no"}]}
    (tmp_path / "one.json").write_text(json.dumps(deep), encoding="utf-8")
    fields = ReadSettings(text_field="a.b.text", id_field="a.b.id")
    [document] = read([tmp_path], fields)
    assert isinstance(document, Document)
    assert (document.id, document.text) == ("7", "deep")
    (tmp_path / "one.json").write_text('{"a": {"b": 1, "c": {}}, "d": {}}', encoding="utf-8")
    [result] = read([tmp_path], fields)
    assert isinstance(result, Rejection)
    assert result.detail == (
        "line 1: there is no 'a.b.text'; name it by --text-field (read.text_field); the "
        "fields are: a.b, a.c, d"
    )
    (tmp_path / "one.json").write_text('{"a": {"b": {"text": null}}}', encoding="utf-8")
    [result] = read([tmp_path], fields)
    assert isinstance(result, Rejection)
    assert result.detail == "line 1: the field 'a.b.text' holds null, not text"


@pytest.mark.parametrize("name", ["story-12", "index.php", "index.php?id=3", "a.aspx.gz"])
def test_a_page_is_read_whatever_its_name(name: str, tmp_path: Path) -> None:
    page = (
        b"\n<!DOCTYPE html><html><body><article><h1>Quay</h1><p>The quay opened on Monday after "
        b"eleven weeks of repairs, and three ferries sailed.</p></article></body></html>"
    )
    pack = gzip.compress if name.endswith("gz") else bytes
    (tmp_path / name).write_bytes(pack(page))
    [document] = read([tmp_path], ReadSettings())
    assert isinstance(document, Document)
    assert "three ferries sailed" in document.text
    (tmp_path / name).write_bytes(pack(b"<?php echo 1;"))
    [rejection] = read([tmp_path], ReadSettings())
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "unsupported"


def test_paragraphs_that_were_collected_are_a_text(tmp_path: Path) -> None:
    assert one(tmp_path, {"body": ["One.", "Two."], "tags": ["a"]}).text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ({"one": "a"}, "an object, not text; name what is in it by --text-field, as in body.one"),
        ({}, "an object, not text"),
        ([{"p": "a"}], "a list, not text"),
        (None, "null, not text"),
        (False, "true or false, not text"),
        (4.5, "a number, not text"),
    ],
)
def test_a_text_that_is_none_is_described(value: object, detail: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"body": value}), encoding="utf-8")
    [result] = read([tmp_path], ReadSettings())
    assert isinstance(result, Rejection)
    assert (result.reason, result.detail) == (
        "no-text",
        f"line 1: the field 'body' holds {detail}",
    )


def test_fields_of_apis_and_databases(tmp_path: Path) -> None:
    record = {
        "_id": {"$oid": "65f0"},
        "source": {"id": None, "name": "Paper"},
        "content": "text",
        "publishedAt": "2024-03-04T10:00:00Z",
    }
    document = one(tmp_path, record)
    assert (document.id, document.source) == ("65f0", "Paper")
    assert document.created == "2024-03-04T10:00:00Z"


def test_a_date_that_cannot_be_told_stays_as_it_is(tmp_path: Path) -> None:
    document = one(tmp_path, {"text": "t", "date": "03/04/2024"})
    assert (document.created, document.metadata) == ("", {"date": "03/04/2024"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-04", "2024-03-04"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        ("2024-03-04 10:00", "2024-03-04T10:00"),
        (" 2024-03-04T10:00:00.5+01:00 ", "2024-03-04T10:00:00.5+01:00"),
        ("Mon, 04 Mar 2024 10:00:00 GMT", "2024-03-04T10:00:00+00:00"),
        ("4 Mar 2024 10:00:00 +0100", "2024-03-04T10:00:00+01:00"),
        (1709546400, "2024-03-04T10:00:00+00:00"),
        (1709546400000, "2024-03-04T10:00:00+00:00"),
        ({"$date": "2024-03-04"}, "2024-03-04"),
        (date(2024, 3, 4), "2024-03-04"),
        (datetime(2024, 3, 4, tzinfo=UTC), "2024-03-04T00:00:00+00:00"),
        ("2024-03-04 10:00:00 UTC", "2024-03-04T10:00:00Z"),
        ("2024-03-04T10:00:00+0100", "2024-03-04T10:00:00+01:00"),
        ("20240304", "2024-03-04"),
        (20240304, "2024-03-04"),
        ("20240304T100000Z", "2024-03-04T10:00:00Z"),
        ("20240304100000", "2024-03-04T10:00:00"),
        ("1709546400", "2024-03-04T10:00:00+00:00"),
        ("1709546400000", "2024-03-04T10:00:00+00:00"),
        ("/Date(1709546400000)/", "2024-03-04T10:00:00+00:00"),
        ("2024/3/4", "2024-03-04"),
        ("31/03/2024 10:00", "2024-03-31T10:00:00"),
        ("3/31/2024 1:05 pm", "2024-03-31T13:05:00"),
        ("04.03.2024", "2024-03-04"),
        ("March 4, 2024", "2024-03-04"),
        ("4 March 2024", "2024-03-04"),
        ("Monday, March 4th, 2024", "2024-03-04"),
        ("March 4, 2024 Monday", "2024-03-04"),
        ("Mar 4 2024 10:00AM", "2024-03-04T10:00:00"),
        ("Mon Mar 04 10:00:00 +0000 2024", "2024-03-04T10:00:00+00:00"),
        ("4-Mar-2024", "2024-03-04"),
        ("Updated: Mar. 4, 2024, 12:30 a.m. ET", "2024-03-04T00:30:00"),
        ("4 mars 2024 à 10h00", "2024-03-04T10:00:00"),
        ("4. März 2024", "2024-03-04"),
        ("4 de marzo de 2024", "2024-03-04"),
        ("4 марта 2024 г.", "2024-03-04"),
        ("2024年3月4日", "2024-03-04"),
        ("4 Mawrth 2024", "2024-03-04"),
        ("4 მარტი 2024", "2024-03-04"),
        ("৪ মার্চ ২০২৪, ১০:০০", "2024-03-04T10:00:00"),
        ("٣١/٣/٢٠٢٤", "2024-03-31"),
        ("۴ مارس ۱۴۰۳", ""),  # of Iran's calendar
        ("March 2024", "2024-03"),
        ("4 listopada 2024", ""),  # October in Croatia, November in Poland
        ("mar, 4 ago 2024", ""),  # Tuesday, not March
        ("Vol. 12, March 2024", ""),
        ("March 4, 2024 - April 2, 2024", ""),
        ("31 February 2024", ""),
        ("March 4", ""),
        ("2024-13-04", ""),
        ("03/04/2024", ""),
        ("yesterday", ""),
        (12, ""),
        (True, ""),
        (float("nan"), ""),
        (None, ""),
        ([], ""),
    ],
)
def test_dates(value: object, expected: str) -> None:
    assert iso_date(value) == expected


def test_folders_name_documents_and_sources(tmp_path: Path) -> None:
    (tmp_path / "bbc" / "2024").mkdir(parents=True)
    (tmp_path / "bbc" / "2024" / "b.txt").write_text("b")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "z.jsonl").write_text('{"text": "x"}\n{"id": "own", "text": "y"}')
    found = documents(tmp_path)
    assert [(d.id, d.path, d.source) for d in found] == [
        ("a.txt", "a.txt", ""),
        ("bbc/2024/b.txt", "bbc/2024/b.txt", "bbc"),
        ("z.jsonl#1", "z.jsonl#1", ""),
        ("own", "z.jsonl#2", ""),
    ]


def test_the_order_of_inputs_is_idle_and_a_file_is_read_once(tmp_path: Path) -> None:
    for folder, name, text in (("p", "a.txt", "1"), ("q", "a.txt", "2"), ("q", "b.txt", "3")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(text)
    p, q = tmp_path / "p", tmp_path / "q"
    expected = documents(p, q)
    assert [d.text for d in expected] == ["1", "2", "3"]
    assert documents(q, p) == expected
    assert documents(q, q / "b.txt", p, str(tmp_path / "q" / "*.txt")) == expected


def test_globs(tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    for name in ("x/a.txt", "x/y/b.txt", "x/c.md"):
        (tmp_path / name).write_text(name)
    assert [d.id for d in documents(str(tmp_path / "x" / "**" / "*.txt"))] == ["a.txt", "y/b.txt"]
    assert [d.id for d in documents(str(tmp_path / "*"))] == ["x/a.txt", "x/c.md", "x/y/b.txt"]
    (tmp_path / "[odd].txt").write_text("odd")
    assert [d.id for d in documents(str(tmp_path / "[odd].txt"))] == ["[odd].txt"]


def test_progress_counts_bytes_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "x"}\n' * 100_000)
    (tmp_path / "b.jpg").write_bytes(b"x" * 1000)
    reader = Reader(find([tmp_path]), ReadSettings())
    assert reader.total_bytes == 1_401_000
    seen = []
    for _ in reader:
        seen.append(reader.bytes_read)
    assert 0 < seen[0] < 1_000_000
    assert seen == sorted(seen)
    assert reader.bytes_read == reader.total_bytes


def test_a_reader_can_be_left_early(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "x"}\n' * 1000)
    results = read([tmp_path], ReadSettings())
    assert isinstance(next(results), Document)
    results.close()  # type: ignore[attr-defined]


def test_json_lines_in_a_json_file_and_wrapped_records(tmp_path: Path) -> None:
    (tmp_path / "lines.json").write_text('{"text": "a"}\n{"text": broken}\n{"text": "c"}\n')
    (tmp_path / "news.json").write_text('{"status": "ok", "articles": [{"text": "d"}, {"x": 1}]}')
    (tmp_path / "one.json").write_text('{\n "text": "e"\n}')
    results = list(read([tmp_path], ReadSettings()))
    assert [(r.id, getattr(r, "reason", "")) for r in results] == [
        ("lines.json#1", ""),
        ("lines.json#2", "bad-json"),
        ("lines.json#3", ""),
        ("news.json#1", ""),
        ("news.json#2", "no-text-field"),
        ("one.json", ""),
    ]


def test_a_csv_without_a_text_column_is_rejected_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n")
    [result] = read([tmp_path], ReadSettings(text_field="c"))
    assert isinstance(result, Rejection)
    assert result.reason == "no-text-field"
    assert result.detail == (
        "there is no 'c'; name it by --text-field (read.text_field); the header is: a,b"
    )


@pytest.mark.parametrize(
    "first", ["Lautta kulkee taas.", "Lautta kulkee taas yön yli, sanoo satama."]
)
def test_a_table_of_short_notices_needs_no_long_one_among_its_first_rows(
    first: str, tmp_path: Path
) -> None:
    notice = "Silta {} avataan liikenteelle maanantaina, kertoo kaupungin katuosasto."
    rows = [first, *(notice.format(number) for number in range(30))]
    lines = [f'{number},"{row}",kuva{number}.jpg' for number, row in enumerate(rows)]
    (tmp_path / "a.csv").write_text("\n".join(["numero,tiivistelmä,kuva", *lines]))
    assert [result.text for result in read([tmp_path], ReadSettings())] == rows  # type: ignore[union-attr]


def test_a_table_of_which_few_rows_hold_a_sentence_has_no_text(tmp_path: Path) -> None:
    rows = ["Silta avataan liikenteelle maanantaina, kertoo kaupungin oma katuosasto.", "ei", "on"]
    (tmp_path / "a.csv").write_text("\n".join(["a,b", *(f'1,"{row}"' for row in rows)]))
    [result] = read([tmp_path], ReadSettings())
    assert isinstance(result, Rejection)
    assert result.reason == "no-text-field"


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("नदी", "कहा है।"),
        ("පාලම", "පවසයි ඔහු කී."),
        ("ወንዙ", "ገለጸ፡፡"),
        ("ጠዋት", "ገለጸ።"),
        ("ទន្លេ", "និយាយ។"),
    ],
    ids=["hi", "si", "am, two wordspaces", "am", "km"],
)
def test_prose_ends_with_the_stop_of_its_script(word: str, end: str, tmp_path: Path) -> None:
    text = f"{word} " * 20 + end
    (tmp_path / "a.json").write_text(json.dumps({"bulletin": text}))
    [result] = read([tmp_path], ReadSettings())
    assert getattr(result, "text", "") == text


def test_parquet_values_become_json(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    row = {
        "id": 7,
        "text": "t",
        "date": datetime(2024, 3, 4, tzinfo=UTC),
        "score": float("nan"),
        "raw": b"caf\xc3\xa9",
        "tags": [date(2024, 1, 1)],
        "none": None,
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    [document] = documents(tmp_path)
    assert (document.id, document.created[:10]) == ("7", "2024-03-04")
    assert document.metadata == {"raw": "café", "tags": ["2024-01-01"]}
    json.dumps(document.metadata, allow_nan=False)


def test_fragments_of_markup_become_paragraphs(tmp_path: Path) -> None:
    html = (
        "<p>One <b>b</b>ig&nbsp;day.</p><ul><li>two<li>three<br>four</ul><script>x()</script>tail"
    )
    document = one(tmp_path, {"id": "a", "content_html": html})
    assert document.text == "One big\xa0day.\n\ntwo\n\nthree\nfour\n\ntail"
    assert document.metadata == {}


def test_warc_records_that_are_no_articles(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    kinds = [
        ("200 OK", "text/plain; charset=windows-1252", "caf\xe9 \x96 good".encode("latin-1")),
        ("200 OK", "image/png", b"\x89PNG"),
        ("301 Moved", "text/html", b"moved"),
        ("404 Not Found", "text/html", b"<p>no such page</p>"),
    ]
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "none"}))
    for number, (status, kind, payload) in enumerate(kinds):
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        url = f"http://www.paper.example/{number}"
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(payload),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2024-03-04T10:00:00Z"},
            )
        )
    (tmp_path / "a.warc.gz").write_bytes(out.getvalue())
    good, bad = read([tmp_path], ReadSettings())
    assert isinstance(good, Document)
    assert (good.text, good.source) == ("café – good", "paper.example")
    assert (good.added, good.created) == ("2024-03-04T10:00:00Z", "")
    assert good.metadata["url"] == "http://www.paper.example/0"
    assert isinstance(bad, Rejection)
    assert (bad.reason, bad.path) == ("http-status", "a.warc.gz#5")


def test_text_of_fragments() -> None:
    assert fragment_text("") == ""
    assert fragment_text("a &lt;b&gt; <!-- c --> <i>d</i>e<?x y?>") == "a <b>  de"
    assert fragment_text("<div>" * 200 + "deep") == "deep"
    assert fragment_text("<table><tr><td>1<td>2</table>\n<p>\n 3 \n</p>") == "1\t2\n\n3"


def test_what_an_earlier_run_wrote_is_read_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("An article.")
    old = tmp_path / "more" / "old"
    old.mkdir(parents=True)
    (old / "run.json").write_text('{"outputs": {"dedup.csv": "", "corpus.jsonl": ""}}')
    (old / "dedup.csv").write_text("id")
    (old / "corpus.jsonl").write_text('{"id": "a", "text": "An article."}')
    found = list(read([tmp_path], ReadSettings()))
    assert [(r.path, getattr(r, "reason", "")) for r in found] == [
        ("a.txt", ""),
        ("more/old", "result"),
    ]
    assert [r.reason for r in read([old], ReadSettings()) if isinstance(r, Rejection)] == ["result"]
    assert [d.text for d in documents(old / "corpus.jsonl")] == ["An article."]


def test_what_lies_beside_a_result_is_read(tmp_path: Path) -> None:
    """A run with `-o .` leaves its files among the articles, of which none is lost for that."""
    for name in ("a.txt", "more/b.txt", "flags.csv", "corpus/mine.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text\nAn article.")
    record = {"outputs": {"dedup.csv": "", "corpus.jsonl": "", "../a.txt": "", "a.txt": ""}}
    (tmp_path / "run.json").write_text(json.dumps(record))
    for name in ("dedup.csv", "corpus.jsonl", "report.html", "report-cluster-0123abcd.html"):
        (tmp_path / name).write_text("text\nA copy.")
    found = list(read([tmp_path], ReadSettings()))
    assert [r.path for r in found if isinstance(r, Document)] == [
        "a.txt", "corpus/mine.txt", "flags.csv#1", "more/b.txt",
    ]  # fmt: skip
    assert [r.reason for r in found if isinstance(r, Rejection)] == ["result"]


@pytest.mark.parametrize("record", ["{}", "[]", "not JSON", '{"outputs": 3}', '{"outputs": [3]}'])
def test_a_file_of_that_name_makes_no_result(record: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(record)
    (tmp_path / "dedup.csv").write_text("text\nAn article.")
    found = read([tmp_path], ReadSettings())
    assert "An article." in [r.text for r in found if isinstance(r, Document)]


@pytest.mark.parametrize(
    "text", ["['a \\U0000d800']", "['a\0b']", "['a\rb']", "['a' 'b']", "['\\x4']"]
)
def test_what_python_would_not_read_as_a_list_of_texts_is_one(text: str) -> None:
    assert text_of(text) == text
