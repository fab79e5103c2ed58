"""From what a solver found to the allocation that is given back; checked against every limit, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from mend.repair.allocation.errors import AllocationError
from mend.repair.allocation.flows import Outcome
from mend.repair.allocation.judge import SCALE
from mend.repair.allocation.layout import Layout
from mend.repair.allocation.problem import Problem
from mend.repair.allocation.result import Allocation, Price, Resource, gap_of

FAMILIES: tuple[tuple[Resource, str], ...] = (
    ("seat", "seats"),
    ("budget", "budgets"),
    ("total", "totals"),
    ("floor", "floors"),
)


def limits_of(layout: Layout, problem: Problem) -> list[tuple[Resource, int | None, int | None, tuple[int, ...]]]:
    """Every limit in its order: resource, strategy, city, and its position in the layout's arrays."""
    s = {int(number): at for at, number in enumerate(layout.strategies)}
    c = {int(number): at for at, number in enumerate(layout.cities)}
    found: list[tuple[Resource, int | None, int | None, tuple[int, ...]]] = []
    found += [("seat", a, b, (s[a], c[b])) for a, b in sorted(problem.seats)]
    found += [("budget", a, b, (s[a], c[b])) for a, b in sorted(problem.budgets)]
    found += [("total", a, None, (s[a],)) for a in sorted(problem.totals)]
    found += [("floor", None, b, (c[b],)) for b in sorted(problem.floors)]
    return found


def to_allocation(layout: Layout, problem: Problem, outcome: Outcome, flows: bytes) -> Allocation:
    """
    Raises:
        AllocationError: an outcome over a limit; no solver's answer is given back unchecked.
    """
    pairs = _pairs(layout, outcome.chosen)
    used = _used(layout, pairs)
    benefit = int(layout.benefit[pairs].sum(dtype=np.int64))
    short = np.maximum(layout.limits.floors - used["floors"], 0)
    shortage = {int(city): int(short[at]) for at, city in enumerate(layout.cities) if short[at] > 0}
    bound = outcome.bound + layout.penalty * sum(shortage.values())
    prices = _prices(layout, problem, outcome, used)
    if over := [each for each in prices if each.resource != "floor" and each.used > each.capacity]:
        raise AllocationError(f"allocation: more is used than there is: {over[0]}; this is a fault of the allocation")
    return Allocation(
        chosen=to_chosen(layout, outcome.chosen),
        benefit=benefit,
        cost=int(layout.cost[pairs].sum(dtype=np.int64)),
        shortage=shortage,
        bound=bound,
        gap=gap_of(benefit, bound),
        is_exact=benefit == bound,
        prices=prices,
        flows=flows,
    )


def to_chosen(layout: Layout, of_places: np.ndarray) -> np.ndarray:
    """Each customer's strategy by the problem's numbers, from positions by place."""
    chosen = np.full(layout.customers, -1, np.int16)
    taken = of_places >= 0
    chosen[layout.order[taken]] = layout.strategies[of_places[taken]]
    return chosen


def _pairs(layout: Layout, chosen: np.ndarray) -> np.ndarray:
    """The chosen pair of each place that has one."""
    found = [
        np.flatnonzero(
            layout.strategy[layout.first[start] : layout.first[end]]
            == np.repeat(chosen[start:end], np.diff(layout.first[start : end + 1]))
        )
        + layout.first[start]
        for _, start, end in layout.blocks()
    ]
    pairs = np.concatenate(found) if found else np.zeros(0, np.int64)
    if len(pairs) != np.count_nonzero(chosen >= 0):
        raise AllocationError("allocation: a customer has a strategy that is not theirs; a fault of the allocation")
    return pairs


def _used(layout: Layout, pairs: np.ndarray) -> dict[str, np.ndarray]:
    shape = layout.limits.seats.shape
    place = np.searchsorted(layout.first, pairs, side="right") - 1
    cell = layout.strategy[pairs].astype(np.int64) * shape[1] + layout.city_of(place)
    seats = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    spent = np.bincount(cell, layout.cost[pairs], minlength=shape[0] * shape[1]).reshape(shape)
    return {"seats": seats, "budgets": spent, "totals": seats.sum(axis=1), "floors": seats.sum(axis=0)}


def _prices(layout: Layout, problem: Problem, outcome: Outcome, used: dict[str, np.ndarray]) -> list[Price]:
    name_of = dict(FAMILIES)
    return [
        Price(
            resource,
            strategy,
            city,
            _capacity(problem, resource, strategy, city),
            int(used[name_of[resource]][at]),
            Fraction(int(getattr(outcome.prices, name_of[resource])[at]), SCALE),
            _known(getattr(outcome.values.more, name_of[resource])[at]),
            _known(getattr(outcome.values.less, name_of[resource])[at]),
        )
        for resource, strategy, city, at in limits_of(layout, problem)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _capacity(problem: Problem, resource: Resource, strategy: int | None, city: int | None) -> int:
    family = getattr(problem, dict(FAMILIES)[resource])
    key = strategy if resource == "total" else city if resource == "floor" else (strategy, city)
    return int(family[key])
