"""The same question gives the same world, byte for byte, however it is worked out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mend.cli.main import main
from mend.simulate import SimulationError, core_parquet, delivery, simulate


def content(folder: Path) -> dict[str, str]:
    """Each delivered file's hash, and each truth table's."""
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/*.csv.gz"))
    }
    for table in sorted((folder / "truth").glob("*.parquet")):
        rows = duckdb.sql(f"select * from '{table}' order by all").fetchall()
        files[f"truth/{table.name}"] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return files


def made(folder: Path, **changed: Any) -> dict[str, str]:
    simulate(folder, **{"customers": 120, "first_month": "2026-05", "months": 2, "seed": 3, **changed})
    return content(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world that the others are compared with."""
    folder = tmp_path_factory.mktemp("usual")
    made(folder)
    return folder


def test_the_same_seed_gives_the_same_files_whatever_the_chunks_threads_memory_and_days_written_together(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH_BYTES", 1)  # a day at a time
    monkeypatch.setattr(delivery, "BATCH_LINES", 7)
    assert made(tmp_path / "streamed", chunk_customers=50, threads=1, memory_limit="500MB") == content(folder)


def test_the_command_asks_for_fewer_contacts(tmp_path: Path, folder: Path) -> None:
    words = ["simulate", "--customers", "120", "--first-month", "2026-05", "--months", "2", "--seed", "3"]
    assert main([*words, "--contacts", "0.5", "--into", str(tmp_path / "quiet")]) == 0
    counts = [
        duckdb.sql(
            f"select sum(accepted_count) from '{of}/truth/files.parquet' where record_code = 'contact'"
        ).fetchall()
        for of in (folder, tmp_path / "quiet")
    ]
    ((usual,),), ((quiet,),) = counts
    assert 0.1 * usual < quiet < 0.5 * usual


def test_another_seed_gives_another_world(tmp_path: Path, folder: Path) -> None:
    usual, other = content(folder), made(tmp_path / "other", seed=4, months=1)
    assert other["2026-05-12/contact.csv.gz"] != usual["2026-05-12/contact.csv.gz"]


def test_dirt_changes_the_files_and_no_point_of_the_truth(tmp_path: Path, folder: Path) -> None:
    usual, clean = content(folder), made(tmp_path / "clean", dirty=False)
    assert clean["truth/ledger.parquet"] == usual["truth/ledger.parquet"]
    assert clean["truth/files.parquet"] != usual["truth/files.parquet"]
    planted = duckdb.sql(f"select count(*) from '{tmp_path}/clean/truth/dirt.parquet'").fetchall()
    assert planted == [(0,)]


def test_a_world_that_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    first = simulate(tmp_path, 20, "2026-05", 1, 1)
    file = tmp_path / "2026-05-01" / "customer.csv.gz"
    written = file.stat().st_mtime_ns
    assert simulate(tmp_path, 20, "2026-05", 1, 1) == first
    assert file.stat().st_mtime_ns == written


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("the only copy")
    with pytest.raises(SimulationError, match="not empty"):
        simulate(tmp_path, 20, "2026-05", 1, 1)
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize(
    "asked",
    [{"customers": 0}, {"months": 0}, {"first_month": "2026-13"}, {"first_month": "May"}, {"contacts_per_month": 0}],
)
def test_an_impossible_world_is_refused_in_words(tmp_path: Path, asked: dict[str, Any]) -> None:
    with pytest.raises(SimulationError):
        simulate(tmp_path / "none", **{"customers": 10, "months": 1, **asked})
    assert not (tmp_path / "none").exists()


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(message: str) -> None:
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        simulate(tmp_path / "half", 20, months=1, progress=fail)
    assert not (tmp_path / "half").exists()


def test_core_parquet_holds_the_same_world_by_day(tmp_path: Path, folder: Path) -> None:
    """The benchmark's way round the CSV files: as many rows as the files have accepted, each on its own day."""
    rows = core_parquet(tmp_path, customers=120, first_month="2026-05", months=2, seed=3, chunk_customers=50)
    query = f"""
        select record_code, sum(accepted_count)::bigint from '{folder}/truth/files.parquet'
        where record_code <> 'marketing_plan' group by 1"""
    assert rows.pop("ticket_version") > rows["ticket"]
    assert rows == dict(duckdb.sql(query).fetchall())
    days = duckdb.sql(f"""
        select count(*), count(distinct started_on), bool_and(started_on = timezone('Asia/Shanghai', started_at)::date)
        from read_parquet('{tmp_path}/contact/*/*.parquet', hive_partitioning = false)""").fetchall()
    assert days == [(rows["contact"], 61, True)]


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".simulating").mkdir()
    (tmp_path / "2026-05-01").mkdir()
    (tmp_path / "2026-05-01" / "contact.csv.gz").write_bytes(b"half a file")
    simulate(tmp_path, 20, "2026-05", 1, 1)
    assert not (tmp_path / ".simulating").exists()
    assert (tmp_path / "2026-05-01" / "contact.csv.gz").read_bytes()[:2] == b"\x1f\x8b"
