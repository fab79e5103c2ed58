"""Nothing that arrives ends the relay: it is stored, parked or refused, acknowledged, and the good message behind it
gets through.

Over TCP, into the real tables, one relay for all examples: what broke it would break every example after that.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import struct
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import count
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Template, fresh_home
from tests.mend.care.sms import rows as r

from mend.care.sms import relay_of
from mend.care.sms.relay import Relay
from mend.care.sms.smpp.codec import HEADER
from mend.care.sms.smpp.fields import DATA_SM, DELIVER_SM
from mend.care.survey.reply import asks_to_stop
from mend.foundation.home import Home

SECRET = "0123456789abcdef"
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
RECEIPT = b"id:%s sub:001 dlvrd:001 submit date:%s done date:2605011201 stat:%s err:%s text:"


class AtWork:
    """A relay to a message centre and one to a gateway, for many examples."""

    def __init__(self, home: Home, runner: asyncio.Runner) -> None:
        self.home, self.run = home, runner.run
        self.numbers = count(1)
        self.relays: list[Relay] = []
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        self.centre, port = await self._stack.enter_async_context(r.centre())
        rules = r.quick_rules(link={"response_seconds": 20})
        url = "http://mend:secret@127.0.0.1:1/send?listen=127.0.0.1:0"
        environment = {
            **self.home.settings,
            "MEND_SMS_MODE": "live",
            "MEND_SMS_URL_GATEWAY": url,
            "MEND_SMS_SECRET_GATEWAY": SECRET,
        }
        gateway = relay_of(Home.at(self.home.root, environment), "gateway", rules=rules, asks_to_stop=asks_to_stop)
        self.relays = [r.relay_to(self.home, port, rules, asks_to_stop=asks_to_stop), gateway]
        self._tasks = [asyncio.create_task(each.run(asyncio.Event())) for each in self.relays]
        await r.until(lambda: self.centre.link_count == 1 and bool(gateway.transport.port))  # type: ignore[union-attr]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def hand_over(self, *bodies: tuple[int, bytes]) -> None:
        """Send them over the one link and wait until each is acknowledged, on that link. TimeoutError when one never
        is.
        """
        (link,) = self.centre._links
        left: set[int] = set()
        link._acknowledged = lambda frame: left.discard(frame.sequence)  # type: ignore[method-assign]
        for command, body in bodies:
            sequence = link._sequence.next_sequence()
            left.add(sequence)
            link._write(HEADER.pack(HEADER.size + len(body), command, 0, sequence) + body)
        await r.until(lambda: not left)
        assert list(self.centre._links) == [link]

    async def ask(self, path: str, query: str) -> int:
        """A request to the gateway's listener; its status."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.relays[1].transport.port)  # type: ignore[union-attr]
        writer.write(f"GET {path}?{query} HTTP/1.1\r\n\r\n".encode("latin-1"))
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        return int(answer.split(b" ")[1])

    def stored(self, words: str) -> bool:
        return r.rows(self.home, "select state_code from sms_inbound where text = :words", words=words) == [("new",)]

    def kept(self) -> int:
        tables = ("sms_inbound", "sms_inbound_part", "sms_receipt")
        return sum(r.rows(self.home, f"select count(*) from {table}")[0][0] for table in tables)


@pytest.fixture(scope="module")
def at_work(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtWork]:
    with fresh_home(template, tmp_path_factory.mktemp("poison")) as home, asyncio.Runner() as runner:
        relays = AtWork(home, runner)
        runner.run(relays.start())
        try:
            yield relays
        finally:
            runner.run(relays.stop())


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def deliver(
    content: bytes, esm_class: int = 0, data_coding: int = 0, parameters: bytes = b"", source: bytes = b"8613900000001"
) -> tuple[int, bytes]:
    body = (
        b"\0\1\1"
        + source
        + b"\0\0\0"
        + b"1008601\0"
        + bytes([esm_class, 0, 0])
        + b"\0\0"
        + bytes([0, 0, data_coding, 0])
    )
    if len(content) > 254:
        content, parameters = b"", tlv(0x0424, content) + parameters
    return DELIVER_SM, body + bytes([len(content)]) + content + parameters


def good(number: int) -> tuple[str, tuple[int, bytes]]:
    words = f"好{number}"
    return words, deliver(words.encode("utf-16-be"), data_coding=8)


def check(at_work: AtWork, *bad: tuple[int, bytes]) -> None:
    words, message = good(next(at_work.numbers))
    at_work.run(at_work.hand_over(*bad, message))
    assert at_work.stored(words)


CASES: dict[str, list[tuple[int, bytes]]] = {
    "a NUL in a receipt": [
        deliver(b"id:0000abcd sub:001 dlvrd:001 submit date:1 done date:1 stat:DELIVRD err:005\0", 4)
    ],
    "a NUL in its id": [deliver(b"", 4, parameters=tlv(0x1E, b"00\0ab") + tlv(0x427, b"\2"))],
    "an id of 5 000 digits": [deliver(RECEIPT % (b"9" * 5000, b"1", b"DELIVRD", b"000"), 4)],
    "an id of 40 digits": [deliver(RECEIPT % (b"9" * 40, b"1", b"DELIVRD", b"000"), 4)],
    "an id that no index takes": [deliver(b"", 4, parameters=tlv(0x1E, bytes(range(1, 255)) * 50) + tlv(0x427, b"\2"))],
    "a date that is none": [deliver(RECEIPT % (b"1", b"9999999999", b"DELIVRD", b"000"), 4)],
    "a huge error": [deliver(RECEIPT % (b"1", b"1", b"DELIVRD", b"5" * 60000), 4)],
    "a huge state": [deliver(RECEIPT % (b"1", b"1", b"D" * 60000, b"5"), 4)],
    "half a surrogate pair": [deliver(bytes.fromhex("d83d"), data_coding=8)],
    "a lone low surrogate": [deliver(bytes.fromhex("de00"), data_coding=8)],
    "a NUL in a text": [deliver("a\0b".encode("utf-16-be"), data_coding=8)],
    "an odd length": [deliver(b"\x4e", data_coding=8)],
    "a broken header": [deliver(b"\x50\0\3", 0x40)],
    "part 3 of 2": [deliver(bytes([5, 0, 3, 1, 2, 3]) + b"x", 0x40)],
    "a part whose text has a NUL": [
        deliver(bytes([5, 0, 3, 9, 2, each]) + "a\0b".encode("utf-16-be"), 0x40, 8) for each in (1, 2)
    ],
    "parts of two codings": [
        deliver(bytes([5, 0, 3, 8, 2, 1]) + b"a", 0x40, 0),
        deliver(bytes([5, 0, 3, 8, 2, 2]) + b"\xd8", 0x40, 8),
    ],
    "absurd parts": [deliver(b"x", parameters=tlv(0x20C, b"\xff" * 8) + tlv(0x20E, b"\xff\xff") + tlv(0x20F, b"\xff"))],
    "64 kB of text": [deliver(("满" * 32000).encode("utf-16-be"), data_coding=8)],
    "unknown parameters": [deliver(b"7", parameters=tlv(0x3FFF, b"?" * 300) + b"\xff\xff")],
    "a sender without a number": [deliver(b"7", source=b"\xff\xfe<script>")],
    "a sender of 65 signs": [deliver(b"7", source=b"9" * 65)],
    "a sender of 5 000 digits": [deliver(b"7", source=b"9" * 5000)],
    "nobody": [deliver(b"7", source=b"")],
    "no body": [(DELIVER_SM, b""), (DELIVER_SM, b"\1\2"), (DATA_SM, b""), (DATA_SM, b"\0" * 9)],
    "a length that is wrong": [(DELIVER_SM, deliver(b"7")[1][:-2] + b"\xf0x")],
}


@pytest.mark.parametrize("name", CASES)
def test_bad_octets_are_kept_and_acknowledged_and_the_next_message_gets_through(at_work: AtWork, name: str) -> None:
    before = at_work.kept()
    check(at_work, *CASES[name])
    assert at_work.kept() > before + 1 or name == "a part whose text has a NUL"  # two parts become one parked


octets = st.binary(max_size=400)
texts = st.one_of(
    octets,
    st.text(max_size=100).map(lambda text: text.encode("utf-16-be", "surrogatepass")),
    st.builds(
        lambda *each: RECEIPT % each,
        *[st.one_of(octets, st.from_regex(rb"[0-9]{1,60}", fullmatch=True), st.just(b"DELIVRD"))] * 4,
    ),
    st.builds(lambda header, rest: bytes([len(header)]) + header + rest, st.binary(max_size=12), octets),
)
tags = st.one_of(st.sampled_from([0x1E, 0x427, 0x424, 0x20C, 0x20E, 0x20F, 0x5, 0x1403]), st.integers(0, 0xFFFF))
parameters = st.lists(st.builds(tlv, tags, st.one_of(st.binary(max_size=6), octets)), max_size=4).map(b"".join)
esm_classes = st.one_of(st.sampled_from([0, 4, 0x20, 0x40, 0x44]), st.integers(0, 255))
sources = st.one_of(st.just(b"8613900000001"), st.binary(max_size=80).map(lambda source: source.replace(b"\0", b"")))
messages = st.one_of(
    st.builds(
        deliver, texts, esm_classes, st.one_of(st.sampled_from([0, 3, 8, 15]), st.integers(0, 255)), parameters, sources
    ),
    st.tuples(st.sampled_from([DELIVER_SM, DATA_SM]), octets),
)


@FEW
@given(bad=st.lists(messages, min_size=1, max_size=6))
def test_whatever_a_message_centre_sends_a_good_message_after_it_gets_through(
    at_work: AtWork, bad: list[tuple[int, bytes]]
) -> None:
    check(at_work, *bad)


values = st.one_of(
    octets.map(quote_from_bytes),
    st.sampled_from(["", "%00", "gateway-1%00", "1", "8613900000001", "%D8%3D", "9" * 5000, "%ED%A0%BD", "utf-16"]),
)
charsets = st.one_of(
    values,
    st.sampled_from(
        [
            "UTF-8",
            "UTF-16BE",
            "utf-7",
            "idna",
            "punycode",
            "unicode_escape",
            "zlib",
            "rot13",
            "undefined",
            "a%00b",
            "x" * 999,
        ]
    ),
)
names = st.sampled_from(["id", "type", "from", "to", "text", "charset", "coding", "secret", "%00", "x"])
queries = st.one_of(
    st.builds("id={}&type={}".format, values, values),
    st.builds("from={}&to={}&text={}&charset={}".format, values, values, values, charsets),
    st.lists(st.builds("{}={}".format, names, values), max_size=8).map("&".join),
)


@FEW
@given(
    bad=st.lists(st.tuples(st.sampled_from(["/receipt", "/inbound", "/", "//[", ""]), queries), min_size=1, max_size=6)
)
def test_whatever_reaches_the_gateways_door_a_good_message_after_it_gets_through(
    at_work: AtWork, bad: list[tuple[str, str]]
) -> None:
    def with_secret(query: str) -> str:
        return query if "secret=" in query else f"{query}&secret={SECRET}"

    words = f"好{next(at_work.numbers)}"
    fields = {"from": r.phone(1), "to": "10086", "text": words, "secret": SECRET}

    async def go() -> list[int]:
        found = [await at_work.ask(path, with_secret(query)) for path, query in bad]
        return [*found, await at_work.ask("/inbound", urlencode(fields))]

    statuses = at_work.run(go())
    assert set(statuses) <= {200, 400, 403, 404}
    assert statuses[-1] == 200
    assert at_work.stored(words)


def test_parts_with_a_nul_whose_others_never_come_do_not_end_the_relay(home: Home) -> None:
    """They are found later, while it keeps house."""
    at = dt.datetime.now(dt.UTC)
    rules = r.quick_rules()

    async def go() -> None:
        async with r.centre() as (centre, port):
            async with r.running(r.relay_to(home, port, rules)):
                await r.until(lambda: centre.link_count == 1)
                (link,) = centre._links
                _, body = deliver(bytes([5, 0, 3, 9, 2, 1]) + "a\0b".encode("utf-16-be"), 0x40, 8)
                link._write(HEADER.pack(HEADER.size + len(body), DELIVER_SM, 0, 5) + body)
                await r.until(lambda: r.rows(home, "select count(*) from sms_inbound_part") == [(1,)])
            async with r.running(r.relay_to(home, port, rules, clock=lambda: at + dt.timedelta(hours=2))):
                await r.until(
                    lambda: (
                        r.rows(home, "select state_code, state_reason from sms_inbound")
                        == [("parked", "parts_missing")]
                    )
                )

    asyncio.run(go())


@pytest.mark.parametrize(
    "number", ["+86139", "12345678901234567890123", "+", "", "TELECOM", "+86１３９", "+8613900000001\n"]
)
def test_a_message_to_what_is_no_number_fails_alone(home: Home, number: str) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(1, at, phone_number=number), r.message(2, at)], at)

    async def go() -> None:
        async with r.centre() as (_, port), r.running(r.relay_to(home, port)):
            await r.until(r.all_in(home, "delivered", "failed"))

    asyncio.run(go())
    expected = (
        {("delivered", "receipt"): 2} if number == "+86139" else {("delivered", "receipt"): 1, ("failed", "number"): 1}
    )
    assert r.states(home) == expected


@pytest.mark.parametrize(
    "hours",
    [
        {"quiet_zones": ("Nowhere/City",)},
        {"quiet_zones": ("../../etc/passwd",)},
        {"allowed_from": "25:99"},
        {"allowed_until": "late"},
    ],
)
def test_a_message_whose_hours_are_none_is_closed_alone(home: Home, hours: dict[str, object]) -> None:
    at = dt.datetime.now(dt.UTC)
    allowed = {"quiet_zones": ("UTC",), "allowed_from": "00:00", "allowed_until": "23:59"}
    r.put(home, [r.message(1, at, **allowed | hours), r.message(2, at)], at)

    async def go() -> None:
        async with r.centre() as (_, port), r.running(r.relay_to(home, port)):
            await r.until(r.all_in(home, "delivered", "suppressed"))

    asyncio.run(go())
    assert r.states(home) == {("delivered", "receipt"): 1, ("suppressed", "hours_unreadable"): 1}
