"""Laws of the matcher: signatures are datasketch's, features local, clusters a partition."""

from __future__ import annotations

import re
from random import Random

import numpy as np
import pytest
from datasketch import MinHashLSH
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference_minhash import minhash
from scrub.config import MatchSettings
from scrub.match import signatures
from scrub.match.characters import fold
from scrub.match.clusters import Excerpt, Same, group
from scrub.match.features import Features, features
from scrub.match.pairs import find_copies
from scrub.match.scan import FUNCTION, KIND_MASK, word_hash
from scrub.match.tokens import tokenize
from stories import FERRY, MUSEUM, sentences, spun

SETTINGS = MatchSettings()
TEXTS = st.text(
    st.one_of(st.sampled_from("aB the.,!?'\u2019- 19\n\u00ad\u0131ß中。"), st.characters())
)


@given(st.lists(TEXTS, max_size=6))
def test_words_and_sentences_partition_the_text(texts: list[str]) -> None:
    tokens = tokenize(texts)
    total = len(tokens.hash)
    assert (tokens.start < tokens.end).all()
    assert (tokens.end[:-1] <= tokens.start[1:]).all()
    assert (np.diff(tokens.sentences) > 0).all()
    assert (np.diff(tokens.sentences) <= 128).all()
    assert tokens.sentences[-1] == tokens.documents[-1] == total
    assert (tokens.sentences[tokens.document_sentences] == tokens.documents).all()
    for d, text in enumerate(texts):
        index = tokens.code_points(d)
        for t in range(tokens.documents[d], tokens.documents[d + 1]):
            start, end = (index[at[t] - tokens.offsets[d]] for at in (tokens.start, tokens.end))
            assert text[start:end] == tokens.word(t)


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0x24F), min_size=1))
def test_a_word_hashes_as_its_lower_case(word: str) -> None:
    tokens = tokenize([word])
    assert tokens.word(0) == word
    assert tokens.hash[0] == word_hash("".join(c.lower()[0] for c in word))


@given(st.lists(TEXTS, max_size=5), st.sampled_from([16, 125, 128]))
@example(["0\u00b40"], 16)
@example(["AR:\u00c6"], 16)  # Danish by its first word, in which the second is one letter
@settings(max_examples=60)
def test_signatures_are_those_of_datasketch(texts: list[str], num_perm: int) -> None:
    tokens = tokenize(texts)
    ours = signatures.signatures(tokens, num_perm)
    for d in range(len(texts)):
        low, high = tokens.documents[d], tokens.documents[d + 1]
        words = [_spelled(_lower(tokens.word(t)), tokens.hash[t]) for t in range(low, high)]
        theirs = minhash(words, num_perm, signatures.WORDS)
        np.testing.assert_array_equal(ours[d], theirs.hashvalues)
        assert signatures.to_datasketch(ours[d]).jaccard(theirs) == 1.0


def _spelled(word: str, hashed: int) -> str:
    """A word, or the same with two letters as one if its document's language writes it so."""
    return word if word_hash(word) == hashed else _DIGRAPH.sub("", fold(word))


_DIGRAPH = re.compile("(?<=[ao])e|(?<=a)a|(?:(?<=[^aeq]u)|(?<=^u))e")


def _lower(word: str) -> str:
    """A word as the kernel hashes it."""
    acronym = len(word) > 2 and word[1] == "." and not word[0].isdigit()
    gone = "\u00ad\u200b\u200c\u200d\u2060\ufeff" + ("." if acronym else "")
    gone += "," if word[0].isdecimal() else ""
    # The scanner's table of letters ends with the basic plane.
    kept = "".join(c.lower()[0] if c <= "\uffff" else c for c in word if c not in gone)
    return kept.translate(
        dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u02bb\u02be\u02bf\u00b4`\u2032\uff07"), "'")
    )


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("num_perm", [64, 128, 200])
def test_bands_are_those_of_datasketch(threshold: float, num_perm: int) -> None:
    index = MinHashLSH(threshold=threshold, num_perm=num_perm)
    assert signatures.bands(threshold, num_perm) == (index.b, index.r)


@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(1, 8))
def test_features_do_not_depend_on_the_batch(texts: list[str], size: int) -> None:
    whole = features(texts, SETTINGS)
    parts = [features(texts[k : k + size], SETTINGS) for k in range(0, len(texts), size)]
    joined = Features.concat(parts)
    for name in Features.__slots__:
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))


# Parts of two stories, as they are and with words swapped: of random texts hardly two are copies.
PARTS = st.builds(
    lambda parts, share, seed: spun(" ".join(parts), share, seed),
    st.lists(st.sampled_from(sentences(FERRY)[:9] + sentences(MUSEUM)[:4]), max_size=9),
    st.sampled_from([0, 0.2]),
    st.integers(1, 3),
)


@pytest.mark.slow
@given(st.lists(TEXTS | PARTS, max_size=8), st.randoms(use_true_random=False))
@example([FERRY, spun(FERRY, 0.2), " ".join(sentences(FERRY)[2:7]), MUSEUM], Random(1))
def test_copies_do_not_depend_on_the_order(texts: list[str], random: Random) -> None:
    names = [f"d{k}" for k in range(len(texts))]
    one = find_copies(features(texts, SETTINGS), names, texts)
    order = list(range(len(texts)))
    random.shuffle(order)
    shuffled = [texts[k] for k in order]
    other = find_copies(features(shuffled, SETTINGS), [names[k] for k in order], shuffled)
    assert one.clusters == other.clusters
    assert [p for p in one.pairs if p.relation != "exact"] == [
        p for p in other.pairs if p.relation != "exact"
    ]


SPAN = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda s: (min(s), max(s)))
EDGE = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda e: e[0] != e[1])


@given(
    st.lists(st.builds(lambda e, a, b: Same(e[0], e[1], a, b), EDGE, SPAN, SPAN)),
    st.lists(
        st.builds(
            lambda e, w, s, k: Excerpt(e[0], e[1], w, s[0], s[1], k),
            EDGE,
            st.integers(1, 50),
            SPAN,
            st.booleans(),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_clusters_keep_stories_whole_and_ignore_order(
    same: list[Same], excerpts: list[Excerpt], random: Random
) -> None:
    roots = group(12, same, excerpts)
    assert all(roots[root] == root <= k for k, root in enumerate(roots))
    assert all(roots[s.a] == roots[s.b] for s in same)
    random.shuffle(same)
    random.shuffle(excerpts)
    assert group(12, same, excerpts) == roots


def test_function_words_of_an_unlisted_language_are_its_most_frequent() -> None:
    sentence = "Kel bamo vir tirina kel soda vir pelora kel nuvi vir gamela. "
    tokens = tokenize([sentence * 3])
    frame = {tokens.word(int(t)) for t in np.flatnonzero(tokens.kind & KIND_MASK == FUNCTION)}
    assert {"kel", "vir"} <= frame
