"""Rules of the warning as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.errors import BadConfigurationError
from mend.foundation import rules as dated
from mend.foundation.periods import month_before
from mend.foundation.schema import CODES

FOLDER: Final = Path(__file__).parent / "rules"
LEVELS: Final = (5, 4, 3, 2, 1)
SolvedState = Literal["mending", "in_hand", "overdue", "untouched", "failed"]
Part = Annotated[int, Field(ge=1, le=5)]  # also as a key of JSON, where a key is a text


class RuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """The same in English and Chinese."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class OpenRules(_Strict):
    """What an open grumble is, and from when a month's results are used. Names carry their unit."""

    days: int = Field(ge=1, le=92)
    ticket_limit_hours: int = Field(gt=0)
    monthly_results_from_day: int = Field(ge=1, le=28)
    recent_days: int = Field(ge=1, le=92)
    complaint_days: int = Field(ge=1, le=1100)
    department: str = Field(min_length=1)


class DurationPart(_Strict):
    """Part 2 from the first number of days on, 3 from the second ..."""

    weight: int = Field(ge=0, le=100)
    from_days: tuple[int, int, int, int]


class SolvedPart(_Strict):
    """The part of each solved state."""

    weight: int = Field(ge=0, le=100)
    points: dict[SolvedState, Part]


class AssociationPart(_Strict):
    """Part 2 from the first coefficient (log odds) on, 3 from the second ..."""

    weight: int = Field(ge=0, le=100)
    window_days: int = Field(gt=0)
    from_coefficients: tuple[float, float, float, float]
    neutral: Part


class TolerancePart(_Strict):
    """The part of each behaviour cluster: 5 bears little."""

    weight: int = Field(ge=0, le=100)
    points: dict[str, Part]
    neutral: Part

    @model_validator(mode="after")
    def _names_are_codes(self) -> TolerancePart:
        if unknown := sorted(set(self.points) - set(CODES["behaviour_cluster"])):
            known = ", ".join(CODES["behaviour_cluster"])
            raise ValueError(f"no behaviour clusters: {', '.join(unknown)}; those known are {known}")
        return self


class Parts(_Strict):
    """The four parts of a level."""

    duration: DurationPart
    solved: SolvedPart
    association: AssociationPart
    tolerance: TolerancePart

    @model_validator(mode="after")
    def _weights_add_up(self) -> Parts:
        if sum(part.weight for part in (self.duration, self.solved, self.association, self.tolerance)) != 100:
            raise ValueError("the weights must add up to 100")
        for thresholds in (self.duration.from_days, self.association.from_coefficients):
            if list(thresholds) != sorted(set(thresholds)):
                raise ValueError(f"thresholds must rise, not {list(thresholds)}")
        return self


class CutRules(_Strict):
    """What the levels' cut points are fitted on: so many nights, every so many days, with so many grumbles at least."""

    nights: int = Field(default=4, ge=1, le=31)
    every_days: int = Field(default=7, ge=1, le=31)
    least_grumbles: int = Field(default=100, ge=1)


class PartWords(_Strict):
    """A part's values in words; `{days}` is the grumble's age."""

    duration: dict[Part, Words]
    association: dict[Part, Words]
    tolerance: dict[Part, Words]

    @model_validator(mode="after")
    def _every_part(self) -> PartWords:
        for name in ("duration", "association", "tolerance"):
            if set(getattr(self, name)) != set(LEVELS):
                raise ValueError(f"{name} must name parts 1 to 5")
        return self


class WarningRules(_Strict):
    """When a warning counts as the same one, and how deep the line may sink."""

    quiet_days: int = Field(ge=1, le=92)
    lowest_level: int = Field(ge=1, le=5)


class Department(_Strict):
    """A department's specialists and their time, and its name where Mend does not ship one."""

    en: str | None = None
    zh: str | None = None
    specialists: tuple[str, ...] = Field(min_length=1)
    hours_a_day: float = Field(ge=0, le=24)
    minutes_per_case: float = Field(gt=0)
    minutes_per_open_case: float = Field(ge=0)

    @property
    def capacity_minutes(self) -> float:
        """Minutes of all its specialists in a day."""
        return len(self.specialists) * self.hours_a_day * 60


class Strategy(_Strict):
    """What is done for customers of these levels and, where named, values."""

    code: str
    levels: tuple[Part, ...]
    values: tuple[str, ...] = ()
    en: str
    zh: str


class Actions(_Strict):
    """What the branch does itself, and what it may demand of the department."""

    branch: Words
    department: Words


class IndexRules(_Strict):
    """How grumbles become points and index."""

    half_rate: float = Field(gt=0)
    least_replies: int = Field(ge=1)
    window_months: int = Field(ge=1, le=36)
    least_pairs: int = Field(ge=4)
    topics: dict[str, str]


class ModelRules(_Strict):
    """What a complaint model is trained on. How it is judged: judging.py; calibration_share and most_calibration_error
    of older files are read no more."""

    horizons: tuple[Literal[7], Literal[30]]
    every_days: int = Field(ge=1, le=31)
    history_days: int = Field(ge=30)
    warm_up_days: int = Field(ge=0)
    most_rows: int = Field(ge=1000)
    held_out_share: float = Field(gt=0, lt=1)
    calibration_share: float = Field(gt=0, lt=1)
    least_rows: int = Field(ge=1)
    least_complaints: int = Field(ge=1)
    least_rate_grumbles: int = Field(ge=1)
    least_rate_complaints: int = Field(default=3, ge=1)
    penalty: float = Field(gt=0)
    most_calibration_error: float = Field(gt=0, le=1)


class Rules(_Strict):
    """All rules of one version."""

    valid_from: dt.date
    source: str
    open: OpenRules
    parts: Parts
    level_percent: dict[Part, float]
    cuts: CutRules = CutRules()
    words: PartWords
    warning: WarningRules
    departments: dict[str, Department] = Field(min_length=1)
    strategies: tuple[Strategy, ...]
    actions: dict[str, dict[Part, Actions]]
    index: IndexRules
    model: ModelRules

    @model_validator(mode="after")
    def _complete(self) -> Rules:
        if set(self.level_percent) != set(LEVELS) or abs(sum(self.level_percent.values()) - 100) > 1e-9:
            raise ValueError("level_percent must name levels 1 to 5 and add up to 100")
        if self.open.department not in self.departments:
            raise ValueError(f"open: department {self.open.department} has no specialists under departments")
        if set(self.actions.get("default", {})) != set(LEVELS):
            raise ValueError("actions: default must name levels 1 to 5")
        missing = [
            level for level in LEVELS if not any(level in each.levels and not each.values for each in self.strategies)
        ]
        if missing:
            raise ValueError(f"strategies: none for every value of level {missing[0]}")
        return self

    def percent_of(self, level: int) -> float:
        """Share of the open grumbles at a level, in per cent."""
        percent: Mapping[Any, float] = self.level_percent
        return percent[level]

    def department_words(self, code: str) -> tuple[str, str]:
        """A department's name in English and Chinese: the rules' own, else the one that Mend ships, else its code."""
        own, (en, zh) = self.departments.get(code), CODES["department"].get(code, (code, code))
        return (own and own.en) or en, (own and own.zh) or zh

    def actions_of(self, department: str, level: int) -> Actions:
        """The department's own actions at a level, or those of all departments."""
        own: Mapping[Any, Actions] = self.actions.get(department, {})
        defaults: Mapping[Any, Actions] = self.actions["default"]
        return own.get(level) or defaults[level]


def load_rules(extra_folder: Path | None = None) -> list[Rules]:
    """Every version, oldest first: those shipped, and those of `extra_folder` (one of the same day takes the shipped
    one's place).

    Raises:
        RuleError: naming file, rule and reason, when any file is broken.
    """
    return [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder)]


def rules_on(day: dt.date, versions: Sequence[Rules]) -> Rules:
    """The version in force on that day. RuleError when it is before the first."""
    return dated.in_force(day, versions, "rules", RuleError)


def read_rule_file(path: Path) -> Rules:
    """Read and check one rule file."""
    return dated.read(path, Rules, RuleError)


def result_month(rules: Rules, day: dt.date) -> str:
    """The month whose clusters, associations and models a night uses: last month's, or in the first days the one
    before.

    A night uses them from a set day on, not from when they were ready: so a rerun finds what the first run found.
    """
    last = month_before(day)
    return last if day.day >= rules.open.monthly_results_from_day else month_before(dt.date.fromisoformat(f"{last}-01"))
