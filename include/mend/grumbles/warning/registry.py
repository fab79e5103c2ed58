"""The registry of complaint models: every version with its figures and the decision, and which one is in force on a
day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import first_day_of, next_month_begins
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.complaint_model import ComplaintModel
from mend.grumbles.warning.rules import Rules

TABLE: Final = "mart_complaint_model"


@dataclass(frozen=True)
class InForce:
    """A version in force, its model, and the last night it has learned from (None: it is not on record)."""

    version: str
    model: ComplaintModel
    learned_to: dt.date | None = None


def in_force(bench: Workbench, horizon: int, day: dt.date, before_month: str | None = None) -> InForce | None:
    """The version in force for a night: the latest promoted one that is valid from that day or earlier; None before the
    first.

    Args:
        before_month: only versions of earlier months.

    Raises:
        ComplaintModelError: when the stored text is no complaint model.
    """
    bench.view(TABLE, as_name="registry")
    found = bench.sql(
        "select model_version, model, coalesce(learned_to, trained_to) from registry "
        "where horizon_days = $horizon and is_promoted and valid_from <= $day "
        "and ($before is null or month < $before) order by valid_from desc, month desc limit 1",
        {"horizon": horizon, "day": day, "before": before_month},
    )
    return InForce(found[0][0], ComplaintModel.from_json(found[0][1]), found[0][2]) if found else None


def in_force_by_day(
    bench: Workbench, horizons: Sequence[int], days: Sequence[dt.date]
) -> dict[dt.date, dict[int, InForce | None]]:
    """The version in force of each horizon for each night; a model is read once for all its nights."""
    bench.view(TABLE, as_name="registry")
    promoted = bench.sql(
        "select horizon_days, valid_from, model_version from registry where is_promoted order by valid_from, month"
    )

    def latest(horizon: int, day: dt.date) -> str | None:
        names = [name for of_horizon, first, name in promoted if of_horizon == horizon and first <= day]
        return names[-1] if names else None

    chosen = {(day, horizon): latest(horizon, day) for day in days for horizon in horizons}
    read = {name: _read(bench, name) for name in sorted({name for name in chosen.values() if name})}
    return {day: {horizon: read.get(chosen[day, horizon] or "") for horizon in horizons} for day in days}


def _read(bench: Workbench, version: str) -> InForce:
    ((model,),) = bench.sql(
        "select any_value(model) from registry where model_version = $version", {"version": version}
    )
    return InForce(version, ComplaintModel.from_json(model))


def version_of(month: str, model: ComplaintModel) -> str:
    """Month, horizon and a digest of the model: other content is another version."""
    digest = hashlib.sha256(model.to_json().encode()).hexdigest()[:12]
    return f"{month}-{model.horizon_days}d-{digest}"


def valid_from(rules: Rules, month: str) -> dt.date:
    """The first night that may use a month's model."""
    after = next_month_begins(first_day_of(month))
    return after.replace(day=rules.open.monthly_results_from_day)


def register(home: Home, bench: Workbench, month: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Put these versions in place of the month's earlier ones, and each model as a file into
    <home>/models/complaint/.
    """
    folder = home.root / "models" / "complaint"
    folder.mkdir(parents=True, exist_ok=True)
    for entry in entries:
        draft = folder / f".{entry['model_version']}.draft"
        draft.write_text(entry["model"] + "\n", "utf-8")
        draft.replace(folder / f"{entry['model_version']}.json")
    names = bench.described(TABLE).column_names
    if entries:
        bench.engine.connection.register(
            "_entries", pa.Table.from_pylist([{name: entry[name] for name in names} for entry in entries])
        )
        bench.replace(TABLE, "select * from _entries", equal("month", month))
    else:
        bench.lake.replace(TABLE, equal("month", month), [])
