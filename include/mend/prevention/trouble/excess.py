"""What a source cost beyond what its volume explains: pure functions of frozen sums.

A source's rate of points a contact is held against a base: its own rate in the months before or, where it has none, its
dimension's rate in the same month. Contacts of one customer are no independent draws, nor are those of one day: the
standard error is worked out over customers and over days, and the larger one counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.statistics import Interval, from_standard_error

LARGEST_RATIO: Final = 1e6
Basis = Literal["history", "dimension"]


@dataclass(frozen=True)
class Totals:
    """Contacts and points of a source, and those of its base."""

    contacts: int
    points: float
    base_contacts: int
    base_points: float

    @property
    def rate(self) -> float:
        return self.points / self.contacts

    @property
    def base_rate(self) -> float:
        return self.base_points / self.base_contacts

    @property
    def expected(self) -> float:
        """Points that the month's contacts would have brought at the base's rate."""
        return self.base_rate * self.contacts


@dataclass(frozen=True)
class Products:
    """Sums over clusters of products of what each brought: contacts n and points p of the source, contacts m and points
    q of its base.
    """

    nn: float
    np: float
    pp: float
    mm: float
    mq: float
    qq: float
    nm: float
    nq: float
    pm: float
    pq: float

    def of(self, n: float, p: float, m: float, q: float) -> float:
        """The sum over clusters of the squared sum of what each brought, in these weights."""
        own = n * n * self.nn + 2 * n * p * self.np + p * p * self.pp
        base = m * m * self.mm + 2 * m * q * self.mq + q * q * self.qq
        both = n * m * self.nm + n * q * self.nq + p * m * self.pm + p * q * self.pq
        return max(0.0, own + base + 2 * both)

    def clusters(self, totals: Totals) -> float:
        """How many clusters of one size say as much: the fewer of the source's and its base's (Kish 1965)."""
        own = totals.contacts**2 / self.nn if self.nn else 0.0
        base = totals.base_contacts**2 / self.mm if self.mm else 0.0
        return min(own, base)


@dataclass(frozen=True)
class Excess:
    """Points beyond the expected ones, and the ratio of the two rates, each with its interval. The ratio has none where
    either side has no points.
    """

    points: Interval
    trend: float | None
    trend_low: float | None
    trend_high: float | None


def excess(totals: Totals, customers: Products, days: Products, confidence: float) -> Excess:
    """The excess of a source over its base."""
    share = totals.contacts / totals.base_contacts
    weights = (-totals.rate, 1.0, share * totals.base_rate, -share)
    error, freedom = _error(totals, weights, customers, days)
    points = from_standard_error(totals.points - totals.expected, error, confidence, freedom)
    return Excess(points, *_trend(totals, customers, days, confidence))


def _trend(
    totals: Totals, customers: Products, days: Products, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """The ratio of the rates; its interval is made on the logarithm."""
    if totals.points <= 0 or totals.base_points <= 0:
        ratio = totals.rate / totals.base_rate if totals.base_points > 0 else None
        return ratio, None, None
    weights = (-1 / totals.contacts, 1 / totals.points, 1 / totals.base_contacts, -1 / totals.base_points)
    error, freedom = _error(totals, weights, customers, days)
    found = from_standard_error(math.log(totals.rate / totals.base_rate), error, confidence, freedom)
    low, middle, high = (_ratio(each) for each in (found.low, found.estimate, found.high))
    return middle, low, high


def _ratio(logarithm: float) -> float:
    return min(LARGEST_RATIO, math.exp(min(logarithm, 50.0)))


def _error(
    totals: Totals, weights: tuple[float, float, float, float], customers: Products, days: Products
) -> tuple[float, float]:
    """The larger standard error of the two, with its degrees of freedom."""
    return max(_error_over(totals, weights, clusters) for clusters in (customers, days))


def _error_over(totals: Totals, weights: tuple[float, float, float, float], clusters: Products) -> tuple[float, float]:
    count = clusters.clusters(totals)
    freedom = max(1.0, count - 1)
    return math.sqrt(clusters.of(*weights) * max(count, 2.0) / freedom), freedom
