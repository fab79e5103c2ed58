"""Room under the caps and the day's budget: taken before a message is queued, given back when it was never tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from sqlalchemy import Connection, TextClause, text

from mend.care.contact_rules.reasons import ROOM, Terms, contact_query, place_numbers
from mend.foundation.operations.statements import statement, statement_text

# Whoever counts messages and adds to them holds this lock: without it two processes would each see room for one more.
CONTACT_LOCK: Final = text("select pg_advisory_xact_lock(hashtext('contact rules'))")


@dataclass(frozen=True)
class Reserved:
    """What became of a set of requests: how many may go, wait for the next batch, or may not go, by reason."""

    permitted: int = 0
    deferred: int = 0
    by_reason: dict[str, int] = field(default_factory=dict)


def lock(connection: Connection) -> None:
    """One transaction at a time decides on messages. Take it before you choose what to ask for."""
    connection.execute(CONTACT_LOCK)


def reserve(connection: Connection, terms: Terms) -> Reserved:
    """Decide on every request of contact_request, and take room for those that may go: caps and the day's budget.

    What was decided stands in the temporary table contact_decision: reason_codes, number, zones, language, not_before.
    Asked again for the same keys it takes no more room.
    """
    lock(connection)
    place_numbers(connection)
    connection.execute(text("analyze contact_request"))  # taken for a few rows, they are joined one by one
    connection.execute(statement(ROOM, "drop_decision"))
    connection.execute(_decide(), terms.values())
    connection.execute(text("analyze contact_decision"))
    connection.execute(statement(ROOM, "reserve"), {"batch": terms.batch})
    rows = connection.execute(statement(ROOM, "count_decisions")).all()
    by_reason: dict[str, int] = {}
    for reason, is_deferred, count in rows:
        if reason is not None and not is_deferred:
            by_reason[reason] = by_reason.get(reason, 0) + count
    permitted = sum(count for reason, _, count in rows if reason is None)
    return Reserved(permitted, sum(count for _, is_deferred, count in rows if is_deferred), by_reason)


def release_untried(connection: Connection) -> None:
    """Give back the room of messages that never went out and never will."""
    connection.execute(statement(ROOM, "release"))


@cache
def _decide() -> TextClause:
    return text(statement_text(ROOM, "decide").format(reasons=contact_query()))
