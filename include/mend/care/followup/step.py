"""The follow-up step: answers and events into tickets, clocks looked at, people told, work lists written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mend.care import service_events
from mend.care.followup.intake import BLOCK, take_answers, take_service_events
from mend.care.followup.matters import settle_matters
from mend.care.followup.rules import RuleSet, load_rules
from mend.care.followup.ticket import Event
from mend.care.followup.ticket_store import TicketStore
from mend.care.followup.work import WorkLists, write_work_lists
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement

TICKETS: Final = 500  # tickets looked at in one transaction


@dataclass(frozen=True)
class FollowedUp:
    """What a step did: answers and events dealt with, ticket events and notices by kind, and the work lists."""

    answers: int
    events: int
    work: WorkLists
    done: dict[str, int] = field(default_factory=dict)


def follow_up(home: Home, at: dt.datetime) -> FollowedUp:
    """Deal with what came until `at` (the end of the run's interval), as if when it came. Run again, it does
    nothing.
    """
    versions = load_rules(home.root / "follow_up_rules")
    done: dict[str, int] = {}
    answers = _blocks(home.database_url, versions, done, lambda store: take_answers(store, at))
    events = _blocks(home.database_url, versions, done, lambda store: take_service_events(store, at))
    for name, count in tick(home.database_url, at, versions).items():
        done[name] = done.get(name, 0) + count
    return FollowedUp(answers, events, write_work_lists(home, at, versions), dict(sorted(done.items())))


def tick(url: str, at: dt.datetime, versions: list[RuleSet] | None = None) -> dict[str, int]:
    """Look at every clock: wake, escalate, tell. Idempotent, and the same however late it comes. Returns what it did by
    kind.
    """
    versions = versions or load_rules()
    counts: dict[str, int] = {}
    after = ""
    while True:
        with operations.transaction(url) as connection, TicketStore(connection, versions, counts) as store:
            values = {"after": after, "size": TICKETS}
            found = list(connection.execute(statement("care/followup", "open_ticket"), values).scalars())
            store.assignment.know_tickets(found)
            for follow_up_id in store.history(found):
                store.catch_up(follow_up_id, at)
            _tell_progress(store, found, at)
        if len(found) < TICKETS:
            return counts
        after = found[-1]


def record(home: Home, follow_up_id: str, event: Event) -> str | None:
    """What a handler did with a ticket, at its own moment, also when that is before what is known already. Returns why
    it was refused, None when it is written (now or before)."""
    versions = load_rules(home.root / "follow_up_rules")
    with operations.transaction(home.database_url) as connection, TicketStore(connection, versions) as store:
        reason = store.record(follow_up_id, event)
        settle_matters(store, event.at, [])
        return reason


def _tell_progress(store: TicketStore, follow_up_ids: list[str], at: dt.datetime) -> None:
    """Suspended customers hear from us every so often: an event each time, for the survey dispatch."""
    store.flush()
    for version in store.versions:
        for measure, rule in version.measures.items():
            if rule.progress_every_hours is not None:
                values = {
                    "ids": follow_up_ids,
                    "measure": measure,
                    "every": dt.timedelta(hours=rule.progress_every_hours),
                    "at": at,
                }
                events = store.connection.execute(statement("care/followup", "progress"), values).mappings().all()
                new = service_events.record(store.connection, events, "follow_up", at)
                store.counts["progress_told"] = store.counts.get("progress_told", 0) + new


def _blocks(url: str, versions: list[RuleSet], counts: dict[str, int], work: Callable[[TicketStore], int]) -> int:
    """Work through blocks, a transaction each, until one is not full."""
    total = 0
    while True:
        with operations.transaction(url) as connection, TicketStore(connection, versions, counts) as store:
            done = work(store)
        total += done
        if done < BLOCK:
            return total
