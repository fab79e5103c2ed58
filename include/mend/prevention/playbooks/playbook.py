"""Playbooks as frozen values: what an agent says and does, what they may give, and who is asked when it is more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mend.foundation.condition_values import holds
from mend.foundation.conditions import Condition
from mend.prevention.playbooks.cases import Case

SEVERITIES: Final = (1, 2, 3, 4)
Limits: TypeAlias = Mapping[int, Mapping[str, int]]  # severity → authority level → yuan


@dataclass(frozen=True)
class AuthorityLevel:
    """Who may give how much. `holders` are people's names; the lowest level has none: who is named nowhere has it."""

    code: str
    name_en: str
    name_zh: str
    holders: tuple[str, ...]

    def name(self, language: str) -> str:
        """Its name in English ('en') or Chinese ('zh')."""
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True)
class Line:
    """A step of a playbook, from a severity on."""

    en: str
    zh: str
    from_severity: int


@dataclass(frozen=True)
class Playbook:
    """What is done about a type of failure. `when` is None for the last one, which fits every case."""

    code: str
    failure_code: str
    name_en: str
    name_zh: str
    when: Condition | None
    least_severity: int
    script_en: str
    script_zh: str
    steps: tuple[Line, ...]
    alternative_en: str
    alternative_zh: str
    scale_code: str
    limits: Limits

    def name(self, language: str) -> str:
        """Its name in English ('en') or Chinese ('zh')."""
        return self.name_zh if language == "zh" else self.name_en

    def script(self, language: str) -> str:
        """What the agent says."""
        return self.script_zh if language == "zh" else self.script_en

    def alternative(self, language: str) -> str:
        """What can be done where the cause cannot be mended soon, or money is not the remedy."""
        return self.alternative_zh if language == "zh" else self.alternative_en

    def steps_at(self, severity: int, language: str) -> tuple[str, ...]:
        """What is done, in order, at a severity."""
        return tuple(each.zh if language == "zh" else each.en for each in self.steps if each.from_severity <= severity)

    def limit(self, severity: int, level_code: str) -> int:
        """Yuan that a level may give for one case; KeyError for a level that there is not."""
        return self.limits[severity][level_code]


@dataclass(frozen=True)
class Chosen:
    """The playbook of a case, and how severe the case is."""

    playbook: Playbook
    severity: int


@dataclass(frozen=True)
class Look:
    """From when on a person looks at a customer's compensations. Nothing is withheld for it."""

    days: int
    grants: int
    yuan: int

    def is_due(self, grants: int, yuan: int) -> bool:
        """Whether so many compensations of so many yuan within the days are worth a look."""
        return grants >= self.grants or yuan >= self.yuan


@dataclass(frozen=True)
class PlaybookSet:
    """All playbooks of one version, in the order in which they are tried. `text` is the content alone, all that
    `parse_playbooks` needs; `digest` is its SHA-256."""

    valid_from: dt.date
    source: str
    levels: tuple[AuthorityLevel, ...]
    severities: Mapping[int, Condition]
    look: Look
    playbooks: tuple[Playbook, ...]
    digest: str
    text: str

    def playbook(self, code: str) -> Playbook:
        """The playbook of that code; KeyError when there is none."""
        return {each.code: each for each in self.playbooks}[code]

    def choose(self, case: Case) -> Chosen:
        """The first playbook whose condition holds, and the severity. What is not known of a case is not true; the last
        playbook fits every case."""
        chosen = next(each for each in self.playbooks if each.when is None or holds(each.when, case))
        return Chosen(chosen, max(self._severity(case), chosen.least_severity))

    def level(self, code: str) -> AuthorityLevel:
        """The authority level of that code; KeyError when there is none."""
        return {each.code: each for each in self.levels}[code]

    def level_of(self, name: str) -> AuthorityLevel:
        """The level that a person has: the lowest when nobody named them."""
        return next((each for each in self.levels if name in each.holders), self.levels[0])

    def _severity(self, case: Case) -> int:
        severe = (severity for severity in reversed(SEVERITIES[1:]) if holds(self.severities[severity], case))
        return next(severe, SEVERITIES[0])
