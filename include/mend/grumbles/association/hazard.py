"""A discrete-time hazard model on counts: complaints of customer-days by stratum and pattern of open grumbles.

log odds of a complaint on a customer-day = stratum (group of customers and calendar day) + sum over open grumble types
of a coefficient. The strata are free parameters; each coefficient carries the weak log-F(1,1) penalty (half a complaint
and half a calm day at even odds), which keeps it finite where no or every day had a complaint. Newton's method; the
strata are eliminated, since their block is diagonal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from mend.errors import BadDataError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_STEPS: Final = 60
LARGEST_STEP: Final = 2.0
TOLERANCE: Final = 1e-8


class NotFitted(BadDataError, ValueError):
    """A model without a result; the message is the reason."""


@dataclass(frozen=True)
class Cells:
    """Customer-days that look the same: `stratum` (rising whole numbers), `pattern` (a row of `is_open`: patterns x
    types, 0 or 1), days at risk, and complaints."""

    stratum: Ints
    pattern: Ints
    is_open: Floats
    at_risk: Floats
    events: Floats

    @property
    def starts(self) -> Ints:
        """Where each stratum begins."""
        return (
            np.flatnonzero(np.diff(self.stratum, prepend=self.stratum[0] - 1))
            if len(self.stratum)
            else np.zeros(0, dtype=np.int64)
        )

    def under(self, values: Floats) -> Floats:
        """The sum of cells' values under each type's days."""
        return np.asarray(np.bincount(self.pattern, values, len(self.is_open)) @ self.is_open)

    def informative(self) -> Cells:
        """Without the strata in which nothing happened: they say nothing of the coefficients."""
        counts = np.add.reduceat(self.events, self.starts)
        lengths = np.diff(np.append(self.starts, len(self.stratum)))
        kept = np.repeat(counts > 0, lengths)
        return Cells(self.stratum[kept], self.pattern[kept], self.is_open, self.at_risk[kept], self.events[kept])

    def expected(self) -> Floats:
        """Complaints under each type's days if grumbles had no influence: each stratum's mean rate."""
        lengths = np.diff(np.append(self.starts, len(self.stratum)))
        rate = np.add.reduceat(self.events, self.starts) / np.add.reduceat(self.at_risk, self.starts)
        return self.under(self.at_risk * np.repeat(rate, lengths))

    def with_types(self, is_open: Floats) -> Cells:
        """The same days told apart by other types (patterns x types): cells that now look the same become one."""
        shapes, shape = np.unique(is_open, axis=0, return_inverse=True)
        key = self.stratum * len(shapes) + shape.ravel()[self.pattern]
        kept, place = np.unique(key, return_inverse=True)
        stratum, pattern = np.divmod(kept, len(shapes))
        at_risk, events = (np.bincount(place.ravel(), values, len(kept)) for values in (self.at_risk, self.events))
        return Cells(stratum, pattern, shapes, at_risk.astype(np.float64), events.astype(np.float64))


@dataclass(frozen=True)
class Fit:
    """Coefficients, their covariance, the strata's log odds, and the penalised log likelihood."""

    coefficients: Floats
    covariance: Floats
    base: Floats
    likelihood: float

    @property
    def errors(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.diag(self.covariance))


def fit(cells: Cells, start: tuple[Floats, Floats] | None = None) -> Fit:
    """Fit the model to cells that are `informative`.

    Args:
        start: the strata's log odds and the coefficients to begin with.

    Raises:
        NotFitted: when there is no complaint at all, or Newton's method does not settle.
    """
    if not len(cells.stratum):
        raise NotFitted("no complaint")
    problem = _Problem(cells)
    base, coefficients = problem.first_guess() if start is None else start
    value = problem.likelihood(base, coefficients)
    for _ in range(MOST_STEPS):
        base_step, step, curvature = problem.newton(base, coefficients)
        largest = max(float(np.abs(base_step).max()), float(np.abs(step).max(initial=0.0)))
        if largest < TOLERANCE:
            return Fit(coefficients, np.asarray(np.linalg.inv(curvature), dtype=np.float64), base, value)
        share = min(1.0, LARGEST_STEP / largest)
        base, coefficients, value = problem.forward(base, coefficients, value, share * base_step, share * step)
    raise NotFitted("the model did not settle")


class _Problem:
    """The penalised likelihood of some cells and its derivatives."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.starts = cells.starts
        self.edges = np.append(self.starts, len(cells.stratum))
        self.lengths = np.diff(self.edges)

    def first_guess(self) -> tuple[Floats, Floats]:
        """Each stratum's log odds, and each type's complaints against those expected."""
        events, at_risk = self._by_stratum(self.cells.events), self._by_stratum(self.cells.at_risk)
        rate = np.clip(events / at_risk, 1e-12, 0.5)
        seen = self.cells.under(self.cells.events)
        return np.log(rate / (1 - rate)), np.log((seen + 0.5) / (self.cells.expected() + 0.5))

    def likelihood(self, base: Floats, coefficients: Floats) -> float:
        """The penalised log likelihood."""
        log_odds = self._log_odds(base, coefficients)
        data = self.cells.events @ log_odds - self.cells.at_risk @ np.log1p(
            np.exp(log_odds)
        )  # three times as fast as logaddexp
        return float(data + (0.5 * coefficients - np.logaddexp(0, coefficients)).sum())

    def newton(self, base: Floats, coefficients: Floats) -> tuple[Floats, Floats, Floats]:
        """Newton's step for strata and coefficients, and the coefficients' curvature with the strata eliminated."""
        cells, probability = self.cells, _expit(self._log_odds(base, coefficients))
        expected = cells.at_risk * probability
        weight = expected * (1 - probability)
        pull = _expit(coefficients)
        surplus = cells.events - expected
        base_slope, base_weight = self._by_stratum(surplus), self._by_stratum(weight)
        by_pattern = np.bincount(cells.pattern, weight, len(cells.is_open))
        across = self._by_stratum_and_type(weight)
        curvature = cells.is_open.T @ (by_pattern[:, None] * cells.is_open) + np.diag(pull * (1 - pull))
        curvature -= across.T @ (across / base_weight[:, None])
        slope = cells.under(surplus) + 0.5 - pull - across.T @ (base_slope / base_weight)
        step = np.asarray(np.linalg.solve(curvature, slope), dtype=np.float64)
        return (base_slope - across @ step) / base_weight, step, curvature

    def forward(
        self, base: Floats, coefficients: Floats, value: float, base_step: Floats, step: Floats
    ) -> tuple[Floats, Floats, float]:
        """The step, halved until it does not make things worse."""
        for _ in range(30):
            there = base + base_step, coefficients + step
            reached = self.likelihood(*there)
            if reached >= value - 1e-9 * abs(value):
                return *there, reached
            base_step, step = base_step / 2, step / 2
        raise NotFitted("the model did not settle")

    def _log_odds(self, base: Floats, coefficients: Floats) -> Floats:
        return np.repeat(base, self.lengths) + (self.cells.is_open @ coefficients)[self.cells.pattern]

    def _by_stratum_and_type(self, values: Floats) -> Floats:
        from scipy.sparse import csr_matrix

        shape = len(self.starts), len(self.cells.is_open)
        return np.asarray(csr_matrix((values, self.cells.pattern, self.edges), shape=shape) @ self.cells.is_open)

    def _by_stratum(self, values: Floats) -> Floats:
        return np.add.reduceat(values, self.starts)


def _expit(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)))
