"""Rewrites and summaries: stories in other words are linked, other stories of one event are not."""

from __future__ import annotations

import csv
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrub.config import Settings
from scrub.document import Document, Pair
from scrub.match.features import Features, features
from scrub.match.keep import Verdict, without_rewrites
from scrub.match.rewrites import account, candidates, evidence
from scrub.match.rewrites import terms as rewrite_terms
from scrub.match.rewrites.account import accounts, grade, terms, within_reach
from scrub.match.rewrites.candidates import READ, Lists
from scrub.match.rewrites.describe import Rewrite
from scrub.match.rewrites.evidence import BRIEF, MEASURES, Measured, measure
from scrub.match.rewrites.explain import explain_rewrite
from scrub.match.rewrites.find import find_rewrites
from scrub.match.rewrites.rivals import RIVALS, closest_in, stands_out
from scrub.match.rewrites.terms import A_NAME, A_NUMBER, background, stems_of, terms_of, vocabulary
from scrub.match.tokens import Tokens, tokenize
from scrub.pipeline import analyse, run

SOURCE = """Harbour authority approves 48 million euro dredging of Velmoor channel

The Velmoor harbour authority voted on Tuesday to spend 48 million euros on deepening the channel
that leads from the Ostrin lighthouse to the container quay at Brackhaven. Director Ilse Tornquist
said the channel, which is now 11.4 metres deep, would reach 13.8 metres by the end of 2027.
"Without it the large ships will simply sail past us," Tornquist told the board.

Seven members voted in favour and two against. Fishermen from Lower Dunnick had asked the board to
wait for a study of eel grass by the Marrow Institute, which expects its findings in November.
Their spokesman, Pauli Renske, said that 63 boats depended on the shallows near the lighthouse.

The contract goes to Kessler & Holm, a dredging company from Altwick, which underbid three rivals
by 6 million euros. Its vessel Grete Amalie is to begin work on 9 March. The authority expects 140
additional container ships a year and about 320 new jobs at Brackhaven."""

REWRITE = """Velmoor to dig deeper shipping lane for 48 million euros

A 48 million euro plan to deepen the approach between the container quay of Brackhaven and the
Ostrin lighthouse was given the green light on Tuesday, after the Velmoor harbour authority passed
it by seven votes to two. According to director Ilse Tornquist, the depth of the channel will grow
from 11.4 to 13.8 metres until the end of 2027; big vessels, she warned the board, "will simply sail
past us" otherwise.

Boats from Lower Dunnick fish the shallows by the lighthouse, and all 63 of them rely on these
waters, said Pauli Renske, who speaks for the fishermen. They wanted a decision postponed until the
Marrow Institute has finished its eel grass study, due in November.

Kessler & Holm of Altwick won the contract with an offer 6 million euros below those of three other
bidders, and will send the dredging vessel Grete Amalie on 9 March. Brackhaven should gain some 320
jobs and 140 more container ships each year, the authority reckons."""

SUMMARY = """The Velmoor harbour authority will deepen the channel to Brackhaven from 11.4 to 13.8
metres for 48 million euros, with Kessler & Holm of Altwick starting on 9 March. Director Ilse
Tornquist expects the work to be done by the end of 2027. Pauli Renske, for the fishermen of Lower
Dunnick, had wanted to wait for the eel grass study of the Marrow Institute; seven members voted in
favour and two against. The vessel Grete Amalie will do the dredging."""

# The same evening, by a reporter of her own: other people, other figures, another angle.
INDEPENDENT = """Anger in Lower Dunnick as Velmoor votes to dredge

Candles burned on the slipway of Lower Dunnick last night. Word had come up the coast that the board
in Velmoor had voted to dredge the channel, and Marit Oslund, who has set crab pots here for 31
years, said she would not sell her boat. "My grandmother fished here," she said.

The parish council, led by Tobias Wenk, promised to go to the administrative court in Sankt Aldern
within four weeks. Wenk said the council had put aside 85,000 euros for lawyers. He accused the
authority of having ignored 2,100 objections. The state environment minister, Hanne Brodersen, would
not comment while the case might reach the courts, a spokeswoman for the ministry said.

Tourism is at stake as well. The Seal Bay hotel counted 12,400 guests last year, many of them
divers, and its owner Carsten Plohn fears that mud will cloud the water for two seasons."""

PLACES = (
    "Arven", "Borrow", "Callis", "Dorn", "Elmit", "Farrow", "Gelder", "Hask", "Irmin", "Jolster",
    "Kaddel", "Lomm",
)  # fmt: skip


def filler(count: int) -> list[str]:
    """Unrelated stories, so that there is a corpus in which names are rare."""
    made = []
    for n in range(count):
        place, other = PLACES[n % 12] + "berg", PLACES[(5 * n + 3) % 12] + f"stead{n}"
        made.append(
            f"Council of {place} number {n} opens a library. The building near {other} cost "
            f"{n + 3} million crowns and holds {1000 + 37 * n} books. Mayor "
            f"{PLACES[(n + 7) % 12]}ova{n} cut the ribbon, and children from {other} sang. A "
            f"reading room for {20 + n} visitors will open in spring, the librarian said. "
            f"The old house in {place} is for sale at {300 + 11 * n} thousand crowns. "
            "Shops nearby hope for customers, and a bus will stop "
            f"there every {10 + n} minutes from May, as the transport office in {other} announced."
        )
    return made


def corpus(*told: str) -> tuple[list[str], list[str]]:
    texts = [*told, *filler(40)]
    return [f"d{n:02}" for n in range(len(texts))], texts


def found_among(*told: str, created: tuple[str, ...] = ()) -> list[Rewrite]:
    ids, texts = corpus(*told)
    given_features = features(texts, Settings().match)
    dates = [*created, *[""] * (len(texts) - len(created))]
    return rewrites_between(given_features, ids, texts, dates)


def rewrites_between(
    made: Features, ids: list[str], texts: list[str], dates: list[str], jobs: int = 1
) -> list[Rewrite]:
    every = np.arange(len(ids))
    return find_rewrites(made, ids, texts, dates, every, vocabulary(texts, every), jobs=jobs)


def test_a_faithful_rewrite_is_linked_with_its_evidence() -> None:
    (found,) = found_among(SOURCE, REWRITE)
    assert (found.pair.id_a, found.pair.id_b, found.pair.relation) == ("d00", "d01", "rewrite")
    assert found.grade in ("likely", "strong")
    assert found.pair.evidence.startswith(f"{found.grade} rewrite of {found.source}")
    assert "names Altwick (2), " in found.pair.evidence
    assert "numbers 11.4 (2), " in found.pair.evidence


def test_another_report_of_the_event_is_not_linked() -> None:
    assert found_among(SOURCE, INDEPENDENT) == []
    assert found_among(REWRITE, INDEPENDENT) == []


def test_templates_are_not_rewrites_of_each_other() -> None:
    assert found_among() == []


def test_a_summary_is_named_by_its_length() -> None:
    ids, texts = corpus(SOURCE + "\n\n" + REWRITE, SUMMARY)
    made = features(texts, Settings().match)
    told = explain_rewrite(made, ids, texts, [""] * len(ids), ids, "d00", "d01")
    assert (told.relation, told.shorter) == ("summary", "d01")


def test_dates_far_apart_speak_against_and_say_which_was_first() -> None:
    (near,) = found_among(SOURCE, REWRITE, created=("2024-03-05", "2024-03-04"))
    assert near.source == "d01"
    far = found_among(SOURCE, REWRITE, created=("2024-03-05", "2024-06-01"))
    assert not far or far[0].total < near.total


def test_short_texts_and_few_rare_terms_have_no_grade() -> None:
    values = np.full((2, len(MEASURES)), 9.0, np.float32)
    for name in account.AGAINST:
        values[:, MEASURES.index(name)] = 0
    unknown = np.full(2, np.nan)
    words, longer = np.array([300, 59]), np.array([320, 70])
    sure = grade(Measured(values, np.array([20, 20])), words, longer, unknown)
    assert sure.grade.tolist() == [account.STRONG, 0]
    few = grade(Measured(values, np.array([7, 20])), words, longer, unknown)
    assert few.grade.tolist() == [0, 0]


def test_a_brief_look_says_the_same_and_misses_no_grade() -> None:
    ids, texts = corpus(SOURCE, REWRITE, SUMMARY, INDEPENDENT)
    made = features(texts, Settings().match)
    every = np.arange(len(ids))
    found = terms_of(made, every, vocabulary(texts, every))
    a, b = np.triu_indices(len(ids), 1)
    swapped = made.words[a] > made.words[b]
    sides = np.where(swapped, b, a), np.where(swapped, a, b)
    whole, brief = measure(made, *sides, found), measure(made, *sides, found, brief=True)
    known = [MEASURES.index(name) for name in sorted(BRIEF)]
    assert np.array_equal(whole.values[:, known], brief.values[:, known])
    assert np.array_equal(whole.rare, brief.rare)
    words, longer = (made.words[side] for side in sides)
    graded = grade(whole, words, longer, np.full(len(a), np.nan)).grade > 0
    reached = within_reach(brief, words, longer, np.full(len(a), np.nan))
    assert graded.any() and reached[graded].all() and not reached.all()


@given(st.integers(0, 1 << 31), st.booleans())
def test_whatever_gets_a_grade_was_within_reach(seed: int, short: bool) -> None:
    rng = np.random.default_rng(seed)
    # At the bounds of steps and beyond: many of these get a grade.
    values = rng.choice([0.0, 0.3, 0.9, 5.0], (400, len(MEASURES)), p=[0.1, 0.1, 0.4, 0.4])
    for name in account.AGAINST:
        values[:, MEASURES.index(name)] = rng.choice([0.0, 0.4, 3.0], 400)
    whole = Measured(values.astype(np.float32), np.full(400, 20, np.int32))
    unknown = [k for k, name in enumerate(MEASURES) if name not in BRIEF]
    brief = Measured(whole.values.copy(), whole.rare)
    brief.values[:, unknown] = 0
    words, days = np.full(400, 100), rng.choice([np.nan, 1.0, 9.0], 400)
    longer = words * (4 if short else 1)
    graded = grade(whole, words, longer, days).grade > 0
    assert within_reach(brief, words, longer, days)[graded].all() and graded.any()


def test_the_account_adds_up() -> None:
    ids, texts = corpus(SOURCE, REWRITE)
    made = features(texts, Settings().match)
    told = explain_rewrite(made, ids, texts, [""] * len(ids), ids, "d00", "d01")
    assert told.total == pytest.approx(told.bias + sum(t.value for t in told.terms), abs=0.01)
    (found,) = found_among(SOURCE, REWRITE)
    assert told.grade == found.grade
    assert told.total == pytest.approx(found.total, abs=1e-3)


def test_what_only_the_longer_has_is_no_gap_of_the_shorter() -> None:
    ids, texts = corpus(SOURCE[: len(SOURCE) // 3], SOURCE)
    made, every = features(texts, Settings().match), np.arange(len(ids))
    found = terms_of(made, every, vocabulary(texts, every))
    values = measure(made, every[:1], every[1:2], found).values[0]
    assert values[MEASURES.index("gap")] == 0
    assert values[MEASURES.index("full")] == 1
    assert values[MEASURES.index("wording")] > 0.9


@pytest.mark.parametrize("kind", ["rewrite", "summary"])
def test_every_step_goes_the_way_of_its_term(kind: str) -> None:
    fitted = accounts()[kind]
    assert fitted.likely <= fitted.strong
    for name, (bounds, added) in fitted.steps.items():
        assert (np.diff(bounds) > 0).all()
        assert ((added <= 0) if name in account.AGAINST else (added >= 0)).all(), name
        assert name in account.TERMS and name in MEASURES
    values = np.zeros((1, len(MEASURES)), np.float32)
    assert set(terms(values, np.array([np.nan]), kind)) <= set(account.TERMS)


@pytest.mark.slow
@given(st.permutations(range(12)))
def test_the_order_of_documents_changes_nothing(order: list[int]) -> None:
    ids, texts = corpus(SOURCE, REWRITE, INDEPENDENT, SUMMARY)
    ids, texts = ids[:12], texts[:12]
    made = [texts[k] for k in order]
    named = [ids[k] for k in order]
    found = rewrites_between(features(made, Settings().match), named, made, [""] * 12)
    assert found == rewrites_between(features(texts, Settings().match), ids, texts, [""] * 12)


def rivals(count: int, size: int = 4) -> list[str]:
    """A source and its rewrites, and pieces of it, which are as near to each other."""
    rng = random.Random("rivals")
    sentences = re.split(r"(?<=[.]) ", SOURCE.replace("\n", " "))
    pieces = [" ".join(rng.sample(sentences, size)) for _ in range(count)]
    return [SOURCE, REWRITE, SUMMARY, INDEPENDENT, *pieces]


def lists_of_rivals() -> tuple[Lists, np.ndarray]:
    """The lists of 24 pieces among other texts, and the numbers of all."""
    _, texts = corpus(*rivals(24))
    made, every = features(texts, Settings().match), np.arange(len(texts))
    return Lists.of(made, every, terms_of(made, every, vocabulary(texts, every))), every


@pytest.mark.slow
@pytest.mark.parametrize("room", [READ, 150])
def test_reached_documents_are_all_whose_nearest_one_can_be(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "READ", room)
    lists, every = lists_of_rivals()
    pairs = {*zip(*(side.tolist() for side in lists.nearest(every)), strict=True)}
    lacking = 0
    for n in range(28):
        own = {pair for pair in pairs if n in pair}
        around = np.append(n, lists.reached(np.array([n]))[1])
        found = {*zip(*(side.tolist() for side in lists.nearest(around)), strict=True)}
        assert {pair for pair in found if n in pair} == own
        assert len(around) < len(every)
        lacking += len(lists.nearest(np.array([n]))[0]) < len(own)
    assert lacking > 9  # among the ten nearest of others, and these not among its own


@pytest.mark.parametrize("room", [0, 40, 150, 600])
def test_a_document_reads_its_shortest_lists_and_no_more_than_it_may(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "READ", room)
    lists, every = lists_of_rivals()
    sizes = np.diff(lists.starts)[lists.listed]
    for n, longest in enumerate(lists.longest.tolist()):
        own = sizes[lists.firsts[n] : lists.firsts[n + 1]]
        assert own[own <= longest].sum() <= room
        more = own[own > longest]
        assert not len(more) or own[own <= more.min()].sum() > room
    met = lists.nearest(every)
    assert room < 600 or len(met[0]) > 0
    everything = lists._replace(longest=np.full(len(every), len(every)))
    assert len(met[0]) <= len(everything.nearest(every)[0])


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 30), max_size=3))
@example({0})
def test_what_concerns_new_documents_is_that_part_of_all(mine: set[int]) -> None:
    ids, texts = corpus(*rivals(14, 3))
    made, every, dates = features(texts, Settings().match), np.arange(len(ids)), [""] * len(ids)
    whole, words = rewrites_between(made, ids, texts, dates), vocabulary(texts, every)
    new = np.isin(every, sorted(mine))
    part = find_rewrites(made, ids, texts, dates, every, words, new=new)
    named = {ids[at] for at in mine}
    pairs = [rewrite.pair for rewrite in whole if {rewrite.pair.id_a, rewrite.pair.id_b} & named]
    assert len(whole) > 3
    assert [rewrite.pair for rewrite in part] == pairs


def test_threads_change_nothing() -> None:
    ids, texts = corpus(SOURCE, REWRITE, SUMMARY)
    made = features(texts, Settings().match)
    one, three = (rewrites_between(made, ids, texts, [""] * len(ids), jobs) for jobs in (1, 3))
    assert one == three != []


def test_terms_know_names_numbers_and_inflections() -> None:
    _, texts = corpus(SOURCE, REWRITE)
    made = features(texts, Settings().match)
    every = np.arange(len(texts))
    found = terms_of(made, every, vocabulary(texts, every))
    named = [int((found.kinds == kind).sum()) for kind in (A_NAME, A_NUMBER)]
    assert min(named) > 20
    assert (found.weights >= 0).all()
    stems, shares = background()
    assert (np.diff(stems.astype(np.int64)) > 0).all() and ((shares >= 0) & (shares <= 1)).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aleksandr", "Alexander"),
        ("Zirkon", "Zircon's"),
        ("Stoyky", "Stoiky"),
        ("Riyadh", "Riyad"),
        ("Joseph", "Josef"),
        ("Brackhaven\u2019s", "Brackhaven"),
        ("U.S.", "US"),
        ("56.5m", "56.5"),
        ("56.5bn", "56,500,000,000"),
        ("10th", "10"),
        ("8:55", "8.55"),
        ("seven", "7"),
        ("4.5-5.5", "4.5"),
        ("2019/20", "2019-2020"),
        ("Kanayevsky", "Kanaevsky"),
        ("Syrian", "Syria"),
        ("Korean", "Korea"),
    ],
)
def test_another_spelling_is_the_same_term(one: str, other: str) -> None:
    tokens = tokenize([f"It said {one} was", f"It said {other} was"])
    stems = stems_of(tokens)
    assert stems[2] == stems[len(stems) // 2 + 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2-0", "2-1"),
        ("4", "40"),
        ("30", "300"),
        ("Ostrin", "Osten"),
        ("3", "3,5"),
        ("12/05/2020", "12/06/2020"),
        ("50-1/2", "50"),
        ("Iran", "Ira"),
        ("Indiana", "Indian"),
    ],
)
def test_another_name_or_number_is_another_term(one: str, other: str) -> None:
    stems = stems_of(tokenize([f"It said {one} was", f"It said {other} was"]))
    assert stems[2] != stems[len(stems) // 2 + 2]


def test_a_pair_stands_out_from_the_others_of_its_documents() -> None:
    # 0 and 1 are near; 1 has three more that are as near, 2 has five.
    pairs = [(0, 1), (1, 3), (1, 4), (1, 5), *((2, k) for k in range(6, 11))]
    alike = np.array([0.8, 0.7, 0.7, 0.7, 0.9, 0.9, 0.9, 0.9, 0.9], np.float32)
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    near = closest_in(first, second, alike, 11)
    found = stands_out(alike, near[first], near[second])
    assert found[0] == pytest.approx(0.8)  # no fourth
    assert found[4:] == pytest.approx(0)
    assert RIVALS == 4


def test_a_text_of_one_word_repeated_takes_no_longer_than_its_size() -> None:
    """Work on a pair is linear in its words, whatever they are."""
    hostile = "Brackhaven Tornquist " * 20_000
    texts = [hostile, hostile + "Ostrin.", *filler(5)]
    made = features(texts, Settings().match)
    chosen = np.arange(len(texts))
    found = terms_of(made, chosen, vocabulary(texts, chosen))
    Lists.of(made, chosen, found).nearest(chosen)
    measured = measure(made, np.array([0]), np.array([1]), found)
    assert np.isfinite(measured.values).all()
    assert evidence._OCCURRENCES <= 64  # what bounds the work for each word


def result(tmp_path: Path, **match: object) -> Path:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for i, text in zip(*corpus(SOURCE, REWRITE, INDEPENDENT), strict=True):
        (folder / f"{i}.txt").write_text(text, "utf-8")
    settings = Settings.model_validate({"engine": {"jobs": 1}, **match})
    run([folder], out, settings, flag=False)
    return out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_rewrite_stays_in_the_corpus_and_its_row_names_the_source(tmp_path: Path) -> None:
    out = result(tmp_path)
    by_id = {row["id"]: row for row in rows(out / "dedup.csv")}
    assert all(row["kept"] == "true" and row["cluster_size"] == "1" for row in by_id.values())
    told = [row for row in by_id.values() if row["evidence"]]
    assert [row["relation"] for row in told] == ["unique"]
    assert " rewrite of d0" in told[0]["evidence"]
    (pair,) = rows(out / "pairs.csv")
    assert (pair["id_a"], pair["id_b"], pair["relation"]) == ("d00.txt", "d01.txt", "rewrite")
    assert "Rewrites and summaries" in (out / "report.html").read_text("utf-8")


def test_rewrites_can_be_left_out(tmp_path: Path) -> None:
    assert rows(result(tmp_path, match={"rewrites": False}) / "pairs.csv") == []


def verdict(i: str) -> Verdict:
    return Verdict(i, i, i, "unique", "no", None)


def rewrite_row(a: str, b: str, source: str, grade: str = "strong", total: float = 3.0) -> Rewrite:
    return Rewrite(Pair(a, b, "rewrite", "no", 0.1, 0.5, 0.5, 5, "evidence"), grade, source, total)


def test_only_strong_rewrites_of_what_is_kept_are_dropped() -> None:
    all_of = {i: verdict(i) for i in "abcde"}
    all_of["e"] = replace(all_of["e"], relation="kept")  # it has copies
    found = [
        rewrite_row("a", "b", "a", total=5),
        rewrite_row("b", "c", "b", total=4),  # its source is gone
        rewrite_row("a", "d", "a", "likely"),
        rewrite_row("a", "e", "a"),
    ]
    kept = without_rewrites(all_of, found)
    assert [i for i in kept if not kept[i].kept] == ["b"]
    assert (kept["b"].kept_id, kept["b"].relation) == ("a", "rewrite")
    assert kept["b"].pair is not None and kept["b"].pair.id_a == "b"


def test_several_rewrites_of_one_source_never_drop_each_other_in_a_ring() -> None:
    all_of = {i: verdict(i) for i in "abc"}
    ring = [rewrite_row("a", "b", "a"), rewrite_row("b", "c", "b"), rewrite_row("a", "c", "c")]
    kept = without_rewrites(all_of, ring)
    assert any(v.kept for v in kept.values())
    assert all(kept[v.kept_id].kept for v in kept.values())


def test_analyse_links_documents_in_memory() -> None:
    ids, texts = corpus(SOURCE, REWRITE)
    documents = [Document(i, text) for i, text in zip(ids, texts, strict=True)]
    found = analyse(documents, Settings.model_validate({"engine": {"jobs": 1}}), flag=False)
    assert [rewrite.pair.relation for rewrite in found.rewrites] == ["rewrite"]


def test_explain_prints_the_account_of_a_rewrite(tmp_path: Path) -> None:
    from scrub.cli.explaining import account as printed
    from scrub.cli.explaining import explain_pair

    answer = explain_pair(result(tmp_path), "d00.txt", "d01.txt")
    assert answer["retelling"]["grade"] in ("likely", "strong")
    assert answer["chain"] == []  # no link of copies
    lines = printed(answer)
    assert "as a rewrite (the shorter is d00.txt)" in lines
    assert "new_numbers: numbers that only the shorter has" in lines


def test_new_documents_are_rewrites_of_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.model_validate({"engine": {"jobs": 1}})
    ids, texts = corpus(SOURCE, REWRITE)
    for name, chosen in (("old", range(1, len(ids))), ("new", [0])):
        (tmp_path / name).mkdir()
        for k in chosen:
            (tmp_path / name / f"{ids[k]}.txt").write_text(texts[k], "utf-8")
    run([tmp_path / "old"], tmp_path / "first", settings, flag=False)
    assert rows(tmp_path / "first" / "pairs.csv") == []
    seen: list[str] = []

    def counted(some: list[str]) -> Tokens:
        seen.extend(some)
        return tokenize(some)

    monkeypatch.setattr(rewrite_terms, "tokenize", counted)
    run([tmp_path / "new"], tmp_path / "second", settings, flag=False, against=tmp_path / "first")
    assert seen == []  # the stems of all words are known
    (pair,) = rows(tmp_path / "second" / "pairs.csv")
    assert (pair["id_a"], pair["id_b"], pair["relation"]) == ("d00.txt", "d01.txt", "rewrite")
    (row,) = rows(tmp_path / "second" / "dedup.csv")
    assert row["kept"] == "true" and " rewrite of d01.txt" in row["evidence"]
