"""The clusters' models of figures and samples on text tables."""

# ruff: noqa: E501 - rows of text tables

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/clusters"
COUNTED = {
    "first_day": dt.date(2026, 3, 1),
    "counts_from": dt.date(2026, 3, 1),
    "slots": 21,
    "least_wait_seconds": 10,
    "money_areas": ["tariff_billing"],
    "hotline": ["hotline"],
    "traditional": ["shop"],
    "ivr_sms": ["sms"],
    "web_wap": ["app"],
}
TOPICS = """
    topic_code | topic_no
    bill       | 1
    data       | 2
"""
NUMBERED = TOPICS.replace("topic_no", "topic_no::integer")
TAXONOMY = """
    grumble_type_code | parent_code
    weak              | network
    weak              |
    tariff_billing    |
"""


def test_a_grumble_and_a_complaint_count_for_the_area_of_their_point_in_any_version_of_the_taxonomy() -> None:
    grumbles = """
        customer_id | grumble_type_code | grumbled_at | grumbled_on | is_solved_at_once | topic_code | complaint_id
        A           | weak              |             |             |                   |            |
        B           | tariff_billing    |             |             |                   |            |
        C           | foreign           |             |             |                   |            |
    """
    expected = """
        customer_id | area_code
        A           | network
        B           | tariff_billing
        C           | foreign
    """
    check(read_model(ROOM, "input_grumble"), {"grumble_file": grumbles, "taxonomy": TAXONOMY}, expected)
    complaints = """
        customer_id | complaint_type_code | complained_at | complained_on | is_escalated
        A           | weak                |               |               |
                    | tariff_billing      |               |               |
    """
    check(read_model(ROOM, "input_complaint"), {"complaint_file": complaints, "taxonomy": TAXONOMY}, """
        customer_id | area_code
        A           | network
    """)  # fmt: skip


def test_only_inbound_contacts_of_known_customers_count() -> None:
    contacts = """
        customer_id | direction_code | started_on | topic_code | touchpoint_code | outcome  | is_abandoned::boolean | is_answered::boolean | queue_seconds::integer | mood_code
        A           | inbound        | 2026-05-01 | bill       | hotline         | answered | false                 | true                 | 5                      | calm
                    | inbound        | 2026-05-01 | bill       | hotline         | answered | false                 | true                 | 5                      | calm
        B           | outbound       | 2026-05-01 | bill       | hotline         | answered | false                 | true                 | 5                      | calm
    """
    check(read_model(ROOM, "input_contact"), {"contact_file": contacts}, """
        customer_id | topic_code
        A           | bill
    """)  # fmt: skip


def test_without_a_snapshot_the_customers_are_those_who_were_seen() -> None:
    empty = "customer_id | brand_code | birth_year | joined_on | arpu_amount | status_code"
    seen = """
        customer_id
        A
        B
    """
    inputs = dict.fromkeys(("input_contact", "input_grumble", "input_complaint"), seen)
    expected = """
        customer_id | birth_year
        A           |
        B           |
    """
    check(read_model(ROOM, "input_customer"), {**inputs, "snapshot": empty}, expected)
    snapshot = """
        customer_id | brand_code | birth_year | joined_on  | arpu_amount | status_code
        C           | mzone      | 1990       | 2020-01-01 | 50          | active
        D           | mzone      | 1990       | 2020-01-01 | 50          | left
    """
    check(read_model(ROOM, "input_customer"), {**inputs, "snapshot": snapshot}, """
        customer_id | brand_code
        C           | mzone
    """)  # fmt: skip


def test_topics_and_areas_are_numbered() -> None:
    topics = """
        topic_code
        data
        bill
    """
    other = """
        topic_code
        bill

    """
    check(read_model(ROOM, "topic_number"), {"input_contact": topics, "input_grumble": other}, TOPICS)
    check(read_model(ROOM, "area_number"), {"input_complaint": "area_code\nnetwork\nmarketing\nnetwork"}, """
        area_code | area_no
        marketing | 1
        network   | 2
    """)  # fmt: skip


def test_a_chain_of_calls_about_one_topic_in_a_month_is_one_matter() -> None:
    contacts = """
        customer_id | started_on::date | topic_code | touchpoint_code | outcome     | is_abandoned::boolean | is_answered::boolean | queue_seconds::integer | mood_code
        A           | 2026-03-02       | bill       | hotline         | hung_up     | true                  | false                | 30                     |
        A           | 2026-03-02       | bill       | hotline         | hung_up     | true                  | false                | 40                     |
        A           | 2026-03-03       | bill       | hotline         | answered    | false                 | true                 | 20                     | annoyed
        A           | 2026-04-03       | bill       | hotline         | answered    | false                 | true                 | 12                     | angry
        A           | 2026-05-03       | data       | hotline         | self_served |                       |                      |                        |
        A           | 2026-05-04       | data       | app             | self_served |                       |                      |                        |
        B           | 2026-05-04       |            | hotline         | refused     | false                 | false                |                        |
        B           | 2026-05-05       |            | shop            | answered    | true                  | false                | 9                      | calm
    """
    expected = """
        customer_id | traditional_count | ivr_sms_count | web_wap_count | angry_count | annoyed_count | abandoned_count | stayed_count
        A           | 2                 | 1             | 1             | 1           | 1             | 1               | 1
        B           | 1                 | 0             | 0             | 0           | 0             | 0               | 0
    """
    model = read_model(ROOM, "contact_figure")
    check(model, {"input_contact": contacts, "topic_number": NUMBERED}, expected, COUNTED)
    check(model, {"input_contact": contacts, "topic_number": NUMBERED}, """
        customer_id | ivr_sms_count | angry_count
        A           | 1             | 0
        B           | 0             | 0
    """, {**COUNTED, "counts_from": dt.date(2026, 5, 1)})  # fmt: skip


def test_matters_grumbled_about_are_about_money_or_not() -> None:
    grumbles = """
        customer_id | grumbled_on::date | topic_code | area_code
        A           | 2026-03-02        | bill       | tariff_billing
        A           | 2026-03-09        | bill       | network
        A           | 2026-04-09        | bill       | network
        A           | 2026-05-09        | data       |
    """
    check(read_model(ROOM, "grumble_figure"), {"input_grumble": grumbles, "topic_number": NUMBERED}, """
        customer_id | grumbled_count | money_count | other_count
        A           | 3              | 1           | 1
    """, COUNTED)  # fmt: skip


def test_matters_complained_of_are_escalated_or_not_and_unknown_is_neither() -> None:
    complaints = """
        customer_id | complained_on::date | area_code | is_escalated::boolean
        A           | 2026-03-02          | network   | false
        A           | 2026-03-05          | network   | true
        A           | 2026-04-05          | network   | false
        A           | 2026-05-05          |           |
    """
    areas = """
        area_code | area_no::integer
        network   | 1
    """
    check(read_model(ROOM, "complaint_figure"), {"input_complaint": complaints, "area_number": areas}, """
        customer_id | complained_count | escalated_count | settled_count
        A           | 3                | 1               | 1
    """, COUNTED)  # fmt: skip


def test_who_grumbled_complained_or_was_displeased_has_shown_something() -> None:
    contact = """
        customer_id | traditional_count | ivr_sms_count | web_wap_count | angry_count | annoyed_count | abandoned_count | stayed_count
        CALM        | 1                 | 0             | 0             | 0           | 0             | 2               | 0
        ANGRY       | 1                 | 0             | 0             | 1           | 0             | 0               | 0
        GONE        | 1                 | 0             | 0             | 1           | 0             | 0               | 0
    """
    grumble = """
        customer_id | grumbled_count | money_count | other_count
        GRUMBLED    | 3              | 1           | 2
    """
    complaint = """
        customer_id | complained_count | escalated_count | settled_count
        GRUMBLED    | 1                | 0               | 1
        COMPLAINED  | 1                | 0               | 1
    """
    members = "customer_id\nCALM\nANGRY\nGRUMBLED\nCOMPLAINED\nSILENT"
    inputs = {"input_customer": members, "contact_figure": contact}
    check(read_model(ROOM, "behaviour_figure"), {**inputs, "grumble_figure": grumble, "complaint_figure": complaint}, """
        customer_id | is_shown | angry_count | money_count | complained_count | let_be_count
        CALM        | false    | 0           | 0           | 0                | 0
        ANGRY       | true     | 1           | 0           | 0                | 0
        GRUMBLED    | true     | 0           | 1           | 1                | 2
        COMPLAINED  | true     | 0           | 0           | 1                | 0
    """)  # fmt: skip


def test_age_tenure_and_the_logarithm_of_spend_are_null_where_not_known() -> None:
    customers = """
        customer_id | brand_code | birth_year::integer | joined_on::date | arpu_amount::double
        A           | mzone      | 1990                | 2026-01-15      | 0
        B           |            |                     |                 |
    """
    check(read_model(ROOM, "value_figure"), {"input_customer": customers}, """
        customer_id | brand_code | age  | tenure_months | spend
        A           | mzone      | 36.0 | 4.0           | 0.0
        B           | unknown    |      |               |
    """, {"year": 2026, "last_day": dt.date(2026, 5, 31)})  # fmt: skip


def test_samples_are_the_same_in_every_run_and_leave_out_who_did_too_little() -> None:
    figures = """
        customer_id | is_shown::boolean | brand_code | age | tenure_months | spend::integer
        A           | true     |            |     |               | 1
        B           | false    |            |     |               | 2
        C           | true     |            |     |               | 3
        D           | true     |            |     |               | 4
    """  # by MD5: C, A, B, D
    check(read_model(ROOM, "value_sample"), {"value_figure": figures}, """
        customer_id
        A
        B
        C
    """, {"most_rows": 3})  # fmt: skip
    check(read_model(ROOM, "behaviour_sample"), {"behaviour_figure": figures}, """
        customer_id
        C
        D
    """, {"most_rows": 2, "least_matters": 2}, {"who": "is_shown", "matters": "spend"})  # fmt: skip
    check(read_model(ROOM, "outcome_sum"), {"behaviour_figure": figures}, """
        spend
        8
    """, fills={"sums": "cast(sum(spend) as bigint) as spend", "who": "is_shown"})  # fmt: skip
