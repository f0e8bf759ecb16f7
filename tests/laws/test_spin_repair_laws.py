"""Laws of alignment and repair, for any text."""

import itertools
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from scrub.document import Flag, FlagKind
from scrub.spin.align import align, paired_places
from scrub.spin.evidence import merge, without_overlaps
from scrub.spin.repair import apply, disjoint, meets, repair
from scrub.spin.words import words_of
from test_spin_repair import undone

WORDS = st.sampled_from(
    [
        "the",
        "a",
        "an",
        "its",
        "Bonn",
        "U.S.",
        "two",
        "2",
        "1,500",
        "said",
        "yet",
        "but",
        "boat",
        "boats’",
        "co-op",
        "café",
        "北京",
        "ß",
        "river.",
        "Anna",
        "end!",
        "“no”",
        '"so"',
        "It's",
    ]
)
TEXTS = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=80)
SOURCES = st.sampled_from(["sibling:x", "lexicon", "context", "languagetool:R", "phrases"])


@st.composite
def flagged(draw: st.DrawFn) -> tuple[str, list[Flag]]:
    text = draw(TEXTS)
    flags = []
    for _ in range(draw(st.integers(0, 8)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, min(len(text), start + 9)))
        kind = draw(st.sampled_from(get_args(FlagKind)))
        flags.append(
            Flag(
                "d", start, end, text[start:end], draw(st.text(max_size=9)), kind, draw(SOURCES),
                draw(st.floats(0, 1)), decision=draw(st.sampled_from(["", "accept", "reject"])),
            )
        )  # fmt: skip
    return text, flags


@given(flagged(), st.floats(0, 1))
def test_repair_can_be_undone_and_replayed(case: tuple[str, list[Flag]], threshold: float) -> None:
    text, flags = case
    repaired, applied = repair(text, flags, threshold)
    assert undone(repaired, list(applied)) == text
    assert apply(text, applied) == repaired
    assert all(one.end <= two.start for one, two in itertools.pairwise(applied))


@given(flagged(), st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_order(case: tuple[str, list[Flag]], draw: object) -> None:
    flags = case[1]
    mixed = list(flags)
    draw.shuffle(mixed)  # type: ignore[attr-defined]
    assert merge(flags) == merge(mixed)
    merged = without_overlaps(flags)
    assert all(one.end <= two.start for one, two in itertools.pairwise(merged))


@given(TEXTS, TEXTS)
def test_an_alignment_speaks_of_what_is_there(one: str, other: str) -> None:
    a, b = words_of(one), words_of(other)
    seen_a: set[int] = set()
    seen_b: set[int] = set()
    for pair in align(one, other):
        assert 0 <= pair.similarity <= 1
        assert 0 <= pair.frame_similarity <= 1
        for at_a, at_b in paired_places(pair.equal):
            assert a.key[at_a] == b.key[at_b]
            assert at_a not in seen_a
            assert at_b not in seen_b
            seen_a.add(at_a)
            seen_b.add(at_b)
        for found in pair.substitutions:
            assert one[found.start_a : found.end_a] == found.text_a
            assert other[found.start_b : found.end_b] == found.text_b
            assert pair.start_a <= found.start_a < found.end_a <= pair.end_a
            assert pair.start_b <= found.start_b < found.end_b <= pair.end_b


@given(TEXTS)
def test_a_text_has_no_substitutions_against_itself(text: str) -> None:
    assert all(pair.substitutions == () for pair in align(text, text))


@given(TEXTS)
def test_words_lie_in_order_in_the_text(text: str) -> None:
    words = words_of(text)
    spans = list(zip(words.start, words.end, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))
    assert words.sentence == sorted(set(words.sentence)) or len(words) == 0


SPANS = st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(SPANS), SPANS)
def test_spans_made_disjoint_meet_what_they_met(
    spans: list[tuple[int, int]], span: tuple[int, int]
) -> None:
    start, end = span
    expected = any(first < end and start < last for first, last in spans)
    found = disjoint(spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    assert meets(found, start, end) is expected
