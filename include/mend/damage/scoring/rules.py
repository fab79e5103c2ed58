"""Indicators and credits as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlglot import exp

from mend.errors import BadConfigurationError
from mend.foundation import rules as dated
from mend.foundation.conditions import Condition, ConditionError, parse
from mend.foundation.schema import RECORDS
from mend.foundation.yaml_text import read_yaml

FOLDER: Final = Path(__file__).parent / "rules"
DECIDED_WITHIN_SECONDS: Final = 86_400  # so long after a contact began or ended its last indicators are decided
MAX_INDICATORS: Final = 62  # an indicator is a bit of a 64-bit integer while contacts are scored
Stage = Literal["ivr", "connection", "agent", "resolution", "repair"]
RecordName = Literal["contact", "ticket", "callback_booking", "survey_reply", "repair_action"]


class RuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(_Strict):
    """Windows, limits and thresholds that rules share. Names carry their unit."""

    contact_reach_days: int = Field(ge=2, le=31)
    incident_gap_seconds: int = Field(gt=0, le=86_400)
    incident_reach_days: int = Field(default=3, ge=1, le=7)
    incident_cap_points: int = Field(gt=0)
    repeated_failure_seconds: int = Field(gt=0, le=86_400)
    ticket_limit_seconds: int = Field(gt=0)
    callback_limit_seconds: int = Field(gt=0)
    carry_over: float = Field(ge=0, lt=1)
    level_points: tuple[int, int, int]
    exploration_months: int = Field(gt=0)
    formation_months: int = Field(gt=0)
    decline_share: float = Field(gt=0, lt=1)


class _RuleWords(_Strict):
    record: RecordName
    points: int = Field(gt=0, le=100)
    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    condition: str = Field(min_length=1)


class _IndicatorWords(_RuleWords):
    stage: Stage
    posted_at: str | None = None
    posted_after_seconds: int | None = Field(default=None, gt=0, le=DECIDED_WITHIN_SECONDS)
    posted_after_end_seconds: int | None = Field(default=None, gt=0, le=DECIDED_WITHIN_SECONDS)
    posted_with: Literal["agent_call_after_seconds"] | None = None
    explicit: bool = False
    escalation: bool = False


class _CreditWords(_RuleWords):
    repairs: tuple[str, ...] = ()


class _RuleFile(_Strict):
    valid_from: dt.date
    source: str
    settings: Settings
    failed_attempt: str
    families: dict[str, tuple[str, ...]]
    indicators: dict[str, _IndicatorWords]
    credits: dict[str, _CreditWords]


@dataclass(frozen=True)
class Feature:
    """A feature that conditions of a record may use. `at` is scan, ticket, window or records (see features.yaml)."""

    name: str
    at: str
    needs: tuple[str, ...]
    records: tuple[str, ...]
    is_later: bool = False


@dataclass(frozen=True)
class Decided:
    """When a contact's indicator is decided, later than at the contact's start: so long after it, or after its end, or
    (without seconds) with the customer's call to an agent that shows it."""

    after_seconds: int | None
    is_from_end: bool = False


@dataclass(frozen=True)
class Rule:
    """An indicator (damage) or a credit (repair) with its condition parsed."""

    id: str
    record: str
    stage: str
    points: int
    en: str
    zh: str
    condition: Condition
    posted_at: str | None = None
    decided: Decided | None = None
    is_explicit: bool = False
    is_escalation: bool = False
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """All rules of one version. `valid_until` is the first day of the next version, or None."""

    valid_from: dt.date
    valid_until: dt.date | None
    settings: Settings
    failed_attempt: Condition
    families: Mapping[str, tuple[str, ...]]
    indicators: Mapping[str, Rule]
    credits: Mapping[str, Rule]

    def of_record(self, record: str) -> list[Rule]:
        """The record's indicators, in the order of the file."""
        return [rule for rule in self.indicators.values() if rule.record == record]

    def credits_of(self, record: str) -> list[Rule]:
        """The record's credits, in the order of the file."""
        return [rule for rule in self.credits.values() if rule.record == record]

    def covers(self, day: dt.date) -> bool:
        """Whether this version is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def words(self, rule_id: str, language: str) -> str:
        """The rule's name in English ('en') or Chinese ('zh')."""
        rule = self.rule(rule_id)
        return rule.zh if language == "zh" else rule.en

    def rule(self, rule_id: str) -> Rule:
        """The indicator or credit of that id."""
        return self.indicators.get(rule_id) or self.credits[rule_id]


def load_rules(extra_folder: Path | None = None) -> list[RuleSet]:
    """Every version, oldest first: those shipped, and those of `extra_folder` (one of the same day takes the shipped
    one's place).

    Raises:
        RuleError: naming file, rule and reason, when any file is broken.
    """
    versions = [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder)]
    ends: list[dt.date | None] = [version.valid_from for version in versions[1:]]
    return [_until(version, end) for version, end in zip(versions, [*ends, None], strict=True)]


def rules_on(day: dt.date, versions: Sequence[RuleSet]) -> RuleSet:
    """The version in force on that day. RuleError when it is before the first."""
    for version in versions:
        if version.covers(day):
            return version
    raise RuleError(f"no rules are in force on {day}: the first version begins on {versions[0].valid_from}")


def read_rule_file(path: Path) -> RuleSet:
    """Read and check one rule file."""
    content = dated.read(path, _RuleFile, RuleError)
    return _checked(str(path), content)


@cache
def features(record: str) -> Mapping[str, Feature]:
    """The features that a record's conditions may use, by name."""
    described = read_yaml((Path(__file__).parent / "features.yaml").read_text("utf-8"))[record]
    return {
        name: Feature(
            name, words["at"], tuple(words["needs"]), tuple(words.get("records", ())), words.get("later", False)
        )
        for name, words in described.items()
    }


def allowed_columns(record: str) -> frozenset[str]:
    """Names that a condition on that record may use: columns that are not personal, and features."""
    columns = {column.name for column in RECORDS[record].columns if not column.personal}
    return frozenset(columns | set(features(record)))


def _checked(file: str, content: _RuleFile) -> RuleSet:
    indicators = {name: _indicator(file, name, words) for name, words in content.indicators.items()}
    contact_count = sum(rule.record == "contact" for rule in indicators.values())
    if contact_count > MAX_INDICATORS:
        raise RuleError(f"{file}: {contact_count} indicators on contacts; {MAX_INDICATORS} is the most")
    for family, members in content.families.items():
        _check_family(file, family, members, indicators)
    thresholds = content.settings.level_points
    if list(thresholds) != sorted(set(thresholds)):
        raise RuleError(f"{file}: settings: level_points must rise, not {list(thresholds)}")
    return RuleSet(
        content.valid_from,
        None,
        content.settings,
        _condition(file, "failed_attempt", content.failed_attempt, _scan_columns("contact")),
        content.families,
        indicators,
        {name: _credit(file, name, words, indicators) for name, words in content.credits.items()},
    )


def _indicator(file: str, name: str, words: _IndicatorWords) -> Rule:
    if words.record == "repair_action":
        raise RuleError(f"{file}: {name}: a repair action gives credits, not damage")
    condition = _condition(file, name, words.condition, allowed_columns(words.record))
    decided = _decided(file, name, words)
    if words.record == "contact":
        _check_parts(file, name, condition)
        _check_decided(file, name, condition, decided)
    elif words.posted_at not in _instants(words.record):
        raise RuleError(f"{file}: {name}: posted_at must be a point in time of {words.record}, not {words.posted_at}")
    return Rule(
        name,
        words.record,
        words.stage,
        words.points,
        words.en,
        words.zh,
        condition,
        words.posted_at,
        decided,
        words.explicit,
        words.escalation,
    )


def _decided(file: str, name: str, words: _IndicatorWords) -> Decided | None:
    given = [words.posted_after_seconds, words.posted_after_end_seconds, words.posted_with]
    if all(each is None for each in given):
        return None
    if words.record != "contact" or sum(each is not None for each in given) > 1:
        raise RuleError(
            f"{file}: {name}: an indicator on contacts is decided at one moment: give one of the keys posted_..."
        )
    if words.posted_with:
        return Decided(None)
    return Decided(words.posted_after_seconds or words.posted_after_end_seconds, words.posted_after_seconds is None)


def _check_decided(file: str, name: str, condition: Condition, decided: Decided | None) -> None:
    """A rule that asks what comes after the contact is decided later; the call that decides it must be asked for."""
    used = {column for column in condition.columns if (found := features("contact").get(column)) and found.is_later}
    if used and decided is None:
        raise RuleError(
            f"{file}: {name}: {', '.join(sorted(used))} is known only after the contact; "
            "say when the rule is decided (posted_after_seconds, posted_after_end_seconds or posted_with)"
        )
    if decided is not None and decided.after_seconds is None and "agent_call_after_seconds" not in used:
        raise RuleError(f"{file}: {name}: posted_with names a call that the condition does not ask for")


def _credit(file: str, name: str, words: _CreditWords, indicators: Mapping[str, Rule]) -> Rule:
    unknown = [each for each in words.repairs if each not in indicators]
    if unknown:
        raise RuleError(f"{file}: {name}: repairs unknown indicators {', '.join(unknown)}")
    if words.record == "contact":
        raise RuleError(f"{file}: {name}: a contact gives no credit")
    condition = _condition(file, name, words.condition, allowed_columns(words.record))
    return Rule(name, words.record, "repair", words.points, words.en, words.zh, condition, repairs=words.repairs)


def _condition(file: str, name: str, text: str, columns: Iterable[str]) -> Condition:
    try:
        return parse(text, columns)
    except ConditionError as error:
        raise RuleError(f"{file}: {name}: {error}") from None


def _check_parts(file: str, name: str, condition: Condition) -> None:
    """Each operand of the outermost `and` must be decidable at one place: with the row, after the windows, or as a
    candidate.
    """
    late = {feature.name: feature.at for feature in features("contact").values() if feature.at != "scan"}
    for part in condition.parts():
        used = {column.name for column in part.find_all(exp.Column)}
        places = {late.get(column, "scan") for column in used}
        if len(places) > 1:
            raise RuleError(
                f"{file}: {name}: split this part by 'and', it mixes {', '.join(sorted(used))}: {part.sql()}"
            )


def _check_family(file: str, family: str, members: tuple[str, ...], indicators: Mapping[str, Rule]) -> None:
    for member in members:
        if member not in indicators or indicators[member].record != "contact":
            raise RuleError(f"{file}: family {family}: {member} is no indicator on contacts")
    points = [indicators[member].points for member in members]
    if points != sorted(points, reverse=True):
        raise RuleError(f"{file}: family {family}: its members must be listed by points, the highest first")


def _scan_columns(record: str) -> frozenset[str]:
    return frozenset(column.name for column in RECORDS[record].columns if not column.personal)


def _instants(record: str) -> set[str]:
    columns = {column.name for column in RECORDS[record].columns if column.type == "timestamp"}
    return columns | {name for name in features(record) if name.endswith("_at")}


def _until(version: RuleSet, end: dt.date | None) -> RuleSet:
    return replace(version, valid_until=end)
