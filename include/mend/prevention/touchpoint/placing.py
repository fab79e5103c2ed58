"""Numbers of a picture set apart: each as near to its point as it can be without covering another. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

Place = tuple[float, float]
TURNS: Final = 16  # directions that are tried at each distance
GAP: Final = 1.5  # pixels between two discs


def placed(points: Sequence[Place], radius: float, side: float) -> list[Place]:
    """Where the discs' centres are, in the order of the points, within a square of that side. The first is at its
    point.

    >>> placed([(50, 50), (50, 50)], 10, 100)[1] != (50, 50)
    True
    """
    found: list[Place] = []
    for point in points:
        found.append(next(each for each in _around(point, radius, side) if _is_free(each, found, radius)))
    return found


def _is_free(place: Place, taken: Sequence[Place], radius: float) -> bool:
    return all(math.dist(place, other) >= 2 * radius + GAP for other in taken)


def _around(point: Place, radius: float, side: float) -> Iterator[Place]:
    """Places further and further away, kept within the square: it never ends."""
    yield _within(point, radius, side)
    distance = radius
    while True:
        distance += radius / 2
        for turn in range(TURNS):
            angle = 2 * math.pi * turn / TURNS
            place = point[0] + distance * math.cos(angle), point[1] - distance * math.sin(angle)
            if place == _within(place, radius, side) or distance > side:
                yield place


def _within(place: Place, radius: float, side: float) -> Place:
    x, y = (min(side - radius, max(radius, value)) for value in place)
    return x, y
