"""Explicit grades as dated data: what customers say, and how much it weighs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.errors import BadConfigurationError
from mend.foundation import rules as dated

FOLDER: Final = Path(__file__).parent / "rules"
Grade = Annotated[int, Field(ge=1, le=4)]


class GradeError(BadConfigurationError, ValueError):
    """A file of explicit grades that cannot be used; the message names the file, the field and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rating(_Strict):
    """Ratings of a scale, from the lowest to the highest, and the grade that they give."""

    scale: int = Field(ge=2, le=100)
    lowest: int = Field(ge=0, alias="from")
    highest: int = Field(ge=0, alias="to")
    grade: Grade

    @model_validator(mode="after")
    def _in_order(self) -> Rating:
        if not self.lowest <= self.highest <= self.scale:
            raise ValueError(f"from {self.lowest} to {self.highest} are no ratings of a scale to {self.scale}")
        return self


class Grades(_Strict):
    """One version of the grades."""

    valid_from: dt.date
    source: str
    grumble: Grade
    complaint: Grade
    ratings: tuple[Rating, ...]
    indicators: Mapping[str, Grade]
    other_explicit: Grade
    confirming_scale: int = Field(ge=2, le=100)
    confirming_from: int = Field(ge=0)
    lapses_after_closes: int = Field(ge=1, le=12)


def grades_on(day: dt.date, extra_folder: Path | None = None) -> Grades:
    """The grades in force on a day, of those shipped and those of `extra_folder`.

    Raises:
        GradeError: naming file and field, when a file is broken or none is in force yet.
    """
    return dated.in_force(day, _versions(extra_folder), "explicit grades", GradeError)


def _versions(extra_folder: Path | None) -> Sequence[Grades]:
    return [dated.read(path, Grades, GradeError) for path in dated.paths(FOLDER, extra_folder)]
