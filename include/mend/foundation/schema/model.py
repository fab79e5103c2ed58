"""The schema as Python objects, read from the YAML files beside this module when it is first imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mend.foundation.yaml_text import read_yaml

FOLDER: Final = Path(__file__).parent
TYPES: Final = frozenset({"string", "integer", "long", "double", "decimal", "points", "boolean", "date", "timestamp"})


class SchemaError(ValueError):
    """A schema file says something impossible; the message names table and column."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit and domain, and its words for people.

    `type` is one of TYPES; a `decimal` has two decimal places, `points` three (nine digits),
    a `timestamp` is an instant (stored in UTC).
    """

    name: str
    type: str
    en: str
    zh: str
    required: bool = False
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    codes: str | None = None
    pattern: str | None = None
    default: str | None = None
    personal: bool = False

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise SchemaError(f"column {self.name}: unknown type {self.type}")
        if self.codes is not None and self.codes not in CODES:
            raise SchemaError(f"column {self.name}: unknown code list {self.codes}")


@dataclass(frozen=True)
class Table:
    """One lake table. `partition` names the columns whose values, equal within each file, are replaced as a whole."""

    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    partition: tuple[str, ...]
    key: tuple[str, ...] = ()
    owner: str = ""  # the room that alone writes it

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True)
class Record:
    """One kind of record that arrives (domain: records). `event_column` is the day of the event, a date column of raw_
    and core_; `event_source` is the timestamp it is taken from in the business zone, or None when the contract itself
    carries the date."""

    name: str
    en: str
    zh: str
    key: tuple[str, ...]
    event_column: str
    event_source: str | None
    columns: tuple[Column, ...]

    @property
    def raw(self) -> Table:
        return TABLES[f"raw_{self.name}"]

    @property
    def core(self) -> Table:
        return TABLES[f"core_{self.name}"]

    @property
    def subject_id_column(self) -> str:
        """The column that names the row by itself (the key's first column)."""
        return self.key[0]

    def column(self, name: str) -> Column:
        """The contract's column of that name; KeyError when it has none."""
        return {column.name: column for column in self.columns}[name]


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        content: dict[str, Any] = read_yaml(file.read())
    return content


def _columns(described: dict[str, dict[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(name=name, **words) for name, words in described.items())


def _record(name: str, described: dict[str, Any]) -> Record:
    event = described["event"]
    return Record(
        name=name,
        en=described["en"],
        zh=described["zh"],
        key=tuple(described["key"]),
        event_column=event["date"],
        event_source=event.get("from"),
        columns=_columns(described["columns"]),
    )


def _with_event_day(record: Record) -> tuple[Column, ...]:
    if record.event_source is None:
        return record.columns
    source = record.column(record.event_source)
    day = Column(
        record.event_column, "date", f"{source.en}: day in the business zone", f"{source.zh}（业务日）", required=True
    )
    return (*record.columns, day)


def _record_tables(record: Record, lineage: tuple[Column, ...]) -> list[Table]:
    columns = _with_event_day(record)
    return [
        Table(
            f"raw_{record.name}",
            f"{record.en}: every version that arrived",
            f"{record.zh}（全部版本）",
            (*columns, *lineage),
            (record.event_column, "batch_number"),
            owner="intake/extract",
        ),
        Table(
            f"core_{record.name}",
            record.en,
            record.zh,
            columns,
            (record.event_column,),
            record.key,
            owner="intake/core",
        ),
    ]


def _table(name: str, described: dict[str, Any]) -> Table:
    return Table(
        name,
        described["en"],
        described["zh"],
        _columns(described["columns"]),
        tuple(described["partition"]),
        owner=described.get("owner", ""),
    )


def described(folder: str, prefix: str = "") -> dict[str, Any]:
    """What the folder's YAML files whose names begin with the prefix describe, taken together; SchemaError when two
    describe one name.
    """
    found: dict[str, Any] = {}
    for path in sorted((FOLDER / folder).glob(f"{prefix}*.yaml")):
        content = _read(f"{folder}/{path.name}")
        if twice := found.keys() & content.keys():
            raise SchemaError(f"{path.name}: described twice: {', '.join(sorted(twice))}")
        found.update(content)
    return found


CODES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    name: {str(code): (words[0], words[1]) for code, words in codes.items()}
    for name, codes in described("codes").items()
}
RECORDS: Final[dict[str, Record]] = {
    name: _record(name, described) for name, described in _read("records.yaml").items()
}
LINEAGE: Final = _columns(_read("lineage.yaml")["columns"])
TABLES: Final[dict[str, Table]] = {}
for _each in RECORDS.values():
    TABLES.update({table.name: table for table in _record_tables(_each, LINEAGE)})
TABLES.update({name: _table(name, words) for name, words in described("tables").items()})
