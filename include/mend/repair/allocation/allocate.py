"""Who gets what: the one optimum under all capacities, budgets, totals and floors, or near it with a proven bound."""

from __future__ import annotations

from mend.repair.allocation.exact import solve_exactly
from mend.repair.allocation.finish import solve_by_prices
from mend.repair.allocation.flows import read_flows, write_flows
from mend.repair.allocation.layout import lay_out
from mend.repair.allocation.options import Options
from mend.repair.allocation.problem import Problem, require_sound
from mend.repair.allocation.report import to_allocation
from mend.repair.allocation.result import Allocation


def allocate(problem: Problem, options: Options | None = None) -> Allocation:
    """
    Raises:
        AllocationError: a problem that is not sound.
    """
    options = options or Options()
    require_sound(problem)
    layout = lay_out(problem)
    is_small = layout.places <= options.exact_customers
    outcome = solve_exactly(layout, options) if is_small else solve_by_prices(layout, options)
    return to_allocation(layout, problem, outcome, write_flows(layout, outcome))


def replay(problem: Problem, flows: bytes) -> Allocation:
    """The allocation that these flows are of, without a solver.

    Raises:
        AllocationError: flows of other inputs.
    """
    require_sound(problem)
    layout = lay_out(problem)
    return to_allocation(layout, problem, read_flows(layout, flows), flows)
