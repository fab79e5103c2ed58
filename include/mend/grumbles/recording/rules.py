"""The judging rules for agents and the settings of the agreement, as dated data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from mend.foundation import rules as dated
from mend.grumbles.recording.errors import RecordingRuleError

FOLDER: Final = Path(__file__).parent / "rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """The same in English and Chinese."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """In one of them."""
        return self.zh if language == "zh" else self.en


class JudgingRule(_Strict):
    """A short rule to be known by heart, what it means, and an example."""

    code: str = Field(pattern=r"[a-z][a-z_]*")
    short: Words
    long: Words
    example: Words


class Card(_Strict):
    """The card of an agent."""

    title: Words
    rules: tuple[JudgingRule, ...] = Field(min_length=1, max_length=12)


class AgreementRules(_Strict):
    """When enough is known, and what counts as agreement."""

    confidence: float = Field(ge=0.5, lt=1)
    most_notes: int = Field(ge=100)
    least_pairs: int = Field(ge=10)
    least_pairs_of_agent: int = Field(ge=10)
    least_agents: int = Field(ge=2)
    least_calls: int = Field(ge=1)
    least_kappa: float = Field(ge=0, le=1)
    material_difference: float = Field(ge=0, lt=1)


class RecordingRules(_Strict):
    """One version."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    card: Card
    agreement: AgreementRules


def load_rules(extra_folder: Path | None = None) -> list[RecordingRules]:
    """Every version, oldest first: those shipped, and those of `extra_folder`."""
    return [dated.read(path, RecordingRules, RecordingRuleError) for path in dated.paths(FOLDER, extra_folder)]


def rules_on(day: dt.date, versions: Sequence[RecordingRules]) -> RecordingRules:
    """The version in force on that day."""
    return dated.in_force(day, versions, "rules of recording", RecordingRuleError)
