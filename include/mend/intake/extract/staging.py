"""The staging file: what a source's rows look like between the gate that reads bytes and the SQL that converts values.

Each record is one line: its line number in the source, then its fields, separated by a control character that the gate
keeps out of the data. So DuckDB reads it without quoting rules, and no line can swallow another. Rejected lines go to a
file of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import numpy as np

from mend.intake.extract.marks import Marked, without_mark

ROWS: Final = ".rows"
REJECTS: Final = ".rejects"
SEPARATOR: Final = b"\x1f"
LINE_BREAK: Final = b"\x1e"  # stands for a line break inside a field
RESERVED: Final = b"\x00\x1c\x1d\x1e\x1f"
RESERVED_TEXT: Final = frozenset(RESERVED.decode())
EDGES: Final = np.frombuffer(SEPARATOR + b"\n", dtype=np.uint8)
RAW_ROW_BYTES: Final = 4000
# How the characters begin that cleaning.py narrows or takes out: full-width forms, wide spaces, invisible signs.
WIDE: Final = (
    *(b"\xef\xbc", b"\xef\xbd", b"\xef\xbb\xbf", b"\xef\xbf\xb9", b"\xef\xbf\xba", b"\xef\xbf\xbb", b"\xe3\x80\x80"),
    *(
        b"\xe2\x80",
        b"\xe2\x81",
        b"\xe1\x9a\x80",
        b"\xe1\xa0\x8e",
        b"\xd8\x9c",
        b"\xcd\x8f",
        b"\xc2\xa0",
        b"\xc2\xad",
        b"\xc2\x85",
    ),
)
HIDDEN: Final = tuple(sign.encode() for sign in "\u00ad\u034f\u061c\u180e\ufeff\ufff9\ufffa\ufffb")
NEXT_LINE: Final = "\u0085".encode()
# U+2000 to U+206F begin like common quotes and dashes; these of them are invisible, or break a line.
INVISIBLE_PLACES: Final = np.array([*range(0x0B, 0x10), *range(0x2A, 0x2F), *range(0x60, 0x70)])
BREAKING_PLACES: Final = np.array([0x28, 0x29])
ASCII: Final = bytes(range(128))
# How a field begins that a spreadsheet was to keep a text, and one that holds a spreadsheet's error; blanks may stand
# before it.
PROTECTED: Final = ("=", "'", "`")
ERRORS: Final = ("#", "Err:")
KNOWN_CONTROLS: Final = (b"\n", b"\t", SEPARATOR, LINE_BREAK)


@dataclass
class LineCounts:
    """Where a file's physical lines went. `continued` are the second and further lines of records with a line break
    inside."""

    physical: int = 0
    header: int = 0
    blank: int = 0
    continued: int = 0
    staged: int = 0
    rejected: int = 0

    @property
    def records(self) -> int:
        return self.staged + self.rejected

    @property
    def accounted(self) -> int:
        return self.header + self.blank + self.continued + self.records


@dataclass
class Traits:
    """What occurs anywhere in the file, so that values are cleaned only where there is something to clean."""

    has_wide: bool = False  # full-width forms, wide spaces, invisible signs
    has_hidden: bool = False  # invisible signs
    has_padding: bool = False
    has_breaks: bool = False
    has_controls: bool = False
    has_protected: bool = False  # ="0700"
    has_errors: bool = False  # #N/A
    has_marks: bool = False  # typed values that a text alone would hide: marks.py

    @classmethod
    def unknown(cls, has_marks: bool = False) -> Traits:
        """Of a file whose texts the gate does not read: everything may occur."""
        return cls(True, True, True, True, True, True, True, has_marks)

    def look_at(self, staged: bytes) -> None:
        """Take note of a piece of the staging file."""
        if not staged.isascii() and not (self.has_wide and self.has_hidden and self.has_breaks):
            self._look_beyond_ascii(staged.translate(None, ASCII))
        self.has_padding = self.has_padding or _is_padded(staged)
        self.has_breaks = self.has_breaks or LINE_BREAK in staged
        self.has_controls = self.has_controls or _has_controls(staged)
        self.has_protected = self.has_protected or self._may_begin(staged, PROTECTED)
        self.has_errors = self.has_errors or self._may_begin(staged, ERRORS)

    def _may_begin(self, staged: bytes, starts: Iterable[str]) -> bool:
        """Whether a field may begin so once it is cleaned."""
        has_edges = self.has_padding or self.has_wide or self.has_breaks or self.has_controls
        narrow = any(
            start.encode() in staged and (has_edges or SEPARATOR + start.encode() in staged) for start in starts
        )
        return narrow or (self.has_wide and any(chr(ord(start[0]) + 0xFEE0).encode() in staged for start in starts))

    def _look_beyond_ascii(self, letters: bytes) -> None:
        """Take note of wide, invisible and breaking signs. Most of a text is none of them: the rare first bytes are
        looked for first.
        """
        self.has_wide = self.has_wide or _any_in(letters, WIDE)
        self.has_hidden = self.has_hidden or _any_in(letters, HIDDEN) or _has_general(letters, INVISIBLE_PLACES)
        self.has_breaks = self.has_breaks or _any_in(letters, (NEXT_LINE,)) or _has_general(letters, BREAKING_PLACES)

    def __or__(self, other: Traits) -> Traits:
        return Traits(*(mine or its for mine, its in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass
class StagedFile:
    """A file, ready to be converted: the columns its header names, and how its lines are accounted for.

    Args:
        types: of a Parquet file, each column's name and type as the engine calls them.
        remarks: what people should know of how the file was read, in words.
    """

    file_name: str
    fingerprint: str
    columns: tuple[str, ...]
    rows: Path
    rejects: Path
    counts: LineCounts
    traits: Traits = field(default_factory=Traits)
    extra_columns: tuple[str, ...] = ()
    delimiter: str = ","
    is_json: bool = False
    types: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def form(self) -> tuple[object, ...]:
        """Files of one form can be converted by one statement. Parquet files are typed each in its own way."""
        return self.columns, self.delimiter, self.is_json, None if self.rows.suffix == ROWS else self.rows

    def discard(self) -> None:
        """Remove the staging files."""
        for path in (self.rows, self.rejects):
            path.unlink(missing_ok=True)


class StagingWriter:
    """Writes the two files and counts. Line numbers are those of the source's physical lines, from 1."""

    def __init__(self, folder: Path, stem: str, max_line_bytes: int = 1 << 20) -> None:
        self._max_line_bytes = max_line_bytes
        self.rows_path = folder / f"{stem}{ROWS}"
        self.rejects_path = folder / f"{stem}{REJECTS}"
        self.counts = LineCounts()
        self.traits = Traits()
        self._rows: IO[bytes] = self.rows_path.open("wb")
        self._rejects: IO[bytes] = self.rejects_path.open("wb")

    def close(self) -> None:
        self._rows.close()
        self._rejects.close()

    def rows(self, numbers: Iterable[int], lines: list[bytes]) -> None:
        """Write records whose fields are already separated by SEPARATOR."""
        if not lines:
            return
        block = b"\n".join(map(b"%d\x1f%b".__mod__, zip(numbers, lines, strict=False))) + b"\n"
        self.traits.look_at(block)
        self._rows.write(block)
        self.counts.staged += len(lines)

    def fields(self, number: int, fields: Sequence[str]) -> None:
        """Write one record."""
        text = SEPARATOR.join(plain(value) for value in fields)
        raw = ",".join(without_mark(value) for value in fields)
        if len(text) > self._max_line_bytes:
            self.reject(number, "line_too_long", raw.encode("utf-8", "replace"))
        elif any(RESERVED_TEXT & set(value) for value in fields if not isinstance(value, Marked)):
            self.reject(number, "control_character", raw.encode("utf-8", "replace"))
        else:
            self.traits.has_marks = self.traits.has_marks or any(isinstance(value, Marked) for value in fields)
            self.rows((number,), [text])

    def reject(self, number: int, reason: str, raw: bytes) -> None:
        """Write one rejected line. Of a very long one only the beginning is kept."""
        kept = raw[:RAW_ROW_BYTES].decode("utf-8", "ignore").encode().translate(None, RESERVED + b"\r")
        self._rejects.write(b"%d\x1f%b\x1f%b\n" % (number, reason.encode(), kept.replace(b"\n", LINE_BREAK)))
        self.counts.rejected += 1


def _is_padded(staged: bytes) -> bool:
    """Whether any field begins or ends with a space or tab. Spaces are few, separators many: look beside the spaces."""
    codes = np.frombuffer(staged, dtype=np.uint8)
    for blank in (b" ", b"\t"):
        if blank not in staged:
            continue
        places = np.flatnonzero(codes == blank[0])
        beside = np.concatenate([codes[places - 1], codes[np.minimum(places + 1, len(codes) - 1)]])
        if np.isin(beside, EDGES).any():
            return True
    return False


def _has_controls(staged: bytes) -> bool:
    """Whether a control character stands anywhere but those that make the staging file. Counting costs less than
    looking.
    """
    found = np.count_nonzero(np.frombuffer(staged, dtype=np.uint8) < ord(" "))
    if found > sum(map(staged.count, KNOWN_CONTROLS)) or b"\x7f" in staged:
        return True
    return b"\xc2" in staged and any(bytes((0xC2, second)) in staged for second in range(0x80, 0xA0))


def _any_in(letters: bytes, signs: Iterable[bytes]) -> bool:
    return any(sign[:1] in letters and sign in letters for sign in signs)


def _has_general(letters: bytes, places: np.ndarray) -> bool:
    """Whether one of these characters of U+2000 to U+206F stands anywhere, in UTF-8 without its ASCII characters."""
    if b"\xe2" not in letters:
        return False
    codes = np.frombuffer(letters, dtype=np.uint8)
    leads = np.flatnonzero(codes == 0xE2)
    of_block = leads[(codes[leads + 1] == 0x80) | (codes[leads + 1] == 0x81)]
    found = (codes[of_block + 1].astype(int) - 0x80) * 64 + codes[of_block + 2] - 0x80
    return bool(np.isin(found, places).any())


def plain(value: str) -> bytes:
    """A field's text with its line breaks replaced, as the staging file wants it."""
    return value.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").replace(b"\n", LINE_BREAK)
