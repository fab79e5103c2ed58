"""Where and whether each customer may be written to, and who is one person, from the lake into the operations
database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection

from mend.care.contact_rules.numbers import zones_of
from mend.foundation import operations
from mend.foundation.copying import copy_rows
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA
from mend.foundation.persons import Person
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench

ROOM: Final = "care/contact_rules"


def refresh_addresses(
    home: Home, bench: Workbench, month_on: dt.date | None = None, of_days: Iterable[dt.date] | None = None
) -> int:
    """Put the snapshot of a month (the latest by default) in place of what the operations database knows. Returns its
    customers.

    Args:
        of_days: only the customers whose snapshots came, or came again, on these business dates.
    """
    if month_on is None:
        month_on = max(bench.lake.days("core_customer", "month_on"), default=None)
    if month_on is None:
        return 0
    with open_step(bench, "addresses") as step:
        step.view("core_customer", days=[month_on])
        if of_days is not None:
            _view_changes(step, of_days)
        chosen = read_model(ROOM, "snapshot_customer" if of_days is None else "changed_customer")
        step.make(chosen, "snapshot_customer", {"month_on": month_on})
        if not step.count("snapshot_customer"):
            return 0
        with operations.transaction(home.database_url) as connection:
            return _put(home, step, connection)


def forget_withdrawn(home: Home, bench: Workbench, of_days: Iterable[dt.date]) -> int:
    """Where a customer's snapshot that came on these business dates was withdrawn, put what the one before it said in
    its place: a consent that was never given must not count. Returns the customers."""
    with open_step(bench, "addresses") as step:
        _view_changes(step, of_days)
        step.view("core_customer")
        step.run(read_model(ROOM, "gone_snapshot"))
        if not step.count("gone_snapshot"):
            return 0
        step.make(read_model(ROOM, "earlier_snapshot"), "snapshot_customer")
        with operations.transaction(home.database_url) as connection:
            connection.execute(statement(ROOM, "gone_address"))
            copy_rows(home, step, connection, "gone_snapshot", "gone_address")
            gone = connection.execute(statement(ROOM, "drop_gone")).rowcount
            _put(home, step, connection)
            return gone


def _view_changes(step: Step, days: Iterable[dt.date]) -> None:
    step.view("core_change", days=days, where=equal("record_code", "customer"), as_name="customer_change")


def _put(home: Home, step: Step, connection: Connection) -> int:
    """Put the customers of `snapshot_customer` into the operations database."""
    foreign = [number for (number,) in step.rows(read_model(ROOM, "foreign_number"))]
    zones = [(number, ",".join(zones_of(number))) for number in foreign]
    step.put("number_zone", {"phone_number": "varchar", "zones": "varchar"}, zones)
    step.run(read_model(ROOM, "address"))
    connection.execute(statement(ROOM, "address_row"))
    copy_rows(home, step, connection, "address", "address_row")
    written = connection.execute(statement(ROOM, "put_address")).rowcount
    for name in ("bind_opt_outs", "free_number"):
        connection.execute(statement(ROOM, name))
    return written


def put_persons(connection: Connection, persons: Mapping[str, Person]) -> set[str]:
    """Put the ids that became others in place of what is known of them. Returns the ids of customers who are one person
    now, or no more.
    """
    table = METADATA.tables["customer_person"]
    rows = connection.execute(table.select())
    known = {row.customer_id: Person(row.person_id, row.merged_on, row.doubt_code) for row in rows}
    changed = {name for name in persons.keys() | known.keys() if persons.get(name) != known.get(name)}
    connection.execute(table.delete().where(table.c.customer_id.in_(changed)))
    coming = [_person_row(name, persons[name]) for name in sorted(changed & persons.keys())]
    if coming:
        connection.execute(table.insert(), coming)
    return changed | {found[name].person_id for found in (known, persons) for name in changed & found.keys()}


def _person_row(customer_id: str, person: Person) -> dict[str, str | dt.date | None]:
    return {
        "customer_id": customer_id,
        "person_id": person.person_id,
        "merged_on": person.merged_on,
        "doubt_code": person.doubt,
    }
