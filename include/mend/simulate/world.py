"""The world itself: what people live through, chunk by chunk of customers, before anything is delivered or dirtied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb

from mend.foundation.schema import RECORDS
from mend.simulate.settings import WORLD, World, sql

MAX_STEPS: Final = 10
PERSONAL_RECORDS: Final = ("customer", "contact", "ticket", "survey_reply", "callback_booking", "repair_action")
CHUNK_CONTACTS: Final = 800_000
LEFT_BEHIND: Final = ("planned_contact", "step_contact", "inbound_contact", "outbound_contact", "ticket_version")


def chunks(world: World, size: int | None = None) -> Iterator[tuple[int, int]]:
    """First and last customer number of each chunk; by default so many customers as make some 800 000 contacts.

    >>> list(chunks(World(5, "2026-05", 1, 1), 2))
    [(1, 2), (3, 4), (5, 5)]
    """
    size = size or max(1, int(CHUNK_CONTACTS / (world.contacts_per_month * world.months)))
    for first in range(1, world.customers + 1, size):
        yield first, min(first + size - 1, world.customers)


def live(connection: duckdb.DuckDBPyConnection, first: int, last: int, *, is_reacting: bool = False) -> None:
    """Let customers `first` to `last` live: `delivery_<record>` gets every version, `clean_<record>` the last one.

    Args:
        is_reacting: they react to the campaigns that were installed; the steps of that stand between the others.
    """
    connection.execute(sql("person"), {"first_number": first, "last_number": last})
    _react(connection, is_reacting, "reaction")
    connection.execute(sql("need"))
    _react(connection, is_reacting, "reaction_need")
    _contacts(connection)
    _react(connection, is_reacting, "reaction_settled")
    for step in ("booking", "ticket", "ticket_version", "survey", "repair", "later_survey", "outbound"):
        connection.execute(sql(step))
    # After the repairs and surveys that follow from contacts: neither follows from a campaign's.
    _react(connection, is_reacting, "reaction_answer")
    _react(connection, is_reacting, "reaction_repair")
    connection.execute(f"create or replace temp table snapshot as {sql('customer')}")
    _react(connection, is_reacting, "reaction_spend")
    for record in PERSONAL_RECORDS:
        _deliver(connection, record)
    names = ", ".join(column.name for column in RECORDS["ticket"].columns)
    connection.execute(
        "create or replace temp view clean_ticket_version as "
        f"select {names}, opened_at::date as opened_on, updated_at as version_at from delivery_ticket"
    )


def plan(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `delivery_marketing_plan`, the one record that belongs to no customer."""
    names = {"departments": "plan_departments", "elements": "plan_elements", "channels": "plan_channels"}
    lists = {name: WORLD[key] for name, key in names.items()} | {"products": list(WORLD["plans"])}
    connection.execute(f"create or replace temp table plan as {sql('marketing_plan')}", lists)
    _deliver(connection, "marketing_plan")


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what the last chunk left in memory; the settings stay."""
    connection.execute("drop view clean_ticket_version")
    for record in PERSONAL_RECORDS:
        connection.execute(f"drop view clean_{record}")
        connection.execute(f"drop table delivery_{record}")
    for table in LEFT_BEHIND:
        connection.execute(f"drop table {table}")


def _react(connection: duckdb.DuckDBPyConnection, is_reacting: bool, step: str) -> None:
    if is_reacting:
        connection.execute(sql(step))


def _contacts(connection: duckdb.DuckDBPyConnection) -> None:
    """Contact after contact of each chain: what happened in one decides whether there is a next."""
    for step in range(MAX_STEPS):
        connection.execute(f"create or replace temp table step_contact as {sql('contact')}")
        made = connection.execute("select count(*) from step_contact").fetchone()
        if step == 0:
            connection.execute("create or replace temp table inbound_contact as from step_contact")
        elif made == (0,):
            return
        else:
            connection.execute("insert into inbound_contact by name from step_contact")
        connection.execute(sql("next_contact"))


def _deliver(connection: duckdb.DuckDBPyConnection, record: str) -> None:
    contract = RECORDS[record]
    columns = ", ".join(column.name for column in contract.columns)
    connection.execute(
        f"create or replace temp table delivery_{record} as {sql(f'delivery_{record}').replace('$columns', columns)}"
    )
    event = (
        contract.event_column
        if contract.event_source is None
        else f"{contract.event_source}::date as {contract.event_column}"
    )
    names = columns if contract.event_source is None else f"{columns}, {event}"
    connection.execute(
        f"create or replace temp view clean_{record} as select {names} from delivery_{record} where is_latest"
    )
