"""Customers who might change their minds: those whose best choice is over the next one by no more than a width.

A width is a cell's (a strategy in a city): that within which are its nearest customers, those who take it and those
whose next choice it is. All others are fixed at their choice; what they use is taken off the limits, and the band is
solved within the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mend.repair.allocation.core import Core, group, pairs_of
from mend.repair.allocation.judge import SCALE, Prices, Verdict, values_of_pairs
from mend.repair.allocation.layout import Layout, Limits

COLUMNS = 2.0  # widths within which a choice of a customer of the band is a column
NEAREST = 12  # of a cell are in the band at least


@dataclass(frozen=True, eq=False)
class Band:
    """`places` ascending; `rest` of each limit, under 0 where the fixed use more than there is; the fixed's benefit."""

    places: np.ndarray
    city: np.ndarray
    width: np.ndarray  # of each cell, in 1/4096 point
    rest: Limits
    fixed_benefit: int


def widths(layout: Layout, verdict: Verdict, share: float) -> np.ndarray:
    """Of each cell [strategy, city] the margin within which this share of those who think of it are."""
    assert verdict.margin is not None
    found = np.zeros((len(layout.strategies), len(layout.cities)))
    for city in range(len(layout.cities)):
        start, end = int(layout.city_first[city]), int(layout.city_first[city + 1])
        own = verdict.margin[start:end]
        mine, other = _strategies(layout, verdict, start, end)
        for strategy in range(len(layout.strategies)):
            near = own[(mine == strategy) | (other == strategy)]
            if len(near):
                k = min(len(near) - 1, int(np.ceil(share * len(near))) + NEAREST)
                found[strategy, city] = np.partition(near, k)[k] or _least_over_nothing(near)
    return found


def _least_over_nothing(margin: np.ndarray) -> float:
    """Where many are indifferent: the width that takes in the next ones too, or prices could not move."""
    return float(margin[margin > 0].min(initial=SCALE))


def _strategies(layout: Layout, verdict: Verdict, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """What these places take, and what they would next: positions of strategies, -1 for none."""
    assert verdict.slot is not None
    assert verdict.next_slot is not None
    both = []
    for slots in (verdict.slot[start:end], verdict.next_slot[start:end]):
        pairs = layout.first[start:end] + np.maximum(slots, 0)
        both.append(np.where(slots >= 0, layout.strategy[pairs], np.int16(-1)))
    return both[0], both[1]


def is_near(layout: Layout, verdict: Verdict, width: np.ndarray) -> np.ndarray:
    """Whether each place's margin is within the width of what it takes or of what it would next."""
    assert verdict.margin is not None
    found = np.zeros(layout.places, bool)
    with_none = np.vstack([width, np.zeros(width.shape[1])])  # row -1: none has no width of its own
    for city, start, end in layout.blocks():
        mine, other = _strategies(layout, verdict, start, end)
        own = with_none[:, city]
        found[start:end] = verdict.margin[start:end] <= np.maximum(own[mine], own[other])
    return found


def band_of(layout: Layout, verdict: Verdict, width: np.ndarray, is_in: np.ndarray) -> Band:
    assert verdict.slot is not None
    places = np.flatnonzero(is_in)
    city = layout.city_of(places)
    takers = verdict.slot[places] >= 0
    pairs = layout.first[places[takers]] + verdict.slot[places[takers]]
    used, spent = by_cell(layout, pairs, city[takers])
    return Band(
        places=places,
        city=city,
        width=width,
        rest=rest_of(layout.limits, verdict.used - used, verdict.spent - spent),
        fixed_benefit=_benefit_of(layout, verdict.slot) - int(layout.benefit[pairs].sum(dtype=np.int64)),
    )


def by_cell(layout: Layout, pairs: np.ndarray, city: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Customers and yuan of these pairs by [strategy, city]."""
    shape = layout.limits.seats.shape
    cell = layout.strategy[pairs].astype(np.int64) * shape[1] + city
    size = shape[0] * shape[1]
    used = np.bincount(cell, minlength=size).reshape(shape)
    return used, np.bincount(cell, layout.cost[pairs], minlength=size).reshape(shape)


def rest_of(limits: Limits, used: np.ndarray, spent: np.ndarray) -> Limits:
    return Limits(
        seats=limits.seats - used,
        budgets=limits.budgets - spent,
        totals=limits.totals - used.sum(axis=1),
        floors=np.maximum(limits.floors - used.sum(axis=0), 0),
    )


def core_of(layout: Layout, prices: Prices, band: Band, places: np.ndarray) -> Core:
    """The types of these places of the band, with the columns that are near their best."""
    pairs, row = pairs_of(layout, places)
    city = layout.city_of(places)
    value = values_of_pairs(layout, prices, pairs, city[row])
    starts = np.searchsorted(row, np.arange(len(places)))
    best = np.maximum(np.maximum.reduceat(value, starts), 0)[row] if len(places) else value
    own = band.width[layout.strategy[pairs], city[row]]
    widest = np.maximum.reduceat(np.where(value >= best - own, own, 0), starts)[row] if len(places) else value
    is_kept = value >= best - COLUMNS * np.maximum(own, widest)
    return group(layout, places, is_kept)


def sampled(layout: Layout, prices: Prices, band: Band, most: int, salt: int) -> Core:
    """The band's types, or of a band too large those of a part of each city that stands for all, with their weight."""
    size = most
    while True:
        places = _part(layout, band, size, salt)
        core = core_of(layout, prices, band, places)
        if len(places) == len(band.places) or len(core.count) > 0.6 * size or len(core.count) > 0.6 * most:
            return _weighted(layout, band, places, core)
        size *= 8  # customers who are alike cost nothing: a larger part is as quick, and nearer


def _part(layout: Layout, band: Band, size: int, salt: int) -> np.ndarray:
    """Places by a hash of their customer: of each city in line with the root of its number, as far as it has them."""
    have = np.bincount(band.city, minlength=len(layout.cities))
    share = np.minimum(_level(have, size) / np.sqrt(np.maximum(have, 1)), 1.0)
    mixed = (layout.order[band.places].astype(np.uint64) + np.uint64(salt << 32)) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(band.places[(mixed >> np.uint64(11)) < (share[band.city] * 2.0**53).astype(np.uint64)])


def _level(have: np.ndarray, size: int) -> float:
    """The factor by which the roots, none over what its city has, are `size` together."""
    ascending = np.sort(have)
    roots = np.sqrt(ascending)
    for k, root in enumerate(roots):
        level = (size - ascending[:k].sum()) / max(roots[k:].sum(), 1.0)
        if level <= root:
            return float(max(level, 0))
    return float(roots[-1])


def _weighted(layout: Layout, band: Band, places: np.ndarray, core: Core) -> Core:
    have = np.bincount(band.city, minlength=len(layout.cities))
    taken = np.bincount(layout.city_of(places), minlength=len(layout.cities))
    if (have == taken).all():
        return core
    return replace(core, count=core.count * (have / np.maximum(taken, 1))[core.city])


def _benefit_of(layout: Layout, slot: np.ndarray) -> int:
    total = 0
    for _, start, end in layout.blocks(1 << 20):
        takers = slot[start:end] >= 0
        pairs = (layout.first[start:end] + slot[start:end])[takers]
        total += int(layout.benefit[pairs].sum(dtype=np.int64))
    return total
