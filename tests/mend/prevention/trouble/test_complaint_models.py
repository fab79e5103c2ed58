"""The models of complaints and of hours, on a few rows: what goes in, what comes out."""
# ruff: noqa: E501 - text tables

from __future__ import annotations

import datetime as dt

from tests.mend.prevention.trouble.tables import DAYS, DIMENSIONS, PLACE, ROOM

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check


def test_complaint_cause() -> None:
    """The latest contact that hurt, on the same topic, in the days before; the call of the complaint itself only when there
    is no other. Without a topic or a customer there is no cause."""
    check(
        read_model(ROOM, "complaint_cause"),
        {
            "complaint": """
                ticket_id | customer_id | contact_id | topic_code | opened_at::timestamptz
                t1        | c1          | k3         | bill       | 2026-03-20 10:00+08
                t2        | c2          | k5         |            | 2026-03-20 10:00+08
                t3        | c3          |            |            | 2026-03-20 10:00+08
                t4        |             |            | bill       | 2026-03-20 10:00+08
                t5        | c1          |            | data       | 2026-03-20 10:00+08
                t6        | c6          |            | bill       | 2026-03-20 10:00+08
            """,
            "contact_place": f"""
                contact_id | customer_id | started_at::timestamptz | topic_code | {PLACE}
                k1         | c1          | 2026-03-10 09:00+08     | bill       | m1 | bill | g | n | p | w
                k2         | c1          | 2026-03-12 09:00+08     | bill       | m2 | bill | g | n | p | w
                k3         | c1          | 2026-03-20 09:00+08     | bill       | m3 | bill | g | n | p | w
                k4         | c1          | 2026-03-15 09:00+08     | bill       | m4 | bill | g | n | p | w
                k5         | c2          | 2026-03-20 09:00+08     | bill       | m5 | bill | g | n | p | w
                k6         | c1          | 2026-03-19 09:00+08     | other      | m6 | bill | g | n | p | w
                k7         | c6          | 2026-02-18 09:59+08     | bill       | m7 | bill | g | n | p | w
                k8         | c6          | 2026-03-20 10:01+08     | bill       | m8 | bill | g | n | p | w
            """,
            "posted": """
                contact_id | thousandths::bigint
                k1         | 2000
                k2         | 3000
                k3         | 1000
                k4         | 2000
                k4         | -2000
                k5         | 2000
                k6         | 2000
                k7         | 2000
                k8         | 2000
            """,
        },
        """
            ticket_id | is_attributable | has_cause | ivr_node
            t1        | true            | true      | m2
            t2        | true            | true      | m5
            t3        | false           | false     |
            t4        | false           | false     |
            t5        | true            | false     |
            t6        | true            | false     |
        """,
        {"complaint_us": 30 * 86_400 * 1_000_000},
    )


CAUSES = f"""
    ticket_id | is_attributable | has_cause | {PLACE}
    t1        | true            | true      | m1 | bill | g | n | p | wuxi
    t2        | true            | true      | m2 | bill | g | n | p | suzhou
    t3        | true            | false     |    |      |   |   |   |
    t4        | false           | false     |    |      |   |   |   |
"""


def test_complaint_total() -> None:
    check(
        read_model(ROOM, "complaint_total"),
        {"complaint_causes": CAUSES, "dimension": DIMENSIONS},
        """
            dimension_code | source_code | complaint_count
            ivr_node       | m1          | 1
            ivr_node       | m2          | 1
            topic          | bill        | 2
            city           | wuxi        | 1
            city           | suzhou      | 1
        """,
    )


def test_complaint_of_top() -> None:
    """One complaint at two of the top sources is one."""
    check(
        read_model(ROOM, "complaint_of_top"),
        {
            "complaint_causes": CAUSES,
            "top_source": """
                dimension_code | source_code
                ivr_node       | m1
                city           | wuxi
            """,
        },
        """
            complaints | attributable | with_cause | of_top
            4          | 3            | 2          | 1
        """,
    )


def test_caller_hour_and_hour_total() -> None:
    """A customer once a day and source, in the first hour; a menu's failure counts at the menu alone."""
    check(
        read_model(ROOM, "caller_hour"),
        {
            "contact_place": """
                contact_id | customer_id | started_at::timestamptz | started_on | is_inbound | is_failed | is_self_service_failed | ivr_node | center | city
                k1         | c1          | 2026-03-01 09:10+08     | 2026-03-01 | true       | true      | false                  | unknown  | north  | wuxi
                k2         | c1          | 2026-03-01 10:10+08     | 2026-03-01 | true       | true      | false                  | unknown  | north  | wuxi
                k3         | c2          | 2026-03-01 09:59+08     | 2026-03-01 | true       | true      | false                  | bill     | north  | wuxi
                k4         | c3          | 2026-03-02 00:00+08     | 2026-03-02 | true       | false     | true                   | bill     | north  | wuxi
                k5         |             | 2026-03-01 09:59+08     | 2026-03-01 | true       | true      | false                  | bill     | north  | wuxi
                k6         | c4          | 2026-03-01 09:59+08     | 2026-03-01 | false      | true      | false                  | bill     | north  | wuxi
            """,
            "hour_dimension": """
                dimension_code
                ivr_node
                center
                city
            """,
        },
        """
            dimension_code | source_code | hour_number | callers
            ivr_node       | bill        | 9           | 1
            ivr_node       | bill        | 24          | 1
            center         | north       | 9           | 2
            city           | wuxi        | 9           | 2
        """,
        {**DAYS, "from_us": int(dt.datetime.fromisoformat("2026-03-01T00:00+08:00").timestamp()) * 1_000_000},
    )
    check(
        read_model(ROOM, "hour_total"),
        {
            "caller_hours": """
                dimension_code | source_code | hour_number | callers::bigint
                city           | wuxi        | 9           | 2
                city           | wuxi        | 9           | 3
            """,
        },
        """
            hour_number | callers
            9           | 5
        """,
    )
