"""The change log: replayed, undone and mapped through, on any text and any edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.clean.changes import Draft, Edit, replay, source_span, undo
from scrub.clean.spans import SourceSpans
from scrub.document import Change


@st.composite
def drafts(draw: st.DrawFn) -> tuple[str, Draft]:
    """A text, and the draft after up to four stages of edits."""
    text = draw(st.text("ab \né", max_size=40))
    draft = Draft(text)
    for stage in range(draw(st.integers(0, 4))):
        borders = sorted(draw(st.lists(st.integers(0, len(draft.text)), max_size=8, unique=True)))
        spans = zip(borders[::2], borders[1::2], strict=False)
        edits = [Edit(a, b, draw(st.text("xyz", max_size=3)), "rule") for a, b in spans]
        draft.apply(f"stage {stage}", edits)
    return text, draft


@given(drafts())
def test_raw_text_and_changes_give_the_cleaned_text_and_back(case: tuple[str, Draft]) -> None:
    text, draft = case
    assert replay(text, draft.changes) == draft.text
    assert undo(draft.text, draft.changes) == text
    one_by_one = text
    for change in draft.changes:
        assert one_by_one[change.start : change.end] == change.before
        one_by_one = one_by_one[: change.start] + change.after + one_by_one[change.end :]
    assert one_by_one == draft.text


@given(drafts(), st.data())
def test_a_source_span_lies_in_the_source_and_covers_what_was_left_alone(
    case: tuple[str, Draft], data: st.DataObject
) -> None:
    text, draft = case
    start = data.draw(st.integers(0, len(draft.text)))
    end = data.draw(st.integers(start, len(draft.text)))
    source_start, source_end = source_span(draft.changes, start, end)
    assert 0 <= source_start <= source_end <= len(text)
    shown = draft.text[start:end]
    if shown and not set(shown) & set("xyz"):
        # nothing in it was put there by an edit: its characters stand in the source span in order
        rest = iter(text[source_start:source_end])
        assert all(character in rest for character in shown)


@given(drafts())
def test_whole_text_comes_from_whole_source(case: tuple[str, Draft]) -> None:
    text, draft = case
    start, end = source_span(draft.changes, 0, len(draft.text))
    untouched = not draft.changes
    assert (start, end) == (0, len(text)) if untouched else 0 <= start <= end <= len(text)


def test_a_replaced_word_maps_to_the_word_it_replaced() -> None:
    draft = Draft("It cost â‚¬5, they said.")
    draft.apply("encoding", [Edit(8, 11, "€", "mojibake")])
    assert draft.text == "It cost €5, they said."
    assert source_span(draft.changes, 8, 9) == (8, 11)
    assert source_span(draft.changes, 9, 10) == (11, 12)
    assert source_span(draft.changes, 0, 7) == (0, 7)


def test_a_log_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="other text here"):
        replay("abc", [Change("layout", "spaces", 0, 1, "x", "")])


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        Draft("abcdef").apply("layout", [Edit(0, 3, "x", "a"), Edit(2, 4, "y", "b")])


@given(drafts())
def test_many_spans_are_mapped_as_each_by_itself(case: tuple[str, Draft]) -> None:
    _, draft = case
    source, size = SourceSpans(draft.changes), len(draft.text)
    spans = [(start, end) for start in range(size + 1) for end in range(start, size + 1)]
    assert [source(*span) for span in spans] == [source_span(draft.changes, *s) for s in spans]


def test_a_span_looks_at_the_changes_beside_it_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from scrub.clean import spans

    looked = []

    def noting(changes: list[Change], start: int, end: int) -> tuple[int, int]:
        looked.append(len(changes))
        return source_span(changes, start, end)

    monkeypatch.setattr(spans, "source_span", noting)
    draft = Draft("ab" * 5000)
    for stage in "12":
        draft.apply(stage, [Edit(at, at + 1, "xyz", "rule") for at in range(0, 9000, 2)])
    source = SourceSpans(draft.changes)
    for start in range(0, len(draft.text), 7):
        assert source(start, start + 5)[0] >= 0
    assert max(looked) <= 6
