"""The rules by which linked documents become clusters, one by one."""

from __future__ import annotations

import pytest

from scrub.config import MatchSettings, Settings
from scrub.document import Document
from scrub.match.clusters import Excerpt, Same, group
from scrub.match.features import features
from scrub.match.pairs import find_copies
from scrub.pipeline import analyse
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, sentences

E = Excerpt
ALL = (0, 9)
ARTICLE = (
    "When Maud Rekdal was elected mayor of Nesvik, her opponent Jon Aas said that the town would "
    "be bankrupt within a year. That was in 2004. Rekdal sold the mayor's car, rented out the "
    "upper floor of the town hall and paid the debts of the swimming pool from what was left. "
    "The fishermen of Nesvik, who had voted for Aas to a man, brought her a halibut. "
    "Aas himself took a seat on the budget committee and found, he says, nothing to complain of. "
    "The harbour was dredged in those years, too. "
    "This spring Rekdal told the council of Nesvik that she would not stand again. "
    "There was a silence, and then Jon Aas got up and asked her to think it over. "
    "The fishermen sent another halibut, by way of the budget committee. "
    "Rekdal has given both an answer, and neither will say what it was. "
    "Nesvik votes in September, and so far the only name on the list is hers."
)
PAGES = sentences(ARTICLE)


@pytest.mark.parametrize(
    ("same", "excerpts", "expected"),
    [
        ([Same(2, 1, ALL, ALL)], [], [0, 1, 1]),
        ([Same(2, 1, ALL, ALL), Same(1, 0, ALL, ALL)], [], [0, 0, 0]),
        # An excerpt joins one story, which covers most of it; of equals the first.
        ([], [E(2, 0, 60, 0, 5), E(2, 1, 30, 0, 5)], [0, 1, 0]),
        ([], [E(2, 0, 30, 0, 5), E(2, 1, 60, 0, 5)], [0, 1, 1]),
        ([], [E(2, 1, 60, 0, 5), E(2, 0, 60, 0, 5)], [0, 1, 0]),
        # Copies of an excerpt go with it, wherever the one that has most of it goes.
        ([Same(2, 3, ALL, ALL)], [E(2, 0, 60, 0, 5), E(3, 1, 70, 0, 5)], [0, 1, 1, 1]),
        # The document belongs to the story that it is a copy of, not to another part of it.
        ([Same(0, 1, (0, 5), ALL)], [E(2, 0, 60, 6, 9)], [0, 0, 2]),
        ([Same(0, 1, (0, 5), ALL)], [E(2, 0, 60, 5, 9)], [0, 0, 0]),
        ([Same(0, 1, (5, 9), ALL)], [E(2, 0, 60, 0, 4)], [0, 0, 2]),
        ([Same(0, 1, (5, 9), ALL)], [E(2, 0, 60, 0, 5)], [0, 0, 0]),
        ([Same(1, 0, ALL, (0, 5))], [E(2, 0, 60, 6, 9)], [0, 0, 2]),
        ([Same(0, 1, (0, 5), ALL)], [E(2, 0, 60, 6, 9, True)], [0, 0, 0]),
        ([Same(0, 1, (0, 2), ALL), Same(0, 2, (6, 9), ALL)], [E(3, 0, 9, 4, 4)], [0, 0, 0, 0]),
        # Parts without overlap stay apart: the larger is taken, of equals the first.
        ([], [E(1, 0, 60, 0, 5), E(2, 0, 50, 6, 9)], [0, 0, 2]),
        ([], [E(1, 0, 50, 0, 5), E(2, 0, 60, 6, 9)], [0, 1, 0]),
        ([], [E(2, 0, 50, 6, 9), E(1, 0, 50, 0, 5)], [0, 0, 2]),
        # Parts that overlap or interleave are of one text.
        ([], [E(1, 0, 60, 0, 5), E(2, 0, 50, 5, 9)], [0, 0, 0]),
        ([], [E(1, 0, 60, 0, 9), E(2, 0, 50, 2, 3), E(3, 0, 40, 8, 12)], [0, 0, 0, 0]),
        ([], [E(1, 0, 60, 0, 5), E(2, 0, 30, 6, 9), E(3, 0, 40, 8, 12)], [0, 1, 0, 0]),
        # So are parts that tell of the same as the rest of it, but no other part beside them.
        ([], [E(1, 0, 60, 0, 5, True), E(2, 0, 50, 6, 9, True)], [0, 0, 0]),
        ([], [E(1, 0, 60, 0, 5), E(2, 0, 50, 6, 9, True)], [0, 0, 2]),
        ([], [E(1, 0, 30, 0, 1, True), E(2, 0, 60, 3, 5), E(3, 0, 40, 7, 9, True)], [0, 0, 2, 0]),
        ([], [E(1, 0, 30, 0, 3, True), E(2, 0, 40, 2, 5), E(3, 0, 60, 8, 9)], [0, 0, 0, 3]),
        # What one text refuses goes to the next that has it, also if it was taken at first.
        ([], [E(1, 0, 60, 0, 5), E(2, 0, 50, 6, 9), E(2, 3, 40, 0, 5)], [0, 0, 2, 2]),
        (
            [],
            [E(1, 0, 50, 0, 3), E(1, 4, 10, 0, 1), E(2, 3, 90, 0, 5), E(2, 0, 60, 6, 9),
             E(5, 3, 95, 6, 9)],
            [0, 1, 0, 3, 1, 3],
        ),
        # A part of one's own story is no part of it, and takes no other's place.
        ([Same(0, 1, (3, 5), ALL)], [E(1, 0, 60, 0, 3), E(2, 0, 50, 5, 9)], [0, 0, 0]),
        # Parts are of one story where a copy of the whole has both.
        ([Same(0, 1, ALL, ALL)], [E(2, 0, 60, 0, 5), E(3, 0, 50, 6, 9)], [0, 0, 0, 0]),
        ([Same(0, 1, (2, 5), ALL)], [E(2, 0, 60, 2, 3), E(3, 0, 50, 4, 5)], [0] * 4),
        ([Same(0, 1, (2, 5), ALL)], [E(2, 0, 60, 2, 3), E(3, 0, 9, 4, 6)], [0, 0, 0, 3]),
        ([Same(0, 1, (2, 5), ALL)], [E(2, 0, 9, 1, 3), E(3, 0, 60, 4, 5)], [0, 0, 2, 0]),
    ],
)  # fmt: skip
def test_rules(same: list[Same], excerpts: list[Excerpt], expected: list[int]) -> None:
    for order in (1, -1):
        assert group(len(expected), same[::order], excerpts[::order]) == expected


# Two pages of a report that share no name and hardly a word.
TWO_PAGES = (
    "Every autumn the seed bank under the hill opens for one morning. Visitors leave their coats "
    "outside and are led along a corridor in which nothing may be touched. The jars are older than "
    "the guides, and some of them hold barley that nobody grows any more. A thermometer hangs at "
    "every door. The guides read it aloud as they pass.",
    "Wheat for the bakery arrives by cart. Two brothers grind it before dawn, with stones cut by "
    "their grandfather, and sell what is left over to people with hens. Their oven takes a day to "
    "heat. Loaves keep for a week, which is why fishermen buy them, and why the queue on Thursdays "
    "reaches down to the quay.",
)


def test_a_page_that_stands_whole_in_a_kept_article_is_never_unique() -> None:
    both = "\n\n".join(TWO_PAGES)
    texts = {"both": both, "one": TWO_PAGES[0], "two": TWO_PAGES[1], "other": filler(3)}
    documents = [Document(name, text) for name, text in texts.items()]
    verdicts = analyse(documents, Settings(), flag=False).verdicts
    assert {i: v.relation for i, v in verdicts.items()}.items() >= {
        ("one", "excerpt"), ("two", "excerpt"), ("other", "unique"),
    }  # fmt: skip
    assert verdicts["one"].kept_id == verdicts["two"].kept_id == "both"
    assert verdicts["one"].cluster_id != verdicts["two"].cluster_id  # it could be a round-up


def clusters(**texts: str) -> dict[str, str]:
    bodies = list(texts.values())
    return find_copies(features(bodies, MatchSettings()), list(texts), bodies).clusters


@pytest.mark.parametrize("crowd", [0, 20])
def test_the_pages_of_one_article_go_with_it(crowd: int) -> None:
    others = {f"o{k}": filler(k) for k in range(crowd)}
    found = clusters(whole=ARTICLE, head=" ".join(PAGES[:5]), tail=" ".join(PAGES[6:]), **others)
    assert found["head"] == found["tail"] == found["whole"]
    assert len(set(found.values())) == 1 + crowd


def test_parts_of_a_story_that_was_copied_go_with_it() -> None:
    cut = sentences(FERRY)
    parts = {"head": " ".join(cut[:4]), "tail": " ".join(cut[6:])}
    found = clusters(whole=FERRY, copy=edited(FERRY, 0.04), **parts)
    assert len(set(found.values())) == 1


def test_a_part_that_a_round_up_refuses_goes_with_its_own_story() -> None:
    cut = " ".join(sentences(MUSEUM)[:5])
    found = clusters(round_up=f"{FERRY}\n\n{MUSEUM}", ferry=FERRY, museum=MUSEUM, cut=cut)
    assert found["round_up"] == found["ferry"] != found["museum"]
    assert found["cut"] == found["museum"]


def test_a_round_up_of_three_stories_merges_none() -> None:
    found = clusters(z="\n\n".join([FERRY, MUSEUM, SCHOOL]), a=FERRY, b=MUSEUM, c=SCHOOL)
    assert len({found[i] for i in "abc"}) == 3
