"""Sufficient statistics of an arm: exact sums as SQL gives them, and the means and variances that tests are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np

UNIT: Final = 1000  # sums are of thousandths, as whole numbers: the same in whatever order rows are added


@dataclass(frozen=True)
class Sums:
    """Sums over the customers of an arm: y the outcome, x the baseline, in thousandths. Customers without a baseline
    count in `count`, `y` and `yy` alone; those without an outcome in `missing` alone.
    """

    count: int
    missing: int
    y: int
    yy: int
    baseline_count: int = 0
    x: int = 0
    xx: int = 0
    xy: int = 0
    baseline_y: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.count + other.count,
            self.missing + other.missing,
            self.y + other.y,
            self.yy + other.yy,
            self.baseline_count + other.baseline_count,
            self.x + other.x,
            self.xx + other.xx,
            self.xy + other.xy,
            self.baseline_y + other.baseline_y,
        )


@dataclass(frozen=True)
class Moments:
    """An arm: customers with a known outcome, and without; mean and variance of the outcome; of the baseline, with the
    covariance. A baseline without variance is none.
    """

    count: int
    missing: int
    mean: float
    variance: float
    baseline_mean: float = 0.0
    baseline_variance: float = 0.0
    covariance: float = 0.0

    @property
    def customers(self) -> int:
        return self.count + self.missing

    @property
    def successes(self) -> int:
        """Of an outcome that is yes or no: customers with yes."""
        return round(self.count * self.mean)


def moments_of(treated: Sums, control: Sums) -> tuple[Moments, Moments]:
    """Both arms' moments. Who has no baseline gets the mean of both arms, which knows nothing of the arm: they stay in.

    >>> one = Sums(count=2, missing=0, y=3000, yy=5_000_000, baseline_count=2, x=2000, xx=2_000_000, xy=3_000_000,
    ...            baseline_y=3000)
    >>> first, _ = moments_of(one, one)
    >>> first.mean, first.variance, first.baseline_mean, first.covariance
    (1.5, 0.5, 1.0, 0.0)
    """
    known = treated.baseline_count + control.baseline_count
    centre = Fraction(treated.x + control.x, known) if known else Fraction(0)
    return _moments(treated, centre), _moments(control, centre)


def moments_of_values(outcome: np.ndarray, baseline: np.ndarray | None = None) -> Moments:
    """The moments of known values; a missing baseline (NaN) must be filled by the caller."""
    count = len(outcome)
    variance = float(outcome.var(ddof=1)) if count > 1 else 0.0
    if baseline is None or count < 2:
        return Moments(count, 0, float(outcome.mean()) if count else 0.0, variance)
    apart = baseline - baseline.mean()
    covariance = float(apart @ (outcome - outcome.mean())) / (count - 1)
    return Moments(
        count, 0, float(outcome.mean()), variance, float(baseline.mean()), float(baseline.var(ddof=1)), covariance
    )


def total(sums: Sequence[Sums]) -> Sums:
    """All of them together."""
    whole = Sums(0, 0, 0, 0)
    for each in sums:
        whole = whole + each
    return whole


def _moments(sums: Sums, centre: Fraction) -> Moments:
    """Exact until the last step: a difference of two large sums loses nothing."""
    count = sums.count
    if count == 0:
        return Moments(0, sums.missing, 0.0, 0.0)
    mean = Fraction(sums.y, count)
    known = sums.baseline_count
    apart = sums.x - known * centre  # sum of the baselines' distances from the centre; who has none is at the centre
    squares = sums.xx - 2 * centre * sums.x + known * centre * centre
    products = sums.xy - centre * sums.baseline_y
    rest = max(count - 1, 1)
    return Moments(
        count,
        sums.missing,
        float(mean / UNIT),
        float((sums.yy - count * mean * mean) / rest / UNIT**2),
        float((centre + apart / count) / UNIT),
        float((squares - apart * apart / count) / rest / UNIT**2),
        float((products - apart * mean) / rest / UNIT**2),
    )
