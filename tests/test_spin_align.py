"""Alignment of two copies: sentences in any order, words inside them."""

import random
import time

import pytest

from scrub.spin.align import _cores, align
from scrub.spin.words import words_of

STORY = (
    "The ferry left the island at dawn with forty passengers. Its captain, Jonas Berg, had sailed "
    "the route for twenty years. Halfway across, the engine failed and the crew called for help. "
    "A fishing boat from Hamn towed the ferry to the shore before noon. Nobody was hurt, the coast "
    "guard said. The company will inspect its other boats this week."
)


def swaps(one: str, other: str) -> list[tuple[str, str, str]]:
    return [(s.text_a, s.text_b, s.kind) for p in align(one, other) for s in p.substitutions]


def test_equal_texts_align_wholly() -> None:
    pairs = align(STORY, STORY)
    assert len(pairs) == 6
    assert all(pair.similarity == pair.frame_similarity == 1 for pair in pairs)
    assert all(pair.substitutions == () and pair.loose == 0 for pair in pairs)
    assert [STORY[p.start_a : p.end_a] for p in pairs][4] == "Nobody was hurt, the coast guard said"


def test_a_run_of_words_is_one_substitution_at_its_exact_place() -> None:
    one = "He warned of a approach plea opposite Iran on Monday, and of a long and costly war."
    other = (
        "He warned of the direct retaliation against Iran on Monday, and of a long and costly war."
    )
    (pair,) = align(one, other)
    article, run = pair.substitutions
    assert (article.text_a, article.text_b, article.kind) == ("a", "the", "determiner")
    assert (run.text_a, run.text_b) == ("approach plea opposite", "direct retaliation against")
    assert one[run.start_a : run.end_a] == run.text_a
    assert other[run.start_b : run.end_b] == run.text_b


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("in the course of", "during", "the"),  # either "the" may be the equal word
        ("before the start of", "ere", "the"),
        ("on account", "because", "of the"),
        ("in the past, whereas", "ago, while", "the"),
    ],
)
def test_a_run_for_a_run_of_another_length_is_whole(one: str, other: str, kept: str) -> None:
    text = "Berg said on Monday that {} {} war his men had seen no bread, and that many were ill."
    first, second = text.format(one, kept), text.format(other, kept)
    assert swaps(first, second) == [(one, other, "wording")]
    assert swaps(second, first) == [(other, one, "wording")]


def test_sentences_are_found_in_another_order_among_headings() -> None:
    sentences = STORY.split(". ")
    mixed = "A Morning at Sea\n\n" + ".\n\nRead More\n\n".join(sentences[::-1])
    spun = STORY.replace("dawn", "daybreak").replace("failed", "collapsed")
    assert swaps(spun, mixed) == [
        ("daybreak", "dawn", "wording"),
        ("collapsed", "failed", "wording"),
    ]


def test_a_sentence_that_was_split_pairs_with_both_halves() -> None:
    split = STORY.replace(" and the crew called", ". The crew called").replace("help", "aid")
    found = swaps(STORY, split)
    assert ("help", "aid", "wording") in found
    assert all("ferry" not in one for one, _, _ in found)


def test_an_excerpt_aligns_only_where_it_is_from() -> None:
    excerpt = "Halfway across, the engine failed and the crew called for assistance."
    (pair,) = align(STORY, excerpt)
    assert STORY[pair.start_a :].startswith("Halfway")
    assert [(s.text_a, s.text_b) for s in pair.substitutions] == [("help", "assistance")]


def test_writing_differences_are_no_substitutions() -> None:
    one = "\u201cThe U.S. won\u2019t leave,\u201d a Shi\u2019ite co-ordinator said in the old city."
    other = '"The US won\'t leave," a Shiite coordinator said in the old city.'
    assert swaps(one, other) == []


def test_broken_characters_and_split_words_are_no_substitutions() -> None:
    one = "The caf\u00e9 in the old harbour served 200 guests on its opening night in May."
    other = "The cafÃ© in the old har bour served 200 guests on its opening night in May."
    assert swaps(one, other) == []


def test_abbreviations_are_no_substitutions() -> None:
    one = "The dividend rose to 12 cts from 9 cts and net income to 3 mln dlrs in the year."
    other = one.replace("cts", "cents").replace("mln dlrs", "million dollars")
    assert swaps(one, other) == []


def test_numbers_and_determiners_have_their_kinds() -> None:
    one = "At least 2 boats took part in a search for its missing crew off the north coast."
    other = "At least two boats took part in the search for the missing crew off the north coast."
    assert swaps(one, other) == [
        ("2", "two", "number"),
        ("a", "the", "determiner"),
        ("its", "the", "determiner"),
    ]


def test_different_stories_do_not_align() -> None:
    other = (
        "Shares of the brewer rose after it said that sales in Asia grew by a fifth. The board "
        "will propose a higher dividend in April. Analysts had expected less."
    )
    assert align(STORY, other) == []
    assert align("", STORY) == align(STORY, "") == align("", "") == []


def test_hostile_texts_take_bounded_time() -> None:
    draw = random.Random(5)
    few = " ".join(draw.choices(["the", "cat", "sat", "on", "mats."], k=30_000))
    many = " ".join(f"w{draw.randrange(20_000)}" for _ in range(30_000))
    started = time.process_time()
    align(few, few[::-1])
    align(few, few[5_000:] + few[:5_000])
    align(many, many)
    assert time.process_time() - started < 20


def test_words_keep_their_places_and_kinds() -> None:
    text = "Mr. Berg's boats left U.S. ports on Jan. 5. They carried 1,500 tons; nine sank."
    words = words_of(text)
    assert [text[s:e].lower() for s, e in zip(words.start, words.end, strict=True)] == words.lower
    assert words.key[words.lower.index("u.s.")] == "us"
    assert words.key[words.lower.index("nine")] == "9"
    assert words.key[words.lower.index("1,500")] == "1500"
    assert words.is_name(words.lower.index("berg"))
    assert not words.is_name(words.lower.index("they"))
    assert words.first_in_sentence(words.lower.index("they"))
    assert len(words.sentence) == 3


def test_a_script_without_spaces_is_compared_sign_by_sign() -> None:
    one = "渡轮清晨离开岛屿，船上有四十名乘客。发动机中途停转，船员呼叫救援。渔船拖着它靠岸。"
    other = one.replace("乘客", "旅行者").replace("救援", "帮助")
    assert swaps(one, other) == [("乘客", "旅行者", "wording"), ("救援", "帮助", "wording")]
    words = words_of("他说AI好。Yes。")
    assert [words.quote(at, at + 1) for at in range(len(words))] == ["他", "说", "AI", "好", "Yes"]
    assert words.sentence == [0, 4, 5]


def test_vowel_signs_stand_within_words() -> None:
    words = words_of("परिषद ने हॉल बचाया। काम शुरू होगा।")
    shown = [words.quote(at, at + 1) for at in range(len(words))]
    assert shown == ["परिषद", "ने", "हॉल", "बचाया", "काम", "शुरू", "होगा"]
    assert words.sentence == [0, 4, 7]


def test_a_strip_gives_up_what_a_better_one_has() -> None:
    # The second text stands far behind the first, as behind a long notice.
    a, b = words_of("a " * 30), words_of("b " * 90)
    best = (10, 20, 60, 70)
    for strip, rest in {
        (15, 25, 65, 75): (20, 25, 70, 75),
        (5, 15, 55, 65): (5, 10, 55, 60),
    }.items():
        assert _cores([best, strip], a, b)[0] == [best, rest]
    assert _cores([best, (12, 18, 62, 68), (8, 22, 58, 72)], a, b)[0] == [best]
