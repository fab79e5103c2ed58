"""Whole files in the forms that some sources send: not part of a simulated world, made from its files for tests."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path


def gbk_copy(file: Path, into: Path) -> Path:
    """The delivered CSV encoded as GBK, uncompressed, as old Chinese systems export it."""
    return _write(into / file.name.removesuffix(".gz"), gzip.decompress(file.read_bytes()).decode().encode("gbk"))


def without_column(file: Path, column: str, into: Path) -> Path:
    """The delivered CSV without one of its columns and without broken rows. KeyError when it has no such column."""
    rows = list(csv.reader(io.StringIO(gzip.decompress(file.read_bytes()).decode())))
    if column not in rows[0]:
        raise KeyError(f"{file.name} has no column {column}")
    place = rows[0].index(column)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        row[:place] + row[place + 1 :] for row in rows if len(row) == len(rows[0])
    )
    return _write(into / file.name, gzip.compress(text.getvalue().encode(), mtime=0))


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
