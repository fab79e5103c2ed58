"""Every other model on a few rows."""

from __future__ import annotations

from typing import Final

import pytest
from tests.mend.grumbles.lifecycle.models import PERSONS, ours


def test_a_person_with_two_ids_is_one_with_the_worse_level_and_the_stage_of_the_id_that_stays() -> None:
    ours(
        "closed",
        {
            "person_of_customer": PERSONS,
            "closed_file": """
                month   | customer_id | lifecycle_stage_code | level::integer | has_left | contact_count
                2026-03 | old         | exploration          | 3              | true     | 2
                2026-03 | anna        | stable               | 1              | false    | 1
                2026-02 | old         | exploration          | 2              | false    | 4
                2026-03 | bert        | decline              | 0              | false    | 0
            """,
        },
        """
            month   | customer_id | lifecycle_stage_code | level | has_left | contact_count
            2026-03 | anna        | stable               | 3     | false    | 3
            2026-02 | anna        | exploration          | 2     | false    | 4
            2026-03 | bert        | decline              | 0     | false    | 0
        """,
    )


SNAPSHOT: Final = """
    customer_id | month_on   | status_code
    anna        | 2026-03-01 | active
    bert        | 2026-03-01 | active
    carl        | 2026-02-01 | active
"""
CLOSED: Final = """
    month   | customer_id | lifecycle_stage_code | level::integer | has_left
    2026-03 | anna        | stable               | 2              | false
    2026-02 | bert        | stable               | 2              | false
"""


@pytest.mark.parametrize(("is_closed", "quiet"), [(True, "bert"), (False, None)])
def test_quiet_are_those_of_the_snapshot_whom_the_close_does_not_know(is_closed: bool, quiet: str | None) -> None:
    ours(
        "quiet",
        {"snapshot": SNAPSHOT, "closed": CLOSED},
        f"customer_id\n{quiet}" if quiet else "customer_id",
        is_closed=is_closed,
    )


def test_everybody_has_a_stage_or_none_and_who_is_absent_from_the_snapshot_is_not_active() -> None:
    ours(
        "customer",
        {
            "snapshot": SNAPSHOT,
            "closed": f"{CLOSED.rstrip()}\n2026-03 | dora | | 1 | false",
            "place": """
                customer_id | lifecycle_stage_code | has_left
                bert        | formation            | false
            """,
        },
        """
            customer_id | lifecycle_stage_code | level | has_left | is_active
            anna        | stable               | 2     | false    | true
            dora        | unknown              | 1     | false    | false
            bert        | formation            | 0     | false    | true
        """,
    )


def test_absent_is_not_left_and_a_status_that_is_empty_says_nothing() -> None:
    ours(
        "followed",
        {
            "customer_before": """
                customer_id | lifecycle_stage_code | level::integer | is_active
                anna        | stable               | 2              | true
                bert        | stable               | 2              | true
                carl        | stable               | 2              | true
                dora        | stable               | 2              | true
                emil        | stable               | 2              | false
            """,
            "snapshot": """
                customer_id | month_on   | status_code
                anna        | 2026-03-01 | left
                bert        | 2026-03-01 | active
                carl        | 2026-03-01 |
                dora        | 2026-02-01 | active
                emil        | 2026-03-01 | left
            """,
        },
        """
            customer_id | level | is_known | is_left
            anna        | 2     | true     | true
            bert        | 2     | true     | false
            carl        | 2     | false    | false
            dora        | 2     | false    | false
        """,
    )


def test_a_regular_caller_called_last_month_and_in_another_and_stopped_when_there_is_no_contact_now() -> None:
    ours(
        "caller",
        {
            "closed": """
                month   | customer_id | contact_count
                2026-01 | anna        | 1
                2026-02 | anna        | 2
                2026-03 | anna        | 0
                2025-12 | bert        | 1
                2026-02 | bert        | 1
                2026-03 | bert        | 1
                2026-02 | carl        | 9
                2025-12 | dora        | 1
                2026-01 | dora        | 1
                2026-01 | emil        | 1
                2026-02 | emil        | 1
                2025-11 | fred        | 1
                2026-02 | fred        | 1
            """,
            "followed": """
                customer_id | lifecycle_stage_code | level::integer | is_known | is_left
                anna        | stable               | 2              | true     | false
                bert        | stable               | 1              | true     | false
                carl        | stable               | 1              | true     | false
                dora        | stable               | 1              | true     | false
                emil        | stable               | 1              | true     | true
                fred        | stable               | 1              | true     | false
            """,
        },
        """
            customer_id | level | is_stopped
            anna        | 2     | true
            bert        | 1     | false
        """,
    )


def test_who_had_left_before_or_was_never_seen_active_is_no_leaver_of_the_month() -> None:
    ours(
        "leaver",
        {
            "snapshot": """
                customer_id | month_on   | status_code
                anna        | 2026-02-01 | active
                anna        | 2026-03-01 | left
                bert        | 2026-01-01 | active
                bert        | 2026-02-01 | left
                bert        | 2026-03-01 | left
                carl        | 2026-03-01 | left
                dora        | 2026-01-01 | active
                dora        | 2026-02-01 |
                dora        | 2026-03-01 | left
                emil        | 2026-02-01 | active
            """
        },
        "customer_id\nanna\ndora",
    )


def test_counts_by_stage_and_level_of_this_month_and_of_the_one_before() -> None:
    ours(
        "group_part",
        {
            "customer_now": """
                customer_id | lifecycle_stage_code | level::integer | has_left
                anna        | stable               | 1              | false
                bert        | stable               | 1              | true
                jane        | decline              | 0              | false
            """,
            "customer_before": """
                customer_id | lifecycle_stage_code | level::integer | has_left
                anna        | formation            | 2              | false
                bert        | formation            | 2              | false
            """,
            "followed": """
                customer_id | lifecycle_stage_code | level::integer | is_known | is_left
                anna        | formation            | 2              | true     | false
                bert        | formation            | 2              | true     | true
            """,
            "caller": """
                customer_id | lifecycle_stage_code | level::integer | is_stopped
                anna        | formation            | 2              | true
            """,
            "form": "customer_id\n anna",
            "form_before": "customer_id\n anna\n jane",
        },
        """
            lifecycle_stage_code | level | what           | row_count
            stable               | 1     | customer_count | 1
            decline              | 0     | customer_count | 1
            decline              | 0     | eased_count    | 1
            formation            | 2     | before_count   | 2
            formation            | 2     | followed_count | 2
            formation            | 2     | left_count     | 1
            formation            | 2     | caller_count   | 1
            formation            | 2     | stopped_count  | 1
        """,
    )


def test_grumbles_count_each_time_and_their_customers_once() -> None:
    ours(
        "point_part",
        {
            "customer_now": "customer_id | lifecycle_stage_code\n anna | stable\n bert | stable",
            "grumble": """
                customer_id | grumble_type_code
                anna        | marketing
                anna        | marketing
                anna        | tariff_billing
                bert        | marketing
                bert        |
                gone        | marketing
            """,
        },
        """
            lifecycle_stage_code | grumble_type_code | is_whole | grumble_count | customer_count
            stable               | marketing         | false    | 3             | 2
            stable               | tariff_billing    | false    | 1             | 1
            stable               |                   | false    | 1             | 1
            stable               |                   | true     | 5             | 2
            unknown              | marketing         | false    | 1             | 1
            unknown              |                   | true     | 1             | 1
        """,
    )


def test_forms_are_counted_by_stage_and_trend_and_shares_added_up() -> None:
    ours(
        "form_part",
        {
            "form": """
                customer_id | lifecycle_stage_code | form_code | trend_code | silence_code
                anna        | stable               | silent    | first      | hang_up
                bert        | stable               | silent    | first      | hang_up
                carl        | stable               | grumbling | up         |
            """
        },
        """
            lifecycle_stage_code | form_code | trend_code | silence_code | customer_count
            stable               | silent    | first      | hang_up      | 2
            stable               | grumbling | up         |              | 1
        """,
    )
    ours(
        "form_total",
        {
            "form_parts": """
                lifecycle_stage_code | form_code | trend_code | silence_code | customer_count
                stable               | silent    | first      | hang_up      | 2
                stable               | silent    | first      | hang_up      | 3
            """
        },
        """
            lifecycle_stage_code | form_code | trend_code | silence_code | customer_count
            stable               | silent    | first      | hang_up      | 5
        """,
    )


def test_parts_of_points_and_groups_add_up() -> None:
    ours(
        "point_total",
        {
            "point_parts": """
                lifecycle_stage_code | grumble_type_code | is_whole | grumble_count | customer_count
                stable               |                   | false    | 1             | 1
                stable               |                   | true     | 2             | 2
                stable               |                   | true     | 3             | 1
            """
        },
        """
            lifecycle_stage_code | is_whole | grumble_count | customer_count
            stable               | false    | 1             | 1
            stable               | true     | 5             | 3
        """,
    )
    ours(
        "group_total",
        {
            "group_parts": """
                lifecycle_stage_code | level::integer | what       | row_count
                stable               | 1              | left_count | 1
                stable               | 1              | left_count | 4
            """
        },
        """
            lifecycle_stage_code | level | what       | row_count
            stable               | 1     | left_count | 5
        """,
    )


def test_every_damaged_customer_has_the_tendency_of_their_group_or_an_unknown_one() -> None:
    ours(
        "damaged",
        {
            "customer_now": """
                customer_id | lifecycle_stage_code | level::integer | has_left
                anna        | stable               | 1              | false
                bert        | stable               | 0              | false
                carl        | stable               | 4              | true
            """
        },
        "customer_id | lifecycle_stage_code | level\n anna | stable | 1",
    )
    ours(
        "tendency",
        {
            "damaged_parts": """
                customer_id | lifecycle_stage_code | level::integer
                anna        | stable               | 1
                bert        | decline              | 4
            """,
            "group_tendency": """
                lifecycle_stage_code | level::integer | tendency::double | tendency_low::double | \
                    tendency_high::double | basis_code | basis_count | left_count
                stable               | 1              | 0.1              | 0.05                 | \
                    0.2                   | stage_level | 50         | 5
                decline              | 4              |                  |                      | \
                                          | none        | 0          | 0
            """,
        },
        """
            month   | customer_id | tendency | tendency_low | tendency_high | basis_code  | basis_count | left_count
            2026-03 | anna        | 0.1      | 0.05         | 0.2           | stage_level | 50          | 5
            2026-03 | bert        |          |              |               | none        | 0           | 0
        """,
    )
    ours("known_count", {"tendency": "tendency::double\n 0.1\n\n"}, "known_count\n 1")
