"""Substituted words told by language statistics alone: found in spun texts, not in others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrub.document import Flag
from scrub.spin.context import LEAST, MOST, SPUN, SUSPECT, Examined, examine
from scrub.spin.ngrams import NgramModel
from scrub.spin.score import score_batch

CASES = json.loads((Path(__file__).parent / "cases/spin_statistics.json").read_text("utf-8"))


def corpus() -> dict[str, str]:
    """The spun texts, and the innocent ones; no spun text's original."""
    spun = {f"spun-{case['name']}": case["spun"] for case in CASES["cases"]}
    return spun | {f"clean-{case['name']}": case["text"] for case in CASES["innocent"]}


def scores(documents: dict[str, str]) -> dict[str, float]:
    return dict(
        zip(documents, score_batch(list(documents.values())).spin_score.tolist(), strict=True)
    )


def learn(documents: dict[str, str]) -> NgramModel:
    known = scores(documents)
    return NgramModel.of_texts([documents[i] for i in sorted(documents) if known[i] < SUSPECT])


def examined(documents: dict[str, str], *more: Any) -> Examined:
    return examine(documents, scores(documents), *(more or (learn(documents),)))


def flags(documents: dict[str, str], *more: Any) -> list[Flag]:
    return examined(documents, *more).flags


def found_in(case: dict[str, Any]) -> set[str]:
    documents = corpus()
    name = f"spun-{case['name']}"
    return {f.text.lower() for f in flags(documents) if f.id == name}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_only_substituted_words_are_found(case: dict[str, Any]) -> None:
    found = found_in(case)
    assert found & set(case["words"])
    kept = set(case["clean"].lower().replace(".", "").replace(",", "").split())
    assert len(found & kept) <= 1


def test_a_third_of_the_substituted_words_is_found() -> None:
    cases = CASES["cases"]
    found = sum(len(found_in(case) & set(case["words"])) for case in cases)
    assert found >= sum(len(case["words"]) for case in cases) / 3


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_a_clean_text_is_left_alone(case: dict[str, Any]) -> None:
    documents = corpus() | {"clean": case["clean"]}
    assert [f for f in flags(documents) if f.id == "clean"] == []


@pytest.mark.parametrize("case", CASES["innocent"], ids=lambda case: case["name"])
def test_an_innocent_text_is_left_alone(case: dict[str, Any]) -> None:
    documents = corpus()
    assert [f for f in flags(documents) if f.id == f"clean-{case['name']}"] == []


def test_flags_name_their_span_and_stay_below_repair() -> None:
    documents = corpus()
    found = flags(documents)
    assert found
    for flag in found:
        assert documents[flag.id][flag.start : flag.end] == flag.text
        assert LEAST - 0.001 <= flag.confidence <= MOST
        assert (flag.kind, flag.source) == ("wording", "context")
        assert flag.text in flag.context
    assert found == sorted(found, key=lambda flag: (flag.id, flag.start))


def test_suggestions_are_originals_where_english_is_plain() -> None:
    documents = corpus()
    pairs = {(f.text.lower(), f.suggestion.lower()) for f in flags(documents)}
    assert ("pronounced", "said") in pairs


def test_a_suggestion_keeps_the_capital() -> None:
    documents = corpus()
    for flag in flags(documents):
        if flag.suggestion:
            assert flag.suggestion[0].isupper() == flag.text[0].isupper()


def test_words_correct_the_documents_score() -> None:
    documents = corpus()
    judged = examined(documents).scores
    assert {i for i, score in judged.items() if score >= SPUN} == {
        i for i in documents if i[:4] == "spun"
    }


def test_copies_do_not_confirm_each_other() -> None:
    one = corpus()
    copies = one | {f"{i}-copy": text for i, text in one.items()}
    groups = {f"{i}{end}": i for i in one for end in ("", "-copy")}
    alone = flags(one, learn(one))
    together = flags(copies, learn(one), groups)
    assert [f for f in together if f.id in one] == alone


def test_the_order_of_documents_changes_nothing() -> None:
    documents = corpus()
    turned = dict(reversed(documents.items()))
    assert examined(turned) == examined(documents)


def test_nothing_suspect_nothing_flagged() -> None:
    assert flags({}) == []
    clean = {case["name"]: case["clean"] for case in CASES["cases"]}
    assert flags(clean) == []
