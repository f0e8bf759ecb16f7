"""All flags of a document in one list: votes counted, overlaps resolved, order fixed.

The kinds of evidence, strongest first: a sibling, the learned lexicon, language statistics,
LanguageTool, known phrases.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from operator import attrgetter

from scrub.document import Flag

SOURCES = ("sibling", "lexicon", "context", "languagetool", "phrases")

# An article that grammar forbids is surer than one that is often exchanged: after the siblings.
# Set by hand.
_GRAMMAR = SOURCES.index("sibling") + 0.5
_VOTE = 0.5  # weight of a second source, which is seldom independent of the first


def strength(flag: Flag) -> tuple[float, float, int, int, str, str, str, str]:
    """Sorts flags of one document: the strongest kind of evidence first, then the surest."""
    kind = flag.source.partition(":")[0]
    rank: float = SOURCES.index(kind) if kind in SOURCES else len(SOURCES)
    if kind == "languagetool" and flag.kind == "determiner":
        rank = _GRAMMAR
    ties = flag.suggestion, flag.source, flag.kind, flag.decision
    return rank, -flag.confidence, flag.start, -flag.end, *ties


def without_overlaps(flags: Iterable[Flag]) -> list[Flag]:
    """The flags of one document that stand when the strongest go first, in order of place."""
    standing: list[Flag] = []
    for flag in sorted(flags, key=strength):
        at = bisect_left(standing, flag.end, key=attrgetter("start"))
        # What stands does not overlap, so that only the nearest before can reach this one.
        if at == 0 or standing[at - 1].end <= flag.start:
            standing.insert(at, flag)
    return standing


def surest(flags: Iterable[Flag]) -> list[Flag]:
    """The surest of the flags that overlap, for flags in order of place."""
    kept: list[Flag] = []
    for flag in flags:
        if not kept or flag.start >= kept[-1].end:
            kept.append(flag)
        elif flag.confidence > kept[-1].confidence:
            kept[-1] = flag
    return kept


def merge(*sources: Iterable[Flag], confirmed: Mapping[str, Set[int]] | None = None) -> list[Flag]:
    """One list of the flags of several sources, sorted by id and place, without overlaps.

    A flag that another source repeats (same span, same suggestion) becomes surer.  `confirmed`
    maps ids to the code points where words begin that an unspun sibling has too: nothing but a
    sibling may flag them.  An article that LanguageTool would change stands when it goes with
    the word that another flag puts behind it.
    """
    confirmed = confirmed or {}
    of_document: dict[str, list[Flag]] = {}
    for source in sources:
        for flag in source:
            if flag.source.startswith("sibling:") or flag.start not in confirmed.get(flag.id, ()):
                of_document.setdefault(flag.id, []).append(flag)
    merged: list[Flag] = []
    for name in sorted(of_document):
        merged += _with_votes(of_document[name])
    return merged


def _with_votes(flags: list[Flag]) -> list[Flag]:
    groups: dict[tuple[int, int, str], list[Flag]] = {}
    for flag in flags:
        groups.setdefault((flag.start, flag.end, flag.suggestion.lower()), []).append(flag)
    voted = []
    for group in groups.values():
        if len(group) == 1:
            voted.append(group[0])
            continue
        group.sort(key=strength)
        doubt = 1 - group[0].confidence
        kinds = {group[0].source.partition(":")[0]}
        for flag in group[1:]:
            kind = flag.source.partition(":")[0]
            if kind not in kinds:
                kinds.add(kind)
                doubt *= 1 - _VOTE * flag.confidence
        voted.append(replace(group[0], confidence=round(1 - doubt, 4)))
    standing = without_overlaps(voted)
    following = {flag.start: flag for flag in standing}
    return [flag for flag in standing if not _is_settled_article(flag, following.get(flag.end + 1))]


def _is_settled_article(flag: Flag, following: Flag | None) -> bool:
    if following is None or not flag.source.startswith("languagetool:"):
        return False
    return flag.text.lower() in ("a", "an") and flag.text.lower() == article(following.suggestion)


_SPOKEN_VOWEL = ("hour", "honest", "honor", "honour", "heir", "herb")
_SPOKEN_CONSONANT = ("uni", "use", "usa", "usu", "uti", "eu", "ewe", "one", "once", "ubi", "ura")


def article(following: str) -> str:
    """ "a" or "an", by how the word behind it begins when it is spoken.

    By the spelling and the common exceptions: letters spelled out ("an FBI"), a silent h, the
    u of "union".  "uni" is a vowel in "unimportant" and the like.
    """
    word = following.split()[0] if following.split() else ""
    if word.isupper() and len(word) > 1 and (len(word) <= 3 or not set(word) & set("AEIOU")):
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    low = word.lower()
    if low.startswith(("unim", "unin", "unid")) and not low.startswith("unidi"):
        return "an"
    if low.startswith(_SPOKEN_CONSONANT):
        return "a"
    if low.startswith(_SPOKEN_VOWEL):
        return "an"
    return "an" if low[:1] in tuple("aeiou") else "a"
