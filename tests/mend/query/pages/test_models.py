"""Each model of what is published, on rows that are visible here."""

# ruff: noqa: E501 - rows of text tables
from __future__ import annotations

import datetime as dt
import json

from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check, run_on_tables
from mend.foundation.schema import TABLES

ROOM = "query/pages"


def whole(table: str, given: str) -> str:
    """A text table with the other columns of a table of the lake, all empty."""
    head, *lines = [line for line in given.strip().splitlines() if line.strip()]
    named = [each.strip().partition("::")[0] for each in head.split("|")]
    others = [f"{each.name}::{DUCKDB_TYPES[each.type]}" for each in TABLES[table].columns if each.name not in named]
    empty = " | " * len(others)
    return "\n".join([" | ".join([head, *others]), *(f"{line}{empty}" for line in lines)])


PERSONS = """
    customer_id | person_id
    OLD         | K1
"""


def test_every_row_that_arrived_is_in_one_of_three_places() -> None:
    check(
        read_model(ROOM, "page_source_day"),
        {
            "batch": """
                batch_number | arrived_on | source_code | record_code | row_count | is_stopped
                1            | 2026-05-01 | crm         | contact     | 10        | false
                2            | 2026-05-01 | crm         | contact     | 5         | false
                3            | 2026-05-01 | crm         | ticket      | 7         | true
            """,
            "quarantine": """
                batch_number
                1
                1
                3
            """,
            "superseded": """
                batch_number
                2
            """,
        },
        """
            arrived_on | record_code | arrived_count | accepted_count | quarantined_count | superseded_count
            2026-05-01 | contact     | 15            | 12             | 2                 | 1
            2026-05-01 | ticket      | 7             | 0              | 7                 | 0
        """,
    )


def test_who_left_is_not_counted_among_the_damaged() -> None:
    check(
        read_model(ROOM, "page_damage_count"),
        {
            "month_row": """
                customer_id | level::integer | segment_code | is_explicit | has_left | is_closed
                K1          | 3              | agent        | true        | false    | true
                K2          | 3              | agent        | false       | false    | true
                K3          | 3              | agent        | false       | true     | true
                K4          | 1              | ivr          | false       | false    | true
            """
        },
        """
            as_of_on   | month   | level | segment_code | customer_count | explicit_count | is_closed
            2026-05-31 | 2026-05 | 3     | agent        | 2              | 1              | true
            2026-05-31 | 2026-05 | 1     | ivr          | 1              | 0              | true
        """,
        {"as_of_on": dt.date(2026, 5, 31), "month": "2026-05"},
    )


def test_words_are_those_of_every_version() -> None:
    check(
        read_model(ROOM, "page_word"),
        {
            "mart_indicator": """
                rule_version | indicator_id | name_en   | name_zh | points
                1990-01-01   | CON-01       | line busy | 线路忙  | 3
                2026-04-01   | CON-01       | engaged   | 线路忙  | 4
            """,
            "mart_grumble_type": """
                taxonomy_version | grumble_type_code | name_en | name_zh
                1990-01-01       | marketing         | sales   | 营销
            """,
        },
        """
            kind_code    | code      | valid_from | name_en   | points
            indicator    | CON-01    | 1990-01-01 | line busy | 3
            indicator    | CON-01    | 2026-04-01 | engaged   | 4
            grumble_type | marketing | 1990-01-01 | sales     |
        """,
    )


def test_entries_go_under_the_id_of_the_person() -> None:
    check(
        read_model(ROOM, "story_entry"),
        {
            "posted": """
                customer_id | posted_at                 | indicator_id
                OLD         | 2026-05-04 10:00:00+08:00 | CON-01
                K2          | 2026-05-04 11:00:00+08:00 | CON-02
            """,
            "person_of_customer": PERSONS,
        },
        """
            customer_id | indicator_id
            K1          | CON-01
            K2          | CON-02
        """,
    )


def test_a_contact_comes_with_the_grumble_in_it_and_one_without_customer_does_not_come() -> None:
    check(
        read_model(ROOM, "story_contact"),
        {
            "core_contact": whole(
                "core_contact",
                """
                contact_id | customer_id | started_at                | topic_code | outcome
                c1         | OLD         | 2026-05-04 10:00:00+08:00 | messaging  | answered
                c2         | K2          | 2026-05-04 10:00:00+08:00 |            | refused
                c3         |             | 2026-05-04 10:00:00+08:00 |            | answered
            """,
            ),
            "grumble": """
                grumble_id | source_kind_code | source_id | grumble_type_code | is_solved
                contact:c1 | contact          | c1        | marketing         | false
                ticket:c2  | ticket           | c2        | marketing         | false
            """,
            "person_of_customer": PERSONS,
        },
        """
            customer_id | contact_id | is_grumble | grumble_type_code
            K1          | c1         | true       | marketing
            K2          | c2         | false      |
        """,
    )


def test_tickets_and_answers_go_under_the_id_of_the_person() -> None:
    check(
        read_model(ROOM, "story_ticket"),
        {
            "core_ticket": whole(
                "core_ticket",
                """
                ticket_id | customer_id | kind_code | opened_at
                t1        | OLD         | complaint | 2026-05-04 10:00:00+08:00
                t2        |             | enquiry   | 2026-05-04 10:00:00+08:00
            """,
            ),
            "person_of_customer": PERSONS,
        },
        """
            customer_id | ticket_id
            K1          | t1
        """,
    )
    check(
        read_model(ROOM, "story_survey"),
        {
            "core_survey_reply": whole(
                "core_survey_reply",
                """
                survey_id | customer_id | replied_at                | reply_text
                s1        | OLD         | 2026-05-04 10:00:00+08:00 | words of theirs
            """,
            ),
            "person_of_customer": PERSONS,
        },
        """
            customer_id | survey_id
            K1          | s1
        """,
    )


def test_of_a_warning_its_latest_night_is_told() -> None:
    check(
        read_model(ROOM, "story_warning"),
        {
            "warning_night": whole(
                "mart_warning",
                """
                day_on     | customer_id | first_warned_on | level
                2026-05-04 | OLD         | 2026-05-04      | 4
                2026-05-05 | OLD         | 2026-05-04      | 5
                2026-05-20 | OLD         | 2026-05-20      | 3
            """,
            ),
            "person_of_customer": PERSONS,
        },
        """
            customer_id | first_warned_on | last_warned_on | level
            K1          | 2026-05-04      | 2026-05-05     | 5
            K1          | 2026-05-20      | 2026-05-20     | 3
        """,
    )


# K1 has damage; K2 called, and nothing went wrong; K3 has an open complaint.
INPUTS = {
    "touched": "customer_id\nK1\nK2\nK3",
    "story_month": whole(
        "mart_damage_month",
        """
            customer_id | row_digest | level::integer | score::decimal(9,3) | damage_points | repair_points | segment_code
            K1          | d1         | 1              | 3                   | 3             | 0             | agent
            K2          | d2         | 0              | 0                   | 0             | 0             | none
            K3          | d3         | 0              | 0                   | 0             | 0             | none
            K4          | d4         | 1              | 3                   | 3             | 0             | agent
        """,
    ),
    "story_entry": whole(
        "mart_damage_ledger",
        """
            customer_id | posted_at                 | entry_kind_code | indicator_id | subject_id | points::integer
            K1          | 2026-05-04 10:00:00+08:00 | debit           | CON-01       | c1         | 3
        """,
    ),
    "story_contact": whole(
        "core_contact",
        """
            customer_id | contact_id | started_at                | outcome | is_grumble | is_grumble_solved
            K1          | c1         | 2026-05-04 10:00:00+08:00 | refused | false      |
        """,
    ),
    "story_ticket": whole(
        "core_ticket",
        """
            customer_id | ticket_id | kind_code | opened_at                 | is_escalated
            K3          | t1        | complaint | 2026-05-04 10:00:00+08:00 | false
        """,
    ),
    "story_survey": whole("core_survey_reply", "customer_id"),
    "story_warning": whole("mart_warning", "customer_id | last_warned_on"),
}


def test_a_month_is_published_of_those_with_damage_or_an_open_matter() -> None:
    names, rows = run_on_tables(read_model(ROOM, "page_customer_month"), INPUTS, {"month": "2026-05"})
    found = {row[names.index("customer_id")]: json.loads(row[names.index("content")]) for row in rows}
    assert sorted(found) == ["K1", "K3"]
    assert found["K1"]["entries"] == [[1777860000, "debit", "CON-01", None, None, "c1", None, None, 3]]
    assert found["K1"]["points"] == [None, 3.0, 0.0, None, None]
    assert found["K1"]["tickets"] is None


def test_another_state_of_a_row_has_another_digest() -> None:
    changed = INPUTS | {"story_ticket": INPUTS["story_ticket"].replace("| false", "| true")}
    digests = []
    for inputs in (INPUTS, INPUTS, changed):
        names, rows = run_on_tables(read_model(ROOM, "page_customer_month"), inputs, {"month": "2026-05"})
        digests.append({row[names.index("customer_id")]: row[names.index("digest")] for row in rows})
    assert digests[0] == digests[1]
    assert digests[0]["K1"] == digests[2]["K1"]
    assert digests[0]["K3"] != digests[2]["K3"]
