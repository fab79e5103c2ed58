"""Sheets of Excel and OpenDocument workbooks: from cells to a staging file. Which of the two it is, the file itself
says.
"""

from __future__ import annotations

import codecs
import hashlib
import zipfile
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from mend.intake.extract.config import Limits
from mend.intake.extract.content import called, open_file
from mend.intake.extract.errors import (
    CorruptFileError,
    EmptyFileError,
    ExtractError,
    NotDataError,
    ReconciliationError,
    TooLargeError,
)
from mend.intake.extract.header import check_columns, column_names
from mend.intake.extract.marks import without_mark
from mend.intake.extract.record_source import RecordSource
from mend.intake.extract.sheets.ods import OdsSheet
from mend.intake.extract.sheets.sheet import Sheet, SheetError
from mend.intake.extract.sheets.xlsx import XlsxSheet
from mend.intake.extract.staging import StagedFile, StagingWriter

SNIFFED_BYTES = 512
WHITE = b" \t\r\n"
CONTROLS = set(range(32)) - set(b"\t\n\r")
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # also the wrapping of a workbook with a password


def stage_sheet(path: Path, record: RecordSource, limits: Limits, folder: Path, stem: str) -> StagedFile:
    """Read one sheet of a workbook into `folder`. Raises the ExtractError that says what is wrong with it."""
    with open_file(path) as file:  # opened once: what was looked at is what is read
        return _staged(file, path, record, limits, folder, stem)


def _staged(file: IO[bytes], path: Path, record: RecordSource, limits: Limits, folder: Path, stem: str) -> StagedFile:
    fingerprint = _checked(file, path, limits)
    writer = StagingWriter(folder, stem, limits.max_line_bytes)
    try:
        with zipfile.ZipFile(file) as archive:
            sheet = _sheet(archive, record, called(path))
            columns = _Staging(record, writer, path, limits).take(sheet)
    except (ExpatError, ParseError, KeyError, ValueError, IndexError, zipfile.BadZipFile, EOFError) as error:
        # What the parser says of the XML is its place; other errors may quote a value.
        where = f", {error}" if isinstance(error, ExpatError | ParseError | SheetError) else ""
        raise CorruptFileError(
            f"{called(path)}: damaged ({type(error).__name__}{where}); open it and save it again"
        ) from None
    except (RuntimeError, NotImplementedError):
        raise CorruptFileError(
            f"{called(path)}: locked, or packed in a way that cannot be read; save it without a password"
        ) from None
    finally:
        writer.close()
    extra = check_columns(columns, record, called(path))
    counts, remarks = writer.counts, sheet.facts.remarks()
    return StagedFile(
        path.name,
        fingerprint,
        columns,
        writer.rows_path,
        writer.rejects_path,
        counts,
        writer.traits,
        extra,
        remarks=remarks,
    )


def _checked(file: IO[bytes], path: Path, limits: Limits) -> str:
    """The file's fingerprint, after a look at what it would unpack to."""
    start = file.read(SNIFFED_BYTES)
    file.seek(0)
    fingerprint = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # a binary file
    size = file.tell()
    if not size:
        raise EmptyFileError(f"{called(path)}: the file is empty; ask for it again, or remove it if nothing was due")
    if start.startswith(OLD_WORKBOOK):
        raise NotDataError(
            f"{called(path)}: an old workbook (xls), or one with a password; save it as xlsx without a password"
        )
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise _no_workbook(start, called(path)) from None
    _check_size(unpacked, size, limits, path)
    return fingerprint


def _no_workbook(start: bytes, name: str) -> ExtractError:
    """What a file is that was to be a workbook, by its first bytes: programs name a web page or a text .xls."""
    if start.lstrip(codecs.BOM_UTF8 + WHITE).startswith(b"<"):
        return NotDataError(f"{name}: a web page or XML under the name of a workbook; open it and save it as xlsx")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or not set(start) & CONTROLS:
        return NotDataError(
            f"{name}: a text, no workbook; say format: delimited in the source's reader, with its delimiter and "
            f"encoding"
        )
    return CorruptFileError(f"{name}: no workbook (xlsx or ods), or damaged; save it again as one")


def _check_size(unpacked: int, size: int, limits: Limits, path: Path) -> None:
    if unpacked > limits.max_bytes or (unpacked > limits.ratio_from_bytes and unpacked > limits.max_ratio * size):
        raise TooLargeError(
            f"{called(path)}: unpacks to {unpacked} bytes or more, over the source's limits (limits.max_bytes, "
            f"limits.max_ratio)"
        )


def _sheet(archive: zipfile.ZipFile, record: RecordSource, name: str) -> Sheet:
    members = set(archive.namelist())
    if not members & {"[Content_Types].xml", "content.xml"}:
        raise NotDataError(f"{name}: a zip that holds no workbook; state the right format in the source's reader")
    try:
        kind = XlsxSheet if "[Content_Types].xml" in members else OdsSheet
        return kind(archive, record.reader.sheet)
    except LookupError as error:
        if isinstance(error, KeyError):  # a part that the workbook names is not there
            raise
        raise NotDataError(
            f"{name}: no sheet {record.reader.sheet!r} that can be read; it has {error or 'none'}. State one of these"
        ) from None


class _Staging:
    """Writes the rows of one sheet."""

    def __init__(self, record: RecordSource, writer: StagingWriter, path: Path, limits: Limits) -> None:
        self._record, self._writer, self._path, self._limits = record, writer, path, limits
        self._columns: tuple[str, ...] = record.reader.names
        self._is_header_due = record.reader.header
        self._written, self._size = 0, path.stat().st_size

    def take(self, sheet: Sheet) -> tuple[str, ...]:
        """The sheet's columns, its rows being written."""
        counts, last = self._writer.counts, 0
        for number, fields in sheet.rows():
            for gap in range(last + 1, number):
                self._row(gap, [])
            self._row(number, fields)
            last = number
        if self._is_header_due:
            raise EmptyFileError(
                f"{called(self._path)}: the sheet {sheet.facts.name!r} has no header row; fill it, or state the right "
                f"sheet"
            )
        extent = sheet.extent()
        counts.physical = extent.last_row
        if (extent.last_row, extent.filled) != (counts.accounted, sheet.facts.filled):
            raise ReconciliationError(
                f"{called(self._path)}: the sheet {sheet.facts.name!r} holds {extent.last_row} rows and "
                f"{extent.filled} filled cells, but "
                f"{counts.accounted} rows and {sheet.facts.filled} filled cells were read; nothing was loaded. Open "
                f"it and save it again"
            )
        return self._columns

    def _row(self, number: int, fields: list[str]) -> None:
        counts = self._writer.counts
        if number <= self._record.reader.skip_lines:
            counts.header += 1
        elif not any(fields):
            counts.blank += 1
        elif self._is_header_due:
            counts.header += 1
            self._is_header_due = False
            self._columns = column_names(
                _trimmed([without_mark(field) for field in fields]), self._record.reader, called(self._path)
            )
            check_columns(self._columns, self._record, called(self._path))
        else:
            self._data(number, fields)

    def _data(self, number: int, fields: list[str]) -> None:
        width = len(self._columns)
        self._written += sum(map(len, fields))
        _check_size(self._written, self._size, self._limits, self._path)
        if any(value.strip() for value in fields[width:]):
            self._writer.reject(number, "column_count", ",".join(map(without_mark, fields)).encode("utf-8", "replace"))
        else:
            self._writer.fields(number, [*fields[:width], *[""] * (width - len(fields))])


def _trimmed(fields: list[str]) -> list[str]:
    """The header without the empty cells that a sheet may have to its right."""
    while fields and not fields[-1].strip():
        fields.pop()
    return fields
