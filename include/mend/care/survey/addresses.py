"""Where and whether each customer may be written to, and who is one person, from the lake into the operations
database.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from mend.care.survey.hours import zones_of
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.operations.tables import METADATA
from mend.foundation.persons import Person, persons_of
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench

BLOCK_BYTES: Final = 1 << 20


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
    bench.view("core_customer", days=[month_on])
    chosen = "month_on = $month_on"
    if of_days is not None:
        bench.view("core_change", days=of_days, where=equal("record_code", "customer"), as_name="customer_change")
        chosen += (
            " and customer_id in (select subject_id from customer_change where record_code = 'customer' and "
            "subject_on = $month_on)"
        )
    bench.execute(
        f"create or replace temp table snapshot_customer as select * from core_customer where {chosen}",
        {"month_on": month_on},
    )
    with operations.transaction(home.database_url) as connection:
        return _put(home, bench, connection)


def forget_withdrawn(home: Home, bench: Workbench, of_days: Iterable[dt.date]) -> int:
    """Where a customer's snapshot that came on these business dates was withdrawn, put what the one before it said in
    its place: a consent that was never given must not count. Returns the customers."""
    bench.view("core_change", days=of_days, where=equal("record_code", "customer"), as_name="customer_change")
    bench.view("core_customer")
    bench.execute(
        "create or replace temp table gone_snapshot as "
        "select distinct subject_id as customer_id, subject_on as month_on from customer_change where record_code = "
        "'customer' "
        "except select customer_id, month_on from core_customer where customer_id in (select subject_id from "
        "customer_change)"
    )
    if not bench.sql("select 1 from gone_snapshot limit 1"):
        return 0
    bench.execute(
        "create or replace temp table snapshot_customer as select * from core_customer semi join gone_snapshot using "
        "(customer_id) "
        "qualify row_number() over (partition by customer_id order by month_on desc) = 1"
    )
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("create temp table gone_address (customer_id varchar, month_on date) on commit drop"))
        _copy(home, bench, connection, "select customer_id, month_on from gone_snapshot", "gone_address")
        gone = connection.execute(
            text(
                "delete from contact_address using gone_address "
                "where contact_address.customer_id = gone_address.customer_id and contact_address.snapshot_on = "
                "gone_address.month_on"
            )
        ).rowcount
        _put(home, bench, connection)
        return gone


def _put(home: Home, bench: Workbench, connection: Connection) -> int:
    """Put the customers of `snapshot_customer` into the operations database."""
    _number_zones(bench)
    connection.execute(text("create temp table address_row (like contact_address) on commit drop"))
    _copy(home, bench, connection, models.load("care/survey", "address"), "address_row")
    written = connection.execute(text(models.load("care/survey", "put_address"))).rowcount
    for name in ("bind_opt_outs", "free_number"):
        connection.execute(text(models.load("care/survey", name)))
    return written


def refresh_persons(home: Home, bench: Workbench, day: dt.date) -> int:
    """Put the ids that became others by a day in place of what the operations database knows of them. Returns how many
    there are.
    """
    persons = persons_of(bench, day)
    table = METADATA.tables["customer_person"]
    with operations.transaction(home.database_url) as connection:
        rows = connection.execute(table.select())
        known = {row.customer_id: Person(row.person_id, row.merged_on, row.doubt_code) for row in rows}
        changed = {name for name in persons.keys() | known.keys() if persons.get(name) != known.get(name)}
        connection.execute(table.delete().where(table.c.customer_id.in_(changed)))
        coming = [_person_row(name, persons[name]) for name in sorted(changed & persons.keys())]
        if coming:
            connection.execute(table.insert(), coming)
        if changed:
            touched = changed | {found[name].person_id for found in (known, persons) for name in changed & found.keys()}
            connection.execute(text(models.load("care/survey", "complain_again")), {"names": sorted(touched)})
    return len(persons)


def _person_row(customer_id: str, person: Person) -> dict[str, str | dt.date | None]:
    return {
        "customer_id": customer_id,
        "person_id": person.person_id,
        "merged_on": person.merged_on,
        "doubt_code": person.doubt,
    }


def _number_zones(bench: Workbench) -> None:
    """Zones of the numbers outside of China, which only the numbering plan knows."""
    query = "select distinct phone_number from snapshot_customer where phone_number not like '+86%' order by 1"
    foreign = [(number, ",".join(zones_of(number))) for (number,) in bench.sql(query)]
    bench.execute("create or replace temp table number_zone (phone_number varchar, zones varchar)")
    if foreign:
        bench.engine.connection.executemany("insert into number_zone values (?, ?)", foreign)


def _copy(home: Home, bench: Workbench, connection: Connection, query: str, table: str) -> None:
    """The engine's rows into a table of the operations database."""
    driver = connection.connection.driver_connection
    assert driver is not None
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder:
        path = Path(folder) / "rows.csv"
        target = str(path).replace("'", "''")
        bench.execute(f"copy ({query}) to '{target}' (format csv, header false)")
        with driver.cursor().copy(f"copy {table} from stdin (format csv)") as copy, path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                copy.write(block)
