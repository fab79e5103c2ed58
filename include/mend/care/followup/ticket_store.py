"""The store of tickets: events are written once, the ticket's row follows from them. Works in the caller's
transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from sqlalchemy import ARRAY, Connection, Text, any_, bindparam, func, select, text, union
from sqlalchemy.dialects.postgresql import insert

from mend.care import service_events
from mend.care.followup.assignment import Assignment, Filed
from mend.care.followup.errors import FollowUpError
from mend.care.followup.folding import folded
from mend.care.followup.order import is_by_itself, is_of_old, may_open, place
from mend.care.followup.records import event_of_row, event_row, notice_row, refusal_row, ticket_row
from mend.care.followup.replaced import Replaced
from mend.care.followup.rules import RuleSet, rules_on
from mend.care.followup.story import HandlerOf, Refused, Story, begun, replayed
from mend.care.followup.ticket import Event, Ticket
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA

TICKET: Final = METADATA.tables["follow_up_ticket"]
EVENT: Final = METADATA.tables["follow_up_event"]
REFUSAL: Final = METADATA.tables["follow_up_refusal"]
NOTICE: Final = METADATA.tables["follow_up_notice"]
KEYS: Final = ARRAY(Text)
KEYED: Final = (EVENT, REFUSAL)
# Made once: to make a statement of the library's takes longer than to run it.
PUT_EVENT: Final = insert(EVENT)
PUT_TICKET: Final = insert(TICKET)
CHANGE_TICKET: Final = TICKET.update().where(TICKET.c.follow_up_id == bindparam("changed_id"))
PUT_REFUSAL: Final = insert(REFUSAL).on_conflict_do_nothing()
OF_TICKETS: Final = bindparam("follow_up_ids", type_=KEYS)
HISTORY: Final = (
    select(EVENT).where(EVENT.c.follow_up_id == any_(OF_TICKETS)).order_by(EVENT.c.follow_up_id, EVENT.c.event_number)
)
# What was refused may fit once something comes that happened before it. Rows of before migration 0006 do not say enough
# for that.
REFUSED: Final = select(REFUSAL).where(REFUSAL.c.follow_up_id == any_(OF_TICKETS), REFUSAL.c.facts.is_not(None))
NOTICED: Final = (
    select(NOTICE.c.follow_up_id, func.max(NOTICE.c.noticed_at))
    .where(NOTICE.c.follow_up_id == any_(OF_TICKETS), NOTICE.c.overtaken_by.is_(None))
    .group_by(NOTICE.c.follow_up_id)
)
KNOWN: Final = union(
    *(select(table.c.event_key).where(table.c.event_key == any_(bindparam("keys", type_=KEYS))) for table in KEYED)
)
# One process at a time writes tickets: an event and what follows from it stay together.
STORE_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('follow-up tickets'))")
ASKED_AGAIN: Final = ("complex_question", "second_follow_up", "suspended_complaint")
OF_OPENING: Final = ("customer_id", "about_kind_code", "about_id", "survey_id", "topic_code", "city_code")


@dataclass
class TicketStore:
    """Writes events of tickets. Open it inside a transaction: it takes the store's lock, and writes at its end what was
    recorded.

    Until then it answers from memory: thousands of tickets are a few dozen statements.
    """

    connection: Connection
    versions: Sequence[RuleSet]
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection.execute(STORE_LOCK)
        self.assignment = Assignment(self.connection)
        self.changed_since: dict[
            str, dt.datetime
        ] = {}  # tickets opened or replayed here, and from when on they are another
        self._histories: dict[str, list[Event]] = {}
        self._refused_before: dict[str, list[Event]] = {}
        self._noticed_at: dict[str, dt.datetime] = {}
        self._is_key_known: dict[str, bool] = {}
        self._events: list[dict[str, Any]] = []
        self._refusals: list[dict[str, Any]] = []
        self._tickets: dict[str, Ticket] = {}
        self._opened: dict[str, dict[str, Any]] = {}  # what their openings alone say
        self._notices: dict[str, dict[str, Any]] = {}
        self._answers: list[tuple[Ticket, Event]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self.flush()

    def expect(self, follow_up_ids: Sequence[str], keys: Sequence[str], customer_ids: Sequence[str]) -> None:
        """Read at once what a block of events will ask for."""
        self.history(follow_up_ids)
        self.assignment.know_customers(customer_ids)
        self._ask_for_keys(keys)

    def flush(self) -> None:
        """Write what was recorded so far."""
        rows = {follow_up_id: self._row(ticket) for follow_up_id, ticket in self._tickets.items()}
        opened_now = [rows.pop(follow_up_id) | about for follow_up_id, about in self._opened.items()]
        changed = [row | {"changed_id": follow_up_id} for follow_up_id, row in rows.items()]
        written = (
            (PUT_TICKET, opened_now),
            (CHANGE_TICKET, changed),
            (PUT_EVENT, self._events),
            (PUT_REFUSAL, self._refusals),
        )
        for query, values in written:
            if values:
                self.connection.execute(query, values)
        if self._notices:
            columns = {
                name: [row[name] for row in self._notices.values()] for name in next(iter(self._notices.values()))
            }
            for kind in self.connection.execute(statement("care/followup", "put_notices"), columns).scalars():
                self._count(kind)
        for ticket, event in self._answers:  # the news is about the ticket's row
            self._ask_again(ticket, event)
        self._events, self._refusals, self._tickets, self._opened, self._notices, self._answers = [], [], {}, {}, {}, []

    def record(self, follow_up_id: str, event: Event) -> str | None:
        """Write an event and what follows from it, in the place at which it happened. Returns why it was refused, None
        when it is written (now or before)."""
        if self._is_known(event.key):
            return None
        history = self.history([follow_up_id]).get(follow_up_id, [])
        if not history:
            self._open(follow_up_id, event)
            return None
        self.assignment.know_tickets([follow_up_id])
        event = replace(event, code="complain") if may_open(event) else event
        if not self._comes_last(follow_up_id, event):
            return self.replay(follow_up_id, [*self._told(follow_up_id), event], event)
        story = self._resumed(follow_up_id)
        reason = story.take(event)
        self._write(story)
        return reason

    def catch_up(self, follow_up_id: str, until: dt.datetime) -> None:
        """Write what happened to a known ticket by itself until then, and what its people are told."""
        story = self._resumed(follow_up_id)
        story.catch_up(until)
        if story.ticket.handler_id is None and not story.ticket.is_answered:
            story.hand_over(max(until, story.ticket.changed_at))
        self._write(story)

    def replay(self, follow_up_id: str, told: Sequence[Event], late: Event) -> str | None:
        """Make a ticket again from what was told of it, since a late event changes what came after it. What no longer
        holds is kept, with the event that overtook it. Returns why the late event does not fit; None when it does.
        """
        self.flush()
        history = self._histories[follow_up_id]
        keys = {(event.code, event.at): event.key for event in history if is_of_old(follow_up_id, event)}
        looked_at = max(late.at, history[-1].at, self._noticed_at.get(follow_up_id, late.at))
        story = replayed(follow_up_id, told, self._rules_of, self._handler_as_before(follow_up_id), keys, looked_at)
        self._put_in_place(story, late)
        self._count("replayed")
        return next((refused.reason for refused in story.refused if refused.event.key == late.key), None)

    def without(self, follow_up_id: str, event: Event) -> None:
        """Take a told event out of a ticket: it turned out to be another ticket's."""
        self.connection.execute(REFUSAL.delete().where(REFUSAL.c.event_key == event.key))
        self.replay(follow_up_id, [each for each in self._told(follow_up_id) if each.key != event.key], event)
        self._is_key_known[event.key] = False

    def refile(self, follow_up_id: str, filed_at: dt.datetime, by: Event) -> None:
        """The matter was filed earlier than the opening knew: the legal clock runs from then."""
        told = self._told(follow_up_id)
        openings = [event.facts for event in told if event.facts is not None]
        if any(
            facts.get("filed_at") is None or dt.datetime.fromisoformat(facts["filed_at"]) > filed_at
            for facts in openings
        ):
            filed = {"filed_at": filed_at.isoformat()}
            refiled = [
                replace(event, facts=event.facts | filed) if event.facts is not None else event for event in told
            ]
            self.replay(follow_up_id, refiled, by)

    def history(self, follow_up_ids: Sequence[str]) -> dict[str, list[Event]]:
        """The events of tickets, in order."""
        if missing := [name for name in dict.fromkeys(follow_up_ids) if name not in self._histories]:
            self._histories |= {name: [] for name in missing}
            self._refused_before |= {name: [] for name in missing}
            values = {"follow_up_ids": missing}
            for row in self.connection.execute(HISTORY, values).mappings():
                self._histories[row["follow_up_id"]].append(event_of_row(row))
            for row in self.connection.execute(REFUSED, values).mappings():
                self._refused_before[row["follow_up_id"]].append(event_of_row(row))
            for name, noticed_at in self.connection.execute(NOTICED, values):
                self._noticed_at[name] = noticed_at
        return {name: list(events) for name in follow_up_ids if (events := self._histories[name])}

    def _told(self, follow_up_id: str) -> list[Event]:
        """What others told of a ticket: what fitted, and what did not fit so far."""
        events = [*self._histories[follow_up_id], *self._refused_before[follow_up_id]]
        return [event for event in events if not is_by_itself(follow_up_id, event)]

    def _comes_last(self, follow_up_id: str, event: Event) -> bool:
        """Whether nothing that happened, was refused or was said to people comes after the event."""
        latest = max(self._histories[follow_up_id][-1].at, self._noticed_at.get(follow_up_id, event.at))
        return event.at >= latest and place(event) > max(place(each) for each in self._told(follow_up_id))

    def _resumed(self, follow_up_id: str) -> Story:
        history = self._histories[follow_up_id]
        rules = self._rules_of(history[0].at)
        return Story(follow_up_id, rules, self._handler_of(follow_up_id), folded(follow_up_id, history, rules))

    def _open(self, follow_up_id: str, event: Event) -> None:
        if event.facts is None:
            raise FollowUpError(f"follow-up {follow_up_id} does not begin with an opening")
        matter = (
            self.assignment.person(event.facts["customer_id"]),
            event.facts.get("topic_code"),
            event.facts["about_id"],
        )
        self.assignment.file(Filed(follow_up_id, *matter, "open", event.at, event.at))
        self._opened[follow_up_id] = {name: event.facts.get(name) for name in OF_OPENING}
        self._write(begun(follow_up_id, event, self._rules_of(event.at), self._handler_of(follow_up_id)))
        self.changed_since[follow_up_id] = event.at

    def _write(self, story: Story) -> None:
        """Take down what a story added."""
        name = story.follow_up_id
        again = {event.key for event in self._refused_before.get(name, ())} & {
            happened.event.key for happened in story.events
        }
        if again:  # what was not due any more is due again
            self.connection.execute(REFUSAL.delete().where(REFUSAL.c.event_key.in_(again)))
        for happened in story.events:
            self._events.append(event_row(name, happened.event, happened.ticket.event_count))
            self._is_key_known[happened.event.key] = True
            self._histories.setdefault(name, []).append(happened.event)
            self._count(happened.event.code)
            if happened.event.code == "answer" and happened.ticket.measure in ASKED_AGAIN:
                self._answers.append((happened.ticket, happened.event))
        for refused in story.refused:
            self._refuse(name, refused)
        for notice, ticket in story.notices.values():
            self._notices.setdefault(notice.key, notice_row(notice, ticket))
            self._noticed_at[name] = max(notice.at, self._noticed_at.get(name, notice.at))
        if story.events:
            self._tickets[name] = story.ticket
            self._file(story.ticket)
        if self._answers:
            self.flush()

    def _put_in_place(self, story: Story, late: Event) -> None:
        """Take down a replayed story in place of the ticket's history."""
        name = story.follow_up_id
        before = [*self._histories[name], *(event for event in self._refused_before[name] if is_by_itself(name, event))]
        replaced = Replaced(self.connection, story, late, {event.key: event for event in self._histories[name]})
        replaced.put_events()
        self._refused_before[name] = replaced.put_refusals(before)
        for kind in replaced.put_notices():
            self._count(kind)
        facts = story.events[0].event.facts or {}
        changed = self._row(story.ticket) | {column: facts.get(column) for column in OF_OPENING} | {"changed_id": name}
        self.connection.execute(CHANGE_TICKET, [changed])
        self._histories[name] = [happened.event for happened in story.events]
        self._noticed_at[name] = max(
            (notice.at for notice, _ in story.notices.values()), default=story.ticket.opened_at
        )
        self._is_key_known |= dict.fromkeys(story.keys_told, True)
        self.changed_since[name] = min(late.at, self.changed_since.get(name, late.at))
        self._file(story.ticket)
        answered = [happened for happened in story.events if happened.event.code == "answer"]
        if answered and story.ticket.state == "answered" and story.ticket.measure in ASKED_AGAIN:
            self._ask_again(answered[-1].ticket, answered[-1].event)
        if late.key in {refused.event.key for refused in story.refused}:
            self._count("refused")

    def _ask_again(self, ticket: Ticket, event: Event) -> None:
        """An answered customer is asked whether it is solved now: a message like any other, under the contact rules.
        Nobody is asked who was asked about a later answer already."""
        values = {"follow_up_id": ticket.follow_up_id, "answer_count": ticket.answer_count, "at": event.at}
        events = self.connection.execute(statement("care/followup", "news"), values).mappings().all()
        service_events.record(self.connection, events, "follow_up", event.at)

    def _handler_of(self, follow_up_id: str) -> HandlerOf:
        return lambda ticket: self.assignment.handler_for(follow_up_id, ticket.tier, ticket.team)

    def _handler_as_before(self, follow_up_id: str) -> HandlerOf:
        """Who had the ticket at a tier keeps it: work that was given out is not given to another because news came
        late.
        """
        history = self._histories[follow_up_id]
        rules, chosen = self._rules_of(history[0].at), self._handler_of(follow_up_id)
        given = {
            folded(follow_up_id, history[:number], rules).tier: event.handler_id
            for number, event in enumerate(history, 1)
            if event.code == "assign" and is_by_itself(follow_up_id, event)
        }
        return lambda ticket: given.get(ticket.tier) or chosen(ticket)

    def _file(self, ticket: Ticket) -> None:
        known = self.assignment.filed(ticket.follow_up_id)
        self.assignment.file(
            replace(
                known, state=ticket.state, opened_at=ticket.opened_at, changed_at=ticket.changed_at,
                handler_id=ticket.handler_id
            )
        )  # fmt: skip

    def _refuse(self, follow_up_id: str, refused: Refused) -> None:
        self._refusals.append(refusal_row(follow_up_id, refused, None))
        self._refused_before[follow_up_id].append(refused.event)
        self._is_key_known[refused.event.key] = True
        self._count("refused")

    def _row(self, ticket: Ticket) -> dict[str, Any]:
        return ticket_row(ticket, self._rules_of(ticket.opened_at))

    def _rules_of(self, opened_at: dt.datetime) -> RuleSet:
        return rules_on(opened_at.date(), self.versions)

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def _is_known(self, key: str) -> bool:
        self._ask_for_keys([key])
        return self._is_key_known[key]

    def _ask_for_keys(self, keys: Iterable[str]) -> None:
        """Which events were written or refused before."""
        if missing := [key for key in dict.fromkeys(keys) if key not in self._is_key_known]:
            found = set(self.connection.execute(KNOWN, {"keys": missing}).scalars())
            self._is_key_known |= {key: key in found for key in missing}
