"""The lexicon: learned from siblings, read, merged, used."""

from collections import Counter
from pathlib import Path

import pytest

from scrub.document import Flag
from scrub.errors import InputError
from scrub.spin import known, lessons, lexicon
from scrub.spin.bigrams import follows
from scrub.spin.context import MOST
from scrub.spin.lexicon import Lexicon, Row
from scrub.spin.ngrams import NgramModel
from scrub.spin.words import words_of

ENGLISH = NgramModel.of_texts([])
GENUINE = NgramModel.of_texts(
    ["The viaduct is old. The singer sang a song about the sea and the summer. " * 5]
)


def learn(
    documents: dict[str, str], flags: list[Flag], kept: dict[str, set[int]], model: NgramModel
) -> Lexicon:
    words = {name: words_of(text) for name, text in documents.items()}
    return lessons.learn(lessons.count(words, flags, kept), model)


def find(
    documents: dict[str, str],
    rows: Lexicon,
    scores: dict[str, float],
    model: NgramModel,
    doubted: dict[str, dict[int, float]] | None = None,
) -> list[Flag]:
    words = {name: words_of(text) for name, text in documents.items()}
    return known.flags(words, rows.by_spun(), scores, model, doubted).flags


def learned(times: int = 6) -> Lexicon:
    documents, flags = {}, []
    for number in range(times):
        name = f"d{number}"
        documents[name] = "The council pronounced on Monday that work had begun on a viaduct."
        flags.append(flag(name, documents[name], "pronounced", "said"))
    return learn(documents, flags, {}, GENUINE)


def flag(name: str, text: str, word: str, suggestion: str, confidence: float = 0.98) -> Flag:
    start = text.index(word)
    return Flag(
        name, start, start + len(word), word, suggestion, "wording", "sibling:x", confidence, text
    )


def test_a_row_says_how_often_where_and_how_sure() -> None:
    row = learned(6).rows["pronounced", "said"]
    assert (row.pairs, row.documents) == (6, 6)
    assert row.confidence > 0.8
    assert "council pronounced" in row.example
    assert learned(1).rows["pronounced", "said"].confidence < row.confidence


def test_words_that_people_use_too_are_held_back() -> None:
    text = "The singer pronounced a song on Monday."
    documents = {f"d{n}": text for n in range(6)}
    flags = [flag(name, text, "singer", "vocalist") for name in documents]
    flags += [flag(name, text, "pronounced", "said") for name in documents]
    rows = learn(documents, flags, {}, GENUINE).rows
    assert rows["singer", "vocalist"].confidence < rows["pronounced", "said"].confidence
    kept = {name: {text.index("singer"), text.index("song")} for name in documents}
    assert learn(documents, flags[6:], kept, GENUINE).rows["pronounced", "said"].pairs == 6


def test_unsure_flags_figures_and_other_sources_teach_nothing() -> None:
    text = "The council pronounced on Monday that 3 boats sank."
    weak = flag("d", text, "pronounced", "said", confidence=0.4)
    number = flag("d", text, "3", "three")
    number.kind = "number"
    other = flag("d", text, "boats", "ships")
    other.source = "context"
    assert learn({"d": text}, [weak, number, other], {}, ENGLISH).rows == {}


def test_known_words_are_flagged_only_in_suspects() -> None:
    documents = {"spun": "She pronounced that the harbour was safe.", "clean": "He pronounced it."}
    found = find(documents, learned(), {"spun": 0.95, "clean": 0.02}, ENGLISH)
    assert [(f.id, f.text, f.suggestion, f.source) for f in found] == [
        ("spun", "pronounced", "said", "lexicon")
    ]
    assert documents["spun"][found[0].start : found[0].end] == "pronounced"
    assert find(documents, Lexicon(), {"spun": 0.95}, ENGLISH) == []


def test_neighbours_choose_among_several_originals() -> None:
    rows = {
        ("turn", "level"): Row("turn", "level", 6, 6, 0.48),
        ("turn", "become"): Row("turn", "become", 6, 6, 0.48),
    }
    texts = [
        "The river has become a danger and prices have become a burden. " * 5,
        "The high level of debt and the high level of the river are a concern. " * 5,
    ]
    documents = {"d": "The lake has a high turn of salt and the town has turn a resort."}
    found = find(documents, Lexicon(rows), {"d": 0.97}, NgramModel.of_texts(texts))
    assert [f.suggestion for f in found] == ["level", "become"]


def test_names_and_figures_are_left_alone() -> None:
    rows = {("pronounced", "said"): Row("pronounced", "said", 9, 9, 0.97)}
    documents = {"d": "We met Mr Pronounced and John Pronounced there."}
    assert find(documents, Lexicon(rows), {"d": 0.97}, ENGLISH) == []


def test_articles_are_flagged_where_the_definite_one_is_missing() -> None:
    rows = {("a", "the"): Row("a", "the", 20, 5, 0.8)}
    spun = (
        "A ministers of a European states said a largest banks would visit a United Nations "
        "at a end of a month, in spite of a protests on a streets of a Austrian capital. "
    )
    clean = spun.replace(" a ", " the ").replace("the month", "a month")
    found = find({"s": spun, "c": clean}, Lexicon(rows), {"s": 0.95, "c": 0.95}, ENGLISH)
    assert found
    assert {f.id for f in found} == {"s"}
    assert {f.kind for f in found} == {"determiner"}
    assert all(f.confidence <= MOST for f in found)  # statistics alone put nothing back
    fewer = find(
        {"s": spun + "The end of the war is the end of the world. "},
        Lexicon(rows), {"s": 0.95}, ENGLISH,
    )  # fmt: skip
    assert sum(f.confidence for f in fewer) < sum(f.confidence for f in found)


@pytest.mark.parametrize(
    ("behind", "sign", "has"),
    [
        ("gardens", "plural", True),
        ("glass", "plural", False),
        ("bus", "plural", False),
        ("crisis", "plural", False),
        ("largest", "superlative", True),
        ("same", "superlative", True),
        ("large", "superlative", False),
        ("egg", "vowel", True),
        ("garden", "vowel", False),
        ("Lind", "name", True),
        ("garden", "name", False),
        ("river", "mentioned", True),
        ("garden", "mentioned", False),
    ],
)
def test_what_stands_behind_an_article_is_a_sign(behind: str, sign: str, *, has: bool) -> None:
    words = words_of(f"He saw the river and a {behind} there.")
    place = known._article(words, words.lower.index("a"), 0.0, known.SiblingWordings())
    assert bool(place.signs[known.ARTICLE_SIGNS.index(sign)]) is has


def test_an_article_is_judged_by_the_words_beside_it() -> None:
    """Of neighbours that go with "the" or with "a"; what is not known says nothing."""
    assert follows("the", "same") - follows("a", "same") > 2
    assert follows("such", "a") - follows("such", "the") > 2
    assert follows("the", "qwzx") == follows("qwzx", "the") == follows("", "the") == 0
    same = "They met in a same hall in a capital of a same state at a end of such a month. "
    found = find(
        {"d": same}, Lexicon({("a", "the"): Row("a", "the", 9, 9, 0.8)}), {"d": 0.9}, ENGLISH
    )
    assert {same[f.end + 1 :].split()[0] for f in found} <= {"same", "end", "capital"}
    assert sum(same.startswith(" same", f.end) for f in found) == 2


def test_a_known_tell_is_flagged_though_no_single_word_of_it_is_doubted() -> None:
    text = "The vote was taken withinside the hall. It is primarily based totally on a report."
    calm = {"d": dict.fromkeys(range(len(text)), 0.03)}
    found = find({"d": text}, lexicon.default(), {"d": 0.6}, ENGLISH, calm)
    assert [(f.text, f.suggestion) for f in found] == [
        ("withinside the", "in the"),
        ("primarily based totally on", "based on"),
    ]
    assert find({"d": text}, lexicon.default(), {"d": 0.1}, ENGLISH, calm) == []


def placed(
    text: str,
    *rows: Row,
    score: float = 0.95,
    doubted: dict[int, float] | None = None,
    beside: known.SiblingWordings | None = None,
) -> list[known.Place]:
    """Every known wording of a text, weighed."""
    words, table = words_of(text), Lexicon({(r.spun, r.original): r for r in rows}).by_spun()
    mine = beside or known.SiblingWordings()
    return list(
        known.weighed_places(words, known.hits(words, table), score, ENGLISH, doubted or {}, mine)
    )


COUNTERFEIT = Row("counterfeit consciousness", "artificial intelligence", 9, 9, 0.95)


def test_of_wordings_that_overlap_the_first_and_longest_is_flagged() -> None:
    rows = {("consciousness", "awareness"): Row("consciousness", "awareness", 9, 9, 0.97)}
    both = Lexicon(rows | {(COUNTERFEIT.spun, COUNTERFEIT.original): COUNTERFEIT})
    text = "They studied counterfeit consciousness there, and consciousness of guilt."
    found = find({"d": text}, both, {"d": 0.97}, ENGLISH)
    assert [f.suggestion for f in found] == ["artificial intelligence", "awareness"]


def test_a_phrase_is_known_by_its_words_where_each_has_a_capital() -> None:
    text = "Their paper on Counterfeit Consciousness was read by many."
    found = find({"d": text}, Lexicon({("", ""): COUNTERFEIT}), {"d": 0.97}, ENGLISH)
    assert [(f.text, f.suggestion) for f in found] == [
        ("Counterfeit Consciousness", "Artificial Intelligence")
    ]


def test_a_figure_is_no_known_wording() -> None:
    assert placed("She took 2 clocks home.", Row("2", "two", 9, 9, 0.97)) == []


def test_texts_below_the_score_are_not_searched_however_well_a_word_is_known() -> None:
    documents = dict.fromkeys(("least", "less"), "She pronounced that the harbour was safe.")
    rows = Lexicon({("", ""): Row("pronounced", "said", 90, 9, 0.99)})
    doubted = {i: {documents[i].index("pronounced"): 0.99} for i in documents}
    scores = {"least": known._SUSPECT, "less": known._SUSPECT - 0.01}
    assert [f.id for f in find(documents, rows, scores, ENGLISH, doubted)] == ["least"]
    assert known.searched(scores) == ["least"]


def test_an_article_is_not_among_the_words_that_statistics_leave_to_the_lexicon() -> None:
    text = "A ministers of a European states said a largest banks would visit a United Nations."
    rows = [Row("a", "the", 20, 5, 0.8), Row("visit", "see", 9, 9, 0.9)]
    table = Lexicon({(row.spun, row.original): row for row in rows}).by_spun()
    answer = known.flags({"d": words_of(text)}, table, {"d": 0.95}, ENGLISH)
    assert "determiner" in {f.kind for f in answer.flags}
    assert answer.judged == {"d": {text.index("visit")}}


def test_an_article_has_to_be_surer_than_a_word() -> None:
    text = "She saw a river and a largest boats of a port in a north of a island, and a end of it. "
    row = Row("a", "the", 9, 9, 0.8)
    weighed = [place.probability for place in placed(text, row, score=0.9)]
    assert any(known._LEAST_WORD <= value < known._LEAST_ARTICLE for value in weighed)
    found = find({"d": text}, Lexicon({("a", "the"): row}), {"d": 0.9}, ENGLISH)
    assert len(found) == sum(value >= known._LEAST_ARTICLE for value in weighed)


def test_the_original_that_siblings_show_in_this_text_is_preferred() -> None:
    rows = [Row("turn", original, 6, 6, 0.48) for original in ("level", "become")]
    for original in ("level", "become"):
        beside = known.SiblingWordings(Counter({("turn", original): 1}))
        (place,) = placed("The lake has a high turn of salt.", *rows, beside=beside)
        assert place.original == original


def test_a_phrase_is_as_doubtful_as_the_most_doubted_of_its_words() -> None:
    text = "Their paper on counterfeit consciousness was read by many."
    first, second = text.index("counterfeit"), text.index("consciousness")
    calm, *doubted = (
        placed(text, COUNTERFEIT, doubted=doubts)[0].probability
        for doubts in (
            {first: 0.1, second: 0.1},
            {first: 0.9, second: 0.1},
            {first: 0.1, second: 0.9},
        )
    )
    assert doubted[0] == doubted[1] > calm


def test_the_original_may_be_one_that_no_sibling_showed() -> None:
    once, often = (
        placed("She pronounced it safe.", Row("pronounced", "said", n, n, 0.9))[0].share
        for n in (1, 90)
    )
    assert once < 0.9 < often < 1


def test_reading_writing_and_merging(tmp_path: Path) -> None:
    first = learned(4)
    first.write(tmp_path / "lexicon.csv")
    again = lexicon.read(tmp_path / "lexicon.csv")
    assert {k: (r.pairs, r.documents) for k, r in again.rows.items()} == {
        k: (r.pairs, r.documents) for k, r in first.rows.items()
    }
    header = (tmp_path / "lexicon.csv").read_text("utf-8").splitlines()[0]
    assert header == "spun,original,pairs,documents,confidence,example"
    both = lexicon.merge(first, again)
    row = both.rows["pronounced", "said"]
    assert (row.pairs, row.documents) == (8, 8)
    assert row.confidence == pytest.approx(first.rows["pronounced", "said"].confidence, abs=1e-3)
    assert lexicon.merge() == Lexicon()
    assert lexicon.merge(Lexicon(), first).rows == first.rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("word,meaning\na,b\n", "columns"),
        ("spun,original,pairs\na,b,many\n", "row 2: invalid"),
        ("spun;original;confidence\na;b;1.5\n", "row 2: numbers out of range"),
        ("spun,original,pairs\na,b,-1\n", "row 2: numbers out of range"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=says) as caught:
        lexicon.read(path)
    assert "mine.csv" in str(caught.value)


def test_a_row_of_no_confidence_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("spun,original,confidence\nfirm,company,0\n", "utf-8")
    assert lexicon.read(path).rows["firm", "company"].confidence == 0


def test_the_default_lexicon_is_sound() -> None:
    rows = lexicon.default().rows.values()
    assert rows
    assert all(row.spun != row.original and 0 < row.confidence <= 1 for row in rows)
    documents = {"d": "The study used counterfeit consciousness to find kidney disappointment."}
    found = find(documents, lexicon.default(), {"d": 0.97}, ENGLISH)
    assert [f.suggestion for f in found] == ["artificial intelligence", "kidney failure"]
