"""One small world for all tests of this room: two thousand customers, two months, dirt as usual."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from mend.foundation.schema import RECORDS
from mend.simulate import simulate


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the simulated world."""
    folder = tmp_path_factory.mktemp("simulated") / "world"
    simulate(folder, customers=2000, first_month="2026-05", months=2, seed=7)
    return folder


@pytest.fixture(scope="session")
def delivered(world: Path) -> duckdb.DuckDBPyConnection:
    """The truth as views `ledger`, `month`, `topic_median`, `dirt`, `files`; what was delivered as text tables.

    `contact` and `ticket` hold the last version of each sound row, `all_contact` and `all_ticket` every version.
    """
    connection = duckdb.connect()
    for table in ("ledger", "month", "topic_median", "dirt", "files"):
        connection.execute(f"create view {table} as from '{world}/truth/{table}.parquet'")
    for record in ("contact", "ticket"):
        key = RECORDS[record].key[0]
        connection.register("sound", sound_rows(world, record))
        connection.execute(f"create table all_{record} as from sound where not starts_with({key}, 'X')")
        connection.execute(
            f"create table {record} as from all_{record} "
            f"qualify row_number() over (partition by {key} order by updated_at desc, arrived_on desc) = 1"
        )
    return connection


def sound_rows(world: Path, record: str) -> pa.Table:
    """Every line of a record's files that has its key and as many cells as the header, and the day of its file."""
    names = [*(column.name for column in RECORDS[record].columns), "updated_at"]
    rows = [
        [*(cell or None for cell in row), file.parent.name]
        for file in sorted(world.glob(f"*/{record}.csv.gz"))
        for line in gzip.decompress(file.read_bytes()).decode().splitlines()[1:]
        for row in csv.reader([line])
        if len(row) == len(names) and row[0]
    ]
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.array(cells, pa.string()) for name, cells in zip([*names, "arrived_on"], columns, strict=True)}
    )
