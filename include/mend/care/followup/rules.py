"""Measures, tiers, limits and calendars as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from mend.care.followup.errors import FollowUpRuleError
from mend.care.followup.workdays import require_country, zone_of
from mend.care.followup.working_time import Always, Calendar, Working
from mend.foundation import rules as dated

FOLDER: Final = Path(__file__).parent / "rules"
Measure = Literal["complex_question", "second_follow_up", "booking", "suspended_complaint"]
Tier = Literal[1, 2, 3]
CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
END_OF_DAY: Final = "24:00"


def _time_of_day(value: object) -> object:
    """HH:MM as a time; None for 24:00. Without quotes YAML reads 17:30 as 17 * 60 + 30.

    >>> _time_of_day("08:30"), _time_of_day(1050), _time_of_day("24:00")
    (datetime.time(8, 30), datetime.time(17, 30), None)
    """
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value <= 24 * 60:
        value = f"{value // 60:02}:{value % 60:02}"
    if value is None or value == END_OF_DAY or isinstance(value, dt.time):
        return None if value == END_OF_DAY else value
    found = CLOCK.fullmatch(str(value))
    if found is None:
        raise ValueError(f'{value} is no time of day: write HH:MM in quotes, such as "08:30"')
    return dt.time(int(found[1]), int(found[2]), int(found[3] or 0))


TimeOfDay: TypeAlias = Annotated[dt.time | None, BeforeValidator(_time_of_day)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(_Strict):
    """A calendar: which days and which of their hours count.

    Attributes:
        country: ISO 3166 code (CN): its public holidays and weekends do not count, its make-up workdays do. Without it
        every day counts.
        subdivision: a part of the country with holidays of its own.
        zone: whose days and hours; without it the country's, where it has one (China's is Beijing time).
        start, until: `from` and `until`, "HH:MM"; without them a day counts whole, from 00:00 to 24:00.
    """

    country: str | None = None
    subdivision: str | None = None
    zone: str | None = None
    start: TimeOfDay = Field(default=dt.time(), alias="from")
    until: TimeOfDay = None

    @field_validator("country", "subdivision", mode="before")
    @classmethod
    def _code(cls, code: object) -> object:
        if isinstance(code, bool):
            raise ValueError("YAML reads NO and ON without quotes as false and true: write 'NO'")
        return code

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        try:
            return zone and ZoneInfo(zone).key
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{zone} is no time zone: write one such as Asia/Shanghai") from None

    @model_validator(mode="after")
    def _fits(self) -> Hours:
        if self.subdivision is not None and self.country is None:
            raise ValueError(f"subdivision {self.subdivision} needs a country beside it")
        if self.country is not None:
            require_country(self.country, self.subdivision)
        if not self.is_always and self._zone is None:
            where = "for hours" if self.country is None else f"because {self.country} has several"
            raise ValueError(f"zone is missing: name one, such as Asia/Shanghai, {where}")
        if self.start is None or (self.until is not None and self.start >= self.until):
            raise ValueError('from must be before until; the end of a day is "24:00"')
        return self

    @property
    def is_always(self) -> bool:
        """Whether every hour of every day counts."""
        return self.country is None and self.start == dt.time() and self.until is None

    @property
    def _zone(self) -> str | None:
        return self.zone or (zone_of(self.country) if self.country else None)

    def calendar(self) -> Calendar:
        """The calendar that clocks ask."""
        if self.is_always or self._zone is None or self.start is None:
            return Always()
        return Working(self.country, self._zone, self.start, self.until, self.subdivision)


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
    """A measure's tiers. `escalates_after_minutes`: a tier up, so long after the limit; `progress_every_hours`: how
    often a suspended customer hears from us."""

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
    """Every version, oldest first: those shipped, and those of `extra_folder` (one of the same day takes the shipped
    one's place).

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
        _check_measure(str(path), name, measure, rules)
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
