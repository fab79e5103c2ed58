"""A follow-up ticket as its events leave it: a pure fold, so that a ticket can be rebuilt from its history at any
time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mend.care.followup.errors import FollowUpError
from mend.care.followup.machine import reason_to_refuse, target
from mend.care.followup.rules import Measure, RuleSet
from mend.care.followup.states import RUNNING, TOP_TIER
from mend.care.followup.ticket import Clock, Event, Ticket

ONE_DAY: Final = dt.timedelta(days=1)


def opened(follow_up_id: str, event: Event, rules: RuleSet) -> Ticket:
    """The ticket that an opening event makes. FollowUpError when the event is none."""
    if event.code != "open" or event.facts is None:
        raise FollowUpError(f"follow-up {follow_up_id} does not begin with an opening")
    measure: Measure = event.facts["measure"]
    tier = rules.measures[measure].first_tier
    rule = rules.tier(measure, tier)
    filed = _moment(event.facts.get("filed_at")) or event.at
    clock = Clock(((event.at, True),), rule.limit_seconds, rule.calendar, event.until)
    return Ticket(
        follow_up_id=follow_up_id,
        measure=measure,
        opened_at=event.at,
        filed_at=filed,
        state="open",
        tier=tier,
        team=rule.team,
        clock=clock,
        first=clock,
        phase_at=event.at,
        legal_due_at=filed + rules.legal_days * ONE_DAY,
        changed_at=event.at,
        complaint_count=1 if measure in ("second_follow_up", "suspended_complaint") else 0,
    )


def applied(ticket: Ticket, event: Event, rules: RuleSet) -> Ticket:
    """The ticket after the event. FollowUpError when the state machine refuses it: ask `reason_to_refuse` first."""
    if (reason := reason_to_refuse(ticket, event)) is not None:
        raise FollowUpError(f"follow-up {ticket.follow_up_id}: {event.code} refused: {reason}")
    state = target(ticket, event)
    assert state is not None, "a state that leads nowhere was refused"
    runs = state in RUNNING
    moved = replace(
        ticket,
        state=state,
        changed_at=event.at,
        event_count=ticket.event_count + 1,
        clock=ticket.clock.marked(event.at, runs),
        first=ticket.first.marked(event.at, runs),
    )
    return _facts(moved, ticket, event, rules)


def _facts(ticket: Ticket, before: Ticket, event: Event, rules: RuleSet) -> Ticket:
    """What the event changes besides the state."""
    match event.code:
        case "assign":
            return replace(ticket, handler_id=event.handler_id)
        case "suspend":
            return replace(ticket, wake_at=event.until, suspended_at=before.suspended_at or event.at)
        case "wake":
            return replace(ticket, wake_at=None, suspended_at=None)
        case "complain":
            reopened = 1 if before.state == "answered" else 0
            return replace(
                ticket,
                complaint_count=before.complaint_count + 1,
                reopen_count=before.reopen_count + reopened,
                is_solved=None,
            )
        case "answer":
            return _answered(ticket, before, event, rules)
        case "confirm":
            return replace(ticket, is_solved=True, closed_at=event.at)
        case "close":
            return replace(ticket, closed_at=event.at)
        case "escalate":
            return _escalated(ticket, before, event, rules)
        case "deny":
            denied = replace(ticket, is_solved=False, closed_at=None, reopen_count=before.reopen_count + 1)
            return _escalated(denied, before, event, rules) if before.tier < TOP_TIER else denied
        case "reopen":
            return replace(ticket, closed_at=None, is_solved=None, reopen_count=before.reopen_count + 1)
        case "change_limit":
            return _with_limit(ticket, before, event)
        case _:
            return ticket


def _with_limit(ticket: Ticket, before: Ticket, event: Event) -> Ticket:
    """Another limit for the clock that runs: the time counted so far stays counted. At the first tier it is the first
    promise too.
    """
    clock = _limited(ticket.clock, event)
    return replace(
        ticket,
        clock=clock,
        first=_limited(ticket.first, event) if before.phase_at == before.opened_at else ticket.first,
    )


def _limited(clock: Clock, event: Event) -> Clock:
    return replace(clock, limit_seconds=event.limit_seconds or clock.limit_seconds, promised_at=event.until)


def _answered(ticket: Ticket, before: Ticket, event: Event, rules: RuleSet) -> Ticket:
    return replace(
        ticket,
        first_answered_at=before.first_answered_at or event.at,
        answer_count=before.answer_count + 1,
        is_reached=event.is_reached if event.is_reached is not None else before.is_reached,
        is_solved=event.is_solved,
        # Decided once, by the first answer and the first clock: reopening neither mends a broken promise nor breaks a
        # kept one.
        is_promise_kept=before.is_promise_kept
        if before.first_answered_at
        else not before.first.is_past(rules, event.at),
        wake_at=None,
        suspended_at=None,
    )


def _escalated(ticket: Ticket, before: Ticket, event: Event, rules: RuleSet) -> Ticket:
    """One tier up: another team, a clock of its own. The first promise runs on beside it."""
    rule = rules.tier(before.measure, before.tier + 1)
    return replace(
        ticket,
        tier=before.tier + 1,
        team=rule.team,
        handler_id=None,
        clock=Clock(((event.at, True),), rule.limit_seconds, rule.calendar),
        phase_at=event.at,
        wake_at=None,
        suspended_at=None,
    )


def folded(follow_up_id: str, events: Iterable[Event], rules: RuleSet) -> Ticket:
    """The ticket that a history leaves. FollowUpError when the history is empty or impossible."""
    ticket: Ticket | None = None
    for event in events:
        ticket = opened(follow_up_id, event, rules) if ticket is None else applied(ticket, event, rules)
    if ticket is None:
        raise FollowUpError(f"follow-up {follow_up_id} has no events")
    return ticket


def _moment(words: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(words) if words else None
