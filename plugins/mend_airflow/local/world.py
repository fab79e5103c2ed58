"""The demo's simulated world, and the first look at what Mend found in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from mend.foundation.home import Home
from mend.foundation.periods import CalendarError, Period, month_of, next_month_begins, whole_month
from mend_airflow.local.errors import LocalError
from mend_airflow.local.screen import Screen

FIRST_LINES = 6
COUNTS_BY_LEVEL = """
    select month, level, count(*) as customers, round(avg(score), 1) as mean_score
    from mart_damage_month group by all order by all
"""
MODELS: Final = """
    select month, horizon_days as days, is_promoted as in_force, round(auc, 3) as auc, round(lift_5, 2) as lift_5,
        round(observed_over_expected, 2) as observed_over_expected, round(calibration_slope, 2) as slope, decision_en
    from mart_complaint_model order by month, horizon_days
"""


@dataclass(frozen=True)
class DemoWorld:
    """How large the demo is. MEND_DEMO_CUSTOMERS, MEND_DEMO_MONTHS, MEND_DEMO_FIRST_MONTH (YYYY-MM), MEND_DEMO_SEED."""

    customers: int = 12_000
    months: int = 6
    first_month: str = "2026-01"
    seed: int = 7

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> DemoWorld:
        """Raises LocalError for a value that makes no world."""
        first_month = environment.get("MEND_DEMO_FIRST_MONTH") or cls.first_month
        try:
            whole_month(first_month)
        except CalendarError:
            raise LocalError(f"MEND_DEMO_FIRST_MONTH must be YYYY-MM, not {first_month!r}") from None
        return cls(
            _count(environment, "MEND_DEMO_CUSTOMERS", cls.customers),
            _count(environment, "MEND_DEMO_MONTHS", cls.months),
            first_month,
            _count(environment, "MEND_DEMO_SEED", cls.seed),
        )

    @property
    def calendar(self) -> list[Period]:
        """The months in order.

        >>> [str(month.last) for month in DemoWorld(months=2, first_month="2025-12").calendar]
        ['2025-12-31', '2026-01-31']
        """
        found = [whole_month(self.first_month)]
        while len(found) < self.months:
            found.append(whole_month(month_of(next_month_begins(found[-1].last))))
        return found


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise LocalError(f"{name} must be a whole number from 1, not {text!r}")
    return int(text)


def simulate(home: Home, world: DemoWorld, environment: Mapping[str, str], screen: Screen) -> None:
    """Write the world's files into the inbox, unless they are there. Raises LocalError for another world's."""
    mark, wanted = home.root / "demo.json", asdict(world)
    if mark.exists():
        if (found := json.loads(mark.read_text("utf-8"))) != wanted:
            raise LocalError(f"{home.root} holds the demo {found}, not {wanted}: `make clean`, or set MEND_HOME")
        return screen.say("its files are in the inbox already")
    options = {
        "--customers": str(world.customers),
        "--months": str(world.months),
        "--first-month": world.first_month,
        "--seed": str(world.seed),
        "--into": str(home.inbox),
    }
    mend(["simulate", *(part for option in options.items() for part in option)], environment, screen)
    mark.write_text(json.dumps(wanted), "utf-8")


def show_results(home: Home, world: DemoWorld, environment: Mapping[str, str], screen: Screen) -> None:
    """The head of the latest lists, the customers by level, the complaint models, and the last night's warnings."""
    month = world.calendar[-1].month
    lists = latest_lists(home.lists_folder / month)
    screen.say(f"{len(lists)} lists of damaged customers for {month} in {home.lists_folder}")
    for path in lists[:1]:
        with path.open(encoding="utf-8-sig") as file:
            screen.text(f"\n  {path.relative_to(home.root)}")
            screen.text("".join(f"    {line}" for line in islice(file, FIRST_LINES)))
    screen.text("  customers by level: mend sql")
    mend(["sql", " ".join(COUNTS_BY_LEVEL.split())], environment, screen)
    screen.text("  complaint models, put in force or kept back: mend sql")
    mend(["sql", " ".join(MODELS.split())], environment, screen)
    screen.say(f"how good they are: {home.root / 'reports' / 'warning' / 'calibration'}")
    last = world.calendar[-1].last
    screen.text(f"  whom to call first: mend warnings {last}")
    mend(["warnings", str(last)], environment, screen)


def latest_lists(folder: Path) -> list[Path]:
    """The files of a month's latest published version; none when there is none."""
    versions = {
        int(path.name.removeprefix("v")): path for path in folder.glob("v*") if path.name.removeprefix("v").isdecimal()
    }
    return sorted(versions[max(versions)].glob("*.csv")) if versions else []


def mend(arguments: list[str], environment: Mapping[str, str], screen: Screen) -> None:
    """Run the CLI and show what it says as it says it."""
    command = [sys.executable, "-m", "mend.cli", *arguments]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            screen.text(f"    {line.rstrip()}")
    if process.returncode != 0:
        raise LocalError(f"`mend {arguments[0]}` ended with {process.returncode}")
