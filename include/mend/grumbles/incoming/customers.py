"""What a night knows of customers, in the operations database: of those of whom something came or went since then."""

from __future__ import annotations

import datetime as dt
from hashlib import md5
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.changes import Changes
from mend.foundation.copying import copy_rows
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import all_of, at_least, at_most, equal, one_of
from mend.foundation.operations.publications import note_publication, read_publication
from mend.foundation.operations.statements import statement
from mend.foundation.periods import ONE_DAY, month_before
from mend.foundation.pipeline.model import read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.rules import publishes_everybody
from mend.grumbles.warning.rules import Rules, result_month

ROOM: Final = "grumbles/incoming"
INPUTS: Final = ("customer", "customer_cluster", "grumble", "complaint", "exposure", "open_row", "damage_month")
SHARED: Final = tuple(Sharing(f"{name}{side}") for name in INPUTS for side in ("", "_came", "_gone"))
MODELS: Final = read_models(ROOM, "touched", "incoming_customer", "gone_customer", "contact_change")
WHOLE: Final = ("drop_other_customers", "drop_other_contacts")
WRITES: Final = ("drop_customers", "put_customers", "drop_old_contacts", "drop_contacts", "put_contacts")
STAGED: Final = ("incoming_customer", "gone_customer", "contact_change")
BYTES_A_ROW: Final = 150  # of the engine's memory, for a row that came or went
DAMAGE_MONTHS: Final = 13


def put_customers(home: Home, step: Step, connection: Connection, rules: Rules, night: dt.date) -> tuple[int, int]:
    """Rows of incoming_customer afterwards, and those of it and of incoming_contact_day written or removed.

    The rows follow from the lake alone. What went since the last time is read in the files of then; where they are
    removed, or where other models made the rows, every row is compared.
    """
    values = _values(home, rules, night)
    changes = _changes(step.bench, connection, rules, night, values)
    is_whole = changes.is_whole(home)
    changes.open(step, is_whole)
    for name in STAGED:
        connection.execute(statement(ROOM, f"stage_{name}"))
    rows = sum(step.count(f"{name}{side}") for name in INPUTS for side in ("_came", "_gone"))
    for _ in in_shares(step, SHARED, share_count(step.bench, rows, BYTES_A_ROW)):
        step.run(MODELS, values)
        for name in STAGED:
            copy_rows(home, step, connection, name, f"staged_{name}")
    changed = 0
    for name in (*(WHOLE if is_whole else ()), *WRITES):
        changed += connection.execute(statement(ROOM, name), values).rowcount
    note_publication(connection, "incoming", "all", changes.publication)
    return int(connection.execute(statement(ROOM, "customers")).scalar_one()), changed


def _values(home: Home, rules: Rules, night: dt.date) -> dict[str, Any]:
    return {
        "grumbles_from": _from(night, rules.open.recent_days),
        "complaints_from": _from(night, rules.open.complaint_days),
        "contacts_from": _from(night, 30),
        "night": night,
        "is_everybody": publishes_everybody(home, night + ONE_DAY),
    }


def _from(night: dt.date, days: int) -> dt.date:
    """The first day of the month in which a window of so many days begins: rows do not change as days go by."""
    return (night - days * ONE_DAY).replace(day=1)


def _changes(bench: Workbench, connection: Connection, rules: Rules, night: dt.date, values: dict[str, Any]) -> Changes:
    """The inputs, as they are known at the night's end; monthly facts as the next day has them."""
    texts = [model.select for model in MODELS]
    shape = md5("\n".join([*texts, str(values["is_everybody"])]).encode(), usedforsecurity=False).hexdigest()
    found = Changes(shape, read_publication(connection, "incoming", "all"))

    def files(table: str, column: str, earliest: dt.date) -> list[StoredFile]:
        return bench.lake.files(table, all_of(at_least(column, earliest), at_most(column, night)))

    found.add("grumble", "mart_grumble", files("mart_grumble", "grumbled_on", values["grumbles_from"]))
    found.add("complaint", "mart_complaint", files("mart_complaint", "complained_on", values["complaints_from"]))
    found.add("exposure", "mart_exposure_day", files("mart_exposure_day", "subject_on", values["contacts_from"]))
    found.add("open_row", "mart_grumble_level", bench.lake.files_of("mart_grumble_level", day_on=[night]))
    snapshots = [each for each in bench.lake.days("core_customer", "month_on") if each <= night + ONE_DAY]
    latest = [max(snapshots)] if snapshots else []
    found.add("customer", "core_customer", bench.lake.files_of("core_customer", month_on=latest))
    of_month = equal("month", result_month(rules, night + ONE_DAY))
    found.add("customer_cluster", "mart_customer_cluster", bench.lake.files("mart_customer_cluster", of_month))
    months = [f"{night:%Y-%m}"]
    while len(months) < DAMAGE_MONTHS:
        months.append(month_before(dt.date.fromisoformat(f"{months[-1]}-01")))
    found.add("damage_month", "mart_damage_month", bench.lake.files("mart_damage_month", one_of("month", months)))
    return found
