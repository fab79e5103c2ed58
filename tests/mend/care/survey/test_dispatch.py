"""From events to messages: within five minutes, under the contact rules, never twice."""

from __future__ import annotations

import datetime as dt
import json
import os
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.mend.care.survey.desk import PHONE, customer, drop, event, moment, open_account, rows, run, sent

from mend.care.contact_rules import reasons_at_claim
from mend.care.followup import follow_up
from mend.care.survey.dispatch import dispatch
from mend.care.survey.errors import SurveyError
from mend.foundation import operations
from mend.foundation.home import Home

TEN = moment("2026-05-11 10:00")
AT = moment("2026-05-11 10:02")


@pytest.fixture
def desk(home: Home) -> Home:
    open_account(home)
    return home


def refusals(home: Home) -> list[tuple[str, str, bool]]:
    return rows(home, "select survey_id, reason_code, needs_person from survey_refusal order by 1")  # type: ignore[return-value]


def test_a_complex_call_is_asked_about_within_five_minutes(desk: Home) -> None:
    customer(desk, "A")
    drop(desk, event("C1", "A", "2026-05-11 10:00"))
    report = dispatch(desk, AT)
    assert (report.taken.accepted, report.queued) == (1, 1)
    ((key, number, not_before, promised, words, reply_until),) = rows(
        desk, "select dedup_key, phone_number, not_before, is_promised, text, reply_until from sms_outbox"
    )
    assert (key, number, promised) == ("complex_topic_ended:C1", PHONE, True)
    assert TEN < not_before <= TEN + dt.timedelta(minutes=5)
    assert "未解决请回复7" in words
    assert reply_until == not_before + dt.timedelta(hours=48)


def test_the_same_run_again_and_the_same_events_again_queue_nothing(desk: Home) -> None:
    customer(desk, "A")
    drop(desk, event("C1", "A", "2026-05-11 10:00"))
    dispatch(desk, AT)
    drop(desk, event("C1", "A", "2026-05-11 10:00"), name="again.jsonl")
    drop(desk, event("C1", "A", "2026-05-11 10:00"), event("C1", "A", "2026-05-11 10:01"), name="more.jsonl")
    again = dispatch(desk, AT + dt.timedelta(minutes=5))
    assert (again.taken.files, again.taken.accepted, again.taken.known, again.queued) == (2, 0, 2, 0)
    assert rows(desk, "select count(*) from sms_outbox") == [(1,)]


def test_a_file_of_many_events_is_taken_in_whole(desk: Home) -> None:
    lines = [event(f"C{number}", f"nobody {number}", "2026-05-11 10:00") for number in range(6_000)]
    drop(desk, *lines)
    report = dispatch(desk, AT)
    assert (report.taken.accepted, rows(desk, "select count(*) from service_event")) == (6_000, [(6_000,)])


def test_a_pipe_a_link_or_a_folder_among_the_event_files_neither_blocks_nor_leaks(
    desk: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    customer(desk, "A")
    drop(desk, event("C9", "A", "2026-05-11 10:00"), name="z.jsonl")
    folder, outside = desk.root / "events", tmp_path / "outside.jsonl"
    outside.write_text("secret of the machine\n")
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "folder.jsonl").mkdir()
    (folder / "link.jsonl").symlink_to(outside)
    (folder / "device.jsonl").symlink_to("/dev/zero")
    report = dispatch(desk, AT)
    assert (report.taken.files, report.taken.accepted, report.queued) == (1, 1, 1)
    assert rows(desk, "select count(*) from event_reject") == [(0,)]
    assert outside.exists()
    assert sorted(path.name for path in folder.glob("*.jsonl")) == [
        "device.jsonl",
        "folder.jsonl",
        "link.jsonl",
        "pipe.jsonl",
    ]
    assert "secret" not in caplog.text


def test_lines_that_are_no_events_are_set_aside_with_their_reason(desk: Home) -> None:
    good = event("C1", "A", "2026-05-11 10:00")
    drop(desk, "{", "[1]", {**good, "kind_code": "party"}, {**good, "happened_at": "2026-05-11T10:00:00"}, {**good,
    "happened_at": "soon"},
         {**good, "phone_number": "138"}, {key: value for key, value in good.items() if key != "customer_id"}, "",
         good)  # fmt: skip
    report = dispatch(desk, AT)
    assert (report.taken.lines, report.taken.accepted, report.taken.rejected) == (8, 1, 7)
    assert rows(desk, "select line_number, reason_code, column_name from event_reject order by 1") == [
        (1, "not_json", None), (2, "not_an_object", None), (3, "unknown_code", "kind_code"), (4, "without_zone",
        "happened_at"),
        (5, "not_a_timestamp", "happened_at"), (6, "not_e164", "phone_number"), (7, "missing", "customer_id"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["contact_ended", "ticket_suspended"])
@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("event_id", "\ud800", "not_a_text"),
        ("city_code", "a\udfff", "not_a_text"),
        ("event_id", "1" * 5000, "too_long"),
        ("about_id", "票" * 256, "too_long"),
        ("handler_id", "x" * 1_000_000, "too_long"),
        ("happened_at", "0001-01-01T00:00:00+14:00", "out_of_range"),
        ("happened_at", "1900-01-01T00:00:00Z", "out_of_range"),
        ("happened_at", "1970-01-01T00:00:00Z", "out_of_range"),
        ("promised_at", "9999-12-31T23:59:59-14:00", "out_of_range"),
        ("promised_at", "9999-12-31T23:59:59Z", "out_of_range"),
        ("about_id", "票" * 255, None),
        ("promised_at", "2199-12-31T23:59:59Z", None),
        ("happened_at", "1990-01-02T00:00:00Z", None),
    ],
)
def test_no_event_stops_the_others(desk: Home, kind: str, name: str, value: str, reason: str | None) -> None:
    """Neither the line is lost, nor anything behind it held up: not in this run, not in follow-up, not in any later
    run.
    """
    customer(desk, "A")
    customer(desk, "B", "+8613800000002")
    bad = event(
        "C1",
        "A",
        "2026-05-11 10:00",
        kind,
        about_kind_code="ticket",
        ticket_kind_code="complaint",
        promised_at="2026-05-14T10:00Z",
    )
    lines = [json.dumps(bad | {name: value}), event("C2", "B", "2026-05-11 10:00")]
    drop(desk, *lines)
    taken = dispatch(desk, AT).taken
    assert (taken.accepted, taken.rejected) == ((1, 1) if reason else (2, 0))
    assert rows(desk, "select reason_code, column_name from event_reject") == ([(reason, name)] if reason else [])
    for days in (0, 10):
        dispatch(desk, AT + dt.timedelta(days=days))
        follow_up(desk, AT + dt.timedelta(days=days))
    assert rows(desk, "select about_id from survey where customer_id = 'B'") == [("C2",)]


def test_without_an_account_the_run_fails_and_leaves_the_events_for_the_next(home: Home) -> None:
    customer(home, "A")
    drop(home, event("C1", "A", "2026-05-11 10:00"))
    with pytest.raises(SurveyError, match="no SMS account"):
        dispatch(home, AT)
    open_account(home)
    assert dispatch(home, AT).queued == 1


def test_each_rule_refuses_with_its_reason(desk: Home) -> None:
    people = {
        "no_number": {"phone": None, "zones": ""},
        "opted_out": {},
        "customer_left": {"is_active": False},
        "no_consent": {"has_survey_consent": None},
        "matter_open": {},
        "too_late": {},
        "cap_total": {},
    }
    for place, (name, columns) in enumerate(people.items()):
        customer(desk, name, **{"phone": f"+861390000000{place}", **columns})
    run(desk, "insert into sms_opt_out values ('+8613900000001', :at, 'agent')", at=moment("2020-01-01 00:00"))
    run(
        desk, "insert into known_ticket values ('T9', 'matter_open', 'mobile_data', :at)", at=moment("2026-05-10 10:00")
    )
    for number in range(5):
        run(
            desk,
            "insert into contact_reservation values (:key, 'cap_total', '+861', 'service', false, :at, :key)",
            key=f"before {number}", at=moment(f"2026-05-0{number + 5} 10:00"),
        )  # fmt: skip
    days = {name: "2026-05-10 10:00" if name == "too_late" else "2026-05-11 10:00" for name in people}
    drop(desk, *(event(name, name, day) for name, day in days.items()))
    report = dispatch(desk, AT)
    assert (report.refused, report.deferred) == (dict.fromkeys(sorted(people.keys() - {"matter_open"}), 1), 1)
    assert dispatch(desk, moment("2026-05-12 10:00")).refused == {"matter_open": 1}
    told = {survey.split(":")[1]: (reason, person) for survey, reason, person in refusals(desk)}
    assert told == {name: (name, name not in ("matter_open", "customer_left")) for name in people}
    assert rows(desk, "select count(*) from sms_outbox") == [(0,)]


def test_a_ticket_open_on_another_matter_or_the_archive_of_the_ticket_itself_forbids_nothing(desk: Home) -> None:
    customer(desk, "A")
    customer(desk, "B", "+8613900000002")
    run(desk, "insert into known_ticket values ('T1', 'A', 'billing', :at), ('T2', 'B', 'billing', :at)", at=TEN)
    archived = {"about_kind_code": "ticket", "about_id": "T2", "topic_code": "billing", "ticket_kind_code": "complaint"}
    drop(
        desk, event("C1", "A", "2026-05-11 10:00"), event("E2", "B", "2026-05-11 10:00", "ticket_archived", **archived)
    )
    assert dispatch(desk, AT).queued == 2
    assert rows(desk, "select closed_at from known_ticket where ticket_id = 'T2'") == [(TEN,)]


def test_a_call_in_the_night_is_asked_about_when_the_hours_begin_in_every_zone(desk: Home) -> None:
    customer(desk, "A")
    customer(desk, "B", "+79161234567", zones="Asia/Vladivostok,Europe/Moscow", language_code="en")
    drop(desk, event("C1", "A", "2026-05-10 23:00"), event("C2", "B", "2026-05-10 23:00"))
    dispatch(desk, moment("2026-05-10 23:02"))
    assert rows(desk, "select customer_id, not_before from sms_outbox order by 1") == [
        ("A", moment("2026-05-11 09:00")),
        ("B", moment("2026-05-11 14:00")),  # 09:00 in Moscow is 16:00 in Vladivostok
    ]


def test_a_number_stands_in_a_batch_once_and_a_promised_message_waits_for_the_next(desk: Home) -> None:
    customer(desk, "A")
    drop(desk, event("C1", "A", "2026-05-11 10:00"), event("C2", "A", "2026-05-11 10:00"))
    first = dispatch(desk, AT)
    assert (first.queued, first.deferred, first.refused) == (1, 1, {})
    second = dispatch(desk, AT + dt.timedelta(minutes=5))
    assert (second.queued, second.deferred) == (1, 0)


def test_only_the_sample_is_asked_and_it_is_the_same_in_every_run(desk: Home) -> None:
    customer(desk, "K0", "+8613700000000")
    run(
        desk,
        "insert into contact_address "
        "select 'K' || n, '+86137' || lpad(n::text, 8, '0'), zones, language_code, null, true, true, true, snapshot_on "
        "from contact_address, generate_series(1, 399) as n",
    )
    drop(
        desk,
        *(event(f"C{number}", f"K{number}", "2026-05-11 10:00", topic_code="balance_query") for number in range(400)),
    )
    dispatch(desk, AT)
    asked = [key for (key,) in rows(desk, "select dedup_key from sms_outbox order by 1")]
    assert 8 <= len(asked) <= 35  # 5 % of 400
    run(desk, "truncate survey, sms_outbox, contact_reservation, contact_budget")
    run(desk, "update service_event set dispatched_at = null")
    dispatch(desk, AT)
    assert [key for (key,) in rows(desk, "select dedup_key from sms_outbox order by 1")] == asked


def test_the_budget_of_the_day_leaves_room_for_promised_messages(desk: Home) -> None:
    (desk.root / "survey_rules").mkdir(parents=True)
    shipped = __import__("mend.care.survey.rules", fromlist=["FOLDER"]).FOLDER / "1990-01-01.yaml"
    words = (
        shipped.read_text("utf-8")
        .replace("service: 200000", "service: 3")
        .replace("reserved_of_budget: 40000", "reserved_of_budget: 2")
    )
    (desk.root / "survey_rules" / "1990-01-01.yaml").write_text(words.replace("share: 0.05", "share: 1.0"), "utf-8")
    for name in "ABCDE":
        customer(desk, name, f"+861390000000{ord(name) - 64}")
    hang_ups = [event(name, name, "2026-05-11 10:00", topic_code="balance_query") for name in "ABC"]
    drop(desk, *hang_ups, event("D", "D", "2026-05-11 10:00"), event("E", "E", "2026-05-11 10:00"))
    report = dispatch(desk, AT)
    # Two promised ones first; then no ordinary one fits under 3 - 2.
    assert (report.queued, report.refused) == (2, {"budget_spent": 3})
    assert rows(desk, "select used_count from contact_budget") == [(2,)]


def test_what_the_relay_did_not_send_is_recorded_with_its_reason_and_frees_its_room(desk: Home) -> None:
    customer(desk, "A")
    customer(desk, "B", "+8613900000002")
    drop(desk, event("C1", "A", "2026-05-11 10:00"), event("C2", "B", "2026-05-11 10:00"))
    dispatch(desk, AT)
    later = AT + dt.timedelta(minutes=5)
    run(
        desk,
        "update sms_outbox set state_code = 'suppressed', state_reason = 'opt_out', final_at = :at where customer_id = 'A'",  # noqa: E501
        at=later,
    )
    sent(desk, "complex_topic_ended:C2", later)
    assert dispatch(desk, later).settled == 2
    assert rows(desk, "select about_id, state_code from survey order by 1") == [("C1", "not_sent"), ("C2", "sent")]
    assert refusals(desk) == [("complex_topic_ended:C1", "opt_out", True)]
    assert rows(desk, "select customer_id from contact_reservation") == [("B",)]
    dispatch(desk, moment("2026-05-14 10:00"))
    assert rows(desk, "select about_id, state_code from survey order by 1") == [("C1", "not_sent"), ("C2", "silent")]


def test_what_changed_between_queue_and_claim_is_found_at_the_claim(desk: Home) -> None:
    for number, name in enumerate("ABCDE"):
        customer(desk, name, f"+861390000000{number}")
    drop(desk, *(event(name, name, "2026-05-11 10:00") for name in "ABCDE"))
    dispatch(desk, AT)
    run(desk, "insert into sms_opt_out values ('+8613900000000', :at, 'agent')", at=AT)
    run(desk, "update contact_address set has_survey_consent = false where customer_id = 'B'")
    run(desk, "update contact_address set is_active = false where customer_id = 'C'")
    run(desk, "insert into known_ticket values ('T9', 'D', 'mobile_data', :at)", at=AT)
    with operations.transaction(desk.database_url) as connection:
        messages = connection.execute(text("select message_id, customer_id from sms_outbox")).all()
        found = reasons_at_claim(connection, messages, AT + dt.timedelta(minutes=1))  # type: ignore[arg-type]
    named = {row.customer_id: found.get(row.message_id) for row in messages}
    assert named == {"A": "opted_out", "B": "no_consent", "C": "customer_left", "D": "matter_open", "E": None}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_is_known_of_a_ticket_is_what_its_events_say_together_in_whatever_order_they_come(
    desk: Home, order: tuple[int, ...]
) -> None:
    about = {"about_kind_code": "ticket", "about_id": "T1", "topic_code": "billing"}
    told = [
        event("e0", "A", "2026-05-11 10:00", "complaint_filed", **about),
        event("e1", "A", "2026-05-11 11:00", "ticket_suspended", **about),
        event("e2", "A", "2026-05-11 12:00", "ticket_archived", **about),
        event("e3", "A", "2026-05-11 13:00", "ticket_reopened", **about),
    ]
    for number in order:
        drop(desk, told[number], name=f"{number}.jsonl")
        dispatch(desk, moment("2026-05-11 14:00"))
    assert rows(desk, "select opened_at, closed_at from known_ticket") == [(TEN, None)]
    drop(desk, event("e4", "A", "2026-05-11 13:30", "ticket_archived", **about), name="last.jsonl")
    dispatch(desk, moment("2026-05-11 14:30"))
    assert rows(desk, "select opened_at, closed_at from known_ticket") == [(TEN, moment("2026-05-11 13:30"))]
