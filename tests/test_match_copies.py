"""What the matcher links, and what it must not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scrub.config import MatchSettings
from scrub.frames import find_duplicates
from scrub.match.account import least
from scrub.match.candidates import candidates
from scrub.match.explain import explain, shortest_chain
from scrub.match.features import Features, features
from scrub.match.pairs import Copies, _reached, find_copies
from scrub.write.tables import PAIRS
from stories import (
    CHINESE,
    FERRY,
    FRENCH,
    GERMAN,
    MUSEUM,
    SCHOOL,
    edited,
    filler,
    notice,
    sentences,
    spun,
)

MENU = "Home\nNews\nSport\nContact\n\n"
SETTINGS = MatchSettings()


def copies(texts: dict[str, str]) -> Copies:
    return find_copies(features(list(texts.values()), SETTINGS), list(texts), list(texts.values()))


def linked(texts: dict[str, str]) -> dict[tuple[str, str], str]:
    return {(pair.id_a, pair.id_b): pair.relation for pair in copies(texts).pairs}


CROWD = {f"other{n:02d}": filler(n) for n in range(40)}


@pytest.mark.parametrize(
    ("copy", "relation"),
    [
        (FERRY, "exact"),
        (FERRY.upper().lower().replace("\n\n", "\n \n"), "exact"),
        (edited(FERRY, 0.05), "near"),
        (MENU + FERRY + "\n\nSubscribe to our newsletter", "near"),
        ("\n\n".join(reversed(FERRY.split("\n\n"))), "near"),
        (spun(FERRY, 0.3), "near"),
        (spun(FERRY, 0.6), "near"),
        (spun(spun(FERRY, 0.3, 1), 0.3, 2), "near"),
        (" ".join(sentences(FERRY)[:5]), "excerpt"),
        (" ".join(sentences(spun(FERRY, 0.4))[1::2]), "excerpt"),
        (FERRY.replace(". ", "."), "exact"),
    ],
    ids="same case edits menu order spun spun-much twice cut spun-cut glued".split(),  # noqa: SIM905
)
def test_every_kind_of_copy_is_found(copy: str, relation: str) -> None:
    assert linked({"a": FERRY, "b": copy, **CROWD}) == {("a", "b"): relation}


def test_a_spun_copy_and_an_excerpt_meet_without_their_original() -> None:
    heading = "Island Gets Second Boat\n\n- Advertisement -\n\n"
    excerpt = heading + "\n\nWhat Comes Next\n\n".join(sentences(FERRY)[2:9:2])
    assert linked({"a": spun(FERRY, 0.35), "b": excerpt, **CROWD}) == {("a", "b"): "excerpt"}


def test_near_misses_are_what_was_almost_linked() -> None:
    part = " ".join(sentences(FERRY)[-4:]) + " " + filler(900)
    texts = {"c": FERRY, "b3": part, "m": MUSEUM, "n": edited(MUSEUM, 0.05), **CROWD}
    ids = list(texts)
    found = copies(texts)
    assert [(m.id_a, m.id_b) for m in found.near_misses] == [("b3", "c")]
    (miss,) = found.near_misses
    assert found.clusters["b3"] != found.clusters["c"]
    asked = explain(features(list(texts.values()), SETTINGS), ids, list(texts.values()), "c", "b3")
    assert not asked.linked
    # The word term, which explain reckons for every pair, could not have linked them.
    assert asked.total <= asked.threshold - miss.missing + 0.2
    assert miss.missing == pytest.approx(asked.threshold - asked.total, abs=0.2)
    assert miss.containment == pytest.approx(
        asked.measures["covered_a"] / asked.measures["words_a"], abs=1e-4
    )


@pytest.mark.parametrize("story", [GERMAN, FRENCH], ids=["german", "french"])
def test_other_languages(story: str) -> None:
    texts = {"a": story, "b": edited(story, 0.04), "c": " ".join(sentences(story)[:4]), **CROWD}
    found = linked(texts)
    assert found[("a", "b")] == "near"
    assert found[("a", "c")] == "excerpt"
    assert linked({"german": GERMAN, "french": FRENCH, **CROWD}) == {}


def test_scripts_without_blanks_or_capitals() -> None:
    assert linked({"a": CHINESE, "b": CHINESE[:-7], **CROWD}) == {("a", "b"): "near"}


def test_different_stories_are_not_linked() -> None:
    assert linked({"a": FERRY, "b": MUSEUM, "c": SCHOOL, **CROWD}) == {}


def test_empty_texts_are_not_copies_of_each_other() -> None:
    assert linked({"a": "", "b": "", "c": " \n", "d": "...", "e": FERRY}) == {}


@pytest.mark.parametrize("count", [2, 40, 1000])
def test_fillings_of_a_template_are_not_linked(count: int) -> None:
    assert linked({f"t{n:04d}": notice(n) for n in range(count)}) == {}


def test_an_edited_copy_of_a_template_article_is_found() -> None:
    texts = {f"t{n:04d}": notice(n) for n in range(100)}
    texts["copy"] = notice(7).replace("difficult", "hard").replace("remain ", "stay ")
    assert linked(texts) == {("copy", "t0007"): "near"}


def test_one_shared_sentence_is_no_copy() -> None:
    quote = sentences(FERRY)[0]
    assert linked({"a": quote + " " + filler(101), "b": filler(102) + " " + quote}) == {}


def test_boilerplate_on_many_pages_proves_nothing() -> None:
    notice_of_site = (
        "The contents of this site are protected by copyright and may not be reproduced without "
        "the consent of Northfield Media Group. Our editors follow the rules of the Press Council, "
        "and complaints are answered within ten working days. If you have a story to share, write "
        "to the newsroom at the address given below. Sign up for the morning letter and receive "
        "the news before breakfast. This page uses cookies to count its readers."
    )
    short = {f"p{n:03d}": " ".join(sentences(filler(n))[:4]) for n in range(300)}
    assert linked({name: f"{text}\n\n{notice_of_site}" for name, text in short.items()}) == {}


@pytest.mark.parametrize("make", [lambda n: edited(FERRY, 0.05, n), lambda n: spun(FERRY, 0.4, n)])
def test_a_story_copied_two_hundred_times_stays_one_cluster(make: Callable[[int], str]) -> None:
    texts = {"s000": FERRY} | {f"s{n:03d}": make(n) for n in range(1, 200)}
    clusters = copies(texts | CROWD).clusters
    assert {clusters[name] for name in texts} == {"s000"}
    assert len({clusters[name] for name in CROWD}) == len(CROWD)


def test_stories_quoted_by_a_round_up_stay_apart() -> None:
    clusters = copies({"ferry": FERRY, "museum": MUSEUM, "z": f"{FERRY}\n\n{MUSEUM}"}).clusters
    assert clusters["ferry"] != clusters["museum"]
    assert clusters["z"] == clusters["ferry"]  # the larger part


def test_stories_that_share_a_quoted_passage_stay_apart() -> None:
    passage = " ".join(sentences(SCHOOL)[:4])
    texts = {"a": f"{FERRY} {passage}", "b": f"{passage} {MUSEUM}", "c": passage}
    clusters = copies(texts).clusters
    assert clusters["a"] != clusters["b"]
    assert clusters["c"] in (clusters["a"], clusters["b"])


def test_overlapping_excerpts_of_one_story_go_together() -> None:
    cut = sentences(FERRY)
    texts = {"whole": FERRY, "odd": " ".join(cut[0:10:2]), "even": " ".join(cut[1:11:2])}
    assert set(copies(texts).clusters.values()) == {"even"}


def test_a_pair_says_why() -> None:
    (pair,) = copies({"a": FERRY, "b": spun(FERRY, 0.3)}).pairs
    assert pair.containment_a > 0.8
    assert pair.containment_b > 0.8
    assert 0 < pair.jaccard < 0.6
    assert pair.shared_sentences >= 10
    ours, theirs = pair.evidence.split(" | ")
    assert ours.split()[0] == theirs.split()[0]


def test_explain_adds_up_and_says_what_is_missing() -> None:
    texts = {"a": FERRY, "b": spun(FERRY, 0.3), "c": MUSEUM, "e": ""}
    corpus = features(list(texts.values()), SETTINGS), list(texts), list(texts.values())
    found = explain(*corpus, "a", "b")
    assert found.linked
    assert found.missing == ()
    assert sum(term.value for term in found.terms) == pytest.approx(found.total, abs=1e-3)
    assert found.total >= found.threshold
    apart = explain(*corpus, "c", "a")
    assert not apart.linked
    assert apart.shorter == "c"
    assert any("aligned" in line for line in apart.missing)
    assert explain(*corpus, "a", "e").missing == ("one of the documents has no words",)
    with pytest.raises(KeyError, match="nowhere"):
        explain(*corpus, "a", "nowhere")


def test_explain_decides_as_the_matcher_does() -> None:
    texts = {"a": FERRY, "b": edited(FERRY, 0.1), "c": " ".join(sentences(FERRY)[:5]), **CROWD}
    texts |= {f"t{n}": notice(n) for n in range(20)}
    corpus = features(list(texts.values()), SETTINGS), list(texts), list(texts.values())
    pairs = linked(texts)
    for one, other in [("a", "b"), ("a", "c"), ("b", "c"), ("t1", "t2"), ("a", "other01")]:
        assert explain(*corpus, one, other).linked == ((one, other) in pairs)


def test_chain_goes_the_shortest_way() -> None:
    texts = {"a": FERRY, "b": FERRY, "c": FERRY, "d": MUSEUM}
    pairs = copies(texts).pairs
    assert [(p.id_a, p.id_b) for p in shortest_chain(pairs, "b", "c")] == [("a", "b"), ("a", "c")]
    assert shortest_chain(pairs, "a", "d") == []


def test_data_frames() -> None:
    df = pd.DataFrame({"n": [1, 2, 3], "body": [FERRY, None, edited(FERRY, 0.1)]}, index=[7, 8, 9])
    before = df.copy()
    pairs, clusters = find_duplicates(df, text="body", id="n")
    assert pairs[["id_a", "id_b", "relation"]].values.tolist() == [[1, 3, "near"]]
    assert list(pairs) == list(PAIRS)
    assert clusters["cluster_id"].to_dict() == {7: 1, 8: 2, 9: 1}
    assert len(df.merge(clusters.rename(columns={"id": "n"}), on="n")) == 3
    pd.testing.assert_frame_equal(df, before)
    with pytest.raises(KeyError, match="text"):
        find_duplicates(df)
    with pytest.raises(ValueError, match="repeat"):
        find_duplicates(pd.concat([df, df]), text="body", id="n")
    with pytest.raises(ValueError, match="ids are missing in the column 'body'"):
        find_duplicates(df, text="body", id="body")


def test_an_empty_frame() -> None:
    pairs, clusters = find_duplicates(pd.DataFrame({"id": [], "text": []}))
    assert (len(pairs), len(clusters)) == (0, 0)
    assert list(pairs) == list(PAIRS)


def test_the_result_depends_on_neither_order_nor_batches_nor_jobs() -> None:
    texts = {"a": FERRY, "b": spun(FERRY, 0.3), "c": " ".join(sentences(FERRY)[:5]), "e": FERRY}
    texts |= {"m": MUSEUM, "r": f"{FERRY}\n\n{MUSEUM}", **CROWD}
    texts |= {f"t{n}": notice(n) for n in range(30)}
    expected = copies(texts)
    for seed in range(3):
        items = list(texts.items())
        random.Random(seed).shuffle(items)
        ids, bodies = [i for i, _ in items], [t for _, t in items]
        parts = [features(bodies[k : k + 7], SETTINGS) for k in range(0, len(bodies), 7)]
        found = find_copies(Features.concat(parts), ids, bodies, jobs=1 + seed)
        assert found.pairs == expected.pairs
        assert found.clusters == expected.clusters


def test_what_is_reached_goes_from_pair_to_pair() -> None:
    first, second = np.array([0, 1, 2, 4]), np.array([1, 2, 3, 5])
    new, leader = np.arange(6) == 0, np.arange(6)
    assert _reached(new, leader, first, second).tolist() == [True, True, True, False]


@pytest.mark.slow
def test_identical_documents_by_the_ten_thousand() -> None:
    count = 20_000
    found = copies({f"{n:05d}": FERRY for n in range(count)})
    assert len(found.pairs) == count - 1
    assert set(found.clusters.values()) == {"00000"}


def test_the_probability_asked_for_is_a_sum_that_links() -> None:
    texts = [FERRY, edited(FERRY, 0.05), FERRY.upper(), MUSEUM]
    found = features(texts, SETTINGS)

    def pairs(probability: float) -> list[tuple[str, str]]:
        copies = find_copies(found, list("abcd"), texts, needed=least(probability))
        return [(pair.id_a, pair.id_b) for pair in copies.pairs]

    assert pairs(0.5) == [("a", "b"), ("a", "c")]
    assert pairs(0.9999) == [("a", "c")]  # the same words are one whatever is asked
    assert not explain(found, list("abcd"), texts, "a", "b", least(0.9999)).linked


def test_bands_and_samples_each_give_candidates_by_themselves() -> None:
    texts = [FERRY, MUSEUM, FERRY.replace("the", "a", 1), edited(MUSEUM, 0.02)]
    made, nothing = features(texts, SETTINGS), np.zeros(len(texts) + 1, np.int64)
    every = np.arange(made.bands.size, dtype=np.uint32) + 1
    for part in (
        replace(made, sketch=made.sketch[:0], places=made.places[:0], sketches=nothing),
        replace(made, bands=every.reshape(made.bands.shape)),  # none is another's
    ):
        shorter, fuller = candidates(part, np.arange(len(texts)))
        assert [*zip(shorter.tolist(), fuller.tolist(), strict=True)] == [(2, 0), (3, 1)]
