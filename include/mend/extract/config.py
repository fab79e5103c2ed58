"""A source's configuration: where its records lie, how they are read, and how their columns map to the contract."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mend.extract.errors import ConfigError
from mend.schema import CODES, RECORDS
from mend.yaml_text import read_yaml

Format = Literal["delimited", "json_lines", "parquet", "excel", "ods", "database"]
DIRECTIVES = re.compile(r"%(?:[YymdHIMSfpbBzjaA%]|-[dmHI])")


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
        raise ValueError("a name here is lower-case letters, digits and underscores, and begins with a letter")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # ZoneInfo raises all three for names that are none
        raise ValueError("not a time zone, such as Asia/Shanghai") from None
    return value


def _encoding(value: str) -> str:
    if value.lower() in ("auto", "detect"):
        raise ValueError("state the encoding: a guess is wrong without a sign on short or mixed files")
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise ValueError("not an encoding that Python knows, such as utf-8 or gbk") from None


def _time_format(value: str) -> str:
    if not re.search("%", value) or "%" in DIRECTIVES.sub("", value):
        raise ValueError("not a pattern of dates, such as %Y-%m-%d %H:%M:%S")
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    if isinstance(value, dict) and not all(isinstance(key, str) for key in value):
        raise ValueError("put the source's codes in quotes, or YAML reads no as false and 007 as 7")
    return value


Identifier = Annotated[str, AfterValidator(_identifier)]
Zone = Annotated[str, AfterValidator(_zone)]
TimeFormat = Annotated[str, AfterValidator(_time_format)]
Codes = Annotated[dict[str, str | bool | int | None], BeforeValidator(_texts)]


class Model(BaseModel):
    """Every key is known, or refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(Model):
    """A test of one source column. A value that is empty, or no number where one is compared, does not meet it."""

    column: str
    among: tuple[str, ...] | None = Field(default=None, alias="in")
    above: float | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if (self.among is None) == (self.above is None):
            raise ValueError("give either in: [...] or above: number")
        return self


class ColumnMap(Model):
    """How one contract column comes from the source. Exactly one of `from`, `constant`, `seconds_between`, `when`.

    Args:
        source: source column, or several that are joined by `separator`.
        constant: the same value for every row.
        seconds_between: two time columns, read by `formats`.
        when: true where every condition holds, else false.
        formats: patterns of dates, tried in order; ISO 8601 when none is given.
        zone: zone of times without an offset; the source's own when none is given.
        codes: source's code → contract's; null leaves the cell empty.
        unknown: what a code that is not listed does to its row.
        null_values: values that mean "empty", besides the record's.
        placeholders: values that stand for "unknown": left empty and counted as repaired.
        on_bad: `null` keeps a row whose value is unusable, leaves the cell empty and counts it as repaired.
        round: decimals beyond the second are rounded instead of rejected.
        optional: the source column may be absent from the file.
    """

    source: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(default=(), alias="from")
    separator: str = " "
    constant: str | bool | int | None = None
    seconds_between: tuple[str, str] | None = None
    when: tuple[Condition, ...] = ()
    formats: Annotated[tuple[TimeFormat, ...], BeforeValidator(_listed)] = ()
    zone: Zone | None = None
    codes: Codes = {}
    unknown: Literal["reject", "null", "keep"] = "reject"
    null_values: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    on_bad: Literal["reject", "null"] = "reject"
    round: bool = False
    optional: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnMap:
        given = [bool(self.source), self.constant is not None, self.seconds_between is not None, bool(self.when)]
        if sum(given) != 1:
            raise ValueError("give exactly one of from, constant, seconds_between, when")
        return self

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Every source column it needs."""
        return (*self.source, *(self.seconds_between or ()), *(condition.column for condition in self.when))


class Reader(Model):
    """How the bytes of a file become rows.

    Args:
        header: false when the first line is data already; then `names` gives the columns by position.
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
    """One record of a source. `path` is relative to the source's root; with {business_date} there is a file for each
    day."""

    path: str | None = None
    optional: bool = False
    reader: Reader = Reader()
    null_values: tuple[str, ...] = ()
    version: ColumnMap | None = None
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

    @model_validator(mode="after")
    def _fits_contract(self) -> Source:
        for name, record in self.records.items():
            _check_record(name, record)
        return self

    def fingerprint(self, record: str) -> str:
        """SHA-256 of what decides how the record is read: a changed mapping reads the same file anew."""
        words = f"{self.zone} {self.records[record].model_dump_json()}"
        return hashlib.sha256(words.encode()).hexdigest()


def _column_maps(value: Any) -> Any:
    """A bare text is the source column."""
    if not isinstance(value, dict):
        return value
    return {name: {"from": its} if isinstance(its, str) else its for name, its in value.items()}


def _check_record(name: str, record: RecordSource) -> None:
    if name not in RECORDS:
        raise ValueError(f"{name} is no record of the contract; those are {', '.join(RECORDS)}")
    if record.reader.format != "database" and not record.path:
        raise ValueError(f"{name}: path is missing")
    contract = {column.name: column for column in RECORDS[name].columns}
    if unknown := sorted(set(record.columns) - set(contract)):
        raise ValueError(f"{name}.columns: the contract has no {', '.join(unknown)}")
    needed = [column.name for column in contract.values() if column.required and column.default is None]
    if missing := sorted(set(needed) - set(record.columns)):
        raise ValueError(f"{name}.columns: the contract requires {', '.join(missing)}")
    for column_name, mapping in record.columns.items():
        _check_codes(f"{name}.columns.{column_name}", contract[column_name].codes, mapping)


def _check_codes(key: str, codes: str | None, mapping: ColumnMap) -> None:
    if codes is None:
        return
    if mapping.unknown == "keep":
        raise ValueError(f"{key}: unknown codes cannot be kept, the contract lists them")
    given = {str(code) for code in (*mapping.codes.values(), mapping.constant) if code is not None}
    if foreign := sorted(given - set(CODES[codes])):
        raise ValueError(f"{key}: {', '.join(foreign)} is none of {', '.join(CODES[codes])}")


def read_source(path: Path) -> Source:
    """The source that a YAML file describes. ConfigError names the file and each wrong key."""
    try:
        content = read_yaml(path.read_text("utf-8"))
        return Source.model_validate(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML: {error}") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: " + "; ".join(_words(each) for each in error.errors())) from None


def _words(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"]) or "file"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"
