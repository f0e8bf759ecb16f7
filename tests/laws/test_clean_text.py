"""The clean stage as a whole: stable, replayable, the same one by one as in a batch."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrub.clean import survey
from scrub.clean.changes import replay, undo
from scrub.clean.lines import _COMPILED, is_candidate, line_rule
from scrub.clean.repeated import LineCounts, count_lines, repeated_lines
from scrub.clean.text import clean_batch, clean_text
from scrub.config import CleanSettings
from scrub.document import Document

DEFAULT = CleanSettings()

sentences = st.sampled_from(
    [
        "The council met on Tuesday to agree the budget for the coming year.",
        "“It was not an easy decision,” the mayor said after the vote.",
        "Opponents called it a disgrace, and said they would go to court over it.",
        "He said Smith & Sons had paid £5 million — more than any other bidder…",
        "Prices rose 3.5 per cent in May, which was less than analysts had expected.",
    ]
)
furniture = st.sampled_from(
    ["Advertisement", "- Advertisement -", "Home", "Share", "Read also: Five things to know",
     "Sign up for our newsletter.", "© 2019 The Daily. All rights reserved.", "PHOTO: REUTERS",
     "Home | News | Sport | Weather", "By Jane Smith", "12 May 2019", "Posted 3 May 2018 at 10:15",
     "Comments", "Login", "More news", "x", "Why it matters", "HomeWorldThe council met on...",
     "date 2020-01-17 advertisement", "spot_imgspot_img", "We use cookies to improve this site.",
     "© 2019 The Daily.", "\u3000" * 9 + "Sign up for our newsletter " + "a" * 270]
)  # fmt: skip
dirt = st.sampled_from(
    [" ", "  ", "\n", "\n\n", "\n\n\n", "\t", "-\n", "\xa0", "\u200b", "&amp;", "&nbsp;", "\x07",
     "â€™", "Ã©", "\u00ad", "\r\n", "…", "é", "日本", "a\nb\nc\n\n", "\ud800", "<b>", "&#10;",
     "\n\n".join("abcdefgh"), "\n\u3000", "\x01\n", "\n\n© 2019 The Daily.\n\n"]
)  # fmt: skip
texts = st.lists(sentences | furniture | dirt | st.text(max_size=6), max_size=24).flatmap(
    lambda parts: st.sampled_from(["", "\n", "\n\n", " "]).map(lambda glue: glue.join(parts))
)
choices = st.builds(
    CleanSettings,
    encoding=st.booleans(),
    layout=st.booleans(),
    boilerplate=st.booleans(),
    uncurl_quotes=st.booleans(),
)


@settings(max_examples=300)
@given(texts, choices)
def test_cleaning_is_replayable_and_stable(text: str, chosen: CleanSettings) -> None:
    cleaned = clean_text(text, chosen)
    assert replay(text, cleaned.changes) == cleaned.text
    assert undo(cleaned.text, cleaned.changes) == text
    again = clean_text(cleaned.text, chosen)
    assert (again.text, again.changes) == (cleaned.text, [])


@settings(max_examples=300)
@example(["A sentence.\n\n© 2019 The Daily.\n\nAnother."], DEFAULT)
@example(["A sentence.\n\n" + "\n\n".join("abcdefgh")], DEFAULT)
@given(st.lists(texts, max_size=4), choices)
def test_a_batch_gives_what_each_text_gives(batch: list[str], chosen: CleanSettings) -> None:
    documents = [Document(id=str(number), text=text) for number, text in enumerate(batch)]
    cleaned, logs = clean_batch(documents, chosen)
    for text, document, changes in zip(batch, cleaned, logs, strict=True):
        alone = clean_text(text, chosen)
        assert (document.text, changes, document.created) == (
            alone.text,
            alone.changes,
            alone.created,
        )
        assert alone.metadata.items() <= document.metadata.items()


def test_a_heading_behind_a_wide_space_is_found() -> None:
    long = "The council met on Tuesday to agree the budget."
    cleaned = clean_text(f"{long}\n\n\u3000Why it matters\n\n{long}", CleanSettings(encoding=False))
    (heading,) = cleaned.metadata["headings"]
    assert cleaned.text[heading["start"] : heading["end"]] == heading["text"] == "Why it matters"


@pytest.mark.slow
@settings(max_examples=200)
@given(st.data())
def test_no_line_rule_fires_in_a_text_that_was_passed_on(data: st.DataObject) -> None:
    """Lines made from each rule's own pattern are seen by the compiled look at the batch."""
    _, pattern = data.draw(st.sampled_from(_COMPILED))
    line = data.draw(st.from_regex(pattern, fullmatch=True)).replace("\n", " ").strip()
    if line_rule(line):
        found = survey.suspects(*survey.pack([f"A sentence stands here.\n\n{line}"]))
        assert found[0], line


@settings(max_examples=300)
@given(texts)
def test_what_the_survey_passes_has_no_candidate_line(text: str) -> None:
    if not survey.suspects(*survey.pack([text]))[0]:
        assert not any(is_candidate(line.strip()) for line in text.split("\n"))


@given(st.lists(st.lists(sentences | furniture, max_size=6), max_size=8), st.randoms())
@settings(max_examples=50)
def test_line_counts_do_not_depend_on_the_batches(pages: list[list[str]], random: object) -> None:
    documents = [
        Document(id=str(number), text="\n\n".join(lines), source="ab"[number % 2])
        for number, lines in enumerate(pages)
    ]
    whole = count_lines(documents)
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    merged = LineCounts()
    for document in shuffled:
        merged = count_lines([document]).merge(merged)
    for name in ("key", "source", "pages", "before", "after"):
        assert getattr(whole, name).tolist() == getattr(merged, name).tolist()
    assert whole.documents == merged.documents
    one, two = repeated_lines(whole, DEFAULT), repeated_lines(merged, DEFAULT)
    assert one.within.tolist() == two.within.tolist()


ATTACKS = {
    "spaces": " " * 200_000 + "x",
    "blank lines": "a" + "\n \n" * 70_000 + "b",
    "letters": "a\n" * 20_000,
    "share words": "share " * 49 + "!",
    "crumbs": "a|" * 149,
    "underscores": "ab_" * 99,
    "brackets": "[" * 299,
    "ampersands": "&" * 200_000,
    "entities": "&a" * 100_000,
    "mojibake": "Ã" * 100_000,
    "dashes": "- " * 149,
    "dots": "." * 200_000,
    "quotes": '"' * 200_000,
    "tags": "<a " * 70_000 + "&amp;",
    "dates": "1 " * 40,
    "byline": "By " + "A b " * 36,
    "copyright": "may not be published " * 14,
    "cookies": "we use " * 40,
    "hyphens": "aaa-\n" * 20_000,
    "short lines": "Home\n" * 15_000,
    "half wrapped": ("the word is here and then it goes on to be\n" * 4_000),
    "combining": "e" + "\u0301" * 50_000,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_text_takes_no_longer_than_an_honest_one(name: str) -> None:
    started = time.process_time()
    cleaned = clean_text(ATTACKS[name], DEFAULT)
    assert time.process_time() - started < 8
    assert clean_text(cleaned.text, DEFAULT).text == cleaned.text


@pytest.mark.slow
def test_one_line_of_fifty_megabytes_is_cleaned_in_bounded_time() -> None:
    text = "The council met on Tuesday to agree the budget. " * 1_100_000
    started = time.process_time()
    document, _ = clean_batch([Document(id="long", text=text)], DEFAULT)
    assert document[0].text == text.rstrip()
    assert time.process_time() - started < 60
