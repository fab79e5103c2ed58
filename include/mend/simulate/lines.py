"""Rows as lines of text, and the dirt that dirt.yaml plants among them, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mend.foundation.schema import Column, Record
from mend.foundation.yaml_text import read_yaml
from mend.simulate.settings import HERE, WORLD

DIRT: Final[dict[str, dict[str, dict[str, Any]]]] = read_yaml((HERE / "dirt.yaml").read_text(encoding="utf-8"))
MOMENT: Final = f"'%Y-%m-%dT%H:%M:%S{WORLD['offset']}'"
OWN_FATE: Final = "case when is_latest then 'accepted' else 'superseded' end"
GATES: Final = {"parse": "rejected", "quality": "quarantined"}
# When each kind arrives, for those that do not come with their own day; nothing may come after the world's last day.
LATER: Final = "own_day + later_days"
ARRIVAL: Final = {"late": "own_day + late_days", "again_later": LATER, "correction": LATER}


@dataclass(frozen=True)
class Kind:
    """One kind of dirt on one record, as dirt.yaml describes it; draws from `low` up to `high` pick it."""

    name: str
    how: str
    low: float
    high: float
    column: str | None
    value: str
    when: str
    gate: str | None

    @property
    def fate(self) -> str:
        """SQL for what becomes of the row."""
        if self.gate:
            return f"'{GATES[self.gate]}'"
        return "'superseded'" if self.how in ("again", "again_later") else OWN_FATE

    @property
    def condition(self) -> str:
        """SQL for the rows that it befalls."""
        parts = [f"draw >= {self.low!r}", f"draw < {self.high!r}", f"({self.when})"]
        if self.how in ARRIVAL:
            parts.append(f"{ARRIVAL[self.how]} < horizon::date")
        if self.how == "correction":
            parts.append("is_latest")
        return " and ".join(parts)


@cache
def kinds(record: str, factor: float) -> list[Kind]:
    """The kinds of dirt of a record, each with its slice of [0, 1)."""
    listed, low = [], 0.0
    for name, words in DIRT.get(record, {}).items():
        high = low + words["share"] * factor
        column, value, when = words.get("column"), str(words.get("value", "null")), str(words.get("when", "true"))
        listed.append(Kind(name, words["how"], low, high, column, value, when, words.get("gate")))
        low = high
    return listed


def cells_sql(contract: Record, factor: float) -> str:
    """Makes `cells`: every version of every row of `delivery_<record>` as text, and the kind of dirt that it meets."""
    event = contract.event_source or contract.event_column
    key = " || '|' || ".join(f"{name}::varchar" for name in contract.key)
    picked = " ".join(f"when {kind.condition} then '{kind.name}'" for kind in kinds(contract.name, factor))
    return f"""
        create or replace temp table cells as
        with
        keyed as (
            select
                delivery.*, {event}::timestamp as event_at, updated_at::date as own_day,
                mix(mix(world.root, 'dirt'), {key} || updated_at::varchar) as dirt_h, world.opens_at, world.horizon
            from delivery_{contract.name} as delivery
            cross join world
        ),
        written as (
            select
                {", ".join(f"{_cell(column)} as {column.name}" for column in contract.columns)},
                updated_at, event_at, own_day, is_latest, opens_at, horizon,
                draw(dirt_h, 'kind') as draw,
                1 + floor(draw(dirt_h, 'lag') * 5)::integer as late_days,
                1 + floor(draw(dirt_h, 'lag') * 3)::integer as later_days
            from keyed
        ),
        final as (
            select *, {f"case {picked} end" if picked else "null::varchar"} as dirt_kind
            from written
        )
        select * from final"""


def versions_sql(contract: Record, factor: float) -> str:
    """Everything that the files hold, a row per line: the rows of `cells`, and what the dirt makes of them."""
    listed = kinds(contract.name, factor)
    versions = [_clean_sql(contract, listed)]
    for kind in listed:
        if kind.how == "correction":
            versions += [_wrong_sql(contract, kind), _right_sql(contract, kind)]
        else:
            versions.append(_kind_sql(contract, kind))
    return f"""
        with versions as ({" union all by name ".join(versions)})
        select
            arrived_on, {_line(contract)} as line, {contract.subject_id_column} as subject_id,
            kind, column_name, gate_code, fate, event_at, updated_at, copy_number
        from versions"""


def _clean_sql(contract: Record, listed: list[Kind]) -> str:
    """The rows in the file of their own day: all but those that come late, corrected, or written otherwise."""
    moved = [f"'{kind.name}'" for kind in listed if kind.how in ("late", "correction", "cell")]
    return f"""
        select
            {_names(contract)}, own_day as arrived_on,
            null::varchar as kind, null::varchar as column_name, null::varchar as gate_code,
            {OWN_FATE} as fate, event_at, updated_at, 0 as copy_number
        from cells
        where {f"dirt_kind is null or dirt_kind not in ({', '.join(moved)})" if moved else "true"}"""


def _kind_sql(contract: Record, kind: Kind) -> str:
    cells = _replaced(contract, kind) if kind.how in ("cell", "extra", "line") else _names(contract)
    copy_number = 0 if kind.how in ("cell", "late") else 1
    return _planted(kind, cells, ARRIVAL.get(kind.how, "own_day"), kind.fate, "updated_at", copy_number)


def _wrong_sql(contract: Record, kind: Kind) -> str:
    """What a corrected row looked like at first."""
    return _planted(kind, _replaced(contract, kind), "own_day", "'superseded'", "updated_at", 0)


def _right_sql(contract: Record, kind: Kind) -> str:
    """The corrected row, changed in the small hours of the day on which it comes."""
    return _planted(kind, _names(contract), LATER, OWN_FATE, f"({LATER})::timestamp + interval 3 hour", 1)


def _planted(kind: Kind, cells: str, arrives: str, fate: str, updated_at: str, copy_number: int) -> str:
    return f"""
        select
            {cells}, arrived_on, '{kind.name}' as kind, {_literal(kind.column)} as column_name,
            {_literal(kind.gate)} as gate_code, {fate} as fate, event_at, {updated_at} as updated_at,
            {copy_number} as copy_number
        from (select *, {arrives} as arrived_on from cells where dirt_kind = '{kind.name}')"""


def _replaced(contract: Record, kind: Kind) -> str:
    """The row's cells with the bad one in its place. An extra row has its own key: no good row is lost with it."""
    replaced = {kind.column: kind.value} if kind.column else {}
    if kind.how in ("extra", "line"):
        replaced.setdefault(contract.subject_id_column, f"'X' || {contract.subject_id_column}")
    return ", ".join(f"{replaced.get(column.name, column.name)} as {column.name}" for column in contract.columns)


def _cell(column: Column) -> str:
    """A typed value as the files write it."""
    if column.type == "timestamp":
        return f"strftime({column.name}, {MOMENT})"
    if column.type == "boolean":
        return f"case when {column.name} then '1' when not {column.name} then '0' end"
    return f"{column.name}::varchar"


def _line(contract: Record) -> str:
    """The CSV line of a row, broken where its kind of dirt says so."""
    cells = [*map(_quoted, contract.columns), f"strftime(updated_at, {MOMENT})"]
    whole = _joined(cells)
    return f"""case kind
        when 'too_few_fields' then {_joined(cells[:-3])}
        when 'too_many_fields' then {whole} || ',surplus'
        when 'open_quote' then '"' || replace({whole}, '"', '')
        else {whole} end"""


def _joined(cells: list[str]) -> str:
    return "concat_ws(',', " + ", ".join(f"coalesce({cell}, '')" for cell in cells) + ")"


def _quoted(column: Column) -> str:
    """Free text is quoted where it must be; ids, codes and numbers never hold a comma."""
    name = column.name
    if column.type != "string" or column.codes or name.endswith(("_id", "_code")):
        return name
    quoted = f"""'"' || replace({name}, '"', '""') || '"'"""
    return f"""case when contains({name}, ',') or contains({name}, '"') then {quoted} else {name} end"""


def _names(contract: Record) -> str:
    return ", ".join(column.name for column in contract.columns)


def _literal(value: str | None) -> str:
    return "null::varchar" if value is None else f"'{value}'"
