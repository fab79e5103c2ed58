"""What a run records again: days of contacts and tickets whose rows came, and of those that such rows speak of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from mend.foundation.periods import ONE_DAY, days_of, month_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.records.taxonomy import Taxonomy

ROOM: Final = "grumbles/records"
Days = frozenset[dt.date]
RECORDED: Final = {"mart_grumble": "grumbled_on", "mart_complaint": "complained_on"}


@dataclass(frozen=True)
class Plan:
    """`days`: recorded again, each as a whole. `contact_days`: days with contacts that are read: all of those in the
    table `read_day`, of the others the contacts whose rows came (the table `changed`).
    """

    days: Days
    contact_days: Days


def make_plan(step: Step, days: Collection[dt.date], versions: Collection[Taxonomy]) -> Plan | None:
    """What the arrivals of these business dates bear on; None when that is nothing."""
    lake = step.bench.lake
    step.view("core_change", "change", sorted(days))
    changed: dict[str, set[dt.date]] = {}
    for record, day in step.rows(read_model(ROOM, "change_day")):
        changed.setdefault(record, set()).add(day)
    every = set().union(*changed.values())
    if not every:
        return None
    contacts, tickets = changed.get("contact", set()), changed.get("ticket", set())
    known = lake.days("core_contact", "started_on") | lake.days("core_ticket", "opened_on")
    read = ((contacts | tickets) & known) - recorded_days(step)
    # Snapshots are of a month; the others may be of something as long before them as a solution may come after it.
    reach = max(version.settings.solution_reach_days + version.settings.ticket_reach_days for version in versions)
    ends = {day for first in changed.get("customer", ()) for day in days_of(month_of(first))} | every
    touched = _touched(step, read, changed, min(ends) - reach * ONE_DAY, max(ends) + reach * ONE_DAY)
    return Plan(touched, frozenset((contacts & known) | read))


def whole_plan(step: Step, first: dt.date, until: dt.date | None, reach_days: int) -> Plan | None:
    """Every recorded day from the first on, before `until`: its contacts and tickets are read again; tickets of up to
    `reach_days` after may be of these contacts. None when nothing is recorded there."""
    days = {day for day in recorded_days(step) if first <= day and (until is None or day < until)}
    if not days:
        return None
    step.view("core_change", "change", [])
    touched = _touched(step, days, {}, min(days) - reach_days * ONE_DAY, max(days) + reach_days * ONE_DAY)
    return Plan(touched, frozenset(days))


def recorded_days(step: Step) -> set[dt.date]:
    """Days that hold a grumble or a complaint."""
    return {day for table, column in RECORDED.items() for day in step.bench.lake.days(table, column)}


def _touched(
    step: Step, read: Collection[dt.date], changed: dict[str, set[dt.date]], first: dt.date, last: dt.date
) -> Days:
    """The days to record again: none of them is outside of first and last."""
    step.put("read_day", {"day": "date"}, [(day,) for day in sorted(read)])
    step.run(read_model(ROOM, "changed"))
    for record, name in (("survey_reply", "reply"), ("repair_action", "repair"), ("ticket", "ticket")):
        its = sorted(changed.get(record, ()))
        step.view(f"core_{record}", f"{name}_now", its)
        step.view(f"raw_{record}", f"{name}_version", its)
    for table, column, name in (
        ("core_ticket", "opened_on", "recent_ticket"),
        ("mart_grumble", "grumbled_on", "recent_grumble"),
        ("mart_complaint", "complained_on", "recent_complaint"),
    ):
        view_between(step, table, column, first, last, name)
    return frozenset(day for (day,) in step.rows(read_model(ROOM, "touched_day")))


def view_between(step: Step, table: str, column: str, first: dt.date, last: dt.date, as_name: str) -> int:
    """Open the table's days from the first to the last; gives the number of files."""
    days = step.bench.lake.days(table, column)
    return step.view(table, as_name, [day for day in sorted(days) if first <= day <= last])
