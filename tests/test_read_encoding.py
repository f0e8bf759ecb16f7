"""Decoding: texts in many encodings, whole and short, declared or not, mixed; and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrub.config import ReadSettings
from scrub.document import Document
from scrub.read import read
from scrub.read.encoding import Decoder
from scrub.read.html import charset_of, decode_page
from scrub.read.stream import UnreadableError

CASES: list[dict[str, str]] = json.loads(
    (Path(__file__).parent / "cases" / "read_encodings.json").read_text(encoding="utf-8")
)
CASE_IDS = [f"{case['language']}-{case['encoding']}" for case in CASES]
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("case", CASES, ids=CASE_IDS)
@pytest.mark.parametrize("length", [60, 2000])
def test_legacy_encodings_are_found(case: dict[str, str], length: int) -> None:
    text = f"{case['text']}\r\n" * 9
    text = text[:length]
    decoded = Decoder().decode(text.encode(case["encoding"]))
    assert decoded.text == text
    assert 0.5 < decoded.confidence <= 1
    assert decoded.encoding != "" or text.isascii()


@pytest.mark.parametrize("case", CASES, ids=CASE_IDS)
@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("marked", [True, False])
def test_wide_encodings_with_and_without_a_mark(
    case: dict[str, str], encoding: str, marked: bool
) -> None:
    data = ("\ufeff" * marked + case["text"]).encode(encoding)
    decoded = Decoder().decode(data)
    assert (decoded.text, decoded.encoding) == (case["text"], encoding)


def test_a_wire_with_a_table_is_no_binary() -> None:
    table = b"\x08Caf\xe9 at the old quay of the town\x1e\x1f 3\x1e\x1e 4\x1e\x1e .5\r\n" * 20
    wire = b"\x16\x16\x01s0284\x1f_q\r\n\x02^Rowing<\r\n" + table + b"\x03\r\n"
    assert "Café" in Decoder().decode(wire).text
    with pytest.raises(UnreadableError, match="control codes"):
        Decoder().decode(table)


@pytest.mark.parametrize("times", [1, 9])
def test_finnish_is_not_what_an_apple_makes_of_it(times: int) -> None:
    text = "Lähivesien jäät lähtevät pian, sanoo rannikon väylien päällikkö. " * times
    assert Decoder().decode(text.encode("cp1252")).text == text


_RUBY = (
    "川《かわ》の水《みず》が夜《よ》どおし上《あ》がって、橋《はし》のそばに立《た》っていた人《ひと》"
    "たちは、朝《あさ》まで家《いえ》に帰《かえ》らなかった。\r\n"
)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
@pytest.mark.parametrize("title", ["", "なまけ者と雨\r\n", "てんだ。\r\n", "夏の寂寥\r\n"])
def test_japanese_with_readings_and_with_lines_that_could_be_utf8(
    title: str, encoding: str
) -> None:
    decoded = Decoder().decode((title + 4 * _RUBY).encode(encoding))
    assert decoded.text == title + 4 * _RUBY
    assert decoded.encoding == encoding


@pytest.mark.parametrize("laugh", ["ㅋㅋㅋㅋㅋㅋㅋㅋ", "ㅎㅎㅎㅎ ㅠㅠㅠㅠㅠ"])
def test_koreans_who_laugh_are_not_read_as_japanese(laugh: str) -> None:
    text = f"오늘은 다리가 다시 열렸습니다 {laugh}"
    assert Decoder().decode(text.encode("euc_kr")).text == text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "gb18030"])
def test_latin_words_in_utf8_stay_beside_lines_of_two_bytes(encoding: str) -> None:
    told = [
        "これは昨日の会議についての記事です。市長は橋を直すと言った。",
        "橋は来月に開くという。",
    ] * 4
    lines = ["Un été au café à Noël", *told]
    data = [lines[0].encode(), *(line.encode(encoding) for line in told)]
    assert Decoder().decode(b"\n".join(data)).text == "\n".join(lines)


@pytest.mark.parametrize("case", CASES, ids=CASE_IDS)
def test_a_utf8_line_among_others(case: dict[str, str]) -> None:
    if case["encoding"].startswith("iso2022"):
        pytest.skip("indistinguishable from ASCII line by line")
    lines = [case["text"], "A “quoted” line — naïve, café, 10 €", case["text"], "plain ASCII"]
    data = b"\n".join(
        line.encode("utf-8" if "naïve" in line else case["encoding"]) for line in lines
    )
    decoded = Decoder().decode(data)
    assert decoded.text == "\n".join(lines)
    assert decoded.encoding.startswith("utf-8+")


def test_utf8_is_not_noted() -> None:
    for text in ("plain", "naïve — café", "日本語", "\ufeffmarked"):
        decoded = Decoder().decode(text.encode())
        assert decoded.text == text.removeprefix("\ufeff")
        assert decoded.metadata() == {}


def test_stray_bytes_in_utf8_do_not_spoil_the_line() -> None:
    data = "“naïve café”, said Zoë".encode() + b" \x96 caf\xe9"
    decoded = Decoder().decode(data)
    assert decoded.text == "“naïve café”, said Zoë – café"
    assert decoded.encoding == "utf-8+cp1252"


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x00" * 40, b"\x7fELF" + b"x" * 99])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        Decoder().decode(data)
    assert caught.value.reason == "binary"


def test_a_declared_encoding_is_believed_where_it_fits() -> None:
    text = "ąŁ ž§"  # means nothing in any language, so only the declaration can tell
    page = f'<meta charset="iso-8859-2">{text}'
    assert decode_page(page.encode("iso-8859-2"), Decoder()).text == page
    assert decode_page(text.encode("iso-8859-2"), Decoder(), "ISO-8859-2").encoding == "iso8859-2"
    assert decode_page("naïve".encode(), Decoder(), "windows-1251").text == "naïve"
    # latin-1 means cp1252 on the web
    assert decode_page(b"it\x92s", Decoder(), "iso-8859-1").text == "it’s"


@pytest.mark.parametrize(
    "name", ["rot13", "zlib", "unicode_escape", "utf-7", "idna", "x" * 99, "\0"]
)
def test_a_declaration_can_only_name_an_encoding_of_text(name: str) -> None:
    text = "+AGE- \\u0041 naïve"
    assert decode_page(text.encode(), Decoder(), name).text == text


def test_charsets_of_content_types() -> None:
    assert charset_of('text/html; charset="Windows-1251"') == ("text/html", "windows-1251")
    assert charset_of("text/html") == ("text/html", "")
    assert charset_of("nonsense;;=")[1] == ""


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.xml"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1251"])
def test_encodings_of_files_of_many_records(name: str, encoding: str, tmp_path: Path) -> None:
    texts = [next(case["text"] for case in CASES if case["encoding"] == "cp1251")] * 3
    records = [{"id": str(n), "text": f"{text} {n}"} for n, text in enumerate(texts)]
    if name == "a.csv":
        content = "id,text\n" + "".join(f'{r["id"]},"{r["text"]}"\n' for r in records)
    elif name == "a.xml":
        content = "".join(
            f"<item><guid>{r['id']}</guid><description>{r['text']}</description></item>"
            for r in records
        )
        content = f"<rss>{content}</rss>"
    elif name == "a.json":
        content = json.dumps(records, ensure_ascii=False, indent=1)
    else:
        content = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    (tmp_path / name).write_bytes(content.encode(encoding))
    documents = [d for d in read([tmp_path], ReadSettings()) if isinstance(d, Document)]
    assert [{"id": d.id, "text": d.text} for d in documents] == records
    noted = {d.metadata.get("encoding", "") for d in documents}
    assert noted == {
        "" if encoding == "utf-8-sig" else "utf-16-le" if "16" in encoding else "cp1251"
    }
