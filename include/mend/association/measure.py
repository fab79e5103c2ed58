"""From the `input_*` views to counts (SQL) and influence (the hazard model): the same for the lake and for tables made by hand.

Leaves the engine with the temporary tables `window_count`, `group_cluster`, `grumble_type`, `complaint_type` and `estimate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend import models
from mend.association.estimates import Estimate, estimates, q_values
from mend.association.hazard import Cells
from mend.association.inputs import Period
from mend.association.rules import AssociationSettings
from mend.engine import DuckEngine
from mend.engine.duckdb_engine import Parameters

ROOM: Final = "association"
EVERYONE: Final = "all"
ESTIMATE: Final = pa.schema(
    [
        ("cluster_code", pa.string()),
        ("window_days", pa.int32()),
        ("complaint_no", pa.int32()),
        ("type_no", pa.int32()),
        ("event_count", pa.int64()),
        ("exposed_event_count", pa.int64()),
        ("exposed_day_count", pa.int64()),
        ("coefficient", pa.float64()),
        ("coefficient_low", pa.float64()),
        ("coefficient_high", pa.float64()),
        ("p_value", pa.float64()),
        ("not_fitted_reason", pa.string()),
        ("q_value", pa.float64()),
    ]
)


def measure(engine: DuckEngine, period: Period, settings: AssociationSettings) -> list[dict[str, Any]]:
    """Count and estimate; returns the rows of `estimate`, whose q-values are over all the tests of the month."""
    _prepare(engine, period, settings)
    engine.run("create or replace temp table window_count as " + models.load(ROOM, "window_count"), _window_values(period))
    rows = [row for window in settings.windows_days for row in _of_window(engine, period, settings, window)]
    tested = [row for row in rows if row["p_value"] is not None]
    for row, value in zip(tested, q_values([row["p_value"] for row in tested]), strict=True):
        row["q_value"] = float(f"{value:.6g}")
    _table(engine, "estimate", pa.Table.from_pylist(rows, ESTIMATE))
    return rows


def _prepare(engine: DuckEngine, period: Period, settings: AssociationSettings) -> None:
    """Customers in groups, grumbles and complaints by day, and who follows whom."""
    _number_types(engine, settings)
    engine.run(
        "create or replace temp table cluster_group as select value_code, behaviour_code, "
        "cast(row_number() over (order by value_code, behaviour_code) as smallint) as group_no "
        "from (select distinct value_code, behaviour_code from input_cluster)"
    )
    engine.run(
        "create or replace temp table group_cluster as select group_no, unnest([$all, value_code, behaviour_code]) as cluster_code "
        "from cluster_group union all select 0, $all",
        {"all": EVERYONE},
    )
    windows = pa.table({"window_days": pa.array(settings.windows_days, pa.int32())})
    _table(engine, "window_setting", windows)
    _table(engine, "month_day", pa.table({"day": pa.array(range(period.end_day + 1), pa.int16())}))
    first, longest = {"first_day": period.first_day}, {"longest": settings.longest}
    _model(engine, "population", {**first, **longest, "end_day": period.end_day})
    _model(engine, "person", {**first, "last_day": period.last_day})
    _model(engine, "grumble_day", first)
    _model(engine, "complaint_row", first)
    _model(engine, "at_risk_day", {})
    _model(engine, "following", longest)
    _model(engine, "preceding", longest)
    _expose(engine, settings)


def _number_types(engine: DuckEngine, settings: AssociationSettings) -> None:
    """`grumble_type` (type_no from 0) and `complaint_type` (complaint_no from 1): the commonest, numbered by code."""
    wanted = (
        ("grumble_type", "grumble_type_code", "type_no", "input_grumble", settings.most_grumble_types, 1),
        ("complaint_type", "complaint_type_code", "complaint_no", "input_complaint", settings.most_complaint_types, 0),
    )
    for table, code, number, source, most, less in wanted:
        engine.run(
            f"create or replace temp table {table} as "
            f"select cast(row_number() over (order by {code}) - {less} as integer) as {number}, {code} "
            f"from (select {code} from {source} where {code} is not null group by {code} order by count(*) desc, {code} limit {most})"
        )


def _expose(engine: DuckEngine, settings: AssociationSettings) -> None:
    """`exposure`: a customer and grumble type, and per window the month's days at risk on which such a grumble is open, as bits."""
    engine.run(
        "create or replace temp macro day_bits(a, b) as "
        "case when b < a then cast(0 as bigint) else ((cast(1 as bigint) << cast(b - a + 1 as bigint)) - 1) << cast(a as bigint) end"
    )
    bits = ", ".join(
        f"bit_or(day_bits(greatest(day + 1, from_day, 0), least(day + {window}, solved_day, at_risk_to))) as days_{window}"
        for window in settings.windows_days
    )
    engine.run(
        f"create or replace temp table exposure as select customer_no, any_value(group_no) as group_no, type_no, {bits} "
        "from grumble_day group by customer_no, type_no"
    )


def _of_window(engine: DuckEngine, period: Period, settings: AssociationSettings, window: int) -> Iterator[dict[str, Any]]:
    """The estimates of every cluster and complaint type for one window.

    Days whose window reaches back before the first record are left out: who grumbled then is not known.
    """
    engine.run(
        f"create or replace temp view exposed as select customer_no, group_no, type_no, days_{window} as day_bits from exposure "
        f"where days_{window} <> 0"
    )
    looked = "where day >= $day"
    known = {"day": max(0, (period.records_from - period.first_day).days + window)}
    risk = engine.run(f"select * from ({models.load(ROOM, 'pattern_day')}) {looked} order by group_no, day, pattern", known).fetchnumpy()
    events = engine.run(f"select * from ({models.load(ROOM, 'event_pattern')}) {looked}", known).fetchnumpy()
    types = int(engine.run("select count(*) from grumble_type").fetchall()[0][0])
    complaints = [0, *(row[0] for row in engine.run("select complaint_no from complaint_type order by 1").fetchall())]
    for cluster, groups in _clusters(engine).items():
        chosen = np.isin(risk["group_no"], groups)
        here = {name: np.asarray(values)[chosen] for name, values in risk.items()}
        for complaint in complaints:
            found = {name: np.asarray(values)[np.asarray(events["complaint_no"]) == complaint] for name, values in events.items()}
            for estimate in _estimates(here, found, types, groups, settings):
                yield {"cluster_code": cluster, "window_days": window, "complaint_no": complaint, **asdict(estimate), "q_value": None}


def _estimates(
    risk: dict[str, Any], events: dict[str, Any], types: int, groups: list[int], settings: AssociationSettings
) -> list[Estimate]:
    if not len(risk["day"]):
        return [replace(Estimate(number, 0, 0, 0), not_fitted_reason="no customer at risk") for number in range(types)]
    mine = np.isin(events["group_no"], groups)
    places = np.unique(risk["pattern"])
    keys = _keys(risk, places)
    counts = np.zeros(len(keys))
    np.add.at(counts, np.searchsorted(keys, _keys({name: values[mine] for name, values in events.items()}, places)), events["events"][mine])
    is_open = ((risk["pattern"][:, None] >> np.arange(types)) & 1).astype(np.float64)
    stratum = risk["group_no"].astype(np.int64) * 1000 + risk["day"]
    return estimates(Cells(stratum, is_open, risk["customer_days"].astype(np.float64), counts), settings)


def _keys(rows: dict[str, Any], places: Any) -> Any:
    """One whole number for group, day and pattern that rises as the rows do."""
    stratum = rows["group_no"].astype(np.int64) * 1000 + rows["day"]
    return stratum * (len(places) + 1) + np.searchsorted(places, rows["pattern"])


def _clusters(engine: DuckEngine) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for cluster, group in engine.run("select cluster_code, group_no from group_cluster order by all").fetchall():
        found.setdefault(cluster, []).append(group)
    return found


def _window_values(period: Period) -> Parameters:
    return {"records_from": (period.records_from - period.first_day).days, "end_day": period.end_day}


def _model(engine: DuckEngine, name: str, values: Parameters) -> None:
    engine.run(f"create or replace temp table {name} as {models.load(ROOM, name)}", values)


def _table(engine: DuckEngine, name: str, rows: pa.Table) -> None:
    engine.connection.register("_rows", rows)
    engine.run(f"create or replace temp table {name} as select * from _rows")
    engine.connection.unregister("_rows")
