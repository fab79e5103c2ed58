"""Few customers: the optimum itself, by one whole-number model."""

from __future__ import annotations

import math

import numpy as np

from mend.repair.allocation.core import Core, group, hand_out
from mend.repair.allocation.fill import fill, is_within, values_of_columns
from mend.repair.allocation.flows import Outcome
from mend.repair.allocation.judge import SCALE, judge, no_prices, to_prices
from mend.repair.allocation.layout import Layout
from mend.repair.allocation.marginal import unknown, values_of_limits
from mend.repair.allocation.options import Options
from mend.repair.allocation.solver import Solution, solve_relaxed, solve_whole

WHOLE = 1e-7  # nearer to a whole number than this is that number


def solve_exactly(layout: Layout, options: Options) -> Outcome:
    core = group(layout, np.arange(layout.places))
    limits, penalty = layout.limits, layout.penalty
    relaxed = solve_relaxed(core, limits, penalty)
    prices = no_prices(limits)
    if relaxed is not None and relaxed.duals is not None:
        prices = to_prices(limits, **vars(relaxed.duals), penalty=penalty)
    bound = judge(layout, prices).bound // SCALE
    found = _as_whole(core, layout, relaxed) or solve_whole(core, limits, penalty, 0.0, options.exact_nodes)
    units = np.zeros(len(core.strategy), np.int64)
    if found is not None:
        units = found.units.astype(np.int64)
        bound = min(bound, whole_bound(found.most))
    if found is None or not is_within(core, units, limits):
        units = fill(core, units, limits, values_of_columns(core, prices))
    chosen = np.full(layout.places, -1, np.int16)
    hand_out(core, units, chosen)
    values = values_of_limits(core, limits, relaxed, prices, penalty) if options.with_values else unknown(limits)
    return Outcome(chosen, prices, bound, values)


def _as_whole(core: Core, layout: Layout, relaxed: Solution | None) -> Solution | None:
    """The relaxation when it is whole already: seats alone give such vertices."""
    if relaxed is None:
        return None
    units = np.rint(relaxed.units)
    if np.abs(relaxed.units - units).max(initial=0) > WHOLE or not is_within(core, units, layout.limits):
        return None
    return Solution(units, relaxed.worth, relaxed.most, None)


def whole_bound(most: float) -> int:
    """The whole number that a solver's bound proves; the last bits of its sums are not trusted.

    >>> whole_bound(12.9999999999), whole_bound(12.5)
    (13, 12)
    """
    return math.floor(most + 1e-6 + abs(most) * 1e-11)
