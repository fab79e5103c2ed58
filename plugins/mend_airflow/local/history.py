"""The demo's months before the last two, by the command line while Airflow starts: nights, closes, and a campaign that
is approved and published, to which the simulated customers react. Each part is done once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from mend.foundation.home import Home
from mend.foundation.periods import Period
from mend_airflow.local.screen import Screen
from mend_airflow.local.world import DemoWorld, run_all

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
    months = early(world)
    if not months:
        return
    path = home.root / "demo_history.json"
    done: list[str] = json.loads(path.read_text("utf-8")) if path.exists() else []
    left = {name: command for name, command in _commands(months, str(home.root)).items() if name not in done}
    if not left:
        return
    screen.step(f"{months[0].month} to {months[-1].month}, by the command line; then a campaign to which they react")

    def keep(place: int) -> None:
        done.append(list(left)[place])
        path.write_text(json.dumps(done), "utf-8")

    run_all(list(left.values()), environment, screen, keep)


def campaign_month(world: DemoWorld) -> str | None:
    """The damage month whose campaign has run its month when the demo ends; None for a demo of two months or less."""
    months = early(world)
    return months[-1].month if months else None


def _commands(months: Sequence[Period], home: str) -> dict[str, list[str]]:
    """What is done once, by name and in order: each month's nights and close; the campaign for the last of them, made,
    approved and published; its customers react."""
    found: dict[str, list[str]] = {}
    for each in months:
        days = ["--from", str(each.first), "--to", str(each.last)]
        found[f"nights {each.month}"] = ["run", "--source", "simulator", *days]
        found[f"close {each.month}"] = ["month", each.month]
    month = months[-1].month
    list_id = f"{month}-v1"
    approve = ["campaign-decide", list_id, "--approve", "--as", "admin", "--bias-reason", WHY]
    return found | {
        f"list {month}": ["campaign", "--month", month],
        f"shown {month}": ["campaign-summary", list_id],
        f"decided {month}": approve,
        f"published {month}": ["campaign-publish", list_id, "--as", "admin"],
        f"reacted {month}": ["simulate", "--react-to", home],
    }
