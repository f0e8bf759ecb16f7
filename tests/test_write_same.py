"""Out as in: every layout of records comes back as it went in, but for the copies.

What is written is read by other programs than scrub, and compared with what went in.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.config import load
from scrub.errors import ConfigError, InputError, OutputError
from scrub.pipeline import run
from scrub.review import apply_decisions
from scrub.write.records import raw_lines
from stories import FERRY, MUSEUM, SCHOOL, edited, filler

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Rows = list[dict[str, Any]]

# The third is a copy of the first, the fifth one of the second; the fourth has no text.
TEXTS = [FERRY, MUSEUM, FERRY, "", edited(MUSEUM, 0.05), SCHOOL, filler(1), filler(2)]
GONE = {2, 4}
DAYS = [datetime(2024, 1, n, tzinfo=UTC) for n in range(1, 9)]


def rows() -> Rows:
    return [
        {"zeta": n, "body": text, "id": f"doc-{n}", 'tag; "odd"': f"a,b;{n}\té", "empty": ""}
        for n, text in enumerate(TEXTS)
    ]


def result(source: Path, out: Path, **settings: Any) -> dict[str, Any]:
    given = {"write.format": "same", "engine.jobs": 1, "match.rewrites": False, **settings}
    return run([source], out, load(None, given)[0], flag=False)


def gone_of(out: Path) -> set[str]:
    with (out / "dedup.csv").open(encoding="utf-8", newline="") as file:
        return {row["path"] for row in csv.DictReader(file) if row["kept"] == "false"}


# --- the layouts: how they are written, and how another program reads them --------------------


def as_lines(found: Rows) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in found)


def as_odd_lines(found: Rows) -> bytes:
    """Spaces, blank lines, Windows line ends, numbers that no float can hold, a broken line."""
    lines = [json.dumps(row | {"big": 2**70, "real": 1.10}, ensure_ascii=False) for row in found]
    spaced = [line.replace('": ', '" :  ') for line in lines]
    return "\r\n\r\n".join([spaced[0], '{"broken": ', *spaced[1:]]).encode()


def as_list(found: Rows) -> bytes:
    return json.dumps(found, indent=1).encode()


def as_answer(found: Rows) -> bytes:
    return json.dumps({"status": {"ok": True}, "response": {"docs": found, "total": 1.5}}).encode()


def as_csv(delimiter: str = ",", end: str = "\n", **options: Any) -> Any:
    def write(found: Rows) -> bytes:
        file = io.StringIO(newline="")
        form = {"delimiter": delimiter, "lineterminator": end} | options
        writer = csv.DictWriter(file, list(found[0]), **form)
        writer.writeheader()
        writer.writerows(found)
        return file.getvalue().encode()

    return write


def of_lines(data: bytes) -> Rows:
    found = []
    for line in data.decode().split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            found += [{"broken": line.strip()}] if line.strip() else []
    return found


def of_csv(delimiter: str = ",", encoding: str = "utf-8", quote: str = '"') -> Any:
    def read(data: bytes) -> Rows:
        lines = io.StringIO(data.decode(encoding), newline="")
        return list(csv.DictReader(lines, delimiter=delimiter, quotechar=quote))

    return read


def of_json(data: bytes) -> Rows:
    found = json.loads(data)
    if isinstance(found, dict):
        assert found["status"] == {"ok": True}
        assert found["response"]["total"] == 1.5
        return found["response"]["docs"]
    return found


def same(data: bytes) -> bytes:
    return data


def through(change: Callable[[bytes], bytes], write: Callable[[Rows], bytes]) -> Any:
    return lambda found: change(write(found))


def wide(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


LAYOUTS: dict[str, tuple[str, Callable[[Rows], bytes], Callable[[bytes], Rows]]] = {
    "JSON Lines": ("a.jsonl", as_lines, of_lines),
    "JSON Lines, odd": ("a.ndjson", as_odd_lines, of_lines),
    "JSON Lines, called JSON": ("a.json", as_lines, of_lines),
    "JSON Lines, gzip": (
        "a.jsonl.gz", through(gzip.compress, as_lines), lambda d: of_lines(gzip.decompress(d))
    ),
    "JSON Lines, zst": (
        "a.jsonl.zst", through(zstd.compress, as_lines), lambda d: of_lines(zstd.decompress(d))
    ),
    "JSON Lines, bz2": (
        "a.jsonl.bz2", through(bz2.compress, as_lines), lambda d: of_lines(bz2.decompress(d))
    ),
    "JSON Lines, no ending": ("part-00000", as_lines, of_lines),
    "JSON, a list": ("a.json", as_list, of_json),
    "JSON, an answer": ("a.json", as_answer, of_json),
    "CSV": ("a.csv", as_csv(), of_csv()),
    "CSV, semicolons, Windows": ("a.csv", as_csv(";", "\r\n"), of_csv(";")),
    "CSV, all quoted, xz": (
        "a.csv.xz", through(lzma.compress, as_csv(quoting=csv.QUOTE_ALL)),
        lambda d: of_csv()(lzma.decompress(d)),
    ),
    "CSV, apostrophes": (
        "a.csv", as_csv(";", quotechar="'", quoting=csv.QUOTE_ALL), of_csv(";", quote="'")
    ),
    "CSV with a mark": ("a.csv", lambda r: b"\xef\xbb\xbf" + as_csv()(r), of_csv(",", "utf-8-sig")),
    "CSV, UTF-16": ("a.csv", through(wide, as_csv("\t", "\r\n")), of_csv("\t", "utf-16")),
    "TSV": ("a.tsv", as_csv("\t"), of_csv("\t")),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_comes_back_without_its_copies(layout: str, tmp_path: Path) -> None:
    name, write, read = LAYOUTS[layout]
    source = tmp_path / "in" / "deep" / name
    source.parent.mkdir(parents=True)
    source.write_bytes(write(rows()))
    result(tmp_path / "in", tmp_path / "out", **{"read.text_field": "body"})
    written = (tmp_path / "out" / "corpus" / "deep" / name).read_bytes()
    before, after = read(source.read_bytes()), read(written)
    assert [row for row in before if row.get("id") not in ("doc-2", "doc-4")] == after
    assert len(after) == len(before) - len(GONE)


# What DuckDB reads of them, each in a folder of its own, which is the source of its records.
FOREIGN = {
    "JSON Lines": "read_json('{}', format = 'newline_delimited')",
    "JSON Lines, gzip": "read_json('{}', format = 'newline_delimited')",
    "JSON Lines, zst": "read_json('{}', format = 'newline_delimited')",
    "JSON Lines, called JSON": "read_json('{}', format = 'newline_delimited')",
    "JSON, a list": "read_json('{}', format = 'array')",
    "JSON, an answer": "(SELECT unnest(response.docs, recursive := true) FROM read_json('{}'))",
    "CSV": "read_csv('{}', all_varchar = true, delim = ',', header = true)",
    "CSV, semicolons, Windows": "read_csv('{}', all_varchar = true, delim = ';', header = true)",
    "CSV with a mark": "read_csv('{}', all_varchar = true, delim = ',', header = true)",
    "TSV": "read_csv('{}', all_varchar = true, delim = '\t', header = true)",
}


def test_another_program_reads_the_same_of_what_stays(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pq = pytest.importorskip("pyarrow.parquet")
    files = {}
    for number, (layout, read) in enumerate(FOREIGN.items()):
        name, write, _ = LAYOUTS[layout]
        file = tmp_path / "in" / str(number) / name
        file.parent.mkdir(parents=True)
        file.write_bytes(write(rows()))
        files[f"{number}/{name}"] = read
    for kind, compression in (("plain", "snappy"), ("large", "zstd")):
        (tmp_path / "in" / kind).mkdir()
        name = f"{kind}/a.parquet"
        made = table(kind).drop_columns(["site"])  # which would be the source
        pq.write_table(made, tmp_path / "in" / name, compression=compression)
        files[name] = "'{}'"
    settings = {"read.text_field": "body", "keep.across": False}
    result(tmp_path / "in", tmp_path / "out", **settings)
    with duckdb.connect() as db:
        for name, read in files.items():
            every = db.execute(f"SELECT * FROM {read.format(tmp_path / 'in' / name)}")
            kinds, before = [column[:2] for column in every.description], every.fetchall()
            after = db.execute(f"SELECT * FROM {read.format(tmp_path / 'out/corpus' / name)}")
            assert [column[:2] for column in after.description] == kinds, name
            at = [column for column, _ in kinds].index("id")
            assert after.fetchall() == [r for r in before if r[at] not in ("doc-2", "doc-4")], name
    assert len(files) == 12


def test_lines_that_stay_are_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(as_odd_lines(rows()))
    result(source, tmp_path / "out", **{"read.text_field": "body"})
    before = source.read_bytes().split(b"\n")
    after = (tmp_path / "out" / "corpus" / "a.jsonl").read_bytes().split(b"\n")
    kept = [line for line in before if b'doc-2"' not in line and b'doc-4"' not in line]
    assert after == kept


def test_what_is_said_of_a_record_goes_with_it(tmp_path: Path) -> None:
    source = tmp_path / "bulk.ndjson"
    pairs = [
        f'{{"index": {{"_id": "doc-{n}"}}}}\n{json.dumps({"body": row["body"]})}\n'
        for n, row in enumerate(rows())
    ]
    source.write_text("".join(pairs), encoding="utf-8")
    result(source, tmp_path / "out")
    written = (tmp_path / "out/corpus/bulk.ndjson").read_text(encoding="utf-8")
    assert written == "".join(pair for n, pair in enumerate(pairs) if n not in GONE)


def test_texts_of_a_list_stay_texts(tmp_path: Path) -> None:
    source = tmp_path / "texts.json"
    source.write_text(json.dumps(TEXTS), encoding="utf-8")
    result(source, tmp_path / "out")
    written = json.loads((tmp_path / "out/corpus/texts.json").read_text(encoding="utf-8"))
    assert written == [text for n, text in enumerate(TEXTS) if n not in GONE]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json"])
def test_records_that_share_a_line_or_a_quotation_mark(name: str, tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in rows()]
    broken = ""
    if name == "rows.jsonl":
        data = "\n".join([lines[0] + lines[1], lines[2] + " " + lines[4], *lines[5:], ""])
    else:
        broken = json.dumps({"zeta": 9, "body": "open"})[:-2] + "}"
        data = "[\n" + ",\n".join([lines[0], broken, *lines[1:]]) + "\n]\n"
    source = tmp_path / name
    source.write_text(data, encoding="utf-8")
    result(source, tmp_path / "out")
    written = (tmp_path / "out/corpus" / name).read_text(encoding="utf-8")
    stay = [line for n, line in enumerate(lines) if n not in GONE and n != 3]
    assert [line for line in stay if line in written] == stay
    assert not any(lines[n] in written for n in GONE)
    assert broken in written


def test_a_file_without_copies_is_the_same_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    few = [row for n, row in enumerate(rows()) if n not in GONE]
    (folder / "a.json").write_bytes(as_list(few[:3]))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(as_lines(few[3:]), 1))
    result(folder, tmp_path / "out", **{"read.text_field": "body"})
    for path in folder.iterdir():
        assert (tmp_path / "out" / "corpus" / path.name).read_bytes() == path.read_bytes()


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(0, 8, 2):
        (folder / f"part-{n}.jsonl.gz").write_bytes(gzip.compress(as_lines(rows()[n : n + 2])))
    (folder / "notes.txt").write_text(filler(9), "utf-8")
    (folder / "copy.txt").write_text(SCHOOL, "utf-8")
    (folder / "book.pdf").write_bytes(b"%PDF-1.4 no text")
    return folder


def test_shards_stay_shards_and_other_files_go_or_stay_whole(shards: Path, tmp_path: Path) -> None:
    result(shards, tmp_path / "out", **{"read.text_field": "body"})
    corpus, gone = tmp_path / "out" / "corpus", gone_of(tmp_path / "out")
    names = {path.name for path in shards.iterdir()}
    assert {path.name for path in corpus.iterdir()} == names - gone
    for name in ("notes.txt", "book.pdf"):
        assert (corpus / name).read_bytes() == (shards / name).read_bytes()
    for path in shards.glob("*.gz"):
        before = of_lines(gzip.decompress(path.read_bytes()))
        after = of_lines(gzip.decompress((corpus / path.name).read_bytes()))
        assert after == [r for n, r in enumerate(before, 1) if f"{path.name}#{n}" not in gone]


def test_every_record_stays_and_is_marked(tmp_path: Path) -> None:
    for name, write, read in (LAYOUTS["JSON Lines"], LAYOUTS["CSV"], LAYOUTS["JSON, a list"],
                              LAYOUTS["JSON, an answer"], LAYOUTS["TSV"]):  # fmt: skip
        source, out = tmp_path / name, tmp_path / f"out-{write.__name__}-{name}"
        source.write_bytes(write(rows()))
        result(source, out, **{"read.text_field": "body", "write.mark": True})
        before = read(source.read_bytes())
        after = read((out / "corpus" / name).read_bytes())
        for old, new in zip(before, after, strict=True):
            assert list(new.items())[: len(old)] == list(old.items())
            assert list(new)[len(old) :] == ["kept", "copy_of", "relation", "spun", "spin_score"]
        kept = [str(row["kept"]).lower() == "true" for row in after]
        assert kept == [n not in GONE for n in range(8)]
        assert [after[2]["copy_of"], after[4]["copy_of"]] == ["doc-0", "doc-1"]
        assert after[2]["relation"] == "exact"


def test_marks_take_no_name_that_is_there(tmp_path: Path) -> None:
    found = [row | {"kept": "mine"} for row in rows()]
    for name, write, read in (LAYOUTS["JSON Lines"], LAYOUTS["CSV"]):
        source, out = tmp_path / name, tmp_path / f"out-{name}"
        source.write_bytes(write(found))
        result(source, out, **{"read.text_field": "body", "write.mark": True})
        after = read((out / "corpus" / name).read_bytes())
        assert {row["kept"] for row in after} == {"mine"}
        assert sum(str(row["scrub_kept"]).lower() == "false" for row in after) == len(GONE)


def test_the_text_alone_is_replaced(tmp_path: Path) -> None:
    dirty = "Prices&nbsp;rose &amp; fell.  The \u201cquay\u201d\u200b stayed open.\n\n\n\n" + FERRY
    found = [{"n": 1.10, "body": dirty, "more": {"text": dirty}}, *rows()[5:]]
    for name, write, read in (LAYOUTS["JSON Lines"], LAYOUTS["CSV"], LAYOUTS["JSON, a list"]):
        source, out = tmp_path / name, tmp_path / f"out-{name}"
        source.write_bytes(
            write([{k: row.get(k, "") for k in ("n", "body", "id")} for row in found])
        )
        result(source, out, **{"read.text_field": "body", "write.text": "clean"})
        cleaned = [json.loads(line) for line in (out / "documents.jsonl").open("rb")]
        after = read((out / "corpus" / name).read_bytes())
        assert [row["body"] for row in after] == [document["text"] for document in cleaned]
        assert after[0]["body"] != dirty
        assert str(after[0]["n"]) == "1.1"


def test_texts_raw_and_clean_in_scrubs_own_form(tmp_path: Path) -> None:
    dirty = "Prices&nbsp;rose &amp; fell.\n\n\n\n" + FERRY
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": dirty}), "utf-8")
    for text, expected in (("raw", dirty), ("clean", dirty.replace("&nbsp;", " "))):
        out = tmp_path / text
        result(tmp_path / "a.jsonl", out, **{"write.format": "jsonl", "write.text": text})
        got = json.loads((out / "corpus.jsonl").read_bytes())["text"]
        assert got == dirty if text == "raw" else got.startswith("Prices rose & fell.")
        assert (got == expected) == (text == "raw")


def test_attributes_stand_beside_each_shard(tmp_path: Path, caplog: Any) -> None:
    source = tmp_path / "documents"
    source.mkdir()
    lines = as_lines(rows()).splitlines(keepends=True)
    (source / "a.jsonl.gz").write_bytes(gzip.compress(b"".join([*lines[:4], b"{broken\n"])))
    (source / "b.jsonl").write_bytes(b"".join(lines[4:]))
    for name in ("c.txt", "d.txt"):
        (source / name).write_text(filler(3), encoding="utf-8")
    result(source, tmp_path / "out", **{"write.format": "attributes"})
    corpus = tmp_path / "out" / "corpus"
    assert sorted(path.name for path in corpus.iterdir()) == ["a.jsonl.gz", "b.jsonl"]
    found = of_lines(gzip.decompress((corpus / "a.jsonl.gz").read_bytes()))
    found += of_lines((corpus / "b.jsonl").read_bytes())
    ids = [row["id"] for row in rows()]
    assert [line["id"] for line in found] == [*ids[:4], None, *ids[4:]]
    del found[4]
    copies = {n for n, line in enumerate(found) if line["attributes"]["scrub__copy"][0][2] == 1.0}
    assert copies == GONE
    for line, text in zip(found, TEXTS, strict=True):
        for ((start, end, score),) in line["attributes"].values():
            assert (start, end) == (0, len(text))
            assert 0 <= score <= 1
    assert "'d.txt': no JSON Lines" in caplog.text


def test_a_list_of_what_to_drop(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(as_lines(rows()))
    out = tmp_path / "out"
    result(tmp_path / "a.jsonl", out, **{"read.text_field": "body", "write.format": "ids"})
    assert not (out / "corpus.jsonl").exists()
    found = of_lines((out / "dropped.jsonl").read_bytes())
    assert [row["id"] for row in found] == ["doc-2", "doc-4"]
    assert found[0] == {
        "id": "doc-2", "path": "a.jsonl#3", "copy_of": "doc-0", "relation": "exact"
    }  # fmt: skip


def test_a_filter_that_was_asked_for_takes_records_out(tmp_path: Path) -> None:
    short = [*rows(), {"zeta": 9, "body": "Too short.", "id": "doc-9"}]
    (tmp_path / "a.jsonl").write_bytes(as_lines(short))
    out = tmp_path / "out"
    result(tmp_path / "a.jsonl", out, **{"read.text_field": "body", "clean.min_words": 5})
    found = [row["id"] for row in of_lines((out / "corpus" / "a.jsonl").read_bytes())]
    assert found == ["doc-0", "doc-1", "doc-3", "doc-5", "doc-6", "doc-7"]


# --- Parquet ---------------------------------------------------------------------------------


def table(kind: str) -> Any:
    pa = pytest.importorskip("pyarrow")
    string = {"view": pa.string_view(), "large": pa.large_string()}.get(kind, pa.string())
    columns = {
        "body": pa.array(TEXTS, string),
        "when": pa.array(DAYS, pa.timestamp("us", "UTC")),
        "site": pa.array([f"site-{n % 2}" for n in range(8)]).dictionary_encode(),
        "about": pa.array([{"lang": "en", "tags": [str(n)], "deep": {"x": n}} for n in range(8)]),
        "pairs": pa.array([[("k", n)] for n in range(8)], pa.map_(pa.string(), pa.int32())),
        "raw": pa.array([bytes([n]) for n in range(8)], pa.binary()),
        "sum": pa.array([None if n == 1 else n for n in range(8)], pa.decimal128(9, 2)),
        "id": pa.array([f"doc-{n}" for n in range(8)]),
    }  # fmt: skip
    made = pa.table(columns)
    return made.replace_schema_metadata({"owner": "an archive", "huggingface": "{}"})


@pytest.mark.parametrize("kind", ["plain", "view", "large", "zstd", "foreign"])
def test_parquet_keeps_schema_metadata_and_row_groups(kind: str, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    source, out = tmp_path / "a.parquet", tmp_path / "out"
    compression = "zstd" if kind == "zstd" else "snappy"
    options = {"row_group_size": 3, "compression": compression, "store_schema": kind != "foreign"}
    pq.write_table(table(kind), source, **options)
    result(source, out, **{"read.text_field": "body"})
    before, after = pq.ParquetFile(source), pq.ParquetFile(out / "corpus" / "a.parquet")
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.schema.equals(before.schema)
    assert [after.metadata.row_group(n).num_rows for n in range(3)] == [2, 2, 2]
    column = after.metadata.row_group(0).column(0)
    assert column.compression == before.metadata.row_group(0).column(0).compression
    expected = [row for n, row in enumerate(before.read().to_pylist()) if n not in GONE]
    assert after.read().to_pylist() == expected


def test_parquet_of_another_writer_and_reader(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    (tmp_path / "a.jsonl").write_bytes(as_lines(rows()))
    source, out = tmp_path / "b.parquet", tmp_path / "out"
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT *, {{'n': zeta, 'l': [id]}} AS s, now()::TIMESTAMP AS t FROM "
            f"'{tmp_path}/a.jsonl') TO '{source}' (FORMAT parquet, COMPRESSION zstd)"
        )
        result(source, out, **{"read.text_field": "body"})
        columns = "SELECT * FROM '{}' WHERE id NOT IN ('doc-2', 'doc-4')"
        before = db.execute(columns.format(source))
        kinds, kept = [column[:2] for column in before.description], before.fetchall()
        after = db.execute(f"SELECT * FROM '{out}/corpus/b.parquet'")
        assert [column[:2] for column in after.description] == kinds
        assert after.fetchall() == kept


def test_parquet_is_marked_and_its_texts_replaced(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    source, out = tmp_path / "a.parquet", tmp_path / "out"
    pq.write_table(table("view"), source)
    settings = {"read.text_field": "body", "write.mark": True, "write.text": "clean"}
    result(source, out, **settings)
    after = pq.read_table(out / "corpus" / "a.parquet")
    assert after.schema.names[-5:] == ["kept", "copy_of", "relation", "spun", "spin_score"]
    assert after["kept"].to_pylist() == [n not in GONE for n in range(8)]
    cleaned = {r["id"]: r["text"] for r in of_lines((out / "documents.jsonl").read_bytes())}
    for row in after.to_pylist():
        assert row["body"] == (
            cleaned.get(row["id"], "") if row["kept"] else TEXTS[int(row["id"][4:])]
        )


def as_columns(kind: str, source: Path) -> Any:
    """A file of columns in several batches, and how another program reads it."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import feather, ipc, orc

    rows = table("view" if kind == "stream" else "plain")
    if kind == "orc":
        rows = rows.select(["body", "about", "sum", "id"])
        orc.write_table(rows, source, compression="zlib")
        return orc.read_table
    if kind == "feather":
        noise = pa.array([bytes([n]) * 9999 for n in range(8)], pa.binary())
        rows = rows.set_column(rows.schema.names.index("raw"), "raw", noise)
        feather.write_feather(rows, source, compression="lz4", chunksize=3)
        return feather.read_table
    make, read = {
        "arrow": (ipc.new_file, ipc.open_file), "stream": (ipc.new_stream, ipc.open_stream),
    }[kind]  # fmt: skip
    with make(source, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=3)
    return lambda path: read(pa.OSFile(str(path))).read_all()


@pytest.mark.parametrize("mark", [False, True])
@pytest.mark.parametrize("kind", ["arrow", "stream", "feather", "orc"])
def test_arrow_and_orc_come_back_without_their_copies(
    kind: str, mark: bool, tmp_path: Path
) -> None:
    name = {"stream": "a.arrow"}.get(kind, f"a.{kind}")
    source, out = tmp_path / name, tmp_path / "out"
    read = as_columns(kind, source)
    result(source, out, **{"read.text_field": "body", "write.mark": mark})
    before, after = read(source), read(out / "corpus" / name)
    if mark:
        assert after["kept"].to_pylist() == [n not in GONE for n in range(8)]
        assert after.select(before.schema.names).to_pylist() == before.to_pylist()
        return
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after.to_pylist() == [r for n, r in enumerate(before.to_pylist()) if n not in GONE]
    if kind == "feather":
        assert 2 * (out / "corpus" / name).stat().st_size < after.nbytes


# --- refusals and laws -----------------------------------------------------------------------


def test_two_inputs_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.jsonl").write_bytes(as_lines(rows()))
    inputs = [tmp_path / "a" / "x.jsonl", tmp_path / "b" / "x.jsonl"]
    with pytest.raises(InputError, match=r"several inputs are called 'x\.jsonl'"):
        run(inputs, tmp_path / "out", load(None, {"write.format": "same"})[0], flag=False)


def test_decisions_need_a_corpus_that_has_repairs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(as_lines(rows()))
    result(tmp_path / "a.jsonl", tmp_path / "out", **{"read.text_field": "body"})
    with pytest.raises(OutputError, match="--format jsonl"):
        apply_decisions(tmp_path / "out", None, load(None, {})[0])


def test_marks_without_records_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="same"):
        run([tmp_path], tmp_path / "out", load(None, {"write.mark": True})[0], flag=False)


@given(st.lists(st.binary(max_size=9)), st.integers(1, 7))
def test_raw_lines_lose_no_byte_and_hold_no_more_than_the_limit(
    chunks: list[bytes], limit: int
) -> None:
    found = list(raw_lines(chunks, limit))
    assert b"".join(line for line, _ in found) == b"".join(chunks)
    starts: Iterator[str] = (part for _, part in found if part != "more")
    whole = b"".join(chunks)
    assert sum(1 for _ in starts) == whole.count(b"\n") + (whole[-1:] not in (b"\n", b""))
