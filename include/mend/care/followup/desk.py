"""The desk: what a handler or a team has to do, and what they do with it. Each action is one or two events of the
machine, and the same click twice is once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, text

from mend.care.followup.errors import DeskError
from mend.care.followup.machine import TRANSITIONS
from mend.care.followup.matters import settle_matters
from mend.care.followup.rules import RuleSet
from mend.care.followup.states import AT_WORK, EventCode, State
from mend.care.followup.ticket import Event
from mend.care.followup.ticket_store import TicketStore
from mend.care.followup.work import masked
from mend.foundation.operations.statements import statement, statement_text

ROOM: Final = "care/followup"
SOON: Final = dt.timedelta(hours=2)
DONE: Final[tuple[State, ...]] = ("answered", "closed")
Action = Literal["take", "answer", "pause", "resume", "suspend", "escalate", "reopen"]
EVENT_OF: Final[Mapping[str, EventCode]] = {
    "answer": "answer",
    "pause": "pause",
    "resume": "resume",
    "suspend": "suspend",
    "escalate": "escalate",
    "reopen": "reopen",
}
OF_WHO_HAS_IT: Final = frozenset({"answer", "pause", "resume", "suspend", "escalate"})
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which tickets are asked for; what is None is not asked. `handler` "" asks for those that nobody has."""

    team: str | None = None
    handler: str | None = None
    is_answered: bool = False


@dataclass(frozen=True)
class Act:
    """What somebody does with a ticket that had so many events when they looked at it.

    Args:
        until: of a suspension: the promised moment.
        is_reached, is_solved: of an answer.
    """

    action: Action
    by: str
    at: dt.datetime
    seen: int
    until: dt.datetime | None = None
    is_reached: bool | None = None
    is_solved: bool | None = None


def read_work(connection: Connection, wanted: Wanted, size: int, skipped: int = 0) -> list[Row]:
    """Tickets, what is due first first. Numbers are masked."""
    values = {
        "team": wanted.team,
        "handler": wanted.handler or None,
        "is_nobodys": wanted.handler == "",
        "is_answered": wanted.is_answered,
        "states": list(DONE if wanted.is_answered else AT_WORK),
    }
    return _rows(connection, "desk_work", **values, size=size, skipped=skipped)


def read_people(connection: Connection, now: dt.datetime) -> list[Row]:
    """Teams and people with what they have to do."""
    return _rows(connection, "desk_people", now=now, soon=now + SOON)


def read_ticket(connection: Connection, follow_up_id: str) -> Row | None:
    """A ticket, with its number masked; None when there is none."""
    found = next(iter(_rows(connection, "desk_ticket", follow_up_id=follow_up_id)), None)
    return None if found is None else {**found, "phone_masked": masked(number_of(connection, follow_up_id))}


def read_history(connection: Connection, follow_up_id: str) -> list[Row]:
    """What happened to a ticket, in order."""
    return _rows(connection, "desk_events", follow_up_id=follow_up_id)


def taken_at(ticket: Row, history: Sequence[Row]) -> dt.datetime | None:
    """Since when whoever works on the ticket has it; None when nobody has begun."""
    who = ticket["handler_id"] if ticket["state_code"] != "open" else None
    given = [each["happened_at"] for each in history if who and each["facts"].get("handler_id") == who]
    after = [each["happened_at"] for each in history if each["facts"].get("handler_id") not in (who, None)]
    return next((each for each in given if not after or each > after[-1]), given[-1] if given else None)


def number_of(connection: Connection, follow_up_id: str) -> str | None:
    """The whole number to call for an open ticket. Whoever is shown it is to be on record first."""
    query = text(statement_text(ROOM, "desk_number").format(work=statement_text(ROOM, "work")))
    return connection.execute(query, {"follow_up_id": follow_up_id}).scalar()


def actions_of(ticket: Row, by: str) -> list[Action]:
    """What the person may do with the ticket as it stands: whoever has not got it takes it first."""
    state, is_mine = ticket["state_code"], ticket["handler_id"] == by
    possible: list[Action] = [] if (is_mine and state != "open") or (state, "assign") not in TRANSITIONS else ["take"]
    for action, event in EVENT_OF.items():
        may = is_mine or action not in OF_WHO_HAS_IT
        if may and (state, event) in TRANSITIONS and not (action == "escalate" and ticket["tier"] >= 3):
            possible.append(action)  # type: ignore[arg-type] # a key of EVENT_OF
    return possible


def act(connection: Connection, versions: Sequence[RuleSet], follow_up_id: str, done: Act) -> None:
    """Record an action. The same one, of the same look at the ticket, is there once.

    Raises DeskError: the ticket was changed since they looked, it is somebody else's, or the machine refuses.
    """
    with TicketStore(connection, versions) as store:
        history = store.history([follow_up_id]).get(follow_up_id, [])
        if not history:
            raise DeskError("no_ticket", f"there is no follow-up ticket {follow_up_id}")
        ticket = read_ticket_row(connection, follow_up_id)
        events = _events(follow_up_id, ticket, done)
        if any(event.key == events[-1].key for event in history):
            return
        if len(history) != done.seen:
            raise DeskError("changed", f"{follow_up_id} has changed meanwhile: look at it again")
        if done.action in OF_WHO_HAS_IT and ticket["handler_id"] != done.by:
            raise DeskError("not_yours", f"{follow_up_id} is not {done.by}'s: take it first")
        for event in events:
            if (reason := store.record(follow_up_id, event)) is not None:
                raise DeskError(reason, f"{follow_up_id}: {done.action} is refused: {reason}")
        settle_matters(store, done.at, [])


def read_ticket_row(connection: Connection, follow_up_id: str) -> Row:
    """The ticket's row, which is there."""
    return _rows(connection, "desk_ticket", follow_up_id=follow_up_id)[0]


def _events(follow_up_id: str, ticket: Row, done: Act) -> list[Event]:
    """The events of an action; the last one's key names the click."""
    key = f"desk:{follow_up_id}:{done.seen}:{done.action}:{done.by}"
    if done.action != "take":
        code = EVENT_OF[done.action]
        until = done.until if code == "suspend" else None
        given: dict[str, Any] = {"is_reached": done.is_reached, "is_solved": done.is_solved} if code == "answer" else {}
        return [Event(key, code, done.at, handler_id=done.by, until=until, **given)]
    begins = ticket["state_code"] == "open"
    assigned = Event(f"{key}:assign" if begins else key, "assign", done.at, handler_id=done.by)
    return [assigned, Event(key, "start", done.at, handler_id=done.by)] if begins else [assigned]


def _rows(connection: Connection, name: str, **values: object) -> list[Row]:
    return [dict(each) for each in connection.execute(statement(ROOM, name), values).mappings()]
