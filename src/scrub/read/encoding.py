"""From bytes to text: byte order mark, UTF-8, what was declared, then a guess that says how sure.

UTF-8 comes before the declared encoding because text that is valid UTF-8 beyond ASCII is almost
never anything else, while declarations are often wrong.  A text in which some lines are UTF-8 and
some are not is decoded line by line.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from scrub.read.guess import guess
from scrub.read.stream import UnreadableError, peeked

# UTF-32 first: its mark begins as that of UTF-16 does.
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "gzip data",
    b"BZh": "bzip2 data",
    b"\xfd7zXZ": "xz data",
    b"\x28\xb5\x2f\xfd": "zstd data",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"SQLite format 3": "a database",
    b"PAR1": "a Parquet file",
}
_CONTROLS = bytes(set(range(32)) - set(b"\b\t\n\v\f\r\x1b") | {127})
# What agencies send begins so; in it a table has a control code for each cell.
_WIRE = re.compile(rb"\x16*\x01[^\x01-\x04]{0,400}\x02")
# What é and its like become among Latin letters, and codes that mean nothing by themselves.
_BROKEN_UP = re.compile(
    r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]|[\uff61-\uff9f\ue000-\uf8ff\ufffd]"
)
_OF_TWO_BYTES = frozenset(
    """big5 big5hkscs cp932 cp949 cp950 euc_jis_2004 euc_jp euc_kr gb18030 gb2312 gbk johab
    shift_jis shift_jis_2004 shift_jisx0213""".split()  # noqa: SIM905
)
_ODD = frozenset({"Cc", "Cn", "Co", "Cs"})
_SAMPLE = 1 << 16
_SETTLED = 16  # equal guesses in a row after which a file's encoding is taken as known

# Declared names that stand for a larger set in practice (WHATWG Encoding Standard, section 4.2).
_ACTUAL = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Codecs that a stranger's declaration may name: encodings of text that the standard lists.
_DECLARABLE = frozenset(
    {"big5hkscs", "euc_jp", "gb18030", "iso2022_jp", "koi8-r", "koi8-u"}
    | {"mac-roman", "mac-cyrillic"}
    | {f"cp{number}" for number in (866, 874, 932, 949, *range(1250, 1259))}
    | {f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)


@dataclass(slots=True, frozen=True)
class Decoded:
    """A text, the encoding it was in ("" for UTF-8), and how sure that is, in [0, 1]."""

    text: str
    encoding: str = ""
    confidence: float = 1.0

    def metadata(self) -> dict[str, Any]:
        """What to note beside the text: nothing for UTF-8."""
        return _note(self.encoding, self.confidence) if self.encoding else {}


class Decoder:
    """Decodes the records of one file; an encoding that has proven itself is not guessed anew."""

    def __init__(self) -> None:
        self._usual = ""
        self._run = 0

    def decode(self, data: bytes, declared: str = "") -> Decoded:
        """The text of `data`.

        Raises UnreadableError where it is no text (`binary`) or in no known encoding (`encoding`).
        """
        if wide := wide_encoding(data):
            encoding, confidence = wide
            try:
                return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding, confidence)
            except UnicodeDecodeError as error:
                raise UnreadableError("encoding", f"not sound {encoding}: {error.reason}") from None
        _refuse_binary(data)
        declared = _codec(declared)
        if declared == "iso2022_jp" or b"\x1b$" in data:  # looks like ASCII, so UTF-8 would take it
            declared = "iso2022_jp"
        else:
            try:
                return Decoded(data.decode("utf-8-sig"))
            except UnicodeDecodeError:
                pass
        if declared:
            try:
                return Decoded(data.decode(declared), declared, 0.99)
            except UnicodeDecodeError:
                pass
        return self._mixed(data)

    def _mixed(self, data: bytes) -> Decoded:
        """Lines that are UTF-8 as such, the others in one legacy encoding."""
        lines = data.split(b"\n")
        legacy: list[int] = []
        doubtful: set[int] = set()
        unicode = 0
        texts = [""] * len(lines)
        for number, line in enumerate(lines):
            try:
                texts[number] = line.decode()
                unicode += not line.isascii()
            except UnicodeDecodeError:
                text, sound, broken = _mostly_utf8(line)
                if sound > broken:
                    texts[number] = text
                    doubtful.add(number)
                    unicode += 1
                else:
                    legacy.append(number)
        if not legacy:
            return Decoded("\n".join(texts), "utf-8+cp1252", 0.9)
        encoding, confidence = self._legacy(b"\n".join(lines[number] for number in legacy))
        if encoding in _OF_TWO_BYTES and unicode < len(legacy):
            # By chance two of its bytes are one of UTF-8's characters of two, hardly ever of three.
            strange = doubtful | {number for number, line in enumerate(texts) if _is_strange(line)}
            strange = {number for number in strange if _reads_well(lines[number], encoding)}
            legacy += strange
            unicode -= len(strange)
        for number in legacy:
            texts[number] = lines[number].decode(encoding, "replace")
        name = f"utf-8+{encoding}" if unicode else encoding
        return Decoded("\n".join(texts), name, confidence)

    def _legacy(self, data: bytes) -> tuple[str, float]:
        if self._run >= _SETTLED:
            try:
                data.decode(self._usual)
            except UnicodeDecodeError:
                self._run = 0
            else:
                return self._usual, 0.99
        found = guess(data)
        if found is None:
            raise UnreadableError("encoding", "in no encoding that makes sense of it")
        encoding, confidence = found
        self._run = self._run + 1 if encoding == self._usual else 1
        self._usual = encoding
        return encoding, confidence


def sound(text: str) -> str:
    """The text as UTF-8 can hold it: surrogates in pairs joined, lone ones replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_utf8(chunks: Iterator[bytes]) -> tuple[Iterator[bytes], dict[str, Any]]:
    """A stream as UTF-8 or any encoding that has ASCII's line ends, and a note for `metadata`.

    UTF-16 and UTF-32 are converted, a byte order mark is dropped, all else passes as it is.
    """
    head, chunks = peeked(chunks, lambda head: len(head) >= 4096)
    wide = wide_encoding(head[: _SAMPLE & ~3])
    if wide is None:
        next(chunks)
        return chain([head.removeprefix(codecs.BOM_UTF8)], chunks), {}
    encoding, confidence = wide
    return _convert(chunks, encoding), _note(encoding, confidence)


def _convert(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    first = True
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            yield (text.removeprefix("\ufeff") if first else text).encode()
            first = False
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        raise UnreadableError("encoding", f"not sound {encoding}: {error.reason}") from None


def wide_encoding(data: bytes) -> tuple[str, float] | None:
    """UTF-16 or UTF-32 by mark or, without one, by the look of it, with a confidence; else None.

    In UTF-16 every second byte of most scripts is a control code, and in UTF-8 hardly any is.  In
    the wrong byte order text becomes unassigned characters and a jumble of scripts.
    """
    sample = data[:4096]
    for name in _WIDE:
        if data.startswith("\ufeff".encode(name)):
            # The mark of UTF-32 is also that of UTF-16 before a NUL; but no code point of UTF-32
            # is above U+10FFFF.
            if name == "utf-32-le" and (any(sample[7::4]) or max(sample[6::4], default=0) > 0x10):
                continue
            return name, 1.0
    controls = _controls(sample)
    if controls <= 0.02 or (controls <= 0.25 and is_utf8(sample)):
        return None
    found: list[tuple[int, str, int]] = []
    for name in _WIDE:
        unit = 4 if "32" in name else 2
        if len(data) % unit and len(data) <= len(sample):
            continue
        whole = sample[: len(sample) // unit * unit]
        try:
            text = whole.decode(name)
        except UnicodeDecodeError as error:
            if error.start < len(whole) - 2:  # not merely a pair that the sample cuts
                continue
            text = whole[: error.start].decode(name)
        odd = sum(unicodedata.category(char) in _ODD and char not in "\t\n\r" for char in text)
        if len(text) > 3 and odd <= 0.01 * len(text):
            found.append((len({ord(char) >> 8 for char in text}), name, len(text)))
    if not found:
        return None
    _, name, length = min(found)
    return name, (length + 1) / (length + 2)


def _mostly_utf8(line: bytes) -> tuple[str, int, int]:
    """A line as UTF-8 with its broken bytes as cp1252, and how many of each it has."""
    text = line.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= char <= "\udcff" for char in text)
    sound = sum(not char.isascii() for char in text) - broken
    fixed = [
        bytes([ord(char) - 0xDC00]).decode("cp1252", "replace")
        if "\udc80" <= char <= "\udcff"
        else char
        for char in text
    ]
    return "".join(fixed), sound, broken


def _is_strange(line: str) -> bool:
    """Whether most of a line's characters beyond ASCII are none that UTF-8 has three bytes for."""
    beyond = [char for char in line if not char.isascii()]
    return 2 * sum(char < "\u0800" for char in beyond) > len(beyond)


def _reads_well(line: bytes, encoding: str) -> bool:
    """Whether a line is sound in an encoding of two bytes, and no Latin word that it breaks up."""
    try:
        return not _BROKEN_UP.search(line.decode(encoding))
    except UnicodeDecodeError:
        return False


def _controls(data: bytes) -> float:
    """Share of the bytes that are control codes which text does not hold."""
    return 1 - len(data.translate(None, _CONTROLS)) / len(data) if data else 0.0


def is_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8, but for a last character that is cut."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def is_text(data: bytes) -> bool:
    """Whether bytes are text, without a single control code."""
    return not _controls(data[:_SAMPLE])


def _refuse_binary(data: bytes) -> None:
    for signature, name in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableError("binary", f"this is {name}, not text")
    sample = data[:_SAMPLE]
    is_likely = is_utf8(sample) or _WIRE.match(sample)
    if (controls := _controls(sample)) > (0.25 if is_likely else 0.02):
        raise UnreadableError("binary", f"{controls:.0%} of its bytes are control codes")


def _codec(declared: str) -> str:
    """The codec that a declared name means; "" where it is unknown, UTF-8, or not of text."""
    try:
        name = codecs.lookup(declared.strip()).name if declared else ""
    except (LookupError, ValueError):
        return ""
    name = _ACTUAL.get(name, name)
    return name if name in _DECLARABLE else ""


def _note(encoding: str, confidence: float) -> dict[str, Any]:
    return {"encoding": encoding, "encoding_confidence": round(confidence, 3)}
