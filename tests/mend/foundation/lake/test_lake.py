"""The lake on the real catalog: partitions are replaced whole or not at all, whoever else writes."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from pyiceberg.exceptions import ValidationException
from pyiceberg.manifest import ManifestEntry
from pyiceberg.table.update.snapshot import _OverwriteFiles

from mend.foundation.engine.duckdb_engine import EngineError
from mend.foundation.home import Home
from mend.foundation.lake import LakeConflict, LakeError, Maintenance
from mend.foundation.lake.data_files import written
from mend.foundation.lake.filters import equal, no_row, one_of
from mend.foundation.lake.lake import MOST_MANIFESTS
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

VALUES = {
    "string": "'text ' || i",
    "integer": "i",
    "long": "i",
    "double": "i / 2",
    "decimal": "i / 2",
    "points": "i / 2",
    "date": "date '2026-05-01' + i::int",
    "timestamp": "timestamptz '2026-05-01 10:00:00+08'",
    "boolean": "i > 1",
}
TABLE = "mart_topic_handling_month"
Rows = list[tuple[str, str, float, int]]


def month(name: str, topics: int, value: float) -> str:
    """A query for a month of `topics` topics, all with the same figure."""
    columns = (
        f"'{name}' as month, 'topic ' || i as topic_code, {value}::double as median_handling_seconds, 1 as "
        f"contact_count"
    )
    return f"select {columns} from range({topics}) r(i)"


def rows(bench: Workbench) -> Rows:
    bench.view(TABLE)
    return bench.sql(f"select * from {TABLE} order by all")


@pytest.mark.parametrize(("times", "is_done"), [(2, True), (3, False)])
def test_a_commit_that_overlooked_a_manifest_is_tried_again(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, times: int, is_done: bool
) -> None:
    """PyIceberg's evaluator is shared by its threads: one manifest may be judged by another's bounds."""
    bench.replace(TABLE, month("2026-05", 2, 1), equal("month", "2026-05"))
    found = _OverwriteFiles._deleted_entries
    left = [times]

    def overlooks(self: _OverwriteFiles) -> list[ManifestEntry]:
        left[0] -= 1
        if left[0] >= 0:
            self._validate_required_deletes([])
        return found(self)

    monkeypatch.setattr(_OverwriteFiles, "_deleted_entries", overlooks)
    if is_done:
        assert bench.replace(TABLE, month("2026-05", 1, 9), equal("month", "2026-05")) == 1
        assert rows(bench) == [("2026-05", "topic 0", 9.0, 1)]
    else:
        with pytest.raises(ValidationException):
            bench.replace(TABLE, month("2026-05", 1, 9), equal("month", "2026-05"))
        assert [row[2] for row in rows(bench)] == [1.0, 1.0]


def test_a_replacement_takes_the_partition_s_rows_and_no_other_s(bench: Workbench) -> None:
    bench.replace(
        TABLE, f"{month('2026-05', 2, 1)} union all {month('2026-06', 1, 1)}", one_of("month", ["2026-05", "2026-06"])
    )
    written = bench.replace(TABLE, month("2026-05", 1, 9), equal("month", "2026-05"))
    assert written == 1
    assert rows(bench) == [("2026-05", "topic 0", 9.0, 1), ("2026-06", "topic 0", 1.0, 1)]


def test_a_file_of_any_table_is_described_with_its_rows(bench: Workbench) -> None:
    for name, described in TABLES.items():
        values = [
            f"case when {column.required} or i < 2 then {VALUES[column.type]} end as {column.name}"
            for column in described.columns
        ]
        files = [file.path for file in bench.write(name, f"select {', '.join(values)} from range(3) r(i)")]
        assert sum(file.record_count for file in written(bench.lake.table(name), files)) == 3, name


def test_rows_of_files_are_counted_by_their_partitions(bench: Workbench) -> None:
    bench.replace(
        TABLE, f"{month('2026-05', 2, 1)} union all {month('2026-06', 3, 1)}", one_of("month", ["2026-05", "2026-06"])
    )
    bench.lake.replace(TABLE, no_row(), bench.write(TABLE, month("2026-06", 1, 9)))
    files = bench.lake.files(TABLE)
    assert bench.lake.rows_by_partition(TABLE, files) == {("2026-05",): 2, ("2026-06",): 4}
    assert bench.lake.rows_by_partition(TABLE, bench.lake.files(TABLE, equal("month", "2026-05"))) == {("2026-05",): 2}
    bench.replace(TABLE, month("2026-05", 1, 2), equal("month", "2026-05"))
    with pytest.raises(LakeConflict, match="1 files"):
        bench.lake.rows_by_partition(TABLE, files)


def test_a_replacement_by_nothing_empties_the_partition(bench: Workbench) -> None:
    bench.replace(TABLE, month("2026-05", 2, 1), equal("month", "2026-05"))
    assert bench.replace(TABLE, f"{month('2026-05', 2, 1)} where false", equal("month", "2026-05")) == 0
    assert rows(bench) == []


def test_of_a_file_with_other_rows_too_only_those_that_match_go(bench: Workbench) -> None:
    bench.replace(TABLE, month("2026-05", 3, 1), equal("month", "2026-05"))
    bench.lake.replace(TABLE, equal("topic_code", "topic 1"), bench.write(TABLE, month("2026-06", 1, 2)))
    assert [row[:3] for row in rows(bench)] == [
        ("2026-05", "topic 0", 1.0),
        ("2026-05", "topic 2", 1.0),
        ("2026-06", "topic 0", 2.0),
    ]


def test_many_commits_leave_few_manifests_and_every_row(bench: Workbench) -> None:
    names = [f"{2000 + number}-01" for number in range(2 * MOST_MANIFESTS)]
    most = 0
    for number, name in enumerate(names):
        bench.replace(TABLE, month(name, 1, number), equal("month", name))
        snapshot = bench.lake.table(TABLE).current_snapshot()
        assert snapshot is not None
        most = max(most, len(snapshot.manifests(bench.lake.table(TABLE).io)))
    assert most == MOST_MANIFESTS
    assert [(name, value) for name, _, value, _ in rows(bench)] == [
        (name, float(number)) for number, name in enumerate(names)
    ]


def test_a_replacement_is_one_snapshot(bench: Workbench) -> None:
    for value in (1, 2):
        bench.replace(TABLE, month("2026-05", 1, value), equal("month", "2026-05"))
    assert len(bench.lake.table(TABLE).snapshots()) == 2
    bench.lake.replace(TABLE, equal("month", "2026-07"), [])  # nothing comes, nothing goes
    assert len(bench.lake.table(TABLE, fresh=True).snapshots()) == 2


def test_a_view_stays_at_its_snapshot_while_others_write(bench: Workbench) -> None:
    bench.replace(TABLE, month("2026-05", 1, 1), equal("month", "2026-05"))
    bench.view(TABLE, as_name="before")
    bench.replace(TABLE, month("2026-05", 1, 2), equal("month", "2026-05"))
    assert bench.sql("select median_handling_seconds from before") == [(1.0,)]


def test_an_empty_required_column_is_an_error_and_nothing_is_written(bench: Workbench) -> None:
    with pytest.raises(EngineError, match=r"mart_topic_handling_month: .*topic_code is empty"):
        bench.replace(
            TABLE, f"select * replace (null as topic_code) from ({month('2026-05', 1, 1)})", equal("month", "2026-05")
        )
    assert rows(bench) == []


def test_a_model_without_a_column_names_table_and_column(bench: Workbench) -> None:
    with pytest.raises(EngineError, match=r"mart_topic_handling_month: .*contact_count"):
        bench.replace(
            TABLE,
            "select '2026-05' as month, 't' as topic_code, 1.0 as median_handling_seconds",
            equal("month", "2026-05"),
        )


def test_a_table_that_is_none_is_an_error(bench: Workbench) -> None:
    with pytest.raises(LakeError, match="no_such_table"):
        bench.lake.table("no_such_table")


def test_files_of_days_are_those_that_a_filter_finds(bench: Workbench) -> None:
    days = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(4)]
    query = (
        "select 'c' || i as customer_id, date '2026-05-01' + i::int as subject_on, date '2026-05-01' as "
        "posted_on, 1 as contact_count, "
    )
    query += (
        "1 as incident_count, timestamptz '2026-05-01 00:00:00+00' as last_contact_at, 'k' as last_contact_id "
        "from range(4) r(i)"
    )
    bench.replace("mart_exposure_day", query, one_of("subject_on", days))
    assert bench.lake.days("mart_exposure_day", "subject_on") == set(days)
    by_partition = bench.lake.files_of("mart_exposure_day", subject_on=days[1:3])
    assert by_partition == bench.lake.files("mart_exposure_day", one_of("subject_on", days[1:3]))
    assert len(by_partition) == 2


def _write(home: Home, name: str, value: float, times: int) -> None:
    with Workbench.open(home) as bench:
        for _ in range(times):
            bench.replace(TABLE, month(name, 50, value), equal("month", name))


def test_writers_of_the_same_and_of_other_partitions_at_once_lose_and_double_nothing(home: Home) -> None:
    spawn = multiprocessing.get_context("spawn")
    work = [("2026-05", 1.0), ("2026-05", 2.0), ("2026-06", 3.0), ("2026-07", 4.0)]
    writers = [spawn.Process(target=_write, args=(home, name, value, 3)) for name, value in work]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    with Workbench.open(home) as bench:
        bench.view(TABLE)
        seen = bench.sql(
            f"select month, count(*), count(distinct median_handling_seconds) from {TABLE} group by month order by "
            f"month"
        )
    assert seen == [("2026-05", 50, 1), ("2026-06", 50, 1), ("2026-07", 50, 1)]


def test_a_killed_writer_leaves_no_row_and_its_files_are_removed(home: Home) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(home, "2026-05", 1.0, 10_000))
    writer.start()
    data = Path(home.warehouse.removeprefix("file://")) / "mend" / TABLE / "data"
    while not data.exists() or len(list(data.iterdir())) < 5:
        time.sleep(0.02)
    assert writer.pid
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    with Workbench.open(home) as bench:
        assert len(rows(bench)) == 50
        report = Maintenance(bench.lake).run(TABLE, dt.datetime.now(dt.UTC), dt.timedelta(0), dt.timedelta(0))
        assert report.snapshots_expired > 0
        assert report.orphans_removed > 0
        assert len(rows(bench)) == 50
        assert len(list(data.rglob("*.parquet"))) == len(bench.lake.files(TABLE))


def test_maintenance_leaves_young_files_alone(bench: Workbench) -> None:
    bench.replace(TABLE, month("2026-05", 1, 1), equal("month", "2026-05"))
    bench.write(TABLE, month("2026-06", 1, 1))  # a write under way, not committed yet
    report = Maintenance(bench.lake).run(TABLE, dt.datetime.now(dt.UTC), dt.timedelta(days=1), dt.timedelta(hours=1))
    assert report.orphans_removed == 0


def test_compaction_makes_one_file_of_many_with_the_same_rows(bench: Workbench) -> None:
    files = [bench.write(TABLE, month("2026-05", 1, value))[0] for value in range(5)]
    bench.lake.replace(TABLE, equal("month", "2026-05"), files)
    bench.replace(TABLE, month("2026-06", 3, 7), equal("month", "2026-06"))
    before = rows(bench)
    assert compact(bench, TABLE) == 1
    assert rows(bench) == before
    assert len(bench.lake.files(TABLE)) == 2
    assert compact(bench, TABLE) == 0


def test_compaction_gives_way_to_a_writer(bench: Workbench) -> None:
    files = [bench.write(TABLE, month("2026-05", 1, value))[0] for value in range(5)]
    bench.lake.replace(TABLE, equal("month", "2026-05"), files)
    snapshot, crowded = bench.lake.crowded_partitions(TABLE, 4)
    assert list(crowded) == [("2026-05",)]
    bench.replace(TABLE, month("2026-05", 1, 99), equal("month", "2026-05"))
    assert bench.lake.replace(TABLE, equal("month", "2026-05"), files, snapshot) is False
    assert rows(bench) == [("2026-05", "topic 0", 99.0, 1)]
