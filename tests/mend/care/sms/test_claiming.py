"""The contact policy at claim time: what goes out now, what waits, what never goes, each with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from tests.mend.care.sms import rows as r

from mend.care import contact_rules
from mend.care.sms.claiming import Claimed, Claimer
from mend.care.sms.hours import next_allowed
from mend.care.sms.policy import Guard, Named, Policy
from mend.care.sms.sending import Sender
from mend.care.sms.settings import Sending
from mend.care.sms.transport import Part
from mend.foundation import operations
from mend.foundation.home import Home

AT = r.NOON
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LIVE = Sending("live")
DAYTIME = {"quiet_zones": ("Asia/Shanghai", "Asia/Urumqi"), "allowed_from": "09:00", "allowed_until": "20:30"}


def claimer(
    sending: Sending = LIVE, gap: float = 60, guards: tuple[Guard, ...] = (), batch: int = 200, **account: int
) -> Claimer:
    rules = r.quick_rules(account, claim={"batch_count": batch})
    policy = Policy(sending, rules.extensions, dt.timedelta(seconds=gap))
    return Claimer("main", rules.account("main"), rules.claim, policy, "relay-1", guards)


def claim(home: Home, by: Claimer, at: dt.datetime = AT) -> list[Claimed]:
    with operations.transaction(home.database_url) as connection:
        return by.claim(connection, at, at.astimezone(ZoneInfo("Asia/Shanghai")).date())[0]


def outbox(home: Home) -> list[tuple[object, ...]]:
    return r.rows(home, "select dedup_key, state_code, state_reason from sms_outbox order by dedup_key")


def test_only_what_is_due_and_allowed_is_claimed_and_the_rest_says_why(home: Home) -> None:
    night = {"allowed_from": "00:00", "allowed_until": "05:00", "quiet_zones": ("Asia/Shanghai",)}
    never = {"allowed_from": "09:00", "allowed_until": "10:00", "quiet_zones": ("Asia/Shanghai", "America/New_York")}
    cases = [
        r.message(1, AT),
        r.message(2, AT, not_before=AT + HOUR),
        r.message(3, AT, valid_until=AT),
        r.message(4, AT, **night),
        r.message(5, AT, **never),
        r.message(6, AT, phone_number=r.phone(1)),
        r.message(7, AT, **DAYTIME),
        r.message(8, AT),
    ]
    r.put(home, cases, AT)
    with operations.transaction(home.database_url) as connection:
        contact_rules.opt_out(connection, r.phone(8), AT, "reply")
    assert [message.message_id for message in claim(home, claimer())] == [1, 7]
    assert outbox(home) == [
        ("survey:1", "claimed", None),
        ("survey:2", "pending", None),
        ("survey:3", "expired", "validity"),
        ("survey:4", "pending", "quiet_hours"),
        ("survey:5", "suppressed", "no_hour_suits_all_zones"),
        ("survey:6", "pending", "same_number"),
        ("survey:7", "claimed", None),
        ("survey:8", "suppressed", "opt_out"),
    ]
    assert r.rows(home, "select due_at from sms_outbox where dedup_key = 'survey:4'") == [(AT + 12 * HOUR,)]


def test_a_message_that_waits_for_its_hour_beyond_its_validity_expires(home: Home) -> None:
    r.put(
        home,
        [
            r.message(
                1,
                AT,
                allowed_from="00:00",
                allowed_until="05:00",
                quiet_zones=("Asia/Shanghai",),
                valid_until=AT + HOUR,
            )
        ],
        AT,
    )
    assert claim(home, claimer()) == []
    assert claim(home, claimer(), AT + HOUR) == []
    assert outbox(home) == [("survey:1", "expired", "validity")]


def test_in_a_dry_run_nothing_is_claimed_and_the_allow_list_lets_its_numbers_through(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in (1, 2)], AT)
    assert claim(home, claimer(Sending())) == []
    assert outbox(home) == [("survey:1", "suppressed", "dry_run"), ("survey:2", "suppressed", "dry_run")]
    r.put(home, [r.message(number, AT) for number in (3, 4)], AT)
    assert len(claim(home, claimer(Sending("allow_list", frozenset([r.phone(4)]))))) == 1
    assert outbox(home)[2:] == [("survey:3", "suppressed", "not_on_allow_list"), ("survey:4", "claimed", None)]


def test_an_opt_out_after_the_claim_stops_the_message_before_it_is_written(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in (1, 2)], AT)
    claimed = claim(home, claimer())
    parts = [
        [Part(each.message_id, 1, each.phone_number, each.sender_number, b"", 0, 0, each.valid_until)]
        for each in claimed
    ]
    sender = Sender("main", "relay-1", r.quick_rules().retry)
    with operations.transaction(home.database_url) as connection:
        contact_rules.opt_out(connection, r.phone(1), AT, "agent")
        assert [part.message_id for part in sender.begin(connection, parts, AT, AT.date())] == [2]
    assert outbox(home) == [("survey:1", "suppressed", "opt_out"), ("survey:2", "submitting", None)]


def test_a_claim_that_another_relay_took_over_is_not_written(home: Home) -> None:
    r.put(home, [r.message(1, AT)], AT)
    (each,) = claim(home, claimer())
    parts = [[Part(each.message_id, 1, each.phone_number, each.sender_number, b"", 0, 0, each.valid_until)]]
    with operations.transaction(home.database_url) as connection:
        assert Sender("main", "relay-2", r.quick_rules().retry).begin(connection, parts, AT, AT.date()) == []
        assert (
            Sender("main", "relay-1", r.quick_rules().retry).begin(connection, parts, AT + DAY / 2, AT.date()) == []
        )  # its lease is over
    assert outbox(home) == [("survey:1", "pending", "released")]


def test_promised_messages_go_first_and_keep_their_room_in_the_budget(home: Home) -> None:
    r.put(home, [r.message(number, AT, is_promised=number >= 8) for number in range(10)], AT)
    by = claimer(max_a_day=5, reserved_a_day=2)
    assert [each.message_id for each in claim(home, by)] == [9, 10, 1]
    assert claim(home, by) == []
    r.put(home, [r.message(20, AT, is_promised=True), r.message(21, AT)], AT)
    assert [each.message_id for each in claim(home, by)] == [11]
    assert r.states(home)[("pending", None)] == 8


def test_without_a_reserve_the_budget_is_the_budget_and_a_new_day_has_a_new_one(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in range(5)], AT)
    by = claimer(max_a_day=2, reserved_a_day=0)
    assert len(claim(home, by)) == 2
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("update sms_outbox set state_code = 'submitted' where state_code = 'claimed'"))
        connection.execute(text("insert into sms_account_day values ('main', '2026-05-01', 2)"))
    assert claim(home, by) == []
    assert len(claim(home, by, AT + DAY / 2)) == 2  # midnight in the business zone is at 16:00 UTC


def test_open_surveys_of_one_number_have_extensions_of_their_own(home: Home) -> None:
    r.put(home, [r.message(number, AT, phone_number=r.phone(1)) for number in range(12)], AT)
    assert [each.sender_number for each in _one_after_the_other(home)] == [
        f"10086{number:02d}" for number in range(1, 11)
    ]
    assert outbox(home)[-2:] == [
        ("survey:8", "pending", "no_free_extension"),
        ("survey:9", "pending", "no_free_extension"),
    ]
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("update sms_outbox set reply_until = :at where extension = '04'"), {"at": AT})
    assert [each.sender_number for each in claim(home, claimer(gap=0), AT + 2 * HOUR)] == ["1008604"]


def _one_after_the_other(home: Home) -> list[Claimed]:
    found: list[Claimed] = []
    for _ in range(12):
        found += claim(home, claimer(gap=0, batch=1))
        with operations.transaction(home.database_url) as connection:
            connection.execute(text("update sms_outbox set state_code = 'submitted' where state_code = 'claimed'"))
    return found


def test_a_message_that_expects_no_answer_has_no_extension(home: Home) -> None:
    r.put(home, [r.message(1, AT, reply_until=None)], AT)
    assert [each.sender_number for each in claim(home, claimer())] == ["10086"]


def test_guards_of_other_rooms_are_asked_in_the_same_transaction(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in (1, 2)], AT)
    ((second,),) = r.rows(home, "select message_id from sms_outbox where customer_id = 'C2'")

    def has_a_ticket(connection: Connection, candidates: Sequence[Named], at: dt.datetime) -> Mapping[int, str]:
        assert connection.in_transaction()
        assert at == AT
        return {candidate.message_id: "open_ticket" for candidate in candidates if candidate.message_id == second}

    assert len(claim(home, claimer(guards=(has_a_ticket,)))) == 1
    assert outbox(home)[1] == ("survey:2", "suppressed", "open_ticket")


def test_messages_that_another_transaction_holds_are_passed_by(home: Home) -> None:
    r.put(home, [r.message(number, AT) for number in range(4)], AT)
    with operations.transaction(home.database_url) as connection:
        by = claimer(batch=2)
        assert [each.message_id for each in by.claim(connection, AT, AT.date())[0]] == [1, 2]
        assert [each.message_id for each in claim(home, by)] == [3, 4]


def test_the_same_messages_enqueued_by_several_at_once_are_there_once(home: Home) -> None:
    from concurrent.futures import ThreadPoolExecutor

    messages = [r.message(number, AT) for number in range(300)]
    with ThreadPoolExecutor(4) as enqueuers:
        added = list(
            enqueuers.map(lambda shift: r.put(home, messages[shift:] + messages[:shift], AT), [0, 75, 150, 225])
        )
    assert sum(added) == 300
    assert r.states(home) == {("pending", None): 300}


def test_neither_numbers_nor_texts_show_in_what_is_printed() -> None:
    message = r.message(1, AT)
    assert message.phone_number not in repr(message)
    assert message.text not in repr(message)


@pytest.mark.parametrize(
    ("at", "zones", "hours", "expected"),
    [
        ("2026-05-01T04:00", ["Asia/Shanghai"], ("09:00", "20:30"), "2026-05-01T04:00"),
        (
            "2026-05-01T12:30",
            ["Asia/Shanghai"],
            ("09:00", "20:30"),
            "2026-05-02T01:00",
        ),  # the end is not allowed any more
        ("2026-05-01T01:30", ["Asia/Shanghai", "Asia/Urumqi"], ("09:00", "20:30"), "2026-05-01T03:00"),
        ("2026-05-01T12:29", ["Asia/Shanghai", "Asia/Urumqi"], ("09:00", "20:30"), "2026-05-01T12:29"),
        ("2026-05-01T00:00", ["Asia/Shanghai", "America/New_York"], ("09:00", "20:30"), None),
        (
            "2026-03-28T23:00",
            ["Europe/Berlin"],
            ("09:00", "20:30"),
            "2026-03-29T07:00",
        ),  # the night the clock is put forward
        ("2026-05-01T12:00", ["Asia/Shanghai"], ("22:00", "06:00"), "2026-05-01T14:00"),
    ],
)
def test_the_next_hour_that_suits_every_zone(
    at: str, zones: list[str], hours: tuple[str, str], expected: str | None
) -> None:
    assert next_allowed(_utc(at), zones, *hours) == (_utc(expected) if expected else None)


ZONES = ["Asia/Shanghai", "Asia/Urumqi", "Asia/Kolkata", "Europe/Berlin", "Pacific/Auckland"]


@given(
    st.integers(0, 364 * 24).map(lambda hours: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + hours * HOUR),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    st.integers(0, 23),
    st.integers(1, 20),
)
def test_the_next_allowed_hour_is_what_a_search_hour_by_hour_finds(
    at: dt.datetime, zones: list[str], first: int, length: int
) -> None:
    start, end = f"{first:02d}:00", f"{(first + length) % 24:02d}:00"
    found = next_allowed(at, zones, start, end)
    quarters = [at + number * HOUR / 4 for number in range(4 * 30)]
    by_search = next((each for each in quarters if all(_is_allowed(each, zone, first, length) for zone in zones)), None)
    assert by_search is None or found == by_search


def _is_allowed(at: dt.datetime, zone: str, first: int, length: int) -> bool:
    local = at.astimezone(ZoneInfo(zone))
    return (local.hour + local.minute / 60 - first) % 24 < length


def _utc(text_: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text_).replace(tzinfo=dt.UTC)
