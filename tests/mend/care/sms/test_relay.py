"""The relay against our message centre, over TCP: each message once, each row explained."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

import pytest
from tests.mend.care.sms import rows as r

from mend.care import sms
from mend.care.sms.smpp import codec
from mend.care.sms.smsc import Centre, World
from mend.care.sms.smsc.world import Answers
from mend.foundation import operations
from mend.foundation.home import Home

SEVEN = Answers(when="未解决回7", share=1, texts={"7": 1}, after_seconds=(0, 0.1))
QUICK_WORLD = World(receipt_seconds=(0.0, 0.1))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def put(home: Home, count: int, **changes: object) -> None:
    r.put(home, [r.message(number, now(), **changes) for number in range(count)], now())


def serve(world: World, work: Callable[[Centre, int], Awaitable[None]], **options: object) -> Centre:
    """Let the work be done beside a message centre; returns it."""

    async def go() -> Centre:
        async with r.centre(world, **options) as (centre, port):
            await work(centre, port)
            return centre

    return asyncio.run(go())


def deliver_all(home: Home, world: World, *states: str, **rules: dict[str, object]) -> Centre:
    """Run a relay until every message is in one of the states."""

    async def work(_: Centre, port: int) -> None:
        async with r.running(r.relay_to(home, port, r.quick_rules(**rules))):
            await r.until(r.all_in(home, *states))

    return serve(world, work)


def test_messages_are_sent_once_delivered_and_answered(home: Home) -> None:
    put(home, 100)
    assert r.put(home, [r.message(number, now()) for number in range(100)], now()) == 0

    async def work(_: Centre, port: int) -> None:
        async with r.running(r.relay_to(home, port)):
            await r.until(r.all_in(home, "delivered"))
            await r.until(lambda: r.rows(home, "select count(*) from sms_inbound") == [(100,)])

    centre = serve(World(receipt_seconds=(0.0, 0.1), answers=(SEVEN,)), work)
    assert (len(centre.journal.accepted), centre.journal.duplicates()) == (100, 0)
    assert set(r.rows(home, "select text, extension, match_code, state_code from sms_inbound")) == {
        ("7", "01", "extension", "new")
    }
    matched = (
        "select count(*) from sms_inbound join sms_outbox using (message_id) where sms_inbound.phone_number = "
        "sms_outbox.phone_number"
    )
    assert r.rows(home, matched) == [(100,)]
    assert r.rows(home, "select sent_count from sms_account_day") == [(100,)]
    with operations.transaction(home.database_url) as connection:
        first, *_ = sms.read_inbound(connection)
        sms.mark_inbound(connection, first.inbound_id, "matched", now())
        assert len(sms.read_inbound(connection)) == 99


def test_what_is_refused_for_now_is_sent_again_and_only_that(home: Home) -> None:
    put(home, 40)
    centre = deliver_all(
        home, World(receipt_seconds=(0, 0.1), throttled_share=0.2, refused_share=0.1, seed=3), "delivered", "failed"
    )
    assert centre.journal.duplicates() == 0
    throttled = r.rows(home, "select count(*) from sms_outbox where attempts = 2")[0][0]
    failed = r.rows(home, "select count(*), min(attempts) from sms_outbox where state_reason = '0x0000000b'")[0]
    assert throttled == len(centre.refused) > 0
    assert r.states(home)[("failed", "0x0000000b")] == failed[0] > 0
    assert failed[1] == 1
    assert r.rows(home, "select sent_count from sms_account_day") == [(40,)]


def test_a_message_centre_that_takes_few_a_second_gets_no_more(home: Home) -> None:
    put(home, 30)
    centre = deliver_all(
        home, World(receipt_seconds=(0, 0), parts_a_second=1000), "delivered", account={"max_a_second": 20}
    )
    (seconds,) = r.rows(home, "select extract(epoch from max(submitting_at) - min(submitting_at)) from sms_outbox")[0]
    assert centre.refused == {}
    assert seconds >= 0.4  # 20 at once, then 10 at 20 a second


def test_links_that_break_again_and_again_send_nothing_twice(home: Home) -> None:
    put(home, 60)

    async def work(centre: Centre, port: int) -> None:
        async with r.running(r.relay_to(home, port)):
            await r.until(r.all_in(home, "delivered", "unknown"))
            await r.until(lambda: not centre.journal.owed)

    centre = serve(World(receipt_seconds=(0.01, 0.1), link_lost_every=7), work)
    taken = {reference for reference, times in centre.journal.accepted.items() if times == 1}
    # What was on its way when a link broke is unknown; what was taken, its receipt made known on the next link.
    assert len(taken) == len(centre.journal.accepted) == r.states(home)[("delivered", "receipt")]
    assert r.states(home).get(("unknown", "link_lost"), 0) == 60 - len(taken)


def test_what_got_no_answer_stays_unknown_until_validity_and_a_day_have_passed(home: Home) -> None:
    put(home, 3)

    async def work(_: Centre, port: int) -> None:
        async with r.running(r.relay_to(home, port, r.quick_rules(link={"response_seconds": 0.2}))):
            await r.until(r.all_in(home, "unknown"))
        later = now() + dt.timedelta(hours=47)
        async with r.running(r.relay_to(home, port, clock=lambda: later)):
            await asyncio.sleep(0.2)
        assert r.rows(home, "select count(*) from sms_outbox where final_at is null") == [(3,)]
        much_later = now() + dt.timedelta(hours=49)
        async with r.running(r.relay_to(home, port, clock=lambda: much_later)):
            await r.until(lambda: r.rows(home, "select count(*) from sms_outbox where final_at is null") == [(0,)])

    centre = serve(World(response_seconds=(1, 1), receipt_ids="none"), work)
    assert r.states(home) == {("unknown", "no_answer"): 3}
    assert centre.journal.duplicates() == 0
    assert r.rows(home, "select distinct attempts from sms_outbox") == [(1,)]


@pytest.mark.parametrize(("world", "reason"), [
    (World(response_seconds=(1, 1), receipt_seconds=(0.5, 0.5)), "receipt"),
    (World(response_seconds=(9, 9), receipt_ids="none", answers=(SEVEN.model_copy(update={"after_seconds": (0.5,
    0.5)}),)), "reply"),
])  # fmt: skip
def test_an_unknown_message_is_resolved_by_its_receipt_or_an_answer(home: Home, world: World, reason: str) -> None:
    put(home, 3)
    centre = deliver_all(home, world, "delivered", link={"response_seconds": 0.2})
    assert r.states(home) == {("delivered", reason): 3}
    assert centre.journal.duplicates() == 0


def test_a_receipt_in_decimal_for_an_id_in_hex_is_understood(home: Home) -> None:
    put(home, 30)
    deliver_all(
        home, World(receipt_seconds=(0, 0.05), receipt_ids="decimal", undelivered_share=0.3), "delivered", "undelivered"
    )
    found = r.states(home)
    assert found[("undelivered", "000")] + found[("delivered", "receipt")] == 30
    # A receipt may be heard of before the answer that names its message is stored: then it was parked, and has been
    # applied since.
    assert r.rows(home, "select count(*) from sms_receipt where state_code = 'parked'") == [(0,)]


def test_of_two_relays_one_sends_and_the_other_takes_over_when_it_ends(home: Home) -> None:
    put(home, 40)

    async def work(centre: Centre, port: int) -> None:
        first, second = (r.relay_to(home, port) for _ in range(2))
        async with r.running(first):
            await r.until(lambda: centre.link_count == 1)
            standby = asyncio.create_task(second.run(stopping))
            await r.until(r.all_in(home, "delivered"))
            assert centre.link_count == 1
            assert (first.counts["accepted"], second.counts["accepted"]) == (40, 0)
        r.put(home, [r.message(number, now()) for number in range(50)], now())
        await r.until(r.all_in(home, "delivered"))
        stopping.set()
        await standby
        assert second.counts["accepted"] == 10

    stopping = asyncio.Event()
    assert serve(QUICK_WORLD, work).journal.duplicates() == 0


def test_in_a_dry_run_the_message_centre_is_not_even_called(home: Home) -> None:
    put(home, 5)

    async def work(centre: Centre, port: int) -> None:
        async with r.running(r.relay_to(home, port, MEND_SMS_MODE="dry_run")):
            await r.until(r.all_in(home, "suppressed"))
            assert centre.link_count == 0

    serve(QUICK_WORLD, work)
    assert r.states(home) == {("suppressed", "dry_run"): 5}


def test_a_text_that_cannot_be_sent_fails_alone(home: Home) -> None:
    r.put(home, [r.message(1, now(), text="满" * 20_000), r.message(2, now())], now())
    deliver_all(home, QUICK_WORLD, "delivered", "failed")
    assert r.states(home) == {("delivered", "receipt"): 1, ("failed", "text"): 1}


def test_what_cannot_be_read_is_parked_raw_and_acknowledged(home: Home) -> None:
    """Half a surrogate pair, a NUL, a broken header, a body that is none: each would come again for ever if it were not
    acknowledged.
    """
    bad = [
        {"data_coding": 8, "short_message": bytes.fromhex("d83d")},
        {"data_coding": 8, "short_message": "a\0b".encode("utf-16-be")},
        {"esm_class": 0x40, "short_message": b"\x50\x00\x03"},
        {"esm_class": 0x04, "short_message": b"no receipt at all"},
    ]
    acknowledged: list[int] = []

    async def work(centre: Centre, port: int) -> None:
        async with r.running(r.relay_to(home, port)):
            await r.until(lambda: centre.link_count == 1)
            (link,) = centre._links
            link._acknowledged = lambda frame: acknowledged.append(frame.status)  # type: ignore[method-assign]
            numbers = {
                "source_addr_ton": 1,
                "source_addr_npi": 1,
                "source_addr": "8613900000001",
                "destination_addr": "1008601",
            }
            for fields in bad:
                link._write(codec.request("deliver_sm", link._sequence, **numbers, **fields)[1])
            link._write(codec.HEADER.pack(18, 0x05, 0, 999) + b"\1\2")
            await r.until(lambda: len(acknowledged) == 5)

    serve(QUICK_WORLD, work)
    assert acknowledged == [0] * 5
    kept = r.rows(home, "select state_code, state_reason, raw is not null, text from sms_inbound order by inbound_id")
    assert sorted(row[1] for row in kept) == ["malformed", "no_text", "no_text", "not_storable", "receipt"]
    assert {row[0] for row in kept} == {"parked"}
    assert all(row[2] and row[3] == "" for row in kept)


def test_logs_carry_neither_numbers_nor_texts(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    put(home, 20)
    with caplog.at_level(logging.DEBUG, logger="mend"):
        deliver_all(home, World(receipt_seconds=(0, 0.1), link_lost_every=5, answers=(SEVEN,)), "delivered", "unknown")
    assert "accepted=" in caplog.text
    for word in ("86139", "解决", "C1", "secret"):
        assert word not in caplog.text


def test_the_link_is_on_record_while_it_is_held(home: Home) -> None:
    put(home, 1)
    deliver_all(home, QUICK_WORLD, "delivered")
    ((account, state),) = r.rows(home, "select account_code, state_code from sms_link")
    assert (account, state) == ("main", "closed")
    assert r.rows(home, "select window_size, max_a_day from sms_account") == [(10, 200_000)]
