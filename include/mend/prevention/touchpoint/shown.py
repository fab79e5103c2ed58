"""A month's touchpoints and actions as people read them in the terminal."""

from __future__ import annotations

from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, month_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES
from mend.prevention.touchpoint.answers import answers_of
from mend.prevention.touchpoint.measuring import ROOM
from mend.prevention.touchpoint.scores import Estimate
from mend.prevention.touchpoint.words import interval

Table = tuple[list[str], list[list[Any]]]
HEADER: Final = ["no", "touchpoint", "stage", "importance", "operating", "experience", "quadrant", "action"]


def touchpoints_of(bench: Workbench, month: str, language: str) -> Table:
    """Each touchpoint: both scores with their intervals, quadrant, whether an action is due."""
    place = language == "zh"
    return HEADER, [
        [
            row["touchpoint_number"],
            row[f"name_{language}"],
            CODES["touchpoint_stage"][row["stage_code"]][place],
            None if row["importance"] is None else round(row["importance"], 1),
            _score(row, "operating", language),
            _score(row, "experience", language),
            CODES["touchpoint_quadrant"][row["quadrant_code"]][place],
            {"en": "due", "zh": "需整改"}[language] if row["is_action_due"] else "",
        ]
        for row in _rows(bench, "mart_touchpoint_month", "month_file", "assessed", month)
    ]


def actions_of(bench: Workbench, month: str, language: str) -> Table:
    """Each action as of the month."""
    place = language == "zh"
    return ["action", "owner", "due", "state", "moved", "words"], [
        [
            row["action_id"],
            row[f"owner_{language}"],
            row["due_on"],
            CODES["touchpoint_action_state"][row["state_code"]][place],
            CODES["touchpoint_moved"][row["moved_code"]][place],
            row[f"words_{language}"],
        ]
        for row in _rows(bench, "mart_touchpoint_action", "action_file", "listed_action", month)
    ]


def measured_in(bench: Workbench, month: str) -> dict[str, tuple[float | None, float | None]]:
    """Operating and experience score of each touchpoint that the month measured, for the owners' sheet."""
    found = {
        row["touchpoint_code"]: (_measured(row, "operating"), _measured(row, "experience"))
        for row in _rows(bench, "mart_touchpoint_month", "month_file", "assessed", month)
    }
    return {code: scores for code, scores in found.items() if scores != (None, None)}


def later_answers(home: Home, month: str) -> list[dict[str, str]]:
    """Answers since the month's last day, which do not count in it yet."""
    last = days_of(month)[-1]
    return [
        {
            "month": month,
            "counts": month_of(each.day),
            "action": each.action_id,
            "state": each.state,
            "by": each.by,
        }
        for each in answers_of(home)
        if each.day > last
    ]


def _rows(bench: Workbench, table: str, name: str, model: str, month: str) -> list[dict[str, Any]]:
    with open_step(bench, "touchpoints_shown") as step:
        step.view(table, name, where=equal("month", month))
        found = step.arrow(read_model(ROOM, model)).to_pylist()
    return [row for row in found if row["month"] == month]


def _measured(row: dict[str, Any], aspect: str) -> float | None:
    return row[f"{aspect}_score"] if row[f"{aspect}_basis_code"] in ("measured", "both") else None


def _score(row: dict[str, Any], aspect: str, language: str) -> str:
    value, low, high = (row[f"{aspect}_{end}"] for end in ("score", "low", "high"))
    if value is None:
        return CODES["touchpoint_basis"][row[f"{aspect}_basis_code"]][language == "zh"]
    has_ends = low is not None
    level = CODES["touchpoint_level"][row[f"{aspect}_level_code"]][language == "zh"].split(":")[0].split("（")[0]
    return f"{interval(Estimate(value, low or value, high or value), language, has_ends)} {level}"
