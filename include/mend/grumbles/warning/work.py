"""What people do with warnings: accept, note, done with a result, reassign. Events are only added.

Every step is looked at under a lock of the customer's warning: two at once are one after the other, and the same step
twice changes nothing. The lake is not read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.errors import CommandError
from mend.foundation.operations.statements import statement
from mend.foundation.schema import CODES

ROOM: Final = "grumbles/warning"
LONGEST: Final = 1000  # signs of a note
STATES: Final = tuple(CODES["warning_state"])
RESULTS: Final = tuple(CODES["warning_result"])
Row = Mapping[str, Any]


class WarningWorkError(CommandError):
    """A step on a warning that cannot be taken; the message says why and what would. `code` names the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Wanted:
    """Which warnings are asked for; what is None is not asked."""

    department: str | None = None
    owner: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Recorded:
    """Who acts, when, and through what."""

    by: str
    at: dt.datetime
    through: str


def read_warnings(connection: Connection, wanted: Wanted, size: int, skipped: int = 0) -> list[Row]:
    """The warnings of the latest list with what people did, the first to call first."""
    values = {"department": wanted.department, "owner": wanted.owner, "state": wanted.state, "customer": None}
    return _rows(connection, "warnings_to_work_on", **values, size=size, skipped=skipped)


def read_warning(connection: Connection, customer: str) -> Row | None:
    """The customer's warning, also when the latest list has it no more; None when there is none."""
    nothing = dict.fromkeys(("department", "owner", "state"))
    return next(iter(_rows(connection, "warnings_to_work_on", **nothing, customer=customer, size=1, skipped=0)), None)


def read_events(connection: Connection, customer: str, first_warned_on: dt.date) -> list[Row]:
    """What people did with a warning, in order."""
    return _rows(connection, "warning_events", customer=customer, first_warned_on=first_warned_on)


def read_people(connection: Connection) -> list[Row]:
    """Departments and people of the latest list, with what they have to do."""
    return _rows(connection, "warning_people")


def read_lines(connection: Connection) -> list[Row]:
    """Where each department's line stands, and why."""
    return _rows(connection, "warning_lines")


def read_levels(connection: Connection, department: str | None) -> list[Row]:
    """The open grumbles of the latest night by level."""
    return _rows(connection, "warning_levels", department=department)


def read_types(connection: Connection, department: str | None) -> list[Row]:
    """The same by grumble point."""
    return _rows(connection, "warning_types", department=department)


def seen_of(events: Sequence[Row]) -> int:
    """How many steps were taken: notes are none, they change nothing that another step hangs on."""
    return sum(each["event_code"] != "noted" for each in events)


def taken_at(warning: Row, events: Sequence[Row]) -> dt.datetime | None:
    """Since when whoever accepted the warning has it; None when nobody did."""
    accepted = [each["happened_at"] for each in events if each["event_code"] == "accepted"]
    return accepted[-1] if warning["state_code"] == "accepted" and accepted else None


def accept(connection: Connection, customer: str, who: Recorded, seen: int) -> None:
    """Take a warning, or take it over from whoever had it when it was looked at: it is theirs from then on.

    Args:
        seen: how many steps there were then (`seen_of`).
    """
    warning = _locked(connection, customer)
    if warning["state_code"] == "accepted" and warning["worked_by"] == who.by:
        return
    _require_not_done(warning)
    _require_seen(connection, warning, seen)
    _put(connection, warning, "accepted", who, owner=who.by)


def note(connection: Connection, customer: str, text: str, who: Recorded) -> None:
    """Put words on record. The same words of the same person are there once."""
    warning, words = _locked(connection, customer), _words(text, needed=True)
    known = {(each["note_text"], each["recorded_by"]) for each in _events(connection, warning)}
    if (words, who.by) not in known:
        _put(connection, warning, "noted", who, note=words)


def finish(connection: Connection, customer: str, result: str, text: str, who: Recorded, seen: int) -> None:
    """Say what came of it. What another accepted is taken over first."""
    warning, words = _locked(connection, customer), _words(text, needed=False)
    if result not in RESULTS:
        raise WarningWorkError("no_result", f"a result is one of {', '.join(RESULTS)}, not {result!r}")
    if warning["state_code"] == "done" and warning["result_code"] == result:
        return
    _require_seen(connection, warning, seen)
    if warning["state_code"] == "accepted" and warning["worked_by"] != who.by:
        raise WarningWorkError("not_yours", f"{warning['worked_by']} has the warning of {customer}: take it over first")
    _put(connection, warning, "done", who, result=result, note=words)


def reassign(
    connection: Connection, customer: str, owner: str, text: str, who: Recorded, people: Collection[str], seen: int
) -> None:
    """Give a warning to another of the people who may have it; a reason goes with it."""
    warning = _locked(connection, customer)
    if owner not in people:
        raise WarningWorkError("no_such_person", f"{owner!r} takes no warnings; those who do: {', '.join(people)}")
    if warning["worked_by"] == owner:
        return
    _require_not_done(warning)
    _require_seen(connection, warning, seen)
    _put(connection, warning, "reassigned", who, owner=owner, note=_words(text, needed=True))


def _locked(connection: Connection, customer: str) -> Row:
    connection.execute(statement(ROOM, "lock_warning"), {"customer": customer})
    found = read_warning(connection, customer)
    if found is None:
        raise WarningWorkError("no_warning", f"{customer} has no warning; the list names those who have one")
    return found


def _require_not_done(warning: Row) -> None:
    if warning["state_code"] == "done":
        raise WarningWorkError("is_done", f"the warning of {warning['customer_id']} is done already")


def _require_seen(connection: Connection, warning: Row, seen: int) -> None:
    """A step is decided on what was seen: two at once never lose one of them."""
    if seen_of(_events(connection, warning)) != seen:
        raise WarningWorkError("changed", f"the warning of {warning['customer_id']} has changed: look at it again")


def _words(text: str, needed: bool) -> str | None:
    words = text.strip()
    if needed and not words:
        raise WarningWorkError("no_words", "say it in words")
    if len(words) > LONGEST:
        raise WarningWorkError("too_long", f"the text has {len(words)} signs, over {LONGEST}; say it shorter")
    return words or None


def _events(connection: Connection, warning: Row) -> list[Row]:
    return read_events(connection, warning["customer_id"], warning["first_warned_on"])


def _put(
    connection: Connection, warning: Row, event: str, who: Recorded,
    owner: str | None = None, result: str | None = None, note: str | None = None,
) -> None:  # fmt: skip
    values = {
        "customer": warning["customer_id"],
        "first_warned_on": warning["first_warned_on"],
        "event": event,
        "owner": owner,
        "result": result,
        "note": note,
        "at": who.at,
        "by": who.by,
        "through": who.through,
    }
    connection.execute(statement(ROOM, "put_warning_event"), values)


def _rows(connection: Connection, name: str, **values: object) -> list[Row]:
    return [dict(each) for each in connection.execute(statement(ROOM, name), values).mappings()]
