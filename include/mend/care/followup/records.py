"""Rows of the store: an event, a refusal, a notice and a ticket as the operations database has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from mend.care.followup.automatic import Notice
from mend.care.followup.rules import RuleSet
from mend.care.followup.story import Refused
from mend.care.followup.ticket import Event, Ticket


def event_row(follow_up_id: str, event: Event, number: int) -> dict[str, Any]:
    """The event as the ticket's event of that number."""
    return {
        "event_key": event.key, "follow_up_id": follow_up_id, "event_number": number, "event_code": event.code,
        "happened_at": event.at,
        "facts": _facts(event),
    }  # fmt: skip


def refusal_row(follow_up_id: str, refused: Refused, overtaken_by: str | None) -> dict[str, Any]:
    """The event as one that does not fit; `overtaken_by` names the late event since which it does not."""
    event = refused.event
    return {
        "event_key": event.key, "follow_up_id": follow_up_id, "event_code": event.code, "state_code": refused.state,
        "reason_code": refused.reason, "happened_at": event.at, "facts": _facts(event), "overtaken_by": overtaken_by,
    }  # fmt: skip


def notice_row(notice: Notice, ticket: Ticket) -> dict[str, Any]:
    """What the people of the ticket, as it is then, are told."""
    return {
        "notice_key": notice.key, "follow_up_id": ticket.follow_up_id, "kind_code": notice.kind,
        "team_code": ticket.team,
        "handler_id": ticket.handler_id, "due_at": notice.due_at, "noticed_at": notice.at,
    }  # fmt: skip


def event_of_row(row: Mapping[Any, Any]) -> Event:
    """The event that a row of events or refusals holds."""
    facts = row["facts"]
    return Event(
        row["event_key"],
        row["event_code"],
        row["happened_at"],
        facts.get("handler_id"),
        dt.datetime.fromisoformat(facts["until"]) if "until" in facts else None,
        facts.get("limit_seconds"),
        facts.get("is_reached"),
        facts.get("is_solved"),
        facts if "measure" in facts else None,
        facts.get("tier"),
    )


def ticket_row(ticket: Ticket, rules: RuleSet) -> dict[str, Any]:
    """The ticket's row, but for what its opening alone says."""
    due = ticket.due_at(rules)
    same = (
        "follow_up_id", "tier", "opened_at", "phase_at", "legal_due_at", "first_answered_at", "is_reached", "is_solved",
        "is_promise_kept", "reopen_count", "complaint_count", "closed_at", "handler_id", "wake_at", "event_count",
        "changed_at",
    )  # fmt: skip
    return {name: getattr(ticket, name) for name in same} | {
        "measure_code": ticket.measure,
        "state_code": ticket.state,
        "team_code": ticket.team,
        "limit_seconds": ticket.clock.limit_seconds,
        "is_working_time": not rules.calendars[ticket.clock.calendar_name].is_always,
        "promised_at": ticket.clock.promised_at,
        "due_at": due,
        "left_seconds": None if due else round(ticket.clock.left(rules, ticket.changed_at).total_seconds()),
        "first_due_at": ticket.first.due_at(rules),
    }


def _facts(event: Event) -> dict[str, Any]:
    facts: dict[str, Any] = dict(event.facts or {}) | {
        "handler_id": event.handler_id,
        "until": event.until.isoformat() if event.until else None,
        "limit_seconds": event.limit_seconds,
        "is_reached": event.is_reached,
        "is_solved": event.is_solved,
        "tier": event.tier,
    }
    return {name: value for name, value in facts.items() if value is not None}
