"""A message centre that breaks with every message costs a few messages, not a night's worth; one that recovers is used
at once.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from itertools import pairwise

from tests.mend.care.sms import rows as r

from mend.care.sms.breaker import Breaker
from mend.care.sms.rules import Rules, rules_on
from mend.care.sms.smsc import World
from mend.foundation.home import Home

REAL = rules_on(r.NOON.date()).link


def put(home: Home, count: int, **changes: object) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(number, at, **changes) for number in range(count)], at)


def as_in_production(**link: float) -> Rules:
    """The waits of the rules in force between links and after doubt, not a test's."""
    waits = {"reconnect_first_seconds", "reconnect_most_seconds", "doubt_most_seconds"}
    return r.quick_rules(link=REAL.model_dump(include=waits) | link)


def count(home: Home, state: str) -> int:
    return int(r.rows(home, "select count(*) from sms_outbox where state_code = :state", state=state)[0][0])


def test_a_centre_that_drops_each_link_on_the_first_message_makes_few_unknown(home: Home) -> None:
    put(home, 400)
    over_time: list[int] = []

    async def go() -> None:
        async with (
            r.centre(World(link_lost_every=1, receipt_ids="none")) as (centre, port),
            r.running(r.relay_to(home, port, as_in_production())),
        ):
            for _ in range(4):
                await asyncio.sleep(2)
                over_time.append(count(home, "unknown"))
            # While nothing is written the link is there: receipts and replies still come in.
            assert centre.link_count == 1
            assert len(centre.journal.accepted) == over_time[-1]

    asyncio.run(go())
    # Alone, after 0, 0.2, 0.4, 0.8, 1.6, 3.2 ... seconds: six in the first eight seconds, where 190 were lost.
    assert over_time[0] >= 2
    assert over_time[-1] <= 7
    assert over_time[-1] - over_time[1] <= 2, over_time
    assert count(home, "pending") + count(home, "claimed") == 400 - over_time[-1]


def test_a_centre_that_never_answers_makes_one_unknown_at_a_time(home: Home) -> None:
    put(home, 50)

    async def go() -> None:
        world = World(response_seconds=(60, 60), receipt_ids="none")
        async with (
            r.centre(world) as (_, port),
            r.running(r.relay_to(home, port, as_in_production(response_seconds=0.3))),
        ):
            await asyncio.sleep(3)

    asyncio.run(go())
    assert 2 <= count(home, "unknown") <= 5


def test_once_one_is_taken_the_whole_window_is_used_again(home: Home) -> None:
    put(home, 200)

    async def go() -> None:
        async with r.centre(World(link_lost_every=1, receipt_ids="none")) as (_, port):
            relay = r.relay_to(home, port, as_in_production())
            async with r.running(relay):
                await r.until(lambda: count(home, "unknown") >= 3)
                mended = World(response_seconds=(0.1, 0.1), receipt_seconds=(0, 0))
                _.world = mended
                _._answer = mended.answer
                began = time.monotonic()
                await r.until(
                    lambda: count(home, "pending") + count(home, "claimed") + count(home, "submitting") == 0, 15
                )
                # 200 at 10 a tenth of a second: 2 s, where one at a time takes 20.
                assert time.monotonic() - began < 10

    asyncio.run(go())
    assert count(home, "unknown") <= 4


def test_a_bind_is_no_success_the_waits_for_a_new_link_grow(home: Home) -> None:
    """A centre that binds and hangs up, with nothing to send: seen often at first, then rarely."""
    binds: list[float] = []

    async def go() -> None:
        async with r.centre() as (centre, port), r.running(r.relay_to(home, port, as_in_production())):
            end = time.monotonic() + 4
            while time.monotonic() < end:
                if centre.link_count:
                    binds.append(time.monotonic())
                    centre.drop_links()
                    await r.until(lambda: centre.link_count == 0)
                await asyncio.sleep(0.01)

    asyncio.run(go())
    waits = [after - before for before, after in pairwise(binds)]
    assert 3 <= len(binds) <= 6  # after 0.2, 0.4, 0.8, 1.6 s
    assert all(after > 1.5 * before for before, after in pairwise(waits)), waits


def test_a_link_that_lived_is_made_again_at_once(home: Home) -> None:
    """An answered enquire_link is a success, too."""
    rules = r.quick_rules(
        link={
            "enquire_seconds": 0.1,
            "response_seconds": 0.2,
            "reconnect_first_seconds": 0.05,
            "reconnect_most_seconds": 60,
        }
    )

    async def go() -> None:
        async with r.centre() as (centre, port), r.running(r.relay_to(home, port, rules)):
            for _ in range(4):
                await r.until(lambda: centre.link_count == 1, 1)
                await asyncio.sleep(0.5)
                centre.drop_links()
                await r.until(lambda: centre.link_count == 0)

    asyncio.run(go())


def test_a_gateway_that_is_not_there_is_not_asked_for_every_message(home: Home) -> None:
    from mend.care.sms import relay_of

    put(home, 100, account_code="gateway")
    settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": "http://mend:secret@127.0.0.1:1/send"}
    rules = r.quick_rules(retry={"first_seconds": 0.2, "most_seconds": 60})

    async def go() -> None:
        async with r.running(relay_of(Home.at(home.root, settings), "gateway", rules=rules)):
            await asyncio.sleep(2)

    asyncio.run(go())
    # One at a time, with a pause after each: about 0.2, 0.4, 0.8 s.
    assert 2 <= r.rows(home, "select sum(attempts) from sms_outbox")[0][0] <= 6
    assert {state for state, _ in r.states(home)} == {"pending"}


def test_messages_that_were_under_way_together_are_one_doubt() -> None:
    breaker = Breaker(1, 600)
    for _ in range(10):
        breaker.doubt(100)
    assert breaker.until == 101
    for now in (101, 103, 107, 115):
        breaker.doubt(now)
    assert breaker.until == 131
    for now in range(200, 100_000, 700):
        breaker.doubt(now)
    assert breaker.until - 99_600 <= 600
    breaker.accepted()
    assert breaker.window(10) == 10
