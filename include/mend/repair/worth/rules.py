"""Settings of a repair's worth as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mend.foundation import rules as dated
from mend.repair.worth.errors import WorthRuleError

FOLDER: Final = Path(__file__).parent / "rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Strict):
    """From low to high, as it was published."""

    low: float = Field(strict=True, ge=0, le=1000, allow_inf_nan=False)
    high: float = Field(strict=True, ge=0, le=1000, allow_inf_nan=False)

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}: write the lower first")
        return self


def _share(value: Range) -> Range:
    if value.high > 1:
        raise ValueError(f"{value.high} is no share of customers: write 0 to 1, such as 0.54")
    return value


ShareRange = Annotated[Range, AfterValidator(_share)]


class Kept(_Strict):
    """Shares of customers who stay, by what became of their problem."""

    unsolved: ShareRange
    later: ShareRange
    at_once: ShareRange

    @model_validator(mode="after")
    def _faster_is_better(self) -> Kept:
        if not self.unsolved.low <= self.later.low <= self.at_once.low:
            raise ValueError("a faster solution keeps fewer: unsolved, later, at_once must rise")
        return self


class WorthRules(_Strict):
    """All settings of one version."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    told_by_bad: Range
    told_by_good: Range
    kept: Kept
    lost_cost_times: Range
    at_once_hours: int = Field(strict=True, ge=1, le=720)
    value_months: int = Field(strict=True, ge=1, le=120)
    least_customers: int = Field(strict=True, default=30, ge=1, le=10_000)
    solving: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2,8}-[0-9]{2,3}$")], ...] = Field(min_length=1)


def load_rules(folder: Path | None = None) -> list[WorthRules]:
    """Every version, oldest first: those shipped, and those of `folder`, a home's `worth`.

    Raises:
        WorthRuleError: naming file, key and reason.
    """
    return [dated.read(path, WorthRules, WorthRuleError) for path in dated.paths(FOLDER, folder)]


def rules_on(day: dt.date, versions: Sequence[WorthRules]) -> WorthRules:
    """The version in force on that day. WorthRuleError when it is before the first."""
    return dated.in_force(day, versions, "settings of a repair's worth", WorthRuleError)
