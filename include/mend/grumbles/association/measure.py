"""From the `input_*` views to counts (SQL) and influence (the hazard model): the same for the lake and for tables made
by hand.

Leaves the engine with the temporary tables `window_count`, `group_cluster`, `grumble_type`, `complaint_type` and
`estimate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend.foundation.engine import DuckEngine
from mend.foundation.engine.duckdb_engine import Parameters
from mend.foundation.pipeline import model as models
from mend.grumbles.association.estimates import Estimate, estimates, q_values
from mend.grumbles.association.hazard import Cells
from mend.grumbles.association.inputs import Period
from mend.grumbles.association.rules import AssociationSettings

ROOM: Final = "grumbles/association"
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
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    count(engine, period, settings)
    _expose(engine, settings)
    # One thread: the matrices are small (threads waiting for each other cost four times the CPU), and sums come out the
    # same everywhere.
    with threadpool_limits(limits=1, user_api="blas"):
        rows = [row for window in settings.windows_days for row in _of_window(engine, period, settings, window)]
    tested = [row for row in rows if row["p_value"] is not None]
    for row, value in zip(tested, q_values([row["p_value"] for row in tested]), strict=True):
        row["q_value"] = float(f"{value:.6g}")
    _table(engine, "estimate", pa.Table.from_pylist(rows, ESTIMATE))
    return rows


def count(engine: DuckEngine, period: Period, settings: AssociationSettings) -> None:
    """Fill `window_count`: counts of every window, group, grumble type and complaint type."""
    _prepare(engine, period, settings)
    _model(
        engine,
        "window_count",
        {"records_from": (period.records_from - period.first_day).days, "end_day": period.end_day},
    )


def _prepare(engine: DuckEngine, period: Period, settings: AssociationSettings) -> None:
    """Customers in groups, grumbles and complaints by day, and who follows whom."""
    _number_types(engine, settings)
    engine.run(
        "create or replace temp table cluster_group as select value_code, behaviour_code, "
        "cast(row_number() over (order by value_code, behaviour_code) as smallint) as group_no "
        "from (select distinct value_code, behaviour_code from input_cluster)"
    )
    engine.run(
        "create or replace temp table group_cluster as select group_no, unnest([$all, value_code, behaviour_code]) as "
        "cluster_code "
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
            f"from (select {code} from {source} where {code} is not null group by {code} order by count(*) desc, "
            f"{code} limit {most})"
        )


def _expose(engine: DuckEngine, settings: AssociationSettings) -> None:
    """`exposure`: a customer and grumble type, and per window the month's days at risk on which such a grumble is open,
    as bits.
    """
    engine.run(
        "create or replace temp macro day_bits(a, b) as "
        "case when b < a then cast(0 as bigint) else ((cast(1 as bigint) << cast(b - a + 1 as bigint)) - 1) << cast(a "
        "as bigint) end"
    )
    bits = ", ".join(
        f"bit_or(day_bits(greatest(day + 1, from_day, 0), least(day + {window}, solved_day, at_risk_to))) as "
        f"days_{window}"
        for window in settings.windows_days
    )
    engine.run(
        f"create or replace temp table exposure as select customer_no, any_value(group_no) as group_no, type_no, "
        f"{bits} "
        "from grumble_day group by customer_no, type_no"
    )


def _of_window(
    engine: DuckEngine, period: Period, settings: AssociationSettings, window: int
) -> Iterator[dict[str, Any]]:
    """The estimates of every cluster and complaint type for one window.

    Days whose window reaches back before the first record are left out: who grumbled then is not known.
    """
    engine.run(
        f"create or replace temp view exposed as select customer_no, group_no, type_no, days_{window} as day_bits "
        f"from exposure "
        f"where days_{window} <> 0"
    )
    looked = "where day >= $day"
    known = {"day": max(0, (period.records_from - period.first_day).days + window)}
    risk = engine.run(
        f"select * from ({models.load(ROOM, 'pattern_day')}) {looked} order by group_no, day, pattern", known
    ).fetchnumpy()
    events = engine.run(f"select * from ({models.load(ROOM, 'event_pattern')}) {looked}", known).fetchnumpy()
    types = int(engine.run("select count(*) from grumble_type").fetchall()[0][0])
    complaints = [0, *(row[0] for row in engine.run("select complaint_no from complaint_type order by 1").fetchall())]
    found = {
        number: {name: values[events["complaint_no"] == number] for name, values in events.items()}
        for number in complaints
    }
    for cluster, groups in _clusters(engine).items():
        days = _CustomerDays(risk, groups, types)
        for complaint in complaints:
            for estimate in days.estimates(found[complaint], settings):
                yield {
                    "cluster_code": cluster,
                    "window_days": window,
                    "complaint_no": complaint,
                    **asdict(estimate),
                    "q_value": None,
                }


class _CustomerDays:
    """The customer-days at risk of some groups, told apart by group, day and pattern; complaints are put in type by
    type.
    """

    def __init__(self, risk: dict[str, Any], groups: list[int], types: int) -> None:
        self.groups = groups
        self.patterns, pattern = np.unique(risk["pattern"], return_inverse=True)
        mine = np.isin(risk["group_no"], groups)
        is_open = ((self.patterns[:, None] >> np.arange(types)) & 1).astype(np.float64)
        at_risk = risk["customer_days"][mine].astype(np.float64)
        self.cells = Cells(_stratum(risk)[mine], pattern.ravel()[mine], is_open, at_risk, np.zeros(len(at_risk)))
        self.keys = self.cells.stratum * (len(self.patterns) + 1) + self.cells.pattern  # rises as the rows do

    def estimates(self, events: dict[str, Any], settings: AssociationSettings) -> list[Estimate]:
        """The influence of each grumble type on these complaints."""
        mine = np.isin(events["group_no"], self.groups)
        keys = _stratum(events)[mine] * (len(self.patterns) + 1) + np.searchsorted(
            self.patterns, events["pattern"][mine]
        )
        counts = np.zeros(len(self.keys))
        np.add.at(counts, np.searchsorted(self.keys, keys), events["events"][mine])
        return estimates(replace(self.cells, events=counts), settings)


def _stratum(rows: dict[str, Any]) -> Any:
    """A number for group and day."""
    return rows["group_no"].astype(np.int64) * 1000 + rows["day"]


def _clusters(engine: DuckEngine) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for cluster, group in engine.run("select cluster_code, group_no from group_cluster order by all").fetchall():
        found.setdefault(cluster, []).append(group)
    return found


def _model(engine: DuckEngine, name: str, values: Parameters) -> None:
    engine.run(f"create or replace temp table {name} as {models.load(ROOM, name)}", values)


def _table(engine: DuckEngine, name: str, rows: pa.Table) -> None:
    engine.connection.register("_rows", rows)
    engine.run(f"create or replace temp table {name} as select * from _rows")
    engine.connection.unregister("_rows")
