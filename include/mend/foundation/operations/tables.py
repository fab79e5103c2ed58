"""The operations database as SQLAlchemy metadata, read from schema/operations/."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from mend.foundation.schema.model import SchemaError, described

TYPES: Final[dict[str, TypeEngine[Any]]] = {
    "string": String(),
    "integer": Integer(),
    "long": BigInteger(),
    "decimal": Numeric(12, 2),
    "points": Numeric(9, 3),
    "boolean": Boolean(),
    "date": Date(),
    "timestamp": DateTime(timezone=True),
    "json": JSONB(),
}
NAMES: Final = {
    "pk": "%(table_name)s_pk",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


def metadata(tables: dict[str, dict[str, Any]]) -> MetaData:
    """The tables of parsed operations files. SchemaError names the table and column that are wrong."""
    made = MetaData(naming_convention=NAMES)
    for name, words in tables.items():
        _table(made, name, words)
    return made


def _table(made: MetaData, name: str, words: dict[str, Any]) -> None:
    columns = [_column(name, column, its) for column, its in words["columns"].items()]
    allowed = [_allowed(column, its["values"]) for column, its in words["columns"].items() if "values" in its]
    checks = [CheckConstraint(condition, name=check) for check, condition in words.get("check", {}).items()]
    # Null counts as a value: the batch without a business date must not be registered twice either.
    unique = [UniqueConstraint(*group, postgresql_nulls_not_distinct=True) for group in words.get("unique", [])]
    table = Table(
        name, made, *columns, PrimaryKeyConstraint(*words["key"]), *unique, *allowed, *checks, comment=words["en"]
    )
    for group in words.get("index", []):
        Index(None, *[table.c[column] for column in group])


def _column(table: str, name: str, its: dict[str, Any]) -> Column[Any]:
    if its["type"] not in TYPES:
        raise SchemaError(f"{table}.{name}: unknown type {its['type']}")
    numbered = [Identity(always=False)] if its.get("identity") else []
    return Column(name, TYPES[its["type"]], *numbered, nullable=not its.get("required", False), comment=its["en"])


def _allowed(column: str, values: list[str]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


METADATA: Final = metadata(described("operations"))
LOAD_BATCH: Final = METADATA.tables["load_batch"]
BATCH_DECISION: Final = METADATA.tables["batch_decision"]
DAY_DUE: Final = METADATA.tables["day_due"]
SOURCE_DELIVERY: Final = METADATA.tables["source_delivery"]
LOADED_DAY: Final = METADATA.tables["loaded_day"]
RUN_STEP: Final = METADATA.tables["run_step"]
QUALITY_RESULT: Final = METADATA.tables["quality_result"]
PUBLISHED_LIST: Final = METADATA.tables["published_list"]
HOME_IDENTITY: Final = METADATA.tables["home_identity"]
