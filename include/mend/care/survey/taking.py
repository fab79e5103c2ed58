"""Who has a reply of the manual queue: taken up once, taken over in so many words, each on record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from mend.care.survey.errors import SurveyError, TakenError
from mend.foundation.operations.statements import statement

ROOM = "care/survey"


@dataclass(frozen=True)
class Taken:
    """Who has a reply since when. `take_id` says which look at it was the latest."""

    take_id: int
    taken_by: str
    taken_at: dt.datetime


def read_taken(connection: Connection, inbound_id: int) -> Taken | None:
    """Who has the reply; None when nobody took it up."""
    row = connection.execute(statement(ROOM, "reply_taken"), {"inbound_id": inbound_id}).first()
    return None if row is None else Taken(*row)


def take_reply(
    connection: Connection, inbound_id: int, who: str, at: dt.datetime, through: str, seen: int | None = None
) -> Taken:
    """Take up a reply that nobody has, or take it over from whoever had it when `seen` was looked at. Whoever has it
    already keeps it.

    Args:
        seen: the take that was shown; None: nobody had it.

    Raises:
        SurveyError: the reply does not wait for a person.
        TakenError: somebody else took it since it was looked at.
    """
    if connection.execute(statement(ROOM, "lock_reply"), {"inbound_id": inbound_id}).first() is None:
        raise SurveyError(f"reply {inbound_id} does not wait for a person")
    before = read_taken(connection, inbound_id)
    if before is not None and before.taken_by == who:
        return before
    if (before.take_id if before else None) != seen:
        raise TakenError(f"reply {inbound_id} was taken up by another since you looked: look at it again")
    values = {"inbound_id": inbound_id, "who": who, "before": before.taken_by if before else None}
    return Taken(*connection.execute(statement(ROOM, "put_take"), values | {"at": at, "through": through}).one())


def require_not_anothers(connection: Connection, inbound_id: int, who: str) -> None:
    """TakenError when somebody else has the reply. It stays so until the transaction ends."""
    connection.execute(statement(ROOM, "lock_reply"), {"inbound_id": inbound_id})
    taken = read_taken(connection, inbound_id)
    if taken is not None and taken.taken_by != who:
        raise TakenError(
            f"reply {inbound_id} is {taken.taken_by}'s since {taken.taken_at:%Y-%m-%d %H:%M %Z}: take it over first"
        )
