"""Which days a run scores: its own, and those that its rows bear on. Every entry looks back, so none is before its
rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mend.damage.scoring.contacts import DECIDED_WITHIN_DAYS
from mend.damage.scoring.rules import RuleSet
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step

ROOM: Final = "damage/scoring"
# Records whose rows bear on debits and credits from their own day on. Of tickets it is the day of the state.
POSTING: Final = ("contact", "callback_booking", "survey_reply", "repair_action", "customer_alias")
LINKED: Final = ("ticket", "callback_booking")


@dataclass(frozen=True)
class Changes:
    """Days of the rows that a run's business dates brought, corrected or took away.

    Args:
        by_record: the days by record.
        links: days of tickets and bookings that contacts did not have before.
        first_of_tickets: the first day on which the states of tickets bear.
        beside: days of later contacts of the customers whose contacts they are; None when nobody looked.
    """

    by_record: dict[str, set[dt.date]] = field(default_factory=dict)
    links: set[dt.date] = field(default_factory=set)
    first_of_tickets: dt.date | None = None
    beside: set[dt.date] | None = None

    @property
    def contacts(self) -> set[dt.date]:
        """Days of contacts."""
        return self.by_record.get("contact", set())

    @property
    def first(self) -> dt.date | None:
        """The first day on which any of the rows bears on a debit or credit."""
        found = [day for record in POSTING for day in self.by_record.get(record, ())]
        return min([*found, *([self.first_of_tickets] if self.first_of_tickets else [])], default=None)


def read_changes(step: Step, days: Sequence[dt.date]) -> Changes:
    """What the run's business dates brought. Leaves the view `change`: what the core tables say of it."""
    step.view("core_change", as_name="change", days=days)
    found: dict[str, set[dt.date]] = {}
    for record, day in step.rows(read_model(ROOM, "changed_day")):
        found.setdefault(record, set()).add(day)
    return Changes(found, _links(step, min(days), found), _first_of_tickets(step, days, found.get("ticket", set())))


def _first_of_tickets(step: Step, days: Sequence[dt.date], opened: set[dt.date]) -> dt.date | None:
    if not opened:
        return None
    step.view("raw_ticket", days=opened)
    step.view("core_ticket_version", days=opened)
    found = step.rows(read_model(ROOM, "first_ticket_day"), {"first_day": min(days), "last_day": max(days)})
    step.drop("raw_ticket", "core_ticket_version")
    first: dt.date | None = found[0][0]
    return first


def _links(step: Step, first: dt.date, changed: dict[str, set[dt.date]]) -> set[dt.date]:
    linked = {record: changed.get(record, set()) for record in LINKED}
    if not any(linked.values()):
        return set()
    for record, days in linked.items():
        step.view(f"raw_{record}", days=days)
        step.view(f"core_{record}", days=days)
    step.view("core_quarantine")
    found = step.rows(read_model(ROOM, "changed_link"), {"first_day": first})
    step.drop(*(f"{kind}_{record}" for record in LINKED for kind in ("raw", "core")), "core_quarantine")
    return {day for (day,) in found}


def days_to_score(
    versions: Sequence[RuleSet],
    changes: Changes,
    days: Sequence[dt.date],
    loaded: Collection[dt.date],
    moved: Iterable[str],
) -> list[dt.date]:
    """The days on which contacts' entries are posted again.

    Args:
        days: the run's business dates.
        loaded: every business date whose core is loaded.
        moved: months whose medians moved: every day of the month after is held against them.
    """
    last = max([*days, *loaded])
    found = _since_last(days, loaded)
    if changes.beside is None:
        found |= _with_days_after(changes.contacts, _reach(versions) + DECIDED_WITHIN_DAYS)
    else:
        found |= _with_days_after(changes.contacts | changes.beside, DECIDED_WITHIN_DAYS)
    found |= _with_days_after(changes.links, DECIDED_WITHIN_DAYS)
    found |= {day for month in moved for day in days_of_next(month)}
    return sorted(day for day in found if day <= last)


def look_beside(
    step: Step, versions: Sequence[RuleSet], changes: Changes, days: Sequence[dt.date], loaded: Collection[dt.date]
) -> Changes:
    """The changes, with the later contacts of their customers: a late contact bears on these and on no other day but
    its own entries'. Only for rows of so long ago that it matters. Reads the view `change`."""
    last = max([*days, *loaded])
    after = {day for day in _with_days_after(changes.contacts, _reach(versions)) if day <= last}
    if not after - _since_last(days, loaded) - _with_days_after(changes.contacts, DECIDED_WITHIN_DAYS):
        return changes
    step.view("core_contact", as_name="later_contact", days=after)
    found = step.rows(read_model(ROOM, "day_beside"), {"reach_days": _reach(versions)})
    step.drop("later_contact")
    return replace(changes, beside={day for (day,) in found})


def _reach(versions: Sequence[RuleSet]) -> int:
    """So many days later a contact may still bear on another one: on the same topic, and on the rest of the incident
    that this one is in."""
    return max(rules.settings.contact_reach_days + rules.settings.incident_reach_days - 1 for rules in versions)


def _since_last(days: Sequence[dt.date], loaded: Collection[dt.date]) -> set[dt.date]:
    """The run's days and those without a run before them: the clock went on, and what it decided is posted there."""
    first = max((day for day in loaded if day < min(days)), default=min(days) - ONE_DAY) + ONE_DAY
    return {first + number * ONE_DAY for number in range((max(days) - first).days + 1)}


def _with_days_after(days: Iterable[dt.date], reach: int) -> set[dt.date]:
    return {day + number * ONE_DAY for day in days for number in range(reach + 1)}


def days_of_next(month: str) -> list[dt.date]:
    """The days of the month after a month (YYYY-MM)."""
    after = days_of(month)[-1] + ONE_DAY
    return days_of(f"{after:%Y-%m}")
