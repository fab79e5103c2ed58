"""Who answers for a key grumble point, with which duties, as dated data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.foundation import rules as dated
from mend.grumbles.key_points.errors import SpecialistError

FOLDER: Final = Path(__file__).parent / "rules"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Duty(_Strict):
    """What a quality specialist does for a key point, and within how many days of its becoming one."""

    code: str = Field(pattern=r"[a-z][a-z_]*")
    within_days: int = Field(ge=1, le=92)
    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Specialist(_Strict):
    """A quality specialist (品质专员). `is_placeholder`: no person yet, to be replaced by the company's own."""

    name: str = Field(min_length=1)
    is_placeholder: bool = False


class Specialists(_Strict):
    """One version. `points`: point or area → specialist."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    duties: tuple[Duty, ...] = Field(min_length=1)
    default: Specialist
    points: dict[str, Specialist] = {}

    @model_validator(mode="after")
    def _duties_differ(self) -> Specialists:
        codes = [each.code for each in self.duties]
        if doubled := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"duties: named twice: {', '.join(doubled)}; give each a code of its own")
        return self

    def of(self, point: str) -> Specialist:
        """The specialist of a point: its own, else its area's, else the default."""
        return self.points.get(point) or self.points.get(point.split(".")[0]) or self.default


def load_specialists(extra_folder: Path | None = None) -> list[Specialists]:
    """Every version, oldest first: those shipped, and those of `extra_folder`."""
    return [dated.read(path, Specialists, SpecialistError) for path in dated.paths(FOLDER, extra_folder)]


def specialists_on(day: dt.date, versions: Sequence[Specialists]) -> Specialists:
    """The version in force on that day."""
    return dated.in_force(day, versions, "specialists of key points", SpecialistError)
