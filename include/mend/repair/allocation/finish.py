"""Many customers: fix the clear, solve the band as a linear model, finish in whole units.

The band at the best prices is a linear model of types. Its prices judge everybody: another bound. While bound and model
are apart, the band grows. The model's solution is whole but for a few types (`whole`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mend.repair.allocation.band import Band, core_of, is_near, widths
from mend.repair.allocation.core import Core, hand_out
from mend.repair.allocation.flows import Outcome, choices_at
from mend.repair.allocation.judge import SCALE
from mend.repair.allocation.layout import Layout
from mend.repair.allocation.marginal import unknown, values_of_limits
from mend.repair.allocation.options import Options
from mend.repair.allocation.pricing import Priced, find_prices, judged
from mend.repair.allocation.release import with_room
from mend.repair.allocation.solver import Solution, solve_relaxed
from mend.repair.allocation.whole import whole_units


@dataclass(frozen=True, eq=False)
class Solved:
    """A band round `centre`, its types, the model's solution, and what all customers are worth by it, in points."""

    centre: Priced
    band: Band
    core: Core
    solution: Solution | None
    worth: float


def solve_by_prices(layout: Layout, options: Options) -> Outcome:
    solved, best = _solve_band(layout, options, find_prices(layout, options))
    near = abs(best.verdict.bound) / SCALE / max(layout.places, 1)  # one customer's worth
    units = whole_units(solved.core, solved.band.rest, solved.solution, solved.centre.prices, layout.penalty, near)
    chosen = choices_at(layout, solved.centre.prices)
    hand_out(solved.core, units, chosen)
    values = unknown(layout.limits)
    if options.with_values:
        values = values_of_limits(solved.core, solved.band.rest, solved.solution, best.prices, layout.penalty)
    return Outcome(chosen, best.prices, best.verdict.bound // SCALE, values)


def _solve_band(layout: Layout, options: Options, priced: Priced) -> tuple[Solved, Priced]:
    """The band with the best solution, and the prices with the lowest bound."""
    best, share = priced, priced.share
    kept = _solve_once(layout, best, share)
    for _ in range(options.core_rounds):
        before, best = best, _better(layout, best, kept)
        bound = best.verdict.bound / SCALE
        if bound - kept.worth <= options.core_gap * abs(bound):
            break
        if best is before or not best.is_held:
            share = min(1.0, share * 2)
        kept = max(kept, _solve_once(layout, best, share), key=lambda each: each.worth)
    return kept, best


def _better(layout: Layout, best: Priced, solved: Solved) -> Priced:
    """The prices with the lower bound: the best so far, or the model's, those within reach first."""
    if solved.solution is None or solved.solution.duals is None:
        return best
    duals = solved.solution.duals
    found = judged(layout, solved.centre.prices, solved.band, duals, solved.centre.share)
    return min(best, found, key=lambda each: each.verdict.bound)


def _solve_once(layout: Layout, centre: Priced, share: float) -> Solved:
    width = widths(layout, centre.verdict, share)
    band = with_room(layout, centre.verdict, width, is_near(layout, centre.verdict, width))
    core = core_of(layout, centre.prices, band, band.places)
    solution = solve_relaxed(core, band.rest, layout.penalty)
    worth = -np.inf if solution is None else band.fixed_benefit + solution.worth
    return Solved(centre, band, core, solution, worth)
