"""What pages show of a month's tables, as plain values: a document a page. The tables are small; no row of theirs is a
customer's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.query.pages.feature_words import feature_words
from mend.query.pages.published import Content
from mend.query.pages.reading import ROOM

Rows = list[dict[str, Any]]
SOURCES_SHOWN: Final = 10
POINTS_SHOWN: Final = 5  # of a life-cycle stage, beside its key points
TOUCHPOINT: Final = (
    "touchpoint_code", "touchpoint_number", "name_en", "name_zh", "stage_code", "owner_en", "owner_zh",
    "department_code", "importance", "operating_score", "operating_low", "operating_high", "operating_basis_code",
    "operating_level_code", "previous_operating_score", "experience_score", "experience_low", "experience_high",
    "experience_basis_code", "experience_level_code", "previous_experience_score", "quadrant_code", "is_action_due",
    "low_below", "damage_points", "damage_en", "damage_zh",
)  # fmt: skip
ACTION: Final = (
    "action_id", "touchpoint_code", "name_en", "name_zh", "owner_id", "owner_en", "owner_zh", "department_code",
    "aspect_code", "words_en", "words_zh", "opened_month", "due_on", "state_code", "moved_code",
)  # fmt: skip
SOURCE: Final = (
    "rank", "dimension_code", "source_code", "contact_count", "points", "excess_points", "excess_low", "excess_high",
    "verdict_code", "complaint_count", "is_top", "words_en", "words_zh",
)  # fmt: skip
OUTAGE: Final = ("dimension_code", "source_code", "began_at", "ended_at", "observed_count", "words_en", "words_zh")
ASSOCIATION: Final = (
    "cluster_code", "window_days", "grumble_type_code", "complaint_type_code", "grumble_customer_count",
    "complaint_customer_count", "both_count", "confidence", "lift", "exposed_event_count", "coefficient",
    "coefficient_low", "coefficient_high", "q_value", "is_significant", "is_key", "rank", "previous_rank",
)  # fmt: skip
CLUSTER: Final = (
    "kind_code", "cluster_code", "customer_count", "share", "words_en", "words_zh", "cluster_number", "matched_month",
    "drift", "absent_features", "still_customer_count", "kept_share", "claim_en", "claim_zh", "claim_state_code",
    "claim_customer_count", "claim_share", "other_customer_count", "other_share", "claim_low", "claim_high",
)  # fmt: skip
LEAVING: Final = (
    "lifecycle_stage_code", "level", "customer_count", "followed_count", "left_count", "left_share", "left_share_low",
    "left_share_high", "difference", "difference_low", "difference_high", "verdict_code",
)  # fmt: skip
STAGE_POINT: Final = (
    "lifecycle_stage_code", "grumble_type_code", "grumble_count", "customer_count", "share_of_customers",
    "other_share_of_customers", "difference_low", "difference_high", "rank", "is_key", "verdict_code",
)  # fmt: skip


def touchpoints(home: Home, bench: Workbench, month: str) -> Content | None:
    """Touchpoints with their scores, corrective actions, the ten sources of trouble and the outages."""
    del home
    found = _rows(bench, "mart_touchpoint_month", month)
    sources = [each for each in _rows(bench, "mart_trouble_source", month) if (each["rank"] or 99) <= SOURCES_SHOWN]
    if not found and not sources:
        return None
    outages = [each for each in _rows(bench, "mart_outage", month) if each["explained_by_source_code"] is None]
    return {
        "touchpoints": _picked(found, TOUCHPOINT, "touchpoint_number"),
        "actions": _picked(_rows(bench, "mart_touchpoint_action", month), ACTION, "due_on", "action_id"),
        "sources": _picked(sources, SOURCE, "rank"),
        "outages": _picked(outages, OUTAGE, "began_at", "dimension_code", "source_code"),
    }


def association(home: Home, bench: Workbench, month: str) -> Content | None:
    """Influences that have a coefficient, on complaints of any kind, and the key grumble points on each kind."""
    del home
    found = [
        each
        for each in _rows(bench, "mart_association", month)
        if each["is_key"] or (each["coefficient"] is not None and each["complaint_type_code"] == "any")
    ]
    order = ("cluster_code", "window_days", "complaint_type_code", "grumble_type_code")
    return {"rows": _picked(found, ASSOCIATION, *order)} if found else None


def clusters(home: Home, bench: Workbench, month: str) -> Content | None:
    """Each cluster: size, words, what sets it apart; how stable it is and what came true, where that is measured."""
    found = _rows(bench, "mart_cluster_profile", month)
    if not found:
        return None
    words = feature_words(home.root / "rules" / "clusters", month)
    shown = [
        {name: _plain(each.get(name)) for name in CLUSTER} | {"apart": _apart(each["centre"], words)}
        for each in sorted(found, key=lambda each: (each["kind_code"], -each["share"], each["cluster_code"]))
    ]
    return {"clusters": shown}


def surveys(home: Home, bench: Workbench, month: str) -> Content | None:
    """Funnels, solved as a range, promises, what was not let through, bookings."""
    del home
    measures = _rows(bench, "mart_survey_measure", month)
    if not measures:
        return None
    return {
        "measures": _whole(measures, "measure_code"),
        "funnels": _whole(_rows(bench, "mart_survey_funnel", month), "measure_code", "step_number"),
        "refusals": _whole(_rows(bench, "mart_survey_refusal", month), "trigger_code", "stage_code", "reason_code"),
        "callbacks": _whole(_rows(bench, "mart_callback_month", month), "call_count"),
    }


def stages(home: Home, bench: Workbench, month: str) -> Content | None:
    """Life-cycle stages: who left by level, the key grumble points of each, forms of grumbling."""
    del home
    leaving = _rows(bench, "mart_lifecycle_month", month)
    if not leaving:
        return None
    said = [
        each
        for each in _rows(bench, "mart_lifecycle_grumble", month)
        if each["is_key"] or (each["rank"] <= POINTS_SHOWN and each["grumble_type_code"])
    ]
    return {
        "leaving": _picked(leaving, LEAVING, "lifecycle_stage_code", "level"),
        "points": _picked(said, STAGE_POINT, "lifecycle_stage_code", "rank", "grumble_type_code"),
        "forms": _whole(_rows(bench, "mart_grumble_form_month", month, "form_count"), "form_code", "trend_code"),
    }


def _rows(bench: Workbench, table: str, month: str, model: str = "month_content") -> Rows:
    """A table's rows of the month; none of a table that this version does not have."""
    if table not in TABLES:
        return []
    with open_step(bench, f"page of {table}") as step:
        step.view(table, "month_row", where=equal("month", month))
        found: Rows = step.arrow(read_model(ROOM, model), {"month": month}).to_pylist()
    return found


def _picked(rows: Rows, columns: Sequence[str], *order: str) -> Rows:
    shown = sorted(rows, key=lambda each: tuple(_sortable(each[name]) for name in order))
    return [{name: _plain(each[name]) for name in columns} for each in shown]


def _whole(rows: Rows, *order: str) -> Rows:
    columns = [name for name in rows[0] if name != "month"] if rows else []
    return _picked(rows, columns, *order)


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is None, "" if value is None else value


def _plain(value: Any) -> Any:
    """A value for JSON, which has no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _apart(centre: str | None, words: Mapping[str, tuple[str, str]]) -> Rows:
    """What sets a cluster apart, the farthest first: words of the feature, and how far from everybody."""
    found = {name: value for name, value in json.loads(centre or "{}").items() if isinstance(value, int | float)}
    return [
        {"en": en, "zh": zh, "off": _plain(float(value))}
        for name, value in sorted(found.items(), key=lambda each: (-abs(each[1]), each[0]))
        for en, zh in [words.get(name, (name.replace("_", " "), name.replace("_", " ")))]
    ]
