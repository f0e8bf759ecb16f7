"""Lines on many pages of one source, or of the corpus: boilerplate whatever they say.

A line is known by a 64-bit digest of its letters in lower case, and is counted once for each page.
Being repeated is not enough: the paragraph of a story that many sites print is repeated too, but
always between the same two neighbours.  So each line also carries two 32-bit sets of hashed
neighbours, one for the line before and one for the line after, and a line is boilerplate only
where at least one side varies from page to page.  A sentence is boilerplate only where a large
share of a site's pages carries it: reporters use some sentences again and again.  And nothing is
taken out of a sentence that goes on over several lines, or out of a table.

Counts are arrays sorted by digest, so they are merged in any order to the same result.  Memory
is bounded: beyond `MOST_LINES` only lines whose digest falls below a threshold are counted, the
same ones in whatever order the batches come.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.clean.changes import Edit
from scrub.clean.layout import MAX_WRAP, Line, lines_of
from scrub.clean.lines import FURNITURE, is_counted, is_ended, is_heading, is_speaker
from scrub.clean.survey import line_end, pack
from scrub.hashing import FNV_OFFSET, GOLDEN, fnv1a_step
from scrub.kernels import kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from scrub.config import CleanSettings
    from scrub.document import Document

# Longer lines are never counted: prose, or nothing that repeats exactly; bytes, set by hand.
LONGEST_BYTES = 400
# Up to this many bytes without spaces the digits of a line's one number are alike ("Comments (12)",
# "3 min read"); in a longer line, which may be a sentence, and in one with several numbers, which
# may be the row of a table ("Sales 4.1 mln vs 3.8 mln"), the figures are what it says.  A figure
# without a letter may be the cell of one, and is never counted.
SHORT_BYTES = 32
MOST_LINES = 8_000_000

# On how many pages a line must stand, and on what share of them: of a source, and of the corpus.
MIN_PAGES = 6
MIN_SHARE = 0.02
MIN_PAGES_CORPUS = 20
MIN_SHARE_CORPUS = 0.001
# How many different neighbours it must have met on one side.
MIN_NEIGHBOURS = 5
# A line that ends as a sentence does is one, also a short one, which can be an answer ("No."): on
# what share of the pages of a source, or of the corpus, it must stand.  Its digest is odd, that of
# any other line even.
MIN_SHARE_SENTENCE = 0.25

# The row of a table of figures: it holds one, is short, and does not end as a sentence does.
_LONGEST_ROW = 80
_MENU = 2  # words of menus from which a line in brackets is a site's; set by hand
_LETTERS = re.compile(r"[^\W\d_]+")
# A fence of code, a Roman number of two letters and more, one of any kind behind what it counts.
_PART = re.compile(
    r"(?:`{3,}|~{3,})[\w+-]*|[IVXLC]{2,}\.?|"
    r"(?i:chapter|part|book|volume|act|scene|canto|letter|kapitel|teil|buch|akt|szene|chapitre|partie"
    r"|livre|acte|cap[ií]tulo|parte|libro|capitolo|atto|scena|hoofdstuk|deel|question) "
    r"(?:[IVXLC]+|\d{1,3})\.?"
)


@dataclass(slots=True)
class LineCounts:
    """How many pages hold each line, by source; add them up with `merge`.

    `key` is sorted; `pages`, `before` and `after` run along it.
    """

    key: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    source: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    pages: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    before: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    after: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    documents: dict[int, int] = field(default_factory=dict)

    def merge(self, *others: LineCounts) -> LineCounts:
        """The counts of all together."""
        parts = [self, *others]
        documents: Counter[int] = Counter()
        for part in parts:
            documents.update(part.documents)
        key, source, pages, before, after = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("key", "source", "pages", "before", "after")
        )
        return _summed(key, source, pages, before, after, dict(documents))


class Lines(NamedTuple):
    """The L lines of D documents that hold text, as `line_digests` finds them.

    document  (L,) int64, the place of each line's document
    digest    (L,) uint64, 0 for a line that is too long to be a notice, or a mere figure
    whole     (L,) uint64, the digest of every line
    """

    document: NDArray[np.int64]
    digest: NDArray[np.uint64]
    whole: NDArray[np.uint64]


@dataclass(slots=True, frozen=True)
class RepeatedLines:
    """The lines found to be boilerplate: sorted keys of lines within sources, and anywhere."""

    within: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    anywhere: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))

    def __or__(self, other: RepeatedLines) -> RepeatedLines:
        """The lines of both."""
        return RepeatedLines(
            np.union1d(self.within, other.within), np.union1d(self.anywhere, other.anywhere)
        )

    def touched(
        self, data: NDArray[np.uint8], offsets: NDArray[np.int64], sources: Sequence[str]
    ) -> NDArray[np.uint8]:
        """1 for each packed document that holds such a line."""
        out = np.zeros(len(offsets) - 1, dtype=np.uint8)
        if len(self.within) or len(self.anywhere):
            document, line, _ = line_digests(data, offsets, LONGEST_BYTES)
            out[document[self.known(line, source_keys(sources)[document])]] = 1
        return out

    def remove(self, text: str, source: str) -> list[Edit]:
        """Edits that take such lines out of a text, each with the break that follows it."""
        if not (len(self.within) or len(self.anywhere)):
            return []
        lines = [line for line in lines_of(text) if line.text.strip()]
        place, digests, _ = line_digests(*pack([line.text for line in lines]), LONGEST_BYTES)
        known = self.known(digests, np.repeat(source_keys([source]), len(digests)))
        found = set(place[known].tolist())
        # Without blank lines, and with one too long to be wrapped, each line is a paragraph.
        wrapped = "\n\n" in text or all(len(line.text) <= MAX_WRAP for line in lines)
        ends = [*(line.start for line in lines[1:]), len(text)]
        texts = {line.text.strip() for line in lines}
        judged = ((at, lines[at].text.strip()) for at in found)
        stay = {t for at, t in judged if _is_of_the_text(lines, at, found) or is_counted(t, texts)}
        return [
            Edit(lines[index].start, ends[index], "", "repeated")
            for index in sorted(found)
            if _is_apart(lines, index, found, wrapped=wrapped)
            and lines[index].text.strip() not in stay
        ]

    def known(self, lines: NDArray[np.uint64], sources: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether each line, by its digest and the key of its source, is one of them."""
        return np.asarray(
            (_within(self.anywhere, lines) | _within(self.within, _mixed(lines, sources)))
            & (lines != 0)
        )


def digest_lines(documents: Sequence[Document]) -> Lines:
    """The lines of a batch of documents."""
    return Lines(*line_digests(*pack([document.text for document in documents]), LONGEST_BYTES))


def count_lines(documents: Iterable[Document], lines: Lines | None = None) -> LineCounts:
    """Count the lines of a batch of documents, each line once for each document.

    `lines` are theirs, where they are known already.
    """
    batch = list(documents)
    document, line, whole = lines or digest_lines(batch)
    before, after = np.zeros_like(whole), np.zeros_like(whole)
    same = document[1:] == document[:-1]
    before[1:] = np.where(same, whole[:-1], 0)
    after[:-1] = np.where(same, whole[1:], 0)
    sources = source_keys([item.source for item in batch])
    keys, numbers = np.unique(sources, return_counts=True)
    pages = dict(zip(keys.tolist(), numbers.tolist(), strict=True))
    # one row for each line of a document: the first place where it stands
    order = np.lexsort((line, document))
    first = np.ones(len(line), dtype=bool)
    first[1:] = (line[order][1:] != line[order][:-1]) | (
        document[order][1:] != document[order][:-1]
    )
    rows = order[first & (line[order] != 0)]
    document, line, before, after = document[rows], line[rows], before[rows], after[rows]
    bit = np.uint32(1)
    return _summed(
        line,
        sources[document],
        np.ones(len(line), dtype=np.uint32),
        bit << (before >> np.uint64(59)).astype(np.uint32),
        bit << (after >> np.uint64(59)).astype(np.uint32),
        pages,
    )


def repeated_lines(counts: LineCounts, settings: CleanSettings) -> RepeatedLines:
    """The lines that are boilerplate by repetition; none where boilerplate is left alone."""
    if not settings.boilerplate or not len(counts.key):
        return RepeatedLines()
    varied = np.maximum(np.bitwise_count(counts.before), np.bitwise_count(counts.after))
    sources = np.array(sorted(counts.documents), dtype=np.uint64)
    sizes = np.array([counts.documents[key] for key in sources.tolist()], dtype=np.int64)
    known = sizes[np.searchsorted(sources, counts.source)]
    share = np.where(counts.key & np.uint64(1), MIN_SHARE_SENTENCE, MIN_SHARE)
    own = (
        (counts.source != source_keys([""])[0])
        & (counts.pages >= np.maximum(MIN_PAGES, share * known))
        & (varied >= MIN_NEIGHBOURS)
    )
    total = _summed(
        counts.key,
        np.zeros_like(counts.source),
        counts.pages,
        counts.before,
        counts.after,
        counts.documents,
    )
    varied = np.maximum(np.bitwise_count(total.before), np.bitwise_count(total.after))
    share = np.where(total.key & np.uint64(1), MIN_SHARE_SENTENCE, MIN_SHARE_CORPUS)
    fewest = np.maximum(MIN_PAGES_CORPUS, share * int(sizes.sum()))
    anywhere = (total.pages >= fewest) & (varied >= MIN_NEIGHBOURS)
    return RepeatedLines(
        np.unique(_mixed(counts.key[own], counts.source[own])), total.key[anywhere]
    )


def _is_apart(lines: list[Line], index: int, known: set[int], *, wrapped: bool) -> bool:
    """Whether a line can go without a hole in a sentence or a table.

    `lines` are those that hold text, `known` the places of repeated ones; in a `wrapped` text a
    sentence can go on from one line of a block to the next.
    """
    line = lines[index]
    before = lines[index - 1] if index and lines[index - 1].end + 1 == line.start else None
    after = lines[index + 1] if index + 1 < len(lines) else None
    if after is not None and line.end + 1 != after.start:
        after = None
    below_row = before is not None and _is_row(before)
    if (after is not None and _is_row(after)) or (below_row and _is_row(line)):
        return False
    if not wrapped:
        return True
    begun = before is None or below_row or index - 1 in known or is_ended(before.text.strip())
    ended = after is None or index + 1 in known or is_ended(line.text.strip())
    return begun and ended


def _is_of_the_text(lines: list[Line], index: int, known: set[int]) -> bool:
    """Whether a line parts what is told, which repeats wherever texts of such a form are many.

    The aside of a transcript ("(APPLAUSE)", "[BEGIN VIDEO CLIP]"), a fence of code, the number of
    a chapter ("CHAPTER IV", "III."), before prose its speaker ("JANE ROE:") or heading ("## Ends").
    """
    line = lines[index].text.strip()
    if _PART.fullmatch(line):
        return True
    if (is_speaker(line) or is_heading(line)) and index + 1 < len(lines):
        return index + 1 not in known and is_ended(lines[index + 1].text.strip())
    framed = line[0] in "[(" and line[-1] in "])"
    if not (framed and line.isupper()) or any(sign.isdigit() for sign in line):
        return False
    return len(FURNITURE.intersection(_LETTERS.findall(line.lower()))) < _MENU


def _is_row(line: Line) -> bool:
    text = line.text.strip()
    return len(text) <= _LONGEST_ROW and not is_ended(text) and any(sign.isdigit() for sign in text)


def _summed(
    key: NDArray[np.uint64],
    source: NDArray[np.uint64],
    pages: NDArray[np.uint32],
    before: NDArray[np.uint32],
    after: NDArray[np.uint32],
    documents: dict[int, int],
) -> LineCounts:
    """Rows of the same line and source made one, sorted; the largest digests go when too many."""
    order = np.lexsort((source, key))
    key, source = key[order], source[order]
    starts = np.ones(len(key), dtype=bool)
    starts[1:] = (key[1:] != key[:-1]) | (source[1:] != source[:-1])
    at = starts.nonzero()[0]
    if not len(at):
        return LineCounts(documents=documents)
    key, source = key[at], source[at]
    pages = np.add.reduceat(pages[order], at).astype(np.uint32)
    before = np.bitwise_or.reduceat(before[order], at)
    after = np.bitwise_or.reduceat(after[order], at)
    if len(key) > MOST_LINES:
        # the threshold is a power of two, so that it is the same whatever was merged first
        limit = np.uint64(1 << 63)
        while np.searchsorted(key, limit) > MOST_LINES:
            limit >>= np.uint64(1)
        stop = int(np.searchsorted(key, limit))
        key, source, pages = key[:stop], source[:stop], pages[:stop]
        before, after = before[:stop], after[:stop]
    return LineCounts(key, source, pages, before, after, documents)


def source_keys(sources: Sequence[str]) -> NDArray[np.uint64]:
    """A 64-bit digest of each source's name."""
    known = {
        name: int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        for name in set(sources)
    }
    return np.array([known[name] for name in sources], dtype=np.uint64)


def _mixed(lines: NDArray[np.uint64], sources: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One key for a line and its source."""
    return np.asarray((lines ^ sources) * np.uint64(GOLDEN) ^ (lines >> np.uint64(7)))


def _within(keys: NDArray[np.uint64], values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each value is one of the sorted keys."""
    if not len(keys):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(keys, values), len(keys) - 1)
    return np.asarray(keys[place] == values)


@kernel()
def _folded(data, start, stop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The digest of a line with every digit as 0."""
    digest = np.uint64(FNV_OFFSET)
    for position in range(start, stop):
        byte = data[position]
        if byte > 32:
            if 65 <= byte <= 90:
                byte |= np.uint8(32)
            elif 48 <= byte <= 57:
                byte = np.uint8(48)
            digest = fnv1a_step(digest, byte)
    return digest


@kernel()
def line_digests(data, offsets, longest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The lines that hold text: their document, their digest (0: not judged), and again whole.

    Letters in lower case, spaces left out; in a short line with one number its digits count as 0.
    The lowest bit of a digest marks a sentence.
    """
    lines = len(offsets)
    for byte in data:
        lines += byte == 10
    document = np.zeros(lines, np.int64)
    digests = np.zeros(lines, np.uint64)
    wholes = np.zeros(lines, np.uint64)
    found = 0
    for index in range(len(offsets) - 1):
        end = offsets[index + 1]
        digest = np.uint64(FNV_OFFSET)
        length = numbers = letters = 0
        in_number = False
        begin = last = offsets[index]
        for position in range(offsets[index], end + 1):
            byte = data[position] if position < end else np.uint8(10)
            if byte > 32:
                last = position
                if 65 <= byte <= 90:
                    byte |= np.uint8(32)
                digest = fnv1a_step(digest, byte)
                if 48 <= byte <= 57:
                    numbers += 0 if in_number else 1
                    in_number = True
                else:
                    in_number = False
                    letters += 1 if 97 <= byte <= 122 or byte >= 128 else 0
                length += 1
                continue
            if byte == 10 and length:
                if length <= SHORT_BYTES and numbers == 1:
                    digest = _folded(data, begin, last + 1)
                # the low bits of FNV are its good ones; the sets of neighbours take the high
                digest ^= digest << np.uint64(32)
                is_sentence = line_end(data, begin, last + 1) == 1
                digest = (digest & ~np.uint64(1)) | np.uint64(is_sentence)
                document[found] = index
                wholes[found] = digest
                judged = length <= longest and (letters > 0 or numbers == 0)
                digests[found] = digest if judged else np.uint64(0)
                found += 1
                digest = np.uint64(FNV_OFFSET)
                length = numbers = letters = 0
                in_number = False
            if byte == 10:
                begin = position + 1
    return document[:found], digests[:found], wholes[:found]
