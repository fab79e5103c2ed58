"""On a simulated centre: nothing is low where nothing is wrong; a menu node and a queue that fail are found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.end_to_end.chain import night

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.actions import ASPECTS
from mend.prevention.touchpoint.month import TouchpointReport, assess
from mend.simulate import simulate
from mend.simulate.faults import Fault

pytestmark = pytest.mark.slow  # begins first

MONTH = "2026-03"
FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
Homes = Callable[[], AbstractContextManager[Home]]


def simulated(
    home: Home, folder: Path, seed: int, customers: int, faults: Sequence[Fault] = ()
) -> tuple[TouchpointReport, dict[str, str]]:
    """The month's report, and of each touchpoint its quadrant."""
    simulate(folder, customers=customers, months=1, first_month=MONTH, seed=seed, dirty=False, faults=faults)
    night(home, folder, days_of(MONTH))
    with Workbench.open(home) as bench:
        report = assess(home, bench, MONTH)
        bench.view("mart_touchpoint_month", where=every_row(), as_name="_read")
        return report, dict(bench.sql("select touchpoint_code, quadrant_code from _read"))


@pytest.mark.parametrize(
    "seeds", [range(3), pytest.param(range(3, 10), marks=pytest.mark.long)], ids=["0 to 2", "3 to 9"]
)
def test_clean_seeds_give_no_action(new_home: Homes, tmp_path: Path, seeds: range) -> None:
    for seed in seeds:
        with new_home() as home:
            report, _ = simulated(home, tmp_path / f"seed{seed}", seed, 800)
            assert (report.low, report.opened, report.measured >= 8) == (0, 0, True)


def test_a_node_that_fails_and_a_queue_without_seats_go_to_their_owners(home: Home, tmp_path: Path) -> None:
    faults = [Fault("ivr_node", "balance_menu", FIRST, LAST, 5.0), Fault("queue", "north", FIRST, LAST, 0.0)]
    _, quadrants = simulated(home, tmp_path / "ill", 4, 1500, faults)
    assert (quadrants["menu_balance"], quadrants["queue"]) == ("low_low", "low_low")
    assert [name for name, place in quadrants.items() if name.startswith("menu_") and "low" in place] == [
        "menu_balance"
    ]
    with Workbench.open(home) as bench:
        bench.view("mart_touchpoint_action", where=every_row(), as_name="_read")
        found = dict(bench.sql("select action_id, words_en from _read where state_code = 'open'"))
    assert {f"{name}-{aspect}-{MONTH}" for name in ("menu_balance", "queue") for aspect in ASPECTS} <= set(found)
    assert "self-service query failed" in found[f"menu_balance-operating-{MONTH}"]
    assert "abandoned in queue" in found[f"queue-operating-{MONTH}"]
