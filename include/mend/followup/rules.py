"""Measures, tiers, limits and calendars as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mend import dated
from mend.followup.errors import FollowUpRuleError
from mend.followup.working_time import Always, Calendar, Working

FOLDER: Final = Path(__file__).parent / "rules"
Measure = Literal["complex_question", "second_follow_up", "booking", "suspended_complaint"]
Tier = Literal[1, 2, 3]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(_Strict):
    """A calendar: without a country every hour counts."""

    country: str | None = None
    zone: str = "UTC"
    start: dt.time = Field(default=dt.time(), alias="from")
    until: dt.time = dt.time(23, 59)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{zone} is no time zone") from None
        return zone

    def calendar(self) -> Calendar:
        """The calendar that clocks ask."""
        return Always() if self.country is None else Working(self.country, self.zone, self.start, self.until)


class TierRule(_Strict):
    """Who handles a measure's tickets at a tier, and by when."""

    team: str = Field(min_length=1)
    limit_hours: float = Field(gt=0, le=24 * 60)
    calendar: str
    before_minutes: int = Field(gt=0)

    @property
    def limit_seconds(self) -> int:
        return round(self.limit_hours * 3600)


class MeasureRule(_Strict):
    """A measure's tiers. `escalates_after_minutes`: a tier up, so long after the limit; `progress_every_hours`: how often a suspended
    customer hears from us."""

    first_tier: Tier
    tiers: dict[Tier, TierRule]
    escalates_after_minutes: int | None = Field(default=None, ge=0)
    progress_every_hours: float | None = Field(default=None, gt=0)


class RuleSet(_Strict):
    """All rules of one version."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    calendars: dict[str, Hours]
    legal_days: int = Field(gt=0)
    before_legal_days: int = Field(gt=0)
    measures: dict[Measure, MeasureRule]

    def tier(self, measure: Measure, tier: int) -> TierRule:
        """The measure's rule at a tier; the one above where it has none."""
        tiers = self.measures[measure].tiers
        return tiers[min(each for each in tiers if each >= tier)]

    def calendar_of(self, name: str) -> Calendar:
        """A calendar by its name."""
        return self.calendars[name].calendar()


def load_rules(extra_folder: Path | None = None) -> list[RuleSet]:
    """Every version, oldest first: those shipped, and those of `extra_folder` (one of the same day takes the shipped one's place).

    Raises:
        FollowUpRuleError: naming file, rule and reason, when any file is broken.
    """
    return [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder)]


def rules_on(day: dt.date, versions: Sequence[RuleSet]) -> RuleSet:
    """The version in force on that day. FollowUpRuleError when it is before the first."""
    return dated.in_force(day, versions, "follow-up rules", FollowUpRuleError)


def read_rule_file(path: Path) -> RuleSet:
    """Read and check one rule file."""
    rules = dated.read(path, RuleSet, FollowUpRuleError)
    for name, measure in rules.measures.items():
        _check_measure(path.name, name, measure, rules)
    return rules


def _check_measure(file: str, name: str, measure: MeasureRule, rules: RuleSet) -> None:
    missing = [tier for tier in (1, 2, 3) if tier >= measure.first_tier and tier not in measure.tiers]
    if missing:
        raise FollowUpRuleError(f"{file}: {name}: tier {missing[0]} is missing")
    for tier, rule in measure.tiers.items():
        if rule.calendar not in rules.calendars:
            raise FollowUpRuleError(f"{file}: {name}: tier {tier}: no calendar {rule.calendar}")
        if rule.before_minutes * 60 >= rule.limit_seconds:
            raise FollowUpRuleError(f"{file}: {name}: tier {tier}: the notice before the limit is before the beginning")
    for calendar, hours in rules.calendars.items():
        if hours.country is not None and hours.start >= hours.until:
            raise FollowUpRuleError(f"{file}: calendar {calendar}: from must be before until")
