"""Why somebody is not contacted: each rule on one customer, the same for one and for many, before and at the claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, text
from tests.mend.care.survey.desk import customer_row, moment, put, rows, run

from mend.care import contact_rules
from mend.care.contact_rules import REASONS, Request, Terms, reasons_by_request, reasons_not_to_contact
from mend.care.survey.rules import load_rules
from mend.foundation import operations
from mend.foundation.home import Home

POLICY = load_rules()[0].policy
AT = moment("2026-05-11 10:00")
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
N = "+8613800000001"
TERMS = Terms(POLICY, AT, "Asia/Shanghai", "this batch")
ASKED = Request(
    "asked:1", "K", AT - 2 * MINUTE, AT + 2 * MINUTE, AT + DAY, topic_code="mobile_data", about_id="C1",
    is_promised=True, has_question=True,
)  # fmt: skip
OFFER = replace(ASKED, key="offer:1", consent_code="commercial", is_promised=False, has_question=False)
RESERVED = "insert into contact_reservation values (:key, 'K', :key, :consent, :promised, :at, 'before')"


@pytest.fixture
def connection(home: Home) -> Iterator[Connection]:
    with operations.transaction(home.database_url) as connection:
        yield connection


def reserved(connection: Connection, count: int, consent: str, promised: bool, at: dt.datetime = AT) -> None:
    for number in range(count):
        values = {"key": f"{consent} {number}", "consent": consent, "promised": promised, "at": at}
        connection.execute(text(RESERVED), values)


def known(connection: Connection, customer_id: str = "K", phone: str | None = N, **columns: Any) -> None:
    statement, values = customer_row(customer_id, phone, **columns)
    connection.execute(text(statement), values)


def codes(connection: Connection, request: Request, terms: Terms = TERMS) -> list[str]:
    return [reason.code for reason in reasons_not_to_contact(connection, request, terms)]


def test_who_has_a_number_consents_and_has_room_is_contacted(connection: Connection) -> None:
    known(connection)
    assert codes(connection, ASKED) == []
    assert codes(connection, OFFER) == []


PEOPLE = {
    "no_number": {"phone": None},
    "customer_left": {"is_active": False},
    "no_consent": {"has_survey_consent": None},
}


@pytest.mark.parametrize("reason", PEOPLE)
def test_what_the_snapshot_says_of_a_customer_stops_a_message(connection: Connection, reason: str) -> None:
    known(connection, **PEOPLE[reason])
    assert codes(connection, ASKED) == [reason]


def test_a_consent_to_surveys_is_none_to_offers_and_news_of_an_own_complaint_needs_none(
    connection: Connection,
) -> None:
    known(connection, has_marketing_consent=False)
    assert codes(connection, ASKED) == []
    assert codes(connection, OFFER) == ["no_consent"]
    assert codes(connection, replace(OFFER, needs_consent=False)) == []


def test_a_number_that_another_customer_has_too_is_in_doubt(connection: Connection) -> None:
    known(connection)
    known(connection, "other")
    assert codes(connection, ASKED) == ["number_in_doubt"]


def test_an_opt_out_stops_messages_to_the_number_and_to_the_person_by_any_of_their_ids(connection: Connection) -> None:
    known(connection)
    connection.execute(text("insert into customer_person values ('old', 'K', '2026-05-01')"))
    connection.execute(text("insert into customer_opt_out values ('old', '+8613800000007', now(), 'agent')"))
    assert codes(connection, ASKED) == ["opted_out"]
    connection.execute(text("delete from customer_opt_out"))
    contact_rules.opt_out(connection, N, AT, "agent")
    assert codes(connection, ASKED) == ["opted_out"]


def test_who_asked_for_messages_again_gets_no_offers_unless_the_words_say_so(connection: Connection) -> None:
    known(connection)
    contact_rules.opt_out(connection, N, AT - DAY, "agent")
    assert contact_rules.opt_in(connection, N, AT - MINUTE, "messages again", 7, is_for_marketing=False)
    assert codes(connection, ASKED) == []
    assert codes(connection, OFFER) == ["no_consent"]


def test_an_open_ticket_on_the_matter_stops_a_question_but_not_the_one_about_itself(connection: Connection) -> None:
    known(connection)
    connection.execute(text("insert into known_ticket values ('T1', 'K', 'mobile_data', :at)"), {"at": AT - DAY})
    assert codes(connection, ASKED) == ["matter_open"]
    assert codes(connection, replace(ASKED, about_id="T1")) == []
    assert codes(connection, replace(ASKED, topic_code="billing")) == []
    assert codes(connection, replace(ASKED, has_question=False)) == []


def test_what_comes_too_late_or_in_no_permitted_hour_does_not_go(connection: Connection) -> None:
    known(connection)
    assert codes(connection, replace(ASKED, latest_at=AT - MINUTE)) == ["too_late", "quiet_hours"]
    night = moment("2026-05-11 21:00")
    late = replace(ASKED, planned_at=night, latest_at=night + 2 * MINUTE)
    assert codes(connection, late, replace(TERMS, at=night)) == ["quiet_hours"]
    # In New York it is morning then.
    known(connection, "K2", "+12025550123", zones="America/New_York")
    assert codes(connection, replace(late, customer_id="K2"), replace(TERMS, at=night)) == []


def test_the_number_of_the_event_counts_in_its_own_zone(connection: Connection) -> None:
    known(connection, snapshot_on="2026-05-01")
    night = moment("2026-05-11 21:00")
    late = replace(ASKED, phone_number="+12025550123", happened_at=night, planned_at=night, latest_at=night + MINUTE)
    assert codes(connection, late, replace(TERMS, at=night)) == []


def test_caps_count_by_kind_and_in_all_on_either_side_of_the_moment(connection: Connection) -> None:
    known(connection)
    caps = POLICY.caps
    reserved(connection, caps.commercial.most, "commercial", False, AT + DAY)
    assert codes(connection, OFFER)[0] == "cap_kind"
    assert codes(connection, ASKED) == []
    reserved(connection, caps.all.most - caps.commercial.most, "service", True)
    assert "cap_total" in codes(connection, ASKED)
    connection.execute(text("update contact_reservation set counts_at = :at"), {"at": AT - 400 * DAY})
    assert codes(connection, ASKED) == []


def test_all_reasons_are_given_in_order_and_each_has_words_in_both_languages(connection: Connection) -> None:
    known(connection, is_active=False, has_survey_consent=False)
    contact_rules.opt_out(connection, N, AT, "agent")
    assert codes(connection, ASKED) == ["opted_out", "customer_left", "no_consent"]
    assert all(reason.en and reason.zh for reason in REASONS)


def test_one_number_gets_one_message_of_a_set_and_the_promised_one_goes_first(connection: Connection) -> None:
    known(connection)
    found = reasons_by_request(connection, [OFFER, ASKED], TERMS)
    assert {key: [reason.code for reason in reasons] for key, reasons in found.items()} == {
        "asked:1": [],
        "offer:1": ["number_in_batch"],
    }


def ask(connection: Connection, count: int, terms: Terms = TERMS) -> contact_rules.Reserved:
    contact_rules.open_requests(connection)
    connection.execute(
        text(
            "insert into contact_request (request_key, customer_id, happened_at, planned_at, latest_at, consent_code, "
            "is_promised, needs_consent, has_question, priority) "
            "select concat('campaign', n), 'K' || n, :at, :at, :latest, 'commercial', false, true, false, 0 "
            "from generate_series(1, :count) as n"
        ),
        {"at": AT, "latest": AT + DAY, "count": count},
    )
    return contact_rules.reserve(connection, terms)


def test_a_budget_that_is_spent_stops_the_rest_and_asking_again_takes_no_more_room(home: Home) -> None:
    put(home, [customer_row(f"K{number}", f"+86139{number:08}") for number in range(1, 8)])
    terms = replace(TERMS, policy=POLICY.model_copy(update={
        "budgets": POLICY.budgets.model_copy(update={"commercial": 4})
    }))  # fmt: skip
    for _ in range(3):
        with operations.transaction(home.database_url) as connection:
            asked = ask(connection, 7, terms)
        assert (asked.permitted, asked.by_reason) == (4, {"budget_spent": 3})
    assert rows(home, "select count(*) from contact_reservation") == [(4,)]
    assert rows(home, "select sum(used_count) from contact_budget") == [(4,)]


def test_room_is_given_back_for_what_was_never_tried_alone(home: Home) -> None:
    put(home, [customer_row(f"K{number}", f"+86139{number:08}") for number in range(1, 4)])
    with operations.transaction(home.database_url) as connection:
        ask(connection, 3)
    for number, (state, attempts) in enumerate([("suppressed", 0), ("expired", 1), ("pending", 0)], 1):
        run(
            home,
            "insert into sms_outbox (dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, "
            "phone_number, text, sender_number, not_before, valid_until, quiet_zones, is_promised, state_code, due_at, "
            "attempts, enqueued_at, final_at) values (:key, 'main', 'campaign', 'commercial', 'K', :number, 'x', "
            "'10086', :at, :at, '[]', false, :state, :at, :attempts, :at, :final)",
            key=f"campaign{number}", number=N, at=AT, state=state, attempts=attempts,
            final=None if state == "pending" else AT,
        )  # fmt: skip
    with operations.transaction(home.database_url) as connection:
        contact_rules.release_untried(connection)
    assert rows(home, "select reservation_key from contact_reservation order by 1") == [("campaign2",), ("campaign3",)]


def test_the_rules_stand_nowhere_else(home: Home) -> None:
    assert rows(home, "select 1 from pg_proc where proname = 'contact_recheck'") == []


def test_marketing_is_muted_while_any_ticket_is_open_and_a_care_message_is_not(connection: Connection) -> None:
    known(connection)
    ticket = "insert into known_ticket values ('T1', 'K', 'billing', :at)"
    connection.execute(text(ticket), {"at": AT - DAY})
    care = replace(OFFER, key="care:1", consent_code="service")
    assert (codes(connection, OFFER), codes(connection, care)) == (["matter_open"], [])
    connection.execute(text("update known_ticket set closed_at = :at"), {"at": AT - MINUTE})
    assert codes(connection, OFFER) == []


def test_whoever_calls_learns_the_number_of_now_and_what_speaks_against_the_person(connection: Connection) -> None:
    known(connection)
    known(connection, "gone", "+8613800000002", is_active=False)
    rows_of = [replace(OFFER, key=name, customer_id=name) for name in ("K", "gone", "unheard")]
    assert set(reasons_by_request(connection, rows_of, TERMS)) == {"K", "gone", "unheard"}  # fills contact_request
    contact_rules.numbers_now(connection, AT)
    found = connection.execute(text("select * from contact_number order by request_key")).all()
    assert [tuple(row) for row in found] == [
        ("K", N, []), ("gone", "+8613800000002", ["customer_left"]), ("unheard", None, ["no_number", "no_consent"]),
    ]  # fmt: skip
