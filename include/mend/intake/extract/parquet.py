"""Parquet files: DuckDB reads a copy of them; only the header and the fingerprint are looked at here."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mend.intake.extract.content import called, open_file
from mend.intake.extract.errors import CorruptFileError, EmptyFileError
from mend.intake.extract.header import check_columns, column_names
from mend.intake.extract.record_source import RecordSource
from mend.intake.extract.staging import StagedFile, StagingWriter, Traits
from mend.intake.extract.typed_sql import LENGTH

BLOCK_BYTES = 1 << 20


def stage_parquet(path: Path, record: RecordSource, folder: Path, stem: str) -> StagedFile:
    """Describe a copy of the file in `folder`. Raises the ExtractError that says what is wrong with it."""
    import duckdb
    import pyarrow

    copied = folder / f"{stem}.parquet"
    fingerprint = _copied(path, copied)
    try:
        rows, names, types = _described(copied)
    except (duckdb.Error, pyarrow.ArrowException, OSError):
        raise CorruptFileError(
            f"{called(path)}: no Parquet file, or damaged; fetch it again, nothing of it was loaded"
        ) from None
    columns = column_names(names, record.reader, called(path))
    extra = check_columns(columns, record, called(path))
    writer = StagingWriter(folder, stem)
    writer.close()
    writer.counts.physical = writer.counts.staged = rows
    # A Parquet file's text was not read by the gate: assume everything that may need cleaning.
    traits = Traits.unknown(has_marks=True)
    counts = writer.counts
    return StagedFile(path.name, fingerprint, columns, copied, writer.rejects_path, counts, traits, extra, types=types)


def _copied(path: Path, target: Path) -> str:
    """Copy the file, and give its fingerprint. The engine opens by path: it gets the bytes that were looked at,
    whatever becomes of the file meanwhile."""
    digest = hashlib.sha256()
    with open_file(path) as file, target.open("wb") as copy:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            copy.write(block)
        if not file.tell():
            raise EmptyFileError(
                f"{called(path)}: the file is empty; ask for it again, or remove it if nothing was due"
            )
    return digest.hexdigest()


def _described(path: Path) -> tuple[int, list[str], tuple[tuple[str, str], ...]]:
    """The number of rows, the columns' own names, and their names and types as the engine that converts them sees them:
    to it, names that differ in case alone are the same, and the second gets a number. A length of time is a whole
    number to it: only the schema that the writer left in the file knows its unit."""
    import duckdb
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(path)
    with duckdb.connect() as engine:
        places = {"path": str(path)}
        (rows,) = engine.execute("select num_rows from parquet_file_metadata($path)", places).fetchall()[0]
        columns = engine.execute("describe select * from read_parquet($path)", places).fetchall()
    types = [(name, kind) for name, kind, *_ in columns]
    if len(schema.names) != len(types):
        return rows, [name for name, _ in types], tuple(types)
    for place, field in enumerate(schema):
        if pyarrow.types.is_duration(field.type):
            types[place] = (types[place][0], f"{LENGTH} {field.type.unit}")
    return rows, schema.names, tuple(types)
