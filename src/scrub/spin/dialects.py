"""Which differences are those of editions: words that only some countries use, or spell so.

The list is made by `tools/make_dialects.py` from the regions of Princeton WordNet 3.0 (its licence
is in `data/thesaurus-licence.txt`) and the glossaries of breame 0.1.2 (Apache-2.0).
"""

from __future__ import annotations

from functools import lru_cache

from scrub import shipped

# Endings that are taken off to find a listed form, and what may stand there instead.
_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("d", ""), ("ed", ""), ("ing", ""), ("ing", "e"))
_LEAST = 3  # letters that must be left


@lru_cache(maxsize=1)
def _listed() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Words of one region, and for each word of a pair of words its counterparts."""
    text = shipped.text("spin/data/dialects.txt")
    lines = [line.split("\t") for line in text.splitlines()]
    counterparts: dict[str, set[str]] = {}
    for one, *others in lines:
        for other in others:
            counterparts.setdefault(one, set()).add(other)
            counterparts.setdefault(other, set()).add(one)
    regional = frozenset(line[0] for line in lines if len(line) == 1)
    return regional, {word: frozenset(others) for word, others in counterparts.items()}


@lru_cache(maxsize=1 << 14)
def is_regional(word: str) -> bool:
    """Whether a lower-cased wording belongs to some countries alone, in all that it means."""
    return not _listed()[0].isdisjoint(_forms(word))


def is_dialect(one: str, other: str) -> bool:
    """Whether two lower-cased wordings are what two countries call the same."""
    counterparts = _listed()[1]
    theirs = (counterparts[mine] for mine in _forms(one) if mine in counterparts)
    return any(not words.isdisjoint(_forms(other)) for words in theirs)


@lru_cache(maxsize=1 << 14)
def _forms(word: str) -> tuple[str, ...]:
    """A wording and what it may be inflected from."""
    return word, *(
        word[: -len(end)] + instead
        for end, instead in _ENDINGS
        if word.endswith(end) and len(word) - len(end) >= _LEAST
    )
