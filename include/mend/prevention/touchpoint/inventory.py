"""The inventory of touchpoints: what there is, whose it is, how it is measured, and what raters say of it.

A dated file; a home's own are in <home>/touchpoints/, and one of the same day takes the shipped one's place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from mend.foundation import rules
from mend.foundation.conditions import Condition, ConditionError
from mend.foundation.schema import CODES
from mend.prevention.touchpoint.columns import check_mean, parse_measure
from mend.prevention.touchpoint.content import FileText, MeasureText, TouchpointText
from mend.prevention.touchpoint.errors import InventoryError

SHIPPED: Final = Path(__file__).parent / "rules"
ASPECTS: Final = ("impact", "importance", "operating", "experience")
MEASURED: Final = ("operating", "experience")
Kind = Literal["owner", "panel"]


@dataclass(frozen=True)
class Measure:
    """One formula: the share of rows that succeeded, or the mean of a number; 1 at the worst, 10 at the best.

    Args:
        succeeded: a condition, or the name of the column whose mean counts.
        least_count: fewer rows are too little data; None: as the settings say.
    """

    aspect_code: str
    record: str
    where: Condition
    succeeded: Condition | str
    worst: float
    best: float
    least_count: int | None = None


@dataclass(frozen=True)
class Rated:
    """What one rater said of one aspect."""

    rater_id: str
    kind_code: Kind
    rated_on: dt.date
    aspect_code: str
    value: int


@dataclass(frozen=True)
class Touchpoint:
    """A touchpoint: its place in the journey, its owner, its measures and its ratings."""

    code: str
    name_en: str
    name_zh: str
    stage_code: str
    purpose_en: str
    purpose_zh: str
    role_en: str
    role_zh: str
    owner_id: str
    department_code: str
    measures: tuple[Measure, ...]
    ratings: tuple[Rated, ...]


@dataclass(frozen=True)
class Settings:
    """Limits: a score below `low_below` is low, a measured one where all scores of the month say so with
    `joint_confidence`; an action is due `due_days` after the month's end."""

    low_below: float = 6.0
    confidence: float = 0.95
    joint_confidence: float = 0.95
    due_days: int = 30
    least_count: int = 50


@dataclass(frozen=True)
class Inventory:
    """All touchpoints, in force from a day on.

    Args:
        owners: code of each owner, with the words in English and Chinese.
        content: what the file says, for whoever writes the next one.
    """

    valid_from: dt.date
    source: str
    settings: Settings
    owners: Mapping[str, tuple[str, str]]
    touchpoints: tuple[Touchpoint, ...]
    digest: str
    content: FileText


@dataclass(frozen=True)
class Averaged:
    """The raters' mean and what it hides. Everybody counts once: owners score together, a panel of customers too.

    Args:
        mean: None when nobody rated.
        spread: standard deviation; None of fewer than two.
    """

    mean: float | None
    spread: float | None
    rater_count: int
    panel_count: int
    owner_mean: float | None
    panel_mean: float | None


def load_inventories(folder: Path) -> list[Inventory]:
    """The shipped inventory and those of the folder, oldest first.

    Raises:
        InventoryError: a file is broken; the message names file, touchpoint and what to write.
    """
    return [read_inventory(path) for path in rules.paths(SHIPPED, folder)]


def read_inventory(path: Path) -> Inventory:
    """One file."""
    return parse_inventory(str(path), rules.read_text(path, InventoryError))


def parse_inventory(name: str, text: str) -> Inventory:
    """The text of the file of that name."""
    content = rules.parse(name, text, FileText, InventoryError)
    return inventory_of(name, content)


def inventory_of(name: str, content: FileText) -> Inventory:
    """The inventory that a checked content is.

    Raises:
        InventoryError: a code is unknown, or a measure asks for what is not there.
    """
    plain = content.model_dump_json()
    return Inventory(
        content.valid_from,
        content.source,
        Settings(**content.settings.model_dump()),
        {code: (each.en, each.zh) for code, each in content.owners.items()},
        tuple(_touchpoint(name, code, each, content) for code, each in content.touchpoints.items()),
        hashlib.sha256(plain.encode()).hexdigest(),
        content,
    )


def inventory_on(day: dt.date, inventories: Sequence[Inventory]) -> Inventory:
    """The inventory in force on a day."""
    return rules.in_force(day, inventories, "touchpoints", InventoryError)


def average_ratings(touchpoint: Touchpoint, aspect: str, on: dt.date) -> Averaged:
    """The ratings of an aspect up to a day; of each rater the latest counts."""
    latest: dict[tuple[str, str], Rated] = {}
    for each in sorted(touchpoint.ratings, key=lambda rated: rated.rated_on):
        if each.aspect_code == aspect and each.rated_on <= on:
            latest[each.kind_code, each.rater_id] = each
    found = list(latest.values())
    return Averaged(
        _mean(found),
        statistics.stdev(each.value for each in found) if len(found) > 1 else None,
        len(found),
        sum(each.kind_code == "panel" for each in found),
        _mean([each for each in found if each.kind_code == "owner"]),
        _mean([each for each in found if each.kind_code == "panel"]),
    )


def _mean(ratings: Sequence[Rated]) -> float | None:
    return statistics.fmean(each.value for each in ratings) if ratings else None


def _touchpoint(file: str, code: str, words: TouchpointText, content: FileText) -> Touchpoint:
    place = f"{file}: {code}"
    if words.owner_id not in content.owners:
        raise InventoryError(f"{place}: owner_id: {words.owner_id} is not among owners: {', '.join(content.owners)}")
    if words.department_code not in CODES["department"]:
        raise InventoryError(
            f"{place}: department_code: no department {words.department_code}; write one of "
            f"{', '.join(CODES['department'])}"
        )
    _refuse_twice(place, words)
    names = ("name_en", "name_zh", "stage_code", "purpose_en", "purpose_zh", "role_en", "role_zh")
    return Touchpoint(
        code=code,
        **{name: getattr(words, name) for name in (*names, "owner_id", "department_code")},
        measures=tuple(
            _measure(f"{place}: {aspect}: {number}", aspect, each)
            for aspect in MEASURED
            for number, each in enumerate(getattr(words, aspect), 1)
        ),
        ratings=tuple(
            Rated(each.rater_id, each.kind_code, each.rated_on, aspect, value)
            for each in words.ratings
            for aspect in ASPECTS
            if (value := getattr(each, aspect)) is not None
        ),
    )


def _refuse_twice(place: str, words: TouchpointText) -> None:
    keys = [(each.rater_id, each.kind_code, each.rated_on) for each in words.ratings]
    for key in keys:
        if keys.count(key) > 1:
            raise InventoryError(f"{place}: ratings: {key[0]} rates twice on {key[2]}; keep one")


def _measure(place: str, aspect: str, words: MeasureText) -> Measure:
    if (words.succeeded is None) == (words.mean is None):
        raise InventoryError(f"{place}: write either succeeded (a condition) or mean (a number's name)")
    if words.worst == words.best:
        raise InventoryError(f"{place}: worst and best are both {words.worst:g}; a score needs room between them")
    if words.succeeded is not None and not 0 <= min(words.worst, words.best) <= max(words.worst, words.best) <= 1:
        raise InventoryError(f"{place}: worst and best are shares here: write numbers from 0 to 1")
    try:
        succeeded: Condition | str
        if words.succeeded is not None:
            succeeded = parse_measure(words.succeeded, words.record)
        else:
            succeeded = check_mean(str(words.mean), words.record)
        where = parse_measure(words.where, words.record)
    except ConditionError as error:
        raise InventoryError(f"{place}: {error}") from None
    return Measure(aspect, words.record, where, succeeded, words.worst, words.best, words.least_count)
