"""Small tables as text of a test: rows of records put into the core tables, with the register of changes that loading
leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.lake.filters import all_of, equal, one_of
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS

Row = Mapping[str, Any]


def put(bench: Workbench, record: str, rows: Iterable[Row], arrived_on: dt.date | None = None) -> None:
    """Put rows into core_<record>, in place of the rows of their days, and register them as arrived (by default on
    their own day).

    Cells are text as a person writes it; columns left out are null (required ones get the contract's default). Rows of
    one ticket are its states, oldest first; `version_at` says from when each counts (left out: its latest moment).
    """
    described = RECORDS[record]
    rows = [_filled(record, row) for row in rows]
    if described.versions is not None:
        _put_versions(bench, record, rows)
        rows = list({row[described.key[0]]: row for row in rows}.values())  # the newest state of each
    names = [column.name for column in described.core.columns]
    bench.engine.connection.register(
        "_rows", pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    )
    casts = ", ".join(f'cast("{c.name}" as {DUCKDB_TYPES[c.type]}) as "{c.name}"' for c in described.core.columns)
    if described.event_source:
        casts = (
            casts.rsplit(", ", 1)[0]
            + f", cast(cast({described.event_source} as timestamptz) as date) as {described.event_column}"
        )
    bench.execute(f"create or replace temp table _typed as select {casts} from _rows")
    days = [row[0] for row in bench.sql(f"select distinct {described.event_column} from _typed")]
    bench.replace(f"core_{record}", "select * from _typed", one_of(described.event_column, days))
    _register(bench, record, arrived_on)


def _put_versions(bench: Workbench, record: str, rows: Sequence[Row]) -> None:
    described = RECORDS[record]
    table = described.versions
    assert table is not None
    names = [column.name for column in table.columns]
    bench.engine.connection.register(
        "_versions", pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})
    )
    moments = ", ".join(f"cast({name} as timestamptz)" for name in described.version_moments)
    computed = {
        "version_at": f"coalesce(cast(version_at as timestamptz), greatest({moments}))",
        described.event_column: f"cast(cast({described.event_source} as timestamptz) as date)",
    }
    casts = ", ".join(
        f'{computed.get(c.name, f"""cast("{c.name}" as {DUCKDB_TYPES[c.type]})""")} as "{c.name}"'
        for c in table.columns
    )
    days = [row[0] for row in bench.sql(f"select distinct {computed[described.event_column]} from _versions")]
    bench.replace(table.name, f"select {casts} from _versions", one_of(described.event_column, days))


def _register(bench: Workbench, record: str, arrived_on: dt.date | None) -> None:
    described = RECORDS[record]
    customer = "customer_id" if "customer_id" in {c.name for c in described.columns} else "null"
    bench.execute(
        f"create or replace temp table _change as select '{record}' as record_code, coalesce($on, "
        f"{described.event_column}) as arrived_on, "
        f"{described.event_column} as subject_on, {described.key[0]} as subject_id, {customer} as customer_id from "
        f"_typed",
        {"on": arrived_on},
    )
    days = [day for (day,) in bench.sql("select distinct arrived_on from _change")]
    where = all_of(equal("record_code", record), one_of("arrived_on", days))
    bench.view("core_change", where=where, as_name="_changes")
    bench.replace(  # all days in one commit: each copies what the table remembers of those before
        "core_change",
        f"select * from _changes where record_code = '{record}' and arrived_on in (select arrived_on from _change) "
        "union select * from _change",
        where,
    )


def _filled(record: str, row: Row) -> dict[str, str | None]:
    defaults = {column.name: column.default for column in RECORDS[record].columns if column.default}
    return {**defaults, **{name: None if value is None else str(value) for name, value in row.items()}}
