"""Turns what LanguageTool finds in suspect documents into flags on the word that was exchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrub.document import Flag, LanguageToolReport
from scrub.languages import vocabularies, vocabulary_of
from scrub.spin.evidence import surest
from scrub.spin.languagetool import rules
from scrub.spin.languagetool.answers import Match
from scrub.spin.languagetool.checker import check_sentences
from scrub.spin.words import flag_on, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scrub.config import LanguageToolSettings
    from scrub.spin.languagetool.rules import Family

_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
_ARTICLE = re.compile(r"(?:an?|the)\b", re.IGNORECASE)
# Set by hand.
_NEAR = 60  # characters within which the next word begins

# `the` is about two thirds of the articles of English news; less than half: many became a.
_SHARE_OF_THE = 0.5
_ENOUGH_ARTICLES = 8
# The least share of English function words in English, spun or not (it has a third), and the words
# that show it.  Set by hand.
_FUNCTION, _SHOWN = 0.05, 20


def flags(
    documents: Mapping[str, str],
    scores: Mapping[str, float],
    settings: LanguageToolSettings,
    *,
    threshold: float,
    cache: Path | None = None,
    own: str = "",
) -> tuple[list[Flag], LanguageToolReport]:
    """Flag the words that make a suspect document ungrammatical.

    `documents` maps ids to cleaned texts, `scores` to their spin scores in [0, 1]; a document is
    suspect from `threshold` on, and with `settings.scope` "all" each one is, but none in another
    language than the rules, which are English.  `cache` and `own` as for `check_sentences`.
    Returns flags in order of id and place, not overlapping, and what was done; where LanguageTool
    is missing or fails there are fewer flags and the report says why.

    Kind `determiner`: an article that stood for `the`, which is the suggestion.  Kind `grammar`:
    a word that cannot be the original; its suggestion is empty, for LanguageTool would only bend
    the wrong word.  The confidence is the probability that the flag (with its suggestion, if it
    has one) is right.
    """
    if settings.scope == "off":
        return [], LanguageToolReport()
    suspects = sorted(
        i
        for i, text in documents.items()
        if (settings.scope == "all" or scores.get(i, 0.0) >= threshold) and not _is_foreign(text)
    )
    texts = [documents[i] for i in suspects]
    places = [
        (number, start, end)
        for number, spans in enumerate(_sentences(texts))
        for start, end in spans
    ]
    sentences = [texts[number][start:end] for number, start, end in places]
    matches, report = check_sentences(sentences, settings, rules.RULES, cache=cache, own=own)
    of_document: dict[int, list[tuple[int, Match]]] = {}
    for (number, start, _), found in zip(places, matches, strict=True):
        of_document.setdefault(number, []).extend((start, match) for match in found)
    result: list[Flag] = []
    for number, found_there in sorted(of_document.items()):
        name = suspects[number]
        blamed = _read(name, texts[number], scores.get(name, 0.0), found_there)
        result += surest(sorted(blamed, key=lambda f: (f.start, f.end, -f.confidence, f.source)))
    return result, report


def _is_foreign(text: str) -> bool:
    """Whether a text has more function words of another language, or hardly one of English."""
    words = words_of(text).lower
    english = vocabularies()["en"]
    share = sum(word in english.function for word in words) / max(1, len(words))
    return vocabulary_of(words) is not english or (len(words) >= _SHOWN and share < _FUNCTION)


def _sentences(texts: list[str]) -> Iterator[list[tuple[int, int]]]:
    """The sentences of each text, code points from the first word of one to that of the next."""
    from scrub.match.tokens import tokenize  # compiles; set-up and doctor have no need of it

    tokens = tokenize(texts)
    for document, text in enumerate(texts):
        first, last = tokens.document_sentences[document : document + 2].tolist()
        index = tokens.code_points(document)
        words = tokens.sentences[first:last]
        starts = [int(i) for i in index[tokens.start[words] - tokens.offsets[document]]]
        ends = [*starts[1:], len(text)] if starts else []  # a text may have no word
        yield [
            (start, start + len(text[start:end].rstrip()))
            for start, end in zip(starts, ends, strict=True)
        ]


def _read(name: str, text: str, score: float, found: list[tuple[int, Match]]) -> Iterator[Flag]:
    a_for_the = _a_for_the(text)
    for offset, match in found:
        start, end = offset + match.start, offset + match.end
        family = _family(match.rule, text, start, end, a_for_the=a_for_the)
        span = _blamed(text, start, end, family)
        if span is None:
            continue
        suggestion = ""
        if family.blame == "article":
            suggestion = "The" if text[span[0]].isupper() else "the"
        yield flag_on(
            name,
            text,
            span,
            suggestion,
            "determiner" if suggestion else "grammar",
            f"languagetool:{match.rule}",
            round(family.precision * _spun(score, family.ratio), 3),
        )


def _family(rule: str, text: str, start: int, end: int, *, a_for_the: bool) -> Family:
    if rule != rules.A_VS_AN:
        return rules.FAMILIES[rule]
    if text[start:end].lower() == "an":
        return rules.WORD_AFTER_AN
    after = _WORD.search(text, end, end + _NEAR)
    exchangeable = after is not None and after[0][0].islower()  # no name, no number
    return rules.WORD_AFTER_A if exchangeable and not a_for_the else rules.ARTICLE_BEFORE_VOWEL


def _blamed(text: str, start: int, end: int, family: Family) -> tuple[int, int] | None:
    """Where the exchanged word is; None where the match has no such word."""
    if family.blame == "article":
        found = _ARTICLE.match(text, start, end)
        return found.span() if found and found[0].lower() != "the" else None
    if family.blame == "next":
        after = _WORD.search(text, end, end + _NEAR)
        if after is None or not after[0][0].islower() or not text[end : after.start()].isspace():
            return None  # a name, a number, or quoted: not exchanged
        return after.span()
    words = [word.span() for word in _WORD.finditer(text, start, end)]
    if not words:
        return None
    return words[0] if family.blame == "first" else words[-1]


def _a_for_the(text: str) -> bool:
    """Whether a spinner turned `the` into `a` all over the text."""
    articles = [word.lower() for word in re.findall(r"\b(?:an?|the)\b", text, re.IGNORECASE)]
    return len(articles) >= _ENOUGH_ARTICLES and articles.count("the") < _SHARE_OF_THE * len(
        articles
    )


def _spun(score: float, ratio: float) -> float:
    """The probability that the text is spun, by its score, once such an error was seen (Bayes)."""
    score = min(max(score, 0.01), 0.99)  # set by hand
    return score * ratio / (score * ratio + 1 - score)
