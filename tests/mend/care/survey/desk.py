"""A small desk for tests of surveys: events, customers and messages put in as a person would write them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from mend.foundation import operations
from mend.foundation.home import Home

CHINA = ZoneInfo("Asia/Shanghai")
PHONE = "+8613800000001"


def moment(words: str) -> dt.datetime:
    """'2026-05-11 10:00' in China."""
    return dt.datetime.fromisoformat(words).replace(tzinfo=CHINA)


def run(home: Home, statement: str, **values: Any) -> None:
    """Run a statement, in a transaction of its own."""
    with operations.transaction(home.database_url) as connection:
        connection.execute(text(statement), values)


def put(home: Home, statements: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Run statements in one transaction."""
    with operations.transaction(home.database_url) as connection:
        for statement, values in statements:
            connection.execute(text(statement), values)


def rows(home: Home, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def open_account(home: Home) -> None:
    run(
        home,
        "insert into sms_account (account_code, transport_code, sender_number, window_size, reserved_a_day) "
        "values ('main', 'smpp', '10086', 10, 0)",
    )


def customer(home: Home, customer_id: str, phone: str | None = PHONE, **columns: Any) -> None:
    """A customer who consents to everything, in China, unless said otherwise."""
    put(home, [customer_row(customer_id, phone, **columns)])


def customer_row(customer_id: str, phone: str | None = PHONE, **columns: Any) -> tuple[str, dict[str, Any]]:
    """The statement that puts a customer, with its values."""
    values = {
        "customer_id": customer_id, "phone_number": phone, "zones": "Asia/Shanghai", "language_code": "zh",
        "has_survey_consent": True,
        "has_marketing_consent": True, "is_active": True, "snapshot_on": "2026-05-01", **columns,
    }  # fmt: skip
    names = ", ".join(values)
    return f"insert into contact_address ({names}) values ({', '.join(f':{name}' for name in values)})", values


def event(event_id: str, customer_id: str, happened: str, kind: str = "contact_ended", **fields: Any) -> dict[str, Any]:
    return {
        "event_id": event_id, "kind_code": kind, "customer_id": customer_id, "about_kind_code": "contact",
        "about_id": event_id,
        "topic_code": "mobile_data", "outcome_code": "answered",
        "happened_at": f"{happened.replace(' ', 'T')}+08:00", **fields,
    }  # fmt: skip


def drop(home: Home, *events: Any, name: str = "a.jsonl") -> None:
    """Drop an event file."""
    folder = home.root / "events"
    folder.mkdir(exist_ok=True, parents=True)
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in events]
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")


def sent(home: Home, survey_id: str, at: dt.datetime, extension: str | None = "01") -> None:
    """The relay gave the survey's message to the message centre."""
    run(
        home,
        "update sms_outbox set state_code = 'submitted', submitting_at = :at, submitted_at = :at, attempts = 1, "
"extension = :extension "
        "where dedup_key = :key",
        key=survey_id, at=at, extension=extension,
    )  # fmt: skip


def reply(home: Home, words: str, at: dt.datetime, phone: str = PHONE, extension: str | None = "01") -> None:
    """A message from a customer arrived."""
    run(
        home,
        "insert into sms_inbound (account_code, phone_number, to_number, extension, text, received_at, digest, "
"state_code, match_code) "
        "values ('main', :phone, :to, :extension, :words, :at, md5(random()::text), 'new', 'none')",
        phone=phone, to=f"10086{extension or ''}", extension=extension, words=words, at=at,
    )  # fmt: skip
