"""Which playbook a ticket, a call label or a warning carries, as it stands in the operations database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.prevention.playbooks.errors import GrantError
from mend.prevention.playbooks.playbook import Chosen, PlaybookSet
from mend.prevention.playbooks.rules import pinned_playbooks, playbooks_on
from mend.prevention.playbooks.tickets import case_of_warning, playbook_of_ticket

ROOM: Final = "prevention/playbooks"


@dataclass(frozen=True)
class Found:
    """A case and its playbook, of the version that counts for it."""

    about_code: str
    about_id: str
    customer_id: str
    playbooks: PlaybookSet
    chosen: Chosen


def of_ticket(connection: Connection, follow_up_id: str, at: dt.datetime, versions: Sequence[PlaybookSet]) -> Found:
    """The playbook of a follow-up ticket as it stands at a moment.

    Raises GrantError when there is no such ticket.
    """
    values = {"follow_up_id": follow_up_id, "at": at}
    row = connection.execute(statement(ROOM, "ticket_case"), values).mappings().first()
    if row is None:
        raise GrantError(f"there is no follow-up ticket {follow_up_id}; the work lists name them (follow_up_work)")
    playbooks = playbooks_on(row["opened_at"].date(), versions)
    chosen = playbook_of_ticket(row, row["is_past_limit"], versions)
    return Found("follow_up", follow_up_id, row["customer_id"], playbooks, chosen)


def of_customer(connection: Connection, customer_id: str, day: dt.date, versions: Sequence[PlaybookSet]) -> list[Found]:
    """The playbooks of a customer's call labels on a day, as they were pinned, and of their warning."""
    ids = ids_of_person(connection, customer_id)
    labels = connection.execute(statement(ROOM, "label_cases"), {"customer_ids": ids, "day": day}).mappings()
    found = []
    for row in labels:
        pinned = pinned_playbooks(row["playbooks_text"])
        chosen = Chosen(pinned.playbook(row["playbook_code"]), row["severity"])
        name = f"{row['list_id']} {row['strategy_code']}"
        found.append(Found("label", name, row["customer_id"], pinned, chosen))
    return found + _of_warning(connection, ids, day, versions)


def ids_of_person(connection: Connection, customer_id: str) -> list[str]:
    """All ids of the person who goes by this one."""
    return list(connection.execute(statement(ROOM, "ids_of_person"), {"customer_id": customer_id}).scalars())


def _of_warning(connection: Connection, ids: list[str], day: dt.date, versions: Sequence[PlaybookSet]) -> list[Found]:
    row = connection.execute(statement(ROOM, "warning_case"), {"customer_ids": ids, "day": day}).mappings().first()
    if row is None:
        return []
    playbooks = playbooks_on(row["last_warned_on"], versions)
    case = case_of_warning(row["level"], row["grumble_type_code"])
    return [Found("warning", row["grumble_id"], row["customer_id"], playbooks, playbooks.choose(case))]
