"""The staged rows of a file as typed rows and rejects, in one SQL statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from mend.foundation.schema import Record
from mend.intake.extract.cells import SQL_TYPES, Cell, CellMaker, may_be_doubtful
from mend.intake.extract.config import Source
from mend.intake.extract.contract import VERSION
from mend.intake.extract.header import mapped_columns
from mend.intake.extract.record_source import RecordSource
from mend.intake.extract.relation import Relation, Values, relation
from mend.intake.extract.shape import COPY_NUMBER, NO_TEXT, Shape, Test, expanded, folded, grouped, taken
from mend.intake.extract.staging import StagedFile, Traits
from mend.intake.extract.texts import Texts
from mend.intake.extract.times import may_repeat


@dataclass(frozen=True)
class Conversion:
    """The statement that gives one row per staged row, and its parameters' values.

    The row: `file_number`, `batch_day` and `line_number`; the record's columns and `source_updated_at`; `event_on`;
    `first_reason` (column_name, reason_code, bad_value, detail) and `reasons`, null when accepted; `raw_row`, null when
    accepted; a boolean `repaired_<column>` for each of `repairable_columns`, `ambiguous_<column>` for each of
    `ambiguous_columns` and `doubtful_<column>` for each of `doubtful_columns`;
    `mended`, the columns that cleaning.py repaired, with commas.

    With `expand` it is one row per copy, with `group` one per group and per rejected row. Then `stands_for` says how
    many staged rows a row accounts for, and of an expanded record `is_left_out` that its count was 0 and it is no row.
    """

    query: str
    bound: dict[str, Any]


def conversion(
    files: Sequence[StagedFile], source: Source, record: Record, business_zone: str, file_table: str
) -> Conversion:
    """Make the statement for files of one form.

    Args:
        file_table: has path, file_number and own_day (a day's file; null for a file of many days) of each file.
    """
    values = Values()
    described = source.records[record.name]
    rows = relation(files, mapped_columns(described), values, source.limits.max_line_bytes)
    copies = {described.expand.number: COPY_NUMBER} if described.expand else {}
    traits = _traits(reduce(or_, (file.traits for file in files)), described)
    texts = Texts(rows.columns, copies, described.null_values, traits, values, _days(described, record))
    cells = _cells(CellMaker(texts, source.zone, values), described, record)
    shape = _shape(described, texts, source.zone, values)
    zone = values.bind(business_zone)
    statement = _Statement(described, record, rows, cells, shape, zone, values, ambiguous_columns(source, record))
    helpers = _listed(texts.helpers or {"no_helper": "null"})
    query = f"""
with delivered as (select * from ({rows.query}) as staged join {file_table} as file on file.path = staged.filename),
staged_row as (select *, {helpers} from delivered),
{statement.typed()}
{statement.grouped_rows() if described.group else statement.rows()}"""
    return Conversion(query, values.used_in(query))


def repairable_columns(described: RecordSource) -> tuple[str, ...]:
    """The contract columns whose unusable values leave the cell empty instead of rejecting the row."""
    return tuple(
        name
        for name, mapping in described.columns.items()
        if mapping.on_bad == "null" or mapping.unknown == "null" or mapping.placeholders
    )


def ambiguous_columns(source: Source, record: Record) -> tuple[str, ...]:
    """The contract columns whose local times may come twice and are read as the later ones."""
    mapped = source.records[record.name].columns
    times = [column.name for column in record.columns if column.type == "timestamp" and column.name in mapped]
    return tuple(
        name
        for name in times
        if mapped[name].source and mapped[name].take != "count" and may_repeat(mapped[name], source.zone)
    )


def doubtful_columns(described: RecordSource, record: Record) -> tuple[str, ...]:
    """The contract columns with ids that are kept to the letter, and counted where they read like no id."""
    mapped = described.columns
    return tuple(
        column.name
        for column in record.columns
        if column.name in mapped and may_be_doubtful(column, mapped[column.name])
    )


def _cells(maker: CellMaker, described: RecordSource, record: Record) -> list[Cell]:
    cells = [
        maker.cell(column, described.columns[column.name])
        for column in record.columns
        if column.name in described.columns
    ]
    return [*cells, *([maker.cell(VERSION, described.version)] if described.version else [])]


def _traits(traits: Traits, described: RecordSource) -> Traits:
    """With marks where errors may stand in conditions or be joined to other texts: what depends on them is marked."""
    mappings = [*described.columns.values(), *([described.version] if described.version else [])]
    hides_errors = any(mapping.when or mapping.where or len(mapping.source) > 1 for mapping in mappings)
    return replace(traits, has_marks=traits.has_marks or (traits.has_errors and hides_errors))


def _days(described: RecordSource, record: Record) -> set[str]:
    """The source columns that are read as times somewhere."""
    is_time = {column.name: column.type in ("date", "timestamp") for column in record.columns}
    times = [mapping for name, mapping in described.columns.items() if is_time[name] or mapping.seconds_between]
    named = {
        part.column
        for mapping in [*times, *([described.version] if described.version else [])]
        for part in mapping.parts
    }
    return named | {
        order.column for order in (described.group.order if described.group else ()) if order.kind == "time"
    }


def _shape(described: RecordSource, texts: Texts, zone: str, values: Values) -> Shape:
    if described.expand:
        return expanded(described.expand, texts, values)
    return grouped(described.group, texts, zone, values) if described.group else Shape()


@dataclass(frozen=True)
class _Statement:
    """The parts of the statement: the rows with their typed values and whether they are rejected, then the result."""

    described: RecordSource
    record: Record
    relation: Relation
    cells: list[Cell]
    shape: Shape
    zone: str
    values: Values
    ambiguous: tuple[str, ...]

    def typed(self) -> str:
        """From `staged_row` to `judged`: `x_` as given, `v_` without placeholders, `p_` typed."""
        cells, shape = self.cells, self.shape
        given = {name: text for cell in cells for name, text in cell.texts.items()}
        given |= _each(cells, "x", lambda cell: cell.given)
        given |= {f"e_{cell.column.name}": cell.empty_part for cell in cells if cell.empty_part}
        steps = {name: step for cell in cells for name, step in cell.steps.items()} | shape.steps
        default = not self.described.group  # of a group: once it is one row
        typed = _each(cells, "p", lambda cell: _with_default(cell) if default else cell.value)
        tests = self._row_tests()
        return f"""source as ({shape.source}),
given as (select *, {_listed(given | shape.texts)} from source),
meant as (select *, {_listed(_each(cells, "v", lambda cell: cell.without_placeholders))} from given),
read as (select *, {_listed(steps or {"no_step": "null"})} from meant),
typed as (select *, {_listed(typed)} from read),
dated as (select *, {self._event_on()} as event_on from typed),
judged as (select *, {" or ".join(f"({test.condition})" for test in tests)} as is_rejected from dated)"""

    def rows(self) -> str:
        """One row per row."""
        tests = self._row_tests()
        return f"""select
    file_number,
    coalesce(own_day, event_on) as batch_day,
    {
            "line" if self.shape.line == "line" else f"case when is_rejected then line else {self.shape.line} end"
        } as line_number,
    {self._outputs()},
    event_on,
    {self.shape.outputs}
    {"".join(f"{flag} as {name}, " for name, flag in self._flags().items())}
    {_mended(self.cells)} as mended,
    case when is_rejected then {_first_reason(tests)} end as first_reason,
    case when is_rejected then {_all_reasons(tests)} end as reasons,
    case when is_rejected then left({self.relation.raw}, 4000) end as raw_row
from judged"""

    def grouped_rows(self) -> str:
        """One row per group, and one per rejected row."""
        assert self.described.group is not None
        tests, flags = self._row_tests(), self._flags()
        flagged = f"flagged as (select *, {_listed(flags | {'mended': _mended(self.cells)})} from judged)"
        folds = folded(self.described.group, self.cells, list(flags), self.relation.raw).replace(
            "from judged", "from flagged", 1
        )
        missing = self._group_tests()
        return f""",
{flagged},{folds},
valued as (select *, {_listed(_each(self.cells, "p", taken))} from folded),
of_day as (select *, {self._event_on()} as event_on from valued),
weighed as (select *, {" or ".join(f"({test.condition})" for test in missing) or "false"} as is_rejected from of_day)
select
    file_number,
    coalesce(own_day, event_on) as batch_day,
    line as line_number,
    {self._outputs()},
    event_on,
    stands_for,
    {"".join(f"{name}, " for name in flags)}
    mended,
    {_first_reason(missing)} as first_reason,
    case when is_rejected then {_all_reasons(missing)} end as reasons,
    case when is_rejected then left(raw, 4000) end as raw_row
from weighed
union all by name
select
    file_number,
    coalesce(own_day, event_on) as batch_day,
    line as line_number,
    event_on,
    1 as stands_for,
    {_first_reason(tests)} as first_reason,
    {_all_reasons(tests)} as reasons,
    left({self.relation.raw}, 4000) as raw_row
from judged
where is_rejected"""

    def _event_on(self) -> str:
        record = self.record
        return (
            f"cast(timezone({self.zone}, p_{record.event_source}) as date)"
            if record.event_source
            else f"p_{record.event_column}"
        )

    def _flags(self) -> dict[str, str]:
        cells = {cell.column.name: cell for cell in self.cells}
        unusable = {name: f"(x_{name} is not null and v_{name} is null) or ({cells[name].unusable})" for name in cells}
        repaired = {f"repaired_{name}": unusable[name] for name in repairable_columns(self.described)}
        ambiguous = {f"ambiguous_{name}": f"coalesce({cells[name].is_ambiguous}, false)" for name in self.ambiguous}
        names = doubtful_columns(self.described, self.record)
        doubtful = {f"doubtful_{name}": f"coalesce({cells[name].is_doubtful}, false)" for name in names}
        return repaired | ambiguous | doubtful

    def _row_tests(self) -> list[Test]:
        broken, record = self.relation.broken, self.record
        tests = [Test(broken[0], "", f"'{broken[1]}'")] if broken else []
        tests += self.shape.tests
        for cell in self.cells:
            name = cell.column.name
            if cell.is_rejecting:
                detail = f"e_{name}" if cell.empty_part else None
                tests.append(Test(cell.unusable, name, cell.reason, cell.shown, detail))
            if _is_needed(cell) and not self.described.group:
                tests.append(Test(_is_missing(cell), name, "'missing'", cell.shown))
        column = record.event_source or record.event_column
        shown = next((cell.shown for cell in self.cells if cell.column.name == column), f"cast(x_{column} as varchar)")
        tests.append(Test("coalesce(event_on > own_day, false)", column, "'future_date'", shown))
        return tests

    def _group_tests(self) -> list[Test]:
        """Ways for a whole group to be rejected."""
        tests = [
            Test(f"p_{cell.column.name} is null", cell.column.name, "'missing'")
            for cell in self.cells
            if _is_needed(cell)
        ]
        sums = [cell.column.name for cell in self.cells if cell.mapping.take == "sum"]
        return [*tests, *(Test(f"a_{name} is not null and p_{name} is null", name, "'bad_number'") for name in sums)]

    def _outputs(self) -> str:
        outputs = []
        for column in self.record.columns:
            value = (
                f"p_{column.name}"
                if column.name in self.described.columns
                else f"cast(null as {SQL_TYPES[column.type]})"
            )
            if column.default is not None:
                value = f"coalesce({value}, {self.values.bind(column.default)})"
            outputs.append(f"cast({value} as {SQL_TYPES[column.type]}) as {column.name}")
        version = f"p_{VERSION.name}" if self.described.version else "cast(null as timestamptz)"
        return ",\n    ".join([*outputs, f"{version} as {VERSION.name}"])


def _is_needed(cell: Cell) -> bool:
    return cell.column.required and cell.column.default is None


def _is_missing(cell: Cell) -> str:
    """A value that is unusable is named as such, not as missing."""
    name = cell.column.name
    if not cell.is_rejecting:
        return f"p_{name} is null"
    return f"v_{name} is null" if cell.default is None else f"v_{name} is null and p_{name} is null"


def _with_default(cell: Cell) -> str:
    return (
        cell.value
        if cell.default is None
        else f"case when x_{cell.column.name} is null then {cell.default} else {cell.value} end"
    )


def _each(cells: Iterable[Cell], prefix: str, expression: Callable[[Cell], str]) -> dict[str, str]:
    return {f"{prefix}_{cell.column.name}": expression(cell) for cell in cells}


def _mended(cells: Sequence[Cell]) -> str:
    """The columns whose invisible signs or protection were taken off and whose values are usable; null when there are
    none.
    """
    each = [
        f"case when ({cell.mended}) and p_{cell.column.name} is not null then '{cell.column.name}' end"
        for cell in cells
        if cell.mended
    ]
    return f"nullif(array_to_string([{', '.join(each)}], ','), '')" if each else "cast(null as varchar)"


def _listed(expressions: dict[str, str]) -> str:
    return ", ".join(f"{expression} as {name}" for name, expression in expressions.items())


def _first_reason(tests: Sequence[Test]) -> str:
    arms = " ".join(
        f"when {test.condition} then "
        f"{{'column_name': '{test.column}', 'reason_code': {test.reason}, 'bad_value': {test.value}, "
        f"'detail': {test.detail or NO_TEXT}}}"
        for test in tests
    )
    return f"case {arms} end"


def _all_reasons(tests: Sequence[Test]) -> str:
    each = ", ".join(f"case when {test.condition} then {_words(test)} end" for test in tests)
    return f"array_to_string([{each}], '; ')"


def _words(test: Test) -> str:
    more = f" || coalesce(' (' || {test.detail} || ')', '')" if test.detail else ""
    return f"'{test.column + ': ' if test.column else ''}' || {test.reason}{more}"
