"""Excel and ODS sheets: cells to text, exactly as typed where they are text."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from mend.extract.config import Limits, Reader, RecordSource
from mend.extract.content import open_file
from mend.extract.errors import CorruptFileError, EmptyFileError, NotDataError, TooLargeError
from mend.extract.header import check_columns, column_names
from mend.extract.staging import StagedFile, StagingWriter
from mend.extract.text_file import check_accounted


def stage_sheet(path: Path, record: RecordSource, limits: Limits, folder: Path, stem: str) -> StagedFile:
    """Read one sheet of a workbook into `folder`. Raises the ExtractError that says what is wrong with it."""
    fingerprint = _checked(path, limits)
    writer = StagingWriter(folder, stem, limits.max_line_bytes)
    try:
        columns = _staged(_cells(path, record.reader), record, writer, path.name)
    finally:
        writer.close()
    check_accounted(writer.counts, path.name)
    extra = check_columns(columns, record, path.name)
    return StagedFile(path.name, fingerprint, columns, writer.rows_path, writer.rejects_path, writer.counts, writer.traits, extra)


def _checked(path: Path, limits: Limits) -> str:
    """The file's fingerprint, after a look at what it would unpack to."""
    with open_file(path) as file:
        fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    if not size:
        raise EmptyFileError(f"{path.name}: the file is empty; ask for it again, or remove it if nothing was due")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise CorruptFileError(f"{path.name}: no workbook (xlsx or ods), or damaged; save it anew") from None
    if unpacked > limits.max_bytes or (unpacked > limits.ratio_from_bytes and unpacked > limits.max_ratio * size):
        raise TooLargeError(f"{path.name}: unpacks to {unpacked} bytes, more than the source's limits allow")
    return fingerprint


def _cells(path: Path, reader: Reader) -> Iterator[Sequence[Any]]:
    """The sheet's rows from its first."""
    try:
        yield from _excel(path, reader) if reader.format == "excel" else _ods(path, reader)
    except (KeyError, IndexError, ValueError):
        raise NotDataError(f"{path.name}: no sheet {reader.sheet!r} that can be read; state the right one") from None
    except zipfile.BadZipFile:
        raise CorruptFileError(f"{path.name}: damaged; save it anew") from None


def _excel(path: Path, reader: Reader) -> Iterator[Sequence[Any]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[reader.sheet] if isinstance(reader.sheet, int) else book[reader.sheet]
        yield from sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _ods(path: Path, reader: Reader) -> Iterator[Sequence[Any]]:
    import pandas

    frame = pandas.read_excel(
        path, sheet_name=reader.sheet, engine="odf", header=None, dtype=object, keep_default_na=False, na_filter=False
    )
    yield from frame.itertuples(index=False, name=None)


def _staged(rows: Iterator[Sequence[Any]], record: RecordSource, writer: StagingWriter, name: str) -> tuple[str, ...]:
    columns: tuple[str, ...] = record.reader.names
    counts = writer.counts
    is_header_due = record.reader.header
    for number, row in enumerate(rows, 1):
        counts.physical += 1
        fields = [text(value) for value in row]
        if number <= record.reader.skip_lines:
            counts.header += 1
        elif is_header_due:
            counts.header += 1
            is_header_due = False
            columns = column_names(_trimmed(fields), record.reader, name)
            check_columns(columns, record, name)
        else:
            _row(number, fields, len(columns), writer)
    if is_header_due:
        raise EmptyFileError(f"{name}: the sheet has no header row")
    return columns


def _trimmed(fields: list[str]) -> list[str]:
    """The header without the empty cells that a sheet may have to its right."""
    while fields and not fields[-1].strip():
        fields.pop()
    return fields


def _row(number: int, fields: list[str], width: int, writer: StagingWriter) -> None:
    beyond = fields[width:]
    if not any(fields):
        writer.counts.blank += 1
    elif any(value.strip() for value in beyond):
        writer.reject(number, "column_count", ",".join(fields).encode())
    else:
        writer.fields(number, [*fields[:width], *[""] * (width - len(fields))])


def text(value: Any) -> str:
    """A cell's or database value as the text that a file would hold.

    >>> [text(value) for value in (None, True, 12.0, 12.7, Decimal("1E+3"), dt.date(2026, 5, 1))]
    ['', '1', '12', '12.7', '1000', '2026-05-01']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
