"""Laws of matching new documents with old ones: what concerns them is as in one run over all."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrub.config import MatchSettings
from scrub.document import Pair
from scrub.match import account
from scrub.match.features import features
from scrub.match.pairs import find_copies
from scrub.match.verify import MEASURES
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, notice, sentences, spun

SETTINGS = MatchSettings()
# More than the FULLEST that a posting list is read to: what is new may take the place of old ones.
CROWD = [notice(seed) for seed in range(40)]


def variant(random: Random) -> str:
    """A story or two, as sites carry them: whole, cut, edited, spun; or one of a template."""
    if random.random() < 0.2:
        return notice(random.randrange(60))
    text = random.choice([FERRY, MUSEUM, SCHOOL, filler(1), filler(2)])
    change = random.choice(["as it is", "as it is", "edited", "spun", "cut", "round-up"])
    if change == "edited":
        return edited(text, random.choice([0.05, 0.2]), random.randrange(4))
    if change == "spun":
        return spun(text, random.choice([0.2, 0.5]), random.randrange(4))
    if change == "cut":
        return " ".join(sentences(text)[random.randrange(4) :])
    return f"{text}\n\n{random.choice([MUSEUM, SCHOOL])}" if change == "round-up" else text


@pytest.mark.slow
@given(st.integers(0, 1 << 32), st.integers(2, 30), st.booleans(), st.floats(0, 1))
@settings(max_examples=60)
def test_what_concerns_new_documents_is_that_of_one_run(
    seed: int, count: int, crowded: bool, share: float
) -> None:
    random = Random(seed)
    texts = [variant(random) for _ in range(count)] + (CROWD if crowded else [])
    ids = [f"d{number:03d}" for number in random.sample(range(1000), len(texts))]
    new = np.array([random.random() < share for _ in texts])
    own = {i for i, is_new in zip(ids, new.tolist(), strict=True) if is_new}
    known = features(texts, SETTINGS)
    whole = find_copies(known, ids, texts)
    old = np.flatnonzero(~new)
    earlier = find_copies(
        features([texts[k] for k in old], SETTINGS), [ids[k] for k in old], [texts[k] for k in old]
    )
    part = find_copies(known, ids, texts, new=new, known=earlier.looks.moved(old))
    # Of documents with the same words one stands in pairs: in those with new ones a new one.
    words = dict(zip(ids, known.digests.tolist(), strict=True))
    concerned = {words[i] for i in own}

    def between(pair: Pair) -> tuple[list[int], str, float]:
        return sorted((words[pair.id_a], words[pair.id_b])), pair.relation, pair.jaccard

    def split(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
        same = [pair for pair in pairs if pair.relation == "exact"]
        return same, [pair for pair in pairs if pair.relation != "exact"]

    same, others = split(part.pairs)
    all_same, all_others = split(whole.pairs)
    assert same == [pair for pair in all_same if own & {pair.id_a, pair.id_b}]
    assert all(own & {pair.id_a, pair.id_b} for pair in others)
    expected = [found for pair in all_others if concerned & set((found := between(pair))[0])]
    assert sorted(map(between, others)) == sorted(expected)
    named = own | {i for pair in part.pairs for i in (pair.id_a, pair.id_b)}
    assert {i: part.clusters[i] for i in named} == {i: whole.clusters[i] for i in named}


@given(st.integers(0, 1 << 32))
def test_what_does_not_hang_on_rarity_is_the_same_for_any(seed: int) -> None:
    random = np.random.default_rng(seed)
    measures = np.zeros(1000, MEASURES)
    for name in MEASURES.names or ():
        measures[name] = random.integers(0, 12, 1000)
    measures["words_a"] += 12
    measures["forms"] = measures["other_numbers"] = 0
    rare, common = measures.copy(), measures.copy()
    rare["rarity"] = rare["rarity_covered"] = 1e6
    common["rarity_covered"] = 0
    settled = ~account.hangs_on_rarity(measures)
    assert 0 < settled.sum() < 1000
    np.testing.assert_array_equal(
        account.is_plausible(rare)[settled], account.is_plausible(common)[settled]
    )
