"""Who takes a ticket, and which ticket a customer's matter belongs to: read once, then kept in step with what the store
writes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, TextClause, text

from mend.care.followup.states import State
from mend.foundation.operations.statements import statement

PERSONS: Final = text(
    "select named.customer_id, coalesce(person_id, named.customer_id) from unnest(cast(:names as text[])) as named "
    "(customer_id) "
    "left join customer_person using (customer_id)"
)
HANDLERS: Final = text(
    "select handler_id, team_code, tier, topic_codes from follow_up_handler where is_active order by handler_id"
)


@dataclass(frozen=True)
class Filed:
    """What the assignment knows of a ticket; `customer_id` names the person, who may have had other ids. A matter is a
    person's tickets on one topic (or on none)."""

    follow_up_id: str
    customer_id: str
    topic_code: str | None
    about_id: str
    state: State
    opened_at: dt.datetime
    changed_at: dt.datetime
    handler_id: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state not in ("answered", "closed")

    @property
    def matter(self) -> tuple[str, str | None]:
        return self.customer_id, self.topic_code


@dataclass(frozen=True)
class _Handler:
    handler_id: str
    team: str
    tier: int
    topics: Collection[str] | None  # None: all


class Assignment:
    """Valid as long as nobody else writes tickets: within one transaction that holds the store's lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._filed: dict[str, Filed] = {}
        self._of_matter: dict[tuple[str, str | None], dict[str, Filed]] = {}
        self._persons: dict[str, str] = {}  # of every id whose tickets are known
        self._handlers: list[_Handler] | None = None
        self._load: Counter[str] | None = None

    def know_tickets(self, follow_up_ids: Iterable[str]) -> None:
        """Read these tickets and all others of their customers."""
        if unknown := sorted(set(follow_up_ids) - self._filed.keys()):
            self._read(statement("care/followup", "filed_with"), unknown)

    def know_customers(self, customer_ids: Iterable[str]) -> None:
        """Read all tickets of these customers, by whatever ids they had."""
        if unknown := sorted(set(customer_ids) - self._persons.keys()):
            self._persons |= {row[0]: row[1] for row in self._connection.execute(PERSONS, {"names": unknown})}
            self._read(statement("care/followup", "filed_of"), unknown)

    def person(self, customer_id: str) -> str:
        """The id by which a customer goes now; customers who are not known go by their own."""
        self.know_customers([customer_id])
        return self._persons[customer_id]

    def filed(self, follow_up_id: str) -> Filed:
        """A ticket that is known."""
        return self._filed[follow_up_id]

    def file(self, ticket: Filed) -> None:
        """A ticket as it is now."""
        load = self._to_do()
        for each, change in ((self._filed.get(ticket.follow_up_id), -1), (ticket, 1)):
            if each is not None and each.is_open and each.handler_id is not None:
                load[each.handler_id] += change
        self._keep(ticket)

    def handler_for(self, follow_up_id: str, tier: int, team: str) -> str | None:
        """Whoever had this customer's matter before, at this tier; else of its team who knows the topic and has least
        to do.
        """
        ticket = self._filed[follow_up_id]
        fitting = [
            each.handler_id
            for each in self._all_handlers()
            if (each.tier, each.team) == (tier, team) and _knows(each, ticket)
        ]
        had = [
            each
            for each in self._of_matter[ticket.matter].values()
            if each.follow_up_id != follow_up_id and each.handler_id in fitting
        ]
        if had:
            latest = max(each.changed_at for each in had)
            known = {each.handler_id for each in had if each.changed_at == latest}
            fitting = [handler_id for handler_id in fitting if handler_id in known]
        load = self._to_do()
        return min(fitting, key=lambda handler_id: load[handler_id], default=None)  # of equals the first by name

    def tickets_of_matter(self, customer_id: str, topic_code: str | None) -> list[Filed]:
        """The tickets of the customer, by whatever id, on a topic."""
        self.know_customers([customer_id])
        return list(self._of_matter.get((self._persons[customer_id], topic_code), {}).values())

    def _all_handlers(self) -> list[_Handler]:
        if self._handlers is None:
            rows = self._connection.execute(HANDLERS).all()
            self._handlers = [
                _Handler(name, team, tier, None if topics is None else topics.split(","))
                for name, team, tier, topics in rows
            ]
        return self._handlers

    def _to_do(self) -> Counter[str]:
        """Open tickets by handler. Counted before the first change, and kept."""
        if self._load is None:
            self._load = Counter()
            for handler_id, count in self._connection.execute(statement("care/followup", "load")):
                self._load[handler_id] = count
        return self._load

    def _read(self, query: TextClause, names: list[str]) -> None:
        for row in self._connection.execute(query, {"names": names}):
            if row[0] not in self._filed:
                self._keep(Filed(*row))

    def _keep(self, ticket: Filed) -> None:
        self._persons.setdefault(ticket.customer_id, ticket.customer_id)
        before = self._filed.get(ticket.follow_up_id)
        if before is not None and before.matter != ticket.matter:
            self._of_matter[before.matter].pop(ticket.follow_up_id, None)
        self._filed[ticket.follow_up_id] = ticket
        self._of_matter.setdefault(ticket.matter, {})[ticket.follow_up_id] = ticket


def _knows(handler: _Handler, ticket: Filed) -> bool:
    return handler.topics is None or ticket.topic_code in handler.topics
