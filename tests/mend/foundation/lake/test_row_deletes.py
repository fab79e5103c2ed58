"""Rows that are deleted where they lie: what our views, PyIceberg's own reader and the housekeeping make of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pyiceberg.expressions import EqualTo
from pyiceberg.manifest import DataFile, ManifestContent

from mend.foundation.lake import LakeConflict, LakeError, Maintenance, StoredFile
from mend.foundation.lake.filters import equal, no_row
from mend.foundation.lake.lake import MOST_MANIFESTS
from mend.foundation.lake.row_deletes import RowDeletes, delete_file
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench

TABLE = "mart_topic_handling_month"
FIRST, SECOND = "2026-05", "2026-06"
NOTHING: list[StoredFile] = []


def fill(bench: Workbench, month: str, topics: int) -> StoredFile:
    """A file of the month with topics 0, 1, ...; each topic's number is its count."""
    query = (
        f"select '{month}' as month, 'topic ' || i as topic_code, 1.0::double as median_handling_seconds, i::bigint "
        f"as contact_count "
        f"from range({topics}) r(i) order by i"
    )
    files = bench.write(TABLE, query)
    bench.lake.replace(TABLE, no_row(), files)
    (stored,) = [file for file in bench.lake.files(TABLE) if file.path.endswith(files[0].path.rsplit("/data/", 1)[1])]
    return stored


def delete(bench: Workbench, file: StoredFile, *rows: int) -> StoredFile:
    """The file without these of its rows, committed."""
    less = bench.without_rows(TABLE, file, "select unnest(cast($rows as bigint[])) as file_row", {"rows": list(rows)})
    bench.lake.replace(TABLE, no_row(), [less], gone=[file])
    return less


def counts(bench: Workbench, month: str) -> list[int]:
    bench.view(TABLE)
    return [
        row[0]
        for row in bench.sql(f"select contact_count from {TABLE} where month = $month order by all", {"month": month})
    ]


def counts_by_pyiceberg(bench: Workbench, month: str) -> list[int]:
    found = bench.lake.table(TABLE, fresh=True).scan(row_filter=EqualTo("month", month)).to_arrow()
    return sorted(found.column("contact_count").to_pylist())


def test_deleted_rows_are_not_read_by_us_nor_by_pyiceberg(bench: Workbench) -> None:
    file = fill(bench, FIRST, 5)
    fill(bench, SECOND, 2)
    file = delete(bench, file, 1)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [0, 2, 3, 4]
    file = delete(bench, file, 4, 0)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [2, 3]
    assert counts(bench, SECOND) == counts_by_pyiceberg(bench, SECOND) == [0, 1]
    assert bench.lake.row_count(TABLE) == 4
    assert bench.lake.rows_by_partition(TABLE, [file]) == {(FIRST,): 2}
    assert bench.lake.rows_matching(TABLE, equal("month", FIRST)) == 2


def test_the_summary_of_a_snapshot_counts_its_deletes(bench: Workbench) -> None:
    file = delete(bench, fill(bench, FIRST, 5), 1)
    delete(bench, file, 2)
    snapshot = bench.lake.table(TABLE, fresh=True).current_snapshot()
    assert snapshot is not None
    assert snapshot.summary is not None
    totals = {
        name: snapshot.summary[f"total-{name}"]
        for name in ("data-files", "delete-files", "position-deletes", "records")
    }
    assert totals == {"data-files": "1", "delete-files": "1", "position-deletes": "2", "records": "5"}


def test_an_earlier_snapshot_has_the_rows_that_were_deleted_later(bench: Workbench) -> None:
    file = delete(bench, fill(bench, FIRST, 5), 1)
    before = bench.lake.table(TABLE, fresh=True).current_snapshot()
    assert before is not None
    delete(bench, file, 2)
    bench.view_files(TABLE, bench.lake.files(TABLE, snapshot_id=before.snapshot_id), "earlier")
    assert bench.sql("select contact_count from earlier order by 1") == [(0,), (2,), (3,), (4,)]


def test_places_of_rows_are_those_that_the_file_gives_them(bench: Workbench) -> None:
    whole, less = fill(bench, SECOND, 2), delete(bench, fill(bench, FIRST, 4), 1)
    bench.view_files(TABLE, [whole, less], "placed", with_place=True)
    found = bench.sql("select file_path, file_row, contact_count from placed order by month, file_row")
    assert found == [(less.path, 0, 0), (less.path, 2, 2), (less.path, 3, 3), (whole.path, 0, 0), (whole.path, 1, 1)]


def test_two_that_delete_from_one_file_are_a_conflict_and_the_first_stands(bench: Workbench) -> None:
    file = fill(bench, FIRST, 4)
    delete(bench, file, 0)
    with pytest.raises(LakeConflict, match="1 files to be replaced are not there any more"):
        delete(bench, file, 1)
    assert counts(bench, FIRST) == [1, 2, 3]


def test_a_file_that_is_not_going_cannot_come_again_with_deletes(bench: Workbench) -> None:
    file = fill(bench, FIRST, 4)
    less = bench.without_rows(TABLE, file, "select 0 as file_row")
    with pytest.raises(LakeError, match="1 files come with deletes, and are none of those that go"):
        bench.lake.replace(TABLE, no_row(), [less])
    assert counts(bench, FIRST) == [0, 1, 2, 3]


def test_the_deletes_of_a_partition_that_is_replaced_go_with_it(bench: Workbench) -> None:
    delete(bench, fill(bench, FIRST, 4), 0)
    delete(bench, fill(bench, SECOND, 4), 1)
    bench.lake.replace(TABLE, equal("month", FIRST), NOTHING)
    assert (counts(bench, FIRST), counts(bench, SECOND)) == ([], [0, 2, 3])
    assert len(_live_deletes(bench)) == 1
    bench.lake.replace(TABLE, equal("month", SECOND), NOTHING)
    assert _live_deletes(bench) == []


def test_of_a_file_with_deletes_the_rows_that_match_go_and_the_deleted_do_not_come_back(bench: Workbench) -> None:
    delete(bench, fill(bench, FIRST, 4), 0)
    bench.lake.replace(TABLE, equal("topic_code", "topic 2"), NOTHING)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [1, 3]


def test_compaction_leaves_no_deletes_and_the_same_rows(bench: Workbench) -> None:
    files = [fill(bench, FIRST, 4) for _ in range(4)]
    delete(bench, files[0], 0)
    assert compact(bench, TABLE) == 1
    assert counts(bench, FIRST) == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    assert [file.deletes for file in bench.lake.files(TABLE)] == [None]


def test_manifests_are_merged_with_deletes_among_them(bench: Workbench) -> None:
    file = delete(bench, fill(bench, FIRST, 40), 0)
    for number in range(MOST_MANIFESTS):
        fill(bench, SECOND, 1)
        file = delete(bench, file, number + 1)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == list(range(MOST_MANIFESTS + 1, 40))
    snapshot = bench.lake.table(TABLE, fresh=True).current_snapshot()
    assert snapshot is not None
    assert len(snapshot.manifests(bench.lake.table(TABLE).io)) <= MOST_MANIFESTS + 1


def test_housekeeping_keeps_the_deletes_that_a_snapshot_names_and_removes_the_others(bench: Workbench) -> None:
    file = delete(bench, fill(bench, FIRST, 4), 0)
    file = delete(bench, file, 1)
    folder = Path(file.path.removeprefix("file://")).parents[2]
    assert len(list(folder.rglob("deletes.parquet"))) == 2
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    Maintenance(bench.lake).run(TABLE, later, dt.timedelta(0), dt.timedelta(0))
    assert [str(path) for path in folder.rglob("deletes.parquet")] == [str(file.deletes)]
    assert counts(bench, FIRST) == [2, 3]


def test_deletes_of_another_kind_are_refused(bench: Workbench) -> None:
    """Of another writer, whose delete files do not say which data file they belong to."""
    stored = fill(bench, FIRST, 4)
    less = bench.without_rows(TABLE, stored, "select 0 as file_row")
    table = bench.lake.table(TABLE, fresh=True)
    (of_data,) = [task.file for task in table.scan().plan_files()]
    theirs = delete_file(table, of_data, str(less.deletes))
    theirs.lower_bounds.clear()
    with table.transaction() as transaction, RowDeletes(transaction, table, [theirs], []):
        pass
    with pytest.raises(LakeError, match=f"{TABLE}: row-level deletes of another writer are not read"):
        bench.lake.files(TABLE)


def _live_deletes(bench: Workbench) -> list[DataFile]:
    table = bench.lake.table(TABLE, fresh=True)
    snapshot = table.current_snapshot()
    assert snapshot is not None
    manifests = [each for each in snapshot.manifests(table.io) if each.content is ManifestContent.DELETES]
    return [entry.data_file for each in manifests for entry in each.fetch_manifest_entry(table.io)]
