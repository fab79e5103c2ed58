"""The relay through Kannel's HTTP interface: a message, a long Chinese one, receipts, an answer, a refusal."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

from tests.interop.kannel import Kannel, kannel
from tests.mend.care.sms import rows as r

from mend.care.sms import relay_of
from mend.care.sms.relay import Relay
from mend.foundation.home import Home

LONG = "尊敬的客户，您好！" + "满" * 107  # 116 characters


SECRET = "0a1b2c3d4e5f6a7b8c9d"


def relay_to(home: Home, gateway: Kannel, password: str = "secret", **more: str) -> Relay:
    url = f"http://mend:{password}@127.0.0.1:{gateway.sendsms}/cgi-bin/sendsms?listen=127.0.0.1:{gateway.relay}"
    settings = {**home.settings, "MEND_SMS_MODE": "live", "MEND_SMS_URL_GATEWAY": url, **more}
    return relay_of(Home.at(home.root, settings), "gateway", rules=r.quick_rules())


def test_messages_receipts_and_answers_pass_through_kannel(home: Home, tmp_path: Path) -> None:
    at = dt.datetime.now(dt.UTC)
    words = {1: "Solved? 1 yes, 7 no", 2: LONG, 3: "[€] {GSM}"}
    r.put(home, [r.message(number, at, text=text, account_code="gateway") for number, text in words.items()], at)
    with kannel(tmp_path, SECRET) as gateway:

        async def go() -> None:
            async with r.running(relay_to(home, gateway, MEND_SMS_SECRET_GATEWAY=SECRET)):
                await r.until(r.all_in(home, "delivered", "failed"), 40)
                gateway.answer(f"{r.phone(1)} 1008601 text 7")
                await r.until(lambda: r.rows(home, "select count(*) from sms_inbound") == [(1,)], 40)
                gateway.answer(f"{r.phone(2)} 1008601 ucs2 %6c%a1%89%e3%51%b3")
                await r.until(lambda: r.rows(home, "select count(*) from sms_inbound") == [(2,)], 40)

        asyncio.run(go())
        lines = gateway.lines()
    assert r.states(home) == {("delivered", "receipt"): 3}
    assert dict(r.rows(home, "select survey_id, text from sms_inbound")) == {"S1": "7", "S2": "没解决"}
    # The long one left Kannel in two parts with headers, the others in one.
    sent = [sum(f"<1008601 {r.phone(number)}" in line for line in lines) for number in words]
    assert sent == [1, 2, 1], lines


def test_a_wrong_password_at_the_gateway_loses_no_message(home: Home, tmp_path: Path) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(number, at, account_code="gateway") for number in range(20)], at)
    with kannel(tmp_path) as gateway:

        async def go() -> None:
            async with r.running(relay_to(home, gateway, "wrong")):
                await r.until(lambda: ("pending", "http_403") in r.states(home))
            assert {state for state, _ in r.states(home)} == {"pending"}
            async with r.running(relay_to(home, gateway)):
                await r.until(r.all_in(home, "submitted", "delivered"))

        asyncio.run(go())
