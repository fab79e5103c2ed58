"""The HTTP transport against a gateway of a few lines: what is accepted, refused, never written or unknown; receipts
and answers.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from tests.mend.care.sms import rows as r

from mend.care.sms import relay_of
from mend.care.sms.errors import LinkError, SettingError
from mend.care.sms.http import server as door
from mend.care.sms.http.client import NoAnswerError, get
from mend.care.sms.relay import Relay
from mend.foundation.home import Home

ACCEPTED, LATER, NO = (
    b"HTTP/1.1 202 Accepted\r\n\r\n0: Accepted for delivery",
    b"HTTP/1.1 503 -\r\n\r\n",
    b"HTTP/1.1 403 -\r\n\r\n",
)


class Gateway:
    """Answers requests with the octets given, one after the other; the last for all that follow. None: hangs up."""

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


def beside(
    home: Home, gateway: Gateway, work: Callable[[Relay], Awaitable[None]], listen: str = "127.0.0.1:0", **more: str
) -> None:
    async def go() -> None:
        server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
        url = f"http://mend:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}/send?listen={listen}"
        settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": url, **more}
        relay = relay_of(Home.at(home.root, settings), "gateway", rules=r.quick_rules(link={"response_seconds": 1}))
        async with server, r.running(relay):
            await r.until(lambda: bool(relay.transport and relay.transport.port))  # type: ignore[attr-defined]
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
        (
            [b"HTTP/1.1 403 -\r\n\r\nNumber(s) has/have been denied by white- and/or black-lists."],
            ("failed", "http_403"),
            1,
        ),
        ([b"HTTP/1.1 403 -\r\n\r\nAuthorization failed for sendsms", ACCEPTED], ("submitted", None), 2),
        ([b"HTTP/1.1 401 -\r\n\r\n", ACCEPTED], ("submitted", None), 2),
        ([b"HTTP/1.1 404 -\r\n\r\n", ACCEPTED], ("submitted", None), 2),
        ([b"HTTP/1.1 302 -\r\n\r\n", ACCEPTED], ("submitted", None), 2),
        ([None], ("unknown", "no_answer"), 1),
        ([b"not HTTP at all"], ("unknown", "no_answer"), 1),
        ([b"HTTP/1.1"], ("unknown", "no_answer"), 1),
        ([b"HTTP/1.1 20\xb2 OK\r\n\r\n"], ("unknown", "no_answer"), 1),
        ([b"HTTP/1.1 502 -\r\n\r\n"], ("unknown", "http_502"), 1),  # a proxy that does not know either
        ([b"HTTP/1.1 202 Accepted\r\n\r\n" + b"x" * 300_000], ("submitted", None), 1),
    ],
)
def test_what_the_gateway_says_decides(
    home: Home, answers: list[Any], state: tuple[str, str | None], requests: int
) -> None:
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
        assert (await get("127.0.0.1", port, "/inbound", {"text": "from nobody"}, 5))[
            0
        ] == 200  # parked: it would come again for ever

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


SECRET = "0123456789abcdef"


async def say(relay: Relay, octets: bytes, *, rest: bool = True) -> bytes:
    """What the listener answers to these octets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", relay.transport.port)  # type: ignore[union-attr]
    writer.write(octets)
    if rest:
        writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer.split(b"\r\n")[0]


def inbound(words: str, **more: str) -> bytes:
    fields = {"from": r.phone(1), "to": "10086", "text": words} | more
    return f"GET /inbound?{urlencode(fields)} HTTP/1.1\r\n\r\n".encode()


def test_the_door_opens_to_the_secret_alone(home: Home) -> None:
    put(home, 1)
    gateway = Gateway(ACCEPTED)

    async def work(relay: Relay) -> None:
        await r.until(r.all_in(home, "submitted"))
        receipt = urlsplit(gateway.asked[0]["dlr-url"])
        given = dict(parse_qsl(receipt.query))
        port = relay.transport.port  # type: ignore[union-attr]
        for secret in (None, "", SECRET[:-1], SECRET + "x", "\0", "\xff" * 16):
            fields = {"id": given["id"], "type": "1"} | ({} if secret is None else {"secret": secret})
            assert (await get("127.0.0.1", port, "/receipt", fields, 5))[0] == 403
            assert b" 403 " in await say(
                relay, inbound("退订", **{name: value for name, value in fields.items() if name == "secret"})
            )
        assert r.states(home) == {("submitted", None): 1}
        assert r.rows(home, "select count(*) from sms_inbound") == [(0,)]
        assert (await get("127.0.0.1", port, receipt.path, given | {"type": "1"}, 5))[0] == 200
        assert b" 200 " in await say(relay, inbound("没解决", secret=SECRET))
        assert b" 200 " in await say(relay, f"GET /inbound?secret={SECRET}&text=x HTTP/1.1\r\n\r\n".encode())

    beside(home, gateway, work, "0.0.0.0:0", MEND_SMS_SECRET_GATEWAY=SECRET)
    assert r.states(home) == {("delivered", "receipt"): 1}
    # What is kept raw holds no secret.
    assert [
        SECRET.encode().hex() in (row[0] or "") for row in r.rows(home, "select raw from sms_inbound order by 1")
    ] == [False, False]


@pytest.mark.parametrize("listen", ["0.0.0.0:8088", ":8088", "[::]:8088", "192.168.1.1:8088", "relay.example.com:8088"])
def test_without_a_secret_it_listens_on_this_machine_alone(home: Home, listen: str) -> None:
    settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": f"http://a:b@h:1/?listen={listen}"}
    with pytest.raises(SettingError, match="MEND_SMS_SECRET_GATEWAY"):
        relay_of(Home.at(home.root, settings), "gateway")
    relay_of(Home.at(home.root, settings | {"MEND_SMS_SECRET_GATEWAY": SECRET}), "gateway")


@pytest.mark.parametrize("listen", ["127.0.0.1:8088", "localhost:8088", "[::1]:8088", "127.9.9.9:0"])
def test_this_machine_needs_no_secret(home: Home, listen: str) -> None:
    relay_of(
        Home.at(
            home.root,
            {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": f"http://a:b@h:1/?listen={listen}"},
        ),
        "gateway",
    )


@pytest.mark.parametrize("secret", ["short", "a b" * 10, "%2F" * 10, "秘密" * 10])
def test_a_secret_that_a_gateway_would_read_otherwise_is_refused_and_not_shown(home: Home, secret: str) -> None:
    settings = {
        **home.settings,
        "MEND_SMS_MODE": "live",
        "MEND_SMS_URL_GATEWAY": "http://a:b@h:1/",
        "MEND_SMS_SECRET_GATEWAY": secret,
    }
    with pytest.raises(SettingError, match="MEND_SMS_SECRET_GATEWAY") as refused:
        relay_of(Home.at(home.root, settings), "gateway")
    assert secret not in str(refused.value)


@pytest.mark.parametrize("listen", ["8088", "127.0.0.1:port", "127.0.0.1:99999", "127.0.0.1:٣"])
def test_a_listener_that_is_none_is_refused_before_anything_is_sent(home: Home, listen: str) -> None:
    settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": f"http://a:b@h:1/?listen={listen}"}
    with pytest.raises(SettingError, match="listen"):
        relay_of(Home.at(home.root, settings), "gateway")


def test_every_bad_request_has_its_answer_and_the_good_one_gets_through(home: Home) -> None:
    cases = [
        (b"POST /inbound HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"405"),
        (b"PUT /receipt HTTP/1.1\r\n\r\n" + b"x" * 2_000_000, b"405"),
        (b"HEAD /inbound HTTP/1.1\r\n\r\n", b"405"),
        (b"GET /inbound?text=" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"GET /inbound?" + b"a=1&" * 1000 + b" HTTP/1.1\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /elsewhere HTTP/1.1\r\n\r\n", b"404"),
        (b"\xff\xfe\0\r\n\r\n", b"405"),
        (b"GET /inbound HTTP/1.1\r\n\r\n", b"200"),  # parameters missing: parked, it would come again for ever
        (b"GET /receipt?id=gateway-1%00&type=1 HTTP/1.1\r\n\r\n", b"200"),
        (b"GET /receipt?id=" + b"9" * 5000 + b"&type=" + b"1" * 5000 + b" HTTP/1.1\r\n\r\n", b"200"),
        (inbound("x", charset="UTF-16LE"), b"200"),
        (inbound("好"), b"200"),
    ]

    async def work(relay: Relay) -> None:
        for octets, status in cases:
            assert status in await say(relay, octets), octets[:60]
        assert await say(relay, b"GET /inbound") == b""  # gone before the end

    beside(home, Gateway(ACCEPTED), work)
    assert r.rows(home, "select text from sms_inbound where state_code = 'new'") == [("好",)]
    assert r.rows(home, "select count(*) from sms_inbound where state_code = 'parked'") == [(4,)]


@pytest.mark.parametrize(
    ("charset", "coding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-16BE", "utf-16-be"),
        ("UTF-16LE", "utf-16-le"),
        ("GBK", "gbk"),
        ("", "utf-8"),
        ("utf_16", "utf-16-be"),
    ],
)
def test_a_text_is_read_in_the_character_set_that_the_gateway_names(home: Home, charset: str, coding: str) -> None:
    async def work(relay: Relay) -> None:
        words = {"from": r.phone(1), "to": "10086", "text": "没解决".encode(coding), "charset": charset}
        assert (await get("127.0.0.1", relay.transport.port, "/inbound", words, 5))[0] == 200  # type: ignore[union-attr]

    beside(home, Gateway(ACCEPTED), work)
    assert r.rows(home, "select text from sms_inbound") == [("没解决",)]


def test_slow_clients_do_not_keep_the_gateway_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than there is room for: the oldest goes. One that never ends its request is told so."""
    monkeypatch.setattr(door, "MOST_CONNECTIONS", 20)
    monkeypatch.setattr(door, "HEAD_SECONDS", 1.0)

    async def work(relay: Relay) -> None:
        port = relay.transport.port  # type: ignore[union-attr]
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(60)]
        for _, writer in slow:
            writer.write(b"GET /inbound?")
        assert b" 200 " in await say(relay, inbound("好"))
        assert b" 408 " in await say(relay, b"GET /inbound?", rest=False)
        for _, writer in slow:
            writer.close()

    beside(home, Gateway(ACCEPTED), work)


def test_a_flood_is_stored_in_rounds_and_sending_goes_on(home: Home) -> None:
    put(home, 20)
    gateway = Gateway(ACCEPTED)

    async def work(relay: Relay) -> None:
        limit = asyncio.Semaphore(50)

        async def one(number: int) -> bytes:
            async with limit:
                return await say(relay, inbound(f"好{number}"))

        answers = await asyncio.gather(*(one(number) for number in range(600)))
        assert {answer.split(b" ")[1] for answer in answers} == {b"200"}
        await r.until(r.all_in(home, "submitted", "delivered"))

    beside(home, gateway, work)
    assert r.rows(home, "select count(*) from sms_inbound where state_code = 'new'") == [(600,)]


def test_the_relay_that_cannot_store_says_so_and_has_not_acknowledged(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "ANSWER_SECONDS", 0.5)

    async def work(relay: Relay) -> None:
        with r.holding(home, "lock table sms_inbound in access exclusive mode"):
            assert b" 503 " in await asyncio.wait_for(say(relay, inbound("好")), 10)
        await r.until(lambda: r.rows(home, "select count(*) from sms_inbound") == [(1,)])
        assert b" 200 " in await say(relay, inbound("好"))  # the gateway tries again; it is the same message

    beside(home, Gateway(ACCEPTED), work)
    assert r.rows(home, "select count(*) from sms_inbound") == [(1,)]
