"""One truth for a document: `spun`, its score and its flags say the same, in every result."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scrub.config import Settings
from scrub.document import Document
from scrub.pipeline import analyse
from scrub.spin.direction import SPUN

sys.path.insert(0, str(Path(__file__).parents[1]))

from stories import FERRY, MUSEUM, SCHOOL, edited, notice, spun

CONFIG = Settings(languagetool={"scope": "off"}, engine={"jobs": 1})
# What a copy goes through, one after the other.
CHANGE = st.one_of(
    st.tuples(st.just("spun"), st.sampled_from([0.05, 0.15, 0.35]), st.integers(0, 3)),
    st.tuples(st.just("edited"), st.sampled_from([0.02, 0.08]), st.integers(0, 3)),
    st.tuples(st.just("half"), st.just(0.5), st.just(0)),
    st.tuples(st.just("upper"), st.just(1.0), st.just(0)),
)
COPY = st.tuples(st.integers(0, 2), st.lists(CHANGE, max_size=2))


def changed(text: str, changes: list[tuple[str, float, int]]) -> str:
    for kind, share, seed in changes:
        if kind == "spun":
            text = spun(text, share, seed)
        elif kind == "edited":
            text = edited(text, share, seed)
        elif kind == "half":
            text = text[: len(text) // 2]
        else:
            text = text.upper()
    return text


@settings(max_examples=12)
@given(st.lists(COPY, min_size=1, max_size=8), st.booleans())
def test_spun_score_and_flags_agree(
    copies: list[tuple[int, list[tuple[str, float, int]]]], flag: bool
) -> None:
    stories = (FERRY, MUSEUM, SCHOOL)
    documents = [
        Document(f"d{n}", changed(stories[which], changes))
        for n, (which, changes) in enumerate(copies)
    ]
    documents += [Document(f"n{n}", notice(n)) for n in range(2)]
    found = analyse(documents, CONFIG, flag=flag)
    for i, verdict in found.verdicts.items():
        is_spun = found.flagged.scores[i] >= SPUN
        assert (verdict.spun in ("this", "both")) == is_spun
        sources = {f.source.partition(":")[0] for f in found.flagged.flags.get(i, ())}
        assert is_spun or not sources & {"sibling", "lexicon", "context"}
