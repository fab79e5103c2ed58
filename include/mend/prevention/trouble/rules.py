"""What counts as trouble, as dated data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mend.foundation import rules as dated
from mend.foundation.schema import CODES
from mend.prevention.trouble.errors import TroubleRuleError

FOLDER: Final = Path(__file__).parent / "rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceRules(_Strict):
    """When a source is worse than its volume explains."""

    confidence: float = Field(ge=0.5, lt=1)
    history_months: int = Field(ge=1, le=12)
    least_contacts: int = Field(ge=2)
    least_agents: int = Field(ge=2)
    top: int = Field(ge=1, le=100)
    explained_share: float = Field(gt=0, le=1)
    stages: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]

    @field_validator("stages")
    @classmethod
    def _known(cls, stages: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        for words, given in (
            ("trouble_dimension", stages),
            ("stage", [each for one in stages.values() for each in one]),
        ):
            if unknown := sorted(set(given) - set(CODES[words])):
                raise ValueError(f"unknown: {', '.join(unknown)}; those known are {', '.join(CODES[words])}")
        return stages

    def stages_of(self, dimension: str) -> tuple[str, ...]:
        """The stages whose points say something of a kind of source: all where none are named."""
        return self.stages.get(dimension, tuple(CODES["stage"]))

    @property
    def alpha(self) -> float:
        """The chance of a false alarm in a month, over all sources."""
        return 1 - self.confidence


class ComplaintRules(_Strict):
    """Which contact a complaint goes back to."""

    days: int = Field(ge=1, le=31)


class OutageRules(_Strict):
    """When hours are an outage."""

    false_alarms: float = Field(gt=0, le=1)
    window_hours: tuple[Annotated[int, Field(ge=1, le=48)], ...] = Field(min_length=1)
    least_callers: int = Field(ge=1)
    gap_hours: int = Field(ge=0, le=24)
    history_months: int = Field(ge=0, le=12)

    @field_validator("window_hours")
    @classmethod
    def _rising(cls, hours: tuple[int, ...]) -> tuple[int, ...]:
        if list(hours) != sorted(set(hours)):
            raise ValueError(f"windows must rise, each once, not {list(hours)}")
        return hours


class TroubleRules(_Strict):
    """One version of the rules."""

    valid_from: dt.date
    source: str
    sources: SourceRules
    complaints: ComplaintRules
    outages: OutageRules


def rules_on(day: dt.date, extra_folder: Path | None = None) -> TroubleRules:
    """The rules in force on a day, of those shipped and those of `extra_folder`.

    Raises:
        TroubleRuleError: naming file and rule, when a file is broken or none is in force yet.
    """
    versions = [dated.read(path, TroubleRules, TroubleRuleError) for path in dated.paths(FOLDER, extra_folder)]
    return dated.in_force(day, versions, "rules of trouble", TroubleRuleError)
