"""What a run records again: contacts whose rows came, and the contacts and tickets that rows speak of which came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from mend.foundation.periods import ONE_DAY, days_of, month_of
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.taxonomy import Taxonomy

Days = frozenset[dt.date]
RECORDED: Final = {"mart_grumble": "grumbled_on", "mart_complaint": "complained_on"}


@dataclass(frozen=True)
class Plan:
    """What to record again. On `whole_days` every contact and ticket is read; besides, on `contact_days`, the contacts
    of the table `changed_contact` are; what else the table `touched` names (kind and id of a contact or ticket) is told
    anew, as it was read.

    The tables, and `whole_day`, are on the bench; so are `recent_ticket`, `recent_grumble` and `recent_complaint`,
    views of every day on which something touched can lie, from `first` to `last`.
    """

    whole_days: Days
    contact_days: Days
    first: dt.date
    last: dt.date


def make_plan(bench: Workbench, days: Collection[dt.date], versions: Collection[Taxonomy]) -> Plan | None:
    """What the arrivals of these business dates touch; None when that is nothing."""
    changed = _changed_days(bench, days)
    every = frozenset().union(*changed.values())
    if not every:
        return None
    contacts, tickets = changed.get("contact", frozenset()), changed.get("ticket", frozenset())
    recorded = {day for table, column in RECORDED.items() for day in bench.lake.days(table, column)}
    known = bench.lake.days("core_contact", "started_on") | bench.lake.days("core_ticket", "opened_on")
    whole = ((contacts | tickets) & known) - recorded
    # Snapshots are of a month; the others may be of something as long before them as a solution may come after it.
    reach = max(version.settings.solution_reach_days + version.settings.ticket_reach_days for version in versions)
    ends = {day for first in changed.get("customer", ()) for day in days_of(month_of(first))} | every
    plan = Plan(whole, (contacts & known) | whole, min(ends) - reach * ONE_DAY, max(ends) + reach * ONE_DAY)
    _view_whole_days(bench, whole)
    bench.execute(
        "create or replace temp table changed_contact as "
        "select distinct subject_id from change where record_code = 'contact' and subject_on not in (select day from "
        "whole_day)"
    )
    _touch(bench, plan, changed)
    return plan


def whole_plan(bench: Workbench, first: dt.date, until: dt.date | None, reach_days: int) -> Plan | None:
    """Every recorded day from the first on, before `until`: its contacts and tickets are read again; tickets of up to
    `reach_days` after may be of these contacts. None when nothing is recorded there."""
    recorded = {day for table, column in RECORDED.items() for day in bench.lake.days(table, column)}
    days = frozenset(day for day in recorded if first <= day and (until is None or day < until))
    if not days:
        return None
    plan = Plan(days, days, min(days) - reach_days * ONE_DAY, max(days) + reach_days * ONE_DAY)
    bench.view("core_change", days=(), as_name="change")
    bench.execute("create or replace temp table changed_contact (subject_id varchar)")
    _view_whole_days(bench, days)
    _touch(bench, plan, {})
    return plan


def _changed_days(bench: Workbench, days: Collection[dt.date]) -> dict[str, Days]:
    """The days of each record on which rows came with this run. Leaves the view `change` on the bench."""
    bench.view("core_change", days=days, as_name="change_file")
    bench.execute(
        "create or replace temp table run_day as select unnest(cast($days as date[])) as arrived_on",
        {"days": sorted(days)},
    )
    bench.execute(
        "create or replace temp view change as select * from change_file semi join run_day using (arrived_on)"
    )
    found: dict[str, set[dt.date]] = {}
    for record, day in bench.sql("select distinct record_code, subject_on from change"):
        found.setdefault(record, set()).add(day)
    return {record: frozenset(its) for record, its in found.items()}


def _view_whole_days(bench: Workbench, days: Days) -> None:
    bench.execute(
        "create or replace temp table whole_day as select unnest(cast($days as date[])) as day", {"days": sorted(days)}
    )


def _touch(bench: Workbench, plan: Plan, changed: dict[str, Days]) -> None:
    """The table `touched`, and the views of what may be."""
    for record, name in (("survey_reply", "reply"), ("repair_action", "repair"), ("ticket", "ticket")):
        its = changed.get(record, frozenset())
        bench.view(f"core_{record}", days=its, as_name=f"{name}_now")
        bench.view(f"raw_{record}", days=its, as_name=f"{name}_version")
    for table, column, name in (
        ("core_ticket", "opened_on", "recent_ticket"),
        ("mart_grumble", "grumbled_on", "recent_grumble"),
        ("mart_complaint", "complained_on", "recent_complaint"),
    ):
        view_between(bench, table, column, plan.first, plan.last, name)
    bench.execute(f"create or replace temp table touched as {models.load('grumbles/records', 'touched')}")


def view_between(bench: Workbench, table: str, column: str, first: dt.date, last: dt.date, as_name: str) -> None:
    """A view of the table's days from the first to the last."""
    bench.view(table, days=[day for day in bench.lake.days(table, column) if first <= day <= last], as_name=as_name)
