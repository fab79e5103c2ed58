"""Complaints per 10 000 customers reached, with the interval that the plans' own scatter gives. Pure.

Plans differ: customers of one plan complain together. So the scatter between plans counts (with
Student's t: two plans tell little of it, the interval is wide), and never less than chance alone. One plan tells
nothing of it: its rate has no interval. What has no complaint at all has an upper end only (exact Poisson, chance
alone).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy import stats

PER: Final = 10_000
CONFIDENCE: Final = 0.95
LEAST_PLANS: Final = 2  # fewer tell nothing of how plans differ


@dataclass(frozen=True)
class Reached:
    """One plan: customers reached, complaints afterwards."""

    customers: int
    complaints: int


@dataclass(frozen=True)
class Rate:
    """Complaints per 10 000 customers of some plans.

    Args:
        low, high: ends of the interval; None with fewer than two plans.
        dispersion: how much more plans differ than chance alone; 1 is chance. None with fewer than two plans.
    """

    plans: int
    customers: int
    complaints: int
    rate: float
    low: float | None
    high: float | None
    dispersion: float | None


@dataclass(frozen=True)
class Change:
    """One rate against another: their ratio, less one, with its interval."""

    change: float
    low: float
    high: float
    p_value: float


def rate_of(plans: Sequence[Reached]) -> Rate | None:
    """The rate of plans that reached somebody; None when none did.

    >>> found = rate_of([Reached(10_000, 2)] * 10)
    >>> f"{found.rate:.1f} ({found.low:.2f} to {found.high:.2f}), {found.dispersion:g}"
    '2.0 (1.29 to 3.10), 1'
    """
    known = [each for each in plans if each.customers > 0]
    if not known:
        return None
    customers, complaints = sum(each.customers for each in known), sum(each.complaints for each in known)
    rate = complaints / customers * PER
    if len(known) < LEAST_PLANS:
        return Rate(len(known), customers, complaints, rate, None, None, None)
    dispersion = _dispersion(known, complaints / customers)
    return Rate(len(known), customers, complaints, rate, *_ends(complaints, customers, dispersion), dispersion)


def change_of(now: Rate, then: Rate) -> Change | None:
    """The change from then to now; None when either has no complaints (a ratio says nothing then) or one plan alone.

    >>> then, now = (rate_of([Reached(100_000, count)] * 6) for count in (21, 13))
    >>> found = change_of(now, then)
    >>> f"{found.change:+.0%} ({found.low:+.0%} to {found.high:+.0%})"
    '-38% (-53% to -18%)'
    """
    if not now.complaints or not then.complaints or now.dispersion is None or then.dispersion is None:
        return None
    error = math.sqrt(now.dispersion / now.complaints + then.dispersion / then.complaints)
    ratio = math.log(now.rate / then.rate)
    z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
    ends = (math.exp(ratio - z * error) - 1, math.exp(ratio + z * error) - 1)
    return Change(math.exp(ratio) - 1, *ends, float(2 * stats.norm.sf(abs(ratio / error))))


def least_reached(then: float, now: float) -> int:
    """How many customers must have been reached in each of two periods for the change of rates to be more than chance,
    if chance alone makes plans differ.

    >>> least_reached(2.1, 1.3)
    209000
    """
    z = float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
    needed = (z / math.log(now / then)) ** 2 * (PER / then + PER / now)
    return math.ceil(needed / 1000) * 1000


def _dispersion(plans: Sequence[Reached], rate: float) -> float:
    """The variance of the rate over two plans or more (ratio estimator), against that of chance alone: at least 1.
    Student's t for few plans is in it."""
    if rate == 0:
        return 1.0
    count, customers = len(plans), sum(each.customers for each in plans)
    squares = sum((each.complaints - rate * each.customers) ** 2 for each in plans)
    wide = (stats.t.ppf(0.5 + CONFIDENCE / 2, count - 1) / stats.norm.ppf(0.5 + CONFIDENCE / 2)) ** 2
    return max(1.0, float(squares / (rate * customers) * count / (count - 1) * wide))


def _ends(complaints: int, customers: int, dispersion: float) -> tuple[float, float]:
    if complaints == 0:
        return 0.0, float(stats.chi2.ppf(0.5 + CONFIDENCE / 2, 2)) / 2 / customers * PER
    rate, z = complaints / customers * PER, float(stats.norm.ppf(0.5 + CONFIDENCE / 2))
    wide = math.exp(z * math.sqrt(dispersion / complaints))
    return rate / wide, rate * wide
