"""Prices judge every choice: what each customer would take at given prices, and the bound that any prices prove.

Prices are whole numbers of 1/4096 point. A choice is worth v = 4096 benefit - seat - total - budget x cost + floor. For
any prices of at least 0 (a floor's at most the penalty) no allocation has more than

    D = sum over customers of max(0, best v) + sum of capacity x price - sum of floor x price.

All of it are whole numbers below 2**53, so a sum does not depend on the order of rows, on threads or on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from mend.repair.allocation.layout import Layout, Limits

SCALE: Final = 4096
NONE: Final = -1
FAR: Final = 2.0**50  # beyond any value: a price times a huge cost stops here


@dataclass(frozen=True, eq=False)
class Prices:
    """[strategy, city], [strategy] and [city], whole numbers in 1/4096 point."""

    seats: np.ndarray
    budgets: np.ndarray
    totals: np.ndarray
    floors: np.ndarray


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the customers take at prices. `value` is the sum of best values in a city, `bound` is D, both in 1/4096."""

    bound: int
    value: np.ndarray
    used: np.ndarray  # [strategy, city]
    spent: np.ndarray
    slot: np.ndarray | None  # of each place: which of its pairs, or none
    next_slot: np.ndarray | None
    margin: np.ndarray | None  # of each place: how far its choice is over the next best, none included


def no_prices(limits: Limits) -> Prices:
    return Prices(**{name: np.zeros_like(each) for name, each in vars(limits).items()})


def to_prices(
    limits: Limits, seats: np.ndarray, budgets: np.ndarray, totals: np.ndarray, floors: np.ndarray, penalty: int
) -> Prices:
    """Prices of points rounded and brought to where they prove a bound: 0 without a limit."""
    most = SCALE * max(penalty, 1)
    return Prices(
        seats=_rounded(seats, np.isfinite(limits.seats), most),
        budgets=_rounded(budgets, np.isfinite(limits.budgets), most),
        totals=_rounded(totals, np.isfinite(limits.totals), most),
        floors=_rounded(floors, limits.floors > 0, SCALE * penalty),
    )


def _rounded(points: np.ndarray, is_limited: np.ndarray, most: int) -> np.ndarray:
    return np.where(is_limited, np.clip(np.rint(points * SCALE), 0, most), 0.0)


def judge(layout: Layout, prices: Prices, *, with_choices: bool = False) -> Verdict:
    """Every customer's choice at these prices. Of equal values the first strategy is taken, and none before any."""
    shape = prices.seats.shape
    value, used, spent = np.zeros(shape[1], np.int64), np.zeros(shape), np.zeros(shape)
    slot, next_slot, margin = _room(layout.places) if with_choices else (None, None, None)
    width = max(int(np.diff(layout.first).max(initial=1)), 1)
    for city, start, end in layout.blocks():
        own = values_of(layout, prices, city, start, end)
        begins = layout.first[start:end] - layout.first[start]
        key = own * width
        key += _first_is_more(layout, start, end, width)
        best = np.maximum.reduceat(key, begins)
        points, taken = _apart(best, width)
        is_taken = points > 0
        points[~is_taken] = 0
        value[city] += points.astype(np.int64).sum()
        pairs = (layout.first[start:end] + taken)[is_taken]
        used[:, city] += np.bincount(layout.strategy[pairs], minlength=shape[0])
        spent[:, city] += np.bincount(layout.strategy[pairs], layout.cost[pairs], minlength=shape[0])
        if slot is not None and next_slot is not None and margin is not None:
            slot[start:end] = np.where(is_taken, taken, NONE)
            key[(begins + taken)[is_taken]] = -FAR
            next_points, next_best = _apart(np.maximum.reduceat(key, begins), width)
            next_slot[start:end] = np.where(is_taken & (next_points <= 0), NONE, next_best)
            margin[start:end] = np.where(is_taken, points - np.maximum(next_points, 0), -next_points)
    return Verdict(_bound(layout.limits, prices, value), value, used, spent, slot, next_slot, margin)


def _room(places: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.full(places, NONE, np.int16), np.full(places, NONE, np.int16), np.zeros(places)


def _apart(key: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Value and slot of a key: value x width, plus more for a customer's earlier pairs."""
    value = np.floor(key / width)
    slot = (width - 1 - (key - value * width)).astype(np.int64)
    return value, np.clip(slot, 0, width - 1)


def values_of(layout: Layout, prices: Prices, city: int, start: int, end: int) -> np.ndarray:
    """v of each pair of these places (of one city). Nothing under -FAR: that is never taken."""
    pairs = slice(int(layout.first[start]), int(layout.first[end]))
    strategy = layout.strategy[pairs]
    value = layout.benefit[pairs] * float(SCALE)
    value -= (prices.seats[:, city] + prices.totals - prices.floors[city])[strategy]
    if prices.budgets[:, city].any():
        value -= np.minimum(prices.budgets[:, city][strategy] * layout.cost[pairs], FAR)
    return np.asarray(np.maximum(value, -FAR / 1024))


def values_of_pairs(layout: Layout, prices: Prices, pairs: np.ndarray, city: np.ndarray) -> np.ndarray:
    """v of any pairs, given the city of each."""
    strategy = layout.strategy[pairs]
    charged = prices.seats[strategy, city] + prices.totals[strategy] - prices.floors[city]
    spent = np.minimum(prices.budgets[strategy, city] * layout.cost[pairs], FAR)
    return np.asarray(np.maximum(layout.benefit[pairs] * float(SCALE) - charged - spent, -FAR / 1024))


def _first_is_more(layout: Layout, start: int, end: int, width: int) -> np.ndarray:
    """Of each pair: width - 1 for a customer's first, one less for each after it."""
    first = layout.first[start : end + 1]
    place = np.repeat(first[:-1], np.diff(first))
    return np.asarray(width - 1 - (np.arange(first[0], first[-1]) - place))


def _bound(limits: Limits, prices: Prices, value: np.ndarray) -> int:
    bound = sum(int(each) for each in value)
    for name in ("seats", "budgets", "totals", "floors"):
        price = getattr(prices, name)
        charged = np.flatnonzero(price)
        sign = -1 if name == "floors" else 1
        terms = zip(price.ravel()[charged], getattr(limits, name).ravel()[charged], strict=True)
        bound += sign * sum(int(each) * int(capacity) for each, capacity in terms)
    return bound
