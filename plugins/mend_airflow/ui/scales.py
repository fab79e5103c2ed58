"""Drawings beside those of `charts.py`: the quadrant, the journey, intervals and shares in a table's cell. Geometry
alone; `templates/scales.html` draws it in both widths, in the page's own colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from mend_airflow.ui.charts import Line, Mark

SIDES: Final = {"wide": 520, "narrow": 300}
JOURNEY: Final = {"wide": 760, "narrow": 300}
HEIGHT: Final = 240
EDGE, BASE, TOP, ROOM = 34, 34, 20, 26
LOWEST, HIGHEST = 1.0, 10.0
TICKS: Final = (1, 4, 7, 10)
NEAR: Final = 15  # pixels: numbers closer than this share a mark
CELL: Final = 160  # width of a drawing in a cell
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """One mark of the quadrant: the numbers at it, where they are written, and whether an action is due at one."""

    x: float
    y: float
    words_y: float
    numbers: str
    is_due: bool
    title: str


@dataclass(frozen=True)
class Quadrant:
    """The quadrant in one width; `limit_x` and `limit_y` part low from high."""

    kind: str
    side: int
    left: float
    base: float
    limit_x: float
    limit_y: float
    ticks_x: list[Mark]
    ticks_y: list[Mark]
    places: list[Place]


@dataclass(frozen=True)
class Band:
    """A stage of the journey."""

    x: float
    width: float
    is_shaded: bool
    words: str


@dataclass(frozen=True)
class Bar:
    """An interval that stands upright."""

    x: float
    low: float
    high: float
    place: int


@dataclass(frozen=True)
class Journey:
    """Both scores along the touchpoints in one width."""

    kind: str
    width: int
    right: float
    base: float
    limit: float
    bands: list[Band]
    ticks: list[Mark]
    labels: list[Mark]
    bars: list[Bar]
    lines: list[Line]


@dataclass(frozen=True)
class Interval:
    """An interval in a cell: without ends a dot, without value nothing."""

    width: int
    low: float | None
    high: float | None
    value: float | None
    zero: float | None


def draw_quadrant(rows: Sequence[Row], limit: float) -> list[Quadrant]:
    """Operating effectiveness across, experience effectiveness up; touchpoints of which both are known."""
    return [_quadrant(kind, side, rows, limit) for kind, side in SIDES.items()]


def _quadrant(kind: str, side: int, rows: Sequence[Row], limit: float) -> Quadrant:
    base = side - BASE

    def x(score: float) -> float:
        return EDGE + (side - EDGE - ROOM) * (score - LOWEST) / (HIGHEST - LOWEST)

    def y(score: float) -> float:
        return base - (base - ROOM) * (score - LOWEST) / (HIGHEST - LOWEST)

    places: list[Place] = []
    for row in rows:
        if row["operating_score"] is None or row["experience_score"] is None:
            continue
        at = x(row["operating_score"]), y(row["experience_score"])
        own = Place(*at, 0.0, str(row["touchpoint_number"]), bool(row["is_action_due"]), str(row["name"]))
        near = next((place for place, each in enumerate(places) if _are_near(each, own)), None)
        if near is None:
            places.append(own)
        else:
            places[near] = _joined(places[near], own)
    written: list[Place] = []
    for each in places:
        written.append(_written(each, written, places))
    ticks_x = [Mark(x(each), base + 16, str(each)) for each in TICKS]
    ticks_y = [Mark(EDGE - 6, y(each) + 4, str(each)) for each in TICKS]
    return Quadrant(kind, side, EDGE, base, x(limit), y(limit), ticks_x, ticks_y, written)


def _are_near(one: Place, other: Place) -> bool:
    return abs(one.x - other.x) < NEAR and abs(one.y - other.y) < NEAR


def _joined(one: Place, other: Place) -> Place:
    """Both at the place of the first."""
    numbers, title = f"{one.numbers}·{other.numbers}", f"{one.title} · {other.title}"
    return Place(one.x, one.y, 0.0, numbers, one.is_due or other.is_due, title)


def _written(place: Place, before: Sequence[Place], marks: Sequence[Place]) -> Place:
    """Its numbers above the mark, or below it where others, or another mark, are above already."""

    def is_free(y: float) -> bool:
        is_off_words = all(
            abs(each.x - place.x) > 4 * (len(each.numbers) + len(place.numbers)) + 4 or abs(each.words_y - y) > 12
            for each in before
        )
        reach = 4 * len(place.numbers) + 6
        return is_off_words and not any(
            abs(each.x - place.x) < reach and y - 15 < each.y < y + 5 for each in marks if each is not place
        )

    above, below = place.y - 8, place.y + 17
    return replace(place, words_y=below if not is_free(above) and is_free(below) else above)


def draw_journey(rows: Sequence[Row], limit: float) -> list[Journey]:
    """Operating (line 0) and experience effectiveness (line 1) from the first touchpoint to the last."""
    return [_journey(kind, width, rows, limit) for kind, width in JOURNEY.items()]


def _journey(kind: str, width: int, rows: Sequence[Row], limit: float) -> Journey:
    base, slot = HEIGHT - BASE, (width - EDGE - 8) / max(len(rows), 1)
    centres = [EDGE + slot * (place + 0.5) for place in range(len(rows))]

    def y(score: float) -> float:
        return base - (base - TOP) * (score - LOWEST) / (HIGHEST - LOWEST)

    bands: list[Band] = []
    done = 0
    for stage, group in groupby(rows, key=lambda row: str(row["stage"])):
        count = len(list(group))
        words = stage if slot * count > 9 * len(stage) else ""
        bands.append(Band(EDGE + slot * done, slot * count, len(bands) % 2 == 1, words))
        done += count
    bars, lines = [], []
    for place, (name, shift) in enumerate((("operating", -1.5), ("experience", 1.5))):
        points = [(x + shift, row) for x, row in zip(centres, rows, strict=True)]
        bars += [
            Bar(x, y(row[f"{name}_low"]), y(row[f"{name}_high"]), place)
            for x, row in points
            if row[f"{name}_low"] is not None and row[f"{name}_high"] is not None
        ]
        lines.append(_line(place, [(x, row[f"{name}_score"]) for x, row in points], y))
    every = max(1, round(20 / slot))
    labels = [
        Mark(x, base + 16, str(row["touchpoint_number"]))
        for place, (x, row) in enumerate(zip(centres, rows, strict=True))
        if place % every == 0
    ]
    ticks = [Mark(EDGE - 6, y(each), str(each)) for each in TICKS]
    return Journey(kind, width, width - 8, base, y(limit), bands, ticks, labels, bars, lines)


def _line(place: int, points: Sequence[tuple[float, float | None]], y: Any) -> Line:
    """It breaks where nobody knows."""
    pieces: list[list[str]] = [[]]
    dots: list[Mark] = []
    for x, value in points:
        if value is None:
            pieces.append([])
            continue
        pieces[-1].append(f"{x:.1f},{y(value):.1f}")
        dots.append(Mark(x, y(value), f"{value:.1f}"))
    return Line(place, [" ".join(each) for each in pieces if len(each) > 1], dots)


def scale_of(values: Sequence[float | None]) -> tuple[float, float]:
    """From the lowest to the highest, zero among them.

    >>> scale_of([0.5, None, 2.0]), scale_of([]), scale_of([-1.0])
    ((0.0, 2.0), (0.0, 1.0), (-1.0, 0.0))
    """
    known = [0.0, *(each for each in values if each is not None)]
    return (min(known), max(known)) if min(known) < max(known) else (0.0, 1.0)


def draw_interval(
    low: float | None, value: float | None, high: float | None, scale: tuple[float, float], width: int = CELL
) -> Interval:
    """An interval on a scale, with a mark at zero where zero is within.

    >>> draw_interval(0.0, 0.5, 1.0, (0.0, 1.0), 108)
    Interval(width=108, low=4.0, high=104.0, value=54.0, zero=4.0)
    >>> draw_interval(None, None, None, (0.0, 1.0)).value is None
    True
    """
    first, last = scale

    def x(of: float | None) -> float | None:
        if of is None:
            return None
        within = min(max(of, first), last)
        return round(4 + (width - 8) * (within - first) / (last - first), 1)

    return Interval(width, x(low), x(high), x(value), x(0.0) if first <= 0 <= last else None)
