"""Customers who are alike as one type: same city, same strategies, same benefits, same costs.

What is solved by HiGHS are types with a count; whole units of a type's strategies go back to its customers in their
order, the highest benefit first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mend.repair.allocation.layout import Layout


@dataclass(frozen=True, eq=False)
class Core:
    """Types in the order of their first place, and their columns: one a strategy that a type may be given."""

    city: np.ndarray
    count: np.ndarray
    type_of: np.ndarray  # of each column
    strategy: np.ndarray
    benefit: np.ndarray
    cost: np.ndarray
    members: np.ndarray  # places by type, ascending within one
    member_first: np.ndarray  # first member of each type, and the end

    @property
    def cell(self) -> tuple[np.ndarray, np.ndarray]:
        """Strategy and city of each column, to look up what is kept by cell."""
        return self.strategy, self.city[self.type_of]


def group(layout: Layout, places: np.ndarray, is_kept: np.ndarray | None = None) -> Core:
    """The types of these places (ascending). `is_kept`, of the pairs of these places, leaves out columns."""
    pairs, row = pairs_of(layout, places)
    if is_kept is not None:
        pairs, row = pairs[is_kept], row[is_kept]
    number = _types(layout, places, pairs, row)
    leader = np.full(int(number.max(initial=-1)) + 1, len(places))
    np.minimum.at(leader, number, np.arange(len(places)))
    by_first = np.argsort(leader, kind="stable")
    rank = np.empty_like(by_first)
    rank[by_first] = np.arange(len(by_first))
    number = rank[number]
    is_leader = np.zeros(len(places), bool)
    is_leader[leader] = True
    of_leader = is_leader[row]
    columns = pairs[of_leader]
    return Core(
        city=layout.city_of(places[np.sort(leader)]),
        count=np.bincount(number, minlength=len(leader)),
        type_of=number[row[of_leader]],
        strategy=layout.strategy[columns].astype(np.int64),
        benefit=layout.benefit[columns].astype(np.int64),
        cost=layout.cost[columns].astype(np.int64),
        members=places[np.argsort(number, kind="stable")],
        member_first=np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(leader)))]),
    )


def pairs_of(layout: Layout, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of these places, and of each its position among `places`."""
    count = layout.first[places + 1] - layout.first[places]
    row = np.repeat(np.arange(len(places)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(layout.first[places], count) + within, row


def _types(layout: Layout, places: np.ndarray, pairs: np.ndarray, row: np.ndarray) -> np.ndarray:
    """A number of each place, the same for those alike. Sorted by a mixed number; that nobody shares one with somebody
    else is then checked, and were it so, all are compared byte by byte."""
    if not len(places):
        return np.zeros(0, np.int64)
    count = np.bincount(row, minlength=len(places))
    ends = np.cumsum(count)
    parts = (layout.strategy[pairs], layout.benefit[pairs], layout.cost[pairs], layout.city_of(places)[row])
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mixed(parts))])
    key = sums[ends] - sums[ends - count] + count.astype(np.uint64)
    _, leader, number = np.unique(key, return_index=True, return_inverse=True)
    number = number.reshape(-1)
    lead = leader[number]
    if (count == count[lead]).all():
        partner = (ends - count)[lead][row] + np.arange(len(row)) - (ends - count)[row]
        if all((part == part[partner]).all() for part in parts):
            return number
    return _types_by_bytes(len(places), row, parts)


def _mixed(parts: tuple[np.ndarray, ...]) -> np.ndarray:
    """One number of each pair, in which every bit of its parts counts (splitmix64)."""
    mixed = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        mixed += part.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed


def _types_by_bytes(places: int, row: np.ndarray, parts: tuple[np.ndarray, ...]) -> np.ndarray:
    strategy, *others = parts
    width = int(strategy.max(initial=0)) + 1
    wide = np.full((places, len(others) * width), -1, np.int64)
    for k, part in enumerate(others):
        wide[row, k * width + strategy] = part
    whole = wide.view(np.dtype((np.void, wide.dtype.itemsize * wide.shape[1]))).ravel()
    return np.unique(whole, return_inverse=True)[1].reshape(-1)


def hand_out(core: Core, units: np.ndarray, chosen: np.ndarray) -> None:
    """Give whole units of each column to the type's members in `chosen` (of each place): strategies by benefit, then
    by number; the members left over get none."""
    by_worth = np.lexsort((core.strategy, -core.benefit, core.type_of))
    strategy = np.repeat(core.strategy[by_worth], units[by_worth])
    of_type = np.repeat(core.type_of[by_worth], units[by_worth])
    within = np.arange(len(of_type)) - np.searchsorted(of_type, of_type)
    chosen[core.members] = -1
    chosen[core.members[core.member_first[of_type] + within]] = strategy
