"""The relay against our message centre, over TCP: each message once, each row explained."""

from __future__ import annotations

import asyncio
import datetime as dt

from tests.mend.sms import rows as r

from mend.home import Home
from mend.sms.smsc import World
from mend.sms.smsc.world import Answers


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_messages_are_sent_once_delivered_and_answered(home: Home) -> None:
    world = World(receipt_seconds=(0.0, 0.1), answers=(Answers(when="未解决回7", share=1, texts={"7": 1}, after_seconds=(0, 0.1)),))
    assert r.put(home, [r.message(number, now()) for number in range(100)], now()) == 100
    assert r.put(home, [r.message(number, now()) for number in range(100)], now()) == 0

    async def go() -> None:
        async with r.centre(world) as (centre, port), r.running(r.relay_to(home, port)):
            await r.until(r.all_in(home, "delivered"))
            await r.until(lambda: r.rows(home, "select count(*) from sms_inbound") == [(100,)])
            assert (len(centre.journal.accepted), centre.journal.duplicates()) == (100, 0)

    asyncio.run(go())
    assert set(r.rows(home, "select text, extension, match_code, state_code from sms_inbound")) == {("7", "01", "extension", "new")}
    matched = "select count(*) from sms_inbound join sms_outbox using (message_id) where sms_inbound.phone_number = sms_outbox.phone_number"
    assert r.rows(home, matched) == [(100,)]
    assert r.rows(home, "select sent_count from sms_account_day") == [(100,)]
