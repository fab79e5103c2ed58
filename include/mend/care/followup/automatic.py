"""What happens to a ticket by itself: it wakes, it escalates, its people are told. Pure, and the same however late it
is asked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from mend.care.followup.rules import RuleSet
from mend.care.followup.states import AT_WORK, TOP_TIER
from mend.care.followup.ticket import Event, Ticket

NoticeKind = Literal[
    "before_limit", "at_limit", "before_legal", "at_legal", "woken", "escalated", "complained_again", "unassigned"
]  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """Something that a handler or team is told, once: `key` names it."""

    key: str
    kind: NoticeKind
    at: dt.datetime
    due_at: dt.datetime | None


def next_event(ticket: Ticket, until: dt.datetime, rules: RuleSet) -> Event | None:
    """The earliest thing that happens to the ticket by itself until then; None when nothing does.

    It happened at its own moment, whenever it is noticed: a run hours late writes the same history.
    """
    due = [event for event in (_waking(ticket), _escalation(ticket, rules)) if event is not None and event.at <= until]
    return min(due, key=lambda event: (event.at, event.key), default=None)


def _waking(ticket: Ticket) -> Event | None:
    if ticket.state != "suspended" or ticket.wake_at is None:
        return None
    # The key names the spell, not a count: a late event before it leaves the key as it is.
    key = f"{ticket.follow_up_id}:wake:{ticket.wake_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"
    return Event(key, "wake", max(ticket.wake_at, ticket.changed_at))


def _escalation(ticket: Ticket, rules: RuleSet) -> Event | None:
    after = rules.measures[ticket.measure].escalates_after_minutes
    due = ticket.due_at(rules)
    if after is None or due is None or ticket.state not in AT_WORK or ticket.tier >= TOP_TIER:
        return None
    # An answer at the very limit is in time, so the escalation comes a second later.
    moment = due + dt.timedelta(minutes=after, seconds=1)
    return Event(f"{ticket.follow_up_id}:escalate:{ticket.phase}", "escalate", max(moment, ticket.changed_at))


def limit_notices(ticket: Ticket, at: dt.datetime, rules: RuleSet) -> list[Notice]:
    """What is to be told of the limits by now: before and at each, once for every clock and once for the legal
    limit.
    """
    if ticket.is_answered:
        return []
    found: list[Notice] = []
    due = ticket.due_at(rules)
    before = dt.timedelta(minutes=rules.tier(ticket.measure, ticket.tier).before_minutes)
    if due is not None:
        found += _pair(ticket, f"{ticket.follow_up_id}:{ticket.phase}", ("before_limit", "at_limit"), due, before, at)
    legal = dt.timedelta(days=rules.before_legal_days)
    return found + _pair(ticket, ticket.follow_up_id, ("before_legal", "at_legal"), ticket.legal_due_at, legal, at)


def _pair(
    ticket: Ticket,
    key: str,
    kinds: tuple[NoticeKind, NoticeKind],
    due: dt.datetime,
    before: dt.timedelta,
    at: dt.datetime,
) -> list[Notice]:
    near, reached = kinds
    found = [Notice(f"{key}:{near}", near, max(due - before, ticket.opened_at), due)] if due - before <= at else []
    return found + ([Notice(f"{key}:{reached}", reached, due, due)] if due <= at else [])


def event_notice(ticket: Ticket, event: Event, rules: RuleSet) -> Notice | None:
    """What the handler or team is told of an event, with the ticket after it."""
    kinds: dict[str, NoticeKind] = {
        "wake": "woken",
        "escalate": "escalated",
        "deny": "escalated",
        "complain": "complained_again",
    }
    kind = kinds.get(event.code)
    return Notice(event.key, kind, event.at, ticket.due_at(rules)) if kind is not None else None
