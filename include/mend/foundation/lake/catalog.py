"""PyIceberg's catalog and transaction, without the work that they repeat at each look.

A night looks some five hundred times at its tables, and PyIceberg reads a table's metadata file each time, though such
a file never changes. A transaction works out its metadata some seventeen times a commit, and copies it each time.
"""

from __future__ import annotations

from typing import Any

from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import TableUpdate


class OnceReadCatalog(SqlCatalog):
    """Asks the database where a table's metadata is each time, and reads what is there once."""

    def __init__(self, name: str, **properties: Any) -> None:
        self._read: dict[str, IcebergTable] = {}  # by the table's name, as it was read: nobody else has this one
        super().__init__(name, **properties)

    def _convert_orm_to_iceberg(self, orm_table: IcebergTables) -> IcebergTable:
        known = self._read.get(orm_table.table_name)
        if known is None or known.metadata_location != orm_table.metadata_location:
            known = self._read[orm_table.table_name] = super()._convert_orm_to_iceberg(orm_table)
        return IcebergTable(known.name(), known.metadata, known.metadata_location, known.io, self)


class OnceCountedTransaction(Transaction):
    """Works out its metadata when there are new updates, not at each look."""

    _worked_out: tuple[TableMetadata, tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        base, updates = self._table.metadata, self._updates
        if self._worked_out is None or self._worked_out[0] is not base or self._worked_out[1] is not updates:
            self._worked_out = base, updates, super().table_metadata
        return self._worked_out[2]
