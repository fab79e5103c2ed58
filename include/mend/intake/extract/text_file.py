"""Delimited text and JSON lines: from bytes to a staging file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from mend.intake.extract.config import Limits
from mend.intake.extract.content import Content, called
from mend.intake.extract.decoding import as_utf8
from mend.intake.extract.errors import EmptyFileError, HeaderError, NotDataError, ReconciliationError
from mend.intake.extract.header import check_columns, column_names, split_header
from mend.intake.extract.line_ends import with_line_feeds
from mend.intake.extract.lines import Block, LineGate, blocks
from mend.intake.extract.record_source import Reader, RecordSource
from mend.intake.extract.staging import LineCounts, StagedFile, StagingWriter, Traits

SNIFFED_BYTES = 4096
MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")
JSON_COLUMN = "json"


def stage_text(path: Path, record: RecordSource, limits: Limits, folder: Path, stem: str) -> StagedFile:
    """Read a delimited or JSON lines file into `folder`. Raises the ExtractError that says what is wrong with the
    file."""
    content, name = Content(path, limits), called(path)
    writer = StagingWriter(folder, stem, limits.max_line_bytes)
    try:
        chunks = with_line_feeds(_sniffed(as_utf8(content.chunks(), record.reader.encoding, name), name))
        columns = _staged(_counted(chunks, writer.counts), record, limits, writer, name)
    finally:
        writer.close()
    check_accounted(writer.counts, name)
    is_json = record.reader.format == "json_lines"
    return StagedFile(
        file_name=path.name,
        fingerprint=content.fingerprint,
        columns=columns,
        rows=writer.rows_path,
        rejects=writer.rejects_path,
        counts=writer.counts,
        traits=Traits.unknown(has_marks=True) if is_json else writer.traits,  # JSON may escape any character
        extra_columns=() if is_json else check_columns(columns, record, name),
        delimiter=record.reader.delimiter,
        is_json=is_json,
    )


def check_accounted(counts: LineCounts, name: str) -> None:
    """ReconciliationError unless every physical line went somewhere."""
    if counts.physical != counts.accounted:
        raise ReconciliationError(
            f"{name}: {counts.physical} lines, but {counts.accounted} accounted for; nothing was loaded"
        )


def _staged(
    chunks: Iterator[bytes], record: RecordSource, limits: Limits, writer: StagingWriter, name: str
) -> tuple[str, ...]:
    """Write the rows; returns the file's columns."""
    cut = blocks(chunks, limits.max_line_bytes)
    if record.reader.format == "json_lines":
        columns: tuple[str, ...] = (JSON_COLUMN,)
        gate = LineGate(writer, None, None, 1, limits)
    else:
        columns, cut = _header(cut, record.reader, writer.counts, name)
        check_columns(columns, record, name)
        gate = LineGate(writer, record.reader.delimiter, record.reader.quote, len(columns), limits)
    for block in cut:
        gate.take(block)
    gate.finish()
    return columns


def _header(
    cut: Iterator[Block], reader: Reader, counts: LineCounts, name: str
) -> tuple[tuple[str, ...], Iterator[Block]]:
    """The columns, and the blocks that follow the header."""
    if not reader.header and not reader.skip_lines:
        return reader.names, cut
    taken: list[bytes] = []
    wanted = reader.skip_lines + (1 if reader.header else 0)
    for block in cut:
        if block.is_too_long:
            raise HeaderError(f"{name}: line {block.first} is no header, it is longer than a line may be")
        use = min(wanted - len(taken), len(block.lines))
        taken += block.lines[:use]
        if len(taken) == wanted:
            counts.header = wanted
            rest = Block(block.first + use, block.lines[use:])
            return _names(taken[-1], reader, name), _chained(rest, cut)
    raise HeaderError(f"{name}: the file ends before its header (line {wanted})")


def _names(line: bytes, reader: Reader, name: str) -> tuple[str, ...]:
    if not reader.header:
        return reader.names
    try:
        return column_names(split_header(line, reader), reader, name)
    except csv.Error as error:
        raise HeaderError(f"{name}: the header cannot be read: {error}") from None


def _chained(first: Block, rest: Iterator[Block]) -> Iterator[Block]:
    if first.lines:
        yield first
    yield from rest


def _counted(chunks: Iterator[bytes], counts: LineCounts) -> Iterator[bytes]:
    """Count the physical lines by their line ends alone, so that the gate's own counts can be held against it."""
    last = b"\n"
    for chunk in chunks:
        counts.physical += chunk.count(b"\n")
        last = chunk[-1:] or last
        yield chunk
    counts.physical += last != b"\n"


def _sniffed(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The chunks, unless the first one shows that this is no text of rows."""
    first = next(chunks, b"")
    start = first[:SNIFFED_BYTES].lstrip().lower()
    if start.startswith(MARKUP):
        raise NotDataError(f"{name}: an HTML or XML page, perhaps a log-in or error page; fetch the file itself")
    text = start.rstrip(b"\0") or start  # a last line of null bytes is what a crash leaves
    if text.count(b"\0") * 10 > len(text):  # a few null bytes are dirt in their lines
        raise NotDataError(f"{name}: not text{_hint(text)}; state the right format or encoding in the source's reader")
    if not start and len(first) < SNIFFED_BYTES:
        raise EmptyFileError(f"{name}: the file holds nothing but blank lines; ask for it again")
    yield first
    yield from chunks


def _hint(text: bytes) -> str:
    """What the zeros of ASCII characters in two bytes say."""
    big, little = text[0::2].count(0), text[1::2].count(0)
    if max(big, little) * 3 < len(text):
        return ""
    return f" in the stated encoding, it looks like {'utf-16-be' if big > little else 'utf-16-le'}"
