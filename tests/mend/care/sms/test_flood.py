"""A flood of replies is stored in small rounds, each acknowledged after its own commit, while messages go on being
sent.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time

import pytest
from tests.mend.care.sms import rows as r

from mend.care.sms.relay import ROUND_COUNT, ROUND_OCTETS
from mend.care.sms.smpp import transport as smpp
from mend.care.sms.smpp.codec import HEADER
from mend.care.sms.smpp.fields import DELIVER_SM
from mend.care.sms.smsc import Centre, World
from mend.foundation.home import Home


def put(home: Home, numbers: range) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(number, at) for number in numbers], at)


def pdu(sequence: int, source: str, words: bytes) -> bytes:
    head = b"\0\1\1" + source.encode() + b"\0" + b"\0\0" + b"1008601\0" + b"\0\0\0" + b"\0\0" + bytes([0, 0, 3, 0])
    body = head + (
        bytes([len(words)]) + words if len(words) < 255 else b"\0" + b"\x04\x24" + len(words).to_bytes(2, "big") + words
    )
    return HEADER.pack(HEADER.size + len(body), DELIVER_SM, 0, sequence) + body


SIZE = len(pdu(1, "8613800000001", b"7"))


def flood(centre: Centre, count: int, words: bytes = b"7") -> set[int]:
    """All at once, on the one link; the set shrinks as they are acknowledged."""
    (link,) = centre._links
    left = set(range(1, count + 1))
    known = link._acknowledged

    def acknowledged(frame: object) -> None:
        left.discard(frame.sequence)  # type: ignore[attr-defined]
        known(frame)  # type: ignore[arg-type]

    link._acknowledged = acknowledged  # type: ignore[method-assign]
    link._writer.write(b"".join(pdu(each, f"86138{each:08d}", words) for each in range(1, count + 1)))
    return left


def test_sending_goes_on_while_thousands_of_replies_are_stored(home: Home) -> None:
    count, sent_at, stored = 3_000, 0.0, 0

    async def go() -> None:
        nonlocal sent_at, stored
        async with r.centre(World(receipt_seconds=(60, 60))) as (centre, port), r.running(r.relay_to(home, port)):
            await r.until(lambda: centre.link_count == 1)
            began = time.monotonic()
            left = flood(centre, count)
            await r.until(lambda: len(left) < count)
            assert len(left) > count / 2  # the first are acknowledged long before the last are stored
            put(home, range(30))
            await r.until(r.all_in(home, "submitted"))
            sent_at, stored = time.monotonic() - began, r.rows(home, "select count(*) from sms_inbound")[0][0]
            await r.until(lambda: not left, 60)

    asyncio.run(go())
    assert stored < count, sent_at
    assert r.rows(home, "select count(*) from sms_inbound") == [(count,)]
    at_once = r.rows(home, "select max(count) from (select count(*) from sms_inbound group by received_at) as rounds")[
        0
    ][0]
    assert 1 < at_once <= ROUND_COUNT


def test_a_round_is_bounded_by_octets_too(home: Home) -> None:
    async def go() -> None:
        async with r.centre() as (centre, port), r.running(r.relay_to(home, port)):
            await r.until(lambda: centre.link_count == 1)
            left = flood(centre, 40, b"x" * 60_000)
            await r.until(lambda: not left, 60)

    asyncio.run(go())
    most = r.rows(
        home,
        "select max(octets) from (select sum(length(text)) as octets from sms_inbound group by received_at) as rounds",
    )[0][0]
    assert most <= ROUND_OCTETS + 60_000
    assert r.rows(home, "select count(*) from sms_inbound") == [(40,)]


@pytest.mark.parametrize("limit", [{"MOST_HELD": 300}, {"MOST_HELD_OCTETS": 300 * SIZE}])
def test_no_more_is_read_than_is_held(home: Home, monkeypatch: pytest.MonkeyPatch, limit: dict[str, int]) -> None:
    """A flood stays with the message centre; an answer behind it is waited for, and the link is not taken for dead."""
    for name, most_held in limit.items():
        monkeypatch.setattr(smpp, name, most_held)
    most, count = 0, 3_000
    put(home, range(5))

    async def go() -> None:
        nonlocal most
        rules = r.quick_rules(link={"response_seconds": 1, "enquire_seconds": 0.5})
        async with r.centre(World(receipt_seconds=(60, 60), response_seconds=(0.1, 0.1))) as (centre, port):
            relay = r.relay_to(home, port, rules)
            async with r.running(relay):
                await r.until(lambda: centre.link_count == 1)
                left = flood(centre, count)
                while left:
                    most = max(most, len(relay._arrived))
                    await asyncio.sleep(0.002)
                await r.until(r.all_in(home, "submitted"))
                assert centre.link_count == 1

    asyncio.run(asyncio.wait_for(go(), 90))
    assert most <= 300 + smpp.READ_OCTETS // SIZE + 1
    assert r.states(home) == {("submitted", None): 5}
    assert r.rows(home, "select count(*) from sms_inbound") == [(count,)]


def test_a_stop_in_a_flood_loses_nothing(home: Home) -> None:
    """What was not stored was not acknowledged: the message centre has it still."""
    count, kept = 2_000, 0

    async def go() -> None:
        nonlocal kept
        async with r.centre() as (centre, port):
            async with r.running(r.relay_to(home, port)):
                await r.until(lambda: centre.link_count == 1)
                left = flood(centre, count)
                await r.until(lambda: len(left) < count)
            kept = count - len(left)

    asyncio.run(go())
    assert r.rows(home, "select count(*) from sms_inbound")[0][0] >= kept > 0
