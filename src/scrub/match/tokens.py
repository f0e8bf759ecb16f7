"""Words and sentences of a batch of texts, found by one compiled pass over their UTF-8 bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scrub.match.characters import characters
from scrub.match.numbers import read_numbers
from scrub.match.scan import classify, listed_words, scan


@dataclass(slots=True, frozen=True)
class Tokens:
    """The words of a batch of D documents: T words in S sentences, as a struct of arrays.

    A word is a run of letters, marks and digits of any script, lower-cased character by
    character and folded: without accents, points and vowel signs, one code for each letter (and in
    German and Scandinavian texts ae, oe, ue, aa are what ä, ö, ü, å are).  An apostrophe (' or
    \u2019) between letters belongs to the word and is hashed as ';
    a hyphen separates words; a dotted acronym ("U.S.", "p.c.") is one word without its dots; a
    number keeps its inner . : / and - ("6-1/16", "2-0") and loses its thousands commas;
    soft hyphens and zero-width characters are passed over; a Chinese or Japanese character is a
    word by itself.

    hash       (T,) uint32, `word_hash` of the lower-cased word
    symbol     (T,) uint32, the word as the frame sees it: 0 for content, a canonical word's hash
               for a function word ("a" and "the" are one), a number's value ("nine" is 9, 1.0
               is 1), its own hash for what is no plain decimal (1/2); for a name 16 bits of
               its sound, which respellings share, above 14 of its hash
    start      (T,) uint32, first byte in `data`
    end        (T,) uint32, byte after the last
    kind       (T,) uint8, `kind & KIND_MASK` is CONTENT, FUNCTION, NAME (capitalised and not
               INITIAL) or NUMBER; beside it the bits CAPITALISED, ALL_CAPITALS (two letters or
               more) and INITIAL (first in its sentence, or after an opening quote or a colon)
    sentences  (S + 1,) int64, first word of each sentence, and T
    documents  (D + 1,) int64, first word of each document, and T
    document_sentences  (D + 1,) int64, first sentence of each document, and S
    offsets    (D + 1,) int64, first byte of each document in `data`
    data       (B,) uint8, the texts' UTF-8 bytes, one after the other

    Sentences end at . ! ? and their like before a capital, a digit or an uncased letter, not
    after an abbreviation, and where a scraper lost the blank ("said.The"); at blank lines; at a
    line break after a short line, a very long line or a full stop, so that hard-wrapped lines stay
    joined.  One of more than 80 words is cut between words that its own wording chooses.
    """

    hash: NDArray[np.uint32]
    symbol: NDArray[np.uint32]
    start: NDArray[np.uint32]
    end: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    sentences: NDArray[np.int64]
    documents: NDArray[np.int64]
    document_sentences: NDArray[np.int64]
    offsets: NDArray[np.int64]
    data: NDArray[np.uint8]

    def word(self, token: int) -> str:
        """The word as it stands in the text."""
        return self._text(int(self.start[token]), int(self.end[token]))

    def sentence(self, sentence: int) -> str:
        """The text of a sentence, from its first word to its last."""
        first, last = int(self.sentences[sentence]), int(self.sentences[sentence + 1]) - 1
        return self._text(int(self.start[first]), int(self.end[last])) if last >= first else ""

    def code_points(self, document: int) -> NDArray[np.int64]:
        """Code point index of every byte of a document (and its length): (bytes + 1,) int64.

        `code_points(d)[start - offsets[d]]` turns a byte position into an index of the `str`.
        """
        part = self.data[self.offsets[document] : self.offsets[document + 1]]
        index = np.zeros(len(part) + 1, np.int64)
        np.cumsum((part & 0xC0) != 0x80, out=index[1:])
        index[:-1] = index[1:] - 1
        return index

    def _text(self, start: int, end: int) -> str:
        return self.data[start:end].tobytes().decode("utf-8", "surrogatepass")


def tokenize(texts: Sequence[str]) -> Tokens:
    """Find the words and sentences of a batch of texts; together at most 4 GB of UTF-8."""
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in parts], out=offsets[1:])
    data = np.frombuffer(b"".join(parts), np.uint8)
    table = characters()
    keys, flags, canonical = listed_words()
    room = len(data) // 5 + 1024
    while True:
        token = [np.empty(room, np.uint32) for _ in range(4)]
        kind = np.empty(room, np.uint8)
        sentences = np.empty(room + 1, np.int64)
        documents = np.zeros(len(parts) + 1, np.int64)
        document_sentences = np.zeros(len(parts) + 1, np.int64)
        hashes, symbols, start, end = token
        count = scan(
            data, offsets, table, keys, flags,
            hashes, start, end, kind, sentences, documents, document_sentences,
        )  # fmt: skip
        if count >= 0:
            break
        room = len(data) + 1024
    classify(keys, flags, canonical, hashes, symbols, kind, documents, data, table, start, end)
    read_numbers(data, table, start[:count], end[:count], kind[:count], symbols[:count])
    return Tokens(
        hashes[:count], symbols[:count], start[:count], end[:count],
        kind[:count], sentences[: document_sentences[-1] + 1],
        documents, document_sentences, offsets, data,
    )  # fmt: skip
