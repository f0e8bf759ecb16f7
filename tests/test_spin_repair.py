"""Repair by confidence, decisions of a person; merging the evidence."""

from dataclasses import replace

import pytest

from scrub.document import Flag
from scrub.errors import DecisionError
from scrub.spin.evidence import article, merge, without_overlaps
from scrub.spin.repair import decide, repair

TEXT = (
    "The council pronounced on Monday that an talk had begun. \u201cWe pronounced it,\u201d said "
    "Mayor Swift. Constabulary took 3 men. It was a mend of a gate."
)


def flag(
    word: str, suggestion: str, source: str = "sibling:x", confidence: float = 0.99, nth: int = 0
) -> Flag:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(word, start + 1)
    end = start + len(word)
    return Flag("d", start, end, word, suggestion, "wording", source, confidence)


def undone(repaired: str, applied: list[Flag]) -> str:
    """The text before these flags were applied: each says what stood there and stands there now."""
    for flag in applied:  # what is left of it is the text before already
        end = flag.start + len(flag.suggestion)
        assert repaired[flag.start : end] == flag.suggestion
        repaired = repaired[: flag.start] + flag.text + repaired[end:]
    return repaired


def repaired(*flags: Flag, threshold: float = 0.9) -> str:
    text, applied = repair(TEXT, list(flags), threshold)
    assert undone(text, applied) == TEXT
    return text


def test_sure_flags_are_applied_and_others_are_not() -> None:
    sure, unsure = flag("pronounced", "said"), flag("mend", "fix", confidence=0.89)
    assert repaired(sure, unsure) == TEXT.replace("pronounced", "said", 1)
    assert "fix" in repaired(sure, unsure, threshold=0.8)


def test_what_a_lexicon_alone_knows_must_be_ten_times_surer() -> None:
    assert repaired(flag("mend", "fix", "lexicon", 0.98)) == TEXT
    assert repaired(flag("mend", "fix", "sibling:x", 0.9)) != TEXT
    assert repaired(flag("mend", "fix", "lexicon", 0.99)) != TEXT
    assert repaired(flag("mend", "fix", "lexicon", 0.95), threshold=0.5) != TEXT


def test_a_quotation_is_left_alone_without_a_sibling() -> None:
    assert repaired(flag("pronounced", "said", "lexicon", nth=1)) == TEXT
    assert "We said it" in repaired(flag("pronounced", "said", "sibling:x", nth=1))
    straight = 'He said: "We pronounced it" and left.'
    start = straight.index("pronounced")
    row = Flag("d", start, start + 10, "pronounced", "said", "wording", "context", 1.0)
    assert repair(straight, [row]) == (straight, [])


def test_names_and_figures_are_left_alone_without_a_sibling() -> None:
    assert repaired(flag("Swift", "Quick", "lexicon")) == TEXT
    assert repaired(flag("3", "three", "lexicon")) == TEXT
    assert "took three men" in repaired(flag("3", "three", "sibling:x"))
    assert "Police took" in repaired(flag("Constabulary", "Police", "lexicon"))


@pytest.mark.parametrize(
    ("text", "kind", "changes"),
    [
        ("said Mayor", "grammar", True),
        ("said Mayor", "wording", False),
        ("the NATO", "wording", False),
        ("NATO", "wording", False),
        ("Police", "wording", True),  # a sentence begins with it
    ],
)
def test_capitals_of_a_name_forbid_a_repair_but_of_grammar(
    text: str, kind: str, *, changes: bool
) -> None:
    found = Flag("d", 0, len(text), text, "others", kind, "context", 1.0)  # type: ignore[arg-type]
    assert bool(repair(f"{text} took it.", [found])[1]) is changes


@pytest.mark.parametrize(("text", "suggestion"), [("mend", "mend"), ("mend", ""), ("", "mend")])
def test_what_would_change_nothing_or_take_a_word_out_is_not_applied(
    text: str, suggestion: str
) -> None:
    assert repair(TEXT, [flag(text, suggestion)]) == (TEXT, [])


def test_the_article_follows_the_new_word() -> None:
    assert "It was an improvement of" in repaired(flag("mend", "improvement"))
    assert "that an interview had" in repaired(flag("talk", "interview"))
    assert "of a wall" in repaired(flag("gate", "wall"))
    assert "that an debate" in repaired(flag("talk", "debate"))  # it did not suit the old one
    found = Flag("d", 2, 6, "mend", "answer", "wording", "sibling:x", 1.0)
    assert repair("A mend came.", [found])[0] == "An answer came."


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ("hour", "an"), ("union", "a"), ("unimportant man", "an"), ("FBI agent", "an"),
        ("European", "a"), ("egg", "an"), ("house", "a"), ("one", "a"), ("US army", "a"),
        ("unidirectional", "a"), ("HMRC rule", "an"), ("NATO", "a"), ("OPEC", "an"),
    ],
)  # fmt: skip
def test_articles(following: str, expected: str) -> None:
    assert article(following) == expected


def test_the_strongest_evidence_stands() -> None:
    one = flag("pronounced", "said", "sibling:x", 0.91)
    other = flag("pronounced on", "spoke on", "lexicon", 0.99)
    assert without_overlaps([other, one]) == [one]
    assert repaired(other, one) == TEXT.replace("pronounced", "said", 1)
    weaker = flag("pronounced", "told", "phrases", 1.0)
    assert without_overlaps([weaker, other]) == [other]


def test_flags_that_do_not_fit_the_text_are_passed_over() -> None:
    assert repaired(replace(flag("mend", "fix"), start=3, end=7)) == TEXT
    assert repaired(replace(flag("mend", "fix"), decision="reject")) == TEXT


def test_decisions_are_applied_exactly() -> None:
    flags = [
        replace(flag("pronounced", "said"), decision="accept"),
        replace(flag("talk", "interview"), decision="debate "),
        replace(flag("mend", "fix"), decision="reject"),
        flag("gate", "wall"),
    ]
    text, applied = decide(TEXT, flags)
    assert text == TEXT.replace("pronounced", "said", 1).replace("talk", "debate")
    assert [f.suggestion for f in applied] == ["said", "debate"]
    assert undone(text, applied) == TEXT


@pytest.mark.parametrize(
    "said", ["acept", "Acccept", "accpet", "accepts", "accepted ", "rejct", "reject.", "eject"]
)
def test_a_misspelt_word_is_no_wording(said: str) -> None:
    with pytest.raises(DecisionError, match=r"row 2: .* is neither accept nor reject; write"):
        decide(TEXT, [replace(flag("mend", "fix"), decision=said)])
    quoted = replace(flag("mend", "fix"), decision=f'"{said.strip()}"')
    assert decide(TEXT, [quoted])[0] == TEXT.replace("mend", said.strip(), 1)


@pytest.mark.parametrize("said", ["except", "object", "project", "no", '"so to say"', "expect"])
def test_another_word_is_a_wording(said: str) -> None:
    decided = replace(flag("mend", "fix"), decision=said)
    assert decide(TEXT, [decided])[0] == TEXT.replace("mend", said, 1)


def test_a_decision_about_another_text_is_refused_with_its_row() -> None:
    fine = replace(flag("pronounced", "said"), decision="accept")
    stale = replace(flag("mend", "fix"), decision="accept", start=0, end=4)
    with pytest.raises(DecisionError, match=r"row 3.*'mend'"):
        decide(TEXT, [fine, stale])
    with pytest.raises(DecisionError, match=r"row 17"):
        decide(TEXT, [fine, stale], rows=[12, 17])
    beyond = replace(flag("mend", "fix"), decision="accept", start=900, end=904)
    at = TEXT.index("mend") - len(TEXT)
    before = replace(beyond, start=at, end=at + 4)  # where Python, too, finds "mend"
    for off in (beyond, before):
        with pytest.raises(DecisionError, match=r"row 2"):
            decide(TEXT, [off])
    unread = replace(stale, decision="")
    assert decide(TEXT, [unread]) == (TEXT, [])


def test_two_accepted_flags_may_not_overlap() -> None:
    one = replace(flag("pronounced", "said"), decision="accept")
    other = replace(flag("pronounced on", "spoke on"), decision="accept")
    with pytest.raises(DecisionError, match=r"row 3.*row 2"):
        decide(TEXT, [one, other])


def test_votes_make_a_flag_surer() -> None:
    one = flag("mend", "fix", "lexicon", 0.8)
    other = flag("mend", "fix", "context", 0.7)
    (merged,) = merge([one], [other])
    assert merged.source == "lexicon"
    assert 0.8 < merged.confidence < 1
    assert merge([one, replace(one)])[0].confidence == 0.8
    assert merge([one], [replace(other, suggestion="repair")]) == [one]


def test_a_confirmed_word_is_only_flagged_by_a_sibling() -> None:
    one = flag("mend", "fix", "lexicon")
    two = flag("gate", "wall", "sibling:x")
    assert merge([one, two], confirmed={"d": {one.start, two.start}}) == [two]


def test_an_article_waits_for_the_word_behind_it() -> None:
    grammar = replace(flag("an", "a", "languagetool:EN_A_VS_AN", nth=0), kind="grammar")
    start = TEXT.index("an talk")
    grammar = replace(grammar, start=start, end=start + 2)
    word = flag("talk", "interview")
    assert merge([grammar], [word]) == [word]
    asked = replace(grammar, source="sibling:x")  # a copy shows it: it is no grammar
    assert merge([asked], [word]) == [asked, word]
    assert merge([grammar], [replace(word, suggestion="debate")]) == [
        grammar,
        replace(word, suggestion="debate"),
    ]


def test_an_article_that_grammar_forbids_comes_after_siblings_and_before_the_lexicon() -> None:
    grammar = replace(flag("a gate", "the gate", "languagetool:A_NNS", 0.5), kind="determiner")
    known, seen = flag("gate", "wall", "lexicon"), flag("gate", "wall", "sibling:x", 0.4)
    assert merge([grammar], [known]) == [grammar]
    assert merge([grammar], [seen]) == [seen]


def test_flags_that_touch_do_not_overlap() -> None:
    one, other = flag("mend ", "fix "), flag("of", "for")
    assert without_overlaps([other, one]) == [one, other]


def test_order_of_sources_does_not_matter() -> None:
    flags = [
        flag("pronounced", "said", "lexicon", 0.8),
        flag("pronounced", "told", "context", 0.9),
        flag("mend", "fix", "phrases", 0.9),
        flag("gate", "wall"),
    ]
    assert merge(flags) == merge(flags[::-1]) == merge(*[[f] for f in flags])


def test_a_flag_as_sure_as_the_setting_is_applied() -> None:
    assert "fix of a gate" in repaired(flag("mend", "fix", confidence=0.9), threshold=0.9)


@pytest.mark.parametrize(
    ("span", "suggestion"),
    [("begun. \u201cWe", "started. \u201cWe"), ("it,\u201d said", "it,\u201d told")],
)
def test_a_repair_that_reaches_into_a_quotation_needs_a_sibling(span: str, suggestion: str) -> None:
    assert repaired(flag(span, suggestion, "lexicon")) == TEXT
    assert suggestion in repaired(flag(span, suggestion, "sibling:x"))
