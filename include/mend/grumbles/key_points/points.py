"""The key grumble points of a month, with how they moved, and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.key_points.rules import Specialist, Specialists, load_specialists, specialists_on
from mend.grumbles.warning.rules import load_rules, rules_on

ROOM: Final = "grumbles/key_points"
NAMES: Final = ("cluster", "point", "rank", "coefficient", "low", "high", "previous_rank", "previous_coefficient")


@dataclass(frozen=True)
class KeyPoint:
    """A key point of a cluster: its influence (log odds) with its interval, its rank, and last month's."""

    cluster: str
    point: str
    rank: int | None
    coefficient: float
    low: float | None
    high: float | None
    previous_rank: int | None
    previous_coefficient: float | None
    specialist: Specialist


def specialists_of(home: Home, month: str) -> Specialists:
    """Those in force at the month's end."""
    return specialists_on(days_of(month)[-1], load_specialists(home.root / "rules" / "key_points"))


def key_points(home: Home, bench: Workbench, month: str) -> list[KeyPoint]:
    """The key points of a month (YYYY-MM) for complaints of any kind, in the window that the warnings use, by cluster
    and rank."""
    specialists = specialists_of(home, month)
    window = rules_on(days_of(month)[-1], load_rules(home.root / "rules" / "warning")).parts.association.window_days
    with open_step(bench, "key points") as step:
        step.view("mart_association", "association", where=equal("month", month))
        rows = step.rows(read_model(ROOM, "key_point"), {"month": month, "window_days": window})
    return [KeyPoint(**dict(zip(NAMES, row, strict=True)), specialist=specialists.of(row[1])) for row in rows]
