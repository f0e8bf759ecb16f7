"""The substitutions that this corpus's spinners make, learned from siblings, used where none are.

A row says: where a spun document has `spun`, the original had `original`, in so many aligned
places of so many documents.  Its confidence is the probability that this is so in a further spun
document: that the word is no genuine one (how often do unspun texts use it?) and that it is this
original and not one unseen yet (Witten-Bell's estimate).  Rows are plain CSV, to be read, edited
and merged by people.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING

from scrub.document import Flag, FlagKind
from scrub.errors import InputError
from scrub.spin.evidence import article
from scrub.spin.siblings import like, quote
from scrub.spin.words import NAME, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set
    from pathlib import Path

    from scrub.spin.wording import Wording

COLUMNS = ("spun", "original", "pairs", "documents", "confidence", "example")

_DEFAULT = "default_lexicon.csv"
_SURE = 0.6  # confidence of a sibling's flag from which it teaches
_GENUINE_SEEN, _GENUINE_EXPECTED = 0.25, 0.45  # weight of words left alone, and of those expected
_LEAST_ARTICLE = 0.7
_MOST_ARTICLE = 0.88  # right share of the surest, whatever the neighbours say
_ARTICLE_LEAN_WEIGHT = 0.5
_BEFORE_VOWEL, _BEFORE_PLURAL, _BEFORE_NAME = 0.6, 1.5, 0.7  # nats by which "a" was "the"
_NOVELTY = 0.5  # a spun word's originals are new this often per original, of its places
_MAX_BACKGROUND = 1_000_000  # words
_UNSEEN_LEAN = 1.0  # nats by which an original that is not known should read better
_SUSPECT = 0.3  # spin score from which a document is searched
_LEAST = 0.8  # probability that the word is spun from which a flag is worth showing
_LEAN_WEIGHT = 0.25  # of the wording model's nats: the neighbours are often spun themselves
_CONTEXT = 3
_DEFINITE = 0.65  # share of "the" among the articles of English news
_DEFINITE_LEAST = 0.45  # documents above it have kept their articles
_DOUBTED, _UNDOUBTED = 8.0, 0.6  # odds that language statistics' yes and no are worth
_MAX_WORDS = 4  # of a row's spun side
_PLAIN = re.compile(r"\w+(?:-\w+)*")


@dataclass(slots=True, frozen=True)
class Row:
    """One substitution: see the columns of `lexicon.csv`.

    `spun` and `original` are lower-cased, `pairs` counts aligned places, `documents` the spun
    documents they are in, `confidence` is in [0, 1], `example` a short quotation.
    """

    spun: str
    original: str
    pairs: int
    documents: int
    confidence: float
    example: str = ""


@dataclass(slots=True)
class Lexicon:
    """Rows by (spun, original); made by `learn` or `read`."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the rows as CSV, the most seen first, then by the alphabet."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(
                (r.spun, r.original, r.pairs, r.documents, f"{r.confidence:.4f}", r.example)
                for r in self.ordered()
            )

    def ordered(self) -> list[Row]:
        """The rows, the most seen first, then by the alphabet."""
        return sorted(self.rows.values(), key=lambda r: (-r.pairs, r.spun, r.original))

    def by_spun(self) -> dict[str, list[Row]]:
        """The rows of each spun wording, the most seen original first."""
        table: dict[str, list[Row]] = {}
        for row in self.ordered():
            table.setdefault(row.spun, []).append(row)
        return table


def read(path: Path) -> Lexicon:
    """Read a lexicon's CSV.  Raises InputError, naming the line, where it is not one."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return _parse(file, str(path))


def default() -> Lexicon:
    """The small lexicon that comes with scrub: general facts, not one spinner's dictionary."""
    name = _DEFAULT
    file = resources.files("scrub.spin").joinpath(name)
    if not file.is_file():
        return Lexicon()
    return _parse(file.read_text("utf-8").splitlines(), name)


def _parse(lines: Iterable[str], name: str) -> Lexicon:
    reader = csv.DictReader(lines)
    if not {"spun", "original"} <= set(reader.fieldnames or ()):
        raise InputError(f"{name}: no lexicon; it needs the columns {', '.join(COLUMNS)}")
    lexicon = Lexicon()
    for record in reader:
        try:
            row = Row(
                record["spun"].lower(),
                record["original"].lower(),
                int(record.get("pairs") or 1),
                int(record.get("documents") or 1),
                float(record.get("confidence") or 0.5),
                record.get("example") or "",
            )
        except (ValueError, AttributeError) as error:
            raise InputError(f"{name}, line {reader.line_num}: {error}") from None
        if not 0 <= row.confidence <= 1 or row.pairs < 0 or row.documents < 0:
            raise InputError(f"{name}, line {reader.line_num}: numbers out of range")
        if row.spun and row.original and row.spun != row.original:
            lexicon.rows[row.spun, row.original] = row
    return lexicon


def merge(*lexicons: Lexicon) -> Lexicon:
    """One lexicon of several: counts add up, confidences are averaged by pairs.

    A lexicon that says nothing of a spun word does not weigh on it; the first example stays.
    """
    merged: dict[tuple[str, str], Row] = {}
    for lexicon in lexicons:
        for key, row in lexicon.rows.items():
            old = merged.get(key)
            if old is None:
                merged[key] = row
                continue
            pairs = old.pairs + row.pairs
            share = old.pairs / pairs if pairs else 0.5
            confidence = old.confidence * share + row.confidence * (1 - share)
            documents = old.documents + row.documents
            merged[key] = Row(*key, pairs, documents, confidence, old.example or row.example)
    return Lexicon(merged)


def learn(
    documents: Mapping[str, str],
    flags: Iterable[Flag],
    kept: Mapping[str, Set[int]],
    background: Iterable[str],
) -> Lexicon:
    """Learn from the flags that siblings gave.

    `documents` maps ids to cleaned texts; `kept` maps the ids of spun documents to the code
    points at which words begin that an unspun sibling has too (`siblings.confirmed`);
    `background` are unspun texts, of which the first million words say how often a word is used
    in earnest.  Flags below 0.6 and figures teach nothing.
    """
    seen: Counter[tuple[str, str]] = Counter()
    homes: dict[tuple[str, str], set[str]] = {}
    examples: dict[tuple[str, str], tuple[float, str]] = {}
    for flag in flags:
        if flag.confidence < _SURE or flag.kind not in ("wording", "determiner"):
            continue
        if not flag.source.startswith("sibling:"):
            continue
        key = (flag.text.lower(), flag.suggestion.lower())
        seen[key] += 1
        homes.setdefault(key, set()).add(flag.id)
        best = examples.get(key)
        if best is None or flag.confidence > best[0]:
            examples[key] = (flag.confidence, flag.context)
    left_alone: Counter[str] = Counter()
    for name, starts in kept.items():
        words = words_of(documents[name])
        left_alone.update(
            word for at, word in zip(words.start, words.lower, strict=True) if at in starts
        )
    usual: Counter[str] = Counter()
    for text in background:
        usual.update(_PLAIN.findall(text.lower()))
        if usual.total() > _MAX_BACKGROUND:
            break
    covered = left_alone.total() + seen.total()
    scale = covered / max(1, usual.total())
    places: Counter[str] = Counter()
    originals: Counter[str] = Counter()
    for (spun, _), count in seen.items():
        places[spun] += count
        originals[spun] += 1
    rows = {}
    for key, count in seen.items():
        spun = key[0]
        expected = usual[spun] * scale if usual else left_alone[spun]
        genuine = _GENUINE_SEEN * left_alone[spun] + _GENUINE_EXPECTED * expected
        known = 1 - _unseen(places[spun], originals[spun])
        confidence = known * count / (places[spun] + genuine)
        rows[key] = Row(*key, count, len(homes[key]), round(confidence, 4), examples[key][1])
    return Lexicon(rows)


def _unseen(places: int, originals: int) -> float:
    """How likely the next original of a word, seen in so many places, is none of the known."""
    return min(0.6, _NOVELTY * originals / max(1, places))


def flags(
    documents: Mapping[str, str],
    lexicon: Lexicon,
    scores: Mapping[str, float],
    wording: Wording,
    doubted: Mapping[str, Set[int]] | None = None,
) -> list[Flag]:
    """Flag known substitutions in documents that look spun (score from 0.3 up).

    `scores` are spin scores, or beliefs that include siblings, in [0, 1]; documents without one
    are left alone.  `wording` chooses among several originals and against the word as it stands.
    `doubted` maps ids to the code points where words begin that language statistics flagged: the
    lexicon is bolder there, and more careful elsewhere; None where nothing has looked.
    Returns flags with the source `lexicon`, in order of id and place, without overlaps.
    """
    table = lexicon.by_spun()
    longest = min(_MAX_WORDS, max((len(spun.split()) for spun in table), default=0))
    found: list[Flag] = []
    for name in sorted(documents):
        score = scores.get(name, 0.0)
        if score >= _SUSPECT:
            words = words_of(documents[name])
            starts = None if doubted is None else doubted.get(name, frozenset())
            found += _search(name, words, table, longest, score, wording, starts)
    return found


def _search(
    name: str,
    words: Words,
    table: Mapping[str, Sequence[Row]],
    longest: int,
    score: float,
    wording: Wording,
    doubted: Set[int] | None,
) -> list[Flag]:
    definite = _article_share(words)
    found = []
    at = 0
    while at < len(words):
        step = 1
        for size in range(min(longest, len(words) - at), 0, -1):
            spun = words.lower[at] if size == 1 else " ".join(words.lower[at : at + size])
            rows = table.get(spun)
            if rows is None or words.is_number(at) or (size == 1 and words.is_name(at)):
                continue
            flag = _judge(name, words, at, size, rows, score, definite, wording, doubted)
            if flag is not None:
                found.append(flag)
                step = size
                break
        at += step
    return found


def _judge(
    name: str,
    words: Words,
    at: int,
    size: int,
    rows: Sequence[Row],
    score: float,
    definite: float,
    wording: Wording,
    doubted: Set[int] | None,
) -> Flag | None:
    own = words.lower[at : at + size]
    determiner = own[0] in ("a", "an") and size == 1
    left = words.lower[max(0, at - _CONTEXT) : at]
    right = words.lower[at + size : at + size + _CONTEXT]
    weights: list[float] = []
    remaining = 1.0
    unseen = _unseen(sum(row.pairs for row in rows), len(rows))
    for row in rows:
        share = row.confidence * score
        if determiner:
            share = definite * score if row.original == "the" else share * definite
        share = min(share, 0.995)
        remaining -= share
        lean = wording.prefer(left, own, words_of(row.original).lower, right)
        trust = _LEAN_WEIGHT
        if determiner:
            trust = _ARTICLE_LEAN_WEIGHT
            lean -= _article_signs(words, at) / trust
        weights.append(math.log(max(share, 1e-6)) - trust * max(-6.0, min(6.0, lean)))
    lost = 0.0 if determiner else min((1 - remaining) * unseen / (1 - unseen), remaining)
    stay = math.log(max(remaining - lost, 0.005))
    if doubted is not None and not determiner:
        places = words.start[at : at + size]
        stay -= math.log(_DOUBTED if any(place in doubted for place in places) else _UNDOUBTED)
    other = math.log(max(lost, 1e-6)) + _LEAN_WEIGHT * _UNSEEN_LEAN
    top = max(stay, other, *weights)
    total = sum(math.exp(weight - top) for weight in (stay, other, *weights))
    best = max(range(len(rows)), key=lambda index: weights[index])
    if 1 - math.exp(stay - top) / total < (_LEAST_ARTICLE if determiner else _LEAST):
        return None
    confidence = math.exp(weights[best] - top) / total
    if determiner:
        confidence = min(confidence, _MOST_ARTICLE)
    start, end = words.start[at], words.end[at + size - 1]
    text = words.text[start:end]
    suggestion = like(text, rows[best].original, words.first_in_sentence(at))
    kind: FlagKind = "determiner" if determiner else "wording"
    return Flag(
        name, start, end, text, suggestion, kind, "lexicon", round(confidence, 4),
        quote(words.text, start, end),
    )  # fmt: skip


def _article_signs(words: Words, at: int) -> float:
    """Nats by which the word behind an "a" shows that it was "the"."""
    if words.lower[at] != "a" or at + 1 == len(words):
        return 0.0
    following = words.lower[at + 1]
    plural = following.endswith("s") and not following.endswith(("ss", "us", "is"))
    return (
        _BEFORE_VOWEL * (article(following) == "an")
        + _BEFORE_PLURAL * plural
        + _BEFORE_NAME * (words.kind[at + 1] == NAME)
    )


def _article_share(words: Words) -> float:
    """How likely an "a" of this document was "the": from what English leaves of either."""
    counts = Counter(word for word in words.lower if word in ("a", "an", "the"))
    indefinite = counts["a"] + counts["an"]
    everything = indefinite + counts["the"]
    if not indefinite or counts["the"] / everything >= _DEFINITE_LEAST:
        return 0.0
    expected = (1 - _DEFINITE) * everything
    return max(0.0, 1 - expected / indefinite)
