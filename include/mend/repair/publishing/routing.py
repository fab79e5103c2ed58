"""What IVR and agent desktops ask: is this customer to be put through first, and what happened to them?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.prevention.playbooks import Chosen, pinned_playbooks
from mend.repair.publishing.lists import ROOM
from mend.repair.publishing.places import places
from mend.repair.strategies import fill


@dataclass(frozen=True)
class RoutingEntry:
    """A published strategy of a customer: label and playbook in words, their places filled; and the playbook of their
    case with its severity, None on a list that was published before there were any.
    """

    list_id: str
    strategy_code: str
    name_en: str
    name_zh: str
    is_priority: bool
    level: int
    label_en: str
    label_zh: str
    playbook_en: str
    playbook_zh: str
    valid_until: dt.date
    case: Chosen | None


def routing_of(connection: Connection, customer_id: str, day: dt.date) -> list[RoutingEntry]:
    """What is known of a customer on a day, priority first; of all ids of the person."""
    found = connection.execute(statement(ROOM, "routing_of"), {"customer_id": customer_id, "day": day})
    return [_entry(row) for row in found.mappings()]


def routing_of_number(connection: Connection, phone_number: str, day: dt.date) -> list[RoutingEntry]:
    """The same by the number that calls; nothing when two persons have it: what happened to one is not for another."""
    found = connection.execute(statement(ROOM, "customers_of_number"), {"phone_number": phone_number})
    customers = found.scalars().all()
    return routing_of(connection, customers[0], day) if len(customers) == 1 else []


def _entry(row: Mapping[Any, Any]) -> RoutingEntry:
    words = {
        f"playbook_{language}": fill(
            row[f"playbook_{language}"], places(row["month"], row[f"template_{language}"], row, language)
        )
        for language in ("en", "zh")
    }
    plain = {name: row[name] for name in RoutingEntry.__dataclass_fields__ if name != "case"}
    return RoutingEntry(**plain | words, case=_case(row))


def _case(row: Mapping[Any, Any]) -> Chosen | None:
    if row["playbook_code"] is None:
        return None
    pinned = pinned_playbooks(row["playbooks_text"])
    return Chosen(pinned.playbook(row["playbook_code"]), row["severity"])
