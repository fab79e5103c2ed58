"""The room's models on small text tables."""

# ruff: noqa: E501 - a table is a line a row

from __future__ import annotations

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check, run_on_tables
from mend.repair.publishing.lists import ROOM

LIST_ROW = """
    strategy_code | channel_code | city_code | rank | customer_id | is_entitlement | is_overload | cost | amount | benefit | planned_on | valid_from | valid_until
    callback      | call         | hz        | 1    | A           | false          | false       | 8    | 0      | 5       | 2026-04-02 | 2026-04-01 | 2026-04-30
    callback      | call         | hz        | 2    | B           | false          | false       | 8    | 0      | 4       | 2026-04-02 | 2026-04-01 | 2026-04-30
    owed          | call         | sz        | 1    | A           | true           | true        | 5    | 3      | 0       | 2026-05-02 | 2026-04-01 | 2026-04-30
"""
CANDIDATES = """
    customer_id | outcome_code | first_reason_code | is_universal_hold_out | age_band_code | gender_code | city_code | value_code
    A           | listed       |                   | false                 | 30            | f           | hz        | high
    B           | held_out     |                   | true                  | 30            | m           | hz        |
    C           | gated        | no_consent        | false                 | 60            | f           | sz        |
    D           | gated        | no_consent        | false                 | 60            | f           | sz        |
    E           | listed       |                   | false                 | 60            | f           | sz        |
"""
TYPED = {
    "phone_number": "varchar", "valid_from": "date", "valid_until": "date", "rank": "integer", "cost": "integer", "amount": "integer", "benefit": "integer", "version": "integer",
    "level": "integer", "score": "decimal(9,3)", "sample_probability": "double", "is_priority": "boolean",
}  # fmt: skip


def typed(text: str) -> str:
    """Say the types of the columns that their names do not tell."""
    head, *body = text.strip().splitlines()
    names = [name.strip() for name in head.split("|")]
    return "\n".join([" | ".join(f"{name}::{TYPED[name]}" if name in TYPED else name for name in names), *body])


def test_a_strategy_is_counted_by_city() -> None:
    check(
        read_model(ROOM, "strategy_count"),
        {"list_row": typed(LIST_ROW)},
        """
        strategy_code | channel_code | city_code | row_count | owed_count | overload_count | cost | amount | benefit
        callback      | call         | hz        | 2         | 0          | 0              | 16   | 0      | 9
        owed          | call         | sz        | 1         | 1          | 1              | 5    | 3      | 0
        """,
    )


def test_shares_are_counted_for_each_kind_of_group() -> None:
    check(
        read_model(ROOM, "listed_share"),
        {"candidate_row": CANDIDATES},
        """
        what_code | group_code | candidate_count | listed_count
        age_band  | 30         | 2               | 1
        age_band  | 60         | 3               | 1
        gender    | f          | 4               | 2
        gender    | m          | 1               | 0
        city      | hz         | 2               | 1
        city      | sz         | 3               | 1
        value     | high       | 1               | 1
        value     | unknown    | 4               | 1
        """,
    )


def test_candidates_are_counted_by_outcome_and_first_reason() -> None:
    check(
        read_model(ROOM, "outcome_count"),
        {"candidate_row": CANDIDATES},
        """
        outcome_code | first_reason_code | candidate_count
        listed       |                   | 2
        held_out     |                   | 1
        gated        | no_consent        | 2
        """,
    )


def test_faults_are_counted() -> None:
    """B is held out and listed, E is listed without a row, the row of the owed strategy is planned too late."""
    check(
        read_model(ROOM, "list_fault"),
        {"list_row": typed(LIST_ROW), "candidate_row": CANDIDATES},
        """
        fault_code   | fault_count
        no_candidate | 0
        outcome      | 2
        held_out     | 1
        twice        | 0
        days         | 1
        """,
    )
    doubled = (
        LIST_ROW
        + "    rebate | rebate | hz | 1 | A | false | false | 8 | 0 | 5 | 2026-04-02 | 2026-04-01 | 2026-04-30\n"
    )
    doubled += "    rebate | rebate | hz | 2 | F | false | false | 8 | 0 | 5 | 2026-04-02 | 2026-04-01 | 2026-04-30\n"
    names, found = run_on_tables(
        read_model(ROOM, "list_fault"), {"list_row": typed(doubled), "candidate_row": CANDIDATES}
    )
    assert names == ["fault_code", "fault_count"]
    assert {("no_candidate", 1), ("twice", 1)} <= set(found)


def test_a_list_is_compared_with_the_one_before() -> None:
    earlier = """
        strategy_code | customer_id | cost
        callback      | A           | 7
        callback      | Z           | 7
        visit         | A           | 100
    """
    check(
        read_model(ROOM, "list_change"),
        {"list_row": typed(LIST_ROW), "earlier_row": typed(earlier)},
        """
        strategy_code | row_count | earlier_count | both_count | cost | earlier_cost
        callback      | 2         | 2             | 1          | 16   | 14
        owed          | 1         | 0             | 0          | 5    | 0
        visit         | 0         | 1             | 0          | 0    | 100
        """,
    )


def test_a_version_is_read_alone_or_the_months_latest() -> None:
    versions = {
        "campaign_version": typed("""
            month   | version | content_sha256 | strategies_text | candidate_count | listed_count | held_out_count | deferred_count | overload_count | gated | benefit | bound | gap | cost
            2026-03 | 1       | a              | t               | 1               | 1            | 0              | 0              | 0              | {}    | 1       | 1     | 0   | 1
            2026-03 | 2       | b              | t               | 1               | 1            | 0              | 0              | 0              | {}    | 1       | 1     | 0   | 1
            2026-02 | 3       | c              | t               | 1               | 1            | 0              | 0              | 0              | {}    | 1       | 1     | 0   | 1
        """)
    }
    model = read_model(ROOM, "version_row")
    check(model, versions, "version | content_sha256\n1 | a", {"month": "2026-03", "version": 1})
    check(model, versions, "version | content_sha256\n1 | a\n2 | b", {"month": "2026-03", "version": None})


def test_a_version_has_its_own_rows_and_candidates() -> None:
    rows = "month | version | customer_id\n2026-03 | 1 | A\n2026-03 | 2 | B\n2026-02 | 1 | C"
    key = {"month": "2026-03", "version": 1}
    for model, source in (("list_row", "campaign_list"), ("candidate_row", "campaign_gate")):
        check(read_model(ROOM, model), {source: typed(rows)}, "customer_id\nA", key)


def test_an_export_names_the_rows_of_a_channel_and_a_city() -> None:
    model, rows = read_model(ROOM, "exported_row"), {"list_row": typed(LIST_ROW)}
    check(model, rows, "customer_id | rank\nA | 1\nB | 2\nA | 1", {"channel": "call", "city": None})
    check(model, rows, "strategy_code | customer_id\nowed | A", {"channel": "call", "city": "sz"})
    check(model, rows, "customer_id", {"channel": "sms", "city": None})


def test_files_are_those_of_the_cities_and_channels_there_are() -> None:
    check(
        read_model(ROOM, "city_channel"),
        {"list_row": typed(LIST_ROW)},
        "city_code | channel_code\nhz | call\nsz | call",
    )


NUMBERS = """
    strategy_code | customer_id | phone_number   | reason_code
    callback      | A           | +8613812345678 |
    callback      | B           |                | opted_out
    callback      | C           | 12345          |
"""


def test_a_number_that_is_not_shown_says_why() -> None:
    check(
        read_model(ROOM, "number_now"),
        {
            "shown_number": typed(NUMBERS),
            "reason_word": "code | en | zh\nopted_out | they want no messages | 客户已退订",
        },
        """
        customer_id | phone_number   | note_en               | note_zh
        A           | +8613812345678 |                       |
        B           |                | they want no messages | 客户已退订
        C           | 12345          |                       |
        """,
    )


def test_a_row_of_a_file_is_masked_unless_asked_otherwise() -> None:
    rows = """
        strategy_code | channel_code | city_code | rank | customer_id | is_entitlement | is_overload | amount | planned_on | valid_until | level | score | segment_code | action_code | label_en | label_zh | reasons_en | reasons_zh | sample_probability
        callback      | call         | hz        | 1    | A           | false          | false       | 0      | 2026-04-02 | 2026-04-30  | 3     | 12.5  | agent        | call        | l        | l        | r          | r          | 0.2
        callback      | call         | hz        | 2    | B           | false          | false       | 0      | 2026-04-02 | 2026-04-30  | 3     | 12.5  | agent        | call        | l        | l        | r          | r          |
        callback      | call         | hz        | 3    | C           | false          | false       | 0      | 2026-04-02 | 2026-04-30  | 3     | 12.5  | agent        | call        | l        | l        | r          | r          |
        callback      | call         | sz        | 1    | D           | false          | false       | 0      | 2026-04-02 | 2026-04-30  | 3     | 12.5  | agent        | call        | l        | l        | r          | r          |
    """
    words = "code | en | zh\n3 | severe | 严重"
    number_now = """
        strategy_code | customer_id | phone_number   | note_en               | note_zh
        callback      | A           | +8613812345678 |                       |
        callback      | B           |                | they want no messages | 客户已退订
        callback      | C           | 12345          |                       |
    """
    inputs = {
        "list_row": typed(rows), "number_now": typed(number_now), "level_word": words, "segment_word": "code | en | zh\nagent | a | b",
        "strategy_word": "strategy_code | name_en | name_zh\ncallback | callback | 回访",
    }  # fmt: skip
    model, values = read_model(ROOM, "city_channel_file"), {"list_id": "2026-03-v1", "city": "hz", "channel": "call"}
    masked = "list_id | customer_id | phone_number\n" + "\n".join(
        f"2026-03-v1 | {row}" for row in ("A | +86138****5678", "B |", "C | ****")
    )
    check(model, inputs, masked, values | {"is_unmasked": False})
    check(
        model, inputs, "customer_id | phone_number\nA | +8613812345678\nB |\nC | 12345", values | {"is_unmasked": True}
    )


def test_a_row_for_the_operations_database_has_its_strategys_consent() -> None:
    rows = """
        strategy_code | channel_code | city_code | rank | customer_id | is_entitlement | is_overload | cost | amount | planned_on | valid_from | valid_until | level | action_code | label_en | label_zh
        callback      | call         | hz        | 1    | A           | false          | false       | 8    | 0      | 2026-04-02 | 2026-04-01 | 2026-04-30  | 3     | call        | l        | l
    """
    words = "strategy_code | consent_code\ncallback | service\nvisit | none"
    inputs = {"list_row": typed(rows), "strategy_word": words}
    check(read_model(ROOM, "publish_row"), inputs, "customer_id | consent_code | rank\nA | service | 1")
