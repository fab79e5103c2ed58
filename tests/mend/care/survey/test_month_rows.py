"""Resolution by topic and callbacks beside calls: the published figures from counts, intervals, and what deserves to be
asked about.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.mend.care.survey.test_report import lake, surveys

from mend.care.survey.month_rows import CallbackCount, TopicCount, callback_row, topic_rows
from mend.care.survey.report import month_report
from mend.care.survey.rules import TopicRule, load_rules
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench

MONTH = "2026-05"
CHINA = ZoneInfo("Asia/Shanghai")
MAY = {"first": dt.datetime(2026, 5, 1, tzinfo=CHINA), "after": dt.datetime(2026, 6, 1, tzinfo=CHINA)}
COMPLEX = ("mobile_data", "messaging")


def topic(code: str, contacts: int, resolved: float, repeats: float = 0.1) -> TopicCount:
    """A topic of which the record knows every contact, and three quarters are followed for a week."""
    followed = contacts * 3 // 4
    yes = round(contacts * resolved)
    return TopicCount(code, contacts, yes, contacts - yes, 0, 0, 0, followed, round(followed * repeats))


def judged(*topics: TopicCount, rule: TopicRule | None = None) -> dict[str, dict[str, Any]]:
    rows = topic_rows(MONTH, topics, COMPLEX, rule or TopicRule())
    return {row["topic_code"]: row for row in rows}


def test_complex_topics_are_resolved_two_to_five_points_less_and_deserve_to_be_asked_about() -> None:
    """The published difference, planted: 92 % of the simple, 89 % and 88 % of the complex topics."""
    found = judged(
        topic("balance_query", 40_000, 0.92),
        topic("plan_change", 30_000, 0.92),
        topic("mobile_data", 20_000, 0.89),
        topic("messaging", 8_000, 0.88),
    )
    for code in COMPLEX:
        row = found[code]
        assert row["is_complex"]
        assert 0.02 <= -row["difference_share"] <= 0.05
        assert row["difference_low"] < row["difference_share"] < row["difference_high"] < 0
        assert row["asking_code"] == "deserves"
    assert found["balance_query"]["asking_code"] == "not_needed"
    assert "resolved -2.6 points (95 % -3.1 to -2.1)" in found["mobile_data"]["asking_en"]
    assert "个百分点" in found["mobile_data"]["asking_zh"]


def test_topics_that_are_alike_need_no_asking_however_many_are_looked_at() -> None:
    found = judged(*(topic(f"topic_{number}", 2_000, 0.9 + number % 3 / 1000) for number in range(12)))
    assert {row["asking_code"] for row in found.values()} == {"not_needed"}


def test_a_topic_of_few_contacts_is_not_judged_however_bad_it_looks() -> None:
    found = judged(topic("roaming", 60, 0.5), topic("billing", 9_000, 0.92))
    assert found["roaming"]["asking_code"] == "too_little_data"
    assert found["roaming"]["asking_en"].startswith("too little data")


def test_what_the_record_does_not_say_is_no_failure() -> None:
    """A source that does not map is_resolved: nothing is told by the record, repeats still speak."""
    silent = replace(topic("roaming", 3_000, 0), resolved_count=0, unresolved_count=0, repeat_count=900)
    found = judged(silent, topic("billing", 9_000, 0.92))["roaming"]
    assert (found["resolved_share"], found["difference_share"]) == (None, None)
    assert found["repeat_difference_low"] > 0
    assert found["asking_code"] == "deserves"


def test_a_topic_that_is_called_about_every_week_and_is_always_resolved_is_for_a_person_to_decide() -> None:
    found = judged(topic("balance_query", 9_000, 0.97, repeats=0.35), topic("billing", 9_000, 0.9))
    assert found["balance_query"]["asking_code"] == "unclear"
    assert found["billing"]["asking_code"] == "deserves"


def test_one_topic_alone_has_nothing_to_be_compared_with() -> None:
    found = judged(topic("billing", 9_000, 0.5))["billing"]
    assert (found["difference_share"], found["asking_code"]) == (None, "too_little_data")


def test_a_difference_that_is_sure_but_small_deserves_no_asking() -> None:
    topics = topic("billing", 400_000, 0.91), topic("roaming", 400_000, 0.92)
    assert judged(*topics)["billing"]["asking_code"] == "not_needed"
    assert judged(*topics, rule=TopicRule(lower_by_points=0.5))["billing"]["asking_code"] == "deserves"


def test_solved_by_those_asked_is_a_range_from_worst_to_best() -> None:
    """The published complex questions: 5 399 asked, 891 answered, 553 unsolved."""
    row = judged(replace(topic("mobile_data", 9_000, 0.9), asked_count=5399, answered_count=891, unsolved_count=553))
    shares = [row["mobile_data"][f"solved_{name}_share"] for name in ("floor", "worst", "best")]
    assert [f"{100 * share:.2f}" for share in shares] == ["6.26", "37.93", "89.76"]


def test_the_published_bookings_are_eight_in_a_thousand_calls_and_two_thirds_are_reached() -> None:
    row = callback_row(MONTH, CallbackCount(2_840_000, 22_720, 15_068, 0, 0, 0, 0, 0, 0))
    assert f"{100 * row['booked_share']:.1f} {100 * row['reached_share']:.2f}" == "0.8 66.32"
    assert row["difference_share"] is None


def test_callbacks_please_96_37_percent_1_12_points_more_than_calls_and_few_answers_do_not_prove_it() -> None:
    """The publication gives no number of answers: of 10 000 each the difference is sure, of 300 it is not."""
    many = callback_row(MONTH, CallbackCount(1, 1, 1, 10_000, 10_000, 9_637, 10_000, 10_000, 9_525))
    assert f"{100 * many['callback_satisfied_share']:.2f}" == "96.37"
    assert many["difference_share"] == pytest.approx(0.0112)
    assert many["difference_low"] > 0
    few = callback_row(MONTH, CallbackCount(1, 1, 1, 300, 300, 289, 300, 300, 286))
    assert few["difference_low"] < 0 < few["difference_high"]


def test_more_bookings_than_calls_are_no_share_of_them() -> None:
    assert callback_row(MONTH, CallbackCount(5, 9, 9, 0, 0, 0, 0, 0, 0))["booked_share"] is None


def test_contacts_of_the_last_week_are_not_followed_yet() -> None:
    check(
        read_model("care/survey", "topic_count"),
        {
            "core_contact": """
                contact_id | customer_id | topic_code | direction_code | started_at          | is_resolved
                C1         | anna        | roaming    | inbound        | 2026-05-04 10:00:00 | true
                C2         | anna        | roaming    | inbound        | 2026-05-11 10:00:00 | false
                C3         | anna        | roaming    | inbound        | 2026-05-28 10:00:00 |
                C4         | anna        | billing    | inbound        | 2026-05-24 23:59:59 | true
                C5         | anna        | billing    | inbound        | 2026-06-01 00:00:00 | true
                C6         |             | billing    | inbound        | 2026-05-02 10:00:00 | true
                C7         | anna        | billing    | outbound       | 2026-05-02 10:00:00 | true
            """,
            "survey_row": """
                survey_id | topic_code | purpose_code     | is_asked | state_code | is_solved
                S1        | roaming    | complex_question | true     | answered   | false
                S2        | roaming    | complex_question | true     | silent     |
                S3        | roaming    | complex_question | false    | refused    |
                S4        | fraud      | complex_question | true     | answered   | true
            """,
        },
        """
        topic_code | contact_count | resolved_count | unresolved_count | followed_count | repeat_count | asked_count | \
            answered_count | unsolved_count
        roaming    | 3             | 1              | 1                | 2              | 1            | 2           | \
            1              | 1
        billing    | 2             | 2              | 0                | 1              | 0            | 0           | \
            0              | 0
        fraud      | 0             | 0              | 0                | 0              | 0            | 1           | \
            1              | 0
        """,
        MAY | {"repeat_days": 7},
    )


def test_a_rating_of_a_callback_is_counted_apart_from_those_of_ordinary_calls() -> None:
    check(
        read_model("care/survey", "callback_count"),
        {
            "booking_case": "is_reached_in_time | is_not_called_back\n true | false\n false | true",
            "core_contact": """
                contact_id | direction_code | touchpoint_code | started_at
                C1         | inbound        | hotline         | 2026-05-31 23:59:59
                C2         | inbound        | app             | 2026-05-04 10:00:00
                C3         | outbound       | hotline         | 2026-05-04 10:00:00
                C4         | inbound        | hotline         | 2026-06-01 00:00:00
            """,
            "survey_row": """
                trigger_code   | purpose_code | is_asked | state_code | score::integer
                callback_made  | hang_up      | true     | answered   | 7
                callback_made  | hang_up      | true     | answered   | 6
                callback_made  | hang_up      | true     | silent     |
                hang_up_sample | hang_up      | true     | answered   | 9
                hang_up_sample | hang_up      | false    |            |
                campaign       | campaign     | true     | answered   | 1
            """,
        },
        """
        call_count | booked_count | reached_count | callback_asked_count | callback_answered_count | \
            callback_satisfied_count | ordinary_asked_count | ordinary_answered_count | ordinary_satisfied_count
        1          | 2            | 1             | 3                    | 2                       | \
            1                        | 1                    | 1                       | 1
        """,
        MAY,
    )


def test_a_month_writes_its_topics_and_a_rerun_writes_the_same(home: Home, bench: Workbench) -> None:
    lake(
        bench,
        "core_contact",
        "select 'C' || n as contact_id; 'K' || n as customer_id; timestamptz '2026-05-06 10:00:00+08' as started_at; "
        "case when n % 2 = 0 then 'mobile_data' else 'plan_change' end as topic_code; 'inbound' as direction_code; "
        "'hotline' as touchpoint_code; 'answered' as outcome; n % 2 = 1 or n % 10 < 6 as is_resolved; "
        "date '2026-05-06' as started_on from range(1, 2001) as r(n)",
    )
    surveys(home, "complex_question", "complex_topic_ended", "contact", 50, 20, 5)
    found = []
    for _ in range(2):
        assert month_report(home, bench, MONTH).topics == 2
        bench.view("mart_topic_resolution_month")
        found.append(bench.sql("select * from mart_topic_resolution_month order by topic_code"))
    assert found[0] == found[1]
    seen = bench.sql(
        "select topic_code, is_complex, contact_count, resolved_count, asked_count, asking_code "
        "from mart_topic_resolution_month order by topic_code"
    )
    assert seen == [
        ("mobile_data", True, 1000, 600, 50, "deserves"),
        ("plan_change", False, 1000, 1000, 0, "not_needed"),
    ]


def test_the_shipped_rules_know_the_complex_topics() -> None:
    rules = load_rules()[0]
    assert rules.complex_topics == {"mobile_data", "messaging", "network_coverage", "call_quality"}
    assert (rules.topics.least_contacts, rules.topics.lower_by_points) == (200, 2)
