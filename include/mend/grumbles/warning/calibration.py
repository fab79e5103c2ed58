"""Calibration: the shift and slope of log odds that fit what happened, with intervals that count a customer once.

A customer has a row for each grumble and night, and one complaint is in many of them. So every variance is summed over
customers (the sandwich), never over rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from mend.grumbles.warning.complaint_model import Floats, Ints, sigmoid

Labels = npt.NDArray[np.bool_]
DIGITS: Final = 6
STEPS: Final = 60
MOST: Final = 20.0  # of a slope: beyond it the rows say nothing


@dataclass(frozen=True)
class Range:
    """A figure with its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class Calibration:
    """Complaints observed over those expected, and the slope of the log odds: 1 and 1 are perfect. None: too little
    data.
    """

    ratio: Range | None
    slope: Range | None


def shift_of(log_odds: Floats, happened: Labels, weight: Floats | None = None) -> float:
    """What to add to the log odds so that as many complaints are expected as happened; 0 where nothing or everything
    happened. `weight`: how often each row counts; once where it is left out.

    >>> found = shift_of(np.full(10, -2.0), np.arange(10) < 5)
    >>> abs(found - 2.0) < 1e-6
    True
    """
    if not len(happened) or happened.all() or not happened.any():
        return 0.0
    counts = np.ones(len(happened)) if weight is None else weight
    shift, wanted = 0.0, float((counts * happened).sum())
    for _ in range(STEPS):
        probability = sigmoid(log_odds + shift)
        curve = float((counts * probability * (1 - probability)).sum())
        step = (float((counts * probability).sum()) - wanted) / max(curve, 1e-9)
        shift -= max(-2.0, min(2.0, step))
        if abs(step) < 1e-9:
            break
    return round(shift, DIGITS)


def slope_of(log_odds: Floats, happened: Labels) -> tuple[float, float]:
    """Slope and shift of Platt's calibration; (1, 0) where the rows say nothing or the slope would turn the order."""
    found = _line(log_odds, happened)
    return (1.0, 0.0) if found is None else (round(found[0], DIGITS), round(found[1], DIGITS))


def calibration(probability: Floats, happened: Labels, customer: Ints, confidence: float) -> Calibration:
    """How well the probabilities fit what happened.

    Args:
        customer: the number of each row's customer, from 0.
    """
    return Calibration(_ratio(probability, happened, customer, confidence), _slope(probability, happened, customer,
    confidence))  # fmt: skip


def recent_rows(
    log_odds: Floats, happened: Labels, customer: Ints, day: Any, least: int, confidence: float | None
) -> Labels:
    """Which rows are of the latest nights: back until they hold `least` customers with a complaint; or, once they hold
    a tenth of that, to a night whose base rate differs from theirs: what differs beyond luck is further off than what
    so few leave to luck.

    Args:
        confidence: of the interval that says whether a night differs; None: do not stop there.
    """
    chosen = np.zeros(len(day), dtype=np.bool_)
    for night in np.unique(day)[::-1]:
        own = np.asarray(day == night)
        held = len(np.unique(customer[chosen & happened]))
        if held >= least:
            break
        if confidence and 10 * held >= least and differ(log_odds, happened, customer, own, chosen, confidence):
            break
        chosen |= own
    return chosen


def differ(
    log_odds: Floats, happened: Labels, customer: Ints, these: Labels, others: Labels, confidence: float
) -> bool:
    """Whether the base rates of two sets of rows differ: the interval of the difference in log odds is without zero."""
    difference, influence = 0.0, np.zeros(int(customer.max(initial=-1)) + 1)
    for rows, sign in ((these, 1), (others, -1)):
        if happened[rows].all() or not happened[rows].any():
            return False
        shift = shift_of(log_odds[rows], happened[rows])
        probability = sigmoid(log_odds[rows] + shift)
        curve = float((probability * (1 - probability)).sum())
        influence += sign * _by_customer(happened[rows] - probability, customer[rows], len(influence)) / curve
        difference += sign * shift
    return abs(difference) > _reach(confidence) * math.sqrt(float((influence**2).sum()))


def _ratio(probability: Floats, happened: Labels, customer: Ints, confidence: float) -> Range | None:
    """Observed over expected; its logarithm is about normal."""
    observed, expected = float(happened.sum()), float(probability.sum())
    if not observed or not expected:
        return None
    ratio = observed / expected
    own = _by_customer(happened - ratio * probability, customer)
    reach = math.exp(_reach(confidence) * math.sqrt(float((own**2).sum())) / observed)
    return Range(round(ratio, DIGITS), round(ratio / reach, DIGITS), round(ratio * reach, DIGITS))


def _slope(probability: Floats, happened: Labels, customer: Ints, confidence: float) -> Range | None:
    kept = np.clip(probability, 1e-9, 1 - 1e-9)
    log_odds = np.log(kept / (1 - kept))
    found = _line(log_odds, happened)
    if found is None:
        return None
    fitted = sigmoid(found[0] * log_odds + found[1])
    inverse = np.linalg.inv(_curve(log_odds, fitted))
    scores = np.column_stack([_by_customer((happened - fitted) * side, customer) for side in (log_odds, 1.0)])
    variance = float((inverse @ (scores.T @ scores) @ inverse)[0, 0])
    reach = _reach(confidence) * math.sqrt(variance)
    return Range(round(found[0], DIGITS), round(found[0] - reach, DIGITS), round(found[0] + reach, DIGITS))


def _line(log_odds: Floats, happened: Labels) -> tuple[float, float] | None:
    """Slope and shift of greatest likelihood (Newton's steps); None where the rows do not say."""
    if not len(happened) or happened.all() or not happened.any() or np.ptp(log_odds) == 0:
        return None
    slope, shift = 1.0, 0.0
    for _ in range(STEPS):
        probability = sigmoid(slope * log_odds + shift)
        gradient = np.array([((probability - happened) * log_odds).sum(), (probability - happened).sum()])
        step = np.linalg.solve(_curve(log_odds, probability), gradient)
        slope, shift = slope - float(step[0]), shift - float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    return (slope, shift) if 0 < slope < MOST else None


def _curve(log_odds: Floats, probability: Floats) -> Floats:
    weight = probability * (1 - probability)
    cross = (weight * log_odds).sum()
    return np.array([[(weight * log_odds**2).sum() + 1e-6, cross], [cross, weight.sum() + 1e-6]])


def _by_customer(values: Any, customer: Ints, size: int = 0) -> Floats:
    return np.asarray(np.bincount(customer, weights=values, minlength=size), dtype=np.float64)


def _reach(confidence: float) -> float:
    from scipy import stats

    return float(stats.norm.ppf(0.5 + confidence / 2))
