"""The book of tickets: events are written once, the ticket's row follows from them. Works in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from sqlalchemy import ARRAY, Connection, Text, any_, bindparam, select, text, union
from sqlalchemy.dialects.postgresql import insert

from mend.followup.automatic import Notice, event_notice, limit_notices, next_event
from mend.followup.desk import Desk, Filed
from mend.followup.machine import reason_to_refuse
from mend.followup.rules import RuleSet, rules_on
from mend.followup.ticket import Event, Ticket, applied, folded, opened
from mend.models import statement
from mend.operations.tables import METADATA

TICKET: Final = METADATA.tables["follow_up_ticket"]
EVENT: Final = METADATA.tables["follow_up_event"]
REFUSAL: Final = METADATA.tables["follow_up_refusal"]
NEWS: Final = METADATA.tables["service_event"]
KEYS: Final = ARRAY(Text)
KEYED: Final = (EVENT, REFUSAL)
# Made once: to make a statement of the library's takes longer than to run it.
PUT_EVENT: Final = insert(EVENT)
PUT_TICKET: Final = insert(TICKET)
CHANGE_TICKET: Final = TICKET.update().where(TICKET.c.follow_up_id == bindparam("changed_id"))
PUT_REFUSAL: Final = insert(REFUSAL).on_conflict_do_nothing()
HISTORY: Final = (
    select(EVENT)
    .where(EVENT.c.follow_up_id == any_(bindparam("follow_up_ids", type_=KEYS)))
    .order_by(EVENT.c.follow_up_id, EVENT.c.event_number)
)
KNOWN: Final = union(*(select(table.c.event_key).where(table.c.event_key == any_(bindparam("keys", type_=KEYS))) for table in KEYED))
# One process at a time writes tickets: an event and what follows from it stay together.
BOOK_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('follow-up book'))")
ASKED_AGAIN: Final = ("complex_question", "second_follow_up", "suspended_complaint")


@dataclass
class Book:
    """Writes events of tickets. Open it inside a transaction: it takes the book's lock, and writes at its end what was recorded.

    Until then it answers from memory: thousands of tickets are a few dozen statements.
    """

    connection: Connection
    versions: Sequence[RuleSet]
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.execute(BOOK_LOCK)
        self.desk = Desk(self.connection)
        self._histories: dict[str, list[Event]] = {}
        self._is_key_known: dict[str, bool] = {}
        self._events: list[dict[str, Any]] = []
        self._tickets: dict[str, Ticket] = {}
        self._opened: dict[str, dict[str, Any]] = {}  # what their openings alone say
        self._notices: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self.flush()

    def expect(self, follow_up_ids: Sequence[str], keys: Sequence[str], customer_ids: Sequence[str]) -> None:
        """Read at once what a block of events will ask for."""
        self.history(follow_up_ids)
        self.desk.know_customers(customer_ids)
        self._ask_for_keys(keys)

    def flush(self) -> None:
        """Write what was recorded so far."""
        rows = {follow_up_id: self.row(ticket) for follow_up_id, ticket in self._tickets.items()}
        opened_now = [rows.pop(follow_up_id) | about for follow_up_id, about in self._opened.items()]
        changed = [row | {"changed_id": follow_up_id} for follow_up_id, row in rows.items()]
        for query, values in ((PUT_TICKET, opened_now), (CHANGE_TICKET, changed), (PUT_EVENT, self._events)):
            if values:
                self.connection.execute(query, values)
        if self._notices:
            columns = {name: [row[name] for row in self._notices.values()] for name in next(iter(self._notices.values()))}
            for kind in self.connection.execute(statement("followup", "put_notices"), columns).scalars():
                self.counts[kind] = self.counts.get(kind, 0) + 1
        self._events, self._tickets, self._opened, self._notices = [], {}, {}, {}

    def record(self, follow_up_id: str, event: Event) -> str | None:
        """Write an event and what follows from it. Returns why it was refused, None when it is written (now or before)."""
        if self._is_known(event.key):
            return None
        history = self.history([follow_up_id]).get(follow_up_id, [])
        if history:
            self.desk.know_tickets([follow_up_id])
        else:
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
        if missing := [name for name in dict.fromkeys(follow_up_ids) if name not in self._histories]:
            self._histories |= {name: [] for name in missing}
            for row in self.connection.execute(HISTORY, {"follow_up_ids": missing}).mappings():
                self._histories[row["follow_up_id"]].append(_event(row))
        return {name: list(events) for name in follow_up_ids if (events := self._histories[name])}

    def _happened(self, ticket: Ticket, event: Event, rules: RuleSet) -> Ticket:
        self._write(ticket, event, {})
        if (notice := event_notice(ticket, event, rules)) is not None:
            self._tell(ticket, [notice])
        if event.code == "answer" and ticket.measure in ASKED_AGAIN:
            self._ask_again(ticket, event)
        return self.staff(ticket, event.at, rules) if ticket.handler_id is None and not ticket.is_answered else ticket

    def staff(self, ticket: Ticket, at: dt.datetime, rules: RuleSet) -> Ticket:
        """Give the ticket to the handler who had the customer's matter before, else to the one with the least to do."""
        handler = self.desk.handler_for(ticket.follow_up_id, ticket.tier, ticket.team)
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
        self._events.append(row)
        self._is_key_known[event.key] = True
        self._histories.setdefault(ticket.follow_up_id, []).append(event)
        self.counts[event.code] = self.counts.get(event.code, 0) + 1
        self._tickets[ticket.follow_up_id] = ticket
        if event.code == "open":
            names = ("customer_id", "about_kind_code", "about_id", "survey_id", "topic_code", "city_code")
            self._opened[ticket.follow_up_id] = {name: facts.get(name) for name in names}
            self.desk.know_customers([facts["customer_id"]])
            matter = facts["customer_id"], facts.get("topic_code"), facts["about_id"]
        else:
            filed = self.desk.filed(ticket.follow_up_id)
            matter = filed.customer_id, filed.topic_code, filed.about_id
        self.desk.file(Filed(ticket.follow_up_id, *matter, ticket.state, ticket.opened_at, ticket.changed_at, ticket.handler_id))

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
            "is_working_time": not rules.calendars[ticket.clock.calendar_name].is_always,
            "promised_at": ticket.clock.promised_at,
            "due_at": due,
            "left_seconds": None if due else round(ticket.clock.left(rules, ticket.changed_at).total_seconds()),
            "first_due_at": ticket.first.due_at(rules),
        }

    def _tell(self, ticket: Ticket, notices: Sequence[Notice]) -> None:
        for notice in notices:
            row = {
                "notice_key": notice.key, "follow_up_id": ticket.follow_up_id, "kind_code": notice.kind, "team_code": ticket.team,
                "handler_id": ticket.handler_id, "due_at": notice.due_at, "noticed_at": notice.at,
            }  # fmt: skip
            self._notices.setdefault(notice.key, row)

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
        self.flush()  # the news is about the ticket's row
        self.connection.execute(statement("followup", "put_news"), values)

    def _refuse(self, ticket: Ticket, event: Event, reason: str) -> None:
        values = {
            "event_key": event.key, "follow_up_id": ticket.follow_up_id, "event_code": event.code, "state_code": ticket.state,
            "reason_code": reason, "happened_at": event.at,
        }  # fmt: skip
        self.connection.execute(PUT_REFUSAL, values)
        self._is_key_known[event.key] = True
        self.counts["refused"] = self.counts.get("refused", 0) + 1

    def _is_known(self, key: str) -> bool:
        self._ask_for_keys([key])
        return self._is_key_known[key]

    def _ask_for_keys(self, keys: Sequence[str]) -> None:
        """Which events were written or refused before."""
        if missing := [key for key in dict.fromkeys(keys) if key not in self._is_key_known]:
            found = set(self.connection.execute(KNOWN, {"keys": missing}).scalars())
            self._is_key_known |= {key: key in found for key in missing}


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
