"""A candidate held against what happened on the hold-out, and against its rivals on the same customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from mend.grumbles.warning.by_customer import average_precision, differences, group_of, nights_of, numbered
from mend.grumbles.warning.calibration import Calibration, Labels, Range, calibration, shift_of
from mend.grumbles.warning.complaint_model import ComplaintModel, Floats, sigmoid
from mend.grumbles.warning.history import Split
from mend.grumbles.warning.judging import Judging
from mend.grumbles.warning.lessons import latest
from mend.grumbles.warning.metrics import CalibrationBin, Metrics, calibration_bins, measure
from mend.grumbles.warning.verdict import IN_FORCE, Rival


@dataclass(frozen=True)
class Judged:
    """What the hold-out says.

    Attributes:
        figures: over grumbles and nights, for comparison with the oracle and earlier months.
        customers, precision: of the hold-out by customers.
        recent: rows of the latest nights of the hold-out. calibration, bins: as it is put in force, on these.
        earlier: observed over expected of the whole hold-out, before the base rate is brought up to date.
        measured: the figures of the rivals.
    """

    figures: Metrics
    customers: int
    precision: float
    recent: int
    calibration: Calibration
    bins: list[CalibrationBin]
    earlier: Range | None
    rivals: Mapping[str, Rival]
    measured: Mapping[str, Metrics]

    def comparisons(self) -> dict[str, Any]:
        """The rivals' figures, for the registry."""
        return {name: asdict(each) | asdict(self.measured[name]) for name, each in self.rivals.items()}


def judge(
    judging: Judging, chosen: Split, candidate: ComplaintModel, others: Mapping[str, Floats], learned_to: dt.date | None
) -> Judged:
    """Hold a candidate against the hold-out.

    Args:
        others: the rivals' probabilities of the hold-out.
        learned_to: the last night that the version in force has learned from; the two are compared on later ones.
    """
    rows, happened = chosen.held_out
    probability, customer = candidate.probability(rows), numbered(rows)[0]
    recent = latest(judging, candidate, rows, happened)
    now = _up_to_date(candidate, rows.filter(pa.array(recent)), happened[recent])
    every = np.ones(len(rows), dtype=np.bool_)
    unseen = every if learned_to is None else np.asarray(
        rows["day_on"].to_numpy().astype("datetime64[D]") > np.datetime64(learned_to))  # fmt: skip
    rivals = {}
    for name, other in others.items():
        kept = unseen if name == IN_FORCE else every
        own = calibration(other[recent], happened[recent], customer[recent], judging.confidence)
        rivals[name] = _rival(judging, rows, happened, kept, probability, other, own)
    nights = nights_of(rows, happened, judging.ranking.groups)
    return Judged(
        measure(probability, happened),
        nights.customers,
        round(average_precision(nights.most_probable(probability), nights.happened, nights.weight), 6),
        int(recent.sum()),
        calibration(now, happened[recent], customer[recent], judging.confidence),
        calibration_bins(now, happened[recent]),
        calibration(probability, happened, customer, judging.confidence).ratio,
        rivals,
        {name: measure(other, happened) for name, other in others.items()},
    )


def _rival(
    judging: Judging, rows: pa.Table, happened: Labels, kept: Labels, probability: Floats, other: Floats,
    own: Calibration,
) -> Rival:  # fmt: skip
    if not happened[kept].any() or happened[kept].all():
        return Rival(0.0, None, own)
    groups = judging.ranking.groups
    nights = nights_of(rows.filter(pa.array(kept)), happened[kept], groups)
    precision = average_precision(nights.most_probable(other[kept]), nights.happened, nights.weight)
    found = differences(nights, probability[kept], {"": other[kept]}, groups, judging.confidence)
    return Rival(round(precision, 6), found[""], own)


def _up_to_date(candidate: ComplaintModel, rows: pa.Table, happened: Labels) -> Floats:
    """Probabilities of the latest nights with the base rate of these nights, as the model put in force has it. Half of
    the customers are judged with a shift that comes from the other half."""
    log_odds = candidate.slope * candidate.log_odds(rows)
    customer, names = numbered(rows)
    half = np.array([group_of(name, 2) for name in names])[customer]
    shifts = [shift_of(log_odds[half != side], happened[half != side]) for side in (0, 1)]
    return sigmoid(log_odds + np.asarray(shifts)[half])
