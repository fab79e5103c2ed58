"""Strict conversion of one cell: a column mapping as SQL expressions. A value that is not exactly of its type gives
null, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mend.extract import marks
from mend.extract.cleaning import cleaned, is_free_text, is_mended, problems
from mend.extract.config import ColumnMap, Condition
from mend.extract.relation import Values
from mend.extract.staging import Traits
from mend.schema import CODES, Column

ISO_TIME: Final = "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9][T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
ISO_OFFSET: Final = " ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
ISO_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00)?"
SCIENTIFIC: Final = "[+-]?[0-9]+[.,][0-9]*[eE][+-]?[0-9]+|[+-]?[0-9]+[eE][+][0-9]+"
WHOLE: Final = "[+-]?[0-9]+([.]0+)?"
TRUE: Final = "'true', 't', 'yes', 'y'"
FALSE: Final = "'false', 'f', 'no', 'n'"
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True)
class Cell:
    """The expressions of one contract column, for the steps of the conversion; each sees the columns of the one before.

    Args:
        given: text as it came, cleaned; null when empty.
        without_placeholders: the text `x_<name>` without the values that stand for "unknown".
        steps: helper column → expression over the text `v_<name>` (times before their zone, numbers before their
            range).
        value: the typed value, null when the text is unusable.
        reason: why it is unusable; looked at only where it is.
        shown: the text as people see it, for rejects.
        mended: whether invisible signs or a protection were taken off, looked at only where the value is usable.
    """

    column: Column
    mapping: ColumnMap
    given: str
    without_placeholders: str
    steps: dict[str, str]
    value: str
    reason: str
    shown: str
    mended: str | None

    @property
    def is_rejecting(self) -> bool:
        return self.mapping.on_bad == "reject" and self.mapping.unknown != "null"


class CellMaker:
    """Makes the expressions for one file.

    Args:
        columns: source column → its expression; a column that the file lacks reads as null.
        zone: zone of times without an offset.
    """

    def __init__(self, columns: dict[str, str], null_values: tuple[str, ...], zone: str, traits: Traits, values: Values) -> None:
        self._columns = columns
        self._null_values = null_values
        self._zone = zone
        self._traits = traits
        self._values = values

    def cell(self, column: Column, mapping: ColumnMap) -> Cell:
        """The expressions of a contract column."""
        name = column.name
        to_null = tuple(code for code, meant in mapping.codes.items() if meant is None)
        given = self._given(column, mapping, (*self._null_values, *mapping.null_values, *to_null))
        placeholders = self._without(f"x_{name}", mapping.placeholders)
        steps, value, reason = self._typed(column, mapping)
        text = f"cast(x_{name} as varchar)"
        shown = marks.shown(text) if self._traits.has_marks else text
        return Cell(column, mapping, given, placeholders, steps, value, self._told(name, reason), shown, self._mended(column, mapping))

    def _told(self, name: str, reason: str) -> str:
        """The reason, or what the text itself says of why it is unusable."""
        arms = " ".join(f"when {condition} then {its}" for condition, its in problems(f"cast(v_{name} as varchar)", self._traits))
        return f"case {arms} else {reason} end" if arms else reason

    def _mended(self, column: Column, mapping: ColumnMap) -> str | None:
        if is_free_text(column):
            return None
        parts = [self._columns[part] for part in (*mapping.source, *(mapping.seconds_between or ())) if part in self._columns]
        found = [each for each in (is_mended(part, self._traits) for part in parts) if each]
        return " or ".join(f"coalesce({each}, false)" for each in found) or None

    def _given(self, column: Column, mapping: ColumnMap, null_values: tuple[str, ...]) -> str:
        if mapping.constant is not None:
            return f"cast({self._values.bind(_plain(mapping.constant))} as varchar)"
        if mapping.when:
            return self._all_met(mapping.when)
        parts = mapping.seconds_between or mapping.source
        separator = self._values.bind(" to " if mapping.seconds_between else mapping.separator)
        return f" || {separator} || ".join(self._without(self._part(part, column, mapping), null_values) for part in parts)

    def _part(self, source_column: str, column: Column, mapping: ColumnMap) -> str:
        """The text of a source column, cleaned; one of several as it is shown."""
        text = self._columns.get(source_column, "cast(null as varchar)")
        is_time = column.type in ("date", "timestamp") or mapping.seconds_between is not None
        if self._traits.has_marks and len(mapping.source) > 1:
            text = marks.as_shown(text)
        return cleaned(text, column, self._traits, keeps_marks=is_time)

    def _without(self, text: str, unwanted: tuple[str, ...]) -> str:
        shown = marks.shown(text) if self._traits.has_marks else text
        return f"case when {shown} in ({self._values.listed(unwanted)}) then null else {text} end" if unwanted else text

    def _all_met(self, conditions: tuple[Condition, ...]) -> str:
        """Whether all conditions hold; the marked text instead where one of their cells cannot be used."""
        met = " and ".join(self._met(condition) for condition in conditions)
        if not self._traits.has_marks:
            return met
        texts = [self._columns[condition.column] for condition in conditions if condition.column in self._columns]
        unusable = " ".join(f"when {marks.is_unusable(text)} then {text}" for text in texts)
        return f"case {unusable} else cast({met} as varchar) end" if unusable else met

    def _met(self, condition: Condition) -> str:
        text = self._columns.get(condition.column, "cast(null as varchar)")
        text = marks.without_soft(text) if self._traits.has_marks else text
        if condition.among is not None:
            return f"coalesce({text} in ({self._values.listed(condition.among)}), false)"
        return f"coalesce(try_cast({text} as double) > {self._values.bind(condition.above)}, false)"

    def _typed(self, column: Column, mapping: ColumnMap) -> tuple[dict[str, str], str, str]:
        """Helper steps, value and reason."""
        text = f"v_{column.name}"
        if mapping.when:
            return {}, f"case cast({text} as varchar) when 'true' then true when 'false' then false end", "'bad_boolean'"
        if mapping.seconds_between:
            return self._seconds_between(column, mapping)
        if mapping.codes:
            return {}, self._coded(text, column, mapping), "'unknown_code'"
        if column.codes:
            known, shown = self._values.listed(CODES[column.codes]), self._shown(text)
            return {}, f"case when {shown} in ({known}) then {shown} end", "'unknown_code'"
        return self._of_type(column, mapping, text)

    def _of_type(self, column: Column, mapping: ColumnMap, text: str) -> tuple[dict[str, str], str, str]:
        if column.type == "timestamp":
            return self._time(column, mapping)
        if column.type in ("integer", "long", "decimal", "double"):
            return self._number(column, mapping)
        if column.type == "boolean":
            other = f"case when lower({text}) in ({TRUE}) then true when lower({text}) in ({FALSE}) then false end"
            return {}, f"case {text} when '1' then true when '0' then false else {other} end", "'bad_boolean'"
        if column.type == "date":
            return {}, f"cast({self._day(text, mapping)} as date)", "'bad_date'"
        if column.name.endswith(("_id", "_number")):
            has_sign = " or ".join(f"contains({text}, '{sign}')" for sign in "+.,")
            is_scientific = f"({has_sign}) and regexp_full_match({text}, '{SCIENTIFIC}')"
            return {}, f"case when {is_scientific} then null else {self._sound(text, column)} end", "'scientific_notation'"
        return {}, self._sound(text, column), "'bad_value'"

    def _shown(self, text: str) -> str:
        return marks.shown(text) if self._traits.has_marks else text

    def _readable(self, text: str) -> str:
        return marks.readable(text) if self._traits.has_marks else text

    def _sound(self, text: str, column: Column) -> str:
        """The text; null where it is an error's, or of a type that no id, code or text has."""
        if is_free_text(column):
            return self._readable(text)
        wrong = " or ".join(f"({condition})" for condition, _ in problems(text, self._traits))
        return f"case when {wrong} then null else {text} end" if wrong else text

    def _coded(self, text: str, column: Column, mapping: ColumnMap) -> str:
        arms = " ".join(
            f"when {self._values.bind(code)} then {self._values.bind(_plain(meant))}"
            for code, meant in mapping.codes.items()
            if meant is not None
        )
        other = self._sound(text, column) if mapping.unknown == "keep" else "null"
        coded = f"case {self._shown(text)} {arms} else {other} end" if arms else other
        return f"try_cast({coded} as {SQL_TYPES[column.type]})"

    def _number(self, column: Column, mapping: ColumnMap) -> tuple[dict[str, str], str, str]:
        text, number, sql_type = f"v_{column.name}", f"n_{column.name}", SQL_TYPES[column.type]
        pattern = WHOLE if column.type in ("integer", "long") else f"[+-]?[0-9]+([.][0-9]{'+' if mapping.round else '{1,2}0*'})?"
        if column.type == "double":
            pattern = "[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?"
        cast = f"try_cast({text} as {sql_type})"
        # A number that is written back as the same text needs no second look; signs, leading zeros and the like do.
        same = "" if column.type == "double" else f"cast({cast} as varchar) = {text} or "
        read = f"case when {same}regexp_full_match({text}, '{pattern}') then {cast} end"
        # Other bounds are the quality gate's; a negative duration or count is no value at all.
        value = f"case when {number} >= 0 then {number} end" if column.min == 0 else number
        return {number: read}, value, f"case when {number} is null then 'bad_number' else 'negative' end"

    def _time(self, column: Column, mapping: ColumnMap) -> tuple[dict[str, str], str, str]:
        local, instant = f"t_{column.name}", f"z_{column.name}"
        text = self._readable(f"v_{column.name}")
        with_offset = tuple(each for each in mapping.formats if "%z" in each)
        without = tuple(each for each in mapping.formats if "%z" not in each)
        if mapping.formats:
            zoned = self._first([f"try_strptime({text}, {self._values.bind(each)})" for each in with_offset], "timestamptz")
            naive = self._local(text, without, "") if without else "cast(null as timestamp)"
            if self._traits.has_marks:  # what is typed as a time is no text that the formats are of
                typed = f"case when {marks.is_typed(f'v_{column.name}')} then {text} end"
                zoned, naive = f"coalesce({self._iso_instant(typed)}, {zoned})", f"coalesce({self._local(typed, (), ISO_TIME)}, {naive})"
        else:
            zoned, naive = self._iso_instant(text), self._local(text, (), ISO_TIME)
        zone = self._values.bind(mapping.zone or self._zone)
        # A time that its zone's clocks skip comes back as another: it never was.
        existing = f"case when timezone({zone}, timezone({zone}, {local})) = {local} then timezone({zone}, {local}) end"
        reason = f"case when {local} is null then 'bad_timestamp' else 'nonexistent_local_time' end"
        return {local: naive, instant: zoned}, f"coalesce({instant}, {existing})", reason

    def _iso_instant(self, text: str) -> str:
        is_iso = f"regexp_full_match({text}, '{ISO_TIME}{ISO_OFFSET}')"
        return self._first([f"case when {is_iso} then try_cast({text} as timestamptz) end"], "timestamptz")

    def _day(self, text: str, mapping: ColumnMap) -> str:
        """Midnight of a day, as a timestamp."""
        read = self._local(self._readable(text), mapping.formats, ISO_DAY)
        if not self._traits.has_marks:
            return read
        of_cell = self._local(marks.day_of_hidden_time(text), (), ISO_DAY)
        typed = self._local(f"case when {marks.is_typed(text)} then {self._readable(text)} end", (), ISO_DAY)
        return f"coalesce({of_cell}, {typed}, {read})"

    def _seconds_between(self, column: Column, mapping: ColumnMap) -> tuple[dict[str, str], str, str]:
        first, last = (
            self._local(self._readable(self._part(part, column, mapping)), mapping.formats, ISO_TIME)
            for part in mapping.seconds_between or ()
        )
        number = f"n_{column.name}"
        value = f"case when {number} >= 0 then cast({number} as integer) end" if column.min == 0 else f"cast({number} as integer)"
        reason = f"case when {number} is null then 'bad_timestamp' else 'negative' end"
        return {number: f"date_diff('second', {first}, {last})"}, value, reason

    def _local(self, text: str, formats: tuple[str, ...], iso: str) -> str:
        """Date and time without a zone, by the first pattern that fits."""
        if not formats:
            return self._first([f"case when regexp_full_match({text}, '{iso}') then try_cast({text} as timestamp) end"], "timestamp")
        return self._first([f"try_strptime({text}, {self._values.bind(each)})" for each in formats], "timestamp")

    def _first(self, readings: list[str], sql_type: str) -> str:
        """The first reading whose year can be meant: `%Y` takes the 22 of 22-04-15 for a year, too."""
        kept = [f"case when year({each}) between {FIRST_YEAR} and {LAST_YEAR} then {each} end" for each in readings]
        return f"coalesce({', '.join([*kept, f'cast(null as {sql_type})'])})"


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


def _plain(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
