"""Whatever the order in which the days are run, and whenever their rows arrive, the tables come out the same."""

from __future__ import annotations

import datetime as dt
import gzip
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.end_to_end.chain import ARRIVALS, COMPARED, LINEAGE, contents, night

from mend.foundation.home import Home
from mend.foundation.schema import TABLES
from mend.simulate import simulate

# Over the month's end, where incidents, handling times of the month before and the carry-over meet.
DAYS = [dt.date(2026, 5, 30) + dt.timedelta(days=number) for number in range(5)]
Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated centre's deliveries, dirt included: late, corrected, doubled and broken rows."""
    folder = tmp_path_factory.mktemp("inbox") / "world"
    simulate(folder, 250, "2026-05", 2, seed=5, dirty=8.0)
    return folder


@pytest.fixture(scope="module")
def straight(template: Template, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables after one run a day, in order."""
    with fresh_home(template, tmp_path_factory.mktemp("straight")) as home:
        for day in DAYS:
            night(home, inbox, [day])
        return contents(home, [*COMPARED, *ARRIVALS])


def test_the_straight_run_has_something_to_compare(straight: Tables) -> None:
    empty = {table for table, rows in straight.items() if not rows}
    assert not empty & {
        "core_contact",
        "core_ticket",
        "mart_damage_ledger",
        "mart_exposure_day",
        "mart_damage_month",
        *ARRIVALS,
    }


def test_exposure_counts_each_customer_s_contacts_and_incidents(straight: Tables) -> None:
    assert counted_by_hand(straight) == counted(straight)


def test_one_run_over_the_range_gives_the_same(straight: Tables, inbox: Path, home: Home) -> None:
    night(home, inbox, DAYS)
    same(contents(home, [*COMPARED, *ARRIVALS]), straight)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 25))])
def test_days_in_shuffled_order_give_the_same(straight: Tables, inbox: Path, home: Home, seed: int) -> None:
    order = random.Random(seed).sample(DAYS, len(DAYS))
    for day in order:
        night(home, inbox, [day])
    same(contents(home, [*COMPARED, *ARRIVALS]), straight)


def test_every_day_run_again_gives_the_same(straight: Tables, inbox: Path, home: Home) -> None:
    night(home, inbox, DAYS)
    for day in (DAYS[0], DAYS[3], DAYS[-1]):
        night(home, inbox, [day])
    same(contents(home, [*COMPARED, *ARRIVALS]), straight)


def test_ranges_that_overlap_give_the_same(straight: Tables, inbox: Path, home: Home) -> None:
    for days in (DAYS[:3], DAYS[2:5], DAYS[1:]):
        night(home, inbox, days)
    same(contents(home), {table: straight[table] for table in COMPARED})


@pytest.mark.long
def test_long_ranges_one_after_the_other_give_what_one_run_over_them_gives(
    inbox: Path, template: Template, tmp_path: Path
) -> None:
    """Long enough that the days of each are scored as a month's are, not as a night's."""
    days = [dt.date(2026, 5, 22) + dt.timedelta(days=number) for number in range(18)]
    with fresh_home(template, tmp_path / "one") as home:
        night(home, inbox, days)
        one = contents(home)
        assert counted_by_hand(one) == counted(one)
    with fresh_home(template, tmp_path / "two") as home:
        night(home, inbox, days[:9])
        night(home, inbox, days[9:])
        same(contents(home), one)
        night(home, inbox, days[:9])  # the first of them again, by now before days that are loaded
        same(contents(home), one)


@pytest.mark.long
def test_nights_over_the_end_of_a_second_month_give_what_one_run_gives(tmp_path: Path, template: Template) -> None:
    """Contacts of the month before are looked at again then, each held against the month before its own."""
    inbox = tmp_path / "world"
    simulate(inbox, 250, "2026-05", 3, seed=8, dirty=8.0)
    days = [dt.date(2026, 5, 20) + dt.timedelta(days=number) for number in range(45)]
    with fresh_home(template, tmp_path / "one") as home:
        night(home, inbox, days)
        one = contents(home)
    assert any(row["indicator_id"] == "AGT-06" for row in named(one, "mart_damage_ledger"))
    with fresh_home(template, tmp_path / "two") as home:
        night(home, inbox, days[:40])
        for day in (*days[40:], dt.date(2026, 7, 1)):  # one of them again
            night(home, inbox, [day])
        same(contents(home), one)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries without dirt, so that every row can come late."""
    folder = tmp_path_factory.mktemp("clean") / "world"
    simulate(folder, 250, "2026-05", 2, seed=6, dirty=False)
    return folder


def test_rows_that_come_days_late_give_the_same(clean: Path, template: Template, tmp_path: Path) -> None:
    late = tmp_path / "late"
    with fresh_home(template, tmp_path / "one") as home:
        for day in DAYS:
            night(home, clean, [day])
        on_time = contents(home)
    _deliver_late(clean, late)
    with fresh_home(template, tmp_path / "two") as home:
        for day in DAYS:
            night(home, late, [day])
        same(contents(home), on_time)


@pytest.mark.long
def test_the_gate_in_between_changes_nothing_of_this(inbox: Path, template: Template, tmp_path: Path) -> None:
    with fresh_home(template, tmp_path / "one") as home:
        for day in DAYS[1:3]:
            night(home, inbox, [day], gate=True)
        straight = contents(home, [*COMPARED, *ARRIVALS])
    with fresh_home(template, tmp_path / "two") as home:
        night(home, inbox, DAYS[1:3], gate=True)
        same(contents(home, [*COMPARED, *ARRIVALS]), straight)


def counted(tables: Tables) -> Counter[tuple[str, str, dt.date]]:
    """Contacts and incidents of each customer and day, as the exposure has them."""
    found: Counter[tuple[str, str, dt.date]] = Counter()
    for row in named(tables, "mart_exposure_day"):
        found["contacts", row["customer_id"], row["subject_on"]] += row["contact_count"]
        found["incidents", row["customer_id"], row["subject_on"]] += row["incident_count"]
    return +found


def counted_by_hand(tables: Tables) -> Counter[tuple[str, str, dt.date]]:
    """The same from the contacts: inbound ones, less than half an hour apart in one incident, which counts on the day
    it began.
    """
    found: Counter[tuple[str, str, dt.date]] = Counter()
    before: dict[str, dt.datetime] = {}
    inbound = [
        row for row in named(tables, "core_contact") if row["customer_id"] and row["direction_code"] != "outbound"
    ]
    for row in sorted(inbound, key=lambda row: row["started_at"]):
        customer, start = row["customer_id"], row["started_at"]
        found["contacts", customer, row["started_on"]] += 1
        if customer not in before or start - before[customer] >= dt.timedelta(minutes=30):
            found["incidents", customer, row["started_on"]] += 1
        before[customer] = start
    return found


def named(tables: Tables, table: str) -> list[dict[str, Any]]:
    names = [name for name in TABLES[table].column_names if name not in LINEAGE]
    return [dict(zip(names, row, strict=True)) for row in tables[table]]


def same(tables: Tables, expected: Tables) -> None:
    """Equal, table by table, with the first rows that are not."""
    for table, rows in expected.items():
        missing, extra = set(rows) - set(tables[table]), set(tables[table]) - set(rows)
        assert (missing, extra) == (set(), set()), table
        assert len(tables[table]) == len(rows), table


def _deliver_late(source: Path, target: Path) -> None:
    """The same deliveries, a third of each day's rows one to three days later."""
    lines: dict[tuple[dt.date, str], list[str]] = {}
    headers: dict[str, str] = {}
    chance = random.Random(9)
    for day in DAYS:
        for path in sorted((source / day.isoformat()).glob("*.csv.gz")):
            header, *rows = _text(path).splitlines()
            headers[path.name] = header
            lines.setdefault((day, path.name), [])
            for row in rows:
                delay = chance.randint(1, 3) if chance.random() < 1 / 3 else 0
                arrival = min(day + dt.timedelta(days=delay), DAYS[-1])
                lines.setdefault((arrival, path.name), []).append(row)
    for (day, name), rows in lines.items():
        (target / day.isoformat()).mkdir(parents=True, exist_ok=True)
        with gzip.open(target / day.isoformat() / name, "wt", encoding="utf-8") as file:
            file.write("\n".join([headers[name], *rows]) + "\n")


def test_the_late_world_is_another_delivery_of_the_same_rows(clean: Path, tmp_path: Path) -> None:
    _deliver_late(clean, tmp_path)
    assert _all_rows(tmp_path) == _all_rows(clean)
    assert _first_file(tmp_path) != _first_file(clean)


def _all_rows(folder: Path) -> list[str]:
    return sorted(row for day in DAYS for row in _rows_of(folder / day.isoformat()))


def _rows_of(folder: Path) -> Iterator[str]:
    for path in folder.glob("*.csv.gz"):
        yield from _text(path).splitlines()[1:]


def _first_file(folder: Path) -> str:
    return _text(folder / DAYS[0].isoformat() / "contact.csv.gz")


def _text(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode("utf-8")
