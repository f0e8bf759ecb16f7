"""The copy that stays: the fullest one that is not spun, and never none."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Set
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.config import KeepSettings, MatchSettings, Settings, load
from scrub.corpus import Corpus
from scrub.document import SEVERAL, Document, Pair, Relation, Spun
from scrub.match.features import features
from scrub.match.keep import Verdict, exact_groups, keep, neighbours_of, turned
from scrub.match.pairs import find_copies
from scrub.pipeline import analyse, run
from scrub.sources import origin
from scrub.store.stored import Stored
from stories import FERRY, GRANT, LOST_STOPS, MUSEUM, SCHOOL


def pair(
    a: str,
    b: str,
    relation: Relation = "near",
    spun: Spun = "no",
    in_b: float = 0.9,
    in_a: float = 0.9,
) -> Pair:
    return Pair(a, b, relation, spun, 0.5, in_b, in_a, 3, "evidence")


def decide(
    words: dict[str, int],
    pairs: list[Pair],
    spun: Set[str] = frozenset(),
    created: dict[str, str] | None = None,
    metadata: dict[str, dict[str, Any]] | None = None,
    sites: dict[str, str] | None = None,
    **settings: object,
) -> dict[str, Verdict]:
    created, sites, metadata = created or {}, sites or {}, metadata or {}
    documents = [
        Document(
            i,
            "w " * words[i],
            source=sites.get(i, ""),
            created=created.get(i, ""),
            metadata=metadata.get(i, {}),
        )
        for i in words
    ]
    counted = features([document.text for document in documents], MatchSettings())
    corpus = Corpus(documents, {}, counted, dict.fromkeys(words, 0.0))
    clusters = {i: min(words) for i in words}
    return keep(
        corpus, pairs, clusters, {i: i in spun for i in words}, words, KeepSettings(**settings)
    )


def kept(verdicts: dict[str, Verdict]) -> set[str]:
    return {i for i, verdict in verdicts.items() if verdict.kept}


def test_of_several_pairs_between_two_groups_the_first_by_id_counts() -> None:
    pairs = [pair("b", "c", in_b=0.7), pair("a", "c"), pair("a", "b", "exact")]
    found = neighbours_of(pairs, exact_groups("abc", pairs))
    assert found == {"a": {"c": pairs[1]}, "c": {"a": turned(pairs[1])}}  # no group is its own


def test_a_spun_copy_is_kept_where_the_unspun_one_is_an_excerpt() -> None:
    verdicts = decide({"a": 900, "b": 200}, [pair("a", "b", "excerpt", "this", 0.2, 0.95)], {"a"})
    assert kept(verdicts) == {"a"}
    assert (verdicts["a"].relation, verdicts["a"].spun) == ("kept", "this")
    assert (verdicts["b"].relation, verdicts["b"].spun, verdicts["b"].kept_id) == (
        "excerpt",
        "other",
        "a",
    )
    link = verdicts["b"].pair
    assert link and link.containment_a == 0.95


def test_a_spun_copy_gives_way_to_an_unspun_one_that_covers_it() -> None:
    assert kept(decide({"a": 900, "b": 850}, [pair("a", "b", spun="this", in_b=0.85)], {"a"})) == {
        "b"
    }


CHAIN = [
    pair("a", "b", "exact", in_a=1.0, in_b=1.0), pair("a", "c", "near"),
    pair("a", "d", "excerpt", in_b=0.3, in_a=0.9), pair("a", "e", spun="other"),
]  # fmt: skip
SIZES = {"a": 900, "b": 900, "c": 800, "d": 300, "e": 700}


@pytest.mark.parametrize(
    ("drop", "dropped"),
    [
        (("exact", "near", "excerpt", "spun"), "bcde"), (("exact",), "b"), (("near",), "c"),
        (("excerpt",), "d"), (("spun",), "e"), ((), ""), (("near", "spun"), "ce"),
    ],
)  # fmt: skip
def test_what_is_dropped_is_a_setting(drop: tuple[str, ...], dropped: str) -> None:
    verdicts = decide(SIZES, CHAIN, {"e"}, drop=drop)
    assert verdicts.keys() - kept(verdicts) == set(dropped)


def test_an_exact_copy_of_a_copy_that_stays_is_dropped_for_it() -> None:
    pairs = [pair("a", "b"), pair("a", "c"), pair("b", "c", "exact", in_a=1.0, in_b=1.0)]
    verdicts = decide({"a": 900, "b": 800, "c": 800}, pairs, drop=("exact",))
    assert kept(verdicts) == {"a", "b"}
    assert (verdicts["c"].kept_id, verdicts["c"].relation) == ("b", "exact")


@pytest.mark.parametrize(
    ("share", "spun", "stays"),
    [
        (0.89, "no", True),
        (0.9, "no", False),
        (0.89, "other", False),
        (0.67, "other", False),
        (0.66, "other", True),
    ],
)
def test_a_text_that_has_a_tenth_of_its_own_stays(share: float, spun: Spun, stays: bool) -> None:
    """Two reports may share what came before; words that a machine swapped are no other words."""
    pairs = [pair("a", "b", "excerpt", spun, in_b=0.5, in_a=share)]
    verdicts = decide({"a": 900, "b": 800}, pairs, {"a"} if spun == "other" else set())
    assert verdicts["b"].kept is stays


@pytest.mark.parametrize(
    ("lead", "share", "least", "stays"),
    [
        (15, 0.94, 0.75, True),
        (14, 0.94, 0.75, False),
        (15, 0.95, 0.75, False),
        (15, 0.94, 0, False),
    ],
)
def test_a_follow_up_stays(lead: int, share: float, least: float, stays: bool) -> None:
    """It begins with what is new and repeats what was known; for a share of 0 that is no reason."""
    one = replace(pair("a", "b", in_b=0.5, in_a=share), lead_b=lead)
    assert decide({"a": 900, "b": 800}, [one], drop_share=least)["b"].kept is stays


@pytest.mark.parametrize(
    ("day", "second", "relation", "spun", "least", "stays"),
    [
        ("2024-03-10", {}, "near", "no", 0.9, True),
        ("2024-02-21", {}, "excerpt", "no", 0.9, True),
        ("2024-03-09", {}, "near", "no", 0.9, False),
        ("", {}, "near", "no", 0.9, False),
        ("2024-03-10", {}, "exact", "no", 0.9, False),
        ("2024-03-10", {}, "near", "this", 0.9, False),
        ("2024-03-10", {}, "near", "no", 0, False),
        ("2024-03-10", {"url": "https://example.com/ferry?utm_source=a"}, "near", "no", 0.9,
         False),
        ("2024-03-10", {"url": "https://example.org/ferry"}, "near", "no", 0.9, False),
        ("2024-03-10", {"url": "https://example.com/again"}, "near", "no", 0.9, True),
    ],
)  # fmt: skip
def test_what_an_outlet_reports_again_stays(
    day: str, second: dict[str, str], relation: Relation, spun: Spun, least: float, stays: bool
) -> None:
    """Within a week it is a version of the same report, on the same page at any time."""
    verdicts = decide(
        {"a": 900, "b": 800}, [pair("a", "b", relation, spun, in_a=0.99)],
        created={"a": "2024-03-01", "b": day}, sites={"a": "gazette", "b": "gazette"},
        metadata={"a": {"url": "https://example.com/ferry"}, "b": second} if second else {},
        drop_share=least,
    )  # fmt: skip
    assert verdicts["b"].kept is stays


@pytest.mark.parametrize(
    ("varied", "spun", "least", "stays"),
    [(0.1, "no", 0.9, True), (0.09, "no", 0.9, False), (0.1, "this", 0.9, False),
     (0.1, "no", 0, False)],
)  # fmt: skip
def test_sentences_that_say_something_else_are_a_text_s_own(
    varied: float, spun: Spun, least: float, stays: bool
) -> None:
    one = replace(pair("a", "b", spun=spun, in_a=0.99), varied_b=varied)
    assert decide({"a": 900, "b": 800}, [one], drop_share=least)["b"].kept is stays


def test_a_form_filled_with_other_names_stays() -> None:
    """Of an edited copy every name is in the other; the reworded sentence of a form is no edit."""
    texts = [GRANT["text"].format(**station) for station in GRANT["stations"]]
    texts.append(texts[0].replace("glad", "happy").replace("winter", "season"))
    ids = ("first", "second", "zeroth")
    pairs = find_copies(features(texts, MatchSettings()), ids, texts).pairs
    sizes = {i: len(text.split()) for i, text in zip(ids, texts, strict=True)}
    assert kept(decide(sizes, pairs)) == {"first", "second"}
    varied = {(p.id_a, p.id_b): p.varied_a for p in pairs}
    assert varied["first", "zeroth"] == 0 < 0.1 < varied["first", "second"]


def test_texts_without_full_stops_are_compared_piece_by_piece() -> None:
    texts = [f"{LOST_STOPS['shared']} {LOST_STOPS[own]}" for own in ("ferry", "power")]
    texts.append(f"for the second time {texts[0]}")
    ids = ("ferry", "power", "version")
    pairs = find_copies(features(texts, MatchSettings()), ids, texts).pairs
    sizes = {i: len(text.split()) for i, text in zip(ids, texts, strict=True)}
    assert kept(decide(sizes, pairs)) == {"power", "version"}


@pytest.mark.parametrize("small", [True, False])
def test_an_edited_copy_of_a_run_of_words_is_dropped(small: bool) -> None:
    """A piece that was cut elsewhere has its words beside it, and one in capitals is no heading."""
    words = re.sub(r"\W+", " ", FERRY.upper()).split()
    news = "for the second time since the war".upper().split()
    half, third = len(words) // 2, len(words) // 3
    versions = {
        "whole": words,
        "cut": words[:third] + words[third + 15 :],
        "longer": words[:half] + news + words[half:],
    }
    texts = [" ".join(version) for version in versions.values()]
    texts = [text.lower() for text in texts] if small else texts
    pairs = find_copies(features(texts, MatchSettings()), list(versions), texts).pairs
    assert all(p.varied_a == p.varied_b == 0 for p in pairs)
    sizes = {name: len(version) for name, version in versions.items()}
    assert kept(decide(sizes, pairs)) == {"longer"}


def test_what_a_follow_up_begins_with_is_counted() -> None:
    news = "The owner of the ferry was arrested on Thursday as he tried to cross the border."
    other = "Divers from the navy began to look for the wreck in the deep water this morning."
    texts = [f"{news} {FERRY}", f"{other} {FERRY}"]
    [found] = find_copies(features(texts, MatchSettings()), ("a", "b"), texts).pairs
    assert (found.lead_a, found.lead_b) == (len(news.split()), len(other.split()))
    assert turned(found).lead_a == found.lead_b


def test_copies_are_dropped_from_a_share_or_a_jaccard_on() -> None:
    assert "d" in kept(decide(SIZES, CHAIN, {"e"}, drop_share=0.95))
    assert "d" not in kept(decide(SIZES, CHAIN, {"e"}, drop_share=0.9))
    assert "c" in kept(decide(SIZES, CHAIN, {"e"}, drop_jaccard=0.51))
    assert kept(decide(SIZES, CHAIN, {"e"}, drop_jaccard=0.5)) == {"a"}


def test_a_copy_of_another_sources_text_can_stay() -> None:
    words = {"a": 900, "b": 890, "c": 880}
    pairs = [pair("a", "b"), pair("a", "c"), pair("b", "c")]
    sources = {"a": "one", "b": "two", "c": "two"}
    assert kept(decide(words, pairs, sites=sources)) == {"a"}
    verdicts = decide(words, pairs, sites=sources, across=False)
    assert kept(verdicts) == {"a", "b"}
    assert verdicts["c"].kept_id == "b"


def apart(
    words: dict[str, int], pairs: list[Pair], spun: Set[str] = frozenset(), **settings: object
) -> dict[str, str]:
    """Relations of documents that were linked but stayed in clusters of their own."""
    documents = [Document(i, "w " * words[i]) for i in words]
    counted = features([document.text for document in documents], MatchSettings())
    corpus = Corpus(documents, {}, counted, dict.fromkeys(words, 0.0))
    clusters, flagged = {i: i for i in words}, {i: i in spun for i in words}
    verdicts = keep(corpus, pairs, clusters, flagged, words, KeepSettings(**settings))
    return {i: f"{v.relation} {v.kept_id}" for i, v in verdicts.items()}


def test_a_part_that_stands_whole_in_a_kept_text_is_an_excerpt_of_it_in_its_own_cluster() -> None:
    words = {"a": 300, "b": 200, "round-up": 500}
    pairs = [pair(i, "round-up", "excerpt", in_b=1.0, in_a=0.4) for i in "ab"]
    kept_whole = {"a": "excerpt round-up", "b": "excerpt round-up", "round-up": "unique round-up"}
    assert apart(words, pairs) == kept_whole
    # What the whole lacks would be lost; a spun text covers none that is not.
    parts = [pair(i, "round-up", "excerpt", in_b=0.94, in_a=0.4) for i in "ab"]
    assert set(apart(words, parts).values()) == {f"unique {i}" for i in words}
    assert set(apart(words, pairs, {"round-up"}).values()) == {f"unique {i}" for i in words}
    assert apart(words, pairs, {"a", "round-up"})["a"] == "excerpt round-up"
    # What may be dropped is asked here, too, and of two wholes the one that has more of it.
    assert set(apart(words, pairs, drop=["exact"]).values()) == {f"unique {i}" for i in words}
    fuller = [*pairs, pair("a", "another", "excerpt", in_b=0.96)]
    assert apart({**words, "another": 400}, fuller)["a"] == "excerpt round-up"
    alike = [pair("a", "b", "excerpt", in_b=1.0, in_a=1.0)]
    assert apart({"a": 9, "b": 9}, alike) == {"a": "unique a", "b": "unique b"}


def test_a_part_of_a_part_goes_to_what_is_kept() -> None:
    words = {"a": 100, "b": 200, "c": 300}
    chain = [pair("a", "b", "excerpt", in_b=1.0, in_a=0.5), pair("b", "c", "excerpt", in_b=1.0)]
    assert apart(words, chain) == {"a": "unique a", "b": "excerpt c", "c": "unique c"}
    whole = [*chain, pair("a", "c", "excerpt", in_b=1.0, in_a=0.3)]
    assert apart(words, whole)["a"] == "excerpt c"


def test_the_share_that_must_be_covered_is_a_setting() -> None:
    pairs = [pair("a", "b", spun="this", in_b=0.85)]
    assert kept(decide({"a": 900, "b": 850}, pairs, {"a"}, min_containment=0.9)) == {"a"}


def test_two_spun_copies_do_not_cover_each_other() -> None:
    part = [pair(i, "c", "excerpt", "this", in_b=0.3, in_a=0.95) for i in "ab"]
    verdicts = decide({"a": 100, "b": 99, "c": 30}, [*part, pair("a", "b", spun="both")], {*"ab"})
    assert kept(verdicts) == {"a"}


def test_identical_texts_are_spun_both_or_neither() -> None:
    for spun, side in ((set("ab"), "both"), (set(), "no")):
        verdicts = decide({"a": 9, "b": 9}, [pair("a", "b", "exact", "this")], spun)
        assert verdicts["b"].spun == side


def test_what_only_a_third_document_links_is_kept_itself() -> None:
    verdicts = decide({"a": 900, "b": 400, "c": 300}, [pair("a", "b"), pair("b", "c")])
    assert kept(verdicts) == {"a", "c"}
    assert verdicts["b"].kept_id == "a"


def test_identical_texts_are_copies_through_their_representative() -> None:
    pairs = [pair("a", "b", "exact"), pair("a", "c", "exact"), pair("a", "z", in_b=1.0)]
    verdicts = decide({"a": 100, "b": 100, "c": 100, "z": 120}, pairs)
    assert kept(verdicts) == {"z"}
    assert {verdicts[i].kept_id for i in "abc"} == {"z"}


def test_of_equal_copies_the_earliest_that_is_whole_stays() -> None:
    words, pairs = {"a": 90, "b": 90, "c": 90}, [pair("a", "b"), pair("a", "c"), pair("b", "c")]
    created = {"a": "2024-03-02", "b": "2024-03-01T23:00:00Z", "c": "2024-02-01"}
    assert kept(decide(words, pairs, created=created)) == {"c"}
    cut = {"c": {"truncated": "[+200 chars]"}}
    assert kept(decide(words, pairs, created=created, metadata=cut)) == {"b"}
    assert kept(decide({**words, "a": 91}, pairs, created=created)) == {"a"}
    assert kept(decide(words, pairs)) == {"a"}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ((), "a"),
        (("two.com",), "b"),
        (("nobody.com", "three.com", "two.com"), "c"),
        (("four.com",), "a"),  # has a part of it alone
        (("five.com", "two.com"), "b"),  # is spun
    ],
)
def test_preferred_sources_have_the_first_word(sources: tuple[str, ...], expected: str) -> None:
    words = {"a": 100, "b": 90, "c": 85, "d": 30, "e": 95}
    pairs = [pair(x, y) for x, y in itertools.combinations("abcd", 2)]
    pairs += [pair(x, "e", spun="other") for x in "abcd"]
    sites = dict(zip("abcde", ("one", "two", "three", "four", "five"), strict=True))
    about = {i: {"url": f"https://www.{site}.com/x"} for i, site in sites.items()}
    assert kept(decide(words, pairs, {"e"}, metadata=about, sources=sources)) == {expected}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("best", "c"), ("longest", "b"), ("first", "a"), ("newest", "d"), ("oldest", "a")],
)
def test_policies(policy: str, expected: str) -> None:
    words = {"a": 10, "b": 40, "c": 30, "d": 20}
    pairs = [pair(x, y) for x, y in itertools.combinations("abcd", 2)]
    created = {"a": "2020-01-01", "b": "2021-05-05", "d": "2023-01-01"}
    assert kept(decide(words, pairs, {"b"}, created, policy=policy)) == {expected}


@pytest.mark.parametrize("policy", ["newest", "oldest"])
def test_of_those_of_one_time_the_longest_stays(policy: str) -> None:
    created = dict.fromkeys("ab", "2024-03-01")
    assert kept(decide({"a": 10, "b": 40}, [pair("a", "b")], set(), created, policy=policy)) == {
        "b"
    }


@given(st.data())
def test_no_cluster_loses_all_its_members_and_order_changes_nothing(data: st.DataObject) -> None:
    ids = data.draw(
        st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=8, unique=True)
    )
    words = {i: data.draw(st.integers(1, 50)) for i in ids}
    spun = {i for i in ids if data.draw(st.booleans())}
    pairs = [
        pair(
            min(x, y),
            max(x, y),
            data.draw(st.sampled_from(["exact", "near", "excerpt"])),
            in_b=data.draw(st.floats(0, 1)),
        )
        for x, y in itertools.combinations(ids, 2)
        if data.draw(st.booleans())
    ]
    verdicts = decide(words, pairs, spun)
    assert kept(verdicts)
    assert set(verdicts) == set(ids)
    for verdict in verdicts.values():
        assert verdicts[verdict.kept_id].kept
        assert verdict.kept == (verdict.relation in ("unique", "kept"))
    shuffled = data.draw(st.permutations(ids))
    assert decide({i: words[i] for i in shuffled}, list(reversed(pairs)), spun) == verdicts


def test_turned_twice_is_the_same() -> None:
    one = pair("a", "b", "excerpt", "this", 0.2, 0.9)
    assert turned(turned(one)) == one


def test_a_text_that_may_hold_several_articles_is_no_copy() -> None:
    pairs = [pair("a", "b", "excerpt", in_b=0.2, in_a=0.95)]
    assert kept(decide({"a": 900, "b": 200}, pairs)) == {"a"}
    several = {"b": {SEVERAL: 3}}
    assert kept(decide({"a": 900, "b": 200}, pairs, metadata=several)) == {"a", "b"}


def test_a_file_of_articles_that_cannot_be_parted_is_named_and_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    parts = [
        f"Number {n}\n0{n}.02.2020\n\n{text}" for n, text in enumerate((FERRY, MUSEUM, SCHOOL), 1)
    ]
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("\n\n==========\n\n".join(parts), encoding="utf-8")
    (folder / "c.txt").write_text(FERRY, encoding="utf-8")
    (folder / "d.txt").write_text(FERRY, encoding="utf-8")
    settings = load(None, {"engine.jobs": 1, "match.rewrites": False})[0]
    run([folder], tmp_path / "out", settings, flag=False)
    with (tmp_path / "out" / "dedup.csv").open(encoding="utf-8", newline="") as file:
        stays = {row["id"] for row in csv.DictReader(file) if row["kept"] == "true"}
    assert {"a.txt", "b.txt"} <= stays
    assert len(stays) < 4
    assert "'a.txt' and 1 more may hold several articles" in caplog.text


def test_a_store_knows_where_each_document_comes_from_without_its_text() -> None:
    documents = [
        Document(
            f"d{k}", f"{FERRY} {k}", source="site", created=f"2024-03-0{k + 1}",
            metadata={"url": f"https://www.site{k}.example.org/a", "title": f"Ferry {k}"},
        )
        for k in range(3)
    ]  # fmt: skip
    corpus = analyse(documents, Settings(), flag=False).corpus
    assert isinstance(corpus.documents, Stored)
    found = [corpus.origin(place) for place in range(3)]
    assert found == [origin(document) for document in corpus.documents]
    assert [place.title for place in found] == ["Ferry 0", "Ferry 1", "Ferry 2"]
