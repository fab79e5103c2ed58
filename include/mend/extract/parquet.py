"""Parquet files: DuckDB reads them as they are; only the header and the fingerprint are looked at here."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mend.extract.config import RecordSource
from mend.extract.content import open_file
from mend.extract.errors import CorruptFileError, EmptyFileError
from mend.extract.header import check_columns, column_names
from mend.extract.staging import StagedFile, StagingWriter, Traits


def stage_parquet(path: Path, record: RecordSource, folder: Path, stem: str) -> StagedFile:
    """Describe the file; its rows stay where they are. Raises the ExtractError that says what is wrong with it."""
    import pyarrow
    import pyarrow.parquet

    with open_file(path) as file:
        fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        if not file.tell():
            raise EmptyFileError(f"{path.name}: the file is empty; ask for it again, or remove it if nothing was due")
    try:
        footer = pyarrow.parquet.read_metadata(path)
        names = pyarrow.parquet.read_schema(path).names
    except (pyarrow.ArrowException, OSError):
        raise CorruptFileError(f"{path.name}: no Parquet file, or damaged; fetch it again, nothing of it was loaded") from None
    columns = column_names(names, record.reader, path.name)
    extra = check_columns(columns, record, path.name)
    writer = StagingWriter(folder, stem)
    writer.close()
    writer.counts.physical = writer.counts.staged = footer.num_rows
    # A Parquet file's text was not read by the gate: assume everything that may need cleaning.
    traits = Traits(has_wide=True, has_padding=True)
    return StagedFile(path.name, fingerprint, columns, path, writer.rejects_path, writer.counts, traits, extra)
