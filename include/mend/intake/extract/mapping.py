"""How the columns of a record come from those of a source: one mapping a column, and how rows become more or fewer."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

DIRECTIVES: Final = re.compile(r"%(?:[YymdHIMSfpbBzjaA%]|-[dmHI])")
# Microseconds of one unit of each count since 1970-01-01 00:00 UTC.
EPOCHS: Final = {"epoch_seconds": 1_000_000, "epoch_milliseconds": 1_000, "epoch_microseconds": 1}
DURATIONS: Final = ("HH:MM:SS", "MM:SS", "HH:MM", "interval", "seconds")
LARGEST_EXPANSION: Final = 999_999  # the copy's number has six digits in line_number

Scalar: TypeAlias = str | bool | int | float
Take: TypeAlias = Literal["first", "last", "first_filled", "last_filled", "min", "max", "sum", "count", "any", "all"]


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # ZoneInfo raises all three for names that are none
        raise ValueError("not a time zone, such as Asia/Shanghai") from None
    return value


def _format(value: str) -> str:
    if value in EPOCHS or value in DURATIONS:
        return value
    if not re.search("%", value) or "%" in DIRECTIVES.sub("", value):
        named = ", ".join([*EPOCHS, *DURATIONS])
        raise ValueError(f"not a pattern of dates, such as %Y-%m-%d %H:%M:%S, nor one of {named}")
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


def _parts(value: Any) -> Any:
    """Source columns: a bare text is a column without a default."""
    listed = _listed(value)
    return (
        [{"column": each} if isinstance(each, str) else each for each in listed]
        if isinstance(listed, list | tuple)
        else listed
    )


def _ends(value: Any) -> Any:
    return [_parts(each) for each in value] if isinstance(value, list | tuple) else value


def _texts(value: Any) -> Any:
    if isinstance(value, dict) and not all(isinstance(key, str) for key in value):
        raise ValueError("put the source's codes in quotes, or YAML reads no as false and 007 as 7")
    return value


def _scalar(value: Any) -> Any:
    """YAML reads 2026-05-01 as a date: as good as its text."""
    return value.isoformat() if isinstance(value, dt.date) else value


Zone = Annotated[str, AfterValidator(_zone)]
Format = Annotated[str, AfterValidator(_format)]
Codes = Annotated[dict[str, str | bool | int | None], BeforeValidator(_texts)]
Value = Annotated[Scalar | None, BeforeValidator(_scalar)]


class Model(BaseModel):
    """Every key is known, or refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Part(Model):
    """A source column. `default` is the text that stands in its place where it is empty; it may be '' for nothing."""

    column: str
    default: str | None = None


Parts = Annotated[tuple[Part, ...], BeforeValidator(_parts)]


class Condition(Model):
    """A test of one source column: exactly one of `in`, `above`, `is`.

    A value that is empty does not meet `in` or `above`. One that is no number leaves `above` undecided, and the cell
    empty.

    Args:
        among: the texts that meet it.
        above: the number that it must exceed.
        state: `null` where the column is empty (as null_values say), `not null` where it is not.
    """

    column: str
    among: tuple[str, ...] | None = Field(default=None, alias="in")
    above: float | None = None
    state: Literal["null", "not null"] | None = Field(default=None, alias="is")

    @model_validator(mode="before")
    @classmethod
    def _null_is_a_word(cls, value: Any) -> Any:
        """`is: null` is no missing value here."""
        return {**value, "is": "null"} if isinstance(value, dict) and "is" in value and value["is"] is None else value

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if sum(each is not None for each in (self.among, self.above, self.state)) != 1:
            raise ValueError("give exactly one of in: [...], above: number, is: null, is: not null")
        return self


class ColumnMap(Model):
    """How one contract column comes from the source. Exactly one of `from`, `constant`, `seconds_between`, `when`.

    Args:
        source: source column, or several that are joined by `separator`. Where some of them are empty and others are
            not, the value is unusable, unless the empty ones have a `default` of their own; texts that people wrote are
            joined from what is there.
        constant: the same value for every row.
        seconds_between: two times, each one column or several that are joined; whole seconds from the first to the
            second, by their zone.
        when: true where every condition holds, else false; undecided where one is.
        where: the value counts where every condition holds; elsewhere the cell is empty.
        default: the contract's value for an empty cell; never for an unusable one.
        formats: patterns of dates, tried in order; ISO 8601 when none is given. Or `epoch_seconds`,
            `epoch_milliseconds`, `epoch_microseconds` for times that are counts since 1970. For columns in seconds,
            tried in order: `HH:MM:SS`, `MM:SS`, `HH:MM`, `seconds`, or `interval` (PT1H2M3S, 1 day 02:00:00, 1:02:03).
        zone: zone of times without an offset; the source's own when none is given.
        ambiguous: which of the two is meant by a local time that comes twice when the clocks go back. Else a time is
            read as the later one and counted in the report, and a difference is unusable.
        codes: source's code → contract's; null leaves the cell empty.
        unknown: what a code that is not listed does to its row.
        null_values: values that mean "empty", besides the record's.
        placeholders: values that stand for "unknown": left empty and counted as repaired.
        on_bad: `null` keeps a row whose value is unusable, leaves the cell empty and counts it as repaired.
        round: decimals beyond the second, and parts of a second, are rounded instead of rejected.
        optional: the source column may be absent from the file.
        take: with the record's `group`, which value of a group's rows counts; `last` when none is given.
    """

    source: Parts = Field(default=(), alias="from")
    separator: str = " "
    constant: Value = None
    seconds_between: Annotated[tuple[Parts, Parts] | None, BeforeValidator(_ends)] = None
    when: Annotated[tuple[Condition, ...], BeforeValidator(_listed)] = ()
    where: Annotated[tuple[Condition, ...], BeforeValidator(_listed)] = ()
    default: Value = None
    formats: Annotated[tuple[Format, ...], BeforeValidator(_listed)] = ()
    zone: Zone | None = None
    ambiguous: Literal["earlier", "later"] | None = None
    codes: Codes = {}
    unknown: Literal["reject", "null", "keep"] = "reject"
    null_values: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    on_bad: Literal["reject", "null"] = "reject"
    round: bool = False
    optional: bool = False
    take: Take | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnMap:
        given = [bool(self.source), self.constant is not None, self.seconds_between is not None, bool(self.when)]
        if sum(given) != 1:
            raise ValueError("give exactly one of from, constant, seconds_between, when")
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        """The source columns that its value is made of."""
        first, last = self.seconds_between or ((), ())
        return (*self.source, *first, *last)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """Every source column it needs."""
        return (*(part.column for part in self.parts), *(condition.column for condition in (*self.when, *self.where)))


class Order(Model):
    """A source column by which a group's rows are ordered, the first one first; a value that cannot be read rejects its
    row.
    """

    column: str
    kind: Literal["time", "number", "text"] = Field(alias="as")
    formats: Annotated[tuple[Format, ...], BeforeValidator(_listed)] = ()
    zone: Zone | None = None

    @model_validator(mode="after")
    def _formats_are_of_times(self) -> Order:
        if self.formats and self.kind != "time":
            raise ValueError("formats go with as: time")
        return self


def _orders(value: Any) -> Any:
    return () if value == "line" else _listed(value)


class Group(Model):
    """Many rows of a file become one: those with the same values in the columns of `by`.

    Args:
        by: source columns; a row in which one is empty is rejected.
        order: the columns that order a group's rows, or `line` for their order in the file, which also decides between
            equals.
    """

    by: Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)] = Field(
        min_length=1
    )
    order: Annotated[tuple[Order, ...], BeforeValidator(_orders)]


def _part(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Expand(Model):
    """One row with a count becomes so many rows, numbered from 1; a count of 0 gives none.

    Args:
        count: the source column with the count; without a whole number of at most `limit` the row is rejected.
        number: what the copy's number is called where columns are mapped; the record's key must use it.
        limit: the largest count that can be meant.
    """

    count: Annotated[Part, BeforeValidator(_part)]
    number: str = "#"
    limit: int = Field(default=1000, ge=1, le=LARGEST_EXPANSION)
