"""A source's configuration: where its records are, how they are read, and how their columns map to the contract."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, field_validator, model_validator

from mend.foundation.yaml_text import read_yaml
from mend.intake.extract.contract import contract_problems, record_names_problem
from mend.intake.extract.errors import ConfigError
from mend.intake.extract.mapping import ColumnMap, Expand, Group, Model, Zone
from mend.intake.extract.wording import problem_words

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
    columns: Annotated[dict[Identifier, ColumnMap], BeforeValidator(lambda value: _column_maps(value))]

    @property
    def is_daily(self) -> bool:
        """True when each business date has its own delivery; false when one file holds many days."""
        return self.reader.format == "database" or "{business_date" in (self.path or "")


class Limits(Model):
    """What a file or query may cost. Bytes are counted unpacked; `max_ratio` is unpacked to packed, looked at from
    `ratio_from_bytes` on; `max_query_seconds` is what a database may take for its answer."""

    max_line_bytes: int = Field(default=1 << 20, ge=1024)
    max_record_lines: int = Field(default=100, ge=1)
    max_bytes: int = Field(default=64 << 30, ge=1024)
    max_ratio: float = Field(default=200, gt=1)
    ratio_from_bytes: int = Field(default=8 << 20, ge=0)
    max_query_seconds: int = Field(default=7200, ge=1)


class Source(Model):
    """A source: its zone, and the records it delivers."""

    source: Identifier
    en: str
    zh: str
    zone: Zone
    root: str | None = None
    limits: Limits = Limits()
    records: dict[Identifier, RecordSource]

    @field_validator("records", mode="before")
    @classmethod
    def _are_of_contract(cls, value: Any) -> Any:
        if problem := record_names_problem(value):
            raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _fits_contract(self) -> Source:
        if problems := [each for name, record in self.records.items() for each in contract_problems(name, record)]:
            raise ValueError("; ".join(problems))
        return self

    def fingerprint(self, record: str) -> str:
        """SHA-256 of what decides how the record is read: a changed mapping reads the same file again, and a key that
        did not exist when it was written does not change it."""
        words = f"{self.zone} {self.records[record].model_dump_json(exclude_defaults=True)}"
        return hashlib.sha256(words.encode()).hexdigest()


def _column_maps(value: Any) -> Any:
    """A bare text is the source column, a bare list the columns to join."""
    if not isinstance(value, dict):
        return value
    return {name: {"from": its} if isinstance(its, str | list) else its for name, its in value.items()}


def read_source(path: Path) -> Source:
    """The source that a YAML file describes. ConfigError names the file and each wrong key."""
    if path.exists() and not path.is_file():
        raise ConfigError(f"{path}: not a plain file; remove it, or put the file itself there")
    try:
        content = read_yaml(path.read_text("utf-8"))
        return Source.model_validate(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        problems = [problem_words(each, Source) for each in error.errors()]
    # Outside: an error of pydantic that another one keeps holds all callers' frames to the process's end, open
    # databases among them.
    raise ConfigError(f"{path}: " + "; ".join(problems))
