"""From sums over customers to a rate with its interval, and from a rate to a score of 1 to 10. Pure.

A customer who calls ten times is one witness, not ten: rows of one customer hang together, so the variance of a rate is
taken over customers (the ratio estimator). Of a share, the interval is Wilson's with the rows counted for as many as
they are worth; that of a mean is Student's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mend.foundation.statistics import from_standard_error, wilson

UNIT: Final = 1000  # values are summed in thousandths, as whole numbers: the same in whatever order rows are added
LOWEST, HIGHEST = 1.0, 10.0


@dataclass(frozen=True)
class Sums:
    """Sums over customers: n the rows of each, y the sum of their values, in thousandths.

    Args:
        rows: of all customers.
        customers: with rows.
        nn: of n x n; `ny` of n x y, `yy` of y x y.
    """

    rows: int
    customers: int
    y: int
    nn: int
    ny: int
    yy: int

    def __add__(self, other: Sums) -> Sums:
        """Of other customers."""
        return Sums(
            self.rows + other.rows, self.customers + other.customers, self.y + other.y, self.nn + other.nn,
            self.ny + other.ny, self.yy + other.yy,
        )  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """A figure between the ends of its interval."""

    value: float
    low: float
    high: float


def rate_of(sums: Sums, confidence: float, is_share: bool) -> Estimate:
    """The rate of the rows, with an interval that takes a customer's rows for what they are worth.

    Ten customers with ten rows each that all succeed or all fail are ten witnesses:

    >>> hundred_witnesses = Sums(100, 100, 50 * UNIT, 100, 50 * UNIT, 50 * UNIT**2)
    >>> ten_witnesses = Sums(100, 10, 50 * UNIT, 1000, 500 * UNIT, 500 * UNIT**2)
    >>> for sums in (hundred_witnesses, ten_witnesses):
    ...     found = rate_of(sums, 0.95, is_share=True)
    ...     print(f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})")
    0.500 (0.403 to 0.597)
    0.500 (0.227 to 0.773)
    """
    rate = sums.y / sums.rows / UNIT
    variance = _variance(sums)
    if is_share:
        worth = _rows_worth(sums, rate, variance)
        low, high = wilson(rate * worth, worth, confidence)
        return Estimate(rate, min(rate, low), max(rate, high))
    found = from_standard_error(rate, math.sqrt(variance), confidence, freedom=max(1, sums.customers - 1))
    return Estimate(rate, found.low, found.high)


def score_of(rate: float, worst: float, best: float) -> float:
    """Linear from 1 at the worst rate to 10 at the best, and no further. The worst may be above the best.

    >>> score_of(0.8, worst=0.5, best=0.9), score_of(45, worst=60, best=15), score_of(0.2, worst=0.5, best=0.9)
    (7.75, 4.0, 1.0)
    """
    return min(HIGHEST, max(LOWEST, LOWEST + (HIGHEST - LOWEST) * (rate - worst) / (best - worst)))


def scored(rate: Estimate, worst: float, best: float) -> Estimate:
    """The score of a rate, its interval mapped the same way."""
    ends = sorted(score_of(end, worst, best) for end in (rate.low, rate.high))
    return Estimate(score_of(rate.value, worst, best), ends[0], ends[1])


def mean_of(scores: Sequence[Estimate]) -> Estimate:
    """The mean of several measures' scores. Its interval is the mean of theirs: as wide as if they moved together,
    which measures of the same contacts do.

    >>> mean_of([Estimate(4, 3, 5), Estimate(8, 7, 10)])
    Estimate(value=6.0, low=5.0, high=7.5)
    """
    count = len(scores)
    return Estimate(
        sum(each.value for each in scores) / count,
        sum(each.low for each in scores) / count,
        sum(each.high for each in scores) / count,
    )


def difference(now: Estimate, then: Estimate) -> Estimate:
    """Now minus then, from the two intervals (Zou and Donner 2008). Customers of both months make both alike: taken as
    if they were others, the interval is too wide rather than too narrow.

    >>> found = difference(Estimate(7, 6, 8), Estimate(4, 3, 5))
    >>> [round(value, 3) for value in (found.value, found.low, found.high)]
    [3, 1.586, 4.414]
    """
    value = now.value - then.value
    low = value - math.hypot(now.value - now.low, then.high - then.value)
    high = value + math.hypot(now.high - now.value, then.value - then.low)
    return Estimate(value, low, high)


def _variance(sums: Sums) -> float:
    """Of the ratio estimator, over customers. The sum of squares is exact, being of whole numbers."""
    if sums.customers < 2:
        return 0.0
    n, y = sums.rows, sums.y
    # sum of (y_i - rate x n_i)^2, times rows squared, in thousandths squared
    squares = sums.yy * n * n - 2 * sums.ny * y * n + sums.nn * y * y
    spread = squares / (n * n) / UNIT**2
    return spread * sums.customers / (sums.customers - 1) / (n * n)


def _rows_worth(sums: Sums, rate: float, variance: float) -> float:
    """How many independent rows would give this variance. When all succeed or all fail nothing tells how much a
    customer's rows hang together: then a customer is one row."""
    if variance <= 0:
        return float(sums.customers)
    return min(float(sums.rows), rate * (1 - rate) / variance)
