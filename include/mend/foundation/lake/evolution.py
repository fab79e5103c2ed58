"""A table that an earlier version of Mend made, brought to the shape that the schema describes now.

New optional columns are added: rows of before are empty there, and no file is written again. Whatever else differs is
for a person to decide. A column that the schema does not name (a later version added it) stays as it is.
"""

from __future__ import annotations

from typing import Final

from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable

from mend.foundation.lake.errors import OldTableError
from mend.foundation.lake.iceberg_schema import ICEBERG_TYPES
from mend.foundation.schema import Column, Table

LEDGER: Final = "mart_damage_ledger"  # compared as a whole, and made again by `mend rebuild-ledger`
MADE_BY_REBUILD: Final = ("damage/", "repair/campaign")  # owners of the tables that this command empties


def is_made_by_rebuild(described: Table) -> bool:
    """Whether `mend rebuild-ledger` makes the table again."""
    return described.owner.startswith(MADE_BY_REBUILD)


def new_columns(table: IcebergTable, described: Table) -> list[Column]:
    """Columns of the schema that the table lacks.

    Raises:
        OldTableError: the table differs in more than optional columns that it lacks; the message names each
            difference.
    """
    stored = {field.name: str(field.field_type) for field in table.schema().fields}
    lacking = [column for column in described.columns if column.name not in stored]
    if wrong := [*_other_types(stored, described), *_required(lacking), *_other_partition(table, described)]:
        raise OldTableError(
            f"{described.name} in {table.location()} is of another version of Mend: {'; '.join(wrong)}. "
            f"{_remedy(described)}"
        )
    return lacking


def add_columns(table: IcebergTable, described: Table, columns: list[Column]) -> None:
    """Add optional columns to the table, each in the place that the schema gives it."""
    names = described.column_names
    with table.update_schema() as update:
        for column in columns:
            update.add_column(column.name, ICEBERG_TYPES[column.type], doc=column.en)
            place = names.index(column.name)
            if place:
                update.move_after(column.name, names[place - 1])
            else:
                update.move_first(column.name)


def shape_of(schema: Schema, spec: PartitionSpec) -> tuple[list[tuple[str, str]], list[str]]:
    """Columns with their types, and the columns of the partition, in order."""
    return [(each.name, str(each.field_type)) for each in schema.fields], [each.name for each in spec.fields]


def _other_types(stored: dict[str, str], described: Table) -> list[str]:
    return [
        f"column {column.name} holds {stored[column.name]}, and {ICEBERG_TYPES[column.type]} is expected"
        for column in described.columns
        if stored.get(column.name, str(ICEBERG_TYPES[column.type])) != str(ICEBERG_TYPES[column.type])
    ]


def _required(lacking: list[Column]) -> list[str]:
    return [f"column {column.name} is required and not there" for column in lacking if column.required]


def _other_partition(table: IcebergTable, described: Table) -> list[str]:
    stored = tuple(field.name for field in table.spec().fields)
    if stored == described.partition:
        return []
    return [f"it is kept by {', '.join(stored) or 'nothing'}, and by {', '.join(described.partition)} is expected"]


def _remedy(described: Table) -> str:
    if is_made_by_rebuild(described):
        return "Make it again with `mend rebuild-ledger`"
    return "Use the version of Mend that made it, or load the deliveries into a new home"
