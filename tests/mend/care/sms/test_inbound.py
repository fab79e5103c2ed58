"""Answers and receipts as the tables see them: put together, matched, kept once, never put down to the wrong
message.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from itertools import permutations

import pytest
from sqlalchemy import text
from tests.mend.care.sms import rows as r

from mend.care import contact_rules, sms
from mend.care.sms.inbound import Inbox
from mend.care.sms.receipts import same_ids
from mend.care.sms.round import Happened, Round
from mend.care.sms.sending import Result, Sender
from mend.care.sms.text import pieces
from mend.care.sms.transport import Incoming, Outcome, Part, Receipt, Reply
from mend.foundation import operations
from mend.foundation.home import Home

AT = r.NOON
RULES = r.quick_rules()
ROUND = Round(Sender("main", "test", RULES.retry), Inbox("main", "10086", 2, RULES.inbound))
MINUTE = dt.timedelta(minutes=1)


def sent(
    home: Home, number: int, extension: str = "01", state: str = "submitted", smsc_message_id: str | None = "0000abcd"
) -> None:
    """A message to subscriber 1 in this state, its part under this id."""
    r.put(home, [r.message(number, AT, phone_number=r.phone(1))], AT)
    values = {"state": state, "extension": extension, "id": smsc_message_id, "at": AT, "key": f"survey:{number}"}
    its = "state_code = :state, extension = :extension, submitting_at = :at, part_count = 1"
    part = "insert into sms_part select message_id, 1, :state, :id, null, :at from sms_outbox where dedup_key = :key"
    with operations.transaction(home.database_url) as connection:
        connection.execute(text(f"update sms_outbox set {its} where dedup_key = :key"), values)
        connection.execute(text(part), values)


def happen(home: Home, *items: Receipt | Reply, results: Sequence[Result] = (), at: dt.datetime = AT + MINUTE) -> None:
    incoming = [Incoming(item.content if isinstance(item, Reply) else b"", item, None) for item in items]
    with operations.transaction(home.database_url) as connection:
        ROUND.store(connection, Happened(list(results), incoming), at, at.date())


def reply(words: str, to_number: str = "1008601", number: int = 1) -> Reply:
    return Reply(r.phone(number), to_number, words.encode("utf-16-be"), 8, False)


def receipt(smsc_message_id: str, outcome: str = "delivered", number: int = 1, to_number: str = "1008601") -> Receipt:
    return Receipt(smsc_message_id, r.phone(number), to_number, outcome, "000")


def inbound(home: Home, *columns: str) -> list[tuple[object, ...]]:
    return r.rows(home, f"select {', '.join(columns)} from sms_inbound order by inbound_id")


def keys(home: Home) -> list[tuple[object, ...]]:
    return r.rows(home, "select dedup_key, state_code, state_reason from sms_outbox order by 1")


@pytest.mark.parametrize("written", ["0000abcd", "0000ABCD", "abcd", "43981"])
def test_a_receipt_finds_its_message_however_its_id_is_written(home: Home, written: str) -> None:
    sent(home, 1)
    happen(home, receipt(written))
    assert keys(home) == [("survey:1", "delivered", "receipt")]


def test_the_id_as_it_is_comes_first() -> None:
    assert same_ids("16")[0] == "16"
    assert {"10", "22"} <= set(same_ids("16"))
    assert "255" in same_ids("FF")


def test_the_same_id_at_another_subscriber_is_another_message(home: Home) -> None:
    sent(home, 1)
    happen(home, receipt("0000abcd", number=2))
    assert keys(home) == [("survey:1", "submitted", None)]
    assert r.rows(home, "select state_code, outcome_code from sms_receipt") == [("parked", "delivered")]


def test_a_receipt_that_comes_before_the_answer_to_its_message_waits_for_it(home: Home) -> None:
    sent(home, 1, state="submitting", smsc_message_id=None)
    happen(home, receipt("43981"))
    assert keys(home) == [("survey:1", "submitting", None)]
    part = Part(1, 1, r.phone(1), "1008601", b"", 0, 0, AT)
    happen(home, results=[(part, Outcome("accepted", "0000abcd"))])
    assert keys(home) == [("survey:1", "delivered", "receipt")]
    assert r.rows(home, "select state_code from sms_receipt") == [("applied",)]


def test_what_is_not_decided_yet_changes_nothing_and_what_was_delivered_stays_so(home: Home) -> None:
    sent(home, 1)
    happen(home, receipt("0000abcd", "ENROUTE"))
    assert [row[1] for row in keys(home)] == ["submitted"]
    happen(home, receipt("0000abcd"))
    happen(home, receipt("0000abcd", "undelivered"))
    assert [row[1] for row in keys(home)] == ["delivered"]


def test_an_unknown_message_is_found_by_subscriber_and_number_only_where_there_is_one(home: Home) -> None:
    sent(home, 1, "01", "unknown", None)
    sent(home, 2, "02", "unknown", None)
    happen(home, receipt("77", to_number="1008602"))
    assert [row[1] for row in keys(home)] == ["unknown", "delivered"]
    sent(home, 3, "01", "unknown", None)
    happen(home, receipt("78", to_number="1008601"))
    assert [row[1] for row in keys(home)] == ["unknown", "delivered", "unknown"]


def test_an_answer_is_matched_by_its_extension(home: Home) -> None:
    sent(home, 1, "01")
    sent(home, 2, "02", smsc_message_id="2")
    happen(home, reply("7", "1008602"), reply("1", "1008601"), reply("9", "1008605"))
    assert inbound(home, "text", "match_code", "survey_id") == [
        ("7", "extension", "S2"),
        ("1", "extension", "S1"),
        ("9", "none", None),
    ]
    assert {row[1:] for row in keys(home)} == {("delivered", "reply")}


def test_without_extension_it_is_matched_only_where_one_survey_is_open(home: Home) -> None:
    sent(home, 1, "01")
    happen(home, reply("7", "10086"))
    sent(home, 2, "02", smsc_message_id="2")
    happen(home, reply("1", "10086"), reply("5", "10086", number=3))
    assert inbound(home, "text", "match_code", "survey_id") == [
        ("7", "only_open", "S1"),
        ("1", "several", None),
        ("5", "none", None),
    ]


def test_an_answer_after_its_time_belongs_to_nothing(home: Home) -> None:
    sent(home, 1)
    happen(home, reply("7"), at=AT + dt.timedelta(days=3))
    assert inbound(home, "match_code", "message_id") == [("none", None)]


def test_what_the_message_centre_sends_again_is_kept_once_and_what_the_customer_does_twice(home: Home) -> None:
    sent(home, 1)
    for minutes in (1, 5, 30):
        happen(home, reply("7"), at=AT + minutes * MINUTE)
    assert [row[0] for row in inbound(home, "received_at")] == [AT + MINUTE, AT + 30 * MINUTE]


LONG = "还是没有解决，" * 12 + "😀" * 30


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_long_answer_is_put_together_in_whatever_order_it_comes(home: Home, order: Sequence[int]) -> None:
    sent(home, 1)
    parts = pieces(LONG, 9)
    assert len(parts) == 3
    for place in order:
        happen(home, Reply(r.phone(1), "1008601", parts[place].content, 8, True))
    assert inbound(home, "text", "survey_id", "state_code") == [(LONG, "S1", "new")]
    assert r.rows(home, "select count(*) from sms_inbound_part") == [(0,)]


def test_phones_that_cut_a_surrogate_pair_in_two_are_read_all_the_same(home: Home) -> None:
    octets = "没😀".encode("utf-16-be")
    for number, half in ((1, octets[:4]), (2, octets[4:])):
        happen(home, Reply(r.phone(1), "10086", bytes([5, 0, 3, 1, 2, number]) + half, 8, True))
    assert inbound(home, "text", "state_code") == [("没😀", "new")]


def test_parts_whose_others_never_come_go_to_a_person(home: Home) -> None:
    first = pieces(LONG, 9)[0]
    happen(home, Reply(r.phone(1), "10086", first.content, 8, True))
    for minutes, count in ((30, 0), (90, 1), (91, 1)):
        with operations.transaction(home.database_url) as connection:
            ROUND.inbox.give_up_on_parts(connection, AT + minutes * MINUTE)
        assert r.rows(home, "select count(*) from sms_inbound") == [(count,)]
    assert inbound(home, "text", "state_code", "state_reason") == [(LONG[:67], "unclear", "parts_missing")]


def test_a_long_message_is_delivered_when_all_its_parts_are(home: Home) -> None:
    sent(home, 1, smsc_message_id="a")
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("insert into sms_part values (1, 2, 'submitted', 'b', null, :at)"), {"at": AT})
    happen(home, receipt("a"))
    assert [row[1] for row in keys(home)] == ["submitted"]
    happen(home, receipt("b", "undelivered"))
    assert keys(home) == [("survey:1", "undelivered", "000")]


def test_a_part_that_is_unknown_keeps_the_others_from_being_sent_again(home: Home) -> None:
    sent(home, 1, state="submitting", smsc_message_id=None)
    parts = [Part(1, number, r.phone(1), "1008601", b"", 0, 0, AT) for number in (1, 2)]
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("insert into sms_part values (1, 2, 'submitting', null, null, :at)"), {"at": AT})
    happen(
        home, results=[(parts[0], Outcome("unknown")), (parts[1], Outcome("refused_for_now", error_code="0x00000058"))]
    )
    assert keys(home) == [("survey:1", "unknown", "0x00000058")]


def test_reading_and_marking_answers(home: Home) -> None:
    sent(home, 1)
    happen(home, reply("7"), reply("什么？", number=2))
    with operations.transaction(home.database_url) as connection:
        first, second = sms.read_inbound(connection)
        assert (first.customer_id, first.purpose_code, first.survey_id, second.customer_id) == (
            "C1",
            "survey",
            "S1",
            None,
        )
        sms.mark_inbound(connection, first.inbound_id, "matched", AT)
        sms.mark_inbound(connection, second.inbound_id, "unclear", AT, reason="no_survey")
        assert sms.read_inbound(connection) == []
        assert contact_rules.opt_out(connection, first.phone_number, AT, "reply", first.inbound_id)
        assert not contact_rules.opt_out(connection, first.phone_number, AT, "agent")


def test_the_relay_lets_go_of_receipts_that_fit_nothing_after_three_days(home: Home) -> None:
    for days, smsc_message_id in enumerate(["old", "new"]):
        happen(home, receipt(smsc_message_id), at=AT + days * 1440 * MINUTE)
    later = AT + dt.timedelta(seconds=RULES.receipts.parked_seconds + 60)

    async def go() -> None:
        async with r.centre() as (_, port), r.running(r.relay_to(home, port, clock=lambda: later)):
            await r.until(lambda: r.rows(home, "select smsc_message_id from sms_receipt") == [("new",)])

    asyncio.run(go())
