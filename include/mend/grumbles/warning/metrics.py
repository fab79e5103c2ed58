"""How good a probability is: ranking, lift at the top, Brier score, calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BINS: Final = 10
DIGITS: Final = 6


@dataclass(frozen=True)
class Metrics:
    """Figures of a probability against what happened. Lifts are the top share's rate over the whole rate."""

    rows: int
    complaints: int
    auc: float
    average_precision: float
    lift_1: float
    lift_5: float
    lift_10: float
    brier: float
    calibration_error: float


@dataclass(frozen=True)
class CalibrationBin:
    """A tenth of the rows by probability: mean probability, observed share, rows."""

    predicted: float
    observed: float
    rows: int


def measure(probability: Floats, happened: npt.NDArray[np.bool_]) -> Metrics:
    """Metrics of a probability; ties count half, and lifts share a tied border evenly, so the order of rows does not
    matter.

    Raises:
        ValueError: when nothing or everything happened: there is nothing to rank.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    if happened.all() or not happened.any():
        raise ValueError("ranking needs rows with and rows without a complaint")
    return Metrics(
        len(happened),
        int(happened.sum()),
        round(float(roc_auc_score(happened, probability)), DIGITS),
        round(float(average_precision_score(happened, probability)), DIGITS),
        round(lift(probability, happened, 0.01), DIGITS),
        round(lift(probability, happened, 0.05), DIGITS),
        round(lift(probability, happened, 0.10), DIGITS),
        round(float(np.mean((probability - happened) ** 2)), DIGITS),
        round(calibration_error(probability, happened), DIGITS),
    )


def lift(probability: Floats, happened: npt.NDArray[np.bool_], share: float) -> float:
    """Rate among the top share over the rate of all; rows tied at the border count in part.

    >>> lift(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]), 0.5)
    1.5
    """
    size = max(1.0, share * len(probability))
    values, place = np.unique(-probability, return_inverse=True)
    rows = np.bincount(place, minlength=len(values))
    hits = np.bincount(place, weights=happened, minlength=len(values))
    before = np.concatenate([[0], np.cumsum(rows)[:-1]])
    taken = np.clip((size - before) / rows, 0, 1)
    return float((hits * taken).sum() / size / happened.mean())


def calibration_bins(probability: Floats, happened: npt.NDArray[np.bool_], bins: int = BINS) -> list[CalibrationBin]:
    """Rows by probability in bins of equal size (tied rows together), each with mean probability and observed share."""
    order = np.argsort(probability, kind="stable")
    ordered = probability[order]
    borders = np.searchsorted(ordered, ordered[(np.arange(1, bins) * len(ordered)) // bins], side="left")
    groups: list[Any] = [part for part in np.split(order, np.unique(borders)) if len(part)]
    return [CalibrationBin(float(probability[part].mean()), float(happened[part].mean()), len(part)) for part in groups]


def calibration_error(probability: Floats, happened: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error in ten bins: mean gap of probability and observed share, weighted by rows."""
    found = calibration_bins(probability, happened)
    return sum(each.rows * abs(each.predicted - each.observed) for each in found) / len(probability)
