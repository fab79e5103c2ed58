"""A night writes what came and went; a comparison of everything finds nothing left to do."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import complaint, grumble, put

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.relocation import bare
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.step import publish_night
from mend.grumbles.records.taxonomy import load_taxonomies, publish_taxonomy
from mend.grumbles.warning import warn

pytestmark = pytest.mark.slow  # begins first

NIGHTS = [dt.date(2026, 5, 30), dt.date(2026, 5, 31), dt.date(2026, 6, 1), dt.date(2026, 6, 3)]
DAYS = [dt.date(2026, 4, 20) + dt.timedelta(days=number) for number in range(45)]
PEOPLE = [f"C{number:02d}" for number in range(40)]
Rows = dict[str, list[dict[str, Any]]]


def _world(luck: random.Random) -> Rows:
    """Rows of every input; ten people are in no snapshot, five have left."""
    some = [(luck.choice(PEOPLE), luck.choice(DAYS)) for _ in range(150)]
    reached = sorted({(name, day) for name, day in some if luck.random() < 0.8})
    months = [dt.date(2026, 5, 1), dt.date(2026, 6, 1)]
    return {
        "mart_grumble": [grumble(str(place), name, f"{day} 10:00") for place, (name, day) in enumerate(some[:40])],
        "mart_complaint": [complaint(f"K{place}", name, f"{day} 11:00") for place, (name, day) in enumerate(some[:9])],
        "mart_exposure_day": [
            {"customer_id": name, "subject_on": day, "contact_count": luck.randrange(1, 4), "incident_count": 1,
             "last_contact_at": f"{day} 10:00:00+08:00", "last_contact_id": f"{name}{day}"} for name, day in reached
        ],
        "mart_customer_cluster": [
            {"month": month, "customer_id": name, "behaviour_code": "tariff_sensitive", "value_code": "high"}
            for month in ("2026-04", "2026-05") for name in PEOPLE if luck.random() < 0.7
        ],
        "core_customer": [
            {"customer_id": name, "month_on": month, "arpu_amount": luck.choice((50, 80)), "joined_on": "2024-01-01",
             "city_code": "wuxi", "status_code": "left" if place < 5 and luck.random() < 0.5 else "active"}
            for month in months for place, name in enumerate(PEOPLE[:30])
        ],
    }  # fmt: skip


def _changed(luck: random.Random, rows: Rows) -> Rows:
    """Rows come late, are corrected and are withdrawn: a tenth of the one world is that of another."""
    other = _world(luck)
    return {
        name: [each for each in own if luck.random() < 0.9] + [each for each in other[name] if luck.random() < 0.1]
        for name, own in rows.items()
    }


def _put(bench: Workbench, rows: Rows, night: dt.date) -> None:
    """What is known at the night's end."""
    days = {"mart_grumble": "grumbled_on", "mart_complaint": "complained_on", "mart_exposure_day": "subject_on"}
    for table, own in rows.items():
        column = days.get(table)
        kept = [each for each in own if column is None or str(each[column]) <= night.isoformat()]
        key = ("customer_id", column or ("month" if table == "mart_customer_cluster" else "month_on"))
        unique = list({tuple(each[name] for name in key): each for each in kept}.values())
        if table == "core_customer":
            put_record(bench, "customer", unique)
        else:
            put(bench, table, unique)


def _published(home: Home) -> list[list[tuple[Any, ...]]]:
    tables = "incoming_customer", "incoming_contact_day"
    with operations.transaction(home.database_url) as connection:
        return [
            [tuple(row) for row in connection.execute(text(f"select * from {name} order by 1, 2"))] for name in tables
        ]


def _forget_what_was_read(home: Home) -> None:
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("delete from publication"))


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)])
@pytest.mark.parametrize("customers", ["all", "with_history"])
def test_after_each_night_with_late_corrected_and_withdrawn_rows_a_whole_comparison_changes_nothing(
    home: Home, bench: Workbench, customers: str, seed: int
) -> None:
    _choose(home, customers)
    publish_taxonomy(bench, load_taxonomies())
    luck = random.Random(seed)
    rows, before = _world(luck), None
    for night in NIGHTS:
        _put(bench, rows, night)
        warn(home, bench, [night])
        assert publish_night(home, bench, night).changed > 0
        published = _published(home)
        assert published != before
        _forget_what_was_read(home)
        assert (publish_night(home, bench, night).changed, _published(home)) == (0, published)
        rows, before = _changed(luck, rows), published


def test_where_files_that_went_are_removed_everything_is_compared(home: Home, bench: Workbench) -> None:
    night, luck = NIGHTS[-1], random.Random(4)
    rows = _world(luck)
    _put(bench, rows, night)
    warn(home, bench, [night])
    publish_night(home, bench, night)
    old = bench.lake.files("mart_exposure_day")
    _put(bench, {**rows, "mart_exposure_day": rows["mart_exposure_day"][:20]}, night)
    for file in old:
        Path(bare(file.path)).unlink()
    assert publish_night(home, bench, night).changed > 0
    published = _published(home)
    _forget_what_was_read(home)
    assert (publish_night(home, bench, night).changed, _published(home)) == (0, published)


def _choose(home: Home, customers: str) -> None:
    folder = home.root / "rules" / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    words = f"valid_from: 1990-01-02\nsource: a test\ncustomers: {customers}\n"
    (folder / "1990-01-02.yaml").write_text(words, "utf-8")
