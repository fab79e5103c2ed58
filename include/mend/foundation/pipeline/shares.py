"""A step in shares of customers: one after the other on one machine, which bounds its memory.

    tickets = Sharing("core_ticket", (Way("customer_id"), Way("contact_id", via="core_contact")), "ticket_id")
    for _ in in_shares(step, [contacts, tickets], share_count(bench, rows, BYTES_A_ROW)):
        step.run(MODELS, values)

Each input says how its rows find their owner: the first way that leads anywhere. What has no customer goes with what it
names, so a contact without customer and its ticket are in one share, too. An input that others name comes before them.
The share is a whole number of the owner's MD5: the same on every machine and in every version of the engine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.workbench import Workbench

SHARE: Final = "share_number"
UNITS: Final = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


@dataclass(frozen=True)
class Way:
    """A way to the owner of a row: a column of its own or, `via` another input, the owner of the row it names there.

    Args:
        where: a condition on the row; in other rows the way leads nowhere.
    """

    column: str
    via: str | None = None
    where: str = "true"


@dataclass(frozen=True)
class Sharing:
    """How the rows of one input find their share.

    Args:
        key: the column by which others name its rows.
        share: a column that holds the number of the share already (`share_of`); it stays out of the share's rows.
    """

    name: str
    ways: tuple[Way, ...] = (Way("customer_id"),)
    key: str | None = None
    share: str | None = None


@dataclass(frozen=True)
class Disagreement:
    """Rows of an input that name a customer and, by another way, something of another customer."""

    name: str
    column: str
    rows: int


def share_count(bench: Workbench, rows: int, bytes_a_row: int) -> int:
    """How many shares keep so many rows within the engine's memory; a third of it is left for what a step makes."""
    size, unit = str(bench.sql("select current_setting('memory_limit')")[0][0]).split(" ")
    return max(1, math.ceil(rows * bytes_a_row / (float(size) * UNITS[unit] * 2 / 3)))


def share_of(owner: str, count: int) -> str:
    """SQL: the number of the share (from 0) that an owner's rows are in.

    >>> share_of("customer_id", 7)
    'cast(md5_number_lower(customer_id) % 7 as integer)'
    """
    return f"cast(md5_number_lower({owner}) % {int(count)} as integer)"


def in_shares(step: Step, inputs: Sequence[Sharing], count: int) -> Iterator[int]:
    """The number of each share, one by one; meanwhile each input holds the share's rows alone. They are dropped
    afterwards.

    One share is the whole, and costs nothing. More are written to the engine's scratch folder in one pass.
    """
    if count > 1:
        spilled = _split(step, inputs, count)
    for number in range(count):
        if count > 1:
            for sharing in inputs:
                rows = spilled[sharing.name].get(number, f"select * from {quoted(_shape(sharing.name))}")
                step.put_view(sharing.name, rows)
        yield number
    step.drop(*(sharing.name for sharing in inputs))


def disagreements(step: Step, inputs: Sequence[Sharing]) -> list[Disagreement]:
    """Rows that name a customer of their own and something that is another customer's, counted by input and column."""
    _find_owners(step, inputs)
    found = []
    for sharing in inputs:
        own = [way for way in sharing.ways if way.via is None][:1]
        for mine, other in ((mine, way) for mine in own for way in sharing.ways if way.via is not None):
            query = (
                f"select count(*) from {quoted(sharing.name)} as row "
                f"join {_owner_table(other)} as named on row.{quoted(other.column)} = named.id "
                f"where ({other.where}) and named.is_customer and row.{quoted(mine.column)} <> named.owner"
            )
            if rows := int(step.bench.sql(query)[0][0]):
                found.append(Disagreement(sharing.name, other.column, rows))
    return found


def _split(step: Step, inputs: Sequence[Sharing], count: int) -> dict[str, dict[int, str]]:
    _find_owners(step, inputs)
    spilled = {}
    for sharing in inputs:
        without = f"exclude ({sharing.share})" if sharing.share else ""
        step.put_table(_shape(sharing.name), f"select * {without} from {quoted(sharing.name)} limit 0")
        spilled[sharing.name] = step.bench.engine.spill(_with_share(sharing, count), sharing.share or SHARE)
    return spilled


def _with_share(sharing: Sharing, count: int) -> str:
    if sharing.share:
        return f"select * from {quoted(sharing.name)}"
    return f"select * exclude (_owner, _is_customer), {share_of('_owner', count)} as {SHARE} from ({_owned(sharing)})"


def _find_owners(step: Step, inputs: Sequence[Sharing]) -> None:
    """The owner of every row that another input names: `id, owner, is_customer` for each named input."""
    for sharing in inputs:
        naming = [(each, way) for each in inputs for way in each.ways if way.via == sharing.name]
        if not naming or sharing.key is None:
            continue
        named = " union ".join(
            f"select {quoted(way.column)} as id from {quoted(each.name)} as row where ({way.where})"
            for each, way in naming
        )
        step.put_table(
            f"_owner_of_{sharing.name}",
            f"select owned.{quoted(sharing.key)} as id, min(_owner) as owner, bool_or(_is_customer) as is_customer "
            f"from ({_owned(sharing)}) as owned semi join ({named}) as named on owned.{quoted(sharing.key)} = named.id "
            "group by 1",
        )


def _owned(sharing: Sharing) -> str:
    """The input's rows with the id of their owner, and whether that is a customer."""
    joins, owners = [], []
    for place, way in enumerate(sharing.ways):
        own = f"case when {way.where} then row.{quoted(way.column)} end"
        if way.via is None:
            owners.append(own)
        else:
            joins.append(f"left join {_owner_table(way)} as via_{place} on {own} = via_{place}.id")
            owners += [f"via_{place}.owner", own]  # what it names may be missing: then all that name it go together
    key = [f"row.{quoted(sharing.key)}"] if sharing.key else []
    first = sharing.ways[0]
    return (
        f"select row.*, coalesce({', '.join([*owners, *key, repr('')])}) as _owner, "
        f"row.{quoted(first.column)} is not null and {str(first.via is None).lower()} as _is_customer "
        f"from {quoted(sharing.name)} as row {' '.join(joins)}"
    )


def _owner_table(way: Way) -> str:
    return quoted(f"_owner_of_{way.via}")


def _shape(name: str) -> str:
    return f"_shape_of_{name}"
