"""A file of touchpoints as it is written. Each key says what to write there: errors quote it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from mend.foundation.schema import CODES


def _stage(code: str) -> str:
    if code not in CODES["touchpoint_stage"]:
        raise ValueError(f"no stage {code}; write one of {', '.join(CODES['touchpoint_stage'])}")
    return code


Day = Annotated[dt.date, Field(strict=True)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=500)]
Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=60)]
Score = Annotated[int, Field(strict=True, ge=1, le=10)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Stage = Annotated[str, AfterValidator(_stage)]
RECORDS: Final = ("contact", "ticket", "survey_reply", "callback_booking")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _key(words: str, default: Any = ...) -> Any:
    return Field(default, description=words)


class PersonText(_Strict):
    en: Name = _key("who it is, in English")
    zh: Name = _key("the same in Chinese")
    people: tuple[Name, ...] = _key("who may answer as the owner, by their names as users", ())
    deputies: tuple[Name, ...] = _key("who may answer in the owner's place", ())


class MeasureText(_Strict):
    record: Literal["contact", "ticket", "survey_reply", "callback_booking"] = _key("which rows are counted")
    where: Text = _key("which of them belong to the touchpoint: a condition over their columns")
    succeeded: Text | None = _key("the rows that went well: a condition; or write mean", None)
    mean: Name | None = _key("the number whose mean counts; or write succeeded", None)
    worst: Number = _key("the share or mean that scores 1")
    best: Number = _key("the share or mean that scores 10")
    least_count: Count | None = _key("fewer rows are too little data", None)


class RatingText(_Strict):
    rater_id: Name = _key("who rates")
    kind_code: Literal["owner", "panel"] = _key("owner (of the company) or panel (of customers)")
    rated_on: Day = _key("the day, such as 2026-01-31")
    impact: Score | None = _key("impact, a whole number from 1 to 10", None)
    importance: Score | None = _key("importance, a whole number from 1 to 10", None)
    operating: Score | None = _key("operating effectiveness, a whole number from 1 to 10", None)
    experience: Score | None = _key("experience effectiveness, a whole number from 1 to 10", None)


class TouchpointText(_Strict):
    name_en: Name = _key("its name in English")
    name_zh: Name = _key("its name in Chinese")
    stage_code: Stage = _key("life-cycle stage")
    purpose_en: Text = _key("what it is for, in English")
    purpose_zh: Text = _key("the same in Chinese")
    role_en: Text = _key("its role in the experience, in English")
    role_zh: Text = _key("the same in Chinese")
    owner_id: Code = _key("who answers for it: one of owners")
    department_code: Code = _key("the department in charge")
    operating: tuple[MeasureText, ...] = _key("what measures operating effectiveness", ())
    experience: tuple[MeasureText, ...] = _key("what measures experience effectiveness", ())
    ratings: tuple[RatingText, ...] = _key("who rated what, and when", ())


class SettingsText(_Strict):
    low_below: Annotated[float, Field(gt=1, le=10)] = _key("a score below this is low", 6.0)
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = _key("confidence of the intervals", 0.95)
    joint_confidence: Annotated[float, Field(gt=0.5, lt=1)] = _key(
        "confidence that no score of a month is called low which is not", 0.95
    )
    due_days: Annotated[int, Field(strict=True, ge=1, le=366)] = _key("days until an action is due", 30)
    least_count: Count = _key("a measure of fewer rows is too little data", 50)


class FileText(_Strict):
    valid_from: Day = _key("first day on which the file is in force; the file is named after it")
    source: Text = _key("where its contents come from")
    settings: SettingsText = _key("settings", SettingsText())
    owners: dict[Code, PersonText] = _key("who may own a touchpoint: code, with en and zh")
    managers: tuple[Name, ...] = _key("who may answer for every owner", ())
    touchpoints: dict[Code, TouchpointText] = _key("each touchpoint under its code")
