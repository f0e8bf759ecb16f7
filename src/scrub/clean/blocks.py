"""What a block of a page looks like, as numbers: the features that tell an article from furniture.

A block is a line of a text whose inline breaks are joined.  The features follow the literature on
boilerplate without tags (jusText: stopword share and length in context, Pomikalek 2011; text
density and neighbours, Kohlschuetter et al. 2010): form, not topic, and a short vocabulary of
the web's own furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub.clean.lines import FURNITURE, LONGEST, line_rule
from scrub.languages import CLOSERS, STOPS, Vocabulary, vocabulary_of

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Scripts that write no space between words: of a run as short as an item of a menu all is one word,
# a longer one is read as words of two letters, about what those of Chinese and Japanese have.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Set by hand.
_LABEL, _LETTERS = 6, 2
_ENDS = tuple(STOPS + "…")
_STOP = re.compile(rf"[{STOPS}][{re.escape(CLOSERS)}]*(?=\s|\Z)|[。！？]")
_TIME = re.compile(
    r"\b(?=[0-9adfjmnopstw])(?:[0-2]?[0-9]:[0-5][0-9]|(?:19|20)[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|ago|am|pm|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sep(?:tember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"[\W_]*(?:[0-9,]{0,7}\s?(?:comments?|responses?|replies|thoughts?|reactions?|"
    r"reader comments?)\b"
    r".{0,60}|(?:leave|post|add|write|submit) (?:a|your) (?:comment|reply|response).{0,40}|"
    r"(?:reader |user |your |all )?(?:comments|feedback|discussion|"
    r"responses)[\W_]*.{0,20}|join the discussion.{0,40})",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r".{0,60}\b(?:says|said|wrote|writes|replied|responded|posted by|reply|permalink|"
    r"report abuse|quote|member since|joined)\b[^.]{0,40}:?",
    re.IGNORECASE,
)
_FIRST_PERSON = frozenset(
    """i i'm i’m i've i’ve i'd my me you your you're lol thanks thank""".split()  # noqa: SIM905
)

_HEAD = 3000  # characters of a block that are looked at
_READ = 4000  # words of a page that tell its language

# Columns of the form of a block alone, in the order of `own_features`.
OWN = (
    "bias", "log words", "words 1", "words 2-4", "words 5-9", "words 10-24", "words 25-59",
    "words 60+", "function share", "function share, 10+ words", "ended", "ended, 10+ words",
    "sentence ends", "sentence ends per word", "commas per word", "capital share",
    "capital share, 5+ words", "digit share", "furniture share", "furniture any", "rule fires",
    "lower start", "separators", "address", "time", "comment marker", "speaker line",
    "first person share", "question or shout", "quotation", "colon end", "no letters",
    "copyright sign", "list item",
)  # fmt: skip


def is_ended(line: str) -> bool:
    """Whether a block ends as a sentence does, or with an ellipsis."""
    return line.rstrip(CLOSERS).endswith(_ENDS)


def block_words(text: str) -> list[str]:
    """The words of a text; of a script without spaces between them, pieces of about their size."""
    words = _WORD.findall(text)
    if text.isascii() or not _UNSPACED.search(text):
        return words
    return [
        piece
        for word in words
        for piece in (
            [word[at : at + _LETTERS] for at in range(0, len(word), _LETTERS)]
            if len(word) > _LABEL and _UNSPACED.search(word)
            else [word]
        )
    ]


def _is_function(word: str, known: Vocabulary) -> bool:
    """Whether a word is of the closed classes, which a script without spaces writes by sign."""
    if not _UNSPACED.match(word):
        return word in known.function
    return all(sign in known.function for sign in word)


def own_features(lines: list[str]) -> NDArray[np.float64]:
    """Features of each block by itself, shape (len(lines), len(OWN))."""
    known = block_vocabulary(tuple(lines))
    rows = [(_kept if len(line) <= LONGEST else _own)(line, known) for line in lines]
    found = np.array(rows, dtype=np.float64).reshape(-1, len(OWN))
    words = OWN.index("log words")
    found[:, words] = np.log1p(found[:, words])
    return found


@lru_cache(1)  # a page is asked first whether it is one
def block_vocabulary(lines: tuple[str, ...]) -> Vocabulary:
    """The function words and the words of furniture of the language that a page is in."""
    words: list[str] = []
    for line in lines:
        words += _WORD.findall(line[:_HEAD].lower())
        if len(words) >= _READ:
            break
    words = words[:_READ]
    if _UNSPACED.search(" ".join(words)):
        words += [sign for word in words if _UNSPACED.match(word) for sign in word]
    return _with_furniture(vocabulary_of(words))


@lru_cache(1 << 6)
def _with_furniture(known: Vocabulary) -> Vocabulary:
    return Vocabulary(known.function, known.menu | FURNITURE)


def _own(line: str, known: Vocabulary) -> tuple[float, ...]:
    head = line[:_HEAD]
    words = block_words(head)
    count = max(1, len(words))
    lowered = " ".join(words).lower().split()
    if head.isascii() or not _UNSPACED.search(head):
        function = sum(map(known.function.__contains__, lowered)) / count
    else:
        function = sum(_is_function(word, known) for word in lowered) / count
    ended = float(is_ended(line))
    stops = len(_STOP.findall(head))
    capital = sum(word[0].isupper() for word in words) / count
    furniture = sum(map(known.menu.__contains__, lowered)) / count
    short = len(line) <= LONGEST
    return (
        1.0,
        float(len(words)),  # `own_features` takes its logarithm
        float(len(words) <= 1),
        float(2 <= len(words) <= 4),
        float(5 <= len(words) <= 9),
        float(10 <= len(words) <= 24),
        float(25 <= len(words) <= 59),
        float(len(words) >= 60),
        function,
        function * (len(words) >= 10),
        ended,
        ended * (len(words) >= 10),
        min(stops, 5) / 5,
        min(1.0, stops / count * 10),
        min(1.0, (head.count(",") + head.count("，") + head.count("、")) / count * 5),
        capital,
        capital * (len(words) >= 5),
        sum(map(str.isdigit, words)) / count,
        furniture,
        float(furniture > 0),
        float(short and line_rule(line) != ""),
        float(head[:1].islower()),
        float(any(mark in head for mark in "|»›•·<>")),
        float("@" in head or "http" in head or "www." in head),
        float(short and _TIME.search(head) is not None),
        float(short and _COMMENTS.fullmatch(line) is not None),
        float(len(line) <= 150 and _SPEAKER.fullmatch(line) is not None),
        sum(map(_FIRST_PERSON.__contains__, lowered)) / count,
        float("?" in head or "!" in head),
        float(any(mark in head for mark in '"“”')),
        float(line.endswith(":")),
        float(not words),
        float("©" in head or "opyright" in head),
        float(line[:2] in ("- ", "* ", "• ", "· ")),
    )


# The lines of a menu are on every page of a site; long ones are not, and are not kept.
_kept = lru_cache(1 << 12)(_own)


# Columns of what stands around a block, in the order of `context_features`.
CONTEXT = (
    "score -1", "score +1", "score -2", "score +2", "score near 3", "score near 8",
    "score near 20", "score before", "score after", "log prose words before",
    "log prose words after", "inside article run", "blocks to run before", "blocks to run after",
    "place", "place before", "page share", "log blocks", "after comment marker",
    "comment markers before", "speakers near", "furniture near", "title words",
    "repeated in page", "first lines", "short run", "time near", "first person near",
)  # fmt: skip


def context_features(
    lines: list[str], own: NDArray[np.float64], score: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Features of each block's surroundings, shape (len(lines), len(CONTEXT)).

    `score` is the first model's probability that the block is text of the article, in [0, 1].
    """
    count = len(lines)
    words = np.expm1(own[:, OWN.index("log words")])
    weighted = score * words
    total = float(weighted.sum()) + 1.0
    begin, end = article_run(score, words)
    index = np.arange(count)
    before = np.concatenate([[0.0], np.cumsum(weighted)[:-1]])
    after = weighted.sum() - before - weighted
    marker = own[:, OWN.index("comment marker")] * (index > begin)
    # A marker above the article is a link to the comments; only prose before it, as much as is set
    # here by hand, makes it a border.
    marker = marker * (before > 0.2 * total)
    markers = np.cumsum(marker) - marker
    title = set(block_words(" ".join(lines[:1]).lower()))
    times = Counter(lines)
    titled = np.zeros(count)
    for position in np.flatnonzero(words[1:] < 30).tolist():
        found = block_words(lines[position + 1][:200].lower())
        if len(found) >= 2:
            titled[position + 1] = sum(map(title.__contains__, found)) / len(found)
    short = words < 8
    last = np.maximum.accumulate(np.where(short, -1, index))
    following = np.minimum.accumulate(np.where(short, count, index)[::-1])[::-1]
    runs = np.where(short, following - last - 1, 0)
    columns = [
        _shift(score, 1),
        _shift(score, -1),
        _shift(score, 2),
        _shift(score, -2),
        _window(score, words, 3),
        _window(score, words, 8),
        _window(score, words, 20),
        before / total,
        after / total,
        np.log1p(before),
        np.log1p(after),
        ((index >= begin) & (index < end)).astype(float),
        np.minimum(np.maximum(begin - index, 0), 20) / 20,
        np.minimum(np.maximum(index - end + 1, 0), 20) / 20,
        index / max(1, count - 1),
        (index < begin).astype(float),
        np.full(count, total / (words.sum() + 1.0)),
        np.full(count, np.log1p(count)),
        (markers > 0).astype(float),
        np.minimum(markers, 4) / 4,
        _window(own[:, OWN.index("speaker line")], None, 3),
        _window(own[:, OWN.index("furniture share")], words, 3),
        titled,
        np.array([min(times[line], 4) - 1 for line in lines]) / 3,
        (index < 3).astype(float),
        np.log1p(runs),
        _window(own[:, OWN.index("time")], None, 2),
        _window(own[:, OWN.index("first person share")], words, 3),
    ]
    return np.stack(columns, axis=1)


def article_run(score: NDArray[np.float64], words: NDArray[np.float64]) -> tuple[int, int]:
    """The run of blocks `[begin, end)` with the largest sum of words times (score - 1/2).

    A short block costs at least three words (by hand), so that a long menu parts two runs.
    """
    gain = (score - 0.5) * np.maximum(words, 3.0)
    best, begin, end, start, running = 0.0, 0, 0, 0, 0.0
    for index, value in enumerate(gain.tolist()):
        if running <= 0:
            start, running = index, 0.0
        running += value
        if running > best:
            best, begin, end = running, start, index + 1
    return begin, end


def _shift(values: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    """The value of the block `by` places before (or after, where negative); 0 beyond the ends."""
    moved = np.zeros_like(values)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


def _window(
    values: NDArray[np.float64], words: NDArray[np.float64] | None, reach: int
) -> NDArray[np.float64]:
    """Mean over the neighbours within `reach`, the block left out, weighted by words if given."""
    weight = np.ones_like(values) if words is None else words + 1.0
    sums = np.concatenate([[0.0], np.cumsum(values * weight)])
    weights = np.concatenate([[0.0], np.cumsum(weight)])
    index = np.arange(len(values))
    low = np.maximum(index - reach, 0)
    high = np.minimum(index + reach + 1, len(values))
    total = weights[high] - weights[low] - weight
    return np.asarray((sums[high] - sums[low] - values * weight) / np.maximum(total, 1.0))
