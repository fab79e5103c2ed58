"""How many there will be next month, when it is like this one: the interval of a count, from this month's days."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from mend.foundation.statistics.intervals import CONFIDENCE

LEAST_RATE: Final = 0.5  # Jeffreys: nothing seen in a month is no proof that there is nothing


def next_count(daily: Sequence[int], days: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The interval of the next month's count, given this month's counts a day (days without any are zeros).

    The count of a month like this one is negative binomial when the rate is known no better than this month shows it
    (Jeffreys' prior). Broken promises come in clusters (an outage, a Monday): where days differ more than chance alone
    would let them, both ends move out by that factor. What this month had nothing of (a strike, a new tariff) is in no
    interval.

    >>> next_count([0] * 30, 31)
    (0, 3)
    >>> next_count([10] * 30, 30)
    (254, 350)
    """
    from scipy.special import betainc

    clustering = overdispersion(daily)
    shape = sum(daily) / clustering + LEAST_RATE
    known = len(daily) / (len(daily) + days)

    def at_most(count: int) -> float:
        return float(betainc(shape, count + 1, known))

    tail = (1 - confidence) / 2
    low, high = _first(at_most, tail), _first(at_most, 1 - tail)
    return math.floor(clustering * low), math.ceil(clustering * high)


def overdispersion(daily: Sequence[int]) -> float:
    """How much more days differ than by chance: variance over mean, at least 1. With its own uncertainty: 30 days show
    it to within a quarter.

    >>> overdispersion([1, 1, 1, 1]), overdispersion([0, 0, 0, 40]) > 10
    (1.0, True)
    """
    mean = sum(daily) / len(daily)
    if mean == 0:
        return 1.0
    variance = sum((each - mean) ** 2 for each in daily) / (len(daily) - 1)
    return max(1.0, variance / mean)


def _first(at_most: Callable[[int], float], share: float) -> int:
    """The smallest count that is reached with at least that share."""
    high = 1
    while at_most(high) < share:
        high *= 2
    low = -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if at_most(middle) >= share else (middle, high)
    return high
