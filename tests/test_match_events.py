"""Groups of documents on one event: a label that nothing acts on, and only on request."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.config import Settings
from scrub.document import Document
from scrub.match.features import features
from scrub.match.rewrites.events import find_events, grouped
from scrub.match.rewrites.terms import vocabulary
from scrub.match.tokens import Tokens, tokenize
from scrub.pipeline import analyse, run
from test_match_rewrites import REWRITE, SOURCE, SUMMARY, corpus, result, rows

if TYPE_CHECKING:
    from pathlib import Path


def events_of(*told: str, created: tuple[str, ...] = ()) -> dict[str, str]:
    ids, texts = corpus(*told)
    dates = [*created, *[""] * (len(texts) - len(created))]
    every = np.arange(len(ids))
    made = features(texts, Settings().match)
    return find_events(made, ids, dates, every, vocabulary(texts, every))


def test_stories_of_one_event_are_one_group() -> None:
    found = events_of(SOURCE, REWRITE, SUMMARY)
    assert found == {"d00": "d00", "d01": "d00", "d02": "d00"}  # and no template is in one


def test_what_was_published_weeks_apart_is_another_event() -> None:
    assert events_of(SOURCE, REWRITE, created=("2024-03-05", "2024-03-06"))
    assert events_of(SOURCE, REWRITE, created=("2024-03-05", "2024-04-06")) == {}


def test_a_chain_of_next_stories_is_not_one_event() -> None:
    days = [f"{n:02}" for n in range(20)]
    found = grouped(list(pairwise(days)))
    sizes = [list(found.values()).count(event) for event in set(found.values())]
    assert max(sizes) <= 4


def test_documents_that_are_all_linked_are_one_event() -> None:
    ids = [f"{n:02}" for n in range(12)]
    found = grouped([(a, b) for k, a in enumerate(ids) for b in ids[k + 1 :]])
    assert found == dict.fromkeys(ids, "00")


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_groups_have_the_smallest_id_and_hold_only_what_is_linked(
    given: set[tuple[int, int]],
) -> None:
    links = sorted((str(a), str(b)) for a, b in given if a < b)
    found = grouped(links)
    linked = {i for link in links for i in link}
    assert found.keys() <= linked
    for event in set(found.values()):
        members = [i for i in found if found[i] == event]
        assert len(members) > 1 and event == min(members)


def test_a_table_lists_them_where_it_is_asked_for_and_nothing_else_changes(tmp_path: Path) -> None:
    plain = result(tmp_path)
    settings = Settings.model_validate({"engine": {"jobs": 1}, "match": {"events": True}})
    run([tmp_path / "in"], tmp_path / "asked", settings, flag=False)
    found = rows(tmp_path / "asked" / "events.csv")
    assert {"event_id": "d00.txt", "id": "d01.txt"} in found
    assert not (plain / "events.csv").exists()
    for name in ("dedup.csv", "pairs.csv", "corpus.jsonl"):
        if (plain / name).exists():
            assert (tmp_path / "asked" / name).read_bytes() == (plain / name).read_bytes()
    # A later run that asks for none leaves none.
    run([tmp_path / "in"], tmp_path / "asked", Settings(), flag=False)
    assert not (tmp_path / "asked" / "events.csv").exists()


@pytest.mark.parametrize("told", [(), (SOURCE,)])
def test_nobody_is_alone_in_an_event(told: tuple[str, ...]) -> None:
    assert events_of(*told) == {}


def test_what_three_searches_ask_for_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from scrub.match.rewrites import terms

    ids, texts = corpus(SOURCE, REWRITE, SUMMARY)
    seen: list[str] = []

    def counted(some: list[str]) -> Tokens:
        seen.extend(some)
        return tokenize(some)

    monkeypatch.setattr(terms, "tokenize", counted)
    asked = {"match": {"events": True, "translations": True}, "engine": {"jobs": 1}}
    documents = [Document(i, text) for i, text in zip(ids, texts, strict=True)]
    found = analyse(documents, Settings.model_validate(asked), flag=False)
    assert found.events and found.rewrites
    cleaned = list(found.corpus.texts)
    assert sorted(text for text in seen if text in cleaned) == sorted(cleaned)
