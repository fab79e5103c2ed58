"""Rows of the room's tables, from what was judged and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mend.foundation.schema import CODES
from mend.prevention.touchpoint.actions import ASPECTS, Action, Judged, Key
from mend.prevention.touchpoint.formulas import Formula
from mend.prevention.touchpoint.judging import Effectiveness, band, is_action_due, quadrant
from mend.prevention.touchpoint.scores import Estimate, Sums
from mend.prevention.touchpoint.words import action_words

STAGES = tuple(CODES["touchpoint_stage"])
NAMES = ("touchpoint_code", "name_en", "name_zh", "owner_id", "owner_en", "owner_zh", "department_code")
Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What a touchpoint is, in a month: from the inventory in force."""

    code: str
    name_en: str
    name_zh: str
    stage: str
    owner: str
    owner_en: str
    owner_zh: str
    department: str
    impact: float | None
    importance: float | None


@dataclass(frozen=True)
class MeasureResult:
    """What became of a formula in a month. `rate` and `score` are None unless it is measured."""

    formula: Formula
    state: str
    words: tuple[str, str] | None
    sums: Sums
    rate: Estimate | None = None
    score: Estimate | None = None


def measure_row(month: str, found: MeasureResult) -> Row:
    """A row of mart_touchpoint_measure."""
    formula, is_known = found.formula, found.state != "not_mapped"
    return {
        "month": month,
        "touchpoint_code": formula.touchpoint,
        "aspect_code": formula.aspect,
        "measure_number": formula.number,
        "record_code": formula.record,
        "formula": formula.text,
        "state_code": found.state,
        "words_en": found.words[0] if found.words else None,
        "words_zh": found.words[1] if found.words else None,
        "row_count": found.sums.rows if is_known else None,
        "customer_count": found.sums.customers if is_known else None,
        **_ends("rate", found.rate),
        **_ends("score", found.score),
    }


def touchpoint_row(
    month: str,
    number: int,
    facts: Facts,
    aspects: Mapping[str, Effectiveness],
    low_below: float,
    due_on: dt.date,
    version: dt.date,
    damage: tuple[int | None, str | None, str | None],
) -> Row:
    """A row of mart_touchpoint_month; the scores of the month before are filled in later."""
    operating, experience = (aspects[name].level for name in ASPECTS)
    row: Row = {
        "month": month,
        "touchpoint_code": facts.code,
        "touchpoint_number": number,
        "name_en": facts.name_en,
        "name_zh": facts.name_zh,
        "stage_code": facts.stage,
        "owner_id": facts.owner,
        "owner_en": facts.owner_en,
        "owner_zh": facts.owner_zh,
        "department_code": facts.department,
        "impact": facts.impact,
        "importance": facts.importance,
        "importance_band_code": band(facts.importance),
    }
    for name in ASPECTS:
        row |= _aspect(name, aspects[name])
    return row | {
        "quadrant_code": quadrant(operating, experience),
        "is_action_due": is_action_due(facts.importance, operating, experience),
        "low_below": low_below,
        "due_on": due_on,
        "damage_points": damage[0],
        "damage_en": damage[1],
        "damage_zh": damage[2],
        "inventory_version": version,
    }


def with_previous(rows: Iterable[Row], before: Iterable[Row]) -> list[Row]:
    """The rows with the scores of the month before, where they are of the same formulas."""
    by_code = {row["touchpoint_code"]: row for row in before}
    found = []
    for row in rows:
        own = by_code.get(row["touchpoint_code"])
        previous = {}
        for name in ASPECTS:
            is_same = own is not None and _is_comparable(own, row, name)
            previous[f"previous_{name}_score"] = own[f"{name}_score"] if own is not None and is_same else None
        found.append(row | previous)
    return found


def judged_of(rows: Iterable[Row]) -> dict[Key, Judged]:
    """What actions need of a month, from its rows."""
    return {(row["touchpoint_code"], name): _judged(row, name) for row in rows for name in ASPECTS}


def action_row(month: str, action: Action, row: Row) -> Row:
    """A row of mart_touchpoint_action. `row` is the touchpoint's latest row up to the month."""
    moved, answer = action.moved, action.answer
    en, zh = action_words(action, row)
    return {
        "month": month,
        "action_id": action.action_id,
        **{name: row[name] for name in NAMES},
        "aspect_code": action.aspect,
        "words_en": en,
        "words_zh": zh,
        "opened_month": action.opened_month,
        "due_on": action.due_on,
        "state_code": action.state,
        "score_then": action.then.score.value if action.then.score else None,
        "score_now": action.now.score.value if action.now and action.now.score else None,
        "moved": moved.value if moved else None,
        "moved_low": moved.low if moved else None,
        "moved_high": moved.high if moved else None,
        "moved_code": action.moved_code,
        "answered_by": answer.by if answer else None,
        "answered_at": answer.at if answer else None,
        "answered_state_code": answer.state if answer else None,
        "answer_text": answer.text if answer else None,
    }


def numbered(facts: Sequence[Facts]) -> list[tuple[int, Facts]]:
    """By stage, then as in the inventory, from 1."""
    return list(enumerate(sorted(facts, key=lambda each: STAGES.index(each.stage)), 1))


def _judged(row: Row, name: str) -> Judged:
    value, low, high = (row[f"{name}_{end}"] for end in ("score", "low", "high"))
    has_interval = low is not None
    score = None if value is None else Estimate(value, low if has_interval else value, high if has_interval else value)
    return Judged(
        row[f"{name}_level_code"], score, row[f"{name}_basis_code"], row[f"{name}_formula"], row["importance"],
        row["due_on"], has_interval,
    )  # fmt: skip


def _is_comparable(before: Row, now: Row, name: str) -> bool:
    is_rated = [row[f"{name}_basis_code"] == "rated" for row in (before, now)]
    return bool(before[f"{name}_formula"] == now[f"{name}_formula"] and is_rated[0] == is_rated[1])


def _aspect(name: str, found: Effectiveness) -> Row:
    score, rated = found.score, found.ratings.mean
    has_rated_interval = rated is not None and found.ratings.raters > 1
    return {
        f"{name}_score": score.value if score else None,
        f"{name}_low": score.low if score and found.has_interval else None,
        f"{name}_high": score.high if score and found.has_interval else None,
        f"{name}_joint_high": found.joint.high if found.joint else None,
        f"{name}_count": found.rows,
        f"{name}_customer_count": found.customers,
        f"{name}_basis_code": found.basis,
        f"{name}_level_code": found.level,
        f"{name}_rated": rated.value if rated else None,
        f"{name}_rated_low": rated.low if rated and has_rated_interval else None,
        f"{name}_rated_high": rated.high if rated and has_rated_interval else None,
        f"{name}_rater_count": found.ratings.raters,
        f"{name}_panel_count": found.ratings.panel,
        f"{name}_spread": found.ratings.spread,
        f"{name}_formula": found.formula,
        f"previous_{name}_score": None,
    }


def _ends(name: str, found: Estimate | None) -> Row:
    return {
        name: found.value if found else None,
        f"{name}_low": found.low if found else None,
        f"{name}_high": found.high if found else None,
    }
