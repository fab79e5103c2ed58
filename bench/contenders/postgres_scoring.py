"""The same month in PostgreSQL: loaded into unlogged tables, then scored in SQL. Loading is counted apart, in the note
`load_cpu`.
"""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path
from typing import Any, Final

import duckdb
import psycopg

from bench.contenders import rulebook as book
from bench.contenders.arguments import parse
from bench.contenders.scan import NEEDED
from bench.measure import costing, report
from mend.foundation import server
from mend.foundation.home import Home

TABLES: Final = {
    "core_contact": "contact", "core_ticket": "ticket", "core_survey_reply": "reply",
    "core_callback_booking": "booking",
    "core_repair_action": "repair", "core_customer": "snapshot", "mart_damage_month": "month_before",
}  # fmt: skip
DAYS: Final = {"core_ticket": "opened_on", "core_survey_reply": "replied_on", "core_callback_booking": "requested_on"}
PG_TYPES: Final = {"VARCHAR": "text", "DOUBLE": "double precision", "TIMESTAMP WITH TIME ZONE": "timestamptz"}
# A server for analysis on a machine of two cores; durability is given up, which only helps it.
SETTINGS: Final = {
    "shared_buffers": "1GB", "effective_cache_size": "8GB", "max_wal_size": "8GB", "synchronous_commit": "off",
    "fsync": "off",
    "jit": "off",
}  # fmt: skip
SESSION: Final = {
    "work_mem": "512MB",
    "hash_mem_multiplier": "2",
    "max_parallel_workers_per_gather": "2",
    "TimeZone": book.ZONE,
}
CHUNK: Final = 1 << 20
STEPS: Final = ("placed", "hit", "ledger", "credits")


def main() -> None:
    given = parse(__doc__)
    home = Home.at(given.month.folder / "postgres", {})
    _start(home)
    try:
        with _connected(home) as connection, costing(home) as loading:
            _load(connection, given.month.files, given.output)
            connection.commit()
        with _connected(home) as connection, costing(home) as cost:
            run(connection)
            connection.commit()
        with _connected(home) as connection:
            _write_results(connection, given.output)
    finally:
        server.remove(home)
        shutil.rmtree(home.root, ignore_errors=True)
    cost.peak = max(cost.peak, loading.peak)
    cost.notes = {"load_cpu": loading.cpu, "load_wall": loading.wall}
    report(cost, given.answer)


def run(connection: psycopg.Connection) -> None:
    """Score the loaded month: the tables `ledger`, `exposure` and `month`."""
    for step in STEPS:
        _script(connection, step)
    turns = connection.execute("select coalesce(max(turn), 0) from gross").fetchone()
    for turn in range(1, (turns or (0,))[0] + 1):
        _script(connection, "turn", turn=turn)
    _script(connection, "month")


def _start(home: Home) -> None:
    """A fresh server with settings for analysis."""
    server.start(home)
    with psycopg.connect(_address(home), autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"alter system set {name} = '{value}'")
    server.stop(home)
    server.start(home)


def _address(home: Home) -> str:
    return server.url(home, "mend").replace("+psycopg", "")


def _connected(home: Home) -> psycopg.Connection:
    connection = psycopg.connect(_address(home), cursor_factory=psycopg.ClientCursor)
    for name, value in SESSION.items():
        connection.execute(f"set {name} = '{value}'")
    return connection


def _load(connection: psycopg.Connection, files: dict[str, list[str]], scratch: Path) -> None:
    """The input tables, by COPY."""
    source = duckdb.connect()
    source.execute("set TimeZone = 'UTC'")
    for table, name in TABLES.items():
        columns = [*NEEDED[table], *([DAYS[table]] if table in DAYS else [])]
        _copy(connection, source, name, columns, files[table], scratch / f"{name}.csv")
    _copy(
        connection,
        source,
        "topic_median",
        ["topic_code", "median_handling_seconds"],
        files["mart_topic_handling_month"],
        scratch / "median.csv",
    )
    connection.execute("create table rule (indicator_id text, points integer, stage_code text, is_explicit boolean)")
    rules = [(name, points, book.STAGE[name], name in book.EXPLICIT) for name, points in book.POINTS.items()]
    connection.cursor().executemany("insert into rule values (%s, %s, %s, %s)", rules)
    connection.execute("analyze")


def _copy(
    connection: psycopg.Connection,
    source: duckdb.DuckDBPyConnection,
    name: str,
    columns: list[str],
    files: list[str],
    path: Path,
) -> None:
    query = f"select {', '.join(columns)} from read_parquet($files, hive_partitioning = false)"
    described = source.execute(f"describe {query}", {"files": files}).fetchall()
    shape = ", ".join(f"{row[0]} {PG_TYPES.get(row[1], row[1])}" for row in described)
    connection.execute(f"create unlogged table {name} ({shape})")
    source.execute(f"copy ({query}) to '{path}' (format csv, header false)", {"files": files})
    with path.open("rb") as rows, connection.cursor().copy(f"copy {name} from stdin (format csv)") as copy:
        while chunk := rows.read(CHUNK):
            copy.write(chunk)
    path.unlink()


def _script(connection: psycopg.Connection, name: str, **more: Any) -> None:
    text = re.sub(r"--.*", "", (resources.files("bench.contenders") / "in_postgres" / f"{name}.sql").read_text("utf-8"))
    for statement in text.split(";"):
        if statement.strip():
            connection.execute(statement, {**_values(), **more})


def _values() -> dict[str, Any]:
    settings = book.RULES.settings
    names = (
        "carry_over",
        "exploration_months",
        "formation_months",
        "decline_share",
    )
    return {
        "explicit_level": 3,  # of the month of before: grades take their place
        "escalated_level": 4,
        "gap": book.GAP,
        "horizon": book.HORIZON,
        "cap": book.CAP,
        "version": book.RULES.valid_from,
        "first_day": book.FIRST_DAY,
        "last_day": book.LAST_DAY,
        "repairs_within": book.REPAIRS_WITHIN,
        "escalations": book.ESCALATIONS,
        "levels": list(settings.level_points),
        **{name: getattr(settings, name) for name in names},
    }


def _write_results(connection: psycopg.Connection, output: Path) -> None:
    """Copies of ledger and scores for the comparison; not measured."""
    for name in ("ledger", "month"):
        path = output / f"{name}.csv"
        with (
            path.open("wb") as rows,
            connection.cursor().copy(f"copy {name} to stdout (format csv, header true)") as copy,
        ):
            for chunk in copy:
                rows.write(chunk)
        with duckdb.connect() as target:
            target.execute(
                f"copy (from read_csv('{path}', header = true, all_varchar = true)) to '{output}/{name}.parquet' "
                f"(format parquet)"
            )
        path.unlink()


if __name__ == "__main__":
    main()
