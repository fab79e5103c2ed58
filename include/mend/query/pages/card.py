"""The card of an agent's desktop: who calls, what happened to them, what to say. Nothing on it is a number or a text of
theirs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.query.pages.reading import Rows, row, rows
from mend.query.pages.story import Month, Words, person_of, read_month, read_words

SHOWN: Final = 5


@dataclass(frozen=True)
class Card:
    """What an agent sees when a customer calls. `latest` is None when nothing is on record."""

    customer_id: str
    is_known: bool
    latest: Mapping[str, Any] | None
    month: Month | None
    words: Words
    labels: Rows
    warning: Mapping[str, Any] | None
    follow_ups: Rows

    @property
    def happened(self) -> Rows:
        """The latest damage, most recent first; what a cap took off is no event."""
        entries = self.month.lists["entries"] if self.month else []
        return [each for each in reversed(entries) if each["kind"] == "debit"][:SHOWN]


def read_card(connection: Connection, customer: str, today: dt.date) -> Card:
    """The customer's card on a day."""
    person = person_of(connection, customer)
    months = rows(connection, "months_of_customer", customer=person)
    latest = months[0] if months else None
    month = read_month(connection, person, str(latest["month"])) if latest else None
    warning = row(connection, "warning_now", customer=person)
    follow_ups = rows(connection, "follow_ups_of_customer", customer=person)
    return Card(
        person,
        latest is not None or row(connection, "address", customer=person) is not None,
        latest,
        month,
        read_words(connection, month, warning),
        rows(connection, "labels_now", customer=person, today=today),
        warning if warning and warning["is_listed"] else None,
        [each for each in follow_ups if each["state_code"] != "closed"],
    )
