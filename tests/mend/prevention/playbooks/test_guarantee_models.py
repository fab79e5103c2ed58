"""The models of the service guarantee, on a few rows: what goes in, what comes out."""

from __future__ import annotations

import datetime as dt
import re

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.prevention.playbooks.step import ROOM

MONTH = "2026-05"
BETWEEN = {
    "promise_code": "p", "first_at": dt.datetime.fromisoformat("2026-05-01 00:00+08:00"),
    "after_at": dt.datetime.fromisoformat("2026-06-01 00:00+08:00"),
}  # fmt: skip


def test_a_callback_is_kept_or_broken_in_the_month_in_which_that_is_decided() -> None:
    check(
        read_model(ROOM, "callback_promise"),
        {
            "core_callback_booking": """
                booking_id       | customer_id | requested_at     | called_back_at
                at the limit     | A           | 2026-05-02 10:00 | 2026-05-03 10:00
                second too late  | B           | 2026-05-02 10:00 | 2026-05-03 10:00:01
                never            | C           | 2026-05-02 10:00 |
                before its time  | D           | 2026-05-02 10:00 | 2026-05-02 09:00
                of april, broken | E           | 2026-04-30 20:00 |
                of april, kept   | F           | 2026-04-30 20:00 | 2026-05-01 09:00
                decided in april | G           | 2026-04-30 20:00 | 2026-04-30 21:00
                decided in june  | H           | 2026-05-31 10:00 |
                kept in june     | I           | 2026-05-31 10:00 | 2026-06-01 09:00
            """
        },
        """
        case_id          | state_code | decided_at
        at the limit     | kept       | 2026-05-03 10:00:00+08:00
        second too late  | broken     | 2026-05-03 10:00:00+08:00
        never            | broken     | 2026-05-03 10:00:00+08:00
        before its time  | unknown    | 2026-05-02 10:00:00+08:00
        of april, broken | broken     | 2026-05-01 20:00:00+08:00
        of april, kept   | kept       | 2026-05-01 09:00:00+08:00
        """,
        BETWEEN | {"limit_seconds": 86400},
        {"made_for": "true"},
    )


def test_a_call_is_broken_when_the_customer_waited_longer_answered_or_not() -> None:
    check(
        read_model(ROOM, "answer_promise"),
        {
            "core_contact": """
                contact_id         | customer_id | started_at       | queue_seconds | is_answered | is_abandoned
                at the limit       | A           | 2026-05-02 10:00 | 180           | true        | false
                too late           | B           | 2026-05-02 10:00 | 181           | true        | false
                left too late      | C           | 2026-05-02 10:00 | 200           | false       | true
                left early         | D           | 2026-05-02 10:00 | 20            | false       | true
                answered, no time  | E           | 2026-05-02 10:00 |               | true        | false
                nobody says        | F           | 2026-05-02 10:00 | 90            |             |
                nobody knows where |             | 2026-05-02 10:00 | 500           | true        | false
                of april           | G           | 2026-04-30 23:59 | 500           | true        | false
            """
        },
        """
        case_id            | customer_id | state_code
        at the limit       | A           | kept
        too late           | B           | broken
        left too late      | C           | broken
        answered, no time  | E           | unknown
        nobody says        | F           | unknown
        nobody knows where |             | broken
        """,
        BETWEEN | {"limit_seconds": 180},
        {"made_for": "true"},
    )


def test_where_nobody_knows_whether_a_promise_was_made_the_case_is_unknown() -> None:
    check(
        read_model(ROOM, "answer_promise"),
        {
            "core_contact": """
                contact_id | customer_id | started_at       | queue_seconds | is_answered | is_abandoned | mood_code
                calm       | A           | 2026-05-02 10:00 | 500           | true        | false        | calm
                angry      | A           | 2026-05-02 10:00 | 500           | true        | false        | angry
                who knows  | A           | 2026-05-02 10:00 | 500           | true        | false        |
            """
        },
        """
        case_id   | state_code
        angry     | broken
        who knows | unknown
        """,
        BETWEEN | {"limit_seconds": 180},
        {"made_for": "\"mood_code\" = 'angry'"},
    )


TICKET_COLUMNS = (
    "ticket_id", "customer_id", "city_code", "status_code", "opened_at", "suspended_at", "suspended_until",
    "resolved_at", "closed_at", "is_resolved", "version_at",
)  # fmt: skip


def in_2026(text: str) -> str:
    """The table with the year before each day: 05-02 09:00 is 2026-05-02 09:00."""
    return re.sub(r"(?<![-\d])(\d\d-\d\d \d\d:\d\d)", r"2026-\1", text)


def test_a_ticket_is_judged_by_its_first_solution_and_suspended_time_moves_the_limit() -> None:
    check(
        read_model(ROOM, "ticket_promise"),
        {
            "core_ticket_version": in_2026("""
                {columns}
                at the limit | A | | solved | 05-02 09:00 | | | 05-04 09:00 | | true | 05-04 09:00
                late | A | | solved | 05-02 09:00 | | | 05-04 09:01 | | true | 05-04 09:01
                open | B | wuhu | open | 05-02 09:00 | | | | | | 05-02 09:00
                not solved | B | | closed | 05-02 09:00 | | | 05-02 10:00 | 05-02 11:00 | false | 05-02 11:00
                solved, again | C | | solved | 05-02 09:00 | | | 05-02 12:00 | | true | 05-02 12:00
                solved, again | C | | solved | 05-02 09:00 | | | 05-20 12:00 | | true | 05-20 12:00
                suspended | D | | solved | 05-02 09:00 | 05-03 09:00 | 05-05 09:00 | 05-05 10:00 | | true | 05-05 10:00
                no end | D | | suspended | 05-02 09:00 | 05-03 09:00 | | | | | 05-03 09:00
                no word | E | | closed | 05-02 09:00 | | | | 05-03 09:00 | | 05-03 09:00
                by its word | E | | closed | 05-02 09:00 | | | | 05-03 09:00 | true | 05-03 09:00
                solved later | F | | open | 05-30 09:00 | | | | | | 05-30 09:00
                solved later | F | | solved | 05-30 09:00 | | | 06-01 08:00 | | true | 06-01 08:00
                of april | G | | open | 04-29 09:00 | | | | | | 04-29 09:00
            """.replace("{columns}", " | ".join(TICKET_COLUMNS))),
        },
        """
        case_id       | city_code | state_code | decided_at
        at the limit  |           | kept       | 2026-05-04 09:00:00+08:00
        late          |           | broken     | 2026-05-04 09:00:00+08:00
        open          | wuhu      | broken     | 2026-05-04 09:00:00+08:00
        not solved    |           | broken     | 2026-05-04 09:00:00+08:00
        solved, again |           | kept       | 2026-05-02 12:00:00+08:00
        suspended     |           | kept       | 2026-05-05 10:00:00+08:00
        no end        |           | unknown    | 2026-05-04 09:00:00+08:00
        no word       |           | unknown    | 2026-05-03 09:00:00+08:00
        by its word   |           | kept       | 2026-05-03 09:00:00+08:00
        of april      |           | broken     | 2026-05-01 09:00:00+08:00
        """,
        BETWEEN | {"limit_seconds": 172800},
        {"made_for": "true"},
    )  # fmt: skip


def test_a_city_is_the_customer_s_last_known_one() -> None:
    check(
        read_model(ROOM, "customer_city"),
        {
            "snapshot": """
                customer_id | month_on   | city_code
                A           | 2026-03-01 | wuhu
                A           | 2026-04-01 | hefei
                A           | 2026-05-01 |
                B           | 2026-05-01 |
            """
        },
        """
        customer_id | city_code
        A           | hefei
        """,
    )


def test_broken_promises_are_paid_up_to_the_month_s_most_under_all_ids_of_a_person() -> None:
    check(
        read_model(ROOM, "promise_paid"),
        {
            "promise_case": """
                promise_code | case_id | customer_id | city_code | state_code | decided_at
                capped       | 1       | A           |           | broken     | 2026-05-02 10:00
                capped       | 2       | old A       |           | broken     | 2026-05-03 10:00
                capped       | 3       | A           |           | broken     | 2026-05-03 23:30
                capped       | 4       | A           |           | kept       | 2026-05-01 10:00
                capped       | 5       |             | wuhu      | broken     | 2026-05-01 10:00
                capped       | 6       |             | wuhu      | broken     | 2026-05-01 10:00
                free         | 7       | A           | wuhu      | broken     | 2026-05-01 10:00
                free         | 8       | B           | wuhu      | unknown    | 2026-05-01 10:00
            """,
            "promise_term": """
                promise_code | most_per_month::integer
                capped       | 2
                free         |
            """,
            "person_of_customer": """
                customer_id | person_id
                old A       | A
            """,
            "customer_city": """
                customer_id | city_code
                A           | hefei
            """,
        },
        """
        case_id | decided_on | city_code | is_paid | is_capped | is_nameless
        1       | 2026-05-02 | hefei     | true    | false     | false
        2       | 2026-05-03 | hefei     | true    | false     | false
        3       | 2026-05-03 | hefei     | false   | true      | false
        4       | 2026-05-01 | hefei     | false   | false     | false
        5       | 2026-05-01 | wuhu      | false   | false     | true
        6       | 2026-05-01 | wuhu      | false   | false     | true
        7       | 2026-05-01 | hefei     | true    | false     | false
        8       | 2026-05-01 | wuhu      | false   | false     | false
        """,
    )


PAID = """
    promise_code | case_id | city_code | decided_on | state_code | is_paid | is_capped | is_nameless
    p            | 1       | hefei     | 2026-05-02 | broken     | true    | false     | false
    p            | 2       | hefei     | 2026-05-02 | broken     | true    | false     | false
    p            | 3       | wuhu      | 2026-05-02 | broken     | true    | false     | false
    p            | 4       | wuhu      | 2026-05-03 | kept       | false   | false     | false
    p            | 5       | wuhu      | 2026-05-03 | unknown    | false   | false     | false
    p            | 6       | wuhu      | 2026-05-03 | broken     | false   | true      | false
    p            | 7       | wuhu      | 2026-05-03 | broken     | false   | false     | true
"""


def test_counts_add_up_over_cities() -> None:
    check(
        read_model(ROOM, "guarantee_count"),
        {"promise_paid": PAID},
        """
        city_code | case_count | kept_count | broken_count | unknown_count | nameless_count | capped_count | paid_count
                  | 7          | 1          | 5            | 1             | 1              | 1            | 3
        hefei     | 2          | 0          | 2            | 0             | 0              | 0            | 2
        wuhu      | 5          | 1          | 3            | 1             | 1              | 1            | 1
        """,
    )
    check(
        read_model(ROOM, "guarantee_day"),
        {"promise_paid": PAID},
        """
        city_code | decided_on | paid_count
        hefei     | 2026-05-02 | 2
        wuhu      | 2026-05-02 | 1
        """,
    )


def test_rows_of_a_month_are_those_of_the_month() -> None:
    rows = """
        month   | promise_code | city_code | yuan
        2026-05 | p            | hefei     | 10
        2026-05 | p            |           | 20
        2026-04 | p            |           | 30
    """
    columns = [column for column in read_columns() if column not in rows]
    header, *lines = rows.strip().splitlines()
    wide = "\n".join(
        [header + "".join(f" | {name}" for name in columns), *(line + " | " * len(columns) for line in lines)]
    )
    expected = "month | city_code | yuan\n2026-05 | hefei | 10\n2026-05 | | 20"
    check(read_model(ROOM, "guarantee_row"), {"guarantee_file": typed(wide)}, expected, {"month": MONTH})


def read_columns() -> list[str]:
    from mend.foundation.schema import TABLES

    return list(TABLES["mart_guarantee_month"].column_names)


def typed(text: str) -> str:
    return text.replace("| yuan", "| yuan::bigint")
