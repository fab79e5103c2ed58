"""How good the complaint models of a month's close are: the version in force, its lift beside its rivals', and its
probabilities beside what happened.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import at_most
from mend.foundation.list_file import plain, read_cells
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.published import Content
from mend.query.pages.reading import ROOM

DECIDED: Final = ("month", "model_version", "valid_from", "is_promoted", "decision_en", "decision_zh")
FIGURES: Final = (
    "held_out_from", "held_out_to", "held_out_customer_count", "auc", "calibration_slope", "calibration_slope_low",
    "calibration_slope_high", "observed_over_expected", "observed_over_expected_low", "observed_over_expected_high",
)  # fmt: skip


def models(home: Home, bench: Workbench, month: str) -> Content | None:
    """For each horizon the version in force after the month's close, or the month's own where none is, with its
    figures; and what was decided about the month's own.
    """
    with open_step(bench, "page of complaint models") as step:
        step.view("mart_complaint_model", "registered", where=at_most("month", month))
        rows = step.arrow(read_model(ROOM, "registered_model"), {"month": month}).to_pylist()
    if not any(each["month"] == month for each in rows):
        return None
    horizons = sorted({each["horizon_days"] for each in rows if each["month"] == month})
    return {"horizons": [_horizon(home, [each for each in rows if each["horizon_days"] == days]) for days in horizons]}


def _horizon(home: Home, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Of one horizon's versions by month: the last one is the month's own."""
    own = rows[-1]
    shown = next((each for each in reversed(rows) if each["is_promoted"]), own)
    return {
        "horizon_days": own["horizon_days"],
        "own": {name: _plain(own[name]) for name in DECIDED},
        "shown": {name: _plain(shown[name]) for name in (*DECIDED, *FIGURES)},
        **_drawn(home, shown["model_version"]),
    }


def _drawn(home: Home, version: str) -> dict[str, Any]:
    """The table beside the version's picture: lift by rival and top share, tenths of the latest nights. Empty lists
    where the home has none."""
    path = home.root / "reports" / "warning" / "calibration" / f"{version}.csv"
    rows = read_cells(path.read_bytes())[1] if path.exists() else []
    lifts = [
        {"of": plain(row["of"]), "top": plain(row["at"]), "lift": _number(row)}
        for row in rows
        if row["figure"] == "lift"
    ]
    tenths = [
        {"predicted": float(row["at"]), "observed": float(row["value"])}
        for row in rows
        if row["figure"] == "observed_share"
    ]
    return {"lifts": lifts, "tenths": tenths}


def _number(row: Mapping[str, str]) -> float | None:
    return float(row["value"]) if row["value"] else None


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
