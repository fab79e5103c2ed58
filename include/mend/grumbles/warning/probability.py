"""The probability of a complaint for nights' open grumbles: by the model in force, else by earlier rates, else none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.history import table
from mend.grumbles.warning.rates import make_type_rates
from mend.grumbles.warning.registry import InForce
from mend.grumbles.warning.rules import Rules

BATCH_ROWS = 500_000
DIGITS = 9
SHAPE = pa.schema(
    [
        ("day_on", pa.date32()),
        ("grumble_id", pa.string()),
        ("probability", pa.float64()),
        ("source_code", pa.string()),
        ("model_version", pa.string()),
    ]
)


def estimate(
    bench: Workbench,
    rules: Rules,
    days: Sequence[dt.date],
    horizon: int,
    version: InForce | None,
    areas: tuple[str, ...],
) -> None:
    """Make the temp table `probability_<horizon>` of the rows of `feature`, which are of these nights; source_code says
    what each rests on.

    Args:
        version: the model in force on all of the nights, or None.
        areas: those that the columns open_<place> of `feature` stand for.
    """
    name = f"probability_{horizon}"
    bench.engine.connection.register("_shape", SHAPE.empty_table())
    bench.execute(f"create or replace temp table {name} as select * from _shape")
    if version is None:
        make_type_rates(bench, rules, days, horizon)
    bench.execute(
        f"create or replace temp table numbered as select *, row_number() over () - 1 as number from "
        f"({_rows(version, areas)})"
    )
    total = int(bench.sql("select count(*) from numbered")[0][0])
    for start in range(0, total, BATCH_ROWS):
        rows = table(
            bench, f"select * exclude (number) from numbered where number between {start} and {start + BATCH_ROWS - 1}"
        )
        bench.engine.connection.register("_part", _by_model(rows, version) if version else _by_rate(rows))
        bench.execute(f"insert into {name} select * from _part")


def _rows(version: InForce | None, areas: tuple[str, ...]) -> str:
    """The features that a model wants, its areas under its own numbers; without a model, the night's rate."""
    if version is None:
        return (
            "select feature.day_on, feature.grumble_id, coalesce(own.rate, every.rate) as rate, "
            "case when every.rate is null then 'none' else 'rate' end as source_code from feature "
            "left join type_rate as own on own.day_on = feature.day_on and own.area_code = feature.area_code "
            "left join type_rate as every on every.day_on = feature.day_on and every.area_code = '*'"
        )
    of_areas = [f"open_{areas.index(area)} as open_{place}" for place, area in enumerate(version.model.areas)]
    return f"select {', '.join(['day_on', 'grumble_id', *version.model.inputs, *of_areas])} from feature"


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
