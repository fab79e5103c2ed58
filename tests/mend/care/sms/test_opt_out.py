"""An opt-out holds from the moment it is acknowledged: nobody has to read it first, and nothing to that number is
written after it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import text
from tests.mend.care.sms import rows as r

from mend.care.sms.claiming import Claimer
from mend.care.sms.inbound import LONGEST_OPT_OUT, Inbox
from mend.care.sms.policy import Policy
from mend.care.sms.round import Happened, Round
from mend.care.sms.sending import Sender
from mend.care.sms.settings import Sending
from mend.care.sms.smsc import World
from mend.care.sms.smsc.world import Received
from mend.care.sms.text import pieces
from mend.care.sms.transport import Incoming, Part, Reply
from mend.care.survey import read_replies
from mend.care.survey.reply import asks_to_stop
from mend.foundation import operations
from mend.foundation.home import Home

AT = r.NOON
MINUTE = dt.timedelta(minutes=1)
RULES = r.quick_rules()
ROUND = Round(Sender("main", "relay-1", RULES.retry), Inbox("main", "10086", 2, RULES.inbound, asks_to_stop))


def reply(words: str, number: int = 1) -> Reply:
    return Reply(r.phone(number), "10086", words.encode("utf-16-be"), 8, False)


def happen(
    home: Home, *items: Reply, next_: Sequence[list[Part]] = (), round_: Round = ROUND, at: dt.datetime = AT
) -> list[int]:
    """One round; the messages that may be written after it."""
    with operations.transaction(home.database_url) as connection:
        parts, _ = round_.store(
            connection, Happened([], [Incoming(item.content, item, None) for item in items], list(next_)), at, at.date()
        )
    return [part.message_id for part in parts]


def claimed(home: Home, account: str = "main") -> list[list[Part]]:
    """Everything that is due, claimed by relay-1, as parts."""
    policy = Policy(Sending("live"), RULES.extensions, dt.timedelta())
    claimer = Claimer(account, RULES.account(account), RULES.claim, policy, "relay-1")
    with operations.transaction(home.database_url) as connection:
        found, _ = claimer.claim(connection, AT, AT.date())
    return [
        [Part(each.message_id, 1, each.phone_number, each.sender_number, b"", 0, 0, each.valid_until)] for each in found
    ]


def opted_out(home: Home) -> list[tuple[object, ...]]:
    return r.rows(home, "select phone_number, source_code, inbound_id from sms_opt_out order by 1")


def outbox(home: Home) -> list[tuple[object, ...]]:
    return r.rows(
        home, "select dedup_key, state_code, state_reason, final_at is not null from sms_outbox order by dedup_key"
    )


@pytest.mark.parametrize("words", ["退订", "T", "回Ｔ退訂", "STOP", "stop!", "退订\0"])
def test_it_is_entered_with_the_message_and_stops_what_waits(home: Home, words: str) -> None:
    r.put(
        home,
        [r.message(1, AT), r.message(2, AT, phone_number=r.phone(1), account_code="gateway"), r.message(3, AT)],
        AT,
    )
    happen(home, reply(words))
    assert opted_out(home) == [(r.phone(1), "reply", 1)]
    assert outbox(home) == [
        ("survey:1", "suppressed", "opt_out", True),
        ("survey:2", "suppressed", "opt_out", True),
        ("survey:3", "pending", None, False),
    ]


def test_between_claim_and_write_it_holds_too(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in (1, 2)], AT)
    waiting = claimed(home)
    assert happen(home, reply("退订"), next_=waiting) == [2]  # in the same round
    assert outbox(home) == [("survey:1", "suppressed", "opt_out", True), ("survey:2", "submitting", None, False)]


def test_one_that_another_accounts_relay_took_in_holds_too(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in (1, 2)], AT)
    waiting = claimed(home)
    other = Round(Sender("gateway", "relay-2", RULES.retry), Inbox("gateway", "10086", 2, RULES.inbound, asks_to_stop))
    happen(home, reply("STOP", 2), round_=other)
    assert happen(home, next_=waiting) == [1]


def test_what_another_relay_is_claiming_at_that_moment_is_stopped_before_it_is_written(home: Home) -> None:
    """The claim began before the opt-out and does not see it; the opt-out does not wait for the claim."""
    r.put(home, [r.message(1, AT)], AT)
    policy = Policy(Sending("live"), RULES.extensions, dt.timedelta())
    with operations.transaction(home.database_url) as connection:
        found, _ = Claimer("main", RULES.account("main"), RULES.claim, policy, "relay-1").claim(
            connection, AT, AT.date()
        )
        happen(home, reply("退订"))
    assert outbox(home) == [("survey:1", "claimed", None, False)]
    part = Part(found[0].message_id, 1, r.phone(1), "10086", b"", 0, 0, found[0].valid_until)
    assert happen(home, next_=[[part]]) == []
    assert outbox(home) == [("survey:1", "suppressed", "opt_out", True)]


@pytest.mark.parametrize(
    ("content", "data_coding"),
    [
        ("退订".encode("gbk"), 15),
        ("退订".encode(), 0),  # UTF-8, handed on as the default alphabet
        (b"TD", 8),  # ASCII, said to be UCS-2
        (b"T", 8),
        (b"STOP", 8),
        (b"stop", 3),
        ("退订".encode("utf-16-be") + b"\0\0", 8),
    ],
)
def test_it_is_understood_in_the_codings_that_centres_use(home: Home, content: bytes, data_coding: int) -> None:
    happen(home, Reply(r.phone(1), "10086", content, data_coding, False))
    assert opted_out(home) == [(r.phone(1), "reply", 1)]
    assert asks_to_stop(str(r.rows(home, "select text from sms_inbound")[0][0]))


def test_chinese_whose_octets_are_letters_is_chinese(home: Home) -> None:
    happen(home, reply("慢"))
    assert "慢".encode("utf-16-be") == b"ab"
    assert r.rows(home, "select text from sms_inbound") == [("慢",)]


@pytest.mark.parametrize(
    "words", ["7", "没解决", "don't stop", "退订彩铃", "", "不要退订", "退订" + "。" * LONGEST_OPT_OUT]
)
def test_other_words_stop_nothing(home: Home, words: str) -> None:
    r.put(home, [r.message(1, AT)], AT)
    happen(home, reply(words))
    assert opted_out(home) == []
    assert outbox(home)[0][1] == "pending"


def test_one_in_several_parts_holds_when_the_last_has_come(home: Home) -> None:
    words = "请不要再给我发短信了" + "。" * 90
    assert asks_to_stop(words)
    for piece in pieces(words, 7):
        assert opted_out(home) == []
        happen(home, Reply(r.phone(1), "10086", piece.content, 8, True))
    assert opted_out(home) == [(r.phone(1), "reply", 1)]


def test_the_message_centre_sends_it_again_and_it_is_entered_once(home: Home) -> None:
    for minutes in (0, 1, 5):
        happen(home, reply("退订"), at=AT + minutes * MINUTE)
    assert opted_out(home) == [(r.phone(1), "reply", 1)]
    assert r.rows(home, "select opted_out_at from sms_opt_out") == [(AT,)]
    happen(home, reply("退订"), at=AT + 30 * MINUTE)  # nobody but the customer says it so late
    assert r.rows(home, "select opted_out_at, inbound_id from sms_opt_out") == [(AT + 30 * MINUTE, 2)]


@pytest.mark.parametrize("together", [True, False])
def test_who_asks_for_messages_again_and_says_stop_in_the_same_words_as_before_gets_none(
    home: Home, together: bool
) -> None:
    """Within minutes, or all at once, as after a night in which the relay was down."""
    words = ("STOP", "START", "STOP")
    rounds = [[reply(each) for each in words]] if together else [[reply(each)] for each in words]
    for minutes, items in enumerate(rounds):
        happen(home, *items, at=AT + minutes * MINUTE)
    assert r.rows(home, "select text from sms_inbound order by inbound_id") == [(each,) for each in words]
    read = read_replies(home, AT + 5 * MINUTE)
    assert (read.read, read.opt_out) == (3, 2)
    assert opted_out(home) == [(r.phone(1), "reply", 3)]


def test_what_a_died_round_left_unacknowledged_comes_again_and_is_kept_once(home: Home) -> None:
    for minutes in range(2):
        happen(home, reply("1"), reply("谢谢"), reply("7", 2), at=AT + minutes * MINUTE)
    assert r.rows(home, "select text from sms_inbound order by inbound_id") == [("1",), ("谢谢",), ("7",)]
    for minutes, words in enumerate(["不对", "1"], 2):
        happen(home, reply(words), at=AT + minutes * MINUTE)
    assert r.rows(home, "select count(*) from sms_inbound where text = '1'") == [(2,)]  # the customer takes it back


@pytest.mark.parametrize("is_read_first", [True, False])
def test_asking_again_lifts_nothing_that_was_said_after_it_and_is_not_read_yet(home: Home, is_read_first: bool) -> None:
    """The run's interval, or a block, ends between the two; `mend_survey` may stand still after it."""
    happen(home, reply("STOP"), at=AT)
    if is_read_first:
        read_replies(home, AT)
    happen(home, reply("START"), at=AT + MINUTE)
    happen(home, reply("TD"), at=AT + 2 * MINUTE)
    assert read_replies(home, AT + MINUTE).opt_in == 0
    assert opted_out(home) == [(r.phone(1), "reply", 3)]
    happen(home, reply("START"), at=AT + 20 * MINUTE)
    assert read_replies(home, AT + 20 * MINUTE).opt_in == 1
    assert opted_out(home) == []


def test_a_reader_that_fails_stops_neither_the_message_nor_those_after_it(home: Home) -> None:
    def fails(words: str) -> bool:
        raise ValueError(words)

    round_ = Round(ROUND.sender, Inbox("main", "10086", 2, RULES.inbound, fails))
    happen(home, reply("退订"), reply("7", 2), round_=round_)
    assert r.rows(home, "select text, state_code from sms_inbound order by 1") == [("7", "new"), ("退订", "new")]


def test_the_reading_of_replies_finds_it_entered_and_leaves_the_same_records(home: Home, new_home: object) -> None:
    def records(of: Home, round_: Round) -> list[list[tuple[object, ...]]]:
        happen(of, reply("退订"), reply("7", 2), round_=round_)
        read = read_replies(of, AT + MINUTE)
        assert (read.read, read.opt_out) == (2, 1)
        assert read_replies(of, AT + 2 * MINUTE).read == 0
        tables = ("sms_opt_out", "survey_reply", "sms_inbound")
        return [r.rows(of, f"select * from {table} order by 1") for table in tables]

    as_before = Round(ROUND.sender, Inbox("main", "10086", 2, RULES.inbound))
    with new_home() as other:  # type: ignore[operator]
        assert records(home, ROUND) == records(other, as_before)


def test_the_relay_sends_nothing_to_who_has_just_said_stop(home: Home) -> None:
    """Over TCP: each subscriber answers 退订 to the first message; the second, due a moment later, is never written."""
    count, at = 10, dt.datetime.now(dt.UTC)
    later = at + dt.timedelta(seconds=1.5)
    first = [r.message(number, at, text="first") for number in range(count)]
    second = [
        r.message(100 + number, at, phone_number=r.phone(number), not_before=later, text="second")
        for number in range(count)
    ]
    r.put(home, first + second, at)
    received: list[str] = []

    def answer(message: Received) -> tuple[str, float] | None:
        received.append(message.text)
        return "退订", 0.05

    async def go() -> None:
        async with (
            r.centre(World(receipt_seconds=(0, 0)), answer=answer) as (_, port),
            r.running(r.relay_to(home, port, asks_to_stop=asks_to_stop)),
        ):
            await r.until(lambda: len(opted_out(home)) == count)
            await asyncio.sleep(2)

    asyncio.run(go())
    assert received == ["first"] * count
    assert r.states(home) == {("delivered", "receipt"): count, ("suppressed", "opt_out"): count}
    with operations.transaction(home.database_url) as connection:
        assert (
            connection.execute(text("select count(*) from sms_inbound where state_code = 'new'")).scalar_one() == count
        )


def test_the_command_gives_the_relay_the_survey_rooms_reading(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import argparse

    from mend.care import sms
    from mend.cli import relay as command

    given: dict[str, object] = {}
    monkeypatch.setattr(sms, "run_relay", lambda *_, **named: given.update(named) or {})
    command.relay(argparse.Namespace(account="main", seconds=1, clock_offset=0, to_simulator=False), home)
    assert given["asks_to_stop"] is asks_to_stop
