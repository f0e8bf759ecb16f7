"""What was sent or written one after the other: wires, chats, and texts with a mark between them.

IPTC 7901, in which agencies have sent since teleprinters, has each item between control characters;
Telegram's HTML has each message in a `div`; corpora for language models put `<|endoftext|>` between
texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from scrub.read.dates import iso_date
from scrub.read.fields import is_prose, line_of

# SOH, the head, STX, the text, ETX, when it was sent, EOT.
_WIRE = re.compile(
    r"\x01([^\x01-\x04]{0,400})\x02([^\x01-\x04]*)(?:\x03([^\x01-\x04]{0,400})\x04?)?"
)
_SENT = re.compile(r"\b(\d\d)\d{4}(?: ?(?:GMT|UTC|Z))? ([A-Z][A-Za-z]{2}) (\d\d)\b")
# ANPA 1312, as American agencies send, marks paragraphs, and columns by control characters.
_OF_ANPA = re.compile(r"[\x11-\x14]")
_ANPA = re.compile(r"^[\x08\x0e-\x1f]*\^|<[ \t\r]*$|[\x08\x0e-\x1f]", re.MULTILINE)
_HEADLINES = 6  # lines in which a headline ends with a sign of equality, by hand
# COCA and NOW number their texts, whose headings and paragraphs have a tag; of CNN's stories the
# highlights stand behind the text, XSum names each part, Multi-News has a story a line.
_NUMBERED = re.compile(r"^(?:##|@@)(\d{4,12})[ \t](?=[^\n]{100})", re.MULTILINE)
_TAG = re.compile(r"\s{0,9}<[hp]>\s{0,9}")
_HIGHLIGHT = re.compile(r"^@highlight[ \t\r]*$", re.MULTILINE)
_SECTION = re.compile(r"^\[(SN|XSUM)\]([A-Z-]{3,20})\[\1\][ \t\r]*$", re.MULTILINE)
_SEPARATED = re.compile(r" (?:\|{5}|story_separator_special_tag)(?=\s|\Z)")
_NEWLINES = re.compile(r"\s{0,9}NEWLINE_CHAR\s{0,9}")
_FEW = 20  # texts that are looked at, by hand
_ENTRY = re.compile(r"^--------[ \t]*\n", re.MULTILINE)
_PART = re.compile(r"\n-----\n(?=[A-Z ]{3,30}:\n|\s*\Z)")
_PAIR = re.compile(r"^([A-Z ]{3,30}): (.+)$", re.MULTILINE)
_END_OF_TEXT = re.compile(r"^<\|endoftext\|>|<\|endoftext\|>$", re.MULTILINE)
# Alceste and IRaMuTeQ: texts behind lines of variables, as `**** *source_Quay *year_2024`.
_ALCESTE = re.compile(r"^(?:\*{4}|\d{4,5}) (\*\w[^\n]*)\n", re.MULTILINE)
_VARIABLE = re.compile(r"\*([^\W_]+)_(\S+)")
_THEME = re.compile(r"^-\*\S+\s*$\n?", re.MULTILINE)
_MESSAGE = re.compile(r'<div class="message default clearfix[^"<>]{0,40}" id="message(\d{1,18})">')
_CHAT_DATE = re.compile(r'class="[^"<>]{0,40}date details" title="([^"<>]{1,60})"')
_CHAT_AUTHOR = re.compile(r'<div class="from_name">([^<]{0,300})')
_CHAT_TEXT = re.compile(r'<div class="text">((?:[^<\0]|<(?!/div>|div class="text">))*)</div>')
_CHAT = re.compile(r'<div class="text bold">([^<]{0,300})')


def parted(text: str, marks: Sequence[re.Match[str]]) -> Iterator[tuple[re.Match[str], str]]:
    """Each mark with what stands behind it, up to the next one."""
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):  # of no marks there is an end
        yield mark, text[mark.end() : end]


def texts(text: str) -> list[dict[str, Any]]:
    """The items of a text with marks between them, each as the fields of a record; else none."""
    if wires := list(_WIRE.finditer(text)):
        starts = [0, *(wire.end() for wire in wires)]
        ends = [*(wire.start() for wire in wires), len(text)]
        between = [text[a:b].strip("\0\x16\x7f \r\n") for a, b in zip(starts, ends, strict=True)]
        return [_wire(*wire.groups("")) for wire in wires] + [{"text": b} for b in between if b]
    if marks := list(_ALCESTE.finditer(text)):
        return [
            {**dict(_VARIABLE.findall(mark[1])), "text": _THEME.sub("", piece).strip()}
            for mark, piece in parted(text, marks)
        ]
    if found := _set(text) or _of_movable_type(text):
        return found
    if "<|endoftext|>" in text:
        return [{"text": part.strip("\n")} for part in _END_OF_TEXT.split(text) if part.strip()]
    return []


def _set(text: str) -> list[dict[str, Any]]:
    """The texts of corpora that are parted by marks of their own."""
    if marks := list(_NUMBERED.finditer(text)):
        is_first = not text[: marks[0].start()].strip("\ufeff \r\n")
        found = [
            {"id": mark[1], "text": _TAG.sub("\n\n", p).strip()} for mark, p in parted(text, marks)
        ]
        return found if is_first else []
    text_of, *highlights = map(str.strip, _HIGHLIGHT.split(text))
    if highlights and not any("\n" in highlight for highlight in highlights):
        return [{"text": text_of, "summary": "\n".join(highlights)}]
    if marks := list(_SECTION.finditer(text)):
        named = {mark[2].lower(): piece.strip() for mark, piece in parted(text, marks)}
        about = {name: named.pop(name, "") for name in ("url", "title")}
        return [{**about, "text": "\n".join(named.values())}]
    parts = [part.strip() for part in _SEPARATED.split(text) if part.strip()]
    if _SEPARATED.search(text) and all(map(is_prose, parts[:_FEW])):
        is_apart = any("\n\n" in part for part in parts)  # else each line has stories of its own
        lines = (line for part in parts for line in ([part] if is_apart else part.splitlines()))
        return [{"text": _NEWLINES.sub("\n", line).strip()} for line in lines if line.strip()]
    return []


def _of_movable_type(text: str) -> list[dict[str, Any]]:
    """The entries of a blog in the import format of Movable Type, without their comments."""
    text = text.replace("\r\n", "\n")
    found = []
    for entry in _ENTRY.split(text) if "\n-----\nBODY:\n" in text else ():
        head, *parts = _PART.split(entry)
        if _PAIR.sub("", head).strip():
            return []  # a text of its own
        fields = {key.lower(): value for key, value in _PAIR.findall(head)}
        held = dict(part.split(":\n", 1) for part in parts if ":\n" in part)
        body = "\n\n".join(
            filter(None, (held.get(n, "").strip() for n in ("BODY", "EXTENDED BODY")))
        )
        if fields:
            date = iso_date(fields.pop("date", ""), "month")
            found.append({**fields, "date": date, "text": body})
    return found


def messages(html: str) -> list[dict[str, Any]]:
    """The messages of a chat or channel as Telegram writes them; none where it is another page."""
    chat = _CHAT.search(html)
    author = ""  # which stands before the first of several only
    records = []
    for message, piece in parted(html, list(_MESSAGE.finditer(html))):
        at, by, body = (part.search(piece) for part in (_CHAT_DATE, _CHAT_AUTHOR, _CHAT_TEXT))
        author = line_of(by[1]) if by else author
        records.append(
            {
                "id": message[1],
                "date": iso_date(at[1]) if at else "",
                "author": author,
                "source": line_of(chat[1]) if chat else "",
                "html": body[1] if body else "",
            }
        )
    return records


def _wire(head: str, text: str, sent: str) -> dict[str, Any]:
    text = _ANPA.sub("", text) if _OF_ANPA.search(head) else text
    lines = text.strip().splitlines()
    top = [line.rstrip() for line in lines[:_HEADLINES]]
    end = next((at + 1 for at, line in enumerate(top) if line.endswith("=")), 0)
    when = _SENT.search(sent)
    day, month, year = when.groups() if when else ("", "", "")
    return {
        "id": " ".join(head.split()[:1]),
        "title": " ".join(" ".join(top[:end]).replace("=", " ").split()),
        "date": iso_date(f"{day} {month} {year}") if when else "",
        "slug": " ".join(head.split()),
        "text": "\n".join(lines[end:]).strip("\n"),
    }
