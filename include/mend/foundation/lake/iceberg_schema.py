"""The schema of mend.foundation.schema as Iceberg schemas and partition specs."""

from __future__ import annotations

from typing import Final

from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import (
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    IntegerType,
    LongType,
    NestedField,
    PrimitiveType,
    StringType,
    TimestamptzType,
)

from mend.foundation.schema import Table

ICEBERG_TYPES: Final[dict[str, PrimitiveType]] = {
    "string": StringType(),
    "integer": IntegerType(),
    "long": LongType(),
    "double": DoubleType(),
    "decimal": DecimalType(12, 2),
    "points": DecimalType(9, 3),
    "boolean": BooleanType(),
    "date": DateType(),
    "timestamp": TimestamptzType(),
}
FIRST_PARTITION_FIELD: Final = 1000


def iceberg_schema(table: Table) -> Schema:
    """The Iceberg schema of a table; field ids follow the order of its columns, from 1.

    Every field is optional in the file format; that required columns are filled is checked when rows are written.
    """
    fields = [
        NestedField(number, column.name, ICEBERG_TYPES[column.type], required=False, doc=column.en)
        for number, column in enumerate(table.columns, start=1)
    ]
    return Schema(*fields)


def partition_spec(table: Table) -> PartitionSpec:
    """Identity partitions on the table's partition columns."""
    field_ids = {column.name: number for number, column in enumerate(table.columns, start=1)}
    fields = [
        PartitionField(field_ids[name], FIRST_PARTITION_FIELD + place, IdentityTransform(), name)
        for place, name in enumerate(table.partition)
    ]
    return PartitionSpec(*fields)
