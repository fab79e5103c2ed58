"""HiGHS on types: the linear relaxation with its prices, and the whole-number optimum.

Canonical order in, no time limit: the same model gives the same answer. HiGHS is the one that comes with scipy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mend.repair.allocation.core import Core
from mend.repair.allocation.layout import Limits


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices of a relaxation, in points a unit: of seats, budgets, totals and floors."""

    seats: np.ndarray
    budgets: np.ndarray
    totals: np.ndarray
    floors: np.ndarray


@dataclass(frozen=True, eq=False)
class Solution:
    """`units` of each column; `worth` is benefit less penalties, `most` what no solution of the model is over."""

    units: np.ndarray
    worth: float
    most: float
    duals: Duals | None


@dataclass(frozen=True, eq=False)
class _Model:
    """max worth x, rows x <= limit, 0 <= x <= most. Rows that can bind alone; the last columns are shortages."""

    worth: np.ndarray
    most: np.ndarray
    rows: object
    limit: np.ndarray
    slots: list[tuple[str, np.ndarray]]  # limits' name and flat positions of its rows, in order; types come first


def solve_relaxed(core: Core, limits: Limits, penalty: int) -> Solution | None:
    """The relaxation's vertex and its duals; nothing when the solver fails."""
    from scipy.optimize import linprog

    model = _model(core, limits, penalty)
    if not len(model.worth):
        return Solution(np.zeros(0), 0.0, 0.0, _duals(model, np.zeros(0), limits))
    found = linprog(-model.worth, model.rows, model.limit, bounds=_bounds(model), method="highs-ds")
    if found.x is None or found.status != 0:
        return None
    duals = _duals(model, -found.ineqlin.marginals, limits)
    return Solution(found.x[: len(core.strategy)], -found.fun, -found.fun, duals)


def solve_whole(core: Core, limits: Limits, penalty: int, gap: float, nodes: int) -> Solution | None:
    """The best whole units within a relative gap; the search ends after so many nodes with what it has."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    model = _model(core, limits, penalty)
    if not len(model.worth):
        return Solution(np.zeros(0, np.int64), 0.0, 0.0, None)
    found = milp(
        -model.worth,
        integrality=np.ones(len(model.worth)),
        bounds=Bounds(0, model.most),
        constraints=LinearConstraint(model.rows, -np.inf, model.limit),
        options={"mip_rel_gap": gap, "node_limit": nodes},
    )
    if found.x is None:
        return None
    units = np.rint(found.x[: len(core.strategy)]).astype(np.int64)
    return Solution(units, -found.fun, -found.mip_dual_bound, None)


def _bounds(model: _Model) -> np.ndarray:
    return np.column_stack([np.zeros(len(model.most)), model.most])


def _model(core: Core, limits: Limits, penalty: int) -> _Model:
    from scipy.sparse import csr_matrix

    columns = np.arange(len(core.strategy))
    cities = limits.seats.shape[1]
    strategy, city = core.cell
    cell = strategy * cities + city
    floors = np.flatnonzero(limits.floors > 0)
    shortage = np.arange(len(columns), len(columns) + len(floors))
    ones = np.ones(len(columns))
    families = [
        ("types", core.type_of, ones, core.count.astype(float)),
        ("seats", cell, ones, limits.seats.ravel()),
        ("budgets", cell, core.cost.astype(float), limits.budgets.ravel()),
        ("totals", strategy, ones, limits.totals),
    ]
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    limit: list[np.ndarray] = []
    slots: list[tuple[str, np.ndarray]] = []
    at = 0
    for name, row, weight, capacity in families:
        kept = np.flatnonzero(_can_bind(row, weight * core.count[core.type_of], capacity))
        number = np.full(len(capacity), -1)
        number[kept] = at + np.arange(len(kept))
        inside = number[row] >= 0
        parts.append((number[row[inside]], columns[inside], weight[inside]))
        limit.append(capacity[kept])
        slots.append((name, kept))
        at += len(kept)
    number = np.full(cities, -1)
    number[floors] = at + np.arange(len(floors))
    inside = number[city] >= 0
    parts.append((number[city[inside]], columns[inside], -ones[inside]))
    parts.append((number[floors], shortage, -np.ones(len(floors))))
    limit.append(-limits.floors[floors])
    slots.append(("floors", floors))
    rows, cols, weights = (np.concatenate([part[k] for part in parts]) for k in range(3))
    size = (at + len(floors), len(columns) + len(floors))
    return _Model(
        worth=np.concatenate([core.benefit, np.full(len(floors), -float(penalty))]),
        most=np.concatenate([core.count[core.type_of], limits.floors[floors]]),
        rows=csr_matrix((weights, (rows, cols)), shape=size),
        limit=np.concatenate(limit),
        slots=slots,
    )


def _can_bind(row: np.ndarray, weight: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Rows that all columns at their most would break; a type with one column is held by the column's own limit."""
    return np.bincount(row, weight, minlength=len(capacity)) > capacity


def _duals(model: _Model, marginals: np.ndarray, limits: Limits) -> Duals:
    found = {name: np.zeros(getattr(limits, name).size) for name in vars(limits)}
    at = 0
    for name, kept in model.slots:
        if name != "types":
            found[name][kept] = np.maximum(marginals[at : at + len(kept)], 0)
        at += len(kept)
    return Duals(**{name: values.reshape(getattr(limits, name).shape) for name, values in found.items()})
