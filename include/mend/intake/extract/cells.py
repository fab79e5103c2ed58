"""Strict conversion of one cell: a column mapping as SQL expressions. A value that is not exactly of its type gives
null, never a guess."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from mend.foundation.schema import CODES, Column
from mend.intake.extract import marks
from mend.intake.extract.cleaning import errors, is_doubtful, is_free_text, problems, use_of
from mend.intake.extract.durations import seconds
from mend.intake.extract.mapping import DURATIONS, ColumnMap, Part
from mend.intake.extract.relation import Values
from mend.intake.extract.texts import ABSENT, Texts
from mend.intake.extract.times import Times, may_repeat

SCIENTIFIC: Final = "[+-]?[0-9]+[.,][0-9]*[eE][+-]?[0-9]+|[+-]?[0-9]+[eE][+][0-9]+"
WHOLE: Final = "[+-]?[0-9]+([.]0+)?"
TRUE: Final = "'true', 't', 'yes', 'y'"
FALSE: Final = "'false', 'f', 'no', 'n'"
CLOCK_FORMS: Final = ("HH:MM:SS", "HH:MM", "interval")


@dataclass(frozen=True)
class Cell:
    """The expressions of one contract column, for the steps of the conversion; each sees the columns of the one before.

    Args:
        texts: helper column → text as it came, beside `given`, which may use it.
        given: text as it came, cleaned; null when empty.
        empty_part: the name of the part of a joined value that is empty while others are not; None when that cannot be.
        without_placeholders: the text `x_<name>` without the values that stand for "unknown".
        steps: helper column → expression over the text `v_<name>` (times before their zone, numbers before their
            range) and the helpers before it.
        value: the typed value, null when the text is unusable.
        unusable: whether the text is unusable.
        reason: why it is unusable; looked at only where it is.
        shown: the text as people see it, for rejects.
        mended: whether invisible signs or a protection were taken off, looked at only where the value is usable; None
            when that cannot be.
        default: the contract's value for an empty cell.
        is_ambiguous: whether its local time comes twice, and was read as the later one; None when that cannot be.
        is_doubtful: whether its id reads like no value or like a number of a program, and was kept; None when that
            cannot be.
    """

    column: Column
    mapping: ColumnMap
    texts: dict[str, str]
    given: str
    empty_part: str | None
    without_placeholders: str
    steps: dict[str, str]
    value: str
    unusable: str
    reason: str
    shown: str
    mended: str | None = None
    default: str | None = None
    is_ambiguous: str | None = None
    is_doubtful: str | None = None

    @property
    def is_rejecting(self) -> bool:
        return self.mapping.on_bad == "reject" and self.mapping.unknown != "null"


@dataclass(frozen=True)
class Given:
    """The text of a cell as it came, the name of its empty part, and helper texts."""

    text: str
    empty_part: str | None = None
    helpers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed:
    """The typed value of a text `v_<name>`: helper columns, value, reason, and whether its time is ambiguous."""

    value: str
    reason: str
    steps: dict[str, str] = field(default_factory=dict)
    is_ambiguous: str | None = None


class CellMaker:
    """Makes the expressions for files of one form.

    Args:
        texts: of the source's columns.
        zone: zone of times without an offset.
    """

    def __init__(self, texts: Texts, zone: str, values: Values) -> None:
        self._texts = texts
        self._traits = texts.traits
        self._zone = zone
        self._values = values

    def cell(self, column: Column, mapping: ColumnMap) -> Cell:
        """The expressions of a contract column."""
        name = column.name
        given = self._given(column, mapping)
        typed = self._typed(column, mapping)
        value, reason = typed.value, self._told(column, mapping, typed.reason)
        if given.empty_part:
            value = f"case when e_{name} is null then {value} end"
            reason = f"case when e_{name} is not null then 'empty_part' else {reason} end"
        return Cell(
            column,
            mapping,
            texts=given.helpers,
            given=self._texts.where(mapping.where, given.text) if mapping.where else given.text,
            empty_part=given.empty_part,
            without_placeholders=self._texts.without(f"x_{name}", mapping.placeholders),
            steps=typed.steps,
            value=value,
            unusable=self._unusable(column, mapping),
            reason=reason,
            shown=self._texts.shown(f"cast(x_{name} as varchar)"),
            mended=self._mended(column, mapping),
            default=None if mapping.default is None else self._constant(column, mapping),
            is_ambiguous=typed.is_ambiguous,
            is_doubtful=is_doubtful(self._texts.shown(f"v_{name}")) if may_be_doubtful(column, mapping) else None,
        )

    def _unusable(self, column: Column, mapping: ColumnMap) -> str:
        """Of what is counted, whatever its value, only an error is."""
        if mapping.take != "count":
            return f"v_{column.name} is not null and p_{column.name} is null"
        found = errors(f"cast(v_{column.name} as varchar)", self._traits)
        return " or ".join(f"coalesce({condition}, false)" for condition, _ in found) or "false"

    def _told(self, column: Column, mapping: ColumnMap, reason: str) -> str:
        """The reason, or what the text itself says of why it is unusable."""
        text, is_time = f"cast(v_{column.name} as varchar)", mapping.seconds_between is not None
        arms = " ".join(
            f"when {condition} then {its}" for condition, its in problems(text, use_of(column, is_time), self._traits)
        )
        return f"case {arms} else {reason} end" if arms else reason

    def _mended(self, column: Column, mapping: ColumnMap) -> str | None:
        return None if is_free_text(column) else self._texts.mended(part.column for part in mapping.parts)

    def _given(self, column: Column, mapping: ColumnMap) -> Given:
        if mapping.constant is not None:
            return Given(f"cast({self._values.bind(_plain(mapping.constant))} as varchar)")
        if mapping.when:
            return Given(self._texts.decided(mapping.when))
        if mapping.seconds_between:
            first, last = f"xf_{column.name}", f"xl_{column.name}"
            (first_text, lacking), (last_text, lacking_too) = (
                self._joined(parts, column, mapping) for parts in mapping.seconds_between
            )
            empty = f"coalesce({lacking or ABSENT}, {lacking_too or ABSENT})" if lacking or lacking_too else None
            return Given(f"{first} || ' to ' || {last}", empty, {first: first_text, last: last_text})
        return Given(*self._joined(mapping.source, column, mapping))

    def _joined(self, parts: Sequence[Part], column: Column, mapping: ColumnMap) -> tuple[str, str | None]:
        to_null = tuple(code for code, meant in mapping.codes.items() if meant is None)
        use = use_of(column, is_time=mapping.seconds_between is not None)
        return self._texts.joined(parts, mapping.separator, (*mapping.null_values, *to_null), use)

    def _constant(self, column: Column, mapping: ColumnMap) -> str:
        """The default as a value of the column's type."""
        value = mapping.default
        if column.type == "timestamp":
            moment = dt.datetime.fromisoformat(str(value))
            return (
                f"cast({self._values.bind(moment if moment.tzinfo else moment.replace(tzinfo=self._clock(mapping)))} "
                f"as timestamptz)"
            )
        return f"cast({self._values.bind('' if value is None else _plain(value))} as {SQL_TYPES[column.type]})"

    def _clock(self, mapping: ColumnMap) -> ZoneInfo:
        return ZoneInfo(mapping.zone or self._zone)

    def _typed(self, column: Column, mapping: ColumnMap) -> Typed:
        text = f"v_{column.name}"
        is_met = f"case cast({text} as varchar) when 'true' then true when 'false' then false end"
        if mapping.take == "count":
            counted = is_met if mapping.when else f"{text} is not null"
            return Typed(
                f"case when {self._unusable(column, mapping)} then null when {counted} then 1 end", "'bad_value'"
            )
        if mapping.when:
            return Typed(is_met, "'bad_boolean'")
        if mapping.seconds_between:
            return self._seconds_between(column, mapping)
        if mapping.codes:
            return Typed(self._coded(text, column, mapping), "'unknown_code'")
        if column.codes:
            known, shown = self._values.listed(CODES[column.codes]), self._texts.shown(text)
            return Typed(f"case when {shown} in ({known}) then {shown} end", "'unknown_code'")
        return self._of_type(column, mapping, text)

    def _of_type(self, column: Column, mapping: ColumnMap, text: str) -> Typed:
        if column.type == "timestamp":
            return self._time(column, mapping)
        if column.type in ("integer", "long", "decimal", "double"):
            if any(each in DURATIONS for each in mapping.formats):
                return self._duration(column, mapping)
            number = self._number(column, mapping)
            return self._or_typed_length(number, column, mapping) if self._has_lengths(column) else number
        if column.type == "boolean":
            other = f"case when lower({text}) in ({TRUE}) then true when lower({text}) in ({FALSE}) then false end"
            return Typed(f"case {text} when '1' then true when '0' then false else {other} end", "'bad_boolean'")
        if column.type == "date":
            return Typed(self._times(mapping).day(text), "'bad_date'")
        if column.name.endswith(("_id", "_number")):
            has_sign = " or ".join(f"contains({text}, '{sign}')" for sign in "+.,")
            is_scientific = f"({has_sign}) and regexp_full_match({text}, '{SCIENTIFIC}')"
            return Typed(
                f"case when {is_scientific} then null else {self._sound(text, column)} end", "'scientific_notation'"
            )
        return Typed(self._sound(text, column), "'bad_value'")

    def _readable(self, text: str) -> str:
        return marks.readable(text) if self._traits.has_marks else text

    def _sound(self, text: str, column: Column) -> str:
        """The text; null where it is an error's, or of a type that no id, code or text has."""
        if is_free_text(column):
            return self._readable(text)
        wrong = " or ".join(f"({condition})" for condition, _ in problems(text, "code", self._traits))
        return f"case when {wrong} then null else {text} end" if wrong else text

    def _coded(self, text: str, column: Column, mapping: ColumnMap) -> str:
        meanings = {
            form: meant for code, meant in reversed(mapping.codes.items()) for form in reversed(self._texts.forms(code))
        }
        meanings |= mapping.codes  # a code as it is written goes before another's narrowed form
        given = {code: _plain(meant) for code, meant in meanings.items() if meant is not None}
        arms = " ".join(
            f"when {self._values.bind(code)} then {self._values.bind(meant)}" for code, meant in given.items()
        )
        other = self._sound(text, column) if mapping.unknown == "keep" else "null"
        coded = f"case {self._texts.shown(text)} {arms} else {other} end" if arms else other
        return f"try_cast({coded} as {SQL_TYPES[column.type]})"

    def _number(self, column: Column, mapping: ColumnMap) -> Typed:
        text, number, sql_type = f"v_{column.name}", f"n_{column.name}", SQL_TYPES[column.type]
        if column.type in ("integer", "long"):
            pattern = "[+-]?[0-9]+([.][0-9]+)?" if mapping.round else WHOLE
        else:
            pattern = f"[+-]?[0-9]+([.][0-9]{'+' if mapping.round else '{1,2}0*'})?"
        if column.type == "double":
            pattern = "[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?"
        cast = f"try_cast({text} as {sql_type})"
        # A number that is written back as the same text needs no second look; signs, leading zeros and the like do.
        same = "" if column.type == "double" else f"cast({cast} as varchar) = {text} or "
        read = f"case when {same}regexp_full_match({text}, '{pattern}') then {cast} end"
        return Typed(
            _in_range(column, number),
            f"case when {number} is null then 'bad_number' else 'negative' end",
            {number: read},
        )

    def _has_lengths(self, column: Column) -> bool:
        return column.unit == "s" and self._traits.has_marks

    def _duration(self, column: Column, mapping: ColumnMap) -> Typed:
        """A text by the formats; what its source knows as a length is one whatever the formats."""
        text, length = f"v_{column.name}", f"l_{column.name}"
        if not self._has_lengths(column):
            return self._length(column, mapping, seconds(text, mapping.formats), {})
        steps = {length: marks.only(text, marks.LENGTH), f"r_{column.name}": self._readable(text)}
        if any(
            each in CLOCK_FORMS for each in mapping.formats
        ):  # a cell that shows 5:30 is half past five to its sheet
            steps[length] = f"coalesce({steps[length]}, {marks.only(text, marks.DATE)})"
        exact = f"coalesce({seconds(length, ['interval'])}, {seconds(f'r_{column.name}', mapping.formats)})"
        return self._length(column, mapping, exact, steps)

    def _or_typed_length(self, number: Typed, column: Column, mapping: ColumnMap) -> Typed:
        """The number of seconds, or what its source knows as a length."""
        text, exact = f"l_{column.name}", f"d_{column.name}"
        steps = {text: marks.only(f"v_{column.name}", marks.LENGTH)}
        length = self._length(column, mapping, seconds(text, ["interval"]), steps, exact)
        reason = f"case when {exact} is null then {number.reason} else {length.reason} end"
        return Typed(f"coalesce({number.value}, {length.value})", reason, number.steps | length.steps)

    def _length(self, column: Column, mapping: ColumnMap, number: str, steps: dict[str, str], exact: str = "") -> Typed:
        exact = exact or f"n_{column.name}"
        whole = f"round({exact}, 0)" if mapping.round else f"case when {exact} = round({exact}, 0) then {exact} end"
        value = f"case when {exact} >= 0 then try_cast({whole} as {SQL_TYPES[column.type]}) end"
        reason = (
            f"case when {exact} is null then 'bad_duration' when {exact} < 0 then 'negative' "
            f"when {exact} <> round({exact}, 0) then 'fraction_of_second' else 'bad_number' end"
        )
        return Typed(value, reason, steps | {exact: number})

    def _times(self, mapping: ColumnMap) -> Times:
        return Times(
            self._values, mapping.formats, mapping.zone or self._zone, mapping.ambiguous, self._traits.has_marks
        )

    def _time(self, column: Column, mapping: ColumnMap) -> Typed:
        text, local, instant = f"v_{column.name}", f"t_{column.name}", f"z_{column.name}"
        times = self._times(mapping)
        # A time that its zone's clocks skip comes back as another: it never was.
        reason = f"case when {local} is null then 'bad_timestamp' else 'nonexistent_local_time' end"
        is_ambiguous = f"{instant} is null and {times.is_ambiguous(local)}" if may_repeat(mapping, self._zone) else None
        steps = {local: times.local(text), instant: times.instant(text)}
        return Typed(f"coalesce({instant}, {times.settled(local)})", reason, steps, is_ambiguous)

    def _seconds_between(self, column: Column, mapping: ColumnMap) -> Typed:
        """Whole seconds from one instant to another: the clocks' changes in between count as what they are."""
        name, times = column.name, self._times(mapping)
        steps: dict[str, str] = {}
        for end in "fl":
            local, instant = f"t{end}_{name}", f"z{end}_{name}"
            steps |= {
                local: times.local(f"x{end}_{name}"),
                instant: times.instant(f"x{end}_{name}"),
                f"a{end}_{name}": f"{instant} is null and {times.is_ambiguous(local)}",
                f"s{end}_{name}": f"coalesce({instant}, {times.settled(local)})",
            }
        number, exact = f"n_{name}", f"(epoch_us(sl_{name}) - epoch_us(sf_{name}))"
        is_ambiguous = f"(af_{name} or al_{name})"
        passed = f"cast(round({exact} / 1e6) as bigint)" if mapping.round else f"{exact} // 1000000"
        steps[number] = f"case when not {is_ambiguous} then try_cast({passed} as {SQL_TYPES[column.type]}) end"
        is_skipped = " or ".join(f"(s{end}_{name} is null and t{end}_{name} is not null)" for end in "fl")
        reason = (
            f"case when {number} is not null then 'negative' when {is_ambiguous} then 'ambiguous_local_time' "
            f"when {is_skipped} then 'nonexistent_local_time' else 'bad_timestamp' end"
        )
        # A condition's error is in the text, not in the ends.
        return Typed(
            f"case when {self._readable(f'v_{name}')} is not null then {_in_range(column, number)} end", reason, steps
        )


SQL_TYPES: Final = {
    "string": "varchar",
    "integer": "integer",
    "long": "bigint",
    "double": "double",
    "decimal": "decimal(12, 2)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}


def may_be_doubtful(column: Column, mapping: ColumnMap) -> bool:
    """Whether a column has ids of one source column, without a list of what they may be."""
    return column.name.endswith("_id") and len(mapping.source) == 1 and not mapping.codes and mapping.take != "count"


def _in_range(column: Column, number: str) -> str:
    """The number; other bounds are the quality gate's, but a negative duration or count is no value at all."""
    return f"case when {number} >= 0 then {number} end" if column.min == 0 else number


def _plain(value: str | bool | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
