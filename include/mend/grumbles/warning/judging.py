"""How models and correlations are judged, as dated data: intervals, limits of calibration, losses, clusters."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.foundation import rules as dated
from mend.foundation.home import Home
from mend.grumbles.warning.rules import RuleError

FOLDER: Final = Path(__file__).parent / "rules" / "judging"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Learning(_Strict):
    """How close together the nights are that a model learns from."""

    dense_rows: int = Field(ge=0)


class CalibrationLimits(_Strict):
    """When a probability counts as badly calibrated, and when nobody can say."""

    recent_complaints: int = Field(ge=1)
    change_confidence: float = Field(gt=0.5, lt=1)
    close: tuple[float, float]
    possible: tuple[float, float]

    @model_validator(mode="after")
    def _one_within_the_other(self) -> CalibrationLimits:
        if not 0 < self.possible[0] < self.close[0] < 1 < self.close[1] < self.possible[1]:
            raise ValueError("1 must be within close, and close within possible")
        return self


class RankingLimits(_Strict):
    """Groups of customers of the jackknife, and what a new version may lose."""

    groups: int = Field(ge=10, le=1000)
    most_loss: float = Field(ge=0, lt=1)


class CorrelationLimits(_Strict):
    """Clusters that an interval needs."""

    least_clusters: int = Field(ge=5)


class Judging(_Strict):
    """All of one version."""

    valid_from: dt.date
    source: str
    confidence: float = Field(gt=0.5, lt=1)
    learning: Learning
    calibration: CalibrationLimits
    ranking: RankingLimits
    correlation: CorrelationLimits


def judging_on(day: dt.date, home: Home) -> Judging:
    """The version in force on that day: shipped, or the home's own.

    Raises:
        RuleError: naming file, rule and reason.
    """
    return dated.in_force(day, load_judging(home.root / "rules" / "warning" / "judging"), "rules", RuleError)


def load_judging(extra_folder: Path | None = None) -> list[Judging]:
    """Every version, oldest first."""
    return [dated.read(path, Judging, RuleError) for path in dated.paths(FOLDER, extra_folder)]
