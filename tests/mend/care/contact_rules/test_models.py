"""The models of addresses, each on a few rows."""

from __future__ import annotations

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "care/contact_rules"
CUSTOMERS = """
    customer_id | month_on   | phone_number    | status_code
    anna        | 2026-05-01 | +8613800000001  | active
    anna        | 2026-06-01 | +12025550123    | active
    bert        | 2026-06-01 |                 | left
"""


def test_a_snapshot_has_the_customers_of_its_month() -> None:
    check(
        read_model(ROOM, "snapshot_customer"),
        {"core_customer": CUSTOMERS},
        """
        customer_id | phone_number
        anna        | +12025550123
        bert        |
        """,
        {"month_on": "2026-06-01"},
    )


def test_of_a_day_only_customers_whose_snapshot_of_the_month_came_are_taken() -> None:
    check(
        read_model(ROOM, "changed_customer"),
        {
            "core_customer": CUSTOMERS,
            "customer_change": """
                record_code | subject_id | subject_on
                customer    | bert       | 2026-06-01
                customer    | anna       | 2026-05-01
                contact     | anna       | 2026-06-01
            """,
        },
        """
        customer_id | month_on
        bert        | 2026-06-01
        """,
        {"month_on": "2026-06-01"},
    )


def test_a_snapshot_that_came_and_is_not_there_is_gone() -> None:
    check(
        read_model(ROOM, "gone_snapshot"),
        {
            "core_customer": CUSTOMERS,
            "customer_change": """
                record_code | subject_id | subject_on
                customer    | bert       | 2026-05-01
                customer    | anna       | 2026-05-01
            """,
        },
        """
        customer_id | month_on
        bert        | 2026-05-01
        """,
    )


def test_the_latest_snapshot_that_is_left_says_what_is_known_again() -> None:
    check(
        read_model(ROOM, "earlier_snapshot"),
        {"core_customer": CUSTOMERS, "gone_snapshot": "customer_id | month_on\n anna | 2026-07-01"},
        """
        customer_id | month_on
        anna        | 2026-06-01
        """,
    )


def test_a_number_outside_of_china_is_listed_once() -> None:
    check(
        read_model(ROOM, "foreign_number"),
        {
            "snapshot_customer": """
                phone_number::varchar
                +12025550123
                +12025550123
                +8613800000001
            """
        },
        """
        phone_number
        +12025550123
        """,
    )


def test_an_address_has_zones_and_a_language_by_its_number_and_no_zone_where_the_number_is_none() -> None:
    check(
        read_model(ROOM, "address"),
        {
            "snapshot_customer": """
                customer_id | phone_number::varchar | city_code | has_survey_consent | has_marketing_consent | \
                    status_code | month_on
                anna | +8613800000001 | suzhou | true |  | active | 2026-05-01
                bert | +12025550123 |  | false | true | left | 2026-05-01
                carl | +861 |  |  |  |  | 2026-05-01
                dora | +85261234567 |  |  |  | active | 2026-05-01
            """,
            "number_zone": """
                phone_number::varchar | zones
                +12025550123 | America/New_York
            """,
        },
        """
        customer_id | zones            | language_code | is_active | has_survey_consent
        anna        | Asia/Shanghai    | zh            | true      | true
        bert        | America/New_York | en            | false     | false
        carl        |                  | zh            | true      |
        dora        |                  | zh            | true      |
        """,
    )
