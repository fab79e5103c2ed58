"""Arrivals for tests: rows as the extract step leaves them, in the lake and in the register of batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import count
from typing import Any

import pyarrow as pa

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.operations import Counts, NewBatch
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS, TABLES

Row = dict[str, Any]
_contents = count(1)


def at(day: int, time: str = "09:00:00", month: int = 3) -> str:
    """A moment of March 2024 in the business zone, as text that the engine casts."""
    return f"2024-{month:02d}-{day:02d} {time}"


def on(day: int, month: int = 3) -> dt.date:
    return dt.date(2024, month, day)


def contact(contact_id: str, started_at: str, **others: Any) -> Row:
    """A contact with what is required; `line` and `updated` (source_updated_at) may be given too."""
    row = {"contact_id": contact_id, "customer_id": "c-1", "started_at": started_at, "outcome": "self_served"}
    return row | {"direction_code": "inbound", "touchpoint_code": "hotline"} | others


def arrive(
    home: Home,
    bench: Workbench,
    arrived_on: dt.date,
    rows: Sequence[Row],
    record: str = "contact",
    rejected: Sequence[str] = (),
    file: str | None = None,
    outside: int = 0,
) -> int:
    """A batch that arrived; `rejected` are the reasons of the lines that the parse gate put aside, `outside` the lines
    of its file that are other batches'. Returns its number."""
    names = {
        "fingerprint": file or f"content-{next(_contents)}",
        "mapping_fingerprint": "m",
        "file_name": f"{record}.csv",
    }
    new = NewBatch("test", record, arrived_on, arrived_on, **names, provided_columns=("contact_id",))
    number = operations.register_batch(home.database_url, new)
    lineage = {"source_code": "test", "batch_number": number, "arrived_on": arrived_on}
    full = [{"line": place, "updated": None} | row | lineage for place, row in enumerate(rows, start=2)]
    if full:
        bench.replace(f"raw_{record}", _raw_query(bench, record, full), equal("batch_number", number))
    _reject(bench, number, record, arrived_on, rejected, first_line=len(rows) + 2)
    lines = len(rows) + len(rejected) + outside
    counts = Counts(lines=lines, accepted=len(rows), rejected=len(rejected), outside=outside)
    operations.mark_loaded(home.database_url, {number: counts})
    return number


def _raw_query(bench: Workbench, record: str, rows: list[Row]) -> str:
    names = sorted({name for row in rows for name in row})
    bench.engine.connection.register("arriving", pa.table({name: [row.get(name) for row in rows] for name in names}))
    described = RECORDS[record]
    given = {"line_number": "line", "source_updated_at": "updated"} | {name: name for name in names}
    if described.event_source is not None:
        given[described.event_column] = f"cast(cast({described.event_source} as timestamptz) as date)"
    chosen = [f"{given.get(name, 'null')} as {name}" for name in TABLES[f"raw_{record}"].column_names]
    return f"select {', '.join(chosen)} from arriving"


def _reject(bench: Workbench, number: int, record: str, day: dt.date, reasons: Sequence[str], first_line: int) -> None:
    if reasons:
        _quarantine(bench, number, day, dict(enumerate(reasons, start=first_line)), record, "parse")


def put_aside(bench: Workbench, number: int, day: dt.date, lines: Sequence[int], record: str = "contact") -> None:
    """Put lines of a batch into quarantine, as the quality gate does."""
    _quarantine(bench, number, day, dict.fromkeys(lines, "made_up"), record, "quality")


def _quarantine(bench: Workbench, number: int, day: dt.date, reasons: dict[int, str], record: str, gate: str) -> None:
    rows = {"line_number": list(reasons), "reason_code": list(reasons.values())}
    bench.engine.connection.register("arriving", pa.table(rows))
    query = (
        f"select '{record}' as record_code, 'test' as source_code, {number} as batch_number, date '{day}' as "
        f"arrived_on, "
        f"'{record}.csv' as file_name, line_number, '{gate}' as gate_code, null as column_name, null as bad_value, "
        "reason_code, reason_code as reasons, null as raw_row from arriving"
    )
    bench.replace("core_quarantine", query, all_of(equal("batch_number", number), equal("gate_code", gate)))


def read_again(bench: Workbench, number: int, arrived_on: dt.date, rows: Sequence[Row]) -> None:
    """Replace the batch's contacts, as when its source's mapping was mended and the file read once more."""
    lineage = {"batch_number": number, "arrived_on": arrived_on, "source_code": "test"}
    full = [{"line": line, "updated": None} | row | lineage for line, row in enumerate(rows, start=2)]
    bench.replace("raw_contact", _raw_query(bench, "contact", full), equal("batch_number", number))


def rows_of(bench: Workbench, table: str, columns: str) -> list[tuple[Any, ...]]:
    """The table's rows, sorted; columns as SQL."""
    bench.view(table, as_name="_shown")
    return bench.sql(f"select {columns} from _shown order by all")
