"""From the tables `input_*` to counts (SQL) and influence (the hazard model): the same for the lake and for tables made
by hand.

Leaves the step with `window_count`, `group_cluster`, `grumble_type`, `complaint_type` and `estimate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count
from mend.grumbles.association.estimates import Estimate, estimates, q_values
from mend.grumbles.association.hazard import Cells
from mend.grumbles.association.inputs import INPUTS, Period
from mend.grumbles.association.rules import AssociationSettings

ROOM: Final = "grumbles/association"
# Over all customers: what is numbered, before the shares.
NUMBERED: Final = read_models(ROOM, "grumble_type", "complaint_type", "cluster_group", "group_cluster")
SHARED: Final = [Sharing(name) for name in (*INPUTS, "input_churn")]
BYTES_A_ROW: Final = 200  # of the engine's memory, for a customer, grumble or complaint
# In each share: customers in groups, grumbles and complaints by day, and who follows whom.
OF_SHARE: Final = read_models(
    ROOM, "population", "person", "grumble_day", "open_spell", "complaint_row", "at_risk_day", "following", "preceding"
)
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


@dataclass(frozen=True)
class Counts:
    """Customers at risk, and the month's grumble days and complaints."""

    customers: int
    grumble_days: int
    complaints: int


def measure(
    step: Step, period: Period, settings: AssociationSettings, shares: int | None = None
) -> tuple[Counts, list[dict[str, Any]]]:
    """Count and estimate; gives the counts and the rows of `estimate`, whose q-values are over all the tests of the
    month. `shares`: of customers, one after the other; by memory where nothing is said.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    counts = count(step, period, settings, shares)
    # One thread: the matrices are small (threads waiting for each other cost four times the CPU), and sums come out the
    # same everywhere.
    with threadpool_limits(limits=1, user_api="blas"):
        rows = [row for window in settings.windows_days for row in _of_window(step, period, settings, window)]
    step.drop("pattern_part", "event_part")
    tested = [row for row in rows if row["p_value"] is not None]
    for row, value in zip(tested, q_values([row["p_value"] for row in tested]), strict=True):
        row["q_value"] = float(f"{value:.6g}")
    step.put_arrow("estimate", pa.Table.from_pylist(rows, ESTIMATE))
    return counts, rows


def count(step: Step, period: Period, settings: AssociationSettings, shares: int | None = None) -> Counts:
    """Make `window_count` (every window, group, grumble type and complaint type), and the parts of patterns of days."""
    values = {
        **settings.model_dump(),
        "first_day": period.first_day,
        "last_day": period.last_day,
        "end_day": period.end_day,
        "records_from": (period.records_from - period.first_day).days,
        "longest": settings.longest,
    }
    step.run(NUMBERED, values)
    step.put("window_setting", {"window_days": "integer"}, [(window,) for window in settings.windows_days])
    step.put("month_day", {"day": "smallint"}, [(day,) for day in range(period.end_day + 1)])
    counts = [_count_share(step, values) for _ in in_shares(step, SHARED, shares or _by_memory(step))]
    step.run(read_model(ROOM, "window_count"))
    step.drop("window_part")
    return Counts(*(sum(each) for each in zip(*counts, strict=True)))


def _by_memory(step: Step) -> int:
    (rows,) = step.rows(read_model(ROOM, "input_count"))[0]
    return share_count(step.bench, rows, BYTES_A_ROW)


def _count_share(step: Step, values: dict[str, Any]) -> tuple[int, ...]:
    step.run(OF_SHARE, values)
    step.add(read_model(ROOM, "window_part"), "window_part", values)
    for window in values["windows_days"]:
        step.run(read_model(ROOM, "exposed"), {"window": window})
        for name in ("pattern_part", "event_part"):
            step.add(read_model(ROOM, name), name, {"window": window})
    return step.rows(read_model(ROOM, "share_count"))[0]


def _of_window(step: Step, period: Period, settings: AssociationSettings, window: int) -> Iterator[dict[str, Any]]:
    """The estimates of every cluster and complaint type for one window.

    Days whose window reaches back before the first record are left out: who grumbled then is not known.
    """
    known = {"window": window, "known_from": max(0, (period.records_from - period.first_day).days + window)}
    risk = _columns(step.arrow(read_model(ROOM, "pattern_day"), known))
    events = _columns(step.arrow(read_model(ROOM, "event_pattern"), known))
    types = len(step.read("grumble_type"))
    complaints = [0, *sorted(row[0] for row in step.read("complaint_type"))]
    found = {
        number: {name: values[events["complaint_no"] == number] for name, values in events.items()}
        for number in complaints
    }
    patterns = _Patterns(risk, types)
    for cluster, groups in _clusters(step).items():
        days = patterns.of(groups)
        for complaint in complaints:
            for estimate in days.estimates(found[complaint], settings):
                yield {
                    "cluster_code": cluster,
                    "window_days": window,
                    "complaint_no": complaint,
                    **vars(estimate),
                    "q_value": None,
                }


def _columns(rows: pa.Table) -> dict[str, Any]:
    return {name: rows[name].to_numpy() for name in rows.column_names}


class _Patterns:
    """The customer-days at risk of a window, told apart by group, day and pattern; rows are in that order."""

    def __init__(self, risk: dict[str, Any], types: int) -> None:
        self.codes, pattern = np.unique(risk["pattern"], return_inverse=True)
        self.pattern = pattern.ravel()
        self.is_open = ((self.codes[:, None] >> np.arange(types)) & 1).astype(np.float64)
        self.stratum = _stratum(risk)
        self.group_no = risk["group_no"]
        self.at_risk = risk["customer_days"].astype(np.float64)

    def of(self, groups: list[int]) -> _CustomerDays:
        """Those of some groups."""
        mine = np.flatnonzero(np.isin(self.group_no, groups))
        at_risk = self.at_risk[mine]
        cells = Cells(self.stratum[mine], self.pattern[mine], self.is_open, at_risk, np.zeros(len(mine)))
        return _CustomerDays(groups, self.codes, cells)


class _CustomerDays:
    """The customer-days at risk of some groups; complaints are put in type by type."""

    def __init__(self, groups: list[int], codes: Any, cells: Cells) -> None:
        self.groups = groups
        self.codes = codes
        self.cells = cells
        self.keys = cells.stratum * (len(codes) + 1) + cells.pattern  # rises as the rows do
        self.days = cells.under(cells.at_risk)

    def estimates(self, events: dict[str, Any], settings: AssociationSettings) -> list[Estimate]:
        """The influence of each grumble type on these complaints."""
        mine = np.isin(events["group_no"], self.groups)
        keys = _stratum(events)[mine] * (len(self.codes) + 1) + np.searchsorted(self.codes, events["pattern"][mine])
        place = np.searchsorted(self.keys, keys)
        counts = np.bincount(place, events["events"][mine], len(self.keys)).astype(np.float64)
        return estimates(replace(self.cells, events=counts), settings, self.days)


def _stratum(rows: dict[str, Any]) -> Any:
    """A number for group and day."""
    return rows["group_no"].astype(np.int64) * 1000 + rows["day"]


def _clusters(step: Step) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for group, cluster in sorted(step.read("group_cluster"), key=lambda row: (row[1], row[0])):
        found.setdefault(cluster, []).append(group)
    return found
