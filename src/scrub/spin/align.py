"""Two copies of a story side by side: sentences first, then the words that differ inside them.

Inside a strip of anchors (see scrub.spin.strips) words are aligned by Levenshtein distance over
their keys.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal, NamedTuple

from rapidfuzz.distance import Levenshtein

from scrub.spin.strips import DRIFT, strips
from scrub.spin.words import CONTENT, DETERMINERS, IS_SOLO, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SubstitutionKind = Literal["wording", "determiner", "number"]

# Set by hand.
_MAX_WORDS = 20_000  # longer texts are aligned in their first words only
_MAX_STRIP = 4_000  # words on either side of one Levenshtein table
_MAX_SUBSTITUTED = 6  # words; longer runs were rewritten, not substituted
_SIGNS = 2  # that a word has in a script without spaces, of which each is a word here
_MIN_SIMILARITY = 0.3
_VOWELS = frozenset("aeiouy")
_DAMAGED = 0.5  # similarity of a word and its form with broken characters
_ARTICLES = frozenset(("the", "its"))  # as keys: "a", "an" and "the" have one key


class Substitution(NamedTuple):
    """A run of words of text A that stands in the place of a run of words of text B.

    `start_a, end_a` and `start_b, end_b` count code points; neither run is empty, and a run of
    several words is one substitution.  `kind` is `determiner` where both are articles or "its",
    `number` where both write one number, else `wording`.  `word_a, word_b` are the places of the
    first words in `words_of` of the texts, `size_a, size_b` the numbers of words.
    """

    start_a: int
    end_a: int
    start_b: int
    end_b: int
    text_a: str
    text_b: str
    kind: SubstitutionKind
    word_a: int
    word_b: int
    size_a: int
    size_b: int


class Run(NamedTuple):
    """`size` words that two texts have alike, from place `at_a` of A and `at_b` of B on."""

    at_a: int
    at_b: int
    size: int


class SentencePair(NamedTuple):
    """Sentences of A beside the sentences of B that say the same.

    Usually one each; where one side splits what the other joins, several.  `similarity` is the
    share of words, in [0, 1], that both have in the same place (twice the equal words over the
    words of both); `frame_similarity` the same over function words, names and numbers alone.
    `equal` lists the runs of aligned equal words by their places in `words_of` of A and of B;
    `loose` counts the words of both sides that stand beside nothing (inserted, deleted or
    rewritten), `edits` the places where they stand.
    """

    start_a: int
    end_a: int
    start_b: int
    end_b: int
    similarity: float
    frame_similarity: float
    substitutions: tuple[Substitution, ...]
    equal: tuple[Run, ...]
    loose: int
    edits: int


def paired_places(runs: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """The places of each word of such runs, in A and in B."""
    for at_a, at_b, size in runs:
        yield from zip(range(at_a, at_a + size), range(at_b, at_b + size), strict=True)


def align(text_a: str, text_b: str) -> list[SentencePair]:
    """Align two texts: the sentence pairs they share, in the order of text A.

    Sentences without a counterpart are left out.  Offsets count code points of the texts.
    """
    return align_words(words_of(text_a), words_of(text_b))


def align_words(a: Words, b: Words) -> list[SentencePair]:
    """`align` for texts that were split before; see there."""
    cores, owner_a, owner_b = _cores(strips(a.key[:_MAX_WORDS], b.key[:_MAX_WORDS]), a, b)
    pairs: list[SentencePair] = []
    for number, core in enumerate(cores, start=1):
        region = _widen(core, number, a, b, owner_a, owner_b)
        for path in _beads(region, a, b):
            pair = _pair(path, a, b)
            if pair is not None:
                pairs.append(pair)
    pairs.sort(key=lambda pair: (pair.start_a, pair.start_b))
    return pairs


# A run of words of A and one of B, as places: first_a, last_a, first_b, last_b.
_Region = tuple[int, int, int, int]
# A step of an alignment: whether the words are equal, and the region.
_Step = tuple[bool, int, int, int, int]


def _cores(found: list[_Region], a: Words, b: Words) -> tuple[list[_Region], list[int], list[int]]:
    """The strips that overlap no better one, and which of them (from 1) owns each word."""
    owner_a, owner_b = [0] * len(a), [0] * len(b)
    cores: list[_Region] = []
    for first_a, last_a, first_b, last_b in found:
        while first_a < last_a and first_b < last_b and (owner_a[first_a] or owner_b[first_b]):
            first_a, first_b = first_a + 1, first_b + 1
        while (
            first_a < last_a and first_b < last_b and (owner_a[last_a - 1] or owner_b[last_b - 1])
        ):
            last_a, last_b = last_a - 1, last_b - 1
        if first_a >= last_a or first_b >= last_b:
            continue
        if any(owner_a[first_a:last_a]) or any(owner_b[first_b:last_b]):
            continue
        cores.append((first_a, last_a, first_b, last_b))
        owner_a[first_a:last_a] = [len(cores)] * (last_a - first_a)
        owner_b[first_b:last_b] = [len(cores)] * (last_b - first_b)
    return cores, owner_a, owner_b


def _widen(
    core: _Region, number: int, a: Words, b: Words, owner_a: list[int], owner_b: list[int]
) -> _Region:
    """Stretch a core to the ends of its sentences, as far as no other one holds the words."""
    first_a, last_a, first_b, last_b = core
    starts_a, starts_b = set(a.sentence), set(b.sentence)
    while not (first_a in starts_a or first_b in starts_b):
        if owner_a[first_a - 1] or owner_b[first_b - 1]:
            break
        first_a, first_b = first_a - 1, first_b - 1
    while not (last_a in starts_a or last_b in starts_b):
        if owner_a[last_a] or owner_b[last_b]:
            break
        last_a, last_b = last_a + 1, last_b + 1
    first_a = _to_start(first_a, -1, starts_a, owner_a)
    first_b = _to_start(first_b, -1, starts_b, owner_b)
    last_a = _to_start(last_a, 1, starts_a, owner_a)
    last_b = _to_start(last_b, 1, starts_b, owner_b)
    for at in range(first_a, last_a):
        owner_a[at] = number
    for at in range(first_b, last_b):
        owner_b[at] = number
    return first_a, last_a, first_b, last_b


def _to_start(at: int, step: int, starts: set[int], owner: list[int]) -> int:
    """The sentence border within DRIFT free words of `at`, else `at` itself."""
    for far in range(DRIFT + 1):
        if at + step * far in starts:
            return at + step * far
        if owner[at + step * far - (step < 0)]:
            break
    return at


def _beads(region: _Region, a: Words, b: Words) -> Iterator[list[_Step]]:
    """The word alignment of a region, cut where sentences begin on both sides at once."""
    first_a, _, first_b, _ = region
    starts_a = set(a.sentence[bisect_left(a.sentence, first_a) :])
    starts_b = set(b.sentence[bisect_left(b.sentence, first_b) :])
    bead: list[_Step] = []
    for same, i, i_end, j, j_end in _steps(region, a.key, b.key):
        from_a, from_b = i, j
        for cut_a, cut_b in _walk(same, i, i_end, j, j_end, a.sentence):
            if cut_a in starts_a and cut_b in starts_b:
                moved = cut_a > from_a or cut_b > from_b
                if moved:
                    bead.append((same, from_a, cut_a, from_b, cut_b))
                if bead:
                    yield bead
                    bead, from_a, from_b = [], cut_a, cut_b
        bead.append((same, from_a, i_end, from_b, j_end))
    if bead:
        yield bead


def _walk(
    same: bool, i: int, i_end: int, j: int, j_end: int, sentence: list[int]
) -> Iterator[tuple[int, int]]:
    """The places of a step, side by side, where sentences of A can begin."""
    if same:
        begin, end = bisect_left(sentence, i), bisect_left(sentence, i_end)
        return ((at, j + at - i) for at in sentence[begin:end])
    size = max(i_end - i, j_end - j)
    return ((min(i + k, i_end), min(j + k, j_end)) for k in range(size))


def _steps(region: _Region, a: list[str], b: list[str]) -> list[_Step]:
    """Equal words and gaps in turn, by the keys.

    Of "in the course of the war" and "during the war" either "the" may be the equal one: where an
    equal run between two gaps can be moved so that both make one substitution, it is.
    """
    first_a, last_a, first_b, last_b = region
    last_a, last_b = min(last_a, first_a + _MAX_STRIP), min(last_b, first_b + _MAX_STRIP)
    steps: list[_Step] = []
    for code in Levenshtein.opcodes(a[first_a:last_a], b[first_b:last_b]):
        i_end, j_end = code.src_end + first_a, code.dest_end + first_b
        same, i, j = code.tag == "equal", code.src_start + first_a, code.dest_start + first_b
        if steps and steps[-1][0] == same:
            _, i, _, j, _ = steps.pop()
        steps.append((same, i, i_end, j, j_end))
        if len(steps) > 2 and not same:
            gap, equal, other = steps[-3:]
            steps[-3:] = _closed(gap, equal, other, a, b)
            if len(steps) > 2 and steps[-3][0] and steps[-2][0]:  # it moved to the one before
                (_, i, _, j, _), (_, _, i_end, _, j_end) = steps[-3:-1]
                steps[-3:-1] = [(True, i, i_end, j, j_end)]
    return steps


def _closed(
    gap: _Step, equal: _Step, other: _Step, a: list[str], b: list[str]
) -> tuple[_Step, ...]:
    """The two gaps as one on either side of the equal run, or all three as they are."""
    (_, a0, a1, b0, b1), (_, _, a2, _, b2), (_, _, a3, _, b3) = gap, equal, other
    size_a, size_b = a3 - a0 - (a2 - a1), b3 - b0 - (b2 - b1)
    if min(size_a, size_b) > 0 and max(size_a, size_b) <= _MAX_SUBSTITUTED:
        for at_a, at_b in ((a0 + size_a, b0 + size_b), (a0, b0)):
            end_a, end_b = at_a + a2 - a1, at_b + b2 - b1
            if a[at_a:end_a] == b[at_b:end_b] == a[a1:a2]:
                moved = (True, at_a, end_a, at_b, end_b)
                if at_a > a0:
                    return (False, a0, at_a, b0, at_b), moved
                return moved, (False, end_a, a3, end_b, b3)
    return gap, equal, other


def _pair(path: list[_Step], a: Words, b: Words) -> SentencePair | None:
    """What a stretch of alignment says, or None where the two sides are not alike."""
    first_a, last_a, first_b, last_b = path[0][1], path[-1][2], path[0][3], path[-1][4]
    if first_a == last_a or first_b == last_b:
        return None
    equal = [Run(i, j, i_end - i) for same, i, i_end, j, _ in path if same]
    alike = sum(size for _, _, size in equal)
    similarity = 2 * alike / (last_a - first_a + last_b - first_b)
    if similarity < _MIN_SIMILARITY:
        return None
    frame = last_a - first_a + last_b - first_b
    frame -= a.kind[first_a:last_a].count(CONTENT) + b.kind[first_b:last_b].count(CONTENT)
    framed = alike - sum(a.kind[at : at + size].count(CONTENT) for at, _, size in equal)
    substitutions: list[Substitution] = []
    loose = edits = 0
    for same, i, i_end, j, j_end in path:
        if same:
            if a.lower[i:i_end] != b.lower[j:j_end]:
                substitutions += _variants(i, i_end, j, a, b)
            continue
        found = list(_substitutions(i, i_end, j, j_end, a, b))
        substitutions += found
        if not found:
            loose += i_end - i + j_end - j
            edits += 1
    substitutions.sort(key=lambda found: found.word_a)
    return SentencePair(
        a.start[first_a],
        a.end[last_a - 1],
        b.start[first_b],
        b.end[last_b - 1],
        similarity,
        min(1.0, 2 * framed / frame) if frame else similarity,
        tuple(substitutions),
        tuple(equal),
        loose,
        edits,
    )


def _substitutions(
    i: int, i_end: int, j: int, j_end: int, a: Words, b: Words
) -> Iterator[Substitution]:
    """The substitutions of one gap: a run for a run, determiners apart; none if it is no swap."""
    size_a, size_b = i_end - i, j_end - j
    signs = _SIGNS if i < i_end and IS_SOLO(a.lower[i]) else 1
    if not size_a or not size_b or max(size_a, size_b) > _MAX_SUBSTITUTED * signs:
        return
    if signs == 1 and _is_spelling("".join(a.key[i:i_end]), "".join(b.key[j:j_end])):
        return
    if size_a != size_b:
        yield _substitution("wording", a, i, size_a, b, j, size_b)
        return
    begin = 0
    for at in range(size_a + 1):
        inside = at < size_a
        determiner = inside and a.key[i + at] in _ARTICLES and b.key[j + at] in _ARTICLES
        if determiner or not inside:
            if at > begin:
                size = at - begin
                yield _substitution("wording", a, i + begin, size, b, j + begin, size)
            if determiner:
                yield _substitution("determiner", a, i + at, 1, b, j + at, 1)
            begin = at + 1


def _variants(i: int, i_end: int, j: int, a: Words, b: Words) -> Iterator[Substitution]:
    """The substitutions that hide behind equal keys: "a" for "the", "2" for "two"."""
    for at_a, at_b in zip(range(i, i_end), range(j, j + i_end - i), strict=True):
        one, other = a.lower[at_a], b.lower[at_b]
        if one == other or {one, other} == {"a", "an"}:
            continue
        if one in DETERMINERS and other in DETERMINERS:
            yield _substitution("determiner", a, at_a, 1, b, at_b, 1)
        elif one.isdigit() != other.isdigit() and a.is_number(at_a):
            yield _substitution("number", a, at_a, 1, b, at_b, 1)


def _is_spelling(one: str, other: str) -> bool:
    """Whether two wordings are one, differently split, hyphenated or damaged in its characters."""
    if one == other or _is_abbreviation(one, other) or _is_abbreviation(other, one):
        return True
    if one.isascii() and other.isascii():
        return False
    damaged = {sign for sign in one if sign > "~"} != {sign for sign in other if sign > "~"}
    return damaged and Levenshtein.normalized_similarity(one, other) >= _DAMAGED


def _is_abbreviation(short: str, long: str) -> bool:
    """Whether a word is another without its vowels and some letters: "cts", "pct", "mln"."""
    if len(short) >= len(long) or short[0] != long[0] or any(sign in _VOWELS for sign in short):
        return False
    letters = iter(long)
    return all(sign in letters for sign in short)


def _substitution(
    kind: SubstitutionKind, a: Words, at_a: int, size_a: int, b: Words, at_b: int, size_b: int
) -> Substitution:
    return Substitution(
        a.start[at_a],
        a.end[at_a + size_a - 1],
        b.start[at_b],
        b.end[at_b + size_b - 1],
        a.quote(at_a, at_a + size_a),
        b.quote(at_b, at_b + size_b),
        kind,
        at_a,
        at_b,
        size_a,
        size_b,
    )
