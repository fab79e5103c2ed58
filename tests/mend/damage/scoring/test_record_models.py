"""The models of contacts that records name, bookings, ratings and repairs: tables in, a table out."""

# ruff: noqa: E501 (a wide table is read as a table)

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.mend.damage.scoring.record_tables import FEATURE, HITS, NOBODY, ROOM, RULES, STATES, run

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import run_on_tables


def test_contacts_that_a_record_may_mean() -> None:
    run(
        "near_contact",
        {
            "file_contact": """
                contact_id | customer_id | started_at | direction_code | is_refused
                k1         | anna        | 10 09:00   | inbound        | true
                k2         | anna        | 10 10:00   | outbound       | false
                k3         | bert        | 10 11:00   | inbound        | false
                k4         | bert        | 10 12:00   | inbound        | false
                k5         | carl        | 01 09:00   | inbound        | true
                k6         | dora        | 01 09:00   | inbound        | true
            """,
            "same_person": NOBODY,
            "file_survey_reply": "about_kind_code | about_id | customer_id | replied_on\ncontact | k2 | anna | 11\ncontact | k4 | bert | 02",
            "file_callback_booking": """
                booking_id | customer_id | contact_id | requested_on | called_back_at
                b1         | carl        |            | 01           | 06 09:00
                b2         | dora        |            | 01           | 02 09:00
            """,
            "file_repair_action": "repair_id | contact_id | done_on\nr1 | k3 | 11\nr2 | k4 | 01",
        },
        """
        contact_id | is_inbound | is_failed_attempt
        k1         | true       | true
        k2         | false      | false
        k3         | true       | false
        k5         | true       | true
        """,
        {"failed_attempt": "is_refused"},
        first_day=dt.date(2026, 5, 5),
        booked_since=dt.date(2026, 5, 2),
    )


def test_the_incident_of_a_contact() -> None:
    run(
        "contact_place",
        {
            "near_contact": """
                contact_id | customer_id | started_at | is_inbound | is_failed_attempt
                k1         | anna        | 10 23:40   | true       | true
                k2         | anna        | 11 00:09   | true       | false
                k3         | anna        | 11 00:39   | true       | false
                k4         | anna        | 11 00:40   | false      | false
                k5         |             | 11 00:41   | true       | false
                k6         | anna        | 06 23:00   | true       | false
                k7         | bert        | 11 00:09   | true       | false
            """,
            "file_survey_reply": """
                about_kind_code | about_id | replied_on
                contact         | k3       | 12
                contact         | k4       | 12
                contact         | k5       | 12
                contact         | k7       | 09
                ticket          | k7       | 12
            """,
        },
        """
        contact_id | incident_id
        k1         | k1
        k2         | k1
        k3         | k3
        k4         |
        """,
        first_day=dt.date(2026, 5, 10),
        incident_gap_seconds=1800,
        incident_reach_days=3,
    )


@pytest.mark.parametrize("days", [1, 2, 3, 4, 6])
def test_the_incident_of_a_contact_in_a_chain_of_days_is_that_of_the_whole_chain(days: int) -> None:
    """Only the days are read that an incident may reach back to; the chain began before them."""
    start = dt.datetime(2026, 5, 10, 13, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    moments = [start + number * dt.timedelta(minutes=29) for number in range(days * 50)]
    for number in range(len(moments) - 1, 0, -37):
        tables = {
            "near_contact": "contact_id | customer_id | started_at | is_inbound | is_failed_attempt\n"
            + "\n".join(f"k{place} | anna | {moment} | true | false" for place, moment in enumerate(moments)),
            "file_survey_reply": f"about_kind_code | about_id | replied_on\ncontact | k{number} | 2026-05-30",
        }
        values = {"first_day": dt.date(2026, 5, 1), "incident_gap_seconds": 1800, "incident_reach_days": 3}
        names, rows = run_on_tables(read_model(ROOM, "contact_place"), tables, values)
        found = {row[names.index("contact_id")]: row[names.index("incident_id")] for row in rows}
        assert found[f"k{number}"] == f"k{_first_of_incident(moments[: number + 1])}"


def _first_of_incident(moments: list[dt.datetime]) -> int:
    """The place of the first contact of the last one's incident, of an unbroken chain from its beginning."""
    first = 0
    for place in range(1, len(moments)):
        day, before = moments[place].date(), moments[place - 1].date()
        if before < day and (day - moments[0].date()).days >= 3:
            first = place
    return first


def test_bookings_with_their_clock_and_contact() -> None:
    run(
        "booking_feature",
        {
            "near_contact": """
                contact_id | customer_id | started_at | is_failed_attempt
                k1         | anna        | 10 09:00   | true
                k2         | anna        | 10 09:30   | false
                k3         | anna        | 10 11:00   | true
            """,
            "file_callback_booking": """
                booking_id | customer_id | contact_id | requested_at | called_back_at
                b1         | anna        |            | 10 10:00     | 11 10:00
                b2         | anna        | k9         | 10 10:00     |
                b3         | bert        |            | 10 10:00     |
            """,
        },
        """
        booking_id | called_back_after_seconds | limit_at | repaired_contact_id
        b1         | 86400.0                   | 11 10:00 | k1
        b2         |                           | 11 10:00 | k9
        b3         |                           | 11 10:00 |
        """,
        limit_seconds=86_400,
    )


def test_what_a_reply_speaks_of() -> None:
    run(
        "reply_feature",
        {
            "contact_place": "contact_id | customer_id | started_at | incident_id::varchar\nk1 | anna | 10 09:00 | k0",
            "file_ticket_version": STATES,
            "same_person": "customer_id | other_id | first_on | last_on\nzoe | anna | 12 | 31",
            "file_survey_reply": """
                survey_id | customer_id | about_kind_code | about_id | replied_at | replied_on
                s1        | anna        | contact         | k1       | 11 09:00   | 11
                s2        | anna        | ticket          | t1       | 11 09:00   | 11
                s3        | anna        | campaign        | k1       | 11 09:00   | 11
                s4        | bert        | contact         | k1       | 11 09:00   | 11
                s5        | zoe         | contact         | k1       | 11 09:00   | 11
                s6        | zoe         | contact         | k1       | 12 09:00   | 12
                s7        |             | contact         | k1       | 12 09:00   | 12
                s8        | anna        | contact         | k1       | 09 23:00   | 09
                s9        | anna        | ticket          | t1       | 09 23:00   | 09
            """,
        },
        """
        survey_id | subject_kind_code | subject_id | debit_cause_id | incident_id
        s1        | contact           | k1         | s1             | k0
        s2        | ticket            | t1         | s2             |
        s3        | reply             | s3         |                |
        s4        | reply             | s4         |                |
        s5        | reply             | s5         |                |
        s6        | contact           | k1         | s6             | k0
        s8        | reply             | s8         |                |
        s9        | reply             | s9         |                |
        """,
    )


def test_what_a_repair_names() -> None:
    run(
        "repair_feature",
        {"file_repair_action": "repair_id | contact_id | ticket_id | done_on\nr1 | k1 | t1 | 11\nr2 | k1 | | 01"},
        "credit_cause_id | repaired_contact_id | repaired_ticket_id\nr1 | k1 | t1",
        first_day=dt.date(2026, 5, 2),
    )


def test_each_time_that_a_rule_held() -> None:
    hit = "case when {condition} then {{'rule_number': {number}, 'posted_at': {moment}}} end"
    empty = {f"{record}_rules": "" for record in ("ticket", "callback_booking", "survey_reply", "repair_action")}
    ticket = ", ".join([
        hit.format(condition="true", number=0, moment="open_limit_at"),
        hit.format(condition="kind_code = 'complaint'", number=1, moment="opened_at"),
    ])  # fmt: skip
    run(
        "record_hit",
        {
            "ticket_feature": f"""
                ticket_id | kind_code | opened_at | opened_on | counted_at                | open_limit_at | {FEATURE}
                t1        | complaint | 10 09:00  | 10        | 10 09:00                  |               | anna | ticket | t1 | | | | |
                t2        | enquiry   | 10 09:00  | 10        | 10 09:00                  | 12 09:00      | anna | ticket | t2 | | | | |
                t3        | enquiry   | 10 09:00  | 10        | 10 09:00                  | 12 09:00      |      | ticket | t3 | | | | |
                t4        | complaint | 10 09:00  | 10        | 2026-12-01T09:00+08:00    | 12 09:00      | anna | ticket | t4 | | | | |
            """,
            "booking_feature": f"booking_id::varchar | {FEATURE}",
            "reply_feature": f"survey_id::varchar | {FEATURE}",
            "repair_feature": f"repair_id::varchar | {FEATURE}",
        },
        "record_id | rule_number | posted_at\nt1 | 1 | 10 09:00\nt2 | 0 | 12 09:00",
        {**empty, "ticket_rules": ticket, "ticket_moments": "open_limit_at is not null or opened_at is not null"},
    )


def test_an_indicator_counts_once_for_its_subject() -> None:
    run(
        "record_entry",
        {"record_hit": HITS, "record_rule": RULES},
        """
        indicator_id | subject_id | posted_on | cause_id | incident_id | points
        RES-08       | k1         | 11        | s1       | k0          | 8.000
        RES-08       | s3         | 12        |          |             | 8.000
        """,
    )
    run(  # what was posted before is not posted again
        "record_entry",
        {"record_hit": HITS, "record_rule": RULES},
        "subject_id | posted_on\ns3 | 12",
        first_day=dt.date(2026, 5, 12),
    )


def test_records_that_name_what_is_somebody_else_s() -> None:
    run(
        "misnamed_record",
        {
            "near_contact": "contact_id | customer_id\nk1 | anna\nk2 |",
            "file_ticket_version": "ticket_id | customer_id\nt1 | anna\nt1 | bert",
            "same_person": "customer_id | other_id | first_on | last_on\nzoe | anna | 12 | 31",
            "file_survey_reply": "survey_id | customer_id | about_kind_code | about_id | replied_on\ns1 | bert | contact | k1 | 11",
            "file_callback_booking": "booking_id | customer_id | contact_id | requested_on\nb1 | anna | k1 | 11",
            "file_repair_action": """
                repair_id | customer_id | contact_id | ticket_id | done_on
                r1        | carl        | k1         | t1        | 11
                r2        | bert        | k2         | t1        | 11
                r3        | zoe         | k1         |           | 11
                r4        | zoe         | k1         |           | 12
            """,
        },
        """
        record_id | subject_id | owner_id
        s1        | k1         | anna
        r1        | k1         | anna
        r1        | t1         | anna
        r3        | k1         | anna
        """,
    )  # fmt: skip


def test_every_model_of_records_and_credits_is_tested_here() -> None:
    from mend.damage.scoring import credit_entries, record_entries

    models = [*record_entries.TICKETS, *record_entries.OTHERS, *credit_entries.ACCOUNTS]
    named = {"ticket_of_days", "ticket_confirmed", "near_contact", "record_entry", "credit_offer", "credit_entry"}
    text = "".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("test_*_models.py")))
    assert [name for name in {*named, *(model.name for model in models)} if f'"{name}",' not in text] == []
