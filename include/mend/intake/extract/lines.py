"""The gate for text files: physical lines in, separated records and rejected lines out, every line accounted for.

A quoted field may hold line breaks: such a record counts as one, with its further lines counted as `continued`. A quote
that is never closed, that closes into something else than the end of its field, or that is followed by a line which is
plainly a record of its own, costs its own line alone: reading goes on with the next one.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import methodcaller
from typing import Final

from mend.intake.extract.config import Limits
from mend.intake.extract.staging import RESERVED, SEPARATOR, StagingWriter, plain

# A line of a text has two or three commas now and then; from so many fields on, the right number of them is no chance.
FEW_FIELDS: Final = 4
PIECE: Final = 256  # odd lines read at a time


@dataclass(frozen=True)
class Block:
    """Whole lines, without line ends; `first` is the number of the first. A line over the limit is cut, and alone in
    its block."""

    first: int
    lines: list[bytes]
    is_too_long: bool = False

    @cached_property
    def text(self) -> bytes:
        """The lines with line feeds between them."""
        return b"\n".join(self.lines)


def blocks(chunks: Iterator[bytes], max_line_bytes: int) -> Iterator[Block]:
    """Cut UTF-8 chunks into physical lines. Memory holds one chunk and one line within the limit, however long the
    lines are."""
    number, rest, skipping = 1, b"", False
    for chunk in chunks:
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest, skipping = (rest, True) if skipping else (rest + chunk, False)
        else:
            whole = rest + head
            if skipping:
                yield Block(number, [rest], is_too_long=True)
                number += 1
                _, newline, whole = head.partition(b"\n")
            if newline:  # else the chunk held but the end of the line that was too long
                yield from _within(number, whole, max_line_bytes)
                number += whole.count(b"\n") + 1
            rest, skipping = tail, False
        if len(rest) > max_line_bytes:
            rest, skipping = rest[:max_line_bytes], True
    if skipping:
        yield Block(number, [rest], is_too_long=True)
    elif rest:
        yield from _within(number, rest, max_line_bytes)


def _within(number: int, text: bytes, max_line_bytes: int) -> Iterator[Block]:
    """The lines of the text, those over the limit in blocks of their own."""
    while b"\r\n" in text:  # some programs write the return of Windows twice
        text = text.replace(b"\r\n", b"\n")
    text = text.rstrip(b"\r")
    lines = text.split(b"\n")
    if max(map(len, lines)) <= max_line_bytes:
        yield Block(number, lines)
        return
    start = 0
    for place, line in enumerate(lines):
        if len(line) > max_line_bytes:
            if place > start:
                yield Block(number + start, lines[start:place])
            yield Block(number + place, [line[:max_line_bytes]], is_too_long=True)
            start = place + 1
    if start < len(lines):
        yield Block(number + start, lines[start:])


class LineGate:
    """Reads the lines of one file into a StagingWriter.

    Args:
        delimiter: one character, or None for one value per line (JSON lines).
        quote: one character, or None when quotes mean nothing.
        width: number of fields of a sound record.
    """

    def __init__(
        self, writer: StagingWriter, delimiter: str | None, quote: str | None, width: int, limits: Limits
    ) -> None:
        self._writer = writer
        self._delimiter = delimiter
        self._separator = (delimiter or "").encode()
        self._quote_text = quote
        self._quote = (quote or "").encode() if delimiter else b""
        self._width = width
        self._limits = limits
        self._open: deque[tuple[int, bytes]] = deque()
        self._added = 0  # lines that ended in a return alone

    def take(self, block: Block) -> None:
        """Read a block."""
        block = self._cut(block)
        if block.is_too_long:
            self._give_up_open()
            self._writer.reject(block.first, "line_too_long", block.lines[0])
            return
        place = 0
        for is_plain, its in groupby(self._plain(block)):
            end = place + sum(1 for _ in its)
            run = Block(block.first + place, block.lines[place:end])
            if is_plain:
                self._take_plain(run)
            else:
                self._take_odd(run)
            place = end

    def _cut(self, block: Block) -> Block:
        """The block with its lines cut where a return alone ends a record; any other return belongs to its field."""
        if block.is_too_long or b"\r" not in block.text:
            return Block(block.first + self._added, block.lines, block.is_too_long) if self._added else block
        first = block.first + self._added
        lines = [piece for line in block.lines for piece in self._pieces(line)]
        added = len(lines) - len(block.lines)
        self._added += added
        self._writer.counts.physical += added
        return Block(first, lines)

    def _pieces(self, line: bytes) -> list[bytes]:
        pieces = line.split(b"\r")
        if len(pieces) == 1 or self._width == 1 or not self._separator or (self._quote and self._quote in line):
            return [line]
        wanted = self._width - 1
        are_records = [
            piece.count(self._separator) == wanted for piece in pieces if piece.strip() or self._separator in piece
        ]
        return pieces if len(are_records) > 1 and all(are_records) else [line]

    def finish(self) -> None:
        """Say that there are no more lines."""
        self._give_up_open()

    def _plain(self, block: Block) -> list[bool]:
        """Of each line, whether it is a sound record without quotes: the fast way is for runs of these."""
        text, lines = block.text, block.lines
        if self._separator:
            wanted = self._width - 1
            plain = [count == wanted for count in map(methodcaller("count", self._separator), lines)]
        else:
            plain = [True] * len(lines)
        if self._width == 1:  # a line of spaces looks sound; with more columns, its missing separators tell
            plain = [is_plain and bool(line.strip()) for is_plain, line in zip(plain, lines, strict=True)]
        for mark in (self._quote, b"\r", *(RESERVED[place : place + 1] for place in range(len(RESERVED)))):
            if mark and mark in text:
                plain = [is_plain and mark not in line for is_plain, line in zip(plain, lines, strict=True)]
        return plain

    def _take_plain(self, run: Block) -> None:
        if self._open and self._width < FEW_FIELDS:  # they may be the text that the open quote began
            self._take_lines(run)
            return
        self._give_up_open()
        lines = run.text.replace(self._separator, SEPARATOR).split(b"\n") if self._separator else run.lines
        self._writer.rows(range(run.first, run.first + len(lines)), lines)

    def _take_odd(self, run: Block) -> None:
        """Piece by piece, as one odd line makes its whole piece slow."""
        for start in range(0, len(run.lines), PIECE):
            piece = Block(run.first + start, run.lines[start : start + PIECE])
            if self._open or not self._took_quoted(piece):
                self._take_lines(piece)

    def _take_lines(self, block: Block) -> None:
        for number, line in enumerate(block.lines, block.first):
            self._line(number, line)

    def _took_quoted(self, block: Block) -> bool:
        """The second way, for a piece in which every line is a sound record by itself, with quotes."""
        text = block.text
        if not self._quote or b"\r" in text or b"" in block.lines or len(text.translate(None, RESERVED)) != len(text):
            return False
        try:
            records = list(self._reader(text.decode().split("\n")))
        except csv.Error:
            return False
        if len(records) != len(block.lines) or any(len(record) != self._width for record in records):
            return False
        joined = "\n".join(map("\x1f".join, records)).encode()
        self._writer.rows(range(block.first, block.first + len(records)), joined.split(b"\n"))
        return True

    def _line(self, number: int, line: bytes) -> None:
        if self._open and self._is_whole(line):
            self._give_up_open()
        if self._open:
            self._open.append((number, line))
            self._try_open()
        elif not line.strip() and not (self._separator and self._separator in line):
            self._writer.counts.blank += 1
        elif len(line.translate(None, RESERVED)) != len(line):
            self._writer.reject(number, "control_character", line)
        elif self._quote and self._quote in line:
            self._open.append((number, line))
            self._try_open()
        else:
            self._record(number, line.decode().split(self._delimiter) if self._delimiter else [line.decode()], line)

    def _is_whole(self, line: bytes) -> bool:
        """Whether a line after an open quote is plainly a record of its own, and no part of a text: then the quote is a
        fault, even if a later line happens to close it."""
        return self._width >= FEW_FIELDS and self._quote not in line and line.count(self._separator) == self._width - 1

    def _record(self, number: int, fields: list[str], raw: bytes) -> None:
        if len(fields) == self._width:
            self._writer.rows((number,), [SEPARATOR.join(plain(value) for value in fields)])
        else:
            self._writer.reject(number, "column_count", raw)

    def _try_open(self) -> None:
        """Read the lines gathered since an open quote as one record, if they make one."""
        fields, reason = self._parsed([line for _, line in self._open])
        if fields is not None:
            number = self._open[0][0]
            self._writer.counts.continued += len(self._open) - 1
            self._record(number, fields, b"\n".join(line for _, line in self._open))
            self._open.clear()
        elif reason == "bad_quote" or self._is_too_much():
            self._give_up_first("bad_quote" if len(self._open) == 1 else "open_quote")

    def _is_too_much(self) -> bool:
        size = sum(len(line) for _, line in self._open)
        return len(self._open) >= self._limits.max_record_lines or size > self._limits.max_line_bytes

    def _give_up_first(self, reason: str) -> None:
        """Reject the line with the bad quote alone, and read the lines after it again."""
        number, line = self._open.popleft()
        self._writer.reject(number, reason, line)
        waiting, self._open = self._open, deque()
        while waiting:
            self._line(*waiting.popleft())

    def _give_up_open(self) -> None:
        while self._open:
            self._give_up_first("open_quote")

    def _parsed(self, lines: list[bytes]) -> tuple[list[str] | None, str]:
        """The record's fields; or None and why: `open_quote` when more lines may complete it, `bad_quote` when none
        can."""
        waiting = deque(line.decode() + "\n" for line in lines)
        asked_for_more = False

        def feed() -> Iterator[str]:
            nonlocal asked_for_more
            while waiting:
                yield waiting.popleft()
            asked_for_more = True

        try:
            return next(self._reader(feed())), ""
        except csv.Error:
            return None, "open_quote" if asked_for_more else "bad_quote"

    def _reader(self, lines: Iterator[str] | list[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter or ",", quotechar=self._quote_text, strict=True)
