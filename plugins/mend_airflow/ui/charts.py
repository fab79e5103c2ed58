"""Charts as plain SVG shapes: the geometry is worked out here, `templates/charts.html` draws it, with the table below.

Each chart comes in two widths, since one that is scaled to a phone has marks that nobody can read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTHS: Final = {"wide": 720, "narrow": 300}
HEIGHT: Final = 220
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 28
Values = Sequence[float | None]


@dataclass(frozen=True)
class Mark:
    """A word at a place: a mark of an axis."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Bar:
    """A bar or a part of one; `title` says its value."""

    x: float
    y: float
    width: float
    height: float
    place: int
    title: str


@dataclass(frozen=True)
class Line:
    """A line's pieces (where nothing is known it is broken) and its points."""

    place: int
    pieces: list[str]
    dots: list[Mark]


@dataclass(frozen=True)
class Chart:
    """One drawing of one width."""

    kind: str
    width: int
    height: int
    right: float
    base: float
    labels: list[Mark]
    ticks: list[Mark]
    bars: list[Bar]
    lines: list[Line]


def draw_lines(labels: Sequence[str], series: Sequence[tuple[str, Values]]) -> list[Chart]:
    """A line for each series over the labels, in both widths."""
    return [_lines(kind, width, labels, series) for kind, width in WIDTHS.items()]


def draw_bars(labels: Sequence[str], series: Sequence[tuple[str, Values]]) -> list[Chart]:
    """A bar for each label, its parts upon one another, in both widths."""
    return [_bars(kind, width, labels, series) for kind, width in WIDTHS.items()]


def steps(highest: float, most: int = 4) -> list[float]:
    """Round numbers from zero to the highest value.

    >>> steps(87), steps(0), steps(3)
    ([0.0, 50.0, 100.0], [0.0, 1.0], [0.0, 1.0, 2.0, 3.0])
    """
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / most
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    step = float(max(step, 1) if highest >= 1 else step)
    return [index * step for index in range(math.ceil(highest / step - 1e-9) + 1)]


def _scale(values: Sequence[float]) -> tuple[list[Mark], float]:
    found = steps(max(values, default=0.0))
    span = HEIGHT - TOP - BOTTOM
    return [Mark(LEFT - 6, TOP + span * (1 - each / found[-1]), f"{each:,.6g}") for each in found], found[-1]


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _labels(labels: Sequence[str], width: int, centres: Sequence[float]) -> list[Mark]:
    """As many labels as have room, the last always among them."""
    room = max(1, (width - LEFT - RIGHT) // 64)
    every = max(1, math.ceil(len(labels) / room))
    return [
        Mark(x, HEIGHT - 8, words)
        for place, (words, x) in enumerate(zip(labels, centres, strict=True))
        if (len(labels) - 1 - place) % every == 0
    ]


def _centres(count: int, width: int) -> tuple[list[float], float]:
    slot = (width - LEFT - RIGHT) / max(count, 1)
    return [LEFT + slot * (place + 0.5) for place in range(count)], slot


def _lines(kind: str, width: int, labels: Sequence[str], series: Sequence[tuple[str, Values]]) -> Chart:
    ticks, top = _scale([each for _, values in series for each in values if each is not None])
    centres, _ = _centres(len(labels), width)
    lines = [
        _line(place, [(x, value) for x, value in zip(centres, values, strict=True)], top)
        for place, (_, values) in enumerate(series)
    ]
    return Chart(kind, width, HEIGHT, width - RIGHT, HEIGHT - BOTTOM, _labels(labels, width, centres), ticks, [], lines)


def _line(place: int, points: Sequence[tuple[float, float | None]], top: float) -> Line:
    pieces: list[list[str]] = [[]]
    dots: list[Mark] = []
    for x, value in points:
        if value is None:
            pieces.append([])
            continue
        y = _y(value, top)
        pieces[-1].append(f"{x:.1f},{y:.1f}")
        dots.append(Mark(x, y, f"{value:,.6g}"))
    return Line(place, [" ".join(piece) for piece in pieces if len(piece) > 1], dots)


def _bars(kind: str, width: int, labels: Sequence[str], series: Sequence[tuple[str, Values]]) -> Chart:
    sums = [sum(value or 0 for value in column) for column in zip(*(values for _, values in series), strict=True)]
    ticks, top = _scale(sums)
    centres, slot = _centres(len(labels), width)
    thick = min(slot * 0.7, 48)
    bars: list[Bar] = []
    for place, x in enumerate(centres):
        below = 0.0
        for which, (name, values) in enumerate(series):
            value = values[place] or 0
            y = _y(below + value, top)
            bars.append(Bar(x - thick / 2, y, thick, _y(below, top) - y, which, f"{name} {value:,.6g}"))
            below += value
    return Chart(kind, width, HEIGHT, width - RIGHT, HEIGHT - BOTTOM, _labels(labels, width, centres), ticks, bars, [])
