"""Clusters by parts: a connected component alone gives the clusters that it has in the whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scrub.match.clusters import Excerpt, Same, group

N = 12
numbers = st.integers(0, N - 1)
spans = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda ends: (min(ends), max(ends)))
sames = st.lists(st.builds(Same, numbers, numbers, spans, spans), max_size=8)
excerpts = st.lists(
    st.tuples(numbers, numbers, st.integers(1, 5), spans, st.booleans()).map(
        lambda row: Excerpt(row[0], row[1], row[2], *row[3], row[4])
    ),
    max_size=12,
)


def components(same: list[Same], cut: list[Excerpt]) -> list[list[int]]:
    label = list(range(N))
    links = [(s.a, s.b) for s in same] + [(e.part, e.whole) for e in cut]
    for _ in range(N):
        for a, b in links:
            label[a] = label[b] = min(label[a], label[b])
    return [[n for n in range(N) if label[n] == first] for first in sorted(set(label))]


@given(sames, excerpts)
def test_a_component_alone_has_the_clusters_it_has_in_the_whole(
    same: list[Same], cut: list[Excerpt]
) -> None:
    same = [s for s in same if s.a != s.b]
    cut = [e for e in cut if e.part != e.whole]
    whole = group(N, same, cut)
    for members in components(same, cut):
        rank = {n: k for k, n in enumerate(members)}
        own_same = [s._replace(a=rank[s.a], b=rank[s.b]) for s in same if s.a in rank]
        own_cut = [
            e._replace(part=rank[e.part], whole=rank[e.whole]) for e in cut if e.part in rank
        ]
        alone = group(len(members), own_same, own_cut)
        assert [members[root] for root in alone] == [whole[n] for n in members]
