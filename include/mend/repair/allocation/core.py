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
    """A number of each place, the same for those alike. Compared byte by byte: no two types fall together."""
    if not len(places):
        return np.zeros(0, np.int64)
    used = np.unique(layout.strategy[pairs])
    at = np.searchsorted(used, layout.strategy[pairs])
    wide = np.full((len(places), 1 + 2 * len(used)), -1, np.int32)
    wide[:, 0] = layout.city_of(places)
    wide[row, 1 + 2 * at] = layout.benefit[pairs]
    wide[row, 2 + 2 * at] = layout.cost[pairs]
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
