"""The lake by itself: what committing the replacement of a partition costs, listing a snapshot, and several writers at
once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.data import DAYS
from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.lake.filters import Filter, equal
from mend.foundation.pipeline.workbench import Workbench

TABLE = "core_callback_booking"
ROWS = "select 'B' || number as booking_id, 'C' || number as customer_id, null as contact_id, "
REPEATS = 20


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.lake", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="rows of a partition")
    parser.add_argument("--writers", type=int, default=6, help="processes that write at once")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # root's embedded server runs as another user and passes through
        home = Home.at(Path(folder) / "home", {"MEND_ZONE": "Asia/Shanghai"})
        server.start(home)
        try:
            operations.upgrade(home.database_url)
            print("\n".join(table(one_writer(home, given.rows), many_writers(home, given.rows, given.writers), given)))
        finally:
            server.remove(home)


def one_writer(home: Home, rows: int) -> dict[str, list[float]]:
    """Milliseconds of each step: writing a day's rows as a file, committing it, listing the table's files."""
    with Workbench.open(home) as bench:
        for day in DAYS:
            replace_day(bench, day, rows)
        files = [bench.write(TABLE, query(day, rows)) for day in DAYS[:REPEATS]]
        return {
            "write a partition's file": _timed(lambda number: bench.write(TABLE, query(DAYS[number], rows))),
            "commit its replacement": _timed(
                lambda number: bench.lake.replace(TABLE, _day(DAYS[number]), files[number])
            ),
            "list a snapshot of 31 files": _timed(lambda _: bench.lake.files(TABLE)),
            "list one day of it": _timed(lambda number: bench.lake.files(TABLE, _day(DAYS[number]))),
        }


def many_writers(home: Home, rows: int, writers: int) -> dict[str, float]:
    """Seconds until all have replaced their own days, and until all have replaced the same day; every row is there once
    after both.
    """
    result = {}
    for name, days in (("own days", DAYS[:writers]), ("the same day", [DAYS[0]] * writers)):
        started = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(writers) as pool:
            pool.starmap(_write_often, [(home, day, rows) for day in days])
        result[name] = time.perf_counter() - started
        with Workbench.open(home) as bench:
            bench.view(TABLE)
            counted = bench.sql(
                f"select min(rows), max(rows), count(*) from (select count(*) as rows from {TABLE} group by "
                f"requested_on)"
            )
        if counted != [(rows, rows, len(DAYS))]:
            raise AssertionError(f"{name}: rows lost or doubled: {counted}")
    return result


def table(single: dict[str, list[float]], together: dict[str, float], given: argparse.Namespace) -> list[str]:
    """The figures as a Markdown table."""
    lines = [
        f"### The lake: partitions of {given.rows} rows",
        "",
        f"| {REPEATS} times each | median ms | slowest ms |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} |" for name, times in single.items()]
    lines += ["", f"| {given.writers} processes, 5 replacements each, their start counted | s |", "|---|---|"]
    return [*lines, *(f"| {name}: all there, none doubled | {seconds:.1f} |" for name, seconds in together.items()), ""]


def replace_day(bench: Workbench, day: dt.date, rows: int) -> None:
    """Put so many bookings in place of the day's."""
    bench.replace(TABLE, query(day, rows), _day(day))


def query(day: dt.date, rows: int) -> str:
    """So many bookings of a day."""
    moment = f"timestamptz '{day} 12:00:00+08'"
    values = f"{moment} as requested_at, null as called_back_at, true as is_reached, date '{day}' as requested_on"
    return f"{ROWS} {values} from range({rows}) as r (number)"


def _day(day: dt.date) -> Filter:
    return equal("requested_on", day)


def _timed(step: Callable[[int], object]) -> list[float]:
    times = []
    for number in range(REPEATS):
        started = time.perf_counter()
        step(number)
        times.append(1000 * (time.perf_counter() - started))
    return times


def _write_often(home: Home, day: dt.date, rows: int) -> None:
    with Workbench.open(home) as bench:
        for _ in range(5):
            replace_day(bench, day, rows)


if __name__ == "__main__":
    main()
