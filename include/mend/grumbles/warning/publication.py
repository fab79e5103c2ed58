"""The warnings as specialists' desktops and pages read them: tables of the operations database, replaced in one
transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from mend.foundation import operations
from mend.foundation.copying import copy_rows
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal
from mend.foundation.operations.staging import columns_of, not_staged, open_staged, put_staged
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import Rules, rules_on

ROOM: Final = "grumbles/warning"
BLOCK_ROWS: Final = 20_000


PUBLISHED: Final = tuple(
    METADATA.tables[name] for name in ("customer_warning", "warning_capacity", "warning_level_count")
)


def publish(home: Home, bench: Workbench, versions: list[Rules]) -> int:
    """Make the tables what the lists of the latest night and of its quiet period say; returns the customers.

    They are functions of the lake alone: whichever night was run last, or again, the same rows are there afterwards,
    and rows that are right already are not touched.
    """
    nights = bench.lake.days("mart_warning_capacity", "day_on")
    if not nights:
        return 0
    latest = max(nights)
    first = latest - rules_on(latest, versions).warning.quiet_days * ONE_DAY
    with open_step(bench, "publication") as step, operations.transaction(home.database_url) as connection:
        step.view("mart_warning", "warning_night", where=all_of(at_least("day_on", first), at_most("day_on", latest)))
        step.view("mart_warning_capacity", "capacity_night", where=equal("day_on", latest))
        step.view("mart_warning_line", "line_night", where=equal("day_on", latest))
        days = {"latest": latest, "first": first}
        for table in PUBLISHED:
            model = read_model(ROOM, table.name)
            step.run(model, {name: days[name] for name in model.params})
            open_staged(connection, table)
            copy_rows(home, step, connection, table.name, f"staged ({columns_of(table)})")
            put_staged(connection, table, not_staged(table))
        return int(connection.execute(text("select count(*) from customer_warning")).scalar_one())
