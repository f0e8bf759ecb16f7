"""Documents, books and sheets as other programs write them, and as nobody should."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from packing import zipped
from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("one_worker")

ONE = "The bakery on the quay will open at five from Monday, its owner said."
TWO = "She expects a queue, because the ferry now leaves at six."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def word(body: str) -> bytes:
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document})


def open_text(body: str) -> bytes:
    names = " ".join(f'xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "text", "table"))
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    return zipped(
        {"content.xml": f"<office:document-content {names}>{text}</office:document-content>"}
    )


def read_one(folder: Path, name: str, data: bytes) -> Document | Rejection:
    (folder / name).write_bytes(data)
    (result,) = read([folder], ReadSettings())
    return result


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p>{run('One ')}{run('line')}</w:p><w:p/><w:p>{run('Two')}</w:p>", "One line\n\nTwo"),
        (f"<w:p>{run('One')}<w:r><w:br/><w:tab/></w:r>{run('2')}</w:p>", "One\n\t2"),
        (
            f"<w:p><w:ins>{run('in')}</w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del></w:p>",
            "in",
        ),
        (
            f"<w:p><w:moveFrom>{run('moved')}</w:moveFrom></w:p><w:p><w:moveTo>{run('moved')}"
            "</w:moveTo></w:p>",
            "moved",
        ),
        (
            f"<w:p><w:sdt><w:sdtContent>{run('in a control')}</w:sdtContent></w:sdt></w:p>",
            "in a control",
        ),
        (
            f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>"
            f"{run('a &lt;p&gt; is a tag&lt;/p&gt;')}</w:p>",
            "a <p> is a tag</p>",
        ),
        (
            "<w:tbl>"
            + "".join(
                "<w:tr>"
                + "".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in row)
                + "</w:tr>"
                for row in ("ab", "12")
            )
            + f"</w:tbl><w:p>{run('End')}</w:p>",
            "a\tb\n1\t2\n\nEnd",
        ),
        (
            f"<w:tbl><w:tr><w:tc><w:p>{run('One')}</w:p><w:p>{run('Two')}</w:p></w:tc></w:tr>"
            "</w:tbl>",
            "One\n\nTwo",
        ),
    ],
)
def test_the_text_of_a_word_document(body: str, text: str, tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.docx", word(body))
    assert isinstance(result, Document), result
    assert result.text == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<text:h>Head</text:h><text:p>A <text:span>ferry</text:span> runs</text:p>",
            "Head\n\nA ferry runs",
        ),
        ('<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>', "a   b\tc\nd"),
        (
            "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>here</text:p>",
            "here",
        ),
        ("<text:p>a<text:note><text:p>foot</text:p></text:note> b</text:p>", "a b"),
        ("<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>", "item"),
    ],
)
def test_the_text_of_an_open_document(body: str, text: str, tmp_path: Path) -> None:
    result = read_one(tmp_path, "a.odt", open_text(body))
    assert isinstance(result, Document), result
    assert result.text == text


def test_each_article_of_an_export_in_word(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    file = docx.Document()
    for title, text in (("Bakery opens early", ONE), ("Ferry leaves early", TWO)):
        for line in (title, "The Harbour Paper", "March 1, 2024 Friday", "Copyright 2024 H. Press",
                     "Length: 13 words", "Byline: A. Writer", "Body", text,
                     "Load-Date: March 2, 2024", "End of Document"):  # fmt: skip
            file.add_paragraph(line)
    file.save(tmp_path / "a.docx")
    found = [r for r in read([tmp_path], ReadSettings()) if isinstance(r, Document)]
    assert [(d.metadata["title"], d.text, d.created) for d in found] == [
        ("Bakery opens early", ONE, "2024-03-01"),
        ("Ferry leaves early", TWO, "2024-03-01"),
    ]


def book(**pages: str) -> bytes:
    container = '<container><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>'
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"'
        + (' properties="nav"/>' if name == "toc" else "/>")
        for name in [*pages, "absent"]
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in [*pages, "absent", "unknown"])
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Day</dc:title>'
        "<dc:date>2024-03-01</dc:date><dc:publisher>Harbour</dc:publisher></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    members = {f"O/{name}.xhtml": page for name, page in pages.items()}
    return zipped({"META-INF/container.xml": container, "O/p.opf": package, **members})


def chapter(title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>{title}</title></head><body>{body}</body></html>"
    )


def test_each_part_of_a_book(tmp_path: Path) -> None:
    pages = {
        "cover": chapter("Cover", '<img src="a.png"/>'),
        "toc": chapter("Contents", "<nav>One</nav>"),
        "one": chapter("Bread", f"<h1>Bread</h1><p>{ONE}</p>"),
        "two": chapter("Ferry", f"<p>{TWO}</p>"),
    }
    (tmp_path / "a.epub").write_bytes(book(**pages))
    one, two, absent = read([tmp_path], ReadSettings())
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert (one.text, one.metadata["title"]) == (f"Bread\n\n{ONE}", "Bread")
    assert (two.text, two.source, two.created) == (TWO, "Harbour", "2024-03-01")
    assert isinstance(absent, Rejection)
    assert absent.reason == "damaged"


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_rows_of_sheets(ending: str, tmp_path: Path) -> None:
    if ending == "xlsx":
        sheets = pytest.importorskip("openpyxl").Workbook()
        sheet = sheets.active
        for row in (["ID", "Date", "Full Text"], [7, date(2024, 3, 1), ONE], [], [8, None, None]):
            sheet.append(row)
        sheets.create_sheet("Notes").append(["note", "by"])
        sheets.create_sheet("Empty")
        sheets.save(tmp_path / "a.xlsx")
    elif ending == "xls":
        xlwt = pytest.importorskip("xlwt")
        old = xlwt.Workbook()
        found, notes = old.add_sheet("Articles"), old.add_sheet("Notes")
        day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for column, name in enumerate(("ID", "Date", "Full Text")):
            found.write(0, column, name)
        found.write(1, 0, 7)
        found.write(1, 1, date(2024, 3, 1), day)
        found.write(1, 2, ONE)
        found.write(3, 0, 8)
        notes.write(0, 0, "note")
        old.add_sheet("Empty")
        old.save(str(tmp_path / "a.xls"))
    else:
        odfdo = pytest.importorskip("odfdo")
        file = odfdo.Document("spreadsheet")
        file.body.clear()
        table, notes = odfdo.Table("Articles"), odfdo.Table("Notes")
        for row in (["ID", "Date", "Full Text"], [7, date(2024, 3, 1), ONE], [8, None, None]):
            table.append_row(odfdo.Row()).set_values(row)
        notes.append_row(odfdo.Row()).set_values(["note", "by"])
        file.body.append(table)
        file.body.append(notes)
        file.save(tmp_path / "a.ods")
    one, no_text, other = read([tmp_path], ReadSettings())
    assert isinstance(one, Document)
    assert (one.id, one.text, one.created[:10]) == ("7", ONE, "2024-03-01")
    assert isinstance(no_text, Rejection)
    assert isinstance(other, Rejection)
    assert (no_text.reason, other.reason) == ("empty", "no-text-field")
    assert "'Notes'" in other.detail


_LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;"><!ENTITY n '
    '"&m;&m;&m;&m;&m;&m;&m;&m;&m;&m;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"no archive", "damaged"),
        ("a.docx", zipped({"other.xml": "<a/>"}), "damaged"),
        ("a.docx", word("<w:p>"), "bad-xml"),
        ("a.docx", word("<w:p/>"), "empty"),
        ("a.docx", word(f"<w:p>{run('a ' * 9_000_000)}</w:p>"), "too-large"),
        ("a.odt", open_text("<text:p>" * 5000), "bad-xml"),
        ("a.epub", zipped({"META-INF/container.xml": "<container/>"}), "damaged"),
        ("a.xlsx", b"no archive", "damaged"),
        ("a.xlsx", zipped({"xl/sharedStrings.xml": "a" * 30_000_000}), "expands-too-much"),
    ],
)
def test_what_is_broken_or_a_bomb(name: str, data: bytes, reason: str, tmp_path: Path) -> None:
    start = time.monotonic()
    result = read_one(tmp_path, name, data)
    assert isinstance(result, Rejection), result
    assert result.reason == reason
    assert time.monotonic() - start < 20


def test_no_entity_is_followed(tmp_path: Path) -> None:
    body = f'<w:document xmlns:w="{_WORD}"><w:p>{run("a &n;&f; b")}</w:p></w:document>'
    data = zipped({"word/document.xml": _LAUGHS.replace(" a ", " w:document ") + body})
    result = read_one(tmp_path, "a.docx", data)
    assert "ha" not in getattr(result, "text", "")
    assert "root" not in getattr(result, "text", "")


@pytest.mark.parametrize(
    ("name", "content", "read_as"),
    [
        ("a.doc", r"{\rtf1\ansi One.\par}", ["One."]),
        (
            "list.txt",
            "From a at b  Mon Jan  1 10:00:00 2024\nFrom: a\nSubject: S\n\nOne.\n\n"
            "From a at b  Mon Jan  2 10:00:00 2024\nFrom: a\nSubject: S\n\nTwo.\n",
            ["One.", "Two."],
        ),
        (
            "part-00000",
            '{"id": "1", "text": "One."}\n{"id": "2", "text": "Two."}\n',
            ["One.", "Two."],
        ),
        (
            "rows.txt",
            '{"id": "1", "text": "One."}\n{"id": "2", "text": "Two."}\n',
            ["One.", "Two."],
        ),
        (
            "feed",
            "<rss><channel><item><description>One.</description></item></channel></rss>",
            ["One."],
        ),
        ("17.M1.host:2,S", "Return-Path: <a@b>\nReceived: by b\nSubject: S\n\nOne.", ["One."]),
        ("one.txt", '{"a": 1}', ['{"a": 1}']),
        (
            "play.txt",
            "Anna: One.\nBen: Two.\nAnna: Three.\n",
            ["Anna: One.\nBen: Two.\nAnna: Three."],
        ),
        (
            "from.txt",
            "From the quay at 10:00 it is\nFar: a mile.",
            ["From the quay at 10:00 it is\nFar: a mile."],
        ),
    ],
)
def test_the_beginning_says_what_a_name_does_not(
    name: str, content: str, read_as: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = list(read([tmp_path], ReadSettings()))
    assert [r.text.strip() for r in found if isinstance(r, Document)] == read_as
    assert not any(isinstance(r, Rejection) for r in found)
