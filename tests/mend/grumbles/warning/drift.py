"""A world whose base rate drifts, a model trained at a month's end, and how it fits what happens in the month after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tests.mend.grumbles.warning.tables import put_world, rows

from mend.foundation.home import Home
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import train_models
from mend.grumbles.warning.by_customer import numbered
from mend.grumbles.warning.calibration import Calibration, calibration
from mend.grumbles.warning.complaint_model import ComplaintModel
from mend.grumbles.warning.history import everything, history
from mend.grumbles.warning.rules import load_rules
from mend.grumbles.warning.training import renamed
from mend.simulate.hazard_world import HazardWorld, hazard_world

RULES = load_rules()[0]
FIRST_DAY = dt.date(2026, 4, 1)


@dataclass(frozen=True)
class After:
    """A horizon's model on nights that it has not seen, and the decision about it."""

    horizon: int
    calibration: Calibration
    is_promoted: bool
    decision: str


def drifting_world(
    seed: int, customers: int, drift: float, drift_on: dt.date | None, last: str, **more: Any
) -> HazardWorld:
    """From April to the end of the month `last`."""
    days = (days_of(last)[-1] - FIRST_DAY).days + 1
    return hazard_world(seed, customers, days, drift=drift, drift_on=drift_on, **more)


def after_training(home: Home, bench: Workbench, world: HazardWorld, month: str, until: dt.date) -> list[After]:
    """Train at the month's end, from what was known then; then look at the nights after it whose outcome is known by
    `until`."""
    put_world(bench, world)
    train_models(home, bench, month)
    past = history(bench, RULES, until)
    assert past is not None
    found = []
    for horizon, model, promoted, decision in rows(
        bench, "mart_complaint_model", "horizon_days, model, is_promoted, decision_en", "horizon_days",
        f"month = '{month}'",
    ):  # fmt: skip
        known, happened = everything(past, horizon)
        later = np.asarray(pc.greater(known["day_on"], pa.scalar(days_of(month)[-1])))
        chosen, read = known.filter(pa.array(later)), ComplaintModel.from_json(model)
        guess = read.probability(renamed(chosen, past.areas, read.areas))
        found.append(After(horizon, calibration(guess, happened[later], numbered(chosen)[0], 0.95), promoted, decision))
    return found
