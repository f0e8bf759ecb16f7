"""How much of a text is worth keeping: what damage makes of words makes no copy fuller.

Only copies of one story are compared, so that what a text is full of for a reason (a table, names,
another language) counts alike in all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from scrub.clean.header import stamp
from scrub.clean.lines import FURNITURE, line_rule
from scrub.match.keep import exact_groups, turned
from scrub.spin.direction import SPUN
from scrub.spin.judge import Clusters, Judgement, in_clusters
from scrub.spin.web import is_listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrub.corpus import Corpus
    from scrub.document import Pair
    from scrub.engine.local import LocalEngine
    from scrub.match.pairs import Copies

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
# A name in angle brackets is a company's in wire stories, and no tag.
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>|</[A-Z][^<>]{0,20}>|\[/?[a-z]{1,9}(?:=[^\]\n]{0,200})?\]")
# Words that are split, misread or no words of the text, and a sign without which there is none.
_BROKEN = (
    ("- ", re.compile(r"\w- (?!(?:and|or|to|und|oder|bis|et|ou|y|o|e)\b)[^\W\d_]")),  # "pupil- s"
    # "it?s", "?Yes", "workers? pay", "No,?": signs that were lost.
    ("?", re.compile(r"[^\W\d_]\?[^\W\d_]|(?:^|[\s(])\?[^\W\d_]|[^\W\d_]\? [a-z]|[.,]\?")),
    ("&", re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")),
    ("\\", re.compile(r"\\[nrtu]")),
)
_BROKEN_WIDE = re.compile(
    r"[\ufffd\u0080-\u009f]|[\u00c2\u00c3\u00e2][\u0080-\u00bf\u20ac\u2122\u0153]"
    # Latin letters beside Greek or Cyrillic ones.
    r"|[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]"
)
_ENDS = re.compile(r"[.!?\u2026:;\u3002\uff01\uff1f\u0964][\"'\u201d\u2019\u00bb)\]]*\s*$")
# Set by hand.  Words from which the use of capitals says something; the share of words with one
# above and below which it is damage (German has a third); words of a line that may be left of a
# site, and how many such lines at one end; the share of unlisted words that is damage at most
# (most words of other languages are unlisted).
_LEAST, _SHOUTED, _LOWERED = 20, 0.7, 0.01
_LABEL, _LABELS = 9, 12
_UNLISTED = 0.5
_SPLIT = 2  # what a broken word counts for: it may have become two
_LINE = 0.5  # what a line that is left of a site costs beside its words
_MARK = 0.001  # what an accented letter, a dash or a curled quotation mark adds: of two equal
# copies the one that kept them stays
_MARKS = frozenset("\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u2026")
_IS_UNLISTED, _IS_CASED, _IS_UPPER = 1, 2, 4
_ASCII = re.compile(r"[\x00-\x7f]+")
# A text says no more than another that has this share of its words in common sentences, if about
# the same share of the other's is in them: the more its wording is a spinner's, the more of its
# sentences go unrecognised.  Shares, and shares a nat.  Set by hand.
_SAME, _SLACK, _SLACK_PER_NAT, _MOST_SLACK = 0.8, 0.02, 0.003, 0.08
# Words that may count as spoiled in one of two sound copies: rare ones that were swapped.
_BY_CHANCE = 2.0
_COMPARABLE = 0.5  # share of a copy's words that another must have to be looked at


def worth(
    corpus: Corpus,
    copies: Copies,
    judgement: Judgement,
    coverage: float,
    engine: LocalEngine | None = None,
) -> dict[str, float]:
    """How many good words each document of a `corpus` has: sound, and put there by no machine.

    What damages a text throughout costs it the share of words that another copy may lack and still
    cover it, 1 - `coverage`; so does spin, as far as `judgement` believes it, and of two texts that
    say the same the more usual wording is more.  Documents that no copy rivals have all their
    words.
    """
    words = corpus.words
    rivals = {
        i
        for pair in copies.pairs
        for i in (pair.id_a, pair.id_b)
        if _COMPARABLE * words[pair.id_a] <= words[pair.id_b] <= words[pair.id_a] / _COMPARABLE
    }
    found: dict[str, float] = {i: float(number) for i, number in words.items()}
    batches = in_clusters(corpus, copies, rivals)
    task = partial(_sound, coverage)
    for part in engine.map(task, batches) if engine else map(task, batches):
        found.update(part)
    # Between texts that are not called spun the score is noise: capitals alone have none.
    spun = {i: belief if belief >= SPUN else 0.0 for i, belief in judgement.beliefs.items()}
    good = {i: found[i] * (1 - (1 - coverage) * spun[i]) for i in words}
    lost = {i: words[i] - found[i] for i in words}
    limit_to_usual(good, lost, copies.pairs, judgement.usual)
    return good


def limit_to_usual(
    good: dict[str, float],
    lost: Mapping[str, float],
    pairs: Sequence[Pair],
    usual: Mapping[tuple[str, str], float],
) -> None:
    """No text has more good words than one that says the same in more usual ones.

    A spinner that puts phrases for words makes the longer copy, and one that swaps few of them is
    not called spun: without this it would stay for its original.  A copy of which damage spoiled
    more words, as `lost` counts them, limits none: what damage does to words shows nothing of the
    hand.  `usual` is that of `Judgement`; `good` is changed.
    """
    limits = []
    for pair in pairs:
        lean = usual.get((pair.id_a, pair.id_b), 0.0)
        less, more = (pair, turned(pair))[:: 1 if lean < 0 else -1]
        slack = min(_SLACK + _SLACK_PER_NAT * abs(lean), _MOST_SLACK)
        if lean and less.containment_a >= max(_SAME, more.containment_a - slack):
            limits.append((-abs(lean), less.id_a, more.id_a))
    if not limits:
        return
    same = exact_groups([*good], pairs)
    members: dict[str, list[str]] = {}
    for i, first in same.items():
        members.setdefault(first, []).append(i)
    for _, less_usual, more_usual in sorted(limits):  # the plainest first
        best = max(members[same[more_usual]], key=lambda i: (good[i], i))
        for i in members[same[less_usual]]:
            if good[i] >= good[best] >= _SAME * good[i] and lost[best] <= lost[i] + _BY_CHANCE:
                good[i] = good[best] - _MARK


def _sound(coverage: float, batch: Clusters) -> dict[str, float]:
    found = {text: sound_words(text, coverage) for text in set(batch.texts.values())}
    return {i: found[text] for i, text in batch.texts.items()}


def sound_words(text: str, throughout: float) -> float:
    """The words of a text less those that damage made or spoiled, at least 0.

    Taken off: words of tags, broken and unlisted words, lines that stand there twice, what is
    plainly a site's, and the short lines at either end that no sentence ends, a title apart.
    Of a text without capitals, or in capitals alone, only the share `throughout` of words counts.
    """
    lines = [(line, _WORD.findall(line)) for line in map(str.strip, text.split("\n")) if line]
    words = [word for _, found in lines for word in found]
    long = {line: len(found) for line, found in lines if len(found) > _LABEL}
    lost: float = sum(len(found) for line, found in lines if line in long) - sum(long.values())
    own = [(line, found) for line, found in lines if not _is_furniture(line, found)]
    left_over = len(words) - sum(len(found) for _, found in own) + _LINE * (len(lines) - len(own))
    left_over += _left_over(own[1:]) + _left_over(own[:0:-1])
    lost += min(left_over, len(words) // 2)
    lost += sum(_SPLIT * len(p.findall(text)) for sign, p in _BROKEN if sign in text)
    if "<" in text or "[" in text:
        lost += sum(len(_WORD.findall(tag[0])) + 1 for tag in _TAG.finditer(text))
    marks = 0
    if not text.isascii():
        lost += len(_BROKEN_WIDE.findall(text))
        kept = _ASCII.sub("", text)
        marks = sum(sign.isalpha() or sign in _MARKS for sign in kept)
    traits = [0] * 8  # how many words have each sum of them
    for word, number in Counter(words).items():
        traits[_traits(word)] += number
    unlisted, cased, upper = (
        sum(number for found, number in enumerate(traits) if found & trait)
        for trait in (_IS_UNLISTED, _IS_CASED, _IS_UPPER)
    )
    sound = len(words) - lost - min(unlisted, _UNLISTED * len(words)) + _MARK * marks
    if cased >= _LEAST:
        share = upper / cased
        if not _LOWERED <= share <= _SHOUTED and text.lower() != text.upper():
            sound *= throughout
    return max(0.0, sound)


@lru_cache(maxsize=1 << 16)
def _traits(word: str) -> int:
    """Whether a word, names and acronyms apart, is unlisted, begins with a letter, a capital."""
    begins = 0
    if word[0].isalpha():
        begins = _IS_CASED | _IS_UPPER if word[0].isupper() else _IS_CASED
    known = word.istitle() or word.isupper() or _is_word(word)
    return begins if known else begins | _IS_UNLISTED


def _is_word(word: str) -> bool:
    """Whether English lists it, or it has no letters; parts of compounds one by one."""
    if word.isdigit():
        return True
    return all(part.isdigit() or is_listed(part) for part in re.split("['\u2019-]", word.lower()))


def _left_over(lines: list[tuple[str, list[str]]]) -> float:
    """What the short lines, dates or without a figure and a stop, count that `lines` begin with."""
    counts: list[int] = []
    for line, words in lines:
        if len(words) > _LABEL or _ENDS.search(line):
            break
        if any(sign.isdigit() for sign in line) and not stamp(line):
            break
        counts.append(len(words))
    return sum(counts) + _LINE * len(counts) if len(counts) <= _LABELS else 0.0


def _is_furniture(line: str, words: list[str]) -> bool:
    """Whether a line is a site's: a date, a notice, or several words of menus and few others."""
    known = sum(map(FURNITURE.__contains__, map(str.lower, words)))
    menu = known > 1 and 3 * known >= 2 * len(words)
    return menu or stamp(line) is not None or line_rule(line) != ""
