"""The follow-up ticket as a state machine: what may happen in which state, where it leads, and who objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from mend.care.followup.states import TOP_TIER, EventCode, State
from mend.care.followup.ticket import Event, Ticket

Reason: TypeAlias = str
Guard: TypeAlias = Callable[[Ticket, Event], Reason | None]

TRANSITIONS: Final[Mapping[tuple[State, EventCode], State]] = {
    ("open", "assign"): "open",
    ("open", "start"): "in_progress",
    ("in_progress", "assign"): "in_progress",
    ("waiting_customer", "assign"): "waiting_customer",
    ("suspended", "assign"): "suspended",
    ("open", "pause"): "waiting_customer",
    ("in_progress", "pause"): "waiting_customer",
    ("waiting_customer", "resume"): "in_progress",
    ("open", "suspend"): "suspended",
    ("in_progress", "suspend"): "suspended",
    ("waiting_customer", "suspend"): "suspended",
    ("suspended", "suspend"): "suspended",
    ("suspended", "wake"): "open",
    ("open", "complain"): "open",
    ("in_progress", "complain"): "in_progress",
    ("waiting_customer", "complain"): "in_progress",
    ("suspended", "complain"): "suspended",
    ("answered", "complain"): "open",
    ("open", "progress"): "open",
    ("in_progress", "progress"): "in_progress",
    ("waiting_customer", "progress"): "waiting_customer",
    ("suspended", "progress"): "suspended",
    ("open", "answer"): "answered",
    ("in_progress", "answer"): "answered",
    ("waiting_customer", "answer"): "answered",
    ("suspended", "answer"): "answered",
    ("open", "escalate"): "open",
    ("in_progress", "escalate"): "open",
    ("waiting_customer", "escalate"): "open",
    ("suspended", "escalate"): "open",
    ("open", "change_limit"): "open",
    ("in_progress", "change_limit"): "in_progress",
    ("waiting_customer", "change_limit"): "waiting_customer",
    ("suspended", "change_limit"): "suspended",
    ("answered", "confirm"): "closed",
    ("answered", "deny"): "open",
    ("answered", "close"): "closed",
    ("answered", "reopen"): "open",
    ("closed", "reopen"): "open",
    ("closed", "deny"): "open",
}


def _until_is_ahead(_: Ticket, event: Event) -> Reason | None:
    return "suspended_without_a_time" if event.until is None else "until_is_past" if event.until <= event.at else None


def _time_has_come(ticket: Ticket, event: Event) -> Reason | None:
    return (
        "sleeps_until_later"
        if ticket.wake_at is not None and event.at < ticket.wake_at and event.handler_id is None
        else None
    )


def _tier_above(ticket: Ticket, _: Event) -> Reason | None:
    return "no_tier_above" if ticket.tier >= TOP_TIER else None


def _satisfied_or_top_tier(ticket: Ticket, _: Event) -> Reason | None:
    return None if ticket.is_solved or ticket.tier >= TOP_TIER else "customer_not_satisfied"


def _has_a_limit(_: Ticket, event: Event) -> Reason | None:
    return "no_limit_given" if not event.limit_seconds or event.limit_seconds < 0 else None


def _has_a_handler(ticket: Ticket, event: Event) -> Reason | None:
    if event.tier is not None and (ticket.tier != event.tier or ticket.handler_id is not None):
        return "was_given_before"
    return "no_handler_given" if not event.handler_id else None


GUARDS: Final[Mapping[EventCode, Guard]] = {
    "assign": _has_a_handler,
    "suspend": _until_is_ahead,
    "wake": _time_has_come,
    "escalate": _tier_above,
    "change_limit": _has_a_limit,
    "close": _satisfied_or_top_tier,
}


def target(ticket: Ticket, event: Event) -> State | None:
    """Where the event leads from the ticket's state; None when it leads nowhere."""
    return TRANSITIONS.get((ticket.state, event.code))


def reason_to_refuse(ticket: Ticket, event: Event) -> Reason | None:
    """Why the event cannot happen to this ticket; None when it can."""
    if event.at < ticket.changed_at:
        return "before_the_latest_event"
    if target(ticket, event) is None:
        return f"not_while_{ticket.state}"
    guard = GUARDS.get(event.code)
    return guard(ticket, event) if guard is not None else None
