"""Excel files of lists. What a spreadsheet must not run is a text cell, and escaped as in the CSV file (list_file):
saved from here as CSV and opened again it is still no formula.

The same rows give the same bytes: neither the clock nor the machine is in the file.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from mend.foundation.list_file import cell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

BLOCK: Final = 20_000
MOST_ROWS: Final = 1_000_000  # of a sheet; Excel holds 1,048,576
LONGEST_CELL: Final = 32_767  # characters, Excel's own limit
EPOCH: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - openpyxl takes no zone
GUESSED: Final = frozenset("=#")  # openpyxl takes these for formulas and error values
# What XML cannot hold, and what Excel would take for one of its own codes (_x0041_).
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CODED: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")


def write_excel(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], zone: str) -> None:
    """Write a list's Excel file; more rows than a sheet holds go on in further sheets."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    workbook.properties.creator, workbook.properties.created, workbook.properties.modified = "mend", EPOCH, EPOCH
    info = ZoneInfo(zone)
    sheet, left = _new_sheet(workbook, columns), MOST_ROWS
    for row in rows:
        if not left:
            sheet, left = _new_sheet(workbook, columns), MOST_ROWS
        sheet.append([_cell(sheet, value, info) for value in row])
        left -= 1
    _save(workbook, path)


def write_excel_result(path: Path, result: DuckDBPyConnection, zone: str) -> None:
    """Write a query's result, a block of rows at a time."""
    columns = [column[0] for column in result.description or ()]
    write_excel(path, columns, _rows(result), zone)


def excel_text(text: str) -> str:
    """A text as a cell can hold it.

    >>> excel_text("a\\x07b"), excel_text("line\\r\\nline"), excel_text("_x0041_")
    ('a\ufffdb', 'line\\nline', '_x005F_x0041_')
    """
    plain = FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return CODED.sub(r"_x005F_\1", plain)[:LONGEST_CELL]


def _new_sheet(workbook: Any, columns: Sequence[str]) -> WriteOnlyWorksheet:
    sheet = workbook.create_sheet(f"list {len(workbook.worksheets) + 1}" if workbook.worksheets else "list")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column, ZoneInfo("UTC")) for column in columns])
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: Any, zone: ZoneInfo) -> Any:
    shown = cell(value, zone)
    if isinstance(shown, dt.date):
        shown = shown.isoformat()
    if not isinstance(shown, str):
        return shown
    text = excel_text(shown)
    if not text:
        return None  # an empty text is an empty cell
    return _text_cell(sheet, text) if text[:1] in GUESSED else text


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """A cell that is a text whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet)
    made._value, made.data_type = text, "s"  # set as a value, `=1` would become a formula
    return made


def _save(workbook: Any, path: Path) -> None:
    from openpyxl.writer.excel import ExcelWriter

    with _Archive(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(workbook, archive).save()


class _Archive(zipfile.ZipFile):
    """An archive whose members carry no time."""

    def writestr(
        self, zinfo_or_arcname: Any, data: Any, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        super().writestr(_member(str(zinfo_or_arcname)), data, compress_type, compresslevel)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with Path(filename).open("rb") as source, self.open(_member(str(arcname)), "w", force_zip64=True) as target:
            while block := source.read(1 << 20):
                target.write(block)


def _member(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)  # 1980-01-01, as all of them
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o600 << 16
    return made


def _rows(result: DuckDBPyConnection) -> Iterable[Sequence[Any]]:
    while block := result.fetchmany(BLOCK):
        yield from block
