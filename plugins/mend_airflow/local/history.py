"""The demo's months before the last two, by the command line while Airflow starts: nights, closes, and a campaign that
is approved and published, to which the simulated customers react. Each part is done once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from mend.foundation.home import Home
from mend.foundation.periods import Period
from mend_airflow.local.screen import Screen
from mend_airflow.local.world import DemoWorld, mend

THROUGH_AIRFLOW: Final = 2  # months whose nights and close are seen in Airflow
WHY: Final = "a trial: the simulated groups need not be alike"


def early(world: DemoWorld) -> list[Period]:
    """The months that the command line runs.

    >>> [month.month for month in early(DemoWorld(months=4))]
    ['2026-01', '2026-02']
    """
    return world.calendar[:-THROUGH_AIRFLOW]


def live(home: Home, world: DemoWorld, environment: Mapping[str, str], screen: Screen) -> None:
    """Everything before Airflow's months."""
    done = _Done(home.root / "demo_history.json")

    def say(*arguments: str) -> None:
        mend(list(arguments), environment, screen)

    for month in early(world):
        screen.step(f"{month.month}, by the command line")
        run = partial(say, "run", "--source", "simulator", "--from", str(month.first), "--to", str(month.last))
        done.once(f"nights {month.month}", run)
        done.once(f"close {month.month}", partial(say, "month", month.month))
    if early(world):
        _campaign(early(world)[-1].month, done, screen, say, str(home.root))


def campaign_month(world: DemoWorld) -> str | None:
    """The damage month whose campaign has run its month when the demo ends; None for a demo of two months or less."""
    months = early(world)
    return months[-1].month if months else None


def _campaign(month: str, done: _Done, screen: Screen, say: Callable[..., None], home: str) -> None:
    list_id = f"{month}-v1"
    screen.step(f"the campaign for {month}: made, approved, published; its customers react")
    done.once(f"list {month}", lambda: say("campaign", "--month", month))
    done.once(f"shown {month}", lambda: say("campaign-summary", list_id))
    decide = ("campaign-decide", list_id, "--approve", "--as", "admin", "--bias-reason", WHY)
    done.once(f"decided {month}", lambda: say(*decide))
    done.once(f"published {month}", lambda: say("campaign-publish", list_id, "--as", "admin"))
    done.once(f"reacted {month}", lambda: say("simulate", "--react-to", home))


class _Done:
    """What was done, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: list[str] = json.loads(path.read_text("utf-8")) if path.exists() else []

    def once(self, name: str, does: Callable[[], None]) -> None:
        """Do it, unless it is done."""
        if name in self._names:
            return
        does()
        self._names.append(name)
        self._path.write_text(json.dumps(self._names), "utf-8")
