"""Where and whether each customer may be written to, from the latest monthly snapshot into the operations database."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from mend import models, operations
from mend.home import Home
from mend.lake.filters import equal
from mend.survey.hours import zones_of
from mend.workbench import Workbench

BLOCK_BYTES: Final = 1 << 20


def refresh_addresses(home: Home, bench: Workbench, month_on: dt.date | None = None) -> int:
    """Put the snapshot of a month (the latest by default) in place of what the operations database knows. Returns its customers."""
    bench.view("core_customer")
    if month_on is None:
        (month_on,) = bench.sql("select max(month_on) from core_customer")[0]
    if month_on is None:
        return 0
    bench.view("core_customer", where=equal("month_on", month_on))
    _number_zones(bench, month_on)
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder, operations.transaction(home.database_url) as connection:
        path = Path(folder) / "addresses.csv"
        target = str(path).replace("'", "''")
        query = models.load("survey", "address")
        bench.execute(f"copy ({query}) to '{target}' (format csv, header false)", {"month_on": month_on})
        connection.execute(text("create temp table address_row (like contact_address) on commit drop"))
        _copy(connection, path)
        return connection.execute(text(models.load("survey", "put_address"))).rowcount


def _number_zones(bench: Workbench, month_on: dt.date) -> None:
    """Zones of the numbers outside of China, which only the numbering plan knows."""
    query = "select distinct phone_number from core_customer where month_on = $on and phone_number not like '+86%' order by 1"
    foreign = [(number, ",".join(zones_of(number))) for (number,) in bench.sql(query, {"on": month_on})]
    bench.execute("create or replace temp table number_zone (phone_number varchar, zones varchar)")
    if foreign:
        bench.engine.connection.executemany("insert into number_zone values (?, ?)", foreign)


def _copy(connection: Connection, path: Path) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy("copy address_row from stdin (format csv)") as copy, path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            copy.write(block)
