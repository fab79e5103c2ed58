"""What other rooms do with customers' messages: read them, and say what became of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement

Match: TypeAlias = Literal["extension", "only_open", "several", "none"]


@dataclass(frozen=True)
class InboundMessage:
    """A customer's message. Neither number nor text is in its repr."""

    inbound_id: int
    account_code: str
    phone_number: str = field(repr=False)
    to_number: str
    extension: str | None
    text: str = field(repr=False)
    received_at: dt.datetime
    match_code: Match
    message_id: int | None
    survey_id: str | None
    questionnaire_code: str | None
    purpose_code: str | None
    customer_id: str | None


def read_inbound(connection: Connection, limit: int = 1000) -> list[InboundMessage]:
    """New messages in the order they came, locked for the caller's transaction; those that another one handles are
    passed by.
    """
    return [
        InboundMessage(**row)
        for row in connection.execute(statement("care/sms", "read_inbound"), {"limit": limit}).mappings()
    ]


def mark_inbound(
    connection: Connection,
    inbound_id: int,
    state: Literal["matched", "unclear", "parked"],
    at: dt.datetime,
    survey_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Say what became of a message: its meaning is stored (matched), a person must look (unclear), or it cannot be read
    (parked).
    """
    values = {"inbound_id": inbound_id, "state": state, "survey_id": survey_id, "reason": reason, "at": at}
    connection.execute(statement("care/sms", "mark_inbound"), values)
