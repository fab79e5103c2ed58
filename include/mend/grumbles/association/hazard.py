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
TOLERANCE: Final = 1e-6  # of a step that is made: Newton's next one would be its square
DENSE: Final = 8  # a table of all strata and patterns this many times the cells is summed faster than cells are sorted


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

    def events_under(self) -> Floats:
        """As `under`, of the complaints: few cells have any."""
        some = np.flatnonzero(self.events)
        return np.asarray(np.bincount(self.pattern[some], self.events[some], len(self.is_open)) @ self.is_open)

    def informative(self) -> Cells:
        """Without the strata in which nothing happened: they say nothing of the coefficients."""
        starts = self.starts
        counts = np.add.reduceat(self.events, starts) if len(starts) else np.zeros(0)
        if counts.all():
            return self
        kept = np.repeat(counts > 0, np.diff(np.append(starts, len(self.stratum))))
        return Cells(self.stratum[kept], self.pattern[kept], self.is_open, self.at_risk[kept], self.events[kept])

    def expected(self) -> Floats:
        """Complaints under each type's days if grumbles had no influence: each stratum's mean rate."""
        starts = self.starts
        if not len(starts):
            return np.zeros(self.is_open.shape[1])
        rate = np.add.reduceat(self.events, starts) / np.add.reduceat(self.at_risk, starts)
        return self.under(self.at_risk * np.repeat(rate, np.diff(np.append(starts, len(self.stratum)))))

    def with_types(self, is_open: Floats) -> Cells:
        """The same days told apart by other types (patterns x types): cells that now look the same become one, and
        patterns that no cell has are left out.
        """
        used = np.flatnonzero(np.bincount(self.pattern, minlength=len(is_open)))
        bits = is_open[used].astype(np.int64) @ (np.int64(1) << np.arange(is_open.shape[1]))
        _, first, of_used = np.unique(bits, return_index=True, return_inverse=True)
        shape = np.zeros(len(is_open), dtype=np.int64)
        shape[used] = of_used.ravel()
        pattern, shapes = shape[self.pattern], is_open[used[first]]
        if len(first) == len(used):
            return Cells(self.stratum, pattern, shapes, self.at_risk, self.events)
        starts = self.starts
        place = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(self.stratum))))
        kept, at_risk, events = _summed(place * len(shapes) + pattern, len(starts) * len(shapes), self)
        row, pattern = np.divmod(kept, len(shapes))
        return Cells(self.stratum[starts][row], pattern, shapes, at_risk, events)


def _summed(key: Ints, keys: int, cells: Cells) -> tuple[Ints, Floats, Floats]:
    """The keys that there are, in order, with the days and complaints of each."""
    if keys <= DENSE * len(key):
        at_risk, events = (
            np.bincount(key, values, keys).astype(np.float64) for values in (cells.at_risk, cells.events)
        )
        filled = np.flatnonzero(at_risk).astype(np.int64)
        return filled, at_risk[filled], events[filled]
    kept, place = np.unique(key, return_inverse=True)
    at_risk, events = (
        np.bincount(place.ravel(), values, len(kept)).astype(np.float64) for values in (cells.at_risk, cells.events)
    )
    return kept, at_risk, events


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
    there = problem.at(base, coefficients)
    for _ in range(MOST_STEPS):
        base_step, step, curvature = problem.newton(there)
        largest = max(float(np.abs(base_step).max()), float(np.abs(step).max(initial=0.0)))
        share = min(1.0, LARGEST_STEP / largest) if largest else 1.0
        there = problem.forward(there, share * base_step, share * step)
        if largest < TOLERANCE:
            covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
            return Fit(there.coefficients, covariance, there.base, there.likelihood)
    raise NotFitted("the model did not settle")


@dataclass(frozen=True)
class _Point:
    """Strata's log odds and coefficients, each cell's odds there, and the penalised log likelihood."""

    base: Floats
    coefficients: Floats
    odds: Floats
    likelihood: float


class _Problem:
    """The penalised likelihood of some cells and its derivatives. The exponential of a cell's log odds is that of its
    stratum times that of its pattern: of both there are few.
    """

    def __init__(self, cells: Cells) -> None:
        from scipy.sparse import csr_matrix

        self.cells = cells
        self.starts = cells.starts
        edges = np.append(self.starts, len(cells.stratum))
        self.lengths = np.diff(edges)
        self.events = self._by_stratum(cells.events)
        self.events_under = cells.events_under()
        shape = len(self.starts), len(cells.is_open)
        self.by_pattern = csr_matrix((cells.at_risk, cells.pattern, edges), shape=shape)

    def first_guess(self) -> tuple[Floats, Floats]:
        """Each stratum's log odds, and each type's complaints against those expected."""
        rate = np.clip(self.events / self._by_stratum(self.cells.at_risk), 1e-12, 0.5)
        guess = np.log((self.events_under + 0.5) / (self.cells.expected() + 0.5))
        return np.log(rate / (1 - rate)), guess

    def at(self, base: Floats, coefficients: Floats) -> _Point:
        """The point with its odds and likelihood."""
        odds = np.repeat(np.exp(base), self.lengths)
        odds *= np.exp(self.cells.is_open @ coefficients)[self.cells.pattern]
        data = self.events @ base + self.events_under @ coefficients - self.cells.at_risk @ np.log1p(odds)
        penalty = (0.5 * coefficients - np.logaddexp(0, coefficients)).sum()
        return _Point(base, coefficients, odds, float(data + penalty))

    def newton(self, there: _Point) -> tuple[Floats, Floats, Floats]:
        """Newton's step for strata and coefficients, and the coefficients' curvature with the strata eliminated."""
        is_open, pattern = self.cells.is_open, self.cells.pattern
        calm = 1 / (1 + there.odds)
        expected = self.cells.at_risk * there.odds
        expected *= calm
        weight = np.multiply(expected, calm, out=calm)
        base_slope, base_weight = self.events - self._by_stratum(expected), self._by_stratum(weight)
        self.by_pattern.data = weight
        across = np.asarray(self.by_pattern @ is_open)
        pull = _expit(there.coefficients)
        open_weight = np.bincount(pattern, weight, len(is_open))
        curvature = is_open.T @ (open_weight[:, None] * is_open) + np.diag(pull * (1 - pull))
        curvature -= across.T @ (across / base_weight[:, None])
        slope = self.events_under - np.bincount(pattern, expected, len(is_open)) @ is_open
        slope += 0.5 - pull - across.T @ (base_slope / base_weight)
        step = np.asarray(np.linalg.solve(curvature, slope), dtype=np.float64)
        return (base_slope - across @ step) / base_weight, step, curvature

    def forward(self, there: _Point, base_step: Floats, step: Floats) -> _Point:
        """The point a step on, the step halved until it does not make things worse."""
        for _ in range(30):
            reached = self.at(there.base + base_step, there.coefficients + step)
            if reached.likelihood >= there.likelihood - 1e-9 * abs(there.likelihood):
                return reached
            base_step, step = base_step / 2, step / 2
        raise NotFitted("the model did not settle")

    def _by_stratum(self, values: Floats) -> Floats:
        return np.add.reduceat(values, self.starts)


def _expit(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)))
