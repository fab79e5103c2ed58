"""Which days a run records again: those its rows touched, and those whose grumbles were solved by what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mend import models
from mend.calendar import ONE_DAY, days_of, month_of
from mend.grumbles.taxonomy import Taxonomy
from mend.workbench import Workbench

Days = frozenset[dt.date]


@dataclass(frozen=True)
class Plan:
    """Days to record. On `contact_days`, all of them in `grumble_days`, contacts are read again: all of `fresh_days`, on the others those
    of the table `changed_contact`. The classification of the rest stands as recorded; tickets, solutions and cities are looked up."""

    grumble_days: Days
    contact_days: Days
    complaint_days: Days
    fresh_days: Days


def make_plan(bench: Workbench, days: Collection[dt.date], versions: Collection[Taxonomy]) -> Plan:
    """What the arrivals of these business dates touch. Leaves the view `change` and the table `changed_contact` on the bench."""
    ticket_reach = max(version.settings.ticket_reach_days for version in versions)
    solution_reach = max(version.settings.solution_reach_days for version in versions)
    changed = _changed_days(bench, days)
    contacts, tickets = changed.get("contact", frozenset()), changed.get("ticket", frozenset())
    after_contacts = _stretched(contacts, 0, ticket_reach)
    relocated = _days_of_changed_customers(bench, changed.get("customer", frozenset()))
    solved = _solved_days(bench, changed, solution_reach + ticket_reach)
    known = _known_days(bench)
    grumble_days = (after_contacts | _stretched(tickets, -ticket_reach, 0) | solved | relocated) & known
    unrecorded = grumble_days - bench.lake.days("mart_grumble", "grumbled_on")
    bench.execute("create or replace temp table changed_contact as select distinct subject_id from change where record_code = 'contact'")
    return Plan(grumble_days, (contacts & known) | unrecorded, (after_contacts | tickets | relocated) & known, unrecorded)


def whole_plan(bench: Workbench, first: dt.date, until: dt.date | None, reach_days: int) -> Plan:
    """Every recorded day from the first on, before `until`: its contacts are read again, and tickets that may be theirs."""
    recorded = bench.lake.days("mart_grumble", "grumbled_on") | bench.lake.days("mart_complaint", "complained_on")
    days = frozenset(day for day in recorded if first <= day and (until is None or day < until))
    after = _stretched(days, 0, reach_days) & recorded
    bench.execute("create or replace temp table changed_contact (subject_id varchar)")
    return Plan(after, days, after, days)


def _known_days(bench: Workbench) -> Days:
    places = {"core_contact": "started_on", "core_ticket": "opened_on", "mart_grumble": "grumbled_on", "mart_complaint": "complained_on"}
    return frozenset(day for table, column in places.items() for day in bench.lake.days(table, column))


def _changed_days(bench: Workbench, days: Collection[dt.date]) -> dict[str, Days]:
    """The days of each record on which rows came with this run."""
    bench.view("core_change", days=days, as_name="change_file")
    bench.execute("create or replace temp table run_day as select unnest(cast($days as date[])) as arrived_on", {"days": sorted(days)})
    bench.execute("create or replace temp view change as select * from change_file semi join run_day using (arrived_on)")
    found: dict[str, set[dt.date]] = {}
    for record, day in bench.sql("select distinct record_code, subject_on from change"):
        found.setdefault(record, set()).add(day)
    return {record: frozenset(its) for record, its in found.items()}


def _solved_days(bench: Workbench, changed: dict[str, Days], reach_days: int) -> Days:
    """Days of recorded grumbles that changed replies and repairs speak of, themselves or by a ticket of theirs.

    One that is not recorded yet needs no looking for: the day that records it reads all replies and repairs.
    """
    replies, repairs = changed.get("survey_reply", frozenset()), changed.get("repair_action", frozenset())
    if not replies | repairs:
        return frozenset()
    for record, view, its in (("survey_reply", "reply", replies), ("repair_action", "repair", repairs)):
        bench.view(f"core_{record}", days=its, as_name=f"{view}_now")
        bench.view(f"raw_{record}", days=its, as_name=f"{view}_version")
    first, last = min(replies | repairs) - reach_days * ONE_DAY, max(replies | repairs)
    view_between(bench, "core_ticket", "opened_on", first, last, "recent_ticket")
    bench.execute(f"create or replace temp table spoken as {models.load('grumbles', 'spoken')}")
    view_between(bench, "mart_grumble", "grumbled_on", first, last, "recent_grumble")
    rows = bench.sql(
        "select distinct grumbled_on from recent_grumble "
        "semi join spoken on spoken.kind_code = recent_grumble.source_kind_code and spoken.subject_id = recent_grumble.source_id"
    )
    return frozenset(day for (day,) in rows)


def _days_of_changed_customers(bench: Workbench, months: Days) -> Days:
    """Recorded days on which a customer grumbled or complained whose snapshot of that month came: it names the city."""
    found: set[dt.date] = set()
    for table, column in (("mart_grumble", "grumbled_on"), ("mart_complaint", "complained_on")):
        days = {day for first in months for day in days_of(month_of(first))}
        bench.view(table, days=days & bench.lake.days(table, column), as_name="recorded")
        query = (
            f"select distinct {column} from recorded semi join change on change.record_code = 'customer' "
            f"and change.customer_id = recorded.customer_id and change.subject_on = date_trunc('month', {column})"
        )
        found |= {day for (day,) in bench.sql(query)}
    return frozenset(found)


def view_between(bench: Workbench, table: str, column: str, first: dt.date, last: dt.date, as_name: str) -> None:
    """A view of the table's days from the first to the last."""
    bench.view(table, days=[day for day in bench.lake.days(table, column) if first <= day <= last], as_name=as_name)


def _stretched(days: Iterable[dt.date], first: int, last: int) -> Days:
    """The days, and those from `first` to `last` days after one of them."""
    return frozenset(day + step * ONE_DAY for day in days for step in range(first, last + 1))
