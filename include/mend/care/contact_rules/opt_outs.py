"""Who wants no messages, and who wants them again: entered at once, whoever hears it."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement

ROOM: Final = "care/contact_rules"


def opt_out(
    connection: Connection,
    phone_number: str,
    at: dt.datetime,
    source: Literal["reply", "agent", "import"],
    inbound_id: int | None = None,
) -> bool:
    """No more messages to this number, of whatever campaign, until the customer asks for them again. False when that
    was known.

    No confirmation goes out: the relay sends nothing to a number that has opted out, and the field allows one at most.
    """
    values = {"phone_number": phone_number, "opted_out_at": at, "source": source, "inbound_id": inbound_id}
    return bool(connection.execute(statement(ROOM, "opt_out"), values).rowcount)


def opt_in(
    connection: Connection, phone_number: str, at: dt.datetime, words: str, inbound_id: int, is_for_marketing: bool
) -> bool:
    """Lift the opt-out of a number; the message that asks for it is kept as the proof, with the opt-out it lifts. False
    where there is none that it lifts. Service messages may go again; marketing only where the words ask for it.
    """
    values = {
        "phone_number": phone_number,
        "inbound_id": inbound_id,
        "opted_in_at": at,
        "text": words,
        "is_for_marketing": is_for_marketing,
    }
    return connection.execute(statement(ROOM, "opt_in"), values).first() is not None
