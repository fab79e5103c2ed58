"""From expectation to strategy: what a cluster's customers expect at a grumble point and what is done, as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mend.foundation import rules as dated
from mend.foundation.schema import CODES
from mend.grumbles.warning.rules import RuleError, Words

FOLDER: Final = Path(__file__).parent / "expectations"


class Expectation(BaseModel):
    """What customers of these clusters (none: of every one) expect at these points or areas, and what is done."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clusters: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    expects: Words
    does: Words

    @model_validator(mode="after")
    def _says_of_whom(self) -> Expectation:
        if not self.clusters and not self.points:
            raise ValueError("name clusters, points, or both")
        if unknown := sorted(set(self.clusters) - set(CODES["behaviour_cluster"])):
            known = ", ".join(CODES["behaviour_cluster"])
            raise ValueError(f"no behaviour clusters: {', '.join(unknown)}; those known are {known}")
        return self

    def fits(self, cluster: str | None, point: str | None, area: str | None) -> bool:
        """Whether it speaks of this cluster and this point."""
        return (not self.clusters or cluster in self.clusters) and (
            not self.points or point in self.points or area in self.points
        )


class Expectations(BaseModel):
    """One version."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: dt.date
    source: str = Field(min_length=1)
    expectations: tuple[Expectation, ...]

    def of(self, cluster: str | None, point: str | None, area: str | None) -> Expectation | None:
        """The first that fits; None where nothing is on record."""
        return next((each for each in self.expectations if each.fits(cluster, point, area)), None)

    def unknown_points(self, known: Collection[str]) -> list[str]:
        """Points and areas that a taxonomy does not have."""
        return sorted({point for each in self.expectations for point in each.points} - set(known))

    def rows(self) -> list[tuple[Any, ...]]:
        """place, cluster (null: every one), point (null: every one), and the words."""
        return [
            (place, cluster, point, each.expects.en, each.expects.zh, each.does.en, each.does.zh)
            for place, each in enumerate(self.expectations)
            for cluster in each.clusters or (None,)
            for point in each.points or (None,)
        ]


def load_expectations(extra_folder: Path | None = None) -> list[Expectations]:
    """Every version, oldest first: those shipped, and those of `extra_folder`. RuleError names file, place and
    reason."""
    return [dated.read(path, Expectations, RuleError) for path in dated.paths(FOLDER, extra_folder)]


def expectations_on(day: dt.date, versions: Sequence[Expectations]) -> Expectations:
    """The version in force on that day. RuleError when it is before the first."""
    return dated.in_force(day, versions, "expectations", RuleError)
