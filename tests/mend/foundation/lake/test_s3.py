"""A lake in a bucket: the same verbs as in a folder, on a real S3 server in a process of its own."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ZONE, Template, fresh_home
from tests.mend.foundation.lake.position_deletes import delete_rows
from tests.mend.intake.core.arrivals import arrive, contact

from mend import asof
from mend.damage import closing, scoring
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation import identity, operations, server, sessions
from mend.foundation.home import Home
from mend.foundation.lake import Maintenance
from mend.foundation.lake.filters import equal, every_row, no_row, one_of
from mend.foundation.opening import Mixed, as_moved, open_home
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench, object_store
from mend.intake import core

TABLE = "mart_topic_handling_month"
BUCKET = "centre-lake"
START_SECONDS = 60
DAY = dt.date(2024, 3, 1)
NEXT_DAY = dt.date(2024, 3, 2)
KEYS = {"MEND_S3_ACCESS_KEY": "mend", "MEND_S3_SECRET_KEY": "not-a-secret", "MEND_S3_REGION": "cn-north-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """URL of an S3 server that nobody else uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("moto's server did not start")


@pytest.fixture(scope="module")
def home(template: Template, endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose lake is under a prefix of a bucket."""
    template.run("postgres", "create database mend_s3", "create database mend_lake_s3")
    environment = {
        "MEND_ZONE": ZONE,
        "MEND_LAKE": f"s3://{BUCKET}/mend",
        "MEND_DATABASE_URL": template.address("mend_s3"),
        "MEND_CATALOG_URL": template.address("mend_lake_s3"),
        "MEND_S3_ENDPOINT": endpoint,
        **KEYS,
    }
    made = Home.at(tmp_path_factory.mktemp("s3") / "home", environment)
    made.prepare()
    object_store(made).mkdir(BUCKET)
    operations.upgrade(made.database_url)
    yield made
    template.run("postgres", "drop database mend_s3 with (force)", "drop database mend_lake_s3 with (force)")


@pytest.fixture
def bench(home: Home) -> Iterator[Workbench]:
    with Workbench.open(home) as opened:
        opened.lake.replace(TABLE, every_row(), [])
        yield opened


def month(name: str, topics: int, value: float) -> str:
    """A query for a month of `topics` topics, all with the same figure."""
    columns = (
        f"'{name}' as month, 'topic ' || i as topic_code, {value}::double as median_handling_seconds, 1 as "
        f"contact_count"
    )
    return f"select {columns} from range({topics}) r(i)"


def rows(bench: Workbench) -> list[tuple[Any, ...]]:
    bench.view(TABLE)
    return bench.sql(f"select month, topic_code, median_handling_seconds from {TABLE} order by all")


def test_a_partition_is_written_read_and_replaced(bench: Workbench) -> None:
    bench.replace(
        TABLE, f"{month('2026-05', 2, 1)} union all {month('2026-06', 1, 1)}", one_of("month", ["2026-05", "2026-06"])
    )
    assert bench.replace(TABLE, month("2026-05", 1, 9), equal("month", "2026-05")) == 1
    assert rows(bench) == [("2026-05", "topic 0", 9.0), ("2026-06", "topic 0", 1.0)]
    assert all(file.path.startswith(f"s3://{BUCKET}/mend/mend/{TABLE}/data/") for file in bench.lake.files(TABLE))


def test_a_query_gives_a_file_for_each_of_many_partitions_and_loses_no_row(bench: Workbench) -> None:
    """More of them than the engine keeps open at once, in rows that jump from one to the other."""
    query = (
        "select strftime(date '1990-01-01' + to_months((i % 120)::int), '%Y-%m') as month, 'topic ' || i as "
        "topic_code, "
        "1.0 as median_handling_seconds, 1 as contact_count from range(12000) r(i) order by hash(i)"
    )
    bench.lake.replace(TABLE, no_row(), bench.write(TABLE, query))
    bench.view(TABLE)
    counted = bench.sql(f"select count(*), count(distinct topic_code), count(distinct month) from {TABLE}")
    assert counted == [(12000, 12000, 120)]


def test_housekeeping_compacts_expires_and_removes_orphans_and_readers_see_the_same(
    home: Home, bench: Workbench
) -> None:
    files = [bench.write(TABLE, month("2026-05", 1, value))[0] for value in range(5)]
    bench.lake.replace(TABLE, equal("month", "2026-05"), files)
    bench.write(TABLE, month("2026-07", 1, 1))  # left by a writer that was killed
    before = rows(bench)
    assert compact(bench, TABLE) == 1
    store = object_store(home)
    young = Maintenance(bench.lake, store).run(TABLE, dt.datetime.now(dt.UTC), dt.timedelta(0), dt.timedelta(hours=1))
    assert (young.snapshots_expired > 0, young.orphans_removed) == (True, 0)
    old = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)  # a bucket counts in whole seconds
    report = Maintenance(bench.lake, store).run(TABLE, old, dt.timedelta(0), dt.timedelta(0))
    assert report.orphans_removed >= 6
    assert report.bytes_freed > 0
    assert rows(bench) == before
    kept = {f"s3://{path}" for path in store.find(f"{BUCKET}/mend/mend/{TABLE}/data")}
    assert kept == {file.path for file in bench.lake.files(TABLE)}


def test_rows_that_an_earlier_version_deleted_are_taken_out_of_their_files(bench: Workbench) -> None:
    bench.replace(TABLE, f"{month('2026-08', 4, 1)} order by topic_code", equal("month", "2026-08"))
    (file,) = bench.lake.files_of(TABLE, month=["2026-08"])
    delete_rows(bench.lake.table(TABLE, fresh=True), file.path, [1, 2])
    assert [row for row in rows(bench) if row[0] == "2026-08"] == [
        ("2026-08", "topic 0", 1.0),
        ("2026-08", "topic 3", 1.0),
    ]
    bench.replace(TABLE, f"{month('2026-08', 4, 1)} where false", equal("month", "2026-08"))
    assert bench.lake.files_of(TABLE, month=["2026-08"]) == []


def test_a_day_is_loaded_and_scored_in_a_bucket_as_in_a_folder(home: Home, template: Template, tmp_path: Path) -> None:
    with fresh_home(template, tmp_path) as in_a_folder:
        expected = loaded_and_scored(in_a_folder)
    assert loaded_and_scored(home) == expected
    ledger, damaged = expected["mart_damage_ledger"], expected["mart_damage_month"]
    assert {row[0] for row in ledger} == {"c-1", "c-2"}
    assert len(damaged) == 2


def test_a_past_date_is_shown_in_a_folder_from_the_bucket_s_files(home: Home, tmp_path: Path) -> None:
    with Workbench.open(home) as bench:
        for day in (NEXT_DAY, NEXT_DAY + dt.timedelta(days=1)):
            arrive(home, bench, day, [contact("late", f"{NEXT_DAY} 09:00:00", topic_code=day.isoformat())])
            core.load(home, bench, [day])
    second = asof.begin(home, tmp_path / "then", NEXT_DAY)
    try:
        server.start(second)
        operations.upgrade(second.database_url)
        asof.reference(home, second, NEXT_DAY)
        with Workbench.open(second) as bench:
            core.load(second, bench, [NEXT_DAY])
            bench.view("core_contact")
            shown = bench.sql("select topic_code from core_contact where contact_id = 'late'")
            assert bench.lake.warehouse.startswith("file://")
    finally:
        server.remove(second)
    assert shown == [(NEXT_DAY.isoformat(),)]


def loaded_and_scored(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Two customers' bad day, one of its rows corrected and one refused, through core load and scoring; what came of
    it.
    """
    with Workbench.open(home) as bench:
        abandoned = {"is_answered": False, "is_abandoned": True, "queue_seconds": 40, "outcome": "abandoned"}
        waited = {"is_answered": True, "queue_seconds": 200, "outcome": "answered", "customer_id": "c-2"}
        arrive(
            home, bench, DAY, [contact("a", "2024-03-01 09:00:00", **abandoned), contact("b", "2024-03-01 10:00:00")]
        )
        arrive(home, bench, DAY, [contact("b", "2024-03-01 10:00:00", **waited)], rejected=["bad_date"])
        core.load(home, bench, [DAY])
        core.reconcile(home, bench, [DAY])
        scoring.score(home, bench, [DAY], provided=EVERYTHING)
        closing.month_to_date_view(home, bench)
        shown = {
            "core_contact": "*",
            "core_superseded": "subject_id",
            "core_quarantine": "reason_code",
            "mart_exposure_day": "*",
        }
        for table in shown:
            bench.view(table)
        bench.view("mart_damage_ledger")
        shown |= {"mart_damage_ledger": "customer_id, indicator_id, points, posted_on", "mart_damage_month": "*"}
        return {table: bench.sql(f"select {columns} from {table} order by all") for table, columns in shown.items()}


def test_a_second_home_is_not_let_into_the_bucket(home: Home, template: Template, tmp_path: Path) -> None:
    """Its catalog would not know the first one's files, and take them for waste."""
    with Workbench.open(home):
        pass
    template.run("postgres", "create database mend_s3_other", "create database mend_lake_s3_other")
    databases = {
        "MEND_DATABASE_URL": template.address("mend_s3_other"),
        "MEND_CATALOG_URL": template.address("mend_lake_s3_other"),
    }
    other = Home.at(tmp_path / "other", dict(home.settings) | databases)
    try:
        with pytest.raises(
            Mixed, match=r"the lake in s3://centre-lake/mend holds tables that the catalog's database does not know"
        ):
            open_home(other)
        with pytest.raises(Mixed):
            as_moved(other)
    finally:
        sessions.close_idle()
        template.run(
            "postgres", "drop database mend_s3_other with (force)", "drop database mend_lake_s3_other with (force)"
        )


def test_a_folder_that_is_made_again_is_the_home_of_its_stores(home: Home, tmp_path: Path) -> None:
    """As in a container, whose stores are all elsewhere."""
    with Workbench.open(home):
        pass
    again = Home.at(tmp_path / "again", home.settings)
    open_home(again)
    assert identity.recorded(again.root).home_id == identity.recorded(home.root).home_id  # type: ignore[union-attr]
