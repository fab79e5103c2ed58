"""Settings of the association as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.errors import BadConfigurationError
from mend.foundation import rules as dated

FOLDER: Final = Path(__file__).parent / "rules"
LONGEST_WINDOW: Final = 92
MOST_TYPES: Final = 60  # a grumble type is a bit of a 64-bit integer


class AssociationRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AssociationSettings(_Strict):
    """Windows, the rate of false discoveries, and the least that a coefficient needs. Names carry their unit."""

    windows_days: tuple[int, ...] = Field(min_length=1)
    false_discovery_rate: float = Field(gt=0, lt=1)
    minimum_events: int = Field(ge=1)
    minimum_expected_events: float = Field(gt=0)
    most_grumble_types: int = Field(ge=1, le=MOST_TYPES)
    most_complaint_types: int = Field(ge=1)
    key_points: int = Field(ge=1)

    @model_validator(mode="after")
    def _windows_rise(self) -> AssociationSettings:
        days = list(self.windows_days)
        if days != sorted(set(days)) or days[0] < 1 or days[-1] > LONGEST_WINDOW:
            raise ValueError(f"windows_days must rise from 1 to {LONGEST_WINDOW}, not {days}")
        return self

    @property
    def longest(self) -> int:
        """The longest window in days."""
        return self.windows_days[-1]


class _RuleFile(_Strict):
    valid_from: dt.date
    source: str = Field(min_length=1)
    settings: AssociationSettings


def settings_on(day: dt.date, extra_folder: Path | None = None) -> AssociationSettings:
    """The settings in force on that day: of those shipped and those of `extra_folder` (one of the same day takes the
    shipped one's place).

    Raises:
        AssociationRuleError: naming file, rule and reason, when any file is broken or none is in force.
    """
    versions = [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder)]
    return dated.in_force(day, versions, "association rules", AssociationRuleError).settings


def read_rule_file(path: Path) -> _RuleFile:
    """Read and check one rule file."""
    return dated.read(path, _RuleFile, AssociationRuleError)
