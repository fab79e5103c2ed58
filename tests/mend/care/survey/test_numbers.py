"""Whose a number is: one that went to another customer, one that two claim, one that an event names; and whose an
opt-out is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from tests.mend.care.survey.desk import drop, event, moment, open_account, reply, rows, run, sent
from tests.mend.damage.scoring.rows import put

from mend.care import sms
from mend.care.contact_rules import reasons_at_claim
from mend.care.contact_rules.addresses import refresh_addresses
from mend.care.service_events.night import take_night
from mend.care.sms.claiming import Claimer
from mend.care.sms.inbound import Inbox
from mend.care.sms.policy import Policy
from mend.care.sms.round import Happened, Round
from mend.care.sms.sending import Sender
from mend.care.sms.settings import Sending
from mend.care.sms.transport import Incoming, Part, Reply
from mend.care.survey import read_replies
from mend.care.survey.dispatch import dispatch
from mend.care.survey.reply import asks_to_stop
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench

N, M = "+8613800000001", "+8613800000002"
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
MAY_11, JUNE_2 = moment("2026-05-11 10:02"), moment("2026-06-02 10:02")


@pytest.fixture
def desk(home: Home, bench: Workbench) -> Home:
    open_account(home)
    home.scratch.mkdir(exist_ok=True, parents=True)
    return home


def snapshot(desk: Home, bench: Workbench, month_on: dt.date, **numbers: str | None) -> None:
    """The month's snapshot came: customers and their numbers, all of whom consent."""
    put(bench, "customer", [
        {"customer_id": name, "month_on": month_on, "phone_number": number, "has_survey_consent": "true",
        "status_code": "active"}
        for name, number in numbers.items()
    ], arrived_on=month_on)  # fmt: skip
    take_night(desk, bench, [month_on], moment(f"{month_on} 23:00"))


def merged(desk: Home, bench: Workbench, old: str, new: str, on: dt.date, **columns: Any) -> None:
    put(
        bench,
        "customer_alias",
        [{"old_customer_id": old, "new_customer_id": new, "merged_on": on, **columns}],
        arrived_on=on,
    )
    take_night(desk, bench, [on], moment(f"{on} 23:30"))


def call(desk: Home, name: str, customer: str, when: str, **fields: Any) -> None:
    drop(desk, event(name, customer, when, **fields), name=f"{name}.jsonl")


def queued(desk: Home) -> list[tuple[str, str]]:
    return rows(desk, "select about_id, phone_number from survey order by 1")  # type: ignore[return-value]


def refused(desk: Home) -> dict[str, tuple[str, bool]]:
    found = rows(desk, "select survey_id, reason_code, needs_person from survey_refusal")
    return {survey.split(":")[1]: (reason, needs) for survey, reason, needs in found}


def reasons_now(desk: Home, at: dt.datetime) -> dict[str, str]:
    """What the relay's guard says of the messages that wait."""
    with operations.transaction(desk.database_url) as connection:
        messages = connection.execute(
            text("select message_id, about_id from sms_outbox where state_code = 'pending'")
        ).all()
        found = reasons_at_claim(connection, messages, at)  # type: ignore[arg-type]
    return {row.about_id: found[row.message_id] for row in messages if row.message_id in found}


def test_nothing_about_a_customer_goes_to_whoever_got_their_number(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    call(desk, "before", "A", "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    assert queued(desk) == [("before", N)]
    assert reasons_now(desk, MAY_11) == {}
    snapshot(desk, bench, JUNE, B=N)  # A is not in it, so it says nothing of A's number but that it is B's
    assert reasons_now(desk, MAY_11) == {"before": "number_in_doubt"}
    call(desk, "after", "A", "2026-06-02 10:00")
    call(desk, "theirs", "B", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert queued(desk) == [("before", N), ("theirs", N)]
    assert refused(desk) == {"after": ("number_in_doubt", True)}


def test_a_customer_with_a_new_number_is_asked_there_and_what_waits_for_the_old_one_is_not_sent(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N)
    call(desk, "before", "A", "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    snapshot(desk, bench, JUNE, A=M)
    assert reasons_now(desk, MAY_11) == {"before": "number_in_doubt"}
    call(desk, "after", "A", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert queued(desk) == [("after", M), ("before", N)]


def test_a_number_that_was_corrected_within_its_month_is_not_written_to(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    call(desk, "before", "A", "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    snapshot(desk, bench, MAY, A=M)
    assert reasons_now(desk, MAY_11) == {"before": "number_in_doubt"}


def test_of_two_who_claim_a_number_in_one_snapshot_nobody_is_written_to_until_it_is_told_whose_it_is(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N, B=N, C=M)
    for name in "ABC":
        call(desk, f"c{name}", name, "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    assert queued(desk) == [("cC", M)]
    assert refused(desk) == {"cA": ("number_in_doubt", True), "cB": ("number_in_doubt", True)}
    snapshot(desk, bench, JUNE, A=N, B=None)
    call(desk, "later", "A", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert ("later", N) in queued(desk)


def test_whoever_left_holds_no_number_against_whoever_has_it_now(desk: Home, bench: Workbench) -> None:
    people = [("A", "left"), ("B", "active")]
    put(bench, "customer", [{"customer_id": name, "month_on": MAY, "phone_number": N, "has_survey_consent": "true",
    "status_code": status}
                            for name, status in people])  # fmt: skip
    take_night(desk, bench, [MAY], moment("2026-05-01 23:00"))
    call(desk, "c", "B", "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    assert queued(desk) == [("c", N)]


def test_a_snapshot_of_an_earlier_month_that_comes_later_changes_nothing(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, JUNE, A=M, B=N)
    put(bench, "customer", [{"customer_id": "A", "month_on": MAY, "phone_number": N}], arrived_on=JUNE)
    refresh_addresses(desk, bench, MAY)
    take_night(desk, bench, [JUNE], moment("2026-06-02 01:00"))
    assert rows(desk, "select customer_id, phone_number, snapshot_on from contact_address order by 1") == [
        ("A", M, JUNE),
        ("B", N, JUNE),
    ]
    assert rows(desk, "select * from former_number") == []


@pytest.mark.parametrize(
    ("when", "holder", "expected"),
    [
        ("2026-06-02 10:00", {}, [("c", M)]),  # the event is news: they call from another number now
        ("2026-05-30 10:00", {}, [("c", N)]),  # the snapshot is the later word
        ("2026-06-02 10:00", {"B": M}, []),  # the number that the event names is somebody else's
    ],
)
def test_an_event_with_a_number_of_its_own(
    desk: Home, bench: Workbench, when: str, holder: dict[str, str], expected: list[Any]
) -> None:
    snapshot(desk, bench, JUNE, A=N, **holder)
    call(desk, "c", "A", when, phone_number=M)
    dispatch(desk, max(JUNE_2 if when > "2026-06" else moment("2026-05-30 10:02"), moment("2026-05-30 10:02")))
    assert queued(desk) == expected
    assert refused(desk) == ({} if expected else {"c": ("number_in_doubt", True)})


def asked(desk: Home, name: str, at: dt.datetime) -> None:
    dispatch(desk, at)
    sent(desk, f"complex_topic_ended:{name}", at)


@pytest.mark.parametrize("extension", ["01", None])
def test_a_reply_from_a_number_that_went_to_another_answers_nothing_of_the_one_before(
    desk: Home, bench: Workbench, extension: str | None
) -> None:
    snapshot(desk, bench, MAY, A=N)
    call(desk, "c", "A", "2026-05-31 10:00")
    asked(desk, "c", moment("2026-05-31 10:02"))
    snapshot(desk, bench, JUNE, A=M, B=N)
    reply(desk, "7", moment("2026-06-01 09:00"), N, extension)
    read = read_replies(desk, moment("2026-06-01 09:05"))
    assert (read.unmatched, read.for_people, read.first) == (1, 1, 0)
    assert rows(desk, "select is_solved from survey") == [(None,)]


def opted_out(desk: Home) -> list[tuple[Any, ...]]:
    return rows(desk, "select customer_id, phone_number from customer_opt_out order by 1, 2")


def test_an_opt_out_stays_with_the_customer_and_leaves_the_number_to_whoever_gets_it(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N)
    call(desk, "c", "A", "2026-05-11 10:00")
    asked(desk, "c", MAY_11)
    reply(desk, "退订", MAY_11 + dt.timedelta(minutes=3), N)
    assert read_replies(desk, MAY_11 + dt.timedelta(minutes=5)).opt_out == 1
    assert opted_out(desk) == [("A", N)]
    snapshot(desk, bench, JUNE, A=M, B=N)
    call(desk, "new number", "A", "2026-06-02 10:00")
    call(desk, "old number", "B", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert refused(desk) == {"new number": ("opted_out", True)}
    assert ("old number", N) in queued(desk)
    assert rows(desk, "select phone_number from sms_opt_out") == []
    snapshot(desk, bench, dt.date(2026, 7, 1), A=N, B=M)  # it comes back
    call(desk, "back", "A", "2026-07-02 10:00")
    dispatch(desk, moment("2026-07-02 10:02"))
    assert refused(desk)["back"] == ("opted_out", True)


def test_a_number_stays_silent_while_it_is_in_doubt_whose_the_opt_out_was(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    run(desk, "insert into sms_opt_out values (:number, :at, 'agent')", number=N, at=MAY_11)
    snapshot(desk, bench, MAY, A=M, B=N)  # the same month, corrected: whoever said it may have been B
    call(desk, "c", "B", "2026-05-12 10:00")
    dispatch(desk, moment("2026-05-12 10:02"))
    assert refused(desk) == {"c": ("opted_out", True)}
    run(desk, "insert into sms_opt_out values (:number, :at, 'agent')", number="+8613800000009", at=MAY_11)
    snapshot(desk, bench, JUNE, C="+8613800000009")  # nobody had it when it was said, as far as we know
    call(desk, "d", "C", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert refused(desk)["d"] == ("opted_out", True)


def test_an_opt_out_said_again_while_two_claim_the_number_is_that_of_both(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    reply(desk, "TD", MAY_11, N)
    read_replies(desk, MAY_11)
    snapshot(desk, bench, JUNE, A=N, B=N)
    reply(desk, "STOP", JUNE_2, N)
    read_replies(desk, JUNE_2)
    assert opted_out(desk) == [("A", N), ("B", N)]
    snapshot(desk, bench, dt.date(2026, 7, 1), A=M, B=N)
    call(desk, "c", "B", "2026-07-02 10:00")
    dispatch(desk, moment("2026-07-02 10:02"))
    assert refused(desk)["c"] == ("opted_out", True)


def test_an_opt_out_that_is_read_after_the_number_moved_is_that_of_whoever_had_it_then(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N)
    snapshot(desk, bench, JUNE, A=M, B=N)
    run(desk, "insert into sms_opt_out values (:number, :at, 'import')", number=N, at=MAY_11)
    assert opted_out(desk) == [("A", N)]
    run(desk, "delete from sms_opt_out")
    run(desk, "insert into sms_opt_out values (:number, :at, 'import')", number=N, at=JUNE_2)
    assert opted_out(desk) == [("A", N), ("B", N)]


def test_a_merged_customer_keeps_the_opt_out_of_every_id_along_the_chain(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    run(desk, "insert into sms_opt_out values (:number, :at, 'agent')", number=N, at=MAY_11)
    snapshot(desk, bench, JUNE, C=M)
    call(desk, "before", "C", "2026-06-01 10:00")
    dispatch(desk, moment("2026-06-01 10:02"))
    assert queued(desk) == [("before", M)]
    merged(desk, bench, "A", "B", dt.date(2026, 6, 1))
    merged(desk, bench, "B", "C", dt.date(2026, 6, 2))
    assert reasons_now(desk, JUNE_2) == {"before": "opted_out"}  # also a merge that comes after the message was queued
    call(desk, "c", "C", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert refused(desk) == {"c": ("opted_out", True)}
    merged(desk, bench, "B", "C", dt.date(2026, 6, 2), is_cancelled="true")
    assert rows(desk, "select customer_id, person_id from customer_person") == [("A", "B")]
    assert reasons_now(desk, JUNE_2) == {}


def last_look(
    desk: Home, at: dt.datetime, *heard: Reply, before: Callable[[], None] = lambda: None
) -> list[tuple[Any, ...]]:
    """A relay claims what is due; this happens and is heard; it looks once more before it writes. What becomes of the
    messages.
    """
    rules = sms.rules_on(at.date())
    policy = Policy(Sending("live"), rules.extensions, dt.timedelta())
    claimer = Claimer("main", rules.account("main"), rules.claim, policy, "relay", (reasons_at_claim,))
    with operations.transaction(desk.database_url) as connection:
        claimed, _ = claimer.claim(connection, at, at.date())
    before()
    parts = [
        [Part(each.message_id, 1, each.phone_number, each.sender_number, b"", 0, 0, each.valid_until)]
        for each in claimed
    ]
    inbox = Inbox("main", "10086", 2, rules.inbound, asks_to_stop)
    happened = Happened([], [Incoming(reply.content, reply, None) for reply in heard], parts)
    with operations.transaction(desk.database_url) as connection:
        Round(Sender("main", "relay", rules.retry), inbox, (reasons_at_claim,)).store(
            connection, happened, at, at.date()
        )
    return rows(desk, "select phone_number, state_code, state_reason from sms_outbox order by 1")


def test_a_message_in_the_relays_hands_is_not_written_when_its_number_went_to_another(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N, C=M)
    for name in "AC":
        call(desk, f"c{name}", name, "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    at = MAY_11 + dt.timedelta(minutes=3)
    found = last_look(desk, at, before=lambda: snapshot(desk, bench, JUNE, B=N, C=M))
    assert found == [(N, "suppressed", "number_in_doubt"), (M, "submitting", None)]


def test_an_opt_out_from_one_number_of_a_person_stops_what_is_about_to_go_to_another(
    desk: Home, bench: Workbench
) -> None:
    other = "+8613800000003"
    snapshot(desk, bench, MAY, A=N, B=M, C=other)
    merged(desk, bench, "A", "B", MAY)
    for name in "BC":
        call(desk, f"c{name}", name, "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    at = MAY_11 + dt.timedelta(minutes=3)
    found = last_look(desk, at, Reply(N, "10086", b"STOP", 0, False))
    assert found == [(M, "suppressed", "opted_out"), (other, "submitting", None)]


def test_caps_and_open_matters_count_all_ids_of_a_person_and_their_own_number_is_not_in_doubt(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N, B=N)
    merged(desk, bench, "A", "B", MAY)
    for number in range(5):
        run(desk, "insert into contact_reservation values (:key, 'A', '+861', 'service', false, :at, :key)",
            key=f"before {number}", at=moment(f"2026-05-0{number + 5} 10:00"))  # fmt: skip
    call(desk, "c", "B", "2026-05-11 10:00")
    dispatch(desk, MAY_11)
    assert refused(desk) == {"c": ("cap_total", True)}
    run(desk, "delete from contact_reservation")
    run(desk, "insert into known_ticket values ('T', 'A', 'mobile_data', :at)", at=MAY_11)
    call(desk, "d", "B", "2026-05-11 10:10")
    assert dispatch(desk, moment("2026-05-11 10:12")).deferred == 1


def test_a_survey_about_an_old_id_goes_to_where_the_person_is_now(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    snapshot(desk, bench, JUNE, B=M)
    merged(desk, bench, "A", "B", JUNE)
    call(desk, "c", "A", "2026-06-02 10:00")
    dispatch(desk, JUNE_2)
    assert queued(desk) == [("c", M)]


def test_who_asks_for_messages_again_from_a_new_number_gets_them_whatever_the_number_of_the_opt_out(
    desk: Home, bench: Workbench
) -> None:
    snapshot(desk, bench, MAY, A=N)
    reply(desk, "退订", moment("2026-05-12 10:00"), phone=N, extension=None)
    read_replies(desk, moment("2026-05-12 10:01"))
    snapshot(desk, bench, JUNE, A=M)
    reply(desk, "恢复", moment("2026-06-02 09:00"), phone=M, extension=None)
    assert read_replies(desk, moment("2026-06-02 09:01")).opt_in == 1
    assert rows(desk, "select phone_number, opted_out_at from sms_opt_in") == [(M, moment("2026-05-12 10:00"))]
    assert (
        rows(desk, "select phone_number from sms_opt_out")
        == rows(desk, "select customer_id from customer_opt_out")
        == []
    )
    snapshot(desk, bench, JUNE, A=M)  # the night binds no opt-out again
    call(desk, "C1", "A", "2026-06-02 10:00")
    assert dispatch(desk, JUNE_2).refused == {}
    assert queued(desk) == [("C1", M)]


def test_start_from_a_number_that_two_claim_lifts_nothing(desk: Home, bench: Workbench) -> None:
    snapshot(desk, bench, MAY, A=N)
    reply(desk, "退订", moment("2026-05-12 10:00"), phone=N, extension=None)
    read_replies(desk, moment("2026-05-12 10:01"))
    snapshot(desk, bench, JUNE, A=N, B=N)
    reply(desk, "恢复", moment("2026-06-02 09:00"), phone=N, extension=None)
    report = read_replies(desk, moment("2026-06-02 09:01"))
    assert (report.opt_in, report.for_people) == (0, 1)
    assert rows(desk, "select customer_id from customer_opt_out") == [("A",)]
