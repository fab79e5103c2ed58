"""The records' models on text tables."""

# ruff: noqa: E501 - rows of text tables
from __future__ import annotations

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/records"
RUN_DAY = """
    day        | taxonomy_version::date | ticket_reach_days::int | solution_reach_days::int | least_confidence_unasked::double
    2026-05-10 | 1990-01-01             | 3                      | 30                       | 0.9
    2026-05-11 | 1990-01-01             | 3                      | 30                       | 0.9
"""
TYPES = """
    taxonomy_version::date | code
    1990-01-01             | network
    1990-01-01             | tariff
"""
TOPICS = """
    taxonomy_version::date | topic_code | code
    1990-01-01             | bill       | tariff
"""
GRUMBLES = """
    source_id | grumble_type_code | classified_by_code | confidence::double | classifier_version | grumbled_on
    C1        | network           | source             |                    |                    | 2026-05-10
    C2        | tariff            | text               | 0.7                | v                  | 2026-05-10
"""


def test_a_code_a_mood_or_a_note_makes_a_candidate() -> None:
    contacts = """
        contact_id | customer_id | started_at             | started_on | topic_code | mood_code | note_text | grumble_type_code | is_resolved | is_company_at_fault
        coded      | A           | 2026-05-10 09:00:00+08 | 2026-05-10 |            | calm      |           | N1                |             |
        mood       | A           | 2026-05-10 09:00:00+08 | 2026-05-10 |            | angry     |           |                   | true        |
        note       | A           | 2026-05-10 09:00:00+08 | 2026-05-10 |            |           | slow      |                   |             |
        calm       | A           | 2026-05-10 09:00:00+08 | 2026-05-10 |            | calm      | slow      |                   |             |
        nobody     |             | 2026-05-10 09:00:00+08 | 2026-05-10 |            | angry     |           |                   |             |
        other day  | A           | 2026-05-12 09:00:00+08 | 2026-05-12 |            | angry     |           |                   |             |
    """
    codes = """
        taxonomy_version::date | source_code | code
        1990-01-01             | N1          | network
    """
    moods = """
        taxonomy_version::date | mood_code
        1990-01-01             | angry
    """
    inputs = {"contact": contacts, "run_day": RUN_DAY, "code_map": codes, "mood_list": moods}
    check(read_model(ROOM, "candidate"), inputs, """
        contact_id | source_type_code | is_unasked | is_solved_at_once
        coded      | network          | false      | false
        mood       |                  | false      | true
        note       |                  | true       | false
    """)  # fmt: skip


def test_a_grumble_is_classified_by_code_then_by_text_then_by_topic() -> None:
    candidates = """
        contact_id | customer_id | started_at             | started_on | topic_code | mood_code | is_company_at_fault | is_solved_at_once | source_type_code | is_unasked | taxonomy_version::date | least_confidence_unasked::double
        code       | A           | 2026-05-10 09:00:00+08 | 2026-05-10 | bill       |           |                     | false             | network          | false      | 1990-01-01             | 0.9
        text       | A           | 2026-05-10 09:00:00+08 | 2026-05-10 | bill       |           |                     | false             |                  | false      | 1990-01-01             | 0.9
        topic      | A           | 2026-05-10 09:00:00+08 | 2026-05-10 | bill       |           |                     | false             |                  | false      | 1990-01-01             | 0.9
        none       | A           | 2026-05-10 09:00:00+08 | 2026-05-10 |            |           |                     | false             |                  | false      | 1990-01-01             | 0.9
        unsure     | A           | 2026-05-10 09:00:00+08 | 2026-05-10 |            |           |                     | false             |                  | true       | 1990-01-01             | 0.9
    """
    readings = """
        source_id | code    | confidence::double | classifier_version
        code      | tariff  | 0.8                | v
        text      | network | 0.8                | v
        topic     | unknown | 0.8                | v
        unsure    | network | 0.8                | v
    """
    inputs = {"candidate": candidates, "contact_reading": readings, "topic_map": TOPICS, "type_list": TYPES}
    check(read_model(ROOM, "contact_part"), inputs, """
        source_id | grumble_type_code | classified_by_code | confidence | classifier_version
        code      | network           | source             |            |
        text      | network           | text               | 0.8        | v
        topic     | tariff            | source             |            |
        none      |                   | none               |            |
    """)  # fmt: skip


def test_a_ticket_is_opened_by_the_grumble_of_its_contact_within_the_reach() -> None:
    tickets = """
        ticket_id | kind_code | contact_id | opened_on
        T1        | complaint | C1         | 2026-05-11
        T2        | grumble   | C2         | 2026-05-10
        early     | complaint | C1         | 2026-05-09
        T3        | complaint | C9         | 2026-05-10
    """
    inputs = {"ticket": tickets, "run_day": RUN_DAY, "contact_grumble": GRUMBLES}
    check(read_model(ROOM, "opening"), inputs, """
        ticket_id | kind_code | contact_code | contact_by_code | contact_confidence
        T1        | complaint | network      | source          |
        T2        | grumble   | tariff       | text            | 0.7
    """)  # fmt: skip


def test_what_says_solved_names_a_contact_or_a_ticket() -> None:
    replies = """
        about_kind_code | about_id | replied_at             | is_solved
        contact         | C1       | 2026-05-12 09:00:00+08 | true
        ticket          | T1       | 2026-05-12 09:00:00+08 | false
        ticket          | T2       | 2026-05-12 09:00:00+08 |
        other           | X        | 2026-05-12 09:00:00+08 | true
    """
    repairs = """
        contact_id | ticket_id | done_at                | action_code | outcome_code
        C1         | T1        | 2026-05-13 09:00:00+08 | rebate      | resolved
        C2         |           | 2026-05-13 09:00:00+08 | rebate      | unresolved
    """
    check(read_model(ROOM, "said"), {"reply_file": replies, "repair_file": repairs}, """
        kind_code | subject_id | is_solved | action_code
        contact   | C1         | true      |
        ticket    | T1         | false     |
        contact   | C1         | true      | rebate
        ticket    | T1         | true      | rebate
    """)  # fmt: skip


def test_days_are_recorded_again_for_what_came_and_for_what_it_speaks_of() -> None:
    changes = """
        record_code  | subject_on | subject_id | customer_id
        contact      | 2026-05-20 | C20        | A
        ticket       | 2026-05-12 | T12        | A
        survey_reply | 2026-05-25 | S1         | A
        customer     | 2026-05-01 | B          | B
    """
    tickets = """
        ticket_id | contact_id | opened_on
        T12       | C10        | 2026-05-12
        T21       | C20        | 2026-05-21
        other     | C9         | 2026-05-22
    """
    grumbles = """
        source_kind_code | source_id | customer_id | grumbled_on
        contact          | C10       | A           | 2026-05-10
        contact          | C5        | A           | 2026-05-05
        contact          | C7        | B           | 2026-05-07
        contact          | C8        | C           | 2026-05-08
    """
    complaints = """
        complaint_id | customer_id | complained_on
        K            | B           | 2026-05-30
        L            | B           | 2026-04-30
    """
    reply = """
        survey_id | about_kind_code | about_id
        S1        | contact         | C5
    """
    repair = """
        repair_id | contact_id | ticket_id
    """
    inputs = {
        "change": changes, "recent_ticket": tickets, "ticket_now": tickets, "ticket_version": tickets,
        "recent_grumble": grumbles, "recent_complaint": complaints, "read_day": "day",
        "reply_now": reply, "reply_version": reply, "repair_now": repair, "repair_version": repair,
    }  # fmt: skip
    check(read_model(ROOM, "touched_day"), inputs, """
        day
        2026-05-05
        2026-05-07
        2026-05-10
        2026-05-12
        2026-05-20
        2026-05-21
        2026-05-30
    """)  # fmt: skip


def test_a_denial_takes_back_every_solution_up_to_it() -> None:
    grumbles = """
        grumble_id | customer_id | grumbled_at            | grumbled_on | source_kind_code | source_id | is_solved_at_once
        contact:C1 | A           | 2026-05-10 09:00:00+08 | 2026-05-10  | contact          | C1        | true
        contact:C2 | A           | 2026-05-10 09:00:00+08 | 2026-05-10  | contact          | C2        | false
    """
    tickets = """
        ticket_id | contact_id | kind_code | opened_on
        T2        | C2         | complaint | 2026-05-11
    """
    ticket_words = """
        ticket_id | said_at                | is_solved
        T2        | 2026-05-12 09:00:00+08 | true
    """
    filed = """
        ticket_id | customer_id | kind_code | opened_at | opened_on | topic_code | city_code | type_code | classified_by_code | confidence::double | classifier_version
    """
    said = """
        kind_code | subject_id | said_at                | is_solved | action_code
        contact   | C1         | 2026-05-11 09:00:00+08 | false     |
        contact   | C1         | 2026-05-13 09:00:00+08 | true      | rebate
        contact   | C1         | 2026-05-14 09:00:00+08 | true      | call
    """
    actions = """
        taxonomy_version::date | action_code
        1990-01-01             | call
    """
    places = """
        customer_id | month_on   | city_code
        A           | 2026-05-01 | wuxi
    """
    columns = (
        "grumble_type_code | classified_by_code | confidence::double | classifier_version | topic_code | mood_code"
    )
    lines = grumbles.strip().splitlines()
    wide = "\n".join([f"{lines[0]} | {columns} | is_company_at_fault", *(f"{line}{' |' * 7}" for line in lines[1:])])
    inputs = {
        "contact_grumble": wide, "ticket_part": filed, "ticket": tickets, "ticket_word": ticket_words,
        "run_day": RUN_DAY, "said": said, "solving_action": actions, "snapshot": places,
    }  # fmt: skip
    check(read_model(ROOM, "grumble"), inputs, """
        grumble_id | is_solved | solved_at                 | complaint_id | city_code
        contact:C1 | false     | 2026-05-14 09:00:00+08:00 |              | wuxi
        contact:C2 | true      | 2026-05-12 09:00:00+08:00 | T2           | wuxi
    """)  # fmt: skip


def test_what_a_ticket_says_of_its_solution_is_read_from_all_its_states() -> None:
    states = """
        ticket_id | version_at             | is_resolved | resolved_at::timestamptz | closed_at::timestamptz | reopened_at::timestamptz | reopen_count::int
        T         | 2026-05-10 09:00:00+08 |             |                          |                        |                          |
        T         | 2026-05-12 10:00:00+08 | true        | 2026-05-12 09:00:00+08   |                        |                          |
        T         | 2026-05-13 10:00:00+08 | true        | 2026-05-12 09:00:00+08   | 2026-05-13 09:00:00+08 |                          |
        T         | 2026-05-14 10:00:00+08 | false       |                          |                        | 2026-05-14 08:00:00+08   | 1
        T         | 2026-05-20 01:00:00+08 | true        | 2026-05-19 18:00:00+08   |                        | 2026-05-14 08:00:00+08   | 1
        untold    | 2026-05-10 09:00:00+08 | true        |                          | 2026-05-10 09:00:00+08 |                          |
        untold    | 2026-05-15 09:00:00+08 | false       |                          | 2026-05-10 09:00:00+08 |                          |
        whole     | 2026-05-20 09:00:00+08 | true        | 2026-05-19 09:00:00+08   |                        | 2026-05-15 09:00:00+08   | 1
    """
    tickets = """
        ticket_id | opened_at              | is_resolved | resolved_at::timestamptz | closed_at::timestamptz | reopened_at::timestamptz | reopen_count::int
        T         | 2026-05-10 09:00:00+08 | true        | 2026-05-19 18:00:00+08   |                        |                          | 1
        alone     | 2026-05-10 09:00:00+08 | true        |                          | 2026-05-11 09:00:00+08 |                          |
    """
    check(read_model(ROOM, "ticket_word"), {"ticket_state": states, "ticket_file": tickets}, """
        ticket_id | said_at                   | is_solved
        T         | 2026-05-12 09:00:00+08:00 | true
        T         | 2026-05-14 08:00:00+08:00 | false
        T         | 2026-05-20 01:00:00+08:00 | true
        untold    | 2026-05-10 09:00:00+08:00 | true
        untold    | 2026-05-15 09:00:00+08:00 | false
        whole     | 2026-05-15 09:00:00+08:00 | false
        whole     | 2026-05-19 09:00:00+08:00 | true
        alone     | 2026-05-11 09:00:00+08:00 | true
    """)  # fmt: skip
