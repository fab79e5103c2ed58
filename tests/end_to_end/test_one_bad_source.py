"""One source's delivery cannot be read, or is stopped by the quality gate: the night is red and says so, and the other
sources' rows go through all its steps. Mended and run again, the tables are those of a night on which nothing had
failed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.end_to_end.chain import COMPARED, contents
from tests.end_to_end.test_survey import Airflow

from mend import chain
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import Period
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core
from mend.simulate import simulate

pytestmark = pytest.mark.slow
DAY = dt.date(2026, 1, 2)
TABLES = (*COMPARED, "mart_grumble", "mart_complaint")
DESK = """
source: desk
en: Front desk
zh: 前台
zone: Asia/Shanghai
records:
  contact:
    path: 'desk_{business_date}.csv'
    columns:
      contact_id: id
      customer_id: customer
      started_at: at
      outcome: outcome
"""
ROWS = "".join(f"D{number},12000000000{number},2026-01-02T10:0{number}:00+08:00,answered\n" for number in range(8))
SOURCES = ["desk", "simulator"]
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    simulate(folder, 300, "2026-01", 1, seed=4)
    return folder


@pytest.fixture(scope="module")
def new_night(
    template: Template, tmp_path_factory: pytest.TempPathFactory, world: Path
) -> Callable[[str], AbstractContextManager[Home]]:
    """Makes homes with two sources, the desk's file being what is given."""

    @contextmanager
    def made(name: str) -> Any:
        folder = tmp_path_factory.mktemp(name)
        with fresh_home(template, folder) as home:
            (home.root / "inbox").symlink_to(folder / "inbox")
            (folder / "inbox").mkdir()
            for day in sorted(world.iterdir()):
                if day.name == str(DAY):
                    (home.inbox / day.name).mkdir()
                    for path in day.iterdir():
                        (home.inbox / day.name / path.name).write_bytes(path.read_bytes())
            (home.root / "sources").mkdir()
            (home.root / "sources" / "desk.yaml").write_text(DESK)
            yield home

    return made


def put(home: Home, rows: str, header: str = "id,customer,at,outcome") -> Path:
    path = home.inbox / f"desk_{DAY}.csv"
    path.write_text(f"{header}\n{rows}")
    return path


def walk(home: Home, sources: list[str] = SOURCES) -> list[str]:
    """The night; a line for each task, and the error that ended it."""
    said = []
    try:
        for done in chain.walk(chain.NIGHT, home, Period(DAY, DAY), {"sources": sources, "paths": []}):
            task = f"{done.name} {done.part}".strip()
            said.append(f"{task} {'failed' if done.error else 'success'}")
    except Exception as error:
        said.append(f"ended by {type(error).__name__}: {error}")
    return "\n".join(said).splitlines()


@pytest.fixture(scope="module")
def expected(new_night: Callable[[str], AbstractContextManager[Home]]) -> Rows:
    """The tables of a night on which nothing had failed."""
    with new_night("calm") as home:
        put(home, ROWS)
        assert walk(home)[-1] == "deliveries success"
        return contents(home, TABLES)


def balances(home: Home) -> None:
    with Workbench.open(home) as bench:
        core.reconcile(home, bench, [DAY])


def test_a_file_that_cannot_be_read_stops_its_source_alone(new_night: Any, expected: Rows) -> None:
    with new_night("torn") as home:
        path = put(home, "")
        path.write_bytes(gzip.compress(ROWS.encode())[:-9])
        said = walk(home)
        assert said[2:6] == ["extract desk failed", "extract simulator success", "quality success", "core success"]
        at = next(number for number, line in enumerate(said) if line.startswith("ended by "))
        assert said[at - 1] == "deliveries failed"
        words = "\n".join(said[at:])
        assert words.startswith(
            "ended by IncompleteDayError: 2026-01-02: everything else is done, but a delivery is missing\ndesk of "
            "2026-01-02"
        )
        assert f"{path.resolve()}: cut short or damaged" in words
        assert len(contents(home, ["core_contact"])["core_contact"]) >= 10
        assert [each.source_code for each in operations.missing_deliveries(home.database_url)] == ["desk"]
        balances(home)
        put(home, ROWS)
        assert walk(home)[-1] == "deliveries success"
        assert operations.missing_deliveries(home.database_url) == []
        balances(home)
        found = contents(home, TABLES)
    assert found == expected


@pytest.mark.parametrize("mended", ["replaced", pytest.param("removed", marks=pytest.mark.long)])
def test_a_stopped_batch_stays_out_alone_until_its_file_is_replaced_or_removed(
    new_night: Any, expected: Rows, mended: str
) -> None:
    with new_night("stopped") as home:
        change = {"path: 'desk_{business_date}.csv'": "path: 'desk_{business_date}.csv'\n    optional: true"}
        source = home.root / "sources" / "desk.yaml"
        for old, new in change.items():
            source.write_text(source.read_text().replace(old, new))
        path = put(home, ROWS.replace("answered", "nonsense"))
        said = walk(home)
        assert said[2:6] == ["extract desk success", "extract simulator success", "quality failed", "core success"]
        assert "score success" in said
        [stopped] = [batch for batch in operations.batches(home.database_url) if batch.is_stopped]
        words = "\n".join(said)
        assert (
            f"contact of 2026-01-02 in {path.resolve()} (batch {stopped.batch_number}) was stopped by the quality gate"
            in words
        )
        balances(home)
        if mended == "replaced":
            put(home, ROWS)
        else:
            path.unlink()
        assert walk(home)[-1] == "deliveries success"
        balances(home)
        found = contents(home, TABLES)
        if mended == "removed":
            assert not [row for row in found["core_contact"] if str(row[0]).startswith("D")]
            put(home, ROWS.replace("answered", "nonsense"))
            assert "quality failed" in walk(home)  # it is there again: judged again
            return
    assert found == expected


@pytest.mark.long
def test_a_stop_that_a_person_accepts_is_lifted_by_the_next_run(new_night: Any) -> None:
    rows = "".join(
        f"D{number},120000000001,2026-01-02T10:00:00+08:00,{'answered' if number % 2 else 'nonsense'}\n"
        for number in range(120)
    )
    with new_night("accepted") as home:
        put(home, rows)
        walk(home)
        [stopped] = [batch.batch_number for batch in operations.batches(home.database_url) if batch.is_stopped]
        operations.accept(home.database_url, stopped, "the rest is right", "ann")
        assert walk(home)[-1] == "deliveries success"
        balances(home)
        assert (
            len([row for row in contents(home, ["core_contact"])["core_contact"] if str(row[0]).startswith("D")]) == 60
        )


def test_of_a_day_of_which_nothing_could_be_read_nothing_is_made(new_night: Any) -> None:
    with new_night("nothing") as home:
        said = walk(home, ["desk", "nobody"])
        assert said[2:6] == ["extract desk failed", "extract nobody failed", "quality failed", "core failed"]
        assert not any(line.startswith("score") for line in said)
        assert operations.loaded_dates(home.database_url) == []


def test_airflow_shows_the_source_red_runs_what_follows_and_is_green_after_the_mend(
    new_night: Any, expected: Rows, template: Template, tmp_path: Path
) -> None:
    parameters = json.dumps({"from_day": str(DAY), "to_day": str(DAY), "sources": SOURCES}, separators=(",", ":"))
    due = dt.datetime(2026, 1, 3, 1, 30, tzinfo=dt.UTC)
    template.run("postgres", "create database airflow_sources")
    with new_night("airflow") as home:
        path = put(home, "")
        path.write_bytes(b"<html>please log in</html>")
        address = template.address("airflow_sources").replace("+psycopg:", "+psycopg2:")
        airflow = Airflow(home, address, tmp_path / "airflow.log")
        assert airflow.result() == "ready"
        _, state, tasks = airflow.run(due, "mend_nightly", parameters).split()
        ended = dict(each.split("=") for each in tasks.split(","))
        assert (state, ended.pop("due_months")) == ("failed", "skipped")
        assert {task for task, its in ended.items() if its == "failed"} == {"extract[0]", "deliveries"}
        assert {its for task, its in ended.items() if task not in ("extract[0]", "deliveries")} == {"success"}
        said = airflow.said()
        told = [
            place for place, line in enumerate(said.splitlines()) if f"NotDataError: {path.resolve()}: an HTML" in line
        ]
        assert "[error" in said.splitlines()[told[-1]]  # below the traceback, in words
        assert f"desk of 2026-01-02 was not read: {path.resolve()}: an HTML or XML page" in said
        put(home, ROWS)
        _, state, tasks = airflow.run(due + dt.timedelta(hours=1), "mend_nightly", parameters).split()
        assert state == "success", tasks
        airflow.end()
        found = contents(home, TABLES)
    template.run("postgres", "drop database airflow_sources with (force)")
    assert found == expected
