"""Simulate a telecom centre: its deliveries as files per business date, and the truth beside them."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from mend.schema import RECORDS
from mend.simulate import delivery, truth, world
from mend.simulate.settings import WORLD, SimulationError, World, install

Progress = Callable[[str], None]
SETTINGS_FILE: Final = "world.json"


def _silent(message: str) -> None:  # noqa: ARG001 - nobody is listening
    """The progress of a caller that did not ask for any."""


@dataclass(frozen=True)
class Truth:
    """What a simulation made, in numbers; the rows themselves are the Parquet files in `folder`."""

    folder: Path
    horizon: dt.datetime
    rows_delivered: dict[str, int]
    rows_accepted: dict[str, int]
    ledger_rows: dict[str, int]
    level_counts: dict[str, dict[int, int]]


def simulate(
    into: Path,
    customers: int,
    first_month: str = "2026-05",
    months: int = 3,
    seed: int = 1,
    dirty: bool | float = True,
    *,
    contacts_per_month: float = 2.0,
    chunk_customers: int | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress = _silent,
) -> Truth:
    """Write `<into>/<YYYY-MM-DD>/<record>.csv.gz` for every business date and `<into>/truth/*.parquet`.

    The same arguments give the same files, whatever the chunks, threads and memory. `dirty` scales the planted dirt: True is 1.
    A folder that already holds this very world is left as it is; one that holds anything else is refused with SimulationError.
    """
    asked = World(customers, first_month, months, seed, contacts_per_month)
    settings = {**asdict(asked), "dirty": float(dirty)}
    done = into / "truth" / SETTINGS_FILE
    if done.exists() and json.loads(done.read_text()) == settings:
        progress(f"{into} already holds this world")
        return summary(into)
    _require_empty(into)
    with _workplace(into, memory_limit, threads) as (connection, scratch):
        install(connection, asked)
        _live(connection, asked, float(dirty), scratch, chunk_customers, progress)
        _tell_truth(connection, asked, scratch, into / "truth", chunk_customers, progress)
        _deliver(connection, asked, scratch, into, progress)
    done.write_text(json.dumps(settings, indent=1))
    return summary(into)


def core_parquet(
    into: Path,
    customers: int,
    first_month: str = "2026-05",
    months: int = 1,
    seed: int = 1,
    *,
    contacts_per_month: float = 2.0,
    records: tuple[str, ...] = world.PERSONAL_RECORDS,
    chunk_customers: int | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress = _silent,
) -> dict[str, int]:
    """Write the clean world alone, shaped like the core tables: `<into>/<record>/<event_column>=<day>/*.parquet` (the event day stands in the
    file too). Timestamps are instants. For benchmarks: no text, no dirt, no truth. Returns the rows of each record."""
    asked = World(customers, first_month, months, seed, contacts_per_month)
    _require_empty(into)
    rows = dict.fromkeys(records, 0)
    with _workplace(into, memory_limit, threads) as (connection, _):
        install(connection, asked)
        for number, (first, last) in enumerate(world.chunks(asked, chunk_customers)):
            world.live(connection, first, last)
            for record in records:
                rows[record] += _write_core(connection, record, into, number)
            progress(f"customers {first} to {last} of {customers} written")
    return rows


def summary(into: Path) -> Truth:
    """The numbers of a world that was simulated into `into`."""
    folder = into / "truth"
    settings = json.loads((folder / SETTINGS_FILE).read_text())
    made = World(*(settings[name] for name in ("customers", "first_month", "months", "seed", "contacts_per_month")))
    with duckdb.connect() as connection:
        files = connection.execute(
            f"select record_code, sum(row_count)::bigint, sum(accepted_count)::bigint from '{folder}/files.parquet' group by 1"
        ).fetchall()
        ledger = connection.execute(
            f"select indicator_id, count(*) from '{folder}/ledger.parquet' where entry_kind_code <> 'cap' group by 1 order by 1"
        ).fetchall()
        levels = connection.execute(
            f"select strftime(month_on, '%Y-%m'), level, count(*) from '{folder}/month.parquet' group by 1, 2 order by 1, 2"
        ).fetchall()
    return Truth(
        folder=folder,
        horizon=dt.datetime.combine(made.month_starts[-1], dt.time()),
        rows_delivered={record: rows for record, rows, _ in files},
        rows_accepted={record: accepted for record, _, accepted in files},
        ledger_rows=dict(ledger),
        level_counts={
            month: {level: count for of, level, count in levels if of == month}
            for month in sorted({row[0] for row in levels})
        },
    )


def _live(
    connection: duckdb.DuckDBPyConnection,
    asked: World,
    factor: float,
    scratch: Path,
    size: int | None,
    progress: Progress,
) -> None:
    """First pass: every chunk's life, staged as clean rows for the truth and as lines for the files."""
    for number, (first, last) in enumerate(world.chunks(asked, size)):
        world.live(connection, first, last)
        truth.count_handling(connection)
        for record in world.PERSONAL_RECORDS:
            delivery.write_lines(connection, record, asked, factor, scratch / "lines", number)
            if record != "customer":
                connection.execute(
                    f"copy (from clean_{record}) to '{_clean_file(scratch, record, number)}' (format parquet)"
                )
        progress(f"customers {first} to {last} of {asked.customers} have lived {asked.months} months")
    world.plan(connection)
    delivery.write_lines(connection, "marketing_plan", asked, 0.0, scratch / "lines", 0)


def _tell_truth(
    connection: duckdb.DuckDBPyConnection, asked: World, scratch: Path, into: Path, size: int | None, progress: Progress
) -> None:
    """Second pass, once every chunk's handling times are known: the ledger and the months' scores, chunk by chunk."""
    into.mkdir(parents=True)
    truth.find_medians(connection)
    for number, _ in enumerate(world.chunks(asked, size)):
        for record in world.PERSONAL_RECORDS[1:]:
            connection.execute(f"drop view if exists clean_{record}")
            connection.execute(
                f"create or replace temp table clean_{record} as from '{_clean_file(scratch, record, number)}'"
            )
        truth.derive(connection)
        truth.months(connection, asked)
        for table, order in (
            ("ledger", "customer_id, felt_at, subject_id, indicator_id, entry_kind_code, cause_id"),
            ("month", "customer_id, month_on"),
        ):
            connection.execute(
                f"copy (select * {_as_instants(connection, f'truth_{table}')} from truth_{table} order by {order}) to '{scratch}/truth_{table}_{number:05d}.parquet' (format parquet)"
            )
        for record in world.PERSONAL_RECORDS[1:]:
            connection.execute(f"drop table clean_{record}")
    for table in ("ledger", "month"):
        connection.execute(
            f"copy (from '{scratch}/truth_{table}_*.parquet') to '{into}/{table}.parquet' (format parquet)"
        )
    connection.execute(f"copy (from topic_median order by all) to '{into}/topic_median.parquet' (format parquet)")
    progress("the truth is told: ledger and scores")


def _deliver(
    connection: duckdb.DuckDBPyConnection, asked: World, scratch: Path, into: Path, progress: Progress
) -> None:
    for start in asked.month_starts[:-1]:
        delivery.write_files(
            connection,
            scratch / "lines",
            into,
            [day for day in asked.days if (day.year, day.month) == (start.year, start.month)],
        )
        progress(f"files of {start:%Y-%m} are written")
    for table, file in (("dirt", "dirt"), ("delivered", "files")):
        connection.execute(f"copy (from {table} order by all) to '{into}/truth/{file}.parquet' (format parquet)")


def _write_core(connection: duckdb.DuckDBPyConnection, record: str, into: Path, number: int) -> int:
    contract = RECORDS[record]
    written = connection.execute(f"""
        copy (select * {_as_instants(connection, f"clean_{record}")} from clean_{record})
        to '{into / record}' (format parquet, compression zstd, partition_by ({contract.event_column}), write_partition_columns true,
            overwrite_or_ignore, filename_pattern 'chunk_{number:05d}_{{i}}')""").fetchone()
    return int(written[0]) if written else 0


def _as_instants(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A `replace` clause that turns the world's local clock times into instants."""
    columns = connection.execute(f"describe {table}").fetchall()
    local = [column[0] for column in columns if column[1] == "TIMESTAMP"]
    return "replace (" + ", ".join(f"{name}::timestamptz as {name}" for name in local) + ")" if local else ""


def _clean_file(scratch: Path, record: str, number: int) -> Path:
    return scratch / f"clean_{record}_{number:05d}.parquet"


def _require_empty(into: Path) -> None:
    if into.exists() and any(into.iterdir()):
        raise SimulationError(f"{into} is not empty, and does not hold this world: choose another folder or remove it")


@contextmanager
def _workplace(into: Path, memory_limit: str, threads: int) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A DuckDB in memory and a scratch folder beside the output, both gone afterwards; a failure leaves no half-written world."""
    existed = into.exists()
    scratch = into / f".scratch-{os.getpid()}"
    scratch.mkdir(parents=True)
    settings: dict[str, Any] = {
        "threads": threads,
        "memory_limit": memory_limit,
        "temp_directory": str(scratch / "spill"),
    }
    connection = duckdb.connect(config=settings)
    # Casting a local clock time to an instant reads it in this zone.
    connection.execute(f"set TimeZone = '{WORLD['zone']}'")
    (scratch / "lines").mkdir()
    try:
        yield connection, scratch
    except BaseException:
        _clear(into, existed)
        raise
    finally:
        connection.close()
        shutil.rmtree(scratch, ignore_errors=True)


def _clear(into: Path, existed: bool) -> None:
    """Remove what a failed run wrote into the folder, which was empty before."""
    for path in into.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    if not existed:
        into.rmdir()
