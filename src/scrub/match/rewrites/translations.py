"""Translations: one story in two languages, by the names, numbers and kindred words of both.

Words are compared by their first letters in Latin script, whatever their own: by anyascii.  Only
documents of different languages are compared, and a word counts if two languages have it: what one
alone has is rare in any other, and says nothing.  A name or number counts always, for what is not
found in the other text is the best sign of two reports.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from scrub.match.features import Features
from scrub.match.rewrites.candidates import Lists
from scrub.match.rewrites.describe import Rewrite
from scrub.match.rewrites.find import compared, long_enough, unlinked
from scrub.match.rewrites.terms import WORD, Stems, Terms, count, numbered, stems_of, weighed
from scrub.match.tokens import Tokens, tokenize

_OTHER = re.compile("[^a-z0-9]+")
# One sound as languages and transliterations write it; `stems_of` knows of single letters.
_SOUNDS = {
    "tsch": "ch", "tch": "ch", "cz": "ch", "sch": "sh", "dzh": "j", "zh": "j", "kh": "h", "ts": "s",
}  # fmt: skip
_SOUND = re.compile("|".join(_SOUNDS))
# Set by hand.
_MIN_DIGITS = 3  # digits of a number that is known by them, whatever its power of ten
_NONE = ("", "und")
# Codes of one language, which a short text may get either of.
_ONE = {"bs": "hr", "sr": "hr", "nb": "no", "nn": "no", "ms": "id"}
OVERLAP = 0.05  # of what is rare in one, see `candidates`: few words have a counterpart


def language(code: str) -> str:
    """What a document's code stands for: languages that are separated by chance are one."""
    return _ONE.get(code, code)


def stems_across(tokens: Tokens) -> NDArray[np.uint32]:
    """(T,) uint32, a hash of the beginning of each word in Latin letters, or of a number's digits.

    A decimal point is a comma elsewhere, and a million 1,000,000 or a word: neither counts.
    """
    _, first, which = np.unique(tokens.hash, return_index=True, return_inverse=True)
    written = []
    for t in first.tolist():
        word = _OTHER.sub("", anyascii(tokens.word(t)).lower())
        if word.isdecimal():
            word = word.rstrip("0") if len(word.rstrip("0")) >= _MIN_DIGITS else word
        else:
            word = _SOUND.sub(lambda found: _SOUNDS[found[0]], word)
        written.append(word or "q")
    return stems_of(tokenize(["\n\n".join(written)]))[which]


def terms_across(
    features: Features, chosen: NDArray[np.int64], words: Stems, languages: NDArray[np.int64]
) -> Terms:
    """The terms of the documents at the positions `chosen`, whose `languages` are numbers.

    `words` has all of theirs by `stems_across`.
    """
    keys, stems = words
    own, owners = numbered(stems)
    documents = features.sentences[features.documents]

    def counted(some: NDArray[np.int64]) -> tuple[NDArray[np.uint32], ...]:
        return count(features.units, documents, some, keys, owners, len(own))

    parts = [counted(chosen[languages == code]) for code in np.unique(languages)]
    counts, names, seen = (sum(column[1:], column[0]) for column in zip(*parts, strict=True))
    terms = weighed(keys, owners, own, (counts, names, seen), len(chosen), stems_across)
    several = np.sum([part[0] > 0 for part in parts], axis=0) > 1
    terms.weights[(terms.kinds == WORD) & ~several] = 0
    return terms


def nearest_across(
    features: Features, ids: Sequence[str], languages: Sequence[str],
    chosen: NDArray[np.int64], words: Stems, jobs: int = 1,
) -> tuple[Terms | None, NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Candidates among the documents at the positions `chosen`: pairs of positions, and terms.

    Of each pair the first has the smaller id.  Too short ones and those of no known language are
    left out; where what is left has one language there are no terms and no pairs.  `ids` and
    `languages` are of all documents, `words` by `stems_across`.
    """
    enough = long_enough(features, ids, chosen).tolist()
    enough = [at for at in enough if languages[at] not in _NONE]
    places = np.array(enough, np.int64)
    codes, groups = np.unique([language(languages[at]) for at in enough], return_inverse=True)
    if len(codes) < 2:
        return None, places[:0], places[:0]
    terms = terms_across(features, places, words, groups)
    lists = Lists.of(features, places, terms, groups)
    first, second = lists.nearest(np.arange(len(places)), jobs, overlap=OVERLAP)
    return terms, places[first], places[second]


def find_translations(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    created: Sequence[str],
    languages: Sequence[str],
    chosen: NDArray[np.int64],
    words: Stems,
    linked: Container[frozenset[int]] = (),
    jobs: int = 1,
    new: NDArray[np.bool_] | None = None,
) -> list[Rewrite]:
    """Translations among the documents at the positions `chosen`, as `find_rewrites` has them.

    `languages` are the codes of all documents, `words` are by `stems_across`.
    """
    terms, one, other = nearest_across(features, ids, languages, chosen, words, jobs)
    if terms is None:
        return []
    wanted = None if new is None else new[one] | new[other]
    found = compared(features, created, one, other, terms, jobs, wanted=wanted, across=True)
    return unlinked(features, ids, texts, created, terms, found, linked)
