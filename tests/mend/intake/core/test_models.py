"""The core room's models on text tables."""

from __future__ import annotations

from mend.foundation.pipeline.model import Model, read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.schema import RECORDS
from mend.intake.core.fills import fills

CONTACT, CUSTOMER, TICKET = (fills(RECORDS[name]) for name in ("contact", "customer", "ticket"))
VERSIONS = """
    subject_id | rest_of_key | subject_on | source_updated_at::timestamptz | arrived_on | batch_number | line_number | is_withdrawn | is_quarantined
    a          | 0           | 2024-03-01 |                                | 2024-03-01 | 1            | 2           | f            | f
    a          | 0           | 2024-03-01 | 2024-03-02                     | 2024-03-01 | 1            | 3           | f            | f
    a          | 0           | 2024-03-02 | 2024-03-01                     | 2024-03-04 | 2            | 2           | f            | f
    b          | 0           | 2024-03-01 |                                | 2024-03-01 | 1            | 4           | f            | f
    b          | 0           | 2024-03-01 |                                | 2024-03-04 | 2            | 3           | t            | f
    c          | 0           | 2024-03-01 |                                | 2024-03-01 | 1            | 5           | f            | t
"""  # noqa: E501


def model(name: str) -> Model:
    return read_model("intake/core", name)


def test_touched_keys_are_those_that_came_and_those_touched_before() -> None:
    check(
        model("touched_key"),
        {"raw_touched": "contact_id\na\na\nb", "change_before": "subject_id\nb\nc"},
        "subject_id\na\nb\nc",
        fills=CONTACT,
    )


def test_a_line_that_breaks_two_rules_is_one_quarantined_line_and_the_parse_gate_s_lines_are_none() -> None:
    check(
        model("quarantined_line"),
        {
            "core_quarantine": """
                batch_number | line_number | gate_code
                1            | 2           | quality
                1            | 2           | quality
                1            | 3           | parse
            """
        },
        "batch_number | line_number\n1 | 2",
    )


def test_versions_are_of_touched_keys_and_known_batches_alone() -> None:
    check(
        model("version"),
        {
            "raw_near": """
                customer_id | month_on   | source_updated_at::timestamptz | arrived_on | batch_number | line_number
                a           | 2024-03-01 |                                | 2024-03-01 | 1            | 2
                a           | 2024-03-01 |                                | 2024-03-02 | 2            | 2
                a           | 2024-03-01 |                                | 2024-03-03 | 3            | 2
                b           | 2024-03-01 |                                | 2024-03-02 | 2            | 3
            """,
            "known_batch": "batch_number | is_arriving | is_withdrawn\n1 | f | true\n2 | t | false",
            "touched_key": "subject_id\na",
            "quarantined_line": "batch_number | line_number\n2 | 2",
        },
        """
            subject_id | rest_of_key | customer_id | batch_number | is_arriving | is_withdrawn | is_quarantined
            a          | 2024-03-01  | a           | 1            | false       | true         | false
            a          | 2024-03-01  | a           | 2            | true        | false        | true
        """,
        fills=CUSTOMER,
    )


def test_the_last_version_replaces_the_others_and_a_withdrawn_one_itself() -> None:
    check(
        model("superseded_version"),
        {
            "version": VERSIONS,
            "touched_key": "subject_id\na\nb\nc",
            "touched_day": "subject_on\n2024-03-01\n2024-03-02",
            "superseded_before": """
                subject_id | subject_on | batch_number | line_number | by_batch_number | by_line_number
                a          | 2024-03-01 | 8            | 8           | 9               | 9
                z          | 2024-03-01 | 7            | 2           | 7               | 3
                z          | 2024-03-05 | 7            | 4           | 7               | 5
            """,
        },
        """
            record_code | subject_id | subject_on | batch_number | line_number | by_batch_number | by_line_number
            contact     | a          | 2024-03-01 | 1            | 2           | 1               | 3
            contact     | a          | 2024-03-02 | 2            | 2           | 1               | 3
            contact     | b          | 2024-03-01 | 2            | 3           | 2               | 3
            contact     | z          | 2024-03-01 | 7            | 2           | 7               | 3
        """,
        {"record": "contact"},
    )


def test_what_a_day_holds_is_what_is_neither_quarantined_nor_superseded_nor_withdrawn() -> None:
    check(
        model("core_record"),
        {
            "raw_day": """
                contact_id | batch_number | line_number
                a          | 1            | 2
                a          | 1            | 3
                b          | 2            | 2
                c          | 1            | 4
                d          | 3            | 2
            """,
            "known_batch": "batch_number | is_withdrawn\n1 | false\n2 | true",
            "quarantined_line": "batch_number | line_number\n1 | 4",
            "superseded_version": "batch_number | line_number\n1 | 2",
        },
        "contact_id | batch_number\na | 1",
        fills={"columns": "contact_id, batch_number"},
    )


def test_a_state_counts_unless_a_later_version_says_that_things_were_so_or_otherwise_before() -> None:
    check(
        model("state"),
        {
            "version": """
                subject_id | rest_of_key | version_at | source_updated_at::timestamptz | arrived_on | batch_number | line_number | is_withdrawn | is_quarantined
                a          | 0           | 2024-03-04 |                                | 2024-03-04 | 1            | 2           | f            | f
                a          | 0           | 2024-03-07 |                                | 2024-03-05 | 2            | 2           | f            | f
                a          | 0           | 2024-03-06 |                                | 2024-03-06 | 3            | 2           | f            | f
                a          | 0           | 2024-03-06 |                                | 2024-03-06 | 3            | 3           | f            | f
                a          | 0           | 2024-03-01 |                                | 2024-03-08 | 4            | 2           | t            | f
                a          | 0           | 2024-03-01 |                                | 2024-03-08 | 5            | 2           | f            | t
            """  # noqa: E501
        },
        "batch_number | line_number\n1 | 2\n3 | 3",
    )


def test_states_of_untouched_rows_stay() -> None:
    check(
        model("core_version"),
        {
            "raw_day": "ticket_id | status_code | batch_number | line_number\na | open | 1 | 2\na | closed | 1 | 3",
            "state": "batch_number | line_number | version_at\n1 | 3 | 2024-03-01 09:00:00+08",
            "state_before": """
                ticket_id | status_code | version_at
                a         | open        | 2024-03-01 08:00:00+08
                b         | open        | 2024-03-01 08:00:00+08
            """,
            "touched_key": "subject_id\na",
        },
        """
            ticket_id | status_code | version_at
            a         | closed      | 2024-03-01 09:00:00+08:00
            b         | open        | 2024-03-01 08:00:00+08:00
        """,
        fills=TICKET | {"columns": "ticket_id, status_code"},
    )


def test_a_change_is_every_day_of_a_key_that_came_and_what_an_earlier_load_touched() -> None:
    check(
        model("core_change"),
        {
            "version": """
                subject_id | subject_on | customer_id | arrived_on | is_arriving | is_withdrawn
                a          | 2024-03-01 | x           | 2024-03-01 | f           | f
                a          | 2024-03-02 | y           | 2024-03-03 | t           | f
                b          | 2024-03-01 | x           | 2024-03-01 | f           | f
            """,
            "change_before": """
                arrived_on | subject_on | subject_id | customer_id
                2024-03-03 | 2024-03-02 | a          | y
                2024-03-03 | 2024-03-02 | gone       |
            """,
        },
        """
            record_code | arrived_on | subject_on | subject_id | customer_id
            contact     | 2024-03-03 | 2024-03-01 | a          | x
            contact     | 2024-03-03 | 2024-03-02 | a          | y
            contact     | 2024-03-03 | 2024-03-02 | gone       |
        """,
        {"record": "contact"},
    )


def test_lines_of_a_batch_are_accepted_quarantined_or_superseded() -> None:
    check(
        model("reconciled"),
        {
            "batch_asked": "batch_number\n1\n2",
            "raw_arrived": "batch_number | line_number\n1 | 2\n1 | 3\n1 | 4",
            "core_quarantine": "batch_number | line_number | gate_code\n1 | 3 | quality\n1 | 5 | parse",
            "core_superseded": "batch_number | line_number\n1 | 4",
        },
        """
            batch_number | arrived_count | accepted_count | quarantined_count | superseded_count
            1            | 3             | 1              | 2                 | 1
            2            | 0             | 0              | 0                 | 0
        """,
    )


def test_of_a_batch_that_is_not_in_the_tables_both_gates_lines_are_counted_once() -> None:
    check(
        model("outside"),
        {
            "batch_asked": "batch_number\n1\n2",
            "raw_arrived": "batch_number | line_number\n1 | 2\n1 | 3",
            "core_quarantine": "batch_number | line_number | gate_code\n1 | 3 | quality\n1 | 5 | parse",
        },
        "batch_number | arrived_count | rejected_count\n1 | 2 | 1\n2 | 0 | 0",
    )


def test_a_day_differs_by_a_row_that_is_missing_doubled_or_swapped() -> None:
    """Also by two long ids that have one hash in DuckDB."""
    check(
        model("day_difference"),
        {
            "raw_day": """
                contact_id        | started_on | batch_number | line_number
                same              | 2024-03-01 | 1            | 2
                missing           | 2024-03-02 | 1            | 3
                doubled           | 2024-03-03 | 1            | 4
                C00368479-000480  | 2024-03-04 | 1            | 5
                quarantined       | 2024-03-05 | 1            | 6
                superseded        | 2024-03-05 | 1            | 7
                of another batch  | 2024-03-05 | 9            | 2
            """,
            "core_day": """
                contact_id       | started_on
                same             | 2024-03-01
                doubled          | 2024-03-03
                doubled          | 2024-03-03
                C00361869-000130 | 2024-03-04
            """,
            "known_batch": "batch_number\n1",
            "quarantined_line": "batch_number | line_number\n1 | 6",
            "core_superseded": "batch_number | line_number\n1 | 7",
        },
        """
            subject_on | expected_count | found_count
            2024-03-02 | 1              | 0
            2024-03-03 | 1              | 2
            2024-03-04 | 1              | 1
        """,
        fills=CONTACT,
    )
