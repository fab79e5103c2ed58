"""The models of outcomes on text tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.repair.outcomes.receipts import ROOM

FEBRUARY = {"list_id": "2026-01-v1", "first_day": dt.date(2026, 2, 1), "last_day": dt.date(2026, 2, 28)}
GATE = (
    "customer_id | month   | version | outcome_code | arm_code | is_universal_hold_out | shadow_strategy_code | score"
    " | value_code\n"
)
NOBODY = "customer_id::varchar | person_id::varchar\n"
ROW = """
    customer_id | person_id | strategy_code | list_arm_code | is_shadow | action_code     | valid_from::date | valid_until::date
"""  # noqa: E501


def gate(*lines: str) -> str:
    """Rows of the gate ledger: customer, outcome, arm, universal, shadow."""
    rows = []
    for line in lines:
        customer, outcome, arm, universal, shadow = (cell.strip() for cell in line.split("|"))
        rows.append(f"{customer} | 2026-01 | 1 | {outcome} | {arm} | {universal} | {shadow} | 5 | high")
    return GATE + "\n".join(rows)


LIST = "customer_id | strategy_code | action_code | valid_from | valid_until\n"


def test_each_candidate_stands_under_what_they_got_or_would_have_got() -> None:
    check(
        read_model(ROOM, "outcome_row"),
        {
            "gate_file": gate(
                "called   | listed   | offered  | false | ",
                "both     | listed   | offered  | false | ",
                "owed     | listed   | held_out | true  | phone_callback",
                "later    | deferred | offered  | false | ",
                "out      | held_out | held_out | false | rebate",
                "outside  | held_out | held_out | false | ",
                "nothing  | gated    |          | false | ",
            ),
            "list_file": LIST
            + """
                called | phone_callback | follow_up_call | 2026-02-03 | 2026-02-28
                both   | phone_callback | follow_up_call | 2026-02-03 | 2026-02-28
                both   | complaint_call | follow_up_call | 2026-02-01 | 2026-02-28
                owed   | complaint_call | follow_up_call | 2026-02-01 | 2026-02-28
            """,
            "person_of_customer": NOBODY,
        },
        """
        customer_id | strategy_code  | list_arm_code | is_shadow | is_universal_hold_out | action_code
        called      | phone_callback | listed        | false     | false                 | follow_up_call
        both        | phone_callback | listed        | false     | false                 | follow_up_call
        both        | complaint_call | listed        | false     | false                 | follow_up_call
        owed        | complaint_call | listed        | false     | true                  | follow_up_call
        owed        | phone_callback | held_out      | true      | true                  |
        later       |                | deferred      | false     | false                 |
        out         | rebate         | held_out      | true      | false                 |
        outside     |                | held_out      | false     | false                 |
        """,
    )


def test_candidates_who_became_one_person_leave_the_comparisons_when_their_arms_differ() -> None:
    check(
        read_model(ROOM, "outcome_row"),
        {
            "gate_file": gate(
                "A | deferred | offered  | false | ",
                "B | held_out | held_out | false | ",
                "C | deferred | offered  | false | ",
                "D | deferred | offered  | false | ",
            ),
            "list_file": LIST.replace("customer_id", "customer_id::varchar"),
            "person_of_customer": "customer_id | person_id\nA | B\nC | D",
        },
        """
        customer_id | person_id | is_mixed
        A           | B         | true
        B           | B         | true
        C           | D         | false
        D           | D         | false
        """,
    )


REPAIR = "repair_id | customer_id | action_code | done_at | done_on | outcome_code\n"


RECEIPT = "strategy_code::varchar | customer_id::varchar | state_code::varchar | final_at::timestamptz\n"


def done(rows: str, repairs: str, expected: str, persons: str = NOBODY, receipts: str = "") -> None:
    inputs = {"outcome_row": ROW + rows, "repair_file": REPAIR + repairs, "receipt": RECEIPT + receipts}
    check(read_model(ROOM, "outcome_done"), inputs | {"person_of_customer": persons}, expected, FEBRUARY)


def test_what_names_the_list_counts_before_what_only_looks_like_it() -> None:
    done(
        """
        A | A | call | listed   | false | follow_up_call | 2026-02-03 | 2026-02-20
        B | B | call | listed   | false | follow_up_call | 2026-02-03 | 2026-02-20
        C | C | call | listed   | false | follow_up_call | 2026-02-03 | 2026-02-20
        D | D | call | held_out | true  |                |            |
        """,
        """
        2026-01-v1/A/call | A | follow_up_call | 2026-02-04 10:00 | 2026-02-04 | unreached
        R1                | A | follow_up_call | 2026-02-05 10:00 | 2026-02-05 | resolved
        R2                | B | follow_up_call | 2026-02-05 10:00 | 2026-02-05 | resolved
        R3                | C | rebate         | 2026-02-05 10:00 | 2026-02-05 | accepted
        2025-12-v1/C/call | C | follow_up_call | 2026-02-05 10:00 | 2026-02-05 | resolved
        R4                | D | follow_up_call | 2026-02-05 10:00 | 2026-02-05 | resolved
        """,
        """
        customer_id | strategy_code | is_done | done_on    | result_code
        A           | call          | false   | 2026-02-04 | unreached
        B           | call          | true    | 2026-02-05 | resolved
        """,
    )


def test_of_several_attempts_a_success_counts_and_of_several_the_first() -> None:
    done(
        "A | A | call | listed | false | follow_up_call | 2026-02-03 | 2026-02-20",
        """
        2026-01-v1/A/call/3 | A | follow_up_call | 2026-02-09 10:00 | 2026-02-09 | resolved
        2026-01-v1/A/call/2 | A | follow_up_call | 2026-02-08 10:00 | 2026-02-08 | unresolved
        2026-01-v1/A/call   | A | follow_up_call | 2026-02-04 10:00 | 2026-02-04 | unreached
        """,
        """
        customer_id | strategy_code | is_done | done_on    | result_code
        A           | call          | true    | 2026-02-08 | unresolved
        """,
    )


def test_a_call_that_did_not_go_first_a_refused_rebate_and_days_outside_are_not_done() -> None:
    done(
        """
        A | A | priority_access | listed | false | priority_access | 2026-02-01 | 2026-02-28
        B | B | rebate          | listed | false | rebate          | 2026-02-01 | 2026-02-28
        C | C | rebate          | listed | false | rebate          | 2026-02-10 | 2026-02-20
        D | D | rebate          | listed | false | rebate          | 2026-02-10 | 2026-03-20
        """,
        """
        R1 | A | priority_access | 2026-02-04 10:00 | 2026-02-04 | unresolved
        R2 | B | rebate          | 2026-02-04 10:00 | 2026-02-04 | refused
        R3 | C | rebate          | 2026-02-09 10:00 | 2026-02-09 | accepted
        R4 | D | rebate          | 2026-03-01 10:00 | 2026-03-01 | accepted
        """,
        """
        customer_id | strategy_code   | is_done | result_code
        A           | priority_access | false   | unresolved
        B           | rebate          | false   | refused
        """,
    )


def test_an_action_for_a_merged_id_is_the_persons() -> None:
    done(
        "A | B | rebate | listed | false | rebate | 2026-02-01 | 2026-02-28",
        "R1 | A | rebate | 2026-02-04 10:00 | 2026-02-04 | accepted",
        "customer_id | is_done\nA | true",
        "customer_id | person_id\nA | B",
    )


def test_a_message_that_was_delivered_is_done_and_any_other_end_is_not() -> None:
    """A and B by the relay alone; C's channel knows better than the relay; D's message ended after the time; E was not
    on the list; what only looks like F's message counts less than the receipt. The day is the day in China.
    """
    done(
        """
        A | A | care | listed   | false | care_sms | 2026-02-03 | 2026-02-20
        B | B | care | listed   | false | care_sms | 2026-02-03 | 2026-02-20
        C | C | care | listed   | false | care_sms | 2026-02-03 | 2026-02-20
        D | D | care | listed   | false | care_sms | 2026-02-03 | 2026-02-20
        E | E | care | held_out | true  |          |            |
        F | F | care | listed   | false | care_sms | 2026-02-03 | 2026-02-20
        """,
        """
        2026-01-v1/C/care | C | care_sms | 2026-02-04 10:00 | 2026-02-04 | delivered
        R1                | F | care_sms | 2026-02-03 10:00 | 2026-02-03 | delivered
        """,
        """
        customer_id | is_done | done_on    | result_code
        A           | true    | 2026-02-05 | delivered
        B           | false   | 2026-02-05 | undelivered
        C           | true    | 2026-02-04 | delivered
        F           | false   | 2026-02-06 | undelivered
        """,
        receipts="""
        care | A | delivered   | 2026-02-04 17:00:00+00
        care | B | expired     | 2026-02-05 01:00:00+00
        care | C | failed      | 2026-02-04 01:00:00+00
        care | D | delivered   | 2026-02-28 16:30:00+00
        care | E | delivered   | 2026-02-04 01:00:00+00
        care | F | undelivered | 2026-02-06 01:00:00+00
        """,
    )


def test_what_followed_is_counted_for_the_person_and_stars_count_in_tenths() -> None:
    check(
        read_model(ROOM, "outcome_event"),
        {
            "outcome_row": "customer_id | person_id\nA | B\nB | B\nC | C\nD | D",
            "posted": """
                customer_id | indicator_id | entry_kind_code
                A           | RES-01       | debit
                C           | RES-01       | cap
                C           | RES-02       | debit
                X           | RES-01       | debit
            """,
            "complaint_file": "customer_id\nC\nC\n",
            "reply_file": """
                customer_id | score::integer | score_scale::integer
                B           | 9     | 10
                A           | 4     | 5
                C           |       |
                D           | 0     | 10
            """,
            "person_of_customer": "customer_id | person_id\nA | B",
        },
        """
        person_id | repeat_contact | complaint | rating_sum | rating_count
        B         | true           | false     | 17.0       | 2
        C         | false          | true      | 0.0        | 0
        D         | false          | false     | 0.0        | 1
        """,
        {"repeat_indicator": "RES-01"},
    )


PEOPLE = """
    customer_id | person_id | month   | version | strategy_code | list_arm_code | is_universal_hold_out | is_shadow | score::decimal(9,3) | value_code | is_mixed
    stays       | stays     | 2026-01 | 1       | call          | listed        | false                 | false     | 7.5                 | high       | false
    falls       | falls     | 2026-01 | 1       | call          | listed        | false                 | false     | 7.5                 | high       | false
    leaves      | leaves    | 2026-01 | 1       |               | deferred      | false                 | false     | 7.5                 | high       | false
    gone        | gone      | 2026-01 | 1       |               | held_out      | true                  | false     | 7.5                 | low        | false
    absent      | absent    | 2026-01 | 1       | call          | held_out      | false                 | true      | 7.5                 |            | false
    mixed       | mixed     | 2026-01 | 1       |               | held_out      | false                 | false     | 7.5                 | low        | true
"""  # noqa: E501
SNAPSHOTS = """
    customer_id | month_on::date | status_code | arpu_amount::decimal(18,2)
    stays       | 2026-02-01     | active      | 100
    stays       | 2026-03-01     | active      | 70
    falls       | 2026-02-01     | active      | 100
    falls       | 2026-03-01     | active      | 69.99
    leaves      | 2026-02-01     | active      | 50
    leaves      | 2026-03-01     | left        | 40
    gone        | 2026-02-01     | left        | 30
    absent      | 2026-02-01     | active      | 30
    mixed       | 2026-03-01     | left        | 30
"""


def outcomes(is_over: bool, is_seen_after: bool, expected: str) -> None:
    values: dict[str, Any] = {
        "before_on": dt.date(2026, 2, 1),
        "after_on": dt.date(2026, 3, 1),
        "followed_until": dt.date(2026, 2, 28),
        "is_over": is_over,
        "is_seen_after": is_seen_after,
        "kept_share": 0.7,
    }
    inputs = {
        "outcome_row": PEOPLE,
        "outcome_done": """
            customer_id | strategy_code | is_done::boolean | done_on::date | result_code
            stays       | call          | true    | 2026-02-05 | resolved
            absent      | call          | true    | 2026-02-05 | resolved
        """,
        "outcome_event": """
            person_id | repeat_contact::boolean | complaint::boolean | rating_sum::double | rating_count::integer
            stays     | true           | false     | 9.0                | 1
            mixed     | true           | true      | 9.0                | 1
        """,
        "month_file": "customer_id | contact_count::integer\nstays | 4",
        "snapshot": SNAPSHOTS,
    }
    check(read_model(ROOM, "outcome"), inputs, expected, values)


def test_what_is_known_stands_in_the_row_and_what_nobody_knows_is_empty() -> None:
    outcomes(
        True,
        True,
        """
        customer_id | is_done | result_code | baseline_contacts | baseline_spend | repeat_contact | complaint | rating_count | churn | spend | high_value_retained
        stays       | true    | resolved    | 4                 | 100.0          | true           | false     | 1            | false | 70.0  | true
        falls       | false   | unknown     | 0                 | 100.0          | false          | false     | 0            | false | 69.99 | false
        leaves      | false   | none        | 0                 | 50.0           | false          | false     | 0            | true  | 0.0   | false
        gone        | false   | none        | 0                 | 30.0           | false          | false     | 0            | true  | 0.0   |
        absent      | false   | none        | 0                 | 30.0           | false          | false     | 0            |       |       |
        mixed       | false   | none        | 0                 |                |                |           |              |       |       |
        """,  # noqa: E501
    )


def test_before_the_time_is_over_and_the_snapshot_there_nothing_is_claimed() -> None:
    outcomes(
        False,
        False,
        """
        customer_id | is_done | repeat_contact | complaint | rating_sum | rating_count | churn | spend | high_value_retained | followed_until
        stays       | true    |                |           |            |              |       |       |                     | 2026-02-28
        falls       | false   |                |           |            |              |       |       |                     | 2026-02-28
        leaves      | false   |                |           |            |              |       |       |                     | 2026-02-28
        gone        | false   |                |           |            |              |       |       |                     | 2026-02-28
        absent      | false   |                |           |            |              |       |       |                     | 2026-02-28
        mixed       | false   |                |           |            |              |       |       |                     | 2026-02-28
        """,  # noqa: E501
    )
