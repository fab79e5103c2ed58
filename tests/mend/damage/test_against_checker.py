"""Ledger and months against a second implementation of the rules (`checker/`), row by row.

The checker was written from the domain's text alone, as plain loops over one customer's records. The worlds: a
simulated centre, and customers whose records meet at the limits of the rules to the second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.mend.damage.checker import against, worlds
from tests.mend.damage.closing.tables import grumbles
from tests.mend.damage.scoring.rows import put
from tests.mend.damage.scoring.test_truth import _put_core

from mend.damage.closing import close_month
from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.simulate import core_parquet

LEAP = ("2024-01", "2024-02", "2024-03")
OTHERS = ("contact", "ticket", "survey_reply", "repair_action")
SPRING = ("2026-04", "2026-05", "2026-06")


@pytest.mark.parametrize("customers", [150, pytest.param(3000, marks=pytest.mark.long)])
def test_a_simulated_centre_over_three_months(home: Home, bench: Workbench, tmp_path: Path, customers: int) -> None:
    core_parquet(tmp_path / "core", customers, SPRING[0], len(SPRING), 11)
    _put_core(bench, tmp_path / "core")
    _score_and_close(home, bench, [_days(SPRING)], SPRING)
    _compare(bench, SPRING)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 10))])
def test_records_that_meet_at_the_limits_to_the_second(home: Home, bench: Workbench, seed: int) -> None:
    _put_world(bench, seed, 100)
    _score_and_close(home, bench, [_days(LEAP)], LEAP)
    _compare(bench, LEAP)


@pytest.mark.long
@pytest.mark.parametrize("seed", [21, 22])
def test_night_after_night_with_the_records_of_later_days_there_already(
    home: Home, bench: Workbench, seed: int
) -> None:
    _put_world(bench, seed, 100)
    _score_and_close(home, bench, [[day] for day in _days(LEAP)], LEAP)
    _compare(bench, LEAP)


@pytest.mark.parametrize(
    "record", ["callback_booking", *(pytest.param(each, marks=pytest.mark.long) for each in OTHERS)]
)
def test_a_record_whose_files_all_come_at_the_end_gives_the_same(home: Home, bench: Workbench, record: str) -> None:
    """What is measured follows from what the sources map: January has its missed bookings whenever their file comes."""
    days = _days(LEAP)
    _put_world(bench, 31, 60, but=record)
    score(home, bench, days, loaded=days, provided=EVERYTHING)
    put(bench, record, worlds.world(31, 60)[record], arrived_on=days[-1])
    _score_and_close(home, bench, [days[-1:]], LEAP)
    _compare(bench, LEAP)


def _put_world(bench: Workbench, seed: int, customers: int, but: str | None = None) -> None:
    world = worlds.world(seed, customers)
    for record, rows in world.items():
        if record != but:
            put(bench, record, rows)
    lines = [
        f"{row['customer_id']} | {row['started_at']:%Y-%m-%d %H:%M:%S} | {row['contact_id']}"
        for row in world["contact"][::5]
        if row["direction_code"] == "inbound"
    ]
    grumbles(bench, "\n".join(["customer_id | grumbled_at | source_id", *lines]))


def _score_and_close(home: Home, bench: Workbench, runs: Sequence[list[dt.date]], months: Sequence[str]) -> None:
    for days in runs:
        known = [day for day in _days(months) if day <= days[-1]]
        score(home, bench, days, loaded=known, provided=EVERYTHING)
    for month in months:
        close_month(home, bench, month, provided=EVERYTHING)


def _compare(bench: Workbench, months: Sequence[str]) -> None:
    core = against.tables(bench)
    end = dt.datetime.combine(_days(months)[-1] + dt.timedelta(days=1), dt.time(), worlds.ZONE)
    mend, checker = against.ledgers(bench, core, worlds.ZONE, end)
    assert sorted((mend - checker).elements(), key=str) == []
    assert sorted((checker - mend).elements(), key=str) == []
    assert len({row[3] for row in mend}) > 30  # indicators and credits
    mend, checker = against.months_of(bench, core, worlds.ZONE, months)
    assert {key: row for key, row in mend.items() if row != checker[key]} == {}
    empty = {key for key, row in checker.items() if not against.is_anything(row)}
    assert set(mend) == set(checker) - empty


def _days(months: Sequence[str]) -> list[dt.date]:
    return [day for month in months for day in days_of(month)]
