"""Rules of stages, leaving and forms as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.foundation import rules as dated
from mend.grumbles.lifecycle.errors import LifecycleRuleError

FOLDER: Final = Path(__file__).parent / "rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PointRules(_Strict):
    """When a point is compared between stages."""

    least_customers: int = Field(strict=True, ge=2)
    least_with_point: int = Field(strict=True, ge=1)


class LeavingRules(_Strict):
    """When a group is large enough to say how many leave."""

    least_followed: int = Field(strict=True, ge=1)


class SilenceRules(_Strict):
    """Which hang-ups count, and who is a regular caller."""

    hang_up_indicators: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2,8}-[0-9]{2,3}$")], ...] = Field(min_length=1)
    history_months: int = Field(strict=True, ge=1, le=12)
    calling_months: int = Field(strict=True, ge=1, le=12)

    @model_validator(mode="after")
    def _within_history(self) -> SilenceRules:
        if self.calling_months > self.history_months:
            raise ValueError(
                f"calling_months {self.calling_months} is more than history_months {self.history_months}: nobody would "
                "be a regular caller"
            )
        return self


class LifecycleRules(_Strict):
    """All rules of one version."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    confidence: float = Field(ge=0.5, lt=1)
    points: PointRules
    leaving: LeavingRules
    silence: SilenceRules


def rules_on(day: dt.date, extra_folder: Path | None = None) -> LifecycleRules:
    """The rules in force on that day: of those shipped and those of `extra_folder`, a home's `rules/lifecycle`.

    Raises:
        LifecycleRuleError: naming file, rule and reason, when any file is broken or none is in force.
    """
    versions = [dated.read(path, LifecycleRules, LifecycleRuleError) for path in dated.paths(FOLDER, extra_folder)]
    return dated.in_force(day, versions, "life-cycle rules", LifecycleRuleError)
