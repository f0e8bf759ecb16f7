"""A sum of steps, each of one measure and of one direction, fitted by logistic regression.

What an account of a rewrite is: a measure adds something at each of its bounds that it reaches,
never less for more of it, or never more.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from scrub.match.rewrites.account import AGAINST

Array = NDArray[Any]

BOUNDS = 24  # of a measure, at quantiles; tried: 5, 8, 12, 16, 20, 24, 32
PENALTY = 3.0  # tried: 0.3 to 15
HARDEST, TIMES = 100, 4.0  # of what is no rewrite so many count so much more in the second fit


def bounds_of(values: Array, found: Array) -> list[Array]:
    """Quantiles of each measure, what is to be found weighing three times."""
    rows = np.concatenate([values[found]] * 3 + [values[~found]])
    shares = np.linspace(0, 1, BOUNDS + 2)[1:-1]
    return [np.unique(np.quantile(rows[:, k], shares).round(3)) for k in range(values.shape[1])]


class Steps(NamedTuple):
    """Of N pairs how many bounds of each of M measures are reached, and the sign of each measure.

    places  (N, M) int64
    sizes   M numbers of bounds
    signs   M of +1 or -1, what their weights may be
    """

    places: Array
    sizes: list[int]
    signs: list[int]

    def sums(self, weights: Array) -> Array:
        """(N,) what the bounds that are reached add, and the bias, the last of the weights."""
        total, at = np.full(len(self.places), weights[-1]), 0
        for k, size in enumerate(self.sizes):
            total += np.concatenate([[0.0], np.cumsum(weights[at : at + size])])[self.places[:, k]]
            at += size
        return total

    def slopes(self, slope: Array) -> Array:
        """What a change of each weight does to the sum over all pairs of `slope` times `sums`."""
        found = []
        for k, size in enumerate(self.sizes):
            by_place = np.bincount(self.places[:, k], slope, size + 1)
            found.append(np.cumsum(by_place[::-1])[::-1][1:])
        return np.concatenate([*found, [slope.sum()]])

    def of(self, chosen: Array) -> Steps:
        """Those of some pairs."""
        return self._replace(places=self.places[chosen])


def steps_of(values: Array, bounds: list[Array], names: list[str]) -> Steps:
    """Where the values of each named measure stand among its bounds."""
    places = [np.searchsorted(own, values[:, k], side="right") for k, own in enumerate(bounds)]
    signs = [-1 if name in AGAINST else 1 for name in names]
    return Steps(np.stack(places, 1), [len(own) for own in bounds], signs)


def fit(steps: Steps, found: Array, start: Array, times: Array) -> Array:
    """Weights of the bounds, each of its sign, and the bias; pair k counts `times[k]`.

    No product of matrices: the same bytes whatever the number of threads.
    """
    sides = np.where(found, 1.0, -1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        margin = steps.sums(weights) * sides
        slope = -sides * times / (1 + np.exp(np.clip(margin, -50, 50)))
        given = steps.slopes(slope)
        given[:-1] += 2 * PENALTY * weights[:-1]
        return float(
            (times * np.logaddexp(0, -margin)).sum() + PENALTY * (weights[:-1] ** 2).sum()
        ), given

    limits = [
        (0, None) if sign > 0 else (None, 0)
        for sign, size in zip(steps.signs, steps.sizes, strict=True)
        for _ in range(size)
    ]
    answer: Array = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[*limits, (None, None)],
        options={"maxiter": 400, "ftol": 1e-8},
    ).x  # fmt: skip
    return answer


def fit_twice(steps: Steps, found: Array, start: Array) -> Array:
    """The same, with what is hardest to tell from a rewrite counted `TIMES`."""
    times = np.ones(len(found))
    first = fit(steps, found, start, times)
    scores = steps.sums(first)
    hard = ~found & (scores > np.sort(scores[~found])[::-1][HARDEST])
    return fit(steps, found, first, np.where(hard, TIMES, times))


def written(
    names: list[str], bounds: list[Array], weights: Array, cuts: dict[str, float]
) -> dict[str, Any]:
    """An account as it is stored."""
    steps, at = {}, 0
    for name, own in zip(names, bounds, strict=True):
        given = [
            [round(float(bound), 3), round(float(value), 2)]
            for bound, value in zip(own, weights[at : at + len(own)], strict=True)
            if abs(value) >= 0.01
        ]
        at += len(own)
        if given:
            steps[name] = given
    bias = round(float(weights[-1]), 2)
    grades = {n: math.floor(cut * 100 + 1) / 100 for n, cut in cuts.items()}  # beyond, not at it
    return {"bias": bias, **grades, "steps": steps}
