"""The probability of a complaint for nights' open grumbles: by the model in force, else by the share of earlier
grumbles that became complaints, else none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from mend.foundation.lake.filters import all_of, at_least, at_most
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.warning.nights import ROOM
from mend.grumbles.warning.registry import InForce
from mend.grumbles.warning.rules import Rules

BATCH_ROWS: Final = 500_000
DIGITS: Final = 9
LEAN: Final = 20  # grumbles of the overall rate that a type's own rate leans on
SHAPE: Final = pa.schema(
    [
        ("day_on", pa.date32()),
        ("grumble_id", pa.string()),
        ("probability", pa.float64()),
        ("source_code", pa.string()),
        ("model_version", pa.string()),
    ]
)


def estimate(
    step: Step, rules: Rules, days: Sequence[dt.date], horizon: int, version: InForce | None, areas: tuple[str, ...]
) -> None:
    """Make `probability_<horizon>` of the rows of `feature`, which are of these nights; source_code says what each
    rests on.

    Args:
        version: the model in force on all of the nights, or None.
        areas: those of the columns open_<place> of `feature`.
    """
    if version is None:
        make_type_rates(step, rules, [day - ONE_DAY for day in days], horizon)
        batches = step.batches(read_model(ROOM, "rated"), size=BATCH_ROWS)
        parts = [_by_rate(rows) for rows in batches]
    else:
        fills = {"columns": _columns(version, areas)}
        batches = step.batches(read_model(ROOM, "modelled"), fills=fills, size=BATCH_ROWS)
        parts = [_by_model(rows, version) for rows in batches]
    step.put_arrow(f"probability_{horizon}", pa.concat_tables([SHAPE.empty_table(), *parts]))


def make_type_rates(step: Step, rules: Rules, days: Sequence[dt.date], horizon: int) -> None:
    """Make `type_rate` (day_on, area_code, rate): for each day, the share of the grumbles of a month that were followed
    by a complaint within the horizon, by area; '*' is all of them.

    The month ends a horizon before the day, so that every outcome is known at its end. A day with too few grumbles, or
    too few complaints among them, has no row: that nobody has complained yet is no probability of zero.
    """
    first, last = min(days) - (horizon + 29) * ONE_DAY, max(days)
    step.put("rate_night", {"day_on": "date"}, [(day,) for day in days])
    for table, column, name in (
        ("mart_grumble", "grumbled_on", "rated_grumble"),
        ("mart_complaint", "complained_on", "rated_complaint"),
    ):
        step.view(table, name, where=all_of(at_least(column, first), at_most(column, last)))
    step.view("mart_grumble_type", "every_taxonomy")
    values = {
        "horizon": horizon,
        "lean": LEAN,
        "least": rules.model.least_rate_grumbles,
        "least_complaints": rules.model.least_rate_complaints,
    }
    step.run(read_model(ROOM, "type_rate"), values)


def _columns(version: InForce, areas: tuple[str, ...]) -> str:
    """The features that a model asks for, its areas under its own numbers."""
    of_areas = [f"open_{areas.index(area)} as open_{place}" for place, area in enumerate(version.model.areas)]
    return ", ".join([*version.model.inputs, *of_areas])


def _by_model(rows: pa.Table, version: InForce) -> pa.Table:
    return _part(rows, version.model.probability(rows), _same("model", len(rows)), version.version)


def _by_rate(rows: pa.Table) -> pa.Table:
    return _part(rows, rows["rate"].to_numpy(), rows["source_code"], None)


def _part(rows: pa.Table, chance: object, sources: pa.Array | pa.ChunkedArray, version: str | None) -> pa.Table:
    known = np.asarray(chance, dtype=np.float64)
    rounded = pa.array(np.round(known, DIGITS), mask=np.isnan(known))
    return pa.Table.from_arrays(
        [rows["day_on"], rows["grumble_id"], rounded, sources, _same(version, len(rows))], schema=SHAPE
    )


def _same(value: str | None, size: int) -> pa.Array:
    return pa.array([value], pa.string()).take(pa.array(np.zeros(size, dtype=np.int64)))
