"""The demo's simulated world, and the first look at what Mend found in it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.periods import CalendarError, Period, month_of, next_month_begins, whole_month
from mend_airflow.local import together
from mend_airflow.local.errors import LocalError
from mend_airflow.local.screen import Screen

FIRST_LINES = 6
# A troubled centre: its customers are of kinds that are apart, and some grumble and complain far more than others. So a
# small one has complaints enough for a complaint model, and clusters to tell of. They call less, which saves time.
GROUPS: Final = "apart"
CONTACTS_A_MONTH: Final = "0.8"
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
    """How large the demo is, and when it is. MEND_DEMO_CUSTOMERS, MEND_DEMO_MONTHS, MEND_DEMO_FIRST_MONTH (YYYY-MM),
    MEND_DEMO_SEED.

    Args:
        months: of which the last is under way, where `last_day` is before its end.
        last_day: the last night that is run (YYYY-MM-DD); the last month's end when empty.
    """

    customers: int = 4_000
    months: int = 6
    first_month: str = "2026-01"
    seed: int = 7
    last_day: str = ""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str], yesterday: dt.date, before: Mapping[str, Any] | None = None
    ) -> DemoWorld:
        """The demo that is asked for: with the months that end yesterday, unless a first month is named.

        Args:
            before: the demo that the home holds already: what the environment does not name is as it was.

        Raises:
            LocalError: for a value that makes no world.
        """
        known = asdict(cls()) | {"first_month": ""} | dict(before or {})
        months = _count(environment, "MEND_DEMO_MONTHS", known["months"])
        named = environment.get("MEND_DEMO_FIRST_MONTH")
        if named and not _is_month(named):
            raise LocalError(f"MEND_DEMO_FIRST_MONTH must be YYYY-MM, not {named!r}")
        first = named or known["first_month"]
        last_day = known["last_day"] if (first, months) == (known["first_month"], known["months"]) else ""
        if not first:
            first, last_day = _months_before(yesterday, months - 1), str(yesterday)
        customers = _count(environment, "MEND_DEMO_CUSTOMERS", known["customers"])
        return cls(customers, months, first, _count(environment, "MEND_DEMO_SEED", known["seed"]), last_day)

    @property
    def calendar(self) -> list[Period]:
        """The months in order, the last one as far as it has come.

        >>> [str(month.last) for month in DemoWorld(months=2, first_month="2025-12").calendar]
        ['2025-12-31', '2026-01-31']
        >>> [str(month.last) for month in DemoWorld(months=2, first_month="2025-12", last_day="2026-01-09").calendar]
        ['2025-12-31', '2026-01-09']
        """
        found = [whole_month(self.first_month)]
        while len(found) < self.months:
            found.append(whole_month(month_of(next_month_begins(found[-1].last))))
        if self.last_day:
            found[-1] = Period(found[-1].first, dt.date.fromisoformat(self.last_day))
        return found

    @property
    def closed(self) -> list[Period]:
        """The months that are over.

        >>> [month.month for month in DemoWorld(months=2, first_month="2025-12", last_day="2026-01-09").closed]
        ['2025-12']
        """
        return [month for month in self.calendar if month == whole_month(month_of(month.first))]


def _is_month(text: str) -> bool:
    try:
        whole_month(text)
    except CalendarError:
        return False
    return True


def _months_before(day: dt.date, count: int) -> str:
    """
    >>> _months_before(dt.date(2026, 3, 9), 5)
    '2025-10'
    """
    months = day.year * 12 + day.month - 1 - count
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise LocalError(f"{name} must be a whole number from 1, not {text!r}")
    return int(text)


def known_world(home: Home) -> dict[str, Any] | None:
    """The demo that this home holds; None when there is none."""
    mark = _mark(home)
    found: dict[str, Any] | None = json.loads(mark.read_text("utf-8")) if mark.exists() else None
    return found


def simulate(home: Home, world: DemoWorld, environment: Mapping[str, str], screen: Screen) -> None:
    """Write the world's files into the inbox, unless they are there. Raises LocalError for another world's."""
    wanted, found = asdict(world), known_world(home)
    if found is not None:
        if {"last_day": ""} | found != wanted:
            raise LocalError(f"{home.root} holds the demo {found}, not {wanted}: `make clean`, or set MEND_HOME")
        return screen.say("its files are in the inbox already")
    options = {
        "--customers": str(world.customers),
        "--months": str(world.months),
        "--first-month": world.first_month,
        "--seed": str(world.seed),
        "--groups": GROUPS,
        "--contacts": CONTACTS_A_MONTH,
        "--into": str(home.inbox),
    }
    mend(["simulate", *(part for option in options.items() for part in option)], environment, screen)
    _mark(home).write_text(json.dumps(wanted), "utf-8")


def _mark(home: Home) -> Path:
    return home.root / "demo.json"


def show_results(home: Home, world: DemoWorld, environment: Mapping[str, str], screen: Screen) -> None:
    """The head of the latest lists, the customers by level, the complaint models, and the last night's warnings."""
    for month in [each.month for each in world.closed[-1:]]:
        _show_lists(home, month, screen)
    screen.text("  customers by level: mend sql")
    mend(["sql", " ".join(COUNTS_BY_LEVEL.split())], environment, screen)
    screen.text("  complaint models, put in force or kept back: mend sql")
    mend(["sql", " ".join(MODELS.split())], environment, screen)
    screen.say(f"how good they are: {home.root / 'reports' / 'warning' / 'calibration'}")
    last = world.calendar[-1].last
    screen.text(f"  whom to call first: mend warnings {last}")
    mend(["warnings", str(last)], environment, screen)


def _show_lists(home: Home, month: str, screen: Screen) -> None:
    lists = latest_lists(home.lists_folder / month)
    screen.say(f"{len(lists)} lists of damaged customers for {month} in {home.lists_folder}")
    for path in lists[:1]:
        with path.open(encoding="utf-8-sig") as file:
            screen.text(f"\n  {path.relative_to(home.root)}")
            screen.text("".join(f"    {line}" for line in islice(file, FIRST_LINES)))


def latest_lists(folder: Path) -> list[Path]:
    """The files of a month's latest published version; none when there is none."""
    versions = {
        int(path.name.removeprefix("v")): path for path in folder.glob("v*") if path.name.removeprefix("v").isdecimal()
    }
    return sorted(versions[max(versions)].glob("*.csv")) if versions else []


def mend(arguments: list[str], environment: Mapping[str, str], screen: Screen) -> None:
    """Run the CLI and show what it says as it says it."""
    run_all([arguments], environment, screen)


def run_all(
    commands: Sequence[list[str]],
    environment: Mapping[str, str],
    screen: Screen,
    done: Callable[[int], None] = lambda _: None,
) -> None:
    """Run the CLI's commands in one process, and show what they say as they say it.

    Args:
        done: told the place of each command that has ended well.

    Raises:
        LocalError: naming the first command that failed; those after it are not run.
    """
    ended = 0
    program = [sys.executable, "-m", "mend_airflow.local.together", json.dumps(commands)]
    with subprocess.Popen(
        program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.rstrip("\n") == together.DONE:
                done(ended)
                ended += 1
            else:
                screen.text(f"    {line.rstrip()}")
    if process.returncode != 0:
        failed = commands[min(ended, len(commands) - 1)]
        raise LocalError(f"`mend {failed[0]}` ended with {process.returncode}")
