"""Rows that become more or fewer, as SQL: a row with a count expanded to its copies, the rows of a group folded into
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from mend.intake.extract.cells import SQL_TYPES, WHOLE, Cell
from mend.intake.extract.cleaning import Use, errors, problems
from mend.intake.extract.mapping import LARGEST_EXPANSION, Expand, Group, Order, Part
from mend.intake.extract.relation import Values
from mend.intake.extract.texts import Texts
from mend.intake.extract.times import Times

NO_TEXT: Final = "cast(null as varchar)"
COPY_NUMBER: Final = "cast(copy_number as varchar)"
# The value `p_<name>` of a group's rows, each with its `place` among them.
TAKES: Final = {
    "first": "arg_min_null({0}, place)",
    "last": "arg_max_null({0}, place)",
    "first_filled": "arg_min({0}, place)",
    "last_filled": "arg_max({0}, place)",
    "min": "min({0})",
    "max": "max({0})",
    "sum": "sum({0})",
    "count": "count({0})",
    "any": "bool_or({0})",
    "all": "bool_and({0})",
}
# The columns that were mended in any row of a group.
MENDED: Final = (
    "array_to_string(list_sort(list_distinct(flatten(list(string_split(mended, ',')) filter (where mended "
    "is not null)))), ',')"
)
# What orders a group is read so; a text that orders is one without its soft marks, as a number is.
ORDERED_AS: Final[dict[str, Use]] = {"time": "time", "number": "number", "text": "number"}


@dataclass(frozen=True)
class Test:
    """A way to be rejected: condition, the contract column it names, and expressions of reason, value, and what more
    there is to say.
    """

    condition: str
    column: str
    reason: str
    value: str = NO_TEXT
    detail: str | None = None


@dataclass(frozen=True)
class Shape:
    """What a record's `expand` or `group` adds to the statement that converts its rows.

    Args:
        source: the rows to convert, over `staged_row`.
        texts, steps: helper column → expression, beside those of the cells.
        tests: further ways for a row to be rejected.
        line: expression of an accepted row's line number.
        outputs: further columns of the result: `stands_for` (records of the file that the row accounts for) and
            `is_left_out`.
    """

    source: str = "select * from staged_row"
    texts: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    tests: tuple[Test, ...] = ()
    line: str = "line"
    outputs: str = ""


def expanded(expand: Expand, texts: Texts, values: Values) -> Shape:
    """One row a copy, numbered by `copy_number`. A row whose count is 0 or no count stays one row, left out or
    rejected.

    A copy's line number is its line and six digits of its own: a file and a line must name one row.
    """
    text = texts.filled(expand.count, use="number")
    count = f"case when regexp_full_match({text}, '{WHOLE}') then try_cast({text} as bigint) end"
    limit, name = values.bind(expand.limit), values.bind(expand.count.column)
    counted = f"select *, {text} as copy_text, {count} as copy_count from staged_row"
    copies = f"case when copy_count between 1 and {limit} then copy_count else 1 end"
    is_bad = f"copy_count is null or copy_count < 0 or copy_count > {limit}"
    reason = (
        "case when copy_count is null then 'bad_count' when copy_count < 0 then 'negative' else 'count_over_limit' end"
    )
    told = _told("copy_text", reason, texts)
    return Shape(
        source=f"select *, unnest(range(1, {copies} + 1)) as copy_number from ({counted})",
        tests=(Test(f"coalesce({is_bad}, true)", "", told, texts.shown("copy_text"), name),),
        line=f"line * {LARGEST_EXPANSION + 1} + copy_number",
        outputs="case when copy_number = 1 then 1 else 0 end as stands_for, coalesce(copy_count = 0, false) as "
        "is_left_out,",
    )


def grouped(group: Group, texts: Texts, zone: str, values: Values) -> Shape:
    """The columns that tell a row's group, `g_0` ..., and its order in it, `o_0` ..."""
    keys = {f"g_{place}": texts.group_key(name) for place, name in enumerate(group.by)}
    tests = [_key_test(f"g_{place}", name, texts, values) for place, name in enumerate(group.by)]
    order_texts: dict[str, str] = {}
    steps: dict[str, str] = {}
    for place, order in enumerate(group.order):
        text = f"k_{place}"
        order_texts[text] = texts.filled(Part(column=order.column), use=ORDERED_AS[order.kind])
        steps |= _order(order, place, texts, zone, values)
        reason = _told(text, "'bad_order'", texts)
        tests.append(Test(f"o_{place} is null", "", reason, texts.shown(text), values.bind(order.column)))
    return Shape(texts=keys | order_texts, steps=steps, tests=tuple(tests))


def _key_test(key: str, name: str, texts: Texts, values: Values) -> Test:
    """A key that is empty, or that may be several."""
    found = problems(key, "code", texts.traits)
    condition = " or ".join([f"{key} is null", *(f"coalesce({condition}, false)" for condition, _ in found)])
    return Test(condition, "", _told(key, "'empty_group_key'", texts, "code"), texts.shown(key), values.bind(name))


def _told(text: str, reason: str, texts: Texts, use: Use = "number") -> str:
    """The reason, or what the text itself says of why it is unusable."""
    arms = " ".join(f"when {condition} then {its}" for condition, its in problems(text, use, texts.traits))
    return f"case {arms} else {reason} end" if arms else reason


def _order(order: Order, place: int, texts: Texts, zone: str, values: Values) -> dict[str, str]:
    """The steps to the value that a group's rows are ordered by, null where the text is no such value."""
    text, local = f"k_{place}", f"u_{place}"
    if order.kind == "number":
        return {f"o_{place}": f"try_cast({text} as decimal(38, 9))"}
    if order.kind == "text":
        wrong = " or ".join(f"({condition})" for condition, _ in errors(text, texts.traits))
        return {f"o_{place}": f"case when {wrong} then null else {text} end" if wrong else text}
    times = Times(values, order.formats, order.zone or zone, has_marks=texts.traits.has_marks)
    return {local: times.local(text), f"o_{place}": f"coalesce({times.instant(text)}, {times.settled(local)})"}


def folded(group: Group, cells: Iterable[Cell], flags: Sequence[str], raw: str) -> str:
    """The groups of the rows in `judged` that are not rejected: values, flags (true where any row's is), and the line
    of the last row.
    """
    keys = ", ".join(["file_number", *(f"g_{place}" for place in range(len(group.by)))])
    order = ", ".join([*(f"o_{place}" for place in range(len(group.order))), "line"])
    values = [
        f"{TAKES[cell.mapping.take or 'last'].format(f'p_{cell.column.name}')} as a_{cell.column.name}"
        for cell in cells
    ]
    return f"""
placed as (select *, {raw} as raw, row_number() over (partition by {keys} order by {order}) as place from judged
where not is_rejected),
folded as (
    select file_number, any_value(own_day) as own_day, arg_max(line, place) as line, arg_max(raw, place) as raw,
    count(*) as stands_for,
        {", ".join([*values, *(f"bool_or({flag}) as {flag}" for flag in flags)])},
        {MENDED} as mended
    from placed
    group by {keys}
)"""


def taken(cell: Cell) -> str:
    """A group's value `a_<name>` as one of the column's type; its default where it is empty."""
    name = cell.column.name
    value = f"try_cast(a_{name} as {SQL_TYPES[cell.column.type]})" if cell.mapping.take == "sum" else f"a_{name}"
    return value if cell.default is None else f"coalesce({value}, {cell.default})"
