"""The tables as of a past date: what was there then, exactly, whatever came later; and the home that it is told from
stays as it is.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.end_to_end.chain import ARRIVALS, COMPARED, contents, night

from mend import asof
from mend.asof.reference import ARRIVED
from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.lake import Maintenance
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.simulate import simulate

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).resolve().parents[3]
# Over the month's end; the third of May's and June's days is the one that is asked for.
DAYS = [dt.date(2026, 5, 30) + dt.timedelta(days=number) for number in range(5)]
DAY = DAYS[2]
ALL = [*COMPARED, *ARRIVALS]
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Story:
    """A home loaded to its last day, what it held after DAY and at the end, and the second home that shows it as of
    DAY.
    """

    first: Home
    second: Home
    then: Tables
    now: Tables
    state: dict[str, Any]
    said: str


def mend(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """The command `mend` in a process of its own, with the first home's databases in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEND_", "AIRFLOW"))}
    environment = kept | dict(home.settings) | {"MEND_HOME": str(home.root)}
    command = [sys.executable, "-m", "mend.cli", *words]
    return subprocess.run(command, env=environment, cwd=home.root, capture_output=True, text=True, check=False)


def state(home: Home) -> dict[str, Any]:
    """What would show a write: snapshots, the register, and every file of the lake with its size and time."""
    files = {
        path: (path.stat().st_size, path.stat().st_mtime_ns) for path in home.lake_folder.rglob("*") if path.is_file()
    }
    with Workbench.open(home) as bench:
        snapshots = {table: bench.lake.table(table).metadata.current_snapshot_id for table in TABLES}
    steps = len(operations.steps(home.database_url))
    return {"files": files, "snapshots": snapshots, "batches": operations.batches(home.database_url), "steps": steps}


def hold_back(world: Path) -> None:
    """Take a third of the contacts of the days asked for out of their files, to come later, and let every fourth other
    one be corrected: the customer had waited for 200 seconds."""
    held: list[dict[str, str]] = []
    for day in DAYS[:3]:
        header, rows = _read(world / day.isoformat() / "contact.csv.gz")
        kept = [row for number, row in enumerate(rows) if number % 3]
        held += [row for number, row in enumerate(rows) if not number % 3]
        answered = [row for row in kept if row["is_answered"] == "1"]
        held += [row | {"queue_seconds": "200", "updated_at": f"{DAYS[3]}T12:00:00+08:00"} for row in answered[::4]]
        _write(world / day.isoformat() / "contact.csv.gz", header, kept)
    header, rows = _read(world / DAYS[3].isoformat() / "contact.csv.gz")
    _write(world / DAYS[3].isoformat() / "contact.csv.gz", header, rows + held)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        # Dirt that has another number of cells than the header is not ours to write back.
        rows = [row for row in reader if None not in row and None not in row.values()]
        return list(reader.fieldnames or []), rows


def _write(path: Path, header: list[str], rows: list[dict[str, str]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def story(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A dirty centre: rows of the first days, and corrections of others, come with the last ones."""
    ground = tmp_path_factory.mktemp("asof")
    simulate(ground / "world", 250, "2026-05", 2, seed=5, dirty=8.0)
    hold_back(ground / "world")
    with fresh_home(template, ground) as first:
        for day in DAYS[:3]:
            night(first, ground / "world", [day])
        then = contents(first, ALL)
        for day in DAYS[3:]:
            night(first, ground / "world", [day])
        before = state(first)
        done = mend(first, "as-of", DAY.isoformat(), "--into", str(ground / "then"))
        assert (done.returncode, done.stderr) == (0, "")
        second = Home(ground / "then", first.settings)
        yield Story(first, second, then, contents(first, ALL), before, done.stdout)
        server.remove(second)


def test_the_second_home_holds_exactly_what_the_first_held_then(story: Story) -> None:
    shown = contents(story.second, ALL)
    assert {table: rows for table, rows in shown.items() if rows != story.then[table]} == {}


def test_the_first_home_has_gone_on_since(story: Story) -> None:
    """Else there would be nothing to tell apart: rows of the days asked for came late, and scores changed."""
    changed = {table for table in ALL if story.now[table] != story.then[table]}
    assert changed >= {
        "core_contact",
        "core_superseded",
        "mart_damage_ledger",
        "mart_exposure_day",
        "mart_damage_month",
    }
    with Workbench.open(story.first) as bench:
        bench.view("raw_contact")
        query = (
            "select count(*), count(distinct contact_id) from raw_contact where started_on <= $day and arrived_on "
            "> $day"
        )
        late, contacts = bench.sql(query, {"day": DAY})[0]
    assert late >= contacts > 10
    entries = [{row for row in tables["mart_damage_ledger"] if DAY in row} for tables in (story.then, story.now)]
    assert entries[0] != entries[1]


def test_the_first_home_is_untouched(story: Story) -> None:
    assert state(story.first) == story.state


def test_the_command_says_which_days_it_rebuilt_in_the_dag_s_order(story: Story) -> None:
    steps = [line.split("  ")[0].split() + line.split()[1:2] for line in story.said.splitlines()[1:-1]]
    assert [(words[0], words[1]) for words in steps] == [
        ("core", "2026-05-30"),
        ("score", "2026-05-30"),
        ("core", "2026-06-01"),
        ("score", "2026-06-01"),
    ]
    assert [step["step_code"] for step in operations.steps(story.second.database_url)] == [
        "score",
        "core",
        "score",
        "core",
    ]


def test_the_second_home_has_databases_and_a_lake_of_its_own_whatever_the_environment_says(story: Story) -> None:
    opened = Home.at(story.second.root, dict(story.first.settings) | {"MEND_LAKE": story.first.warehouse})
    assert opened.as_of is not None
    assert (opened.as_of.root, opened.as_of.day) == (story.first.root, DAY)
    assert opened.needs_embedded_server
    assert {opened.database_url, opened.catalog_url}.isdisjoint({story.first.database_url, story.first.catalog_url})
    assert opened.warehouse == f"file://{story.second.root}/lake"
    assert {batch.arrived_on for batch in operations.batches(opened.database_url)} <= set(DAYS[:3])


def test_what_arrived_is_named_and_not_copied(story: Story) -> None:
    with Workbench.open(story.second) as bench:
        arrived = [file.path for table in ARRIVED for file in bench.lake.files(table)]
        made = [file.path for table in TABLES if table not in ARRIVED for file in bench.lake.files(table)]
    assert arrived
    assert all(_bare(path).is_relative_to(story.first.lake_folder) for path in arrived)
    assert made
    assert all(_bare(path).is_relative_to(story.second.lake_folder) for path in made)


def _bare(path: str) -> Path:
    return Path(path.removeprefix("file://"))


def test_nothing_new_is_loaded_into_the_second_home(story: Story) -> None:
    words = ("run", "--source", "simulator", "--from", DAYS[3].isoformat())
    done = mend(story.first, "--home", str(story.second.root), *words)
    assert done.returncode == 1
    assert "nothing new is loaded into it" in done.stderr


def test_housekeeping_of_either_home_removes_no_file_that_the_other_reads(story: Story) -> None:
    """The strictest: every old snapshot expires at once, every file that no snapshot names goes, crowded partitions are
    rewritten.
    """
    before = contents(story.second, ALL)
    for home in (story.second, story.first):
        others = story.first if home is story.second else story.second
        kept = set(others.lake_folder.rglob("*.parquet"))
        with Workbench.open(home) as bench:
            for table in ("raw_contact", "core_quarantine", "core_contact", "mart_damage_ledger"):
                compact(bench, table, least_files=2)
                Maintenance(bench.lake).run(table, dt.datetime.now(dt.UTC), dt.timedelta(0), dt.timedelta(0))
        assert set(others.lake_folder.rglob("*.parquet")) == kept
    assert contents(story.second, ALL) == before


def test_a_repeated_call_begins_again_and_gives_the_same(story: Story) -> None:
    """Last of all: the first home's housekeeping has run by now, and the files named are those of today."""
    done = mend(story.first, "as-of", DAY.isoformat(), "--into", str(story.second.root))
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(story.second, ALL) == story.then


def test_a_folder_that_holds_something_else_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    with pytest.raises(asof.AsOfError, match="full is not empty"):
        asof.begin(home, tmp_path / "full", DAY)
    asof.begin(home, tmp_path / "new", DAY)
    with pytest.raises(asof.AsOfError, match=f"does not show {home.root} as of {DAYS[1]}"):
        asof.begin(home, tmp_path / "new", DAYS[1])


@pytest.mark.parametrize("folder", [".", "home", "home/lake/mend/raw_contact/data", "home/then"])
def test_a_folder_in_the_home_or_around_it_is_refused(home: Home, tmp_path: Path, folder: str) -> None:
    with pytest.raises(asof.AsOfError, match="are in one another"):
        asof.begin(home, tmp_path / folder, DAY)


def test_a_day_that_is_not_loaded_is_refused(home: Home, tmp_path: Path) -> None:
    operations.mark_core_loaded(home.database_url, [DAY])
    done = mend(home, "as-of", DAYS[1].isoformat(), "--into", str(tmp_path / "then"))
    server.remove(Home(tmp_path / "then"))
    assert done.returncode == 1
    assert f"{DAYS[1]} is not loaded in {home.root}; it holds {DAY} to {DAY}" in done.stderr


@pytest.mark.parametrize("folder", ["rules", "strategies"])
def test_the_second_home_has_the_first_one_s_rules_and_strategies(home: Home, tmp_path: Path, folder: str) -> None:
    (home.root / folder).mkdir()
    (home.root / folder / "2026-06-01.yaml").write_text("valid_from: 2026-06-01", "utf-8")
    second = asof.begin(home, tmp_path / "then", DAY)
    assert (second.root / folder / "2026-06-01.yaml").read_text("utf-8") == "valid_from: 2026-06-01"
