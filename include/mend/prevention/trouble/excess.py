"""What a source cost beyond what its volume explains: pure functions of frozen sums.

A source's rate of points a contact is held against a base: its own rate in the months before or, where it has none, the
rate of all of its kind in the same month. Where the base is its own past, the source must have become worse than the
rest of its kind did, too: a season or a new way of recording, which moves all of them, is no trouble of one.

Contacts of one customer are no independent draws, nor are those of one day: each standard error is worked out over
customers and over days, and the larger one counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.statistics import Interval, from_standard_error

# What a cluster (a customer, or a day) brought: contacts n and points p of the source in the month, m and q in the
# months before; w, v, x and y the same of all known sources of its kind.
OWN: Final = "npmq"
WHOLE: Final = "wvxy"
LARGEST_LOG: Final = 50.0
Basis = Literal["history", "dimension"]
Weights = Mapping[str, float]


@dataclass(frozen=True)
class Sums:
    """Sums over clusters of what each brought, and of products of two of these, by their letters."""

    totals: Mapping[str, float]
    products: Mapping[str, float]

    def squares(self, weights: Weights) -> float:
        """The sum over clusters of the squared sum of what each brought, in these weights."""
        return max(
            0.0,
            sum(
                one * other * self.product(name, second)
                for name, one in weights.items()
                for second, other in weights.items()
            ),
        )

    def product(self, name: str, other: str) -> float:
        return self.products[name + other] if name + other in self.products else self.products[other + name]

    def clusters(self, contacts: str) -> float:
        """How many clusters of one size say as much (Kish 1965)."""
        squares = self.product(contacts, contacts)
        return self.totals[contacts] ** 2 / squares if squares else 0.0


def sums_of(own: Mapping[str, int], whole: Mapping[str, int]) -> Sums:
    """Of a source and of all of its kind (which are their own whole)."""
    to_whole = dict(zip(OWN, WHOLE, strict=True))
    totals = {name: float(own[name]) for name in OWN} | {to_whole[name]: float(whole[name]) for name in OWN}
    products = {name: float(value) for name, value in own.items() if len(name) == 2}
    products |= {to_whole[a] + to_whole[b]: float(whole[a + b]) for a in OWN for b in OWN if a + b in whole}
    return Sums(totals, products)


@dataclass(frozen=True)
class Excess:
    """Points beyond the expected ones with their interval; the ratio of the two rates, with its interval where both
    have points; the ratio by which the rest of its kind moved meanwhile; and how likely so much more (or so much less)
    is by luck in both comparisons.
    """

    expected: float
    points: Interval
    trend: float | None
    trend_low: float | None
    trend_high: float | None
    rest_trend: float | None
    p_worse: float
    p_better: float


def excess(customers: Sums, days: Sums, basis: Basis, confidence: float, least_contacts: int = 1) -> Excess:
    """The excess of a source over its base.

    Args:
        least_contacts: with fewer of the rest, in the month or before it, nothing is known of how the rest moved.
    """
    of = customers.totals
    contacts, points = ("m", "q") if basis == "history" else ("w", "v")
    expected = of["n"] * of[points] / of[contacts]
    share = of["n"] / of[contacts]
    weights = {"p": 1.0, "n": -of["p"] / of["n"], points: -share, contacts: expected / of[contacts]}
    found = _interval(customers, days, of["p"] - expected, weights, ("n", contacts), confidence)
    against_rest, rest_trend = None, None
    if basis == "history" and _is_rest_known(of, least_contacts):
        against_rest, rest_trend = _against_rest(customers, days, confidence)
    both = [each for each in (found, against_rest) if each is not None]
    trend = _trend(customers, days, (contacts, points), confidence)
    worse, better = (max(_chance(each, sign) for each in both) for sign in (1, -1))
    return Excess(expected, found, *trend, rest_trend, worse, better)


def _is_rest_known(of: Mapping[str, float], least: int) -> bool:
    contacts = of["w"] - of["n"], of["x"] - of["m"]
    points = of["v"] - of["p"], of["y"] - of["q"]
    return min(contacts) >= least and min(points) > 0


def _chance(found: Interval, sign: int) -> float:
    """The chance of so much or more to one side by luck."""
    return found.p_value / 2 if sign * found.estimate > 0 else 1 - found.p_value / 2


def _against_rest(customers: Sums, days: Sums, confidence: float) -> tuple[Interval, float]:
    """Points beyond those expected had the source moved as the rest of its kind did; and how the rest moved."""
    of = customers.totals
    w, v, x, y = (of[whole] - of[own] for whole, own in zip(WHOLE, OWN, strict=True))
    moved = (v / w) / (y / x)
    expected = of["n"] * of["q"] / of["m"] * moved
    share = of["n"] * moved / of["m"]
    rest = {"v": -expected / v, "w": expected / w, "y": expected / y, "x": -expected / x}
    weights = {
        "p": 1.0 - rest["v"],
        "n": -of["p"] / of["n"] - rest["w"],
        "q": -share - rest["y"],
        "m": expected / of["m"] - rest["x"],
        **rest,
    }
    return _interval(customers, days, of["p"] - expected, weights, ("n", "m"), confidence), moved


def _trend(
    customers: Sums, days: Sums, base: tuple[str, str], confidence: float
) -> tuple[float | None, float | None, float | None]:
    """The ratio of the rates; its interval is made on the logarithm."""
    of, (contacts, points) = customers.totals, base
    if of[points] <= 0:
        return None, None, None
    ratio = (of["p"] / of["n"]) / (of[points] / of[contacts])
    if ratio <= 0:
        return ratio, None, None
    weights = {"n": -1 / of["n"], "p": 1 / of["p"], contacts: 1 / of[contacts], points: -1 / of[points]}
    found = _interval(customers, days, math.log(ratio), weights, ("n", contacts), confidence)
    low, high = (math.exp(max(-LARGEST_LOG, min(LARGEST_LOG, each))) for each in (found.low, found.high))
    return ratio, low, high


def _interval(
    customers: Sums, days: Sums, estimate: float, weights: Weights, contacts: tuple[str, str], confidence: float
) -> Interval:
    """With the larger standard error of the two kinds of clusters."""
    error, freedom = max(_error(clusters, weights, contacts) for clusters in (customers, days))
    return from_standard_error(estimate, error, confidence, freedom)


def _error(clusters: Sums, weights: Weights, contacts: tuple[str, str]) -> tuple[float, float]:
    """The standard error and its degrees of freedom: by the side with fewer clusters."""
    count = min(clusters.clusters(name) for name in contacts)
    freedom = max(1.0, count - 1)
    return math.sqrt(clusters.squares(weights) * max(count, 2.0) / freedom), freedom
