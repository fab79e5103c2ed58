"""HiGHS on types: the linear relaxation with its prices, and the whole-number optimum.

Canonical order in, no time limit: the same model gives the same answer. HiGHS is the one that comes with scipy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(eq=False)
class _Rows:
    """Rows that can bind, family by family: entries, limits, and which of a family's rows they are."""

    row: list[np.ndarray] = field(default_factory=list)
    column: list[np.ndarray] = field(default_factory=list)
    weight: list[np.ndarray] = field(default_factory=list)
    limit: list[np.ndarray] = field(default_factory=list)
    kept: dict[str, np.ndarray] = field(default_factory=dict)
    size: int = 0

    def add(self, name: str, limit: np.ndarray, is_kept: np.ndarray, entries: tuple[np.ndarray, ...]) -> None:
        """Of the family's rows those kept; `entries` are row, column and weight."""
        kept = np.flatnonzero(is_kept)
        number = np.full(len(is_kept), -1)
        number[kept] = self.size + np.arange(len(kept))
        row, column, weight = entries
        inside = number[row] >= 0
        self.row.append(number[row[inside]])
        self.column.append(column[inside])
        self.weight.append(weight[inside])
        self.limit.append(limit[kept])
        self.kept[name] = kept
        self.size += len(kept)


@dataclass(frozen=True, eq=False)
class _Model:
    """max worth x, rows x <= limit, 0 <= x <= most. The last columns are the shortages of floors."""

    worth: np.ndarray
    most: np.ndarray
    matrix: Any
    limit: np.ndarray
    kept: Mapping[str, np.ndarray]


def solve_relaxed(core: Core, limits: Limits, penalty: int) -> Solution | None:
    """The relaxation's vertex and its duals; nothing when the solver fails."""
    from scipy.optimize import linprog

    model = _model(core, limits, penalty)
    if not len(model.worth):
        return Solution(np.zeros(0), 0.0, 0.0, _duals(model, np.zeros(0), limits))
    bounds: Any = np.column_stack([np.zeros(len(model.most)), model.most])
    found = linprog(-model.worth, model.matrix, model.limit, bounds=bounds, method="highs-ds")
    if found.x is None or found.fun is None or found.status != 0:
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
        integrality=np.ones(len(model.worth), np.int64),
        bounds=Bounds(0, model.most),
        constraints=LinearConstraint(model.matrix, -np.inf, model.limit),
        options={"mip_rel_gap": gap, "node_limit": nodes},
    )
    if found.x is None:
        return None
    units = np.rint(found.x[: len(core.strategy)]).astype(np.int64)
    return Solution(units, -found.fun, -found.mip_dual_bound, None)


def _model(core: Core, limits: Limits, penalty: int) -> _Model:
    from scipy.sparse import csr_matrix

    floors = np.flatnonzero(limits.floors > 0)
    rows = _rows(core, limits, floors)
    row, column, weight = (np.concatenate(each) for each in (rows.row, rows.column, rows.weight))
    columns = len(core.strategy) + len(floors)
    return _Model(
        worth=np.concatenate([core.benefit, np.full(len(floors), -float(penalty))]),
        most=np.concatenate([core.count[core.type_of], limits.floors[floors]]),
        matrix=csr_matrix((weight, (row, column)), shape=(rows.size, columns)),
        limit=np.concatenate(rows.limit),
        kept=rows.kept,
    )


def _rows(core: Core, limits: Limits, floors: np.ndarray) -> _Rows:
    columns, ones = np.arange(len(core.strategy)), np.ones(len(core.strategy))
    strategy, city = core.cell
    cell = strategy * len(limits.floors) + city
    most = core.count[core.type_of]
    rows = _Rows()
    for name, row, weight, limit in (
        ("types", core.type_of, ones, core.count.astype(float)),
        ("seats", cell, ones, limits.seats.ravel()),
        ("budgets", cell, core.cost.astype(float), limits.budgets.ravel()),
        ("totals", strategy, ones, limits.totals),
    ):
        # What all columns at their most keep within needs no row: so a type with one column.
        can_bind = np.bincount(row, weight * most, minlength=len(limit)) > limit
        rows.add(name, limit, can_bind, (row, columns, weight))
    shortage = len(columns) + np.arange(len(floors))
    row = np.concatenate([city, floors])
    column = np.concatenate([columns, shortage])
    rows.add("floors", -limits.floors, limits.floors > 0, (row, column, -np.ones(len(row))))
    return rows


def _duals(model: _Model, marginals: np.ndarray, limits: Limits) -> Duals:
    found = {name: np.zeros(getattr(limits, name).size) for name in vars(limits)}
    at = 0
    for name, kept in model.kept.items():
        if name != "types":
            found[name][kept] = np.maximum(marginals[at : at + len(kept)], 0)
        at += len(kept)
    return Duals(**{name: values.reshape(getattr(limits, name).shape) for name, values in found.items()})
