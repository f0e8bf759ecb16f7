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
from scrub.read.fields import line_of

# SOH, the head, STX, the text, ETX, when it was sent, EOT.
_WIRE = re.compile(
    r"\x01([^\x01-\x04]{0,400})\x02([^\x01-\x04]*)(?:\x03([^\x01-\x04]{0,400})\x04?)?"
)
_SENT = re.compile(r"\b(\d\d)\d{4}(?: ?(?:GMT|UTC|Z))? ([A-Z][A-Za-z]{2}) (\d\d)\b")
# ANPA 1312, as American agencies send, marks paragraphs, and columns by control characters.
_OF_ANPA = re.compile(r"[\x11-\x14]")
_ANPA = re.compile(r"^[\x08\x0e-\x1f]*\^|<[ \t\r]*$|[\x08\x0e-\x1f]", re.MULTILINE)
_HEADLINES = 6  # lines in which a headline ends with a sign of equality, by hand
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
    if "<|endoftext|>" in text:
        return [{"text": part.strip("\n")} for part in _END_OF_TEXT.split(text) if part.strip()]
    return []


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
