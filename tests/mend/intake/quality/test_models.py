"""The quality room's models on text tables."""

from __future__ import annotations

from mend.foundation.pipeline.model import Model, read_model
from mend.foundation.pipeline.testing import check

ROWS = """
    source_code | arrived_on | batch_number | line_number | tier::integer
    a           | 2024-03-01 | 1            | 2           | 1
    a           | 2024-03-01 | 1            | 3           | 7
    a           | 2024-03-01 | 2            | 2           | 1
    a           | 2024-03-01 | 2            | 3           | 1
"""


def model(name: str) -> Model:
    return read_model("intake/quality", name)


def test_rows_that_are_judged_have_a_column_for_each_condition() -> None:
    check(
        model("gated"),
        {"raw_arrived": ROWS},
        """
            batch_number | line_number | tier_range
            1            | 2           | true
            1            | 3           | false
            2            | 2           | true
            2            | 3           | true
        """,
        fills={"columns": "*, not (tier > 3) as tier_range"},
    )


def test_rows_that_break_a_rule_are_counted_batch_by_batch() -> None:
    check(
        model("broken"),
        {"gated": ROWS},
        "batch_number | row_count | bad\n1 | 2 | 1\n2 | 2 | 0",
        fills={"counts": "count(*) as row_count, count(case when tier > 3 then 1 end) as bad"},
    )


def test_every_row_of_a_key_that_comes_twice_in_its_batch_is_counted() -> None:
    check(model("repeated"), {"gated": ROWS}, "batch_number | repeated_count\n2 | 2", fills={"key": "tier"})


def test_a_row_that_breaks_a_rule_is_put_aside_with_value_reason_and_the_row_itself() -> None:
    check(
        model("quarantine"),
        {"gated": ROWS, "batch_file": "batch_number | file_name\n1 | ticket.csv\n2 | ticket.csv"},
        """
            record_code | file_name  | line_number | gate_code | column_name | bad_value | reason_code | raw_row
            ticket      | ticket.csv | 3           | quality   | tier        | 7         | tier_range  | {"tier":7}
        """,
        {"record": "ticket"},
        {
            "found": "case when tier > 3 then 'tier: tier_range' end",
            "any_bad": "tier > 3",
            "bad_value": "case when tier > 3 then cast(tier as varchar) end",
            "row": '"tier" := tier',
        },
    )


def test_the_parse_gate_s_rows_are_not_the_quality_gate_s() -> None:
    check(
        model("put_aside"),
        {"core_quarantine": "line_number | gate_code\n2 | parse\n3 | quality\n4 | quality"},
        "row_count\n2",
    )
