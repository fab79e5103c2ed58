"""The relay against npm's smpp: bind, submit, receipt, reply, throttle, refusal, a lost link, unbind, long Chinese
texts.
"""

from __future__ import annotations

import asyncio
import datetime as dt

from tests.interop.npm_centre import npm_centre
from tests.mend.care.sms import rows as r

from mend.foundation.home import Home

LONG = "尊敬的客户，您好！" + "满" * 107  # 116 characters


def test_a_message_centre_that_is_not_ours_understands_us_and_we_it(home: Home) -> None:
    at = dt.datetime.now(dt.UTC)
    words = {
        0: "已解决回1，未解决回7",
        1: LONG,
        2: "throttle me",
        3: "refuse me",
        4: "[€] `plain` {GSM}",
        5: "a" * 152 + "€" + "b" * 10,
        6: "😀" * 40,
    }
    assert len(LONG) == 116
    r.put(home, [r.message(number, at, text=text) for number, text in words.items()], at)
    with npm_centre() as centre:

        async def go() -> None:
            async with r.running(r.relay_to(home, centre.port)):
                await r.until(r.all_in(home, "delivered", "failed"))
                await r.until(lambda: r.rows(home, "select count(*) from sms_inbound") == [(6,)])
                await asyncio.sleep(0.3)

        asyncio.run(go())
        assert [each["good"] for each in centre.seen("bind")] == [True]
        assert centre.seen("bind")[0]["version"] == 0x34
        received = {each["to"]: each["text"] for each in centre.seen("text")}
        assert received == {r.phone(number).lstrip("+"): text for number, text in words.items() if number != 3}
        parts = [each for each in centre.seen("submit") if each["submit"] == r.phone(1).lstrip("+")]
        assert [(each["coding"], each["from"], each["validity"]) for each in parts] == [(8, "1008601", True)] * 2
        assert {each["receipt_acknowledged"] for each in centre.seen("receipt_acknowledged")} == {0}
        assert {each["reply_acknowledged"] for each in centre.seen("reply_acknowledged")} == {0}
        assert centre.seen("unbind")
    attempts = dict(r.rows(home, "select text, attempts from sms_outbox where text in ('throttle me', 'refuse me')"))
    assert attempts == {"throttle me": 3, "refuse me": 1}
    assert r.rows(home, "select state_code, state_reason from sms_outbox where text = 'refuse me'") == [
        ("failed", "0x0000000b")
    ]
    assert set(r.rows(home, "select text, match_code from sms_inbound")) == {("没解决", "extension")}


def test_a_wrong_password_is_said_and_nothing_is_sent(home: Home) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(1, at)], at)
    with npm_centre() as centre:
        relay = r.relay_to(home, centre.port, MEND_SMS_URL_MAIN=f"smpp://mend:wrong@127.0.0.1:{centre.port}")

        async def go() -> None:
            async with r.running(relay):
                await r.until(lambda: len(centre.seen("bind")) >= 2)

        asyncio.run(go())
        assert not any(each["good"] for each in centre.seen("bind"))
        assert centre.seen("submit") == []
    assert r.states(home) == {("pending", None): 1}


def test_a_link_lost_after_the_write_leaves_it_unknown_until_its_receipt_comes_on_the_next_link(home: Home) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(1, at, text="lose the link")], at)
    with npm_centre() as centre:

        async def go() -> None:
            async with r.running(r.relay_to(home, centre.port)):
                await r.until(lambda: r.states(home) == {("unknown", "link_lost"): 1})
                await r.until(r.all_in(home, "delivered"))

        asyncio.run(go())
        assert len(centre.seen("submit")) == 1
    assert r.states(home) == {("delivered", "receipt"): 1}
