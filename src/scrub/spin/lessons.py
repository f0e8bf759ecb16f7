"""What siblings teach: substitutions with counts, and words that spinners left alone.

Counted batch by batch and merged.  A row's confidence is the probability that the word is no
genuine one (how often do unspun texts use it?) and that it is this original and not one unseen
yet (Witten-Bell's estimate).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrub.spin.lexicon import Lexicon, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from scrub.document import Flag
    from scrub.spin.ngrams import NgramModel
    from scrub.spin.words import Words

# Set by hand.
SURE = 0.6  # confidence of a sibling's flag from which it teaches
_GENUINE_SEEN, _GENUINE_EXPECTED = 0.25, 0.45  # weight of words left alone, and of those expected
_NOVELTY = 0.5  # a spun word's originals are new this often per original, of its places

_Key = tuple[str, str]  # spun and original, lower-cased


@dataclass(slots=True)
class Lessons:
    """Counts over some documents, which are not in any other lessons.

    `pairs` and `documents` count the places and the texts of each substitution; `examples` hold
    the surest place of each, as (doubt, id, place, quotation); `kept` counts the words that an
    unspun sibling of a spun text has too.
    """

    pairs: Counter[_Key] = field(default_factory=Counter)
    documents: Counter[_Key] = field(default_factory=Counter)
    examples: dict[_Key, tuple[float, str, int, str]] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)

    @classmethod
    def merge(cls, parts: Iterable[Lessons]) -> Lessons:
        """The lessons of several batches; their order does not matter."""
        merged = cls()
        for part in parts:
            merged.pairs.update(part.pairs)
            merged.documents.update(part.documents)
            merged.kept.update(part.kept)
            for key, example in part.examples.items():
                merged.examples[key] = min(example, merged.examples.get(key, example))
        return merged


def count(
    documents: Mapping[str, Words], flags: Iterable[Flag], kept: Mapping[str, Set[int]]
) -> Lessons:
    """Count what the flags that siblings gave teach.

    `documents` maps ids to the words of cleaned texts; `kept` maps the ids of spun documents to
    the code points at which words begin that an unspun sibling has too (`siblings.confirmed`).
    Flags below 0.6 and figures teach nothing.
    """
    lessons = Lessons()
    homes: set[tuple[_Key, str]] = set()
    for flag in flags:
        if flag.confidence < SURE or flag.kind not in ("wording", "determiner"):
            continue
        if not flag.source.startswith("sibling:"):
            continue
        key = (flag.text.lower(), flag.suggestion.lower())
        lessons.pairs[key] += 1
        homes.add((key, flag.id))
        example = (-flag.confidence, flag.id, flag.start, flag.context)
        lessons.examples[key] = min(example, lessons.examples.get(key, example))
    lessons.documents.update(key for key, _ in homes)
    for name, starts in kept.items():
        words = documents[name]
        lessons.kept.update(
            word for at, word in zip(words.start, words.lower, strict=True) if at in starts
        )
    return lessons


def learn(lessons: Lessons, model: NgramModel) -> Lexicon:
    """The lexicon of all lessons; `model`, of unspun texts, says how often a word is used."""
    covered = lessons.kept.total() + lessons.pairs.total()
    scale = covered / max(1, model.total)
    places: Counter[str] = Counter()
    originals: Counter[str] = Counter()
    for (spun, _), number in lessons.pairs.items():
        places[spun] += number
        originals[spun] += 1
    rows = {}
    for key in sorted(lessons.pairs):
        spun, number = key[0], lessons.pairs[key]
        kept = lessons.kept[spun]
        expected = model.count(spun.split()) * scale if model.total else kept
        genuine = _GENUINE_SEEN * kept + _GENUINE_EXPECTED * expected
        known = 1 - unseen(places[spun], originals[spun])
        confidence = known * number / (places[spun] + genuine)
        example = lessons.examples[key][3]
        rows[key] = Row(*key, number, lessons.documents[key], round(confidence, 4), example)
    return Lexicon(rows)


def unseen(places: int, originals: int) -> float:
    """How likely the next original of a word is none of the known; at most .6, set by hand."""
    return min(0.6, _NOVELTY * originals / max(1, places))
