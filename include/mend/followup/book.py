"""The book of tickets: events are written once, the ticket's row follows from them. Works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects.postgresql import insert

from mend.followup.automatic import Notice, event_notice, limit_notices, next_event
from mend.followup.machine import reason_to_refuse
from mend.followup.rules import RuleSet, rules_on
from mend.followup.ticket import Event, Ticket, applied, folded, opened
from mend.models import statement
from mend.operations.tables import METADATA

TICKET: Final = METADATA.tables["follow_up_ticket"]
EVENT: Final = METADATA.tables["follow_up_event"]
REFUSAL: Final = METADATA.tables["follow_up_refusal"]
NOTICE: Final = METADATA.tables["follow_up_notice"]
NEWS: Final = METADATA.tables["service_event"]
# Made once: to make a statement of the library's takes longer than to run it.
PUT_EVENT: Final = insert(EVENT)
PUT_TICKET: Final = insert(TICKET)
CHANGE_TICKET: Final = TICKET.update().where(TICKET.c.follow_up_id == bindparam("changed_id"))
PUT_NOTICE: Final = insert(NOTICE).on_conflict_do_nothing().returning(NOTICE.c.notice_key)
PUT_REFUSAL: Final = insert(REFUSAL).on_conflict_do_nothing()
HISTORY: Final = (
    select(EVENT)
    .where(EVENT.c.follow_up_id.in_(bindparam("follow_up_ids", expanding=True)))
    .order_by(EVENT.c.follow_up_id, EVENT.c.event_number)
)
KNOWN: Final = tuple(select(table.c.event_key).where(table.c.event_key == bindparam("key")) for table in (EVENT, REFUSAL))
# One process at a time writes tickets: an event and what follows from it stay together.
BOOK_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('follow-up book'))")
ASKED_AGAIN: Final = ("complex_question", "second_follow_up", "suspended_complaint")


@dataclass
class Book:
    """Writes events of tickets. Construct it inside a transaction: it takes the book's lock."""

    connection: Connection
    versions: Sequence[RuleSet]
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.execute(BOOK_LOCK)

    def record(self, follow_up_id: str, event: Event) -> str | None:
        """Write an event and what follows from it. Returns why it was refused, None when it is written (now or before)."""
        if self._is_known(event.key):
            return None
        history = self.history([follow_up_id]).get(follow_up_id, [])
        if not history:
            rules = rules_on(event.at.date(), self.versions)
            self._write(opened(follow_up_id, event, rules), event, event.facts or {})
            self.staff(opened(follow_up_id, event, rules), event.at, rules)
            return None
        rules = rules_on(history[0].at.date(), self.versions)
        ticket = self.catch_up(folded(follow_up_id, history, rules), event.at, rules)
        if (reason := reason_to_refuse(ticket, event)) is not None:
            self._refuse(ticket, event, reason)
            return reason
        self._happened(applied(ticket, event, rules), event, rules)
        return None

    def catch_up(self, ticket: Ticket, until: dt.datetime, rules: RuleSet) -> Ticket:
        """Write what happened to the ticket by itself until then, and what its people are told."""
        while (event := next_event(ticket, until, rules)) is not None:
            self._tell(ticket, limit_notices(ticket, event.at, rules))
            ticket = self._happened(applied(ticket, event, rules), event, rules)
        self._tell(ticket, limit_notices(ticket, until, rules))
        return ticket

    def history(self, follow_up_ids: Sequence[str]) -> dict[str, list[Event]]:
        """The events of tickets, in order."""
        found: dict[str, list[Event]] = {}
        for row in self.connection.execute(HISTORY, {"follow_up_ids": list(follow_up_ids)}).mappings():
            found.setdefault(row["follow_up_id"], []).append(_event(row))
        return found

    def _happened(self, ticket: Ticket, event: Event, rules: RuleSet) -> Ticket:
        self._write(ticket, event, {})
        if (notice := event_notice(ticket, event, rules)) is not None:
            self._tell(ticket, [notice])
        if event.code == "answer" and ticket.measure in ASKED_AGAIN:
            self._ask_again(ticket, event)
        return self.staff(ticket, event.at, rules) if ticket.handler_id is None and not ticket.is_answered else ticket

    def staff(self, ticket: Ticket, at: dt.datetime, rules: RuleSet) -> Ticket:
        """Give the ticket to the handler who had the customer's matter before, else to the one with the least to do."""
        values = {"follow_up_id": ticket.follow_up_id, "tier": ticket.tier, "team": ticket.team}
        handler = self.connection.execute(statement("followup", "handler"), values).scalar()
        if handler is None:
            self._tell(ticket, [Notice(f"{ticket.follow_up_id}:{ticket.phase}:unassigned", "unassigned", at, ticket.due_at(rules))])
            return ticket
        event = Event(f"{ticket.follow_up_id}:assign:{ticket.event_count}", "assign", at, handler_id=handler)
        staffed = applied(ticket, event, rules)
        self._write(staffed, event, {})
        return staffed

    def _write(self, ticket: Ticket, event: Event, facts: Mapping[str, Any]) -> None:
        row = {
            "event_key": event.key, "follow_up_id": ticket.follow_up_id, "event_number": ticket.event_count, "event_code": event.code,
            "happened_at": event.at, "facts": _facts(event) | dict(facts),
        }  # fmt: skip
        self.connection.execute(PUT_EVENT, row)
        self.counts[event.code] = self.counts.get(event.code, 0) + 1
        values = self.row(ticket)
        if event.code == "open":
            names = ("customer_id", "about_kind_code", "about_id", "survey_id", "topic_code", "city_code")
            values |= {name: facts.get(name) for name in names}
            self.connection.execute(PUT_TICKET, values)
        else:
            self.connection.execute(CHANGE_TICKET, values | {"changed_id": ticket.follow_up_id})

    def row(self, ticket: Ticket) -> dict[str, Any]:
        """The ticket's row, but for what its opening alone says."""
        rules = rules_on(ticket.opened_at.date(), self.versions)
        due = ticket.due_at(rules)
        same = (
            "follow_up_id", "tier", "opened_at", "phase_at", "legal_due_at", "first_answered_at", "is_reached", "is_solved",
            "is_promise_kept", "reopen_count", "complaint_count", "closed_at", "handler_id", "wake_at", "event_count", "changed_at",
        )  # fmt: skip
        return {name: getattr(ticket, name) for name in same} | {
            "measure_code": ticket.measure,
            "state_code": ticket.state,
            "team_code": ticket.team,
            "limit_seconds": ticket.clock.limit_seconds,
            "is_working_time": rules.calendars[ticket.clock.calendar_name].country is not None,
            "promised_at": ticket.clock.promised_at,
            "due_at": due,
            "left_seconds": None if due else round(ticket.clock.left(rules, ticket.changed_at).total_seconds()),
            "first_due_at": ticket.first.due_at(rules),
        }

    def _tell(self, ticket: Ticket, notices: Sequence[Notice]) -> None:
        rows = [
            {
                "notice_key": notice.key, "follow_up_id": ticket.follow_up_id, "kind_code": notice.kind, "team_code": ticket.team,
                "handler_id": ticket.handler_id, "due_at": notice.due_at, "noticed_at": notice.at,
            }
            for notice in notices
        ]  # fmt: skip
        told = set(self.connection.execute(PUT_NOTICE, rows).scalars()) if rows else set()
        for notice in {each.key: each for each in notices if each.key in told}.values():
            self.counts[notice.kind] = self.counts.get(notice.kind, 0) + 1

    def _ask_again(self, ticket: Ticket, event: Event) -> None:
        """An answered customer is asked whether it is solved now: a message like any other, under the contact rules."""
        values = {
            "follow_up_id": ticket.follow_up_id,
            "event_id": f"follow_up_answered:{ticket.follow_up_id}:{ticket.answer_count}",
            "kind": "follow_up_answered",
            "about_id": f"{ticket.follow_up_id}#{ticket.answer_count}",
            "at": event.at,
            "promised_at": None,
        }
        self.connection.execute(statement("followup", "put_news"), values)

    def _refuse(self, ticket: Ticket, event: Event, reason: str) -> None:
        values = {
            "event_key": event.key, "follow_up_id": ticket.follow_up_id, "event_code": event.code, "state_code": ticket.state,
            "reason_code": reason, "happened_at": event.at,
        }  # fmt: skip
        self.connection.execute(PUT_REFUSAL, values)
        self.counts["refused"] = self.counts.get("refused", 0) + 1

    def _is_known(self, key: str) -> bool:
        return any(self.connection.execute(query, {"key": key}).first() is not None for query in KNOWN)


def _facts(event: Event) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "handler_id": event.handler_id,
        "until": event.until.isoformat() if event.until else None,
        "limit_seconds": event.limit_seconds,
        "is_reached": event.is_reached,
        "is_solved": event.is_solved,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _event(row: Mapping[Any, Any]) -> Event:
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
        facts if row["event_code"] == "open" else None,
    )
