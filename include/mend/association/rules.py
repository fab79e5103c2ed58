"""Settings of the association as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FOLDER: Final = Path(__file__).parent / "rules"
LONGEST_WINDOW: Final = 92
MOST_TYPES: Final = 60  # a grumble type is a bit of a 64-bit integer


class AssociationRuleError(ValueError):
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
    """The settings in force on that day: of those shipped and those of `extra_folder` (one of the same day takes the shipped one's place).

    Raises:
        AssociationRuleError: naming file, rule and reason, when any file is broken or none is in force.
    """
    versions = [read_rule_file(path) for path in _files(extra_folder)]
    in_force = [version for version in versions if version.valid_from <= day]
    if not in_force:
        raise AssociationRuleError(f"no association rules are in force on {day}: the first begin on {versions[0].valid_from}")
    return in_force[-1].settings


def read_rule_file(path: Path) -> _RuleFile:
    """Read and check one rule file."""
    try:
        content = _RuleFile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise AssociationRuleError(f"{path.name}: not YAML: {error}") from None
    except ValidationError as error:
        problem: Any = error.errors()[0]
        raise AssociationRuleError(f"{path.name}: {': '.join(map(str, problem['loc']))}: {problem['msg']}") from None
    if path.stem != content.valid_from.isoformat():
        raise AssociationRuleError(f"{path.name}: valid_from is {content.valid_from}, the file's name says {path.stem}")
    return content


def _files(extra_folder: Path | None) -> Sequence[Path]:
    files = {path.stem: path for path in FOLDER.glob("*.yaml")}
    if extra_folder is not None and extra_folder.is_dir():
        files.update({path.stem: path for path in extra_folder.glob("*.yaml")})
    return [path for _, path in sorted(files.items())]
