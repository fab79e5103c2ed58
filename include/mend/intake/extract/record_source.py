"""One record of a source: how the bytes of its files become rows, and how its columns map to the contract."""

from __future__ import annotations

import codecs
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mend.intake.extract.mapping import ColumnMap, Expand, Group, Model

Format = Literal["delimited", "json_lines", "parquet", "excel", "ods", "database"]


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
        raise ValueError("a name here is lower-case letters, digits and underscores, and begins with a letter")
    return value


def _encoding(value: str) -> str:
    if value.lower() in ("auto", "detect"):
        raise ValueError("state the encoding: a guess is wrong without a sign on short or mixed files")
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise ValueError("not an encoding that Python knows, such as utf-8 or gbk") from None


Identifier = Annotated[str, AfterValidator(_identifier)]


class Reader(Model):
    """How the bytes of a file become rows.

    Args:
        header: false when the first line is data already; then `names` gives the columns by position.
        sheet: a sheet's name, or its number from 0 among those that people see.
        duplicates: header names that may stand twice; the second is called `name#2`.
        query: for a database, with :from_day (first day) and :to_day (the day after the last) bound.
        table, day_column: for a database, instead of a query.
        url_env: environment variable with the database's SQLAlchemy URL; `connection`: a name the caller resolves.
    """

    format: Format = "delimited"
    delimiter: str = ","
    quote: str | None = '"'
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    header: bool = True
    names: tuple[str, ...] = ()
    skip_lines: int = Field(default=0, ge=0)
    duplicates: tuple[str, ...] = ()
    sheet: str | int = 0
    url_env: str | None = None
    connection: str | None = None
    query: str | None = None
    table: str | None = None
    day_column: str | None = None

    @model_validator(mode="after")
    def _fits_format(self) -> Reader:
        if len(self.delimiter) != 1 or (self.quote is not None and len(self.quote) != 1):
            raise ValueError("delimiter and quote are one character each")
        if not self.header and not self.names and self.format in ("delimited", "excel", "ods"):
            raise ValueError("a file without header needs names: [...]")
        if self.format == "database":
            if not (self.query or (self.table and self.day_column)):
                raise ValueError("a database needs query, or table and day_column")
            if not (self.url_env or self.connection):
                raise ValueError("a database needs url_env or connection")
        return self


def _column_maps(value: Any) -> Any:
    """A bare text is the source column, a bare list the columns to join."""
    if not isinstance(value, dict):
        return value
    return {name: {"from": its} if isinstance(its, str | list) else its for name, its in value.items()}


class RecordSource(Model):
    """One record of a source.

    Args:
        path: relative to the source's root; with {business_date} there is a file for each day.
        optional: a day without its file is no fault.
        null_values: values of any column that mean "empty".
        version: the time that says which of two rows of one key is the later.
        expand: one row with a count becomes many.
        group: many rows of one key become one.
    """

    path: str | None = None
    optional: bool = False
    reader: Reader = Reader()
    null_values: tuple[str, ...] = ()
    version: ColumnMap | None = None
    expand: Expand | None = None
    group: Group | None = None
    columns: Annotated[dict[Identifier, ColumnMap], BeforeValidator(_column_maps)]

    @property
    def is_daily(self) -> bool:
        """True when each business date has its own delivery; false when one file holds many days."""
        return self.reader.format == "database" or "{business_date" in (self.path or "")
