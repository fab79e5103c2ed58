"""Strict conversion of one cell: a column mapping as SQL expressions. A value that is not exactly of its type gives
null, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mend.extract.config import ColumnMap, Condition
from mend.extract.relation import Values, literal
from mend.extract.staging import Traits
from mend.schema import CODES, Column

ISO_TIME: Final = "[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9][T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
ISO_OFFSET: Final = " ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
ISO_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00)?"
SCIENTIFIC: Final = "[0-9]+[.][0-9]+[eE][+-]?[0-9]+|[0-9]+[eE][+][0-9]+"
WHOLE: Final = "[+-]?[0-9]+([.]0+)?"
TRUE: Final = "'true', 't', 'yes', 'y'"
FALSE: Final = "'false', 'f', 'no', 'n'"
FIRST_YEAR, LAST_YEAR = 1900, 2199
# Full-width forms and the two wide spaces → ASCII: what NFKC does to the characters that typed values are made of.
WIDE_FORMS: Final = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000\u00a0"
ASCII_FORMS: Final = "".join(chr(code) for code in range(0x21, 0x7F)) + "  "


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
    """

    column: Column
    mapping: ColumnMap
    given: str
    without_placeholders: str
    steps: dict[str, str]
    value: str
    reason: str

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
        return Cell(column, mapping, given, placeholders, steps, value, reason)

    def _given(self, column: Column, mapping: ColumnMap, null_values: tuple[str, ...]) -> str:
        if mapping.constant is not None:
            return f"cast({self._values.bind(_plain(mapping.constant))} as varchar)"
        if mapping.when:
            return " and ".join(self._met(condition) for condition in mapping.when)
        parts = mapping.seconds_between or mapping.source
        separator = self._values.bind(" to " if mapping.seconds_between else mapping.separator)
        return f" || {separator} || ".join(self._without(self._cleaned(part, column), null_values) for part in parts)

    def _cleaned(self, source_column: str, column: Column) -> str:
        """The text of a source column, cleaned as its contract column's type allows."""
        text = self._columns.get(source_column, "cast(null as varchar)")
        if is_free_text(column):
            return f"replace({text}, chr(30), chr(10))" if self._traits.has_breaks else text
        if self._traits.has_wide:
            # translate() makes its table anew for every row: only texts with more bytes than characters are worth it.
            narrowed = f"translate({text}, {literal(WIDE_FORMS)}, {literal(ASCII_FORMS)})"
            text = f"case when strlen({text}) > length({text}) then {narrowed} else {text} end"
        if self._traits.has_wide or self._traits.has_padding:
            text = f"nullif(trim({text}, ' ' || chr(9)), '')"
        return text

    def _without(self, text: str, unwanted: tuple[str, ...]) -> str:
        return f"case when {text} in ({self._values.listed(unwanted)}) then null else {text} end" if unwanted else text

    def _met(self, condition: Condition) -> str:
        text = self._columns.get(condition.column, "cast(null as varchar)")
        if condition.among is not None:
            return f"coalesce({text} in ({self._values.listed(condition.among)}), false)"
        return f"coalesce(try_cast({text} as double) > {self._values.bind(condition.above)}, false)"

    def _typed(self, column: Column, mapping: ColumnMap) -> tuple[dict[str, str], str, str]:
        """Helper steps, value and reason."""
        text = f"v_{column.name}"
        if mapping.when:
            return {}, text, "'bad_boolean'"
        if mapping.seconds_between:
            return self._seconds_between(column, mapping)
        if mapping.codes:
            return {}, self._coded(text, column, mapping), "'unknown_code'"
        if column.codes:
            known = self._values.listed(CODES[column.codes])
            return {}, f"case when {text} in ({known}) then {text} end", "'unknown_code'"
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
            return {}, f"cast({self._local(text, mapping.formats, ISO_DAY)} as date)", "'bad_date'"
        if column.name.endswith("_id"):
            is_scientific = f"(contains({text}, '+') or contains({text}, '.')) and regexp_full_match({text}, '{SCIENTIFIC}')"
            return {}, f"case when {is_scientific} then null else {text} end", "'scientific_notation'"
        return {}, text, "'bad_value'"

    def _coded(self, text: str, column: Column, mapping: ColumnMap) -> str:
        arms = " ".join(
            f"when {self._values.bind(code)} then {self._values.bind(_plain(meant))}"
            for code, meant in mapping.codes.items()
            if meant is not None
        )
        other = text if mapping.unknown == "keep" else "null"
        coded = f"case {text} {arms} else {other} end" if arms else other
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
        text, local, instant = f"v_{column.name}", f"t_{column.name}", f"z_{column.name}"
        with_offset = tuple(each for each in mapping.formats if "%z" in each)
        without = tuple(each for each in mapping.formats if "%z" not in each)
        if mapping.formats:
            zoned = self._first([f"try_strptime({text}, {self._values.bind(each)})" for each in with_offset], "timestamptz")
            naive = self._local(text, without, "") if without else "cast(null as timestamp)"
        else:
            is_iso = f"regexp_full_match({text}, '{ISO_TIME}{ISO_OFFSET}')"
            iso = f"case when {is_iso} then try_cast({text} as timestamptz) end"
            zoned, naive = self._first([iso], "timestamptz"), self._local(text, (), ISO_TIME)
        zone = self._values.bind(mapping.zone or self._zone)
        # A time that its zone's clocks skip comes back as another: it never was.
        existing = f"case when timezone({zone}, timezone({zone}, {local})) = {local} then timezone({zone}, {local}) end"
        reason = f"case when {local} is null then 'bad_timestamp' else 'nonexistent_local_time' end"
        return {local: naive, instant: zoned}, f"coalesce({instant}, {existing})", reason

    def _seconds_between(self, column: Column, mapping: ColumnMap) -> tuple[dict[str, str], str, str]:
        first, last = (self._local(self._cleaned(part, column), mapping.formats, ISO_TIME) for part in mapping.seconds_between or ())
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


def is_free_text(column: Column) -> bool:
    """Texts that people wrote are kept to the letter; ids, codes and numbers are trimmed and normalised."""
    return column.type == "string" and column.name.endswith("_text")


def _plain(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
