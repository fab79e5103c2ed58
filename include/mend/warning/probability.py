"""The probability of a complaint for a night's open grumbles: by the model in force, else by earlier rates, else none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from mend.warning.history import table
from mend.warning.model import Floats
from mend.warning.registry import InForce
from mend.warning.rules import Rules
from mend.warning.training import type_rates
from mend.workbench import Workbench

BATCH_ROWS = 500_000
DIGITS = 9
SHAPE = pa.schema(
    [("grumble_id", pa.string()), ("probability", pa.float64()), ("source_code", pa.string()), ("model_version", pa.string())]
)


def estimate(bench: Workbench, rules: Rules, day: dt.date, horizon: int, version: InForce | None, areas: tuple[str, ...]) -> str:
    """Make the temp table `probability_<horizon>` of the rows of `feature`; gives what it rests on: model, rate or none.

    Args:
        areas: those that the columns open_<place> of `feature` stand for.
    """
    name = f"probability_{horizon}"
    bench.engine.connection.register("_shape", SHAPE.empty_table())
    bench.execute(f"create or replace temp table {name} as select * from _shape")
    rates = {} if version else type_rates(bench, rules, day, horizon)
    source = "model" if version else "rate" if rates else "none"
    total = int(bench.sql("select count(*) from feature")[0][0])
    bench.execute("create or replace temp table numbered as select *, row_number() over (order by grumble_id) - 1 as number from feature")
    for start in range(0, total, BATCH_ROWS):
        rows = table(bench, f"select {_columns(version, areas)} from numbered where number between {start} and {start + BATCH_ROWS - 1}")
        chance = version.model.probability(rows) if version else _by_rate(rows, rates)
        label = version.version if version else None
        bench.engine.connection.register("_part", _part(rows, chance, source, label))
        bench.execute(f"insert into {name} select * from _part")
    return source


def _columns(version: InForce | None, areas: tuple[str, ...]) -> str:
    """The features that a model wants, its areas under its own numbers; without a model, the area alone."""
    if version is None:
        return "grumble_id, area_code"
    of_areas = [f"open_{areas.index(area)} as open_{place}" for place, area in enumerate(version.model.areas)]
    return ", ".join(["grumble_id", *version.model.inputs, *of_areas])


def _by_rate(rows: pa.Table, rates: Mapping[str, float]) -> Floats:
    found = [rates.get(area, rates.get("*")) for area in rows["area_code"].to_pylist()]
    return np.asarray([np.nan if rate is None else rate for rate in found], dtype=np.float64)


def _part(rows: pa.Table, chance: Floats, source: str, version: str | None) -> pa.Table:
    size = len(rows)
    rounded = pa.array(np.round(chance, DIGITS), mask=np.isnan(chance))
    labels = pa.array([version], pa.string()).take(pa.array(np.zeros(size, dtype=np.int64)))
    sources = pa.array([source], pa.string()).take(pa.array(np.zeros(size, dtype=np.int64)))
    return pa.Table.from_arrays([rows["grumble_id"], rounded, sources, labels], schema=SHAPE)
