"""A lake in which an earlier version of Mend, or another writer, deleted rows by naming them: none comes back."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyiceberg.expressions import EqualTo
from tests.mend.foundation.lake.position_deletes import delete_rows

from mend.foundation.home import Home
from mend.foundation.lake import LakeError, Maintenance, StoredFile
from mend.foundation.lake.filters import equal, no_row
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench

TABLE = "mart_topic_handling_month"
FIRST, SECOND = "2026-05", "2026-06"


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


def delete(bench: Workbench, file: StoredFile, *rows: int, is_bounded: bool = True) -> str:
    """Delete rows of the file as the version before did."""
    return delete_rows(bench.lake.table(TABLE, fresh=True), file.path, rows, is_bounded)


def counts(bench: Workbench, month: str) -> list[int]:
    bench.view(TABLE)
    query = f"select contact_count from {TABLE} where month = $month order by all"
    return [row[0] for row in bench.sql(query, {"month": month})]


def counts_by_pyiceberg(bench: Workbench, month: str) -> list[int]:
    found = bench.lake.table(TABLE, fresh=True).scan(row_filter=EqualTo("month", month)).to_arrow()
    return sorted(found.column("contact_count").to_pylist())


def test_deleted_rows_are_taken_out_of_their_files_when_the_table_is_first_used(bench: Workbench) -> None:
    first, second = fill(bench, FIRST, 5), fill(bench, SECOND, 2)
    delete(bench, first, 1)
    delete(bench, first, 4, 0)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [2, 3]
    assert counts(bench, SECOND) == counts_by_pyiceberg(bench, SECOND) == [0, 1]
    assert second in bench.lake.files(TABLE)
    assert first not in bench.lake.files(TABLE)
    assert bench.lake.row_count(TABLE) == 4
    assert bench.lake.rows_matching(TABLE, equal("month", FIRST)) == 2


def test_that_is_done_once(bench: Workbench) -> None:
    delete(bench, fill(bench, FIRST, 5), 1)
    before = bench.lake.files(TABLE)
    snapshot = bench.lake.table(TABLE, fresh=True).current_snapshot()
    assert counts(bench, FIRST) == [0, 2, 3, 4]
    assert bench.lake.files(TABLE) == before
    assert bench.lake.table(TABLE, fresh=True).current_snapshot() == snapshot


def test_a_file_without_a_row_left_goes(bench: Workbench) -> None:
    delete(bench, fill(bench, FIRST, 2), 0, 1)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == []
    assert bench.lake.files(TABLE) == []


def test_deletes_that_do_not_say_which_file_they_belong_to_are_read_too(bench: Workbench) -> None:
    """As other writers leave them: one delete file for a whole partition."""
    delete(bench, fill(bench, FIRST, 4), 0, 3, is_bounded=False)
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [1, 2]


@pytest.mark.parametrize("is_first_read", [True, False])
def test_a_write_is_a_first_use_too(bench: Workbench, is_first_read: bool) -> None:
    delete(bench, fill(bench, FIRST, 4), 0)
    if is_first_read:
        bench.lake.files(TABLE)
    bench.lake.replace(TABLE, equal("month", SECOND), bench.write(TABLE, month(SECOND)))
    bench.lake.replace(TABLE, equal("topic_code", "topic 2"), [])
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [1, 3]
    assert counts(bench, SECOND) == [7]
    bench.lake.replace(TABLE, equal("month", FIRST), [])
    assert counts(bench, FIRST) == []


def month(name: str) -> str:
    columns = "'topic 7' as topic_code, 1.0::double as median_handling_seconds, 7 as contact_count"
    return f"select '{name}' as month, {columns}"


def test_an_earlier_snapshot_is_refused_and_not_read_with_the_deleted_rows(bench: Workbench) -> None:
    file = fill(bench, FIRST, 4)
    whole = bench.lake.table(TABLE, fresh=True).current_snapshot()
    delete(bench, file, 1)
    with_deletes = bench.lake.table(TABLE, fresh=True).current_snapshot()
    assert counts(bench, FIRST) == [0, 2, 3]
    assert whole is not None
    assert with_deletes is not None
    assert bench.lake.files(TABLE, snapshot_id=whole.snapshot_id) == [file]
    with pytest.raises(LakeError, match=f"{TABLE}: in snapshot {with_deletes.snapshot_id} rows of 1 files are deleted"):
        bench.lake.files(TABLE, snapshot_id=with_deletes.snapshot_id)


def test_compaction_brings_no_row_back(bench: Workbench) -> None:
    files = [fill(bench, FIRST, 4) for _ in range(4)]
    delete(bench, files[0], 0)
    assert compact(bench, TABLE) == 1
    assert counts(bench, FIRST) == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]


def test_housekeeping_keeps_what_a_snapshot_names_and_removes_the_rest(bench: Workbench) -> None:
    deletes = delete(bench, fill(bench, FIRST, 4), 0)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    folder = Path(bench.lake.table(TABLE).location().removeprefix("file://")) / "data"
    (folder / "left").mkdir()
    pq.write_table(pq.read_table(deletes.removeprefix("file://")), folder / "left" / "rows.parquet")
    Maintenance(bench.lake).run(TABLE, later, dt.timedelta(days=1), dt.timedelta(0))
    assert not (folder / "left" / "rows.parquet").exists()
    assert Path(deletes.removeprefix("file://")).exists()
    assert counts(bench, FIRST) == counts_by_pyiceberg(bench, FIRST) == [1, 2, 3]


def _use(home: Home) -> None:
    with Workbench.open(home) as bench:
        assert counts(bench, FIRST) == [1, 2, 3]


def test_two_first_users_at_once_lose_and_double_nothing(home: Home) -> None:
    with Workbench.open(home) as bench:
        delete(bench, fill(bench, FIRST, 4), 0)
    spawn = multiprocessing.get_context("spawn")
    users = [spawn.Process(target=_use, args=(home,)) for _ in range(2)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert [user.exitcode for user in users] == [0, 0]
    _use(home)
