"""Who deals with a problem, by when, and what is done at each level: dated data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from mend.foundation import rules
from mend.foundation.home import Home
from mend.foundation.schema import CODES
from mend.prevention.routing.errors import RoutingRuleError

SHIPPED: Final = Path(__file__).parent / "rules"
DEFAULT: Final = "default"
EVERYWHERE: Final = "all"
LEVELS: Final = tuple(CODES["routing_level"])  # from the top down
Level = Literal["province", "city", "branch"]
Words = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=80)]
Names = Annotated[tuple[Name, ...], Field(min_length=1)]
Source = Literal["ivr_node", "topic", "agent_group", "center", "plan", "city"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Judging(_Strict):
    """When a rate is worse than luck explains, and how many problems a month has at most."""

    confidence: float = Field(ge=0.5, lt=1)
    history_months: int = Field(ge=1, le=12)
    least_customers: int = Field(ge=5)
    least_ratio: float = Field(ge=1)
    explained_share: float = Field(gt=0, le=1)
    most_problems: int = Field(ge=1, le=100)
    source_problems: int = Field(ge=0, le=100)

    @property
    def alpha(self) -> float:
        """The chance of a false alarm in a month."""
        return 1 - self.confidence


class Clock(_Strict):
    """When a month's problems begin to run, which month measures an answer, and how long one in doubt is watched."""

    begins_on_day: int = Field(ge=1, le=28)
    measured_days: int = Field(ge=1, le=28)
    watched_months: int = Field(ge=1, le=12)


class Action(_Strict):
    """One thing that is done."""

    en: Words
    zh: Words


class Department(_Strict):
    """A department's time, people and actions."""

    acknowledge_hours: int = Field(ge=1, le=24 * 31)
    answer_days: int = Field(ge=1, le=92)
    owners: Mapping[Level, Names]
    cities: Mapping[Name, Mapping[Level, Names]] = {}
    actions: Mapping[Level, Annotated[tuple[Action, ...], Field(min_length=1)]]

    def people(self, level: str, city: str) -> tuple[str, ...]:
        """Who may act there; the first is told."""
        own: Mapping[str, tuple[str, ...]] = self.cities.get(city, {})  # type: ignore[assignment]
        everywhere: Mapping[str, tuple[str, ...]] = self.owners  # type: ignore[assignment]
        return own.get(level) or everywhere[level]

    def actions_at(self, level: str) -> tuple[Action, ...]:
        """The level's action list."""
        return self.actions[level]  # type: ignore[index] # one of LEVELS


class RoutingRules(_Strict):
    """The rules of routing from a day on."""

    valid_from: Annotated[dt.date, Field(strict=True)]
    source: Words
    judging: Judging
    clock: Clock
    sources: Mapping[Source, Name]
    escalation: Names
    departments: Mapping[Name, Department]

    def department(self, code: str) -> Department:
        """The department's own rules, or those of all that are not named."""
        return self.departments.get(code) or self.departments[DEFAULT]

    def told_when_overdue(self, department: str, level: str, city: str) -> str:
        """Whom a part that is overdue goes to: the level above."""
        if level == LEVELS[0]:
            return self.escalation[0]
        above = LEVELS[LEVELS.index(level) - 1]
        return self.department(department).people(above, city)[0]


def load_routing_rules(folder: Path) -> list[RoutingRules]:
    """The shipped rules and those of a folder, oldest first; RoutingRuleError names file, key, value, what to do."""
    files = rules.paths(SHIPPED, folder)
    return [_checked(str(path), rules.read(path, RoutingRules, RoutingRuleError, _words)) for path in files]


def routing_rules_of(home: Home) -> list[RoutingRules]:
    """The home's rules of routing, oldest first."""
    return load_routing_rules(home.root / "rules" / "routing")


def routing_rules_on(day: dt.date, versions: Sequence[RoutingRules]) -> RoutingRules:
    """The rules in force on a day."""
    return rules.in_force(day, versions, "rules of routing", RoutingRuleError)


def _words(problem: ValidationError) -> str:
    """Key, value and what to write."""
    first = problem.errors()[0]
    given = "" if isinstance(first["input"], Mapping) else f": not {first['input']!r}"
    return f"{rules.first_problem(problem)}{given}"


def _checked(file: str, found: RoutingRules) -> RoutingRules:
    if DEFAULT not in found.departments:
        raise RoutingRuleError(f"{file}: departments: default is missing; write the rules of all that are not named")
    for code, department in found.departments.items():
        for key in ("owners", "actions"):
            if missing := [level for level in LEVELS if level not in getattr(department, key)]:
                raise RoutingRuleError(
                    f"{file}: departments: {code}: {key}: {missing[0]} is missing; write {', '.join(LEVELS)}"
                )
        for city, levels in department.cities.items():
            if LEVELS[0] in levels:
                raise RoutingRuleError(
                    f"{file}: departments: {code}: cities: {city}: the province is no part of a city; "
                    f"write {' or '.join(LEVELS[1:])}"
                )
    if missing := [kind for kind in CODES["trouble_dimension"] if kind not in found.sources]:
        raise RoutingRuleError(f"{file}: sources: {missing[0]} is missing; write the factor that it goes to")
    return found
