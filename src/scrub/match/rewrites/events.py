"""Documents on one event, each in its own way: a label, on which nothing acts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scrub.match.features import Features
from scrub.match.rewrites.account import MIN_RARE, accounts, terms
from scrub.match.rewrites.candidates import Lists
from scrub.match.rewrites.evidence import measure
from scrub.match.rewrites.find import by_length, days_apart, long_enough
from scrub.match.rewrites.rivals import ALIKE, STANDS_OUT, closest_in, stands_out
from scrub.match.rewrites.terms import Stems, terms_of

_DAYS = 3  # between two reports of one event, where both have a date; by hand
_SHARE = 0.5  # of a group has links into the one that it joins, by hand,
_ENOUGH = 3  # and so many, or this share, of the other have links into it


def find_events(
    features: Features,
    ids: Sequence[str],
    created: Sequence[str],
    chosen: NDArray[np.int64],
    words: Stems,
    jobs: int = 1,
) -> dict[str, str]:
    """The event of each document at the positions `chosen` that shares one with another.

    An event has the smallest id of its documents.  `ids`, `created` and `words` are as for
    `find_rewrites`; the order of the documents changes nothing.
    """
    chosen = long_enough(features, ids, chosen)
    if len(chosen) < 2:
        return {}
    found = terms_of(features, chosen, words)
    lists = Lists.of(features, chosen, found)
    first, second = lists.nearest(np.arange(len(chosen)), jobs)
    shorter, longer = by_length(features, chosen[first], chosen[second])
    measured = measure(features, shorter, longer, found, jobs)
    alike = measured.values[:, ALIKE]
    near = closest_in(shorter, longer, alike, len(ids))
    measured.values[:, STANDS_OUT] = stands_out(alike, near[shorter], near[longer])
    days = days_apart(created, shorter, longer)
    account = accounts()["event"]
    total = np.asarray(account.bias + sum(terms(measured.values, days, "event").values()))
    linked = (total >= account.likely) & (measured.rare >= MIN_RARE) & ~(days > _DAYS)
    links = sorted(
        (-float(total[k]), *sorted((ids[shorter[k]], ids[longer[k]])))
        for k in np.flatnonzero(linked).tolist()
    )
    return grouped([(a, b) for _, a, b in links])


def grouped(links: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The group of each linked document by its smallest id, the surest link first.

    A group joins a larger one where half of its documents have links into that, and half of that,
    or three, into it: so a chain of next days' stories does not make one group of a year.
    """
    groups = {i: {i} for link in links for i in link}
    known: dict[str, set[str]] = {i: set() for i in groups}
    for a, b in links:
        known[a].add(b)
        known[b].add(a)
    for a, b in links:
        small, large = sorted((groups[a], groups[b]), key=lambda group: (len(group), min(group)))
        if small is large or sum(bool(known[i] & large) for i in small) < _SHARE * len(small):
            continue
        if sum(bool(known[i] & small) for i in large) < min(_ENOUGH, _SHARE * len(large)):
            continue
        large |= small
        for i in small:
            groups[i] = large
    return {i: min(group) for i, group in groups.items() if len(group) > 1}
