"""Publishing for the pages: what changed of the declared tables, in one transaction of the operations database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Final

from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import Connection, text

from mend.damage.closing.month import closed_months, month_to_date
from mend.foundation import operations
from mend.foundation.copying import copy_back, copy_rows
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import equal
from mend.foundation.operations.publications import forget_publications
from mend.foundation.operations.staging import columns_of, not_staged, open_staged, put_staged
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import days_of, month_before, month_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.shares import in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.tables import ARRIVALS_BACK, ROOM, TABLES, Opening, PageTable, Part
from mend.query.pages.touched import put_touched

MONTHS_KEPT: Final = 13
BYTES_A_ROW: Final = 1_500  # of a month's customers: a story with what it is made of
KNOWN: Final = {"key_text": "varchar", "customer_id": "varchar", "digest": "varchar", "row_digest": "varchar"}


@dataclass(frozen=True)
class PagesReport:
    """What was published: months, rows that the parts have, and rows that changed."""

    months: tuple[str, ...]
    rows: int
    changed: int


def publish(
    home: Home,
    bench: Workbench,
    months: Collection[str],
    arrivals: Collection[dt.date] = (),
    is_whole: bool = False,
) -> PagesReport:
    """Publish every table: of these months, and those of the last thirteen that its models of now have not published;
    of these days of arrival, and those of a month back from the last business date that is loaded.

    The rows follow from the lake alone: whatever was run before, or again, the same rows are there afterwards.

    Args:
        is_whole: look at every story of the months, also of customers whom nothing touched.
    """
    through = max(operations.loaded_dates(home.database_url), default=None)
    if through is None:
        return PagesReport((), 0, 0)
    days = sorted({*arrivals, *_days_back(through)})
    known = _month_files(home, bench)
    found = PagesReport((), 0, 0)
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "one_at_a_time"))
        for table in TABLES:
            shape = {"table": table.name, "shape": _shape(table)}
            published = set(connection.execute(statement(ROOM, "published_parts"), shape).scalars())
            chosen = {each: files for each, files in known.items() if each in months or each not in published}
            for part in _parts(table, chosen, days, through):
                with open_step(bench, f"{table.name} of {part.code}") as step:
                    rows, changed = _publish_part(home, step, connection, table, part, is_whole)
                values = {"part": part.code, "through": part.through, "rows": rows, "changed": changed}
                connection.execute(statement(ROOM, "note"), shape | values)
                months_so_far = sorted({*found.months, *([part.month] if part.month else [])})
                found = PagesReport(tuple(months_so_far), found.rows + rows, found.changed + changed)
        _forget(connection, through)
    return found


def _month_files(home: Home, bench: Workbench) -> dict[str, list[StoredFile]]:
    """The last thirteen months with their files of mart_damage_month, closed or to date."""
    to_date, closed = month_to_date(home, bench), closed_months(bench)
    return {
        month: list(bench.lake.files("mart_damage_month", equal("month", month)) if month in closed else to_date[month])
        for month in sorted({*closed, *to_date})[-MONTHS_KEPT:]
    }


def _shape(table: PageTable) -> str:
    """What tells whether other models made the rows of before."""
    texts = [read_model(ROOM, name).select for name in (*table.before, table.name)]
    return md5("\n".join(texts).encode(), usedforsecurity=False).hexdigest()


def _parts(
    table: PageTable, months: Mapping[str, list[StoredFile]], days: Sequence[dt.date], through: dt.date
) -> Iterator[Part]:
    if table.part == "whole":
        yield Part("all", through)
    elif table.part == "arrivals":
        yield Part(f"{through}", through, "arrived_on", days)
    else:
        for month, files in months.items():
            known = min(days_of(month)[-1], through)
            column, value = ("month", month) if table.part == "month" else ("as_of_on", known)
            yield Part(month, known, column, [value], month, files)


def _days_back(through: dt.date) -> list[dt.date]:
    first = through - ARRIVALS_BACK
    return [first + dt.timedelta(days=count) for count in range(ARRIVALS_BACK.days + 1)]


def _publish_part(
    home: Home, step: Step, connection: Connection, table: PageTable, part: Part, is_whole: bool
) -> tuple[int, int]:
    """Rows of the part, and how many of them were added, changed or taken away."""
    table.inputs(Opening(home, step, part))
    for name in table.before:
        step.make(read_model(ROOM, name), name, is_view=True)
    open_staged(connection, METADATA.tables[table.name])
    connection.execute(statement(ROOM, "staged_keys"))
    if table.has_digest:
        _put_known(home, step, connection, table, part)
        put_touched(home, step, connection, table, part, _shape(table), is_whole)
    count = share_count(step.bench, step.count("touched"), BYTES_A_ROW) if table.shares else 1
    rows = 0
    for _ in in_shares(step, table.shares, count) if table.shares else [0]:
        rows += _stage(home, step, connection, table, part)
    changed = _replace(connection, table, part)
    if table.has_digest:  # of those whom nothing touched, too
        rows = connection.execute(statement(ROOM, "stories"), {"month": part.month}).scalar_one()
    for name in ("staged", "staged_key"):
        connection.execute(text(f"drop table {name}"))
    return rows, changed


def _put_known(home: Home, step: Step, connection: Connection, table: PageTable, part: Part) -> None:
    """Keys and digests of the rows that are published: the table `known_row` of the step."""
    [value] = part.values
    query = SQL("(select {key}, customer_id, digest, row_digest from {table} where {column} = {value})").format(
        key=SQL(f"{_key_text(table)} as key_text"),
        table=Identifier(table.name),
        column=Identifier(part.column),
        value=Literal(value),
    )
    copy_back(home, step, connection, query, "known_row", KNOWN)


def _stage(home: Home, step: Step, connection: Connection, table: PageTable, part: Part) -> int:
    """Bring what the share gives into `staged`; where there is a digest only rows with another one, and into
    `staged_key` the keys of those touched that are gone. Gives the share's rows.
    """
    step.run(read_model(ROOM, table.name), dict(part.parameters))
    rows, made = step.count(table.name), table.name
    if table.has_digest:
        step.put_table(
            "key_row",
            "select key_text from known_row semi join touched on known_row.customer_id = touched.customer_id "
            f"anti join {table.name} as made on key_text = {_key_text(table, 'made')}",
        )
        copy_rows(home, step, connection, "key_row", "staged_key (key_text)")
        step.put_table(
            "changed_row",
            f"select * from {table.name} as made anti join known_row "
            f"on {_key_text(table, 'made')} = known_row.key_text and made.digest = known_row.digest",
        )
        made = "changed_row"
    columns = columns_of(METADATA.tables[table.name])
    step.put_table("staged_row", f"select {columns} from {made}")
    copy_rows(home, step, connection, "staged_row", f"staged ({columns})")
    step.drop("staged_row", "changed_row", "key_row", table.name)
    return rows


def _replace(connection: Connection, table: PageTable, part: Part) -> int:
    """Add and change what was staged, and take away what the part has no more. Gives the rows touched."""
    there, of = f"{table.name}.{part.column} = any(:values)" if part.column else "true", METADATA.tables[table.name]
    gone = not_staged(of)
    if table.has_digest:
        gone = f"exists (select from staged_key where key_text = {_key_text(table, table.name)})"
    return put_staged(connection, of, f"{there} and {gone}", {"values": list(part.values)} if part.column else {})


def _key_text(table: PageTable, of: str = "") -> str:
    """SQL of either database: a row's key as one text."""
    dot = f"{of}." if of else ""
    return " || '|' || ".join(f"{dot}{key.name}" for key in METADATA.tables[table.name].primary_key)


def _forget(connection: Connection, through: dt.date) -> None:
    """Take away what is older than thirteen months."""
    month = month_of(through)
    for _ in range(MONTHS_KEPT - 1):
        month = month_before(days_of(month)[0])
    for name in ("forget_stories", "forget_counts", "forget_arrivals", "forget_notes"):
        connection.execute(statement(ROOM, name), {"month": month, "day": days_of(month)[0]})
    for table in TABLES:
        forget_publications(connection, table.name, month)


def months_of(days: Sequence[dt.date]) -> set[str]:
    """The months of some days."""
    return {month_of(day) for day in days}
