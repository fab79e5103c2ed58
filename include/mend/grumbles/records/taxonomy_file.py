"""The form of a taxonomy file, and what must hold between its parts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from mend.foundation.schema import CODES

WEIGHTS_MAY_DIFFER: Final = 1e-6
CODE: Final = re.compile(r"[^\s.,:][^.,:]*")  # a point's code is area.point, and lists of codes are joined by commas
Share = Annotated[float, Field(ge=0, le=1)]
Words = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(Strict):
    """Windows, limits and thresholds of recording and classifying. Names carry their unit."""

    moods: tuple[Literal["calm", "annoyed", "angry"], ...]
    ticket_reach_days: int = Field(ge=0, le=31)
    solution_reach_days: int = Field(gt=0, le=366)
    solving_actions: tuple[str, ...]
    least_confidence: Share
    least_confidence_unasked: Share
    keyword_confidence: Share
    training_days: int = Field(gt=0, le=1100)
    training_limit: int = Field(gt=0)
    held_out_share: float = Field(gt=0, lt=0.5)
    calibration_share: float = Field(gt=0, lt=0.5)
    least_training_rows: int = Field(gt=0)
    least_rows_of_type: int = Field(gt=0)
    worse_by: Share


class SurveyItem(Strict):
    """One item of the satisfaction survey."""

    en: Words
    zh: Words
    question_en: Words
    question_zh: Words


class Department(Strict):
    """A department of the user's own, where these are not those that Mend ships."""

    en: Words
    zh: Words


class Point(Strict):
    """A level-2 point. No departments: those of its area. No item: the survey does not ask about it.

    A keyword names the trouble by itself; a hint is a common word, which needs another hint, keyword or word of the
    area.
    """

    en: Words
    zh: Words
    departments: tuple[str, ...] = ()
    item: str | None = None
    weight: Share = 0.0
    keywords: tuple[Words, ...] = ()
    hints: tuple[Words, ...] = ()
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Area(Strict):
    """A level-1 area and its points."""

    en: Words
    zh: Words
    departments: tuple[str, ...] = Field(min_length=1)
    keywords: tuple[Words, ...] = ()
    hints: tuple[Words, ...] = ()
    topics: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    points: dict[str, Point] = Field(min_length=1)


class TaxonomyFile(Strict):
    """A whole file."""

    valid_from: dt.date
    source: Words
    settings: Settings
    departments: dict[str, Department] = {}
    survey_items: dict[str, SurveyItem]
    areas: dict[str, Area] = Field(min_length=1)

    def problems(self) -> Iterator[str]:
        """What does not fit together, each naming its place."""
        yield from self._codes()
        yield from self._unknown_departments()
        yield from self._items()
        yield from self._twice("topics")
        yield from self._twice("aliases")
        if unknown := sorted(set(self.settings.solving_actions) - set(CODES["repair_action"])):
            yield f"settings: solving_actions: unknown repair actions {', '.join(unknown)}"

    def _codes(self) -> Iterator[str]:
        named: list[tuple[str, Collection[str]]] = [
            ("areas", self.areas),
            ("departments", self.departments),
            ("survey_items", self.survey_items),
        ]
        named += [(f"areas: {name}: points", area.points) for name, area in self.areas.items()]
        for place, codes in named:
            for code in codes:
                if not CODE.fullmatch(code) or code != code.strip():
                    yield f"{place}: {code!r} is no code: write it without . , : and without spaces around it"

    def _unknown_departments(self) -> Iterator[str]:
        known = set(self.departments) or set(CODES["department"])
        for code, entry in self.entries():
            if unknown := sorted(set(entry.departments) - known):
                yield f"{code}: unknown departments {', '.join(unknown)}; those known are {', '.join(sorted(known))}"

    def _items(self) -> Iterator[str]:
        sums: Counter[str] = Counter()
        for code, point in self.points():
            if point.item is None:
                if point.weight:
                    yield f"{code}: a weight of {point.weight} without a survey item"
            elif point.item not in self.survey_items:
                yield f"{code}: unknown survey item {point.item}"
            else:
                sums[point.item] += point.weight  # type: ignore[assignment] # a counter of shares
        for item, total in sums.items():
            if abs(total - 1) > WEIGHTS_MAY_DIFFER:
                yield f"survey item {item}: the weights of its points add up to {total:.4g}, not 1"

    def _twice(self, field: Literal["topics", "aliases"]) -> Iterator[str]:
        counted = Counter(name for _, entry in self.entries() for name in getattr(entry, field))
        if doubled := sorted(name for name, count in counted.items() if count > 1):
            yield f"{field}: named by more than one entry: {', '.join(doubled)}"

    def entries(self) -> Iterator[tuple[str, Area | Point]]:
        """Areas and points with their codes, in the order of the file."""
        for name, area in self.areas.items():
            yield name, area
            for point, words in area.points.items():
                yield f"{name}.{point}", words

    def points(self) -> Iterator[tuple[str, Point]]:
        """Points with their codes."""
        for code, entry in self.entries():
            if isinstance(entry, Point):
                yield code, entry
