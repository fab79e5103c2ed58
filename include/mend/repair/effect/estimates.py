"""An effect from two arms' moments: treated minus control, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.statistics import Interval, agresti_caffo, from_standard_error, holm
from mend.repair.effect.moments import Moments

ALPHA: Final = 0.05
LEAST_EVENTS: Final = 30  # CUPED's interval is one of means: with fewer yes or no in an arm, that of shares is used
Verdict = Literal["helps", "harms", "may_harm", "no_proof"]


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval. `variance_reduction` is the share of the variance that the baseline explained."""

    interval: Interval
    interval_code: Literal["agresti_caffo", "welch", "cuped"]
    variance_reduction: float = 0.0

    @property
    def is_cuped(self) -> bool:
        return self.interval_code == "cuped"


def estimate(treated: Moments, control: Moments, is_share: bool, confidence: float = 1 - ALPHA) -> Estimate:
    """The effect: with CUPED where there is a baseline; else Agresti and Caffo's interval for shares, Welch's for
    means. Which one is used follows from the outcome and the counts, never from the effect.

    >>> found = estimate(Moments(400, 0, 0.30, 0.21), Moments(400, 0, 0.20, 0.16), is_share=True)
    >>> found.interval_code, round(found.interval.estimate, 3), round(found.interval.low, 3)
    ('agresti_caffo', 0.1, 0.04)
    """
    if _may_adjust(treated, control, is_share):
        return _cuped(treated, control, confidence)
    if is_share:
        counts = treated.successes, treated.count, control.successes, control.count
        return Estimate(agresti_caffo(*counts, confidence), "agresti_caffo")
    return Estimate(_welch(treated, control, 0.0, confidence), "welch")


def verdict(interval: Interval, adjusted_p_value: float, is_good_high: bool) -> Verdict:
    """What may be said. An effect needs the corrected p-value; for harm a warning needs less: the interval alone.

    >>> verdict(Interval(0.02, 0.01, 0.03, 0.001), 0.2, is_good_high=False)
    'may_harm'
    """
    is_bad = interval.estimate < 0 if is_good_high else interval.estimate > 0
    if adjusted_p_value < ALPHA:
        return "harms" if is_bad else "helps"
    return "may_harm" if is_bad and interval.excludes_zero else "no_proof"


def adjusted_p_values(p_values: Sequence[float], alpha: float = ALPHA) -> list[float]:
    """Holm over all outcomes and strategies that were looked at together; `alpha` is what this look may spend of the
    5 %, so that the result is always held against 5 %.
    """
    return [min(1.0, value * (ALPHA / alpha)) for value in holm(p_values)]


def spent_alpha(look: int, looks: int) -> float:
    """What look number `look` of a season's `looks` may spend of the 5 %: little at first, most at the end (O'Brien and
    Fleming's function). The looks' intervals may hang together in any way: the shares sum to 5 %.

    >>> [round(spent_alpha(look, 3), 4) for look in (1, 2, 3)]
    [0.0007, 0.0157, 0.0336]
    """
    return _spent_until(look / looks) - _spent_until((look - 1) / looks)


def _spent_until(share: float) -> float:
    from mend.foundation.statistics import critical_z, two_sided_p

    return 0.0 if share <= 0 else two_sided_p(critical_z(1 - ALPHA) / math.sqrt(min(share, 1.0)))


def _may_adjust(treated: Moments, control: Moments, is_share: bool) -> bool:
    if treated.baseline_variance <= 0 or control.baseline_variance <= 0:
        return False
    least = (
        min(events for arm in (treated, control) for events in (arm.successes, arm.count - arm.successes))
        if is_share
        else min(treated.count, control.count)
    )
    return least >= LEAST_EVENTS


def _cuped(treated: Moments, control: Moments, confidence: float) -> Estimate:
    """The baseline's share of the outcome is taken out of both arms, with one slope for both (Deng and others 2013)."""
    weights = treated.count - 1, control.count - 1
    slope = (weights[0] * treated.covariance + weights[1] * control.covariance) / (
        weights[0] * treated.baseline_variance + weights[1] * control.baseline_variance
    )
    plain, adjusted = _error(treated, control, 0.0), _error(treated, control, slope)
    reduction = 1 - (adjusted / plain) ** 2 if plain > 0 else 0.0
    return Estimate(_welch(treated, control, slope, confidence), "cuped", reduction)


def _welch(treated: Moments, control: Moments, slope: float, confidence: float) -> Interval:
    difference = treated.mean - control.mean - slope * (treated.baseline_mean - control.baseline_mean)
    return from_standard_error(
        difference, _error(treated, control, slope), confidence, _freedom(treated, control, slope)
    )


def _error(treated: Moments, control: Moments, slope: float) -> float:
    return math.sqrt(sum(_residual(arm, slope) / arm.count for arm in (treated, control)))


def _freedom(treated: Moments, control: Moments, slope: float) -> float:
    """Welch's degrees of freedom, one less for the slope."""
    parts = [_residual(arm, slope) / arm.count for arm in (treated, control)]
    below = sum(part**2 / max(arm.count - 1, 1) for part, arm in zip(parts, (treated, control), strict=True))
    return max(1.0, sum(parts) ** 2 / below - (slope != 0)) if below > 0 else math.inf


def _residual(arm: Moments, slope: float) -> float:
    return max(0.0, arm.variance - 2 * slope * arm.covariance + slope**2 * arm.baseline_variance)
