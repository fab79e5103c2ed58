"""A problem in its one order: customers by city, within it by number; each customer's pairs by strategy.

Shuffled rows end in the same layout, so that whatever is computed from it is the same, too. Five pairs of three
customers, of whom 0 and 2 are in city 7 and 1 is in city 3:

    customer  0 0 1 2 2                 order     1 | 0   2        (place -> customer)
    strategy  4 2 2 2 4       becomes   strategy  0 | 0 1 0 1      (2 and 4 by their numbers in `strategies`)
    city      7 3 7                     first     0   1   3   5    (place -> its pairs)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from mend.repair.allocation.problem import Problem

NO_LIMIT = np.inf


@dataclass(frozen=True, eq=False)
class Limits:
    """How much there is: [strategy, city], [strategy] and [city], infinite where nothing limits; floors are 0 then."""

    seats: np.ndarray
    budgets: np.ndarray
    totals: np.ndarray
    floors: np.ndarray


@dataclass(frozen=True, eq=False)
class Layout:
    customers: int
    strategies: np.ndarray  # the problem's numbers, ascending
    cities: np.ndarray
    order: np.ndarray  # customer of each place
    city_first: np.ndarray  # first place of each city, and the end
    first: np.ndarray  # first pair of each place, and the end
    strategy: np.ndarray  # of each pair, by its position in `strategies`
    benefit: np.ndarray
    cost: np.ndarray
    limits: Limits

    @property
    def places(self) -> int:
        return len(self.order)

    @property
    def penalty(self) -> int:
        """Points that one customer of a shortage costs: more than any change of choices is worth to one row."""
        return 4 * int(self.benefit.max(initial=0)) + 1

    def city_of(self, places: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.city_first, places, side="right") - 1

    def blocks(self, most: int = 1 << 16) -> Iterator[tuple[int, int, int]]:
        """City, first place, end of each run of places that is computed at once (it stays in the cache)."""
        for city in range(len(self.cities)):
            begin, end = int(self.city_first[city]), int(self.city_first[city + 1])
            for start in range(begin, end, most):
                yield city, start, min(end, start + most)


def lay_out(problem: Problem) -> Layout:
    """The layout of a sound problem. Pairs that can never be given, or never help, are left out."""
    strategies, cities = _numbers(problem)
    limits = _limits(problem, strategies, cities)
    city = np.searchsorted(cities, problem.city).astype(np.int32)
    pairs = _kept(problem, strategies, city, limits)
    customer = problem.customer[pairs]
    who, count = _runs(customer)
    by_city = np.argsort(city[who], kind="stable")
    order, count_in_order = who[by_city].astype(np.int32), count[by_city]
    first = np.concatenate([[0], np.cumsum(count_in_order)])
    if len(cities) > 1:
        starts = np.concatenate([[0], np.cumsum(count)])[:-1][by_city]
        pairs = pairs[np.repeat(starts - first[:-1], count_in_order) + np.arange(len(pairs))]
    city_first = np.searchsorted(city[order], np.arange(len(cities) + 1))
    strategy = np.searchsorted(strategies, problem.strategy[pairs]).astype(np.int16)
    return Layout(
        customers=len(problem.city),
        strategies=strategies,
        cities=cities,
        order=order,
        city_first=city_first,
        first=first,
        strategy=strategy,
        benefit=problem.benefit[pairs].astype(np.int32),
        cost=problem.cost[pairs].astype(np.int32),
        limits=limits,
    )


def _numbers(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Strategies and cities that there are, ascending: in pairs or in a limit."""
    cells = [*problem.seats, *problem.budgets]
    of_limits = [strategy for strategy, _ in cells] + list(problem.totals)
    in_limits = [city for _, city in cells] + list(problem.floors)
    strategies = {*np.flatnonzero(np.bincount(problem.strategy)).tolist(), *of_limits}
    cities = {*np.unique(problem.city).tolist(), *in_limits}
    return np.array(sorted(strategies), np.int64), np.array(sorted(cities), np.int64)


def _limits(problem: Problem, strategies: np.ndarray, cities: np.ndarray) -> Limits:
    s = {int(number): at for at, number in enumerate(strategies)}
    c = {int(number): at for at, number in enumerate(cities)}
    limits = Limits(
        seats=np.full((len(s), len(c)), NO_LIMIT),
        budgets=np.full((len(s), len(c)), NO_LIMIT),
        totals=np.full(len(s), NO_LIMIT),
        floors=np.zeros(len(c)),
    )
    _fill(limits.seats, {(s[a], c[b]): value for (a, b), value in problem.seats.items()})
    _fill(limits.budgets, {(s[a], c[b]): value for (a, b), value in problem.budgets.items()})
    _fill(limits.totals, {(s[a],): value for a, value in problem.totals.items()})
    _fill(limits.floors, {(c[a],): value for a, value in problem.floors.items()})
    return limits


def _fill(array: np.ndarray, values: Mapping[tuple[int, ...], int]) -> None:
    for at, value in values.items():
        array[at] = value


def _kept(problem: Problem, strategies: np.ndarray, city: np.ndarray, limits: Limits) -> np.ndarray:
    """Pairs in the order of customer and strategy, without those that no budget allows and those that bring
    nothing: no benefit, and no floor to help. Where there are no seats they stay: to say what one would bring."""
    strategy = np.searchsorted(strategies, problem.strategy)
    where = city[problem.customer]
    is_kept = problem.cost <= limits.budgets[strategy, where]
    is_kept &= (problem.benefit > 0) | (limits.floors[where] > 0)
    pairs = np.flatnonzero(is_kept).astype(np.int32 if len(is_kept) < 2**31 else np.int64)
    customer, code = problem.customer[pairs], problem.strategy[pairs]
    is_in_order = (customer[1:] > customer[:-1]) | (code[1:] > code[:-1])
    if is_in_order.all():
        return pairs
    return pairs[np.argsort(customer.astype(np.int64) << 15 | code, kind="stable")]


def _runs(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each value of a sorted array and how often it is there."""
    if not len(values):
        return values, np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    return values[starts], np.diff(np.concatenate([starts, [len(values)]]))
