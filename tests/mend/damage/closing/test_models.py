"""The close's models on text tables."""

from __future__ import annotations

import datetime as dt

from mend.damage.closing.inputs import ROOM
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

MAY_1 = dt.date(2026, 5, 1)
STAGES = {
    "first_day": MAY_1,
    "exploration_months": 3,
    "formation_months": 12,
    "decline_share": 0.3,
}


def test_an_entry_is_under_the_persons_id_and_belongs_to_its_incident() -> None:
    check(
        read_model(ROOM, "entry"),
        {
            "posted": """
                customer_id | posted_at           | entry_kind_code | indicator_id | rule_version::date | subject_id | cause_id | incident_id | points
                A           | 2026-05-10 10:00:00 | debit           | AGT-08       | 1990-01-01         | k2         |          | k1          | 5
                B           | 2026-05-10 11:00:00 | credit          | REP-01       | 1990-01-01         | k3         | r1       |             | -5
            """,  # noqa: E501
            "person_of_customer": "customer_id | person_id\nA | B",
            "indicator_word": """
                rule_version::date | indicator_id | indicator_number | is_ivr | is_agent | is_of_contact | is_explicit | is_escalation
                1990-01-01         | AGT-08       | 0                | false  | true     | true          | false       | false
                1990-01-01         | REP-01       | 1                | false  | false    | false         | false       | false
            """,  # noqa: E501
        },
        """
        customer_id | experience_id | subject_id | cause_id | is_debit | is_credit | is_agent
        B           | k1            | k2         | k2       | true     | false     | true
        B           | k3            | k3         | r1       | false    | true      | false
        """,
    )


def test_scores_of_a_persons_ids_are_carried_over_together_and_cut_to_thousandths() -> None:
    check(
        read_model(ROOM, "carried"),
        {
            "score_before": """
                customer_id | score::decimal(9,3)
                A           | 2.5
                A           | 0.125
                B           | 0.019
                C           | 0.625
            """
        },
        """
        customer_id | points
        A           | 1.312
        C           | 0.312
        """,
        {"carry_over": 0.5},
    )


def test_the_peak_is_the_costliest_experience_and_of_equals_the_double_the_explicit_the_first_by_id() -> None:
    check(
        read_model(ROOM, "damage"),
        {
            "experience": """
                customer_id | experience_id | damage_points | repair_points::decimal(9,3) | ivr_points | agent_points | is_explicit | is_escalated
                A           | a             | 8             | 0                           | 0          | 8            | false       | false
                A           | b             | 8             | 1.5                         | 0          | 8            | true        | true
                A           | z             | 8             | 0                           | 3          | 5            | false       | false
                B           | b2            | 3             | 0                           | 0          | 3            | false       | false
                B           | b1            | 3             | 0                           | 0          | 3            | false       | false
                C           | c             | 0             | 2                           | 0          | 0            | false       | false
            """  # noqa: E501
        },
        """
        customer_id | damage_points | repair_points | peak_points | peak_subject_id | is_escalated
        A           | 24            | 1.500         | 8           | z               | true
        B           | 6             | 0.000         | 3           | b1              | false
        C           | 0             | 2.000         | 0           |                 | false
        """,
    )


def test_the_last_contact_is_the_latest_and_of_one_moment_the_last_by_id() -> None:
    check(
        read_model(ROOM, "contacted"),
        {
            "exposure": """
                customer_id | contact_count | incident_count | last_contact_at           | last_contact_id
                A           | 2             | 1              | 2026-05-10 10:00:00+08:00 | k9
                A           | 1             | 1              | 2026-05-11 10:00:00+08:00 | k1
                A           | 1             | 1              | 2026-05-11 10:00:00+08:00 | k2
            """
        },
        """
        customer_id | contact_id | contact_count | incident_count
        A           | k2         | 4             | 3
        """,
    )


def test_the_end_is_the_last_contact_or_what_was_decided_after_it() -> None:
    check(
        read_model(ROOM, "latest"),
        {
            "entry": """
                customer_id | subject_id | cause_id | posted_at                 | points::decimal(9,3) | is_debit | is_of_contact
                A           | k1         | k1       | 2026-05-10 10:00:00+08:00 | 5                    | true     | true
                A           | k1         | k1       | 2026-05-10 10:00:00+08:00 | -2                   | false    | true
                B           | k2         | k2       | 2026-05-10 10:00:00+08:00 | 5                    | true     | true
                B           | k2         | s1       | 2026-05-12 10:00:00+08:00 | 8                    | true     | false
                C           | t          | t        | 2026-05-09 10:00:00+08:00 | 4                    | true     | false
                D           | k0         | k0       | 2026-05-01 20:00:00+08:00 | 3                    | true     | true
                E           | t1         | t1       | 2026-05-12 10:00:00+08:00 | 4                    | true     | false
                E           | t2         | t2       | 2026-05-12 10:00:00+08:00 | 6                    | true     | false
                F           | k5         | k5       | 2026-05-10 10:30:00+08:00 | 4                    | true     | true
                F           | k5         | k5       | 2026-05-11 10:00:00+08:00 | 5                    | true     | true
                F           | k4         | k4       | 2026-05-11 12:00:00+08:00 | 2                    | true     | true
            """,  # noqa: E501
            "contacted": """
                customer_id | contact_at                | contact_id
                A           | 2026-05-10 10:00:00+08:00 | k1
                B           | 2026-05-10 10:00:00+08:00 | k2
                C           | 2026-05-10 10:00:00+08:00 | k3
                E           | 2026-05-10 10:00:00+08:00 | k6
                F           | 2026-05-10 10:00:00+08:00 | k5
            """,
        },
        """
        customer_id | moment                    | points
        A           | 2026-05-10 10:00:00+08:00 | 5
        B           | 2026-05-12 10:00:00+08:00 | 8
        D           | 2026-05-01 20:00:00+08:00 | 3
        E           | 2026-05-12 10:00:00+08:00 | 6
        F           | 2026-05-10 10:00:00+08:00 | 9
        """,
    )


def test_city_and_stage_are_of_the_last_snapshot() -> None:
    check(
        read_model(ROOM, "place"),
        {
            "scored": "customer_id\nnow\ngone\nleft\nnew\nnever",
            "snapshot": """
                customer_id | month_on   | city_code | status_code | joined_on  | arpu_amount::decimal(12,2) | minutes_of_use::integer
                now         | 2026-04-01 | wuxi      | active      | 2020-01-01 | 50                         | 100
                now         | 2026-05-01 | suzhou    | active      | 2020-01-01 | 50                         | 100
                new         | 2026-05-01 | suzhou    | active      | 2026-04-01 | 50                         | 100
                left        | 2026-05-01 | suzhou    | left        | 2020-01-01 | 50                         | 100
                gone        | 2025-01-01 | wuxi      | active      | 2020-01-01 | 50                         | 100
                gone        | 2025-02-01 | wuxi      | active      | 2020-01-01 | 50                         | 100
                gone        | 2025-03-01 | wuxi      | active      | 2020-01-01 | 50                         | 100
                gone        | 2025-04-01 | nanjing   | active      | 2020-01-01 | 20                         | 100
            """,  # noqa: E501
        },
        """
        customer_id | city_code | has_left | is_last_known | lifecycle_stage_code
        now         | suzhou    | false    | false         | stable
        new         | suzhou    | false    | false         | exploration
        left        | suzhou    | true     | false         | stable
        gone        | nanjing   | false    | true          | decline
        """,
        STAGES,
    )


def test_a_level_is_never_under_the_explicit_grade() -> None:
    check(
        read_model(ROOM, "damage_month"),
        {
            "scored": """
                customer_id | score::decimal(9,3) | explicit_grade::integer | ivr_points | agent_points
                A           | 0.009               | 0                       | 0          | 0
                B           | 0.01                | 0                       | 0          | 0
                C           | 4.999               | 3                       | 1          | 2
                D           | 5                   | 1                       | 0          | 5
                E           | 30                  | 2                       | 5          | 0
            """,
            "place": "customer_id | lifecycle_stage_code | city_code | is_last_known | has_left\nA | stable | wuxi | true | false",  # noqa: E501
        },
        """
        customer_id | level | segment_code | city_code | is_last_known | has_left
        A           | 0     | none         | wuxi      | true          | false
        B           | 1     | none         |           | false         | false
        C           | 3     | double       |           | false         | false
        D           | 2     | agent        |           | false         | false
        E           | 4     | ivr          |           | false         | false
        """,
        {
            "month": "2026-05",
            "is_closed": True,
            "nothing_left_under": 0.01,
            "moderate_from": 5,
            "severe_from": 15,
            "critical_from": 30,
        },
    )


def test_a_score_that_is_not_carry_over_plus_ledger_is_a_mismatch() -> None:
    check(
        read_model(ROOM, "score_mismatch"),
        {
            "damage_month": "customer_id | score::decimal(9,3)\nright | 7.5\nwrong | 7\nzero | 0",
            "entry": """
                customer_id | points::decimal(9,3)
                right       | 5
                wrong       | 5
                zero        | -5
                forgotten   | 3
            """,
            "carried": "customer_id | points::decimal(9,3)\nright | 2.5\nwrong | 2.5\nlost | 1",
        },
        """
        customer_id
        forgotten
        lost
        wrong
        """,
    )


def test_customers_of_an_indicator_are_counted_once() -> None:
    check(
        read_model(ROOM, "indicator_count"),
        {
            "entry": """
                customer_id | indicator_number::integer | points::decimal(9,3) | is_debit | is_credit
                A           | 0                         | 5                    | true     | false
                A           | 0                         | 5                    | true     | false
                A           | 70                        | -1.5                 | false    | true
                B           | 0                         | 5                    | true     | false
                B           | 0                         | -2                   | false    | false
            """,
            "indicator_word": "indicator_number::integer | indicator_id\n0 | AGT-08\n70 | REP-01\n1 | IVR-01",
        },
        """
        indicator_id | hit_count | customer_count | points
        AGT-08       | 3         | 2              | 15.000
        REP-01       | 1         | 1              | -1.500
        """,
    )


def test_an_outdated_list_has_other_customers_or_figures_than_the_close() -> None:
    columns = "month | customer_id | city_code | level::integer | score | segment_code | is_explicit | peak_points"
    check(
        read_model(ROOM, "outdated_list"),
        {
            "month_file": f"""
                {columns} | has_left | is_in_consolidation
                2026-01   | A |      | 1 | 4 | agent | false | 4 | false | false
                2026-01   | L |      | 1 | 4 | agent | false | 4 | true  | false
                2026-02   | A | wuxi | 1 | 4 | agent | false | 4 | false | false
                2026-03   | A | wuxi | 1 | 4 | agent | false | 4 | false | false
            """,
            "list_file": f"""
                {columns}
                2026-01   | A | unknown | 1 | 4 | agent | false | 4
                2026-02   | A | wuxi    | 1 | 5 | agent | false | 4
                2026-03   | A | wuxi    | 1 | 4 | agent | false | 4
                2026-03   | B | wuxi    | 1 | 4 | agent | false | 4
            """,
        },
        """
        month
        2026-02
        2026-03
        """,
        {"months": ["2026-01", "2026-02", "2026-03"]},
    )
