"""Messages, a relay and a message centre for tests: the real ones, over TCP, with short waits."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import text

from mend.care.sms import Guard, NewMessage, enqueue, relay_of, rules_on
from mend.care.sms.policy import AsksToStop
from mend.care.sms.relay import Clock, Relay, utc_now
from mend.care.sms.rules import Rules
from mend.care.sms.smsc import Centre, World
from mend.foundation import operations
from mend.foundation.home import Home

NOON = dt.datetime(2026, 5, 1, 4, 0, tzinfo=dt.UTC)  # 12:00 in Shanghai
QUICK = {
    "link": {
        "response_seconds": 2,
        "enquire_seconds": 5,
        "connect_seconds": 2,
        "reconnect_first_seconds": 0.02,
        "reconnect_most_seconds": 0.1,
    },
    "claim": {"same_number_seconds": 0, "poll_seconds": 0.02},
    "retry": {"first_seconds": 0.05, "most_seconds": 0.2},
}


def quick_rules(account: dict[str, Any] | None = None, **changes: dict[str, Any]) -> Rules:
    """The rules in force, with waits of a test and the changes given (section → its changes; `account` is main's)."""
    words = rules_on(NOON.date()).model_dump()
    for section in QUICK.keys() | changes.keys():
        words[section] |= QUICK.get(section, {}) | changes.get(section, {})
    words["accounts"]["main"] |= account or {}
    return Rules.model_validate(words)


def phone(number: int) -> str:
    """The number-th subscriber's."""
    return f"+86139{number:08d}"


def message(number: int, at: dt.datetime, **changes: Any) -> NewMessage:
    """A survey to the number-th subscriber, due at once and valid for a day."""
    words: dict[str, Any] = {
        "dedup_key": f"survey:{number}",
        "account_code": "main",
        "purpose_code": "survey",
        "purpose_kind_code": "service",
        "customer_id": f"C{number}",
        "phone_number": phone(number),
        "text": f"您的问题解决了吗？已解决回1，未解决回7。编号{number}",
        "sender_number": "10086",
        "not_before": at,
        "valid_until": at + dt.timedelta(days=1),
        "reply_until": at + dt.timedelta(days=3),
        "survey_id": f"S{number}",
    }
    return NewMessage(**words | changes)


def put(home: Home, messages: Iterable[NewMessage], at: dt.datetime) -> int:
    with operations.transaction(home.database_url) as connection:
        return enqueue(connection, messages, at)


def rows(home: Home, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


@contextmanager
def holding(home: Home, statement: str) -> Iterator[None]:
    """Hold what the statement locks while the block runs."""
    with operations.transaction(home.database_url) as connection:
        connection.execute(text(statement))
        yield


def states(home: Home) -> dict[tuple[str, str | None], int]:
    """How many messages are in each state, by reason."""
    found = rows(home, "select state_code, state_reason, count(*) from sms_outbox group by 1, 2 order by 1, 2")
    return {(state, reason): count for state, reason, count in found}


def relay_to(
    home: Home,
    port: int,
    rules: Rules | None = None,
    clock: Clock = utc_now,
    guards: tuple[Guard, ...] = (),
    asks_to_stop: AsksToStop | None = None,
    **settings: str,
) -> Relay:
    """A live relay of account main to the message centre on this port."""
    environment = {
        **home.settings,
        "MEND_SMS_MODE": "live",
        "MEND_SMS_URL_MAIN": f"smpp://mend:secret@127.0.0.1:{port}",
        **settings,
    }
    return relay_of(Home.at(home.root, environment), "main", guards, rules or quick_rules(), clock, asks_to_stop)


@asynccontextmanager
async def centre(world: World | None = None, **options: Any) -> AsyncIterator[tuple[Centre, int]]:
    """A message centre and its port."""
    opened = Centre(world or World(receipt_seconds=(0.01, 0.05)), **options)
    port = await opened.start()
    try:
        yield opened, port
    finally:
        await opened.stop()


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    """The relay at work while the block runs."""
    stopping = asyncio.Event()
    task = asyncio.create_task(relay.run(stopping))
    try:
        yield relay
    finally:
        stopping.set()
        await asyncio.wait_for(task, 20)


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for the condition; TimeoutError when it never holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def all_in(home: Home, *expected: str) -> Callable[[], bool]:
    """Whether every message is in one of these states."""
    return lambda: {state for state, _ in states(home)} <= set(expected)
