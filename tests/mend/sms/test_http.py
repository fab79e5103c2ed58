"""The HTTP transport against a gateway of a few lines: what is accepted, refused, never written or unknown; receipts and answers."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from tests.mend.sms import rows as r

from mend.home import Home
from mend.sms import relay_of
from mend.sms.errors import LinkError
from mend.sms.http.client import NoAnswerError, get
from mend.sms.relay import Relay

ACCEPTED, LATER, NO = b"HTTP/1.1 202 Accepted\r\n\r\n0: Accepted for delivery", b"HTTP/1.1 503 -\r\n\r\n", b"HTTP/1.1 403 -\r\n\r\n"


class Gateway:
    """Answers requests with the octets given, in turn; the last for all that follow. None: hangs up without a word."""

    def __init__(self, *answers: bytes | None) -> None:
        self._answers = list(answers)
        self.asked: list[dict[str, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(dict(parse_qsl(urlsplit(head.split(" ")[1]).query)))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        writer.write(answer or b"")
        await writer.drain()
        writer.close()


def beside(home: Home, gateway: Gateway, work: Callable[[Relay], Awaitable[None]]) -> None:
    async def go() -> None:
        server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
        url = f"http://mend:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}/send?listen=127.0.0.1:0"
        settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": url}
        relay = relay_of(Home.at(home.root, settings), "gateway", rules=r.quick_rules(link={"response_seconds": 1}))
        async with server, r.running(relay):
            await work(relay)

    asyncio.run(go())


def put(home: Home, count: int) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(number, at, account_code="gateway") for number in range(count)], at)


@pytest.mark.parametrize(
    ("answers", "state", "requests"),
    [
        ([ACCEPTED], ("submitted", None), 1),
        ([LATER, ACCEPTED], ("submitted", None), 2),
        ([NO], ("failed", "http_403"), 1),
        ([None], ("unknown", "no_answer"), 1),
        ([b"not HTTP at all"], ("unknown", "no_answer"), 1),
    ],
)
def test_what_the_gateway_says_decides(home: Home, answers: list[Any], state: tuple[str, str | None], requests: int) -> None:
    put(home, 1)
    gateway = Gateway(*answers)

    async def work(_: Relay) -> None:
        await r.until(r.all_in(home, state[0]))
        await asyncio.sleep(0.3)

    beside(home, gateway, work)
    assert r.states(home) == {state: 1}
    assert len(gateway.asked) == requests
    assert gateway.asked[0]["to"] == r.phone(0)
    assert gateway.asked[0]["coding"] == "2"


def test_receipts_and_answers_are_acknowledged_once_they_are_stored(home: Home) -> None:
    put(home, 2)
    gateway = Gateway(ACCEPTED)

    async def work(relay: Relay) -> None:
        await r.until(r.all_in(home, "submitted"))
        port = relay.transport.port  # type: ignore[union-attr]
        receipts = [urlsplit(asked["dlr-url"]) for asked in gateway.asked]
        for receipt, kind in zip(receipts, ("1", "2"), strict=True):
            fields = dict(parse_qsl(receipt.query.replace("%d", kind)))
            assert (await get("127.0.0.1", port, receipt.path, fields, 5))[0] == 200
        answer = {"from": r.phone(0), "to": "1008601", "text": "没解决".encode("utf-16-be"), "charset": "UTF-16BE"}
        assert (await get("127.0.0.1", port, "/inbound", answer, 5))[0] == 200
        assert r.rows(home, "select text, survey_id from sms_inbound") == [("没解决", "S0")]
        assert (await get("127.0.0.1", port, "/elsewhere", {}, 5))[0] == 404
        assert (await get("127.0.0.1", port, "/inbound", {"text": "from nobody"}, 5))[0] == 200  # parked: it would come again for ever

    beside(home, gateway, work)
    assert sorted(r.states(home)) == [("delivered", "receipt"), ("undelivered", None)]
    assert r.rows(home, "select state_code from sms_inbound order by inbound_id") == [("new",), ("parked",)]


def test_a_gateway_that_is_not_there_was_never_written_to() -> None:
    with pytest.raises(LinkError):
        asyncio.run(get("127.0.0.1", 1, "/", {}, 2))


def test_a_gateway_that_says_nothing_may_have_heard_us() -> None:
    async def go() -> None:
        over = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()
            over.set()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            with pytest.raises(NoAnswerError):
                await get("127.0.0.1", server.sockets[0].getsockname()[1], "/", {}, 0.2)
            await over.wait()

    asyncio.run(go())
