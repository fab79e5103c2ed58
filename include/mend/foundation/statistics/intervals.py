"""How far luck reaches: intervals of a share, of a difference of shares, of any estimate with its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from mend.errors import BadDataError

CONFIDENCE: Final = 0.95


class StatisticsError(BadDataError, ValueError):
    """Figures that no test can be made of; the message names them."""


@dataclass(frozen=True)
class Interval:
    """An estimate, its interval, and the two-sided p-value of no difference."""

    estimate: float
    low: float
    high: float
    p_value: float
    confidence: float = CONFIDENCE

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def critical_z(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to each side.

    >>> round(critical_z(0.95), 4)
    1.96
    """
    if not 0 < confidence < 1:
        raise StatisticsError(f"a confidence of {confidence} is none: it is between 0 and 1, such as 0.95")
    return -NormalDist().inv_cdf((1 - confidence) / 2)  # the small tail: 1 - 1e-12 keeps its digits


def two_sided_p(z: float) -> float:
    """The chance of so many standard errors or more, to either side, without a difference.

    >>> round(two_sided_p(-1.96), 3)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def wilson(successes: float, count: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval of a share: of use with few customers, too, and never outside 0 to 1. The count need not be
    whole: rows that hang together are worth fewer than they are.

    >>> [round(end, 4) for end in wilson(0, 20)]
    [0.0, 0.1611]
    """
    _check(successes, count)
    z = critical_z(confidence)
    share, weight = successes / count, z * z / count
    centre = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / count + weight / (4 * count)) / (1 + weight)
    return max(0.0, centre - half), min(1.0, centre + half)


def agresti_caffo(
    treated: int, treated_count: int, control: int, control_count: int, confidence: float = CONFIDENCE
) -> Interval:
    """Difference of two shares, treated minus control, by Agresti and Caffo (2000): one success and one failure more
    in each group. It covers as it says with unequal groups and rare events, where the plain formula falls short; at
    many thousands both are the same. The estimate is the plain difference.

    >>> found = agresti_caffo(3894, 21307, 2262, 21306)
    >>> [round(100 * value, 3) for value in (found.estimate, found.low, found.high)]
    [7.659, 6.995, 8.322]
    """
    _check(treated, treated_count)
    _check(control, control_count)
    shares = (treated + 1) / (treated_count + 2), (control + 1) / (control_count + 2)
    variance = shares[0] * (1 - shares[0]) / (treated_count + 2) + shares[1] * (1 - shares[1]) / (control_count + 2)
    error, centre = math.sqrt(variance), shares[0] - shares[1]
    half = critical_z(confidence) * error
    return Interval(
        treated / treated_count - control / control_count,
        max(-1.0, centre - half),
        min(1.0, centre + half),
        two_sided_p(centre / error),
        confidence,
    )


def from_standard_error(
    estimate: float, error: float, confidence: float = CONFIDENCE, freedom: float = math.inf
) -> Interval:
    """An estimate with its standard error; `freedom` are the degrees of freedom of Student's t.

    >>> found = from_standard_error(2.0, 1.0, freedom=10)
    >>> round(found.low, 3), round(found.high, 3), round(found.p_value, 4)
    (-0.228, 4.228, 0.0734)
    """
    if not math.isfinite(estimate) or not error >= 0:
        raise StatisticsError(f"estimate {estimate} with standard error {error}: not numbers to test")
    if error == 0:  # nobody differs from anybody within a group
        return Interval(estimate, estimate, estimate, 1.0 if estimate == 0 else 0.0, confidence)
    if freedom > 1e6:
        half, p_value = critical_z(confidence) * error, two_sided_p(estimate / error)
    else:
        from scipy.special import stdtr, stdtrit  # Student's t; scipy.stats takes seconds to import

        half = -float(stdtrit(freedom, (1 - confidence) / 2)) * error
        p_value = 2 * float(stdtr(freedom, -abs(estimate) / error))
    return Interval(estimate, estimate - half, estimate + half, min(1.0, p_value), confidence)


def _check(successes: float, count: float) -> None:
    if count <= 0 or not 0 <= successes <= count:
        raise StatisticsError(f"{successes} of {count} is no share: a group needs customers, and no more successes")
