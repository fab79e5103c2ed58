"""Into the outbox: whatever is enqueued twice is there once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from mend.foundation.operations.statements import statement


@dataclass(frozen=True)
class NewMessage:
    """A message to be sent once. Instants carry a zone; `text` and `phone_number` (E.164) never get into a repr.

    Attributes:
        dedup_key: what makes it this message: a second one of the same key is not taken in.
        reply_until: until when an answer counts; the relay then gives the message an extension of its own. None: no
        answer expected.
        quiet_zones: every zone the customer may be in; the local time must be in [allowed_from, allowed_until)
        ('HH:MM') in each.
        is_promised: goes before others, and may use the account's reserved room.
    """

    dedup_key: str
    account_code: str
    purpose_code: str
    purpose_kind_code: str
    customer_id: str
    phone_number: str = field(repr=False)
    text: str = field(repr=False)
    sender_number: str
    not_before: dt.datetime
    valid_until: dt.datetime
    reply_until: dt.datetime | None = None
    quiet_zones: tuple[str, ...] = ()
    allowed_from: str | None = None
    allowed_until: str | None = None
    is_promised: bool = False
    campaign_code: str | None = None
    language_code: str | None = None
    questionnaire_code: str | None = None
    survey_id: str | None = None
    about_kind_code: str | None = None
    about_id: str | None = None


COLUMNS: Final = tuple(each.name for each in fields(NewMessage))


def enqueue(connection: Connection, messages: Iterable[NewMessage], at: dt.datetime) -> int:
    """Take the messages in, within the caller's transaction; those whose dedup_key is there already are left out.

    Set based (a COPY and one insert), so that a million rows take seconds. Ids follow the keys' order: the same in
    every run. Returns how many are new.
    """
    messages = list(messages)  # whoever makes them may ask the same connection, which cannot answer during a COPY
    connection.execute(statement("care/sms", "staging"))
    connection.execute(text("truncate sms_staging"))  # of an earlier call in this transaction
    _copy(connection, messages)
    return connection.execute(statement("care/sms", "enqueue"), {"at": at}).rowcount


def withdraw(connection: Connection, keys: Iterable[str], at: dt.datetime) -> set[str]:
    """Let messages that wait not be sent, by their dedup_keys: nobody stands behind them any more. Returns those that
    were stopped; what is sent, or is being sent at this moment, is not among them.
    """
    return set(connection.execute(statement("care/sms", "withdraw"), {"keys": list(keys), "at": at}).scalars())


def sending_account(connection: Connection, wanted: str | None) -> tuple[str, str] | None:
    """Code and number of the account that sends: the wanted one (MEND_SMS_ACCOUNT), else the first; None: there is
    none.
    """
    found = connection.execute(statement("care/sms", "sending_account"), {"wanted": wanted}).first()
    return None if found is None else (found.account_code, found.sender_number)


def _copy(connection: Connection, messages: Iterable[NewMessage]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(f"copy sms_staging ({', '.join(COLUMNS)}) from stdin".encode()) as copy:
        for message in messages:
            copy.write_row(_values(message))


def _values(message: NewMessage) -> list[Any]:
    values = [getattr(message, name) for name in COLUMNS]
    values[_ZONES] = Jsonb(list(message.quiet_zones))
    return values


_ZONES: Final = COLUMNS.index("quiet_zones")
