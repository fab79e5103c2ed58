"""A model trained at a month's end, held against the oracle and what happens on nights that it has never seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tests.mend.grumbles.warning.tables import put_world, rows

from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import train_models
from mend.grumbles.warning.by_customer import numbered
from mend.grumbles.warning.calibration import Calibration, calibration
from mend.grumbles.warning.complaint_model import ComplaintModel
from mend.grumbles.warning.history import everything, history
from mend.grumbles.warning.metrics import Metrics, measure
from mend.grumbles.warning.rules import load_rules
from mend.grumbles.warning.training import renamed
from mend.simulate.hazard_world import FIRST_DAY, HazardWorld, hazard_world

RULES: Final = load_rules()[0]
SEEN_AFTER: Final = 51  # days after the month's end: nights of three weeks whose outcome of 30 days is known


@dataclass(frozen=True)
class Fresh:
    """One horizon's model on fresh nights: its figures and the oracle's on the same rows, calibration, the decision."""

    horizon: int
    model: Metrics
    oracle: Metrics
    calibration: Calibration
    truth_over_expected: float  # the oracle's mean over the model's: without the luck of what happened
    is_promoted: bool
    decision: str


def world_until(month: str, seed: int, customers: int, **more: Any) -> HazardWorld:
    """A world from April to some weeks after the month's end."""
    last = days_of(month)[-1] + SEEN_AFTER * ONE_DAY
    return hazard_world(seed, customers, (last - FIRST_DAY).days + 1, **more)


def train_and_look(home: Home, bench: Workbench, world: HazardWorld, month: str) -> list[Fresh]:
    """Train at the month's end, from what was known then; then look at the nights after it whose outcome is known."""
    put_world(bench, world)
    train_models(home, bench, month)
    return look(bench, world, month)


def look(bench: Workbench, world: HazardWorld, month: str) -> list[Fresh]:
    """The month's models on the nights after its end."""
    short = RULES.model_copy(update={"model": RULES.model.model_copy(update={"history_days": SEEN_AFTER})})
    past = history(bench, short, world.last_day)
    assert past is not None
    found = []
    for horizon, model, promoted, decision in rows(
        bench, "mart_complaint_model", "horizon_days, model, is_promoted, decision_en", "horizon_days",
        f"month = '{month}'",
    ):  # fmt: skip
        known, _ = everything(past, horizon)
        chosen = known.filter(pc.greater(known["day_on"], pa.scalar(days_of(month)[-1])))
        read = ComplaintModel.from_json(model)
        guess = read.probability(renamed(chosen, past.areas, read.areas))
        days = sorted(pc.unique(chosen["day_on"]).to_pylist())
        truth = pa.concat_tables([_dated(world.true_probability(day, horizon), day) for day in days])
        bench.engine.connection.register("_truth", truth)
        bench.engine.connection.register("_guess", chosen.append_column("guess", pa.array(guess)))
        both = bench.engine.connection.sql(
            f"select _guess.customer_id, guess, probability, is_complaint_{horizon} as happened "
            "from _guess join _truth using (grumble_id, day_on) order by day_on, grumble_id"
        ).to_arrow_table()
        happened = np.asarray(both["happened"].to_numpy(), dtype=bool)
        guess, oracle = both["guess"].to_numpy(), both["probability"].to_numpy()
        found.append(
            Fresh(
                horizon, measure(guess, happened), measure(oracle, happened),
                calibration(guess, happened, numbered(both)[0], 0.95),
                float(oracle.mean() / guess.mean()), promoted, decision,
            )
        )  # fmt: skip
    return found


def _dated(table: pa.Table, day: dt.date) -> pa.Table:
    return table.append_column("day_on", pa.array([day] * len(table), pa.date32()))
