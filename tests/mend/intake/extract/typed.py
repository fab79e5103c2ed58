"""Typed sheets and Parquet files, loaded by a mapping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pyarrow
import pyarrow.parquet
from tests.mend.intake.extract.desk import DAY, Desk, Loaded
from tests.mend.intake.extract.test_shape import accounted
from tests.mend.intake.extract.workbooks import workbook

from mend.intake.extract import extract

AT = "2026-05-01 08:00:00"
BASE = {"contact_id": "id", "started_at": {"constant": AT}, "outcome": {"constant": "answered"}}
ERROR = "#N/A"  # openpyxl writes it as an error


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def loaded(
    desk: Desk,
    name: str,
    content: bytes,
    columns: dict[str, Any],
    record: dict[str, Any] | None = None,
    zone: str = "Asia/Shanghai",
    code: str = "contact",
) -> Loaded:
    desk.write(content, name)
    form = {"xlsx": "excel", "parquet": "parquet", "csv": "delimited"}[name.rpartition(".")[2]]
    described = {"path": f"{{business_date}}/{name}", "reader": {"format": form}, "columns": columns, **(record or {})}
    source = desk.source(lambda made: made.update(zone=zone, records={code: described}))
    report = extract(desk.home, desk.bench, source, [DAY], [desk.folder / "inbox"])
    assert all(accounted(file) for file in report.files)
    return Loaded(report, [], desk.rejects("line_number, reasons"))


def sheet(
    desk: Desk,
    cells: Sequence[Sequence[Any]],
    columns: dict[str, Any],
    record: dict[str, Any] | None = None,
    formats: dict[str, str] | None = None,
    **options: Any,
) -> Loaded:
    """Load a sheet; `formats` are the number formats of some of its cells."""

    def shape(its: Any) -> None:
        for place, number_format in (formats or {}).items():
            its[place].number_format = number_format

    return loaded(desk, "rows.xlsx", workbook(cells, shape), columns, record, **options)


def parquet(
    desk: Desk, table: dict[str, Any], columns: dict[str, Any], record: dict[str, Any] | None = None, **options: Any
) -> Loaded:
    path = desk.write(b"", "rows.parquet")
    pyarrow.parquet.write_table(pyarrow.table(table), path)
    return loaded(desk, "rows.parquet", path.read_bytes(), columns, record, **options)
