"""A list's candidates and versions, published for the pages: every candidate once, with their gates and rows."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text
from tests.mend.care.survey.desk import rows
from tests.mend.repair.publishing.written import LIST, MONTH, _put, candidate, row, write

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import run_on_tables
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages import campaign_contents
from mend.query.pages.campaigns import Candidate, read_candidate
from mend.query.pages.candidates import publish_candidates

VALUES = {"month": "2026-03", "version": 1, "list_id": "2026-03-v1"}


def test_a_candidate_has_their_rows_of_the_list_and_of_no_other_version() -> None:
    names, found = run_on_tables(
        read_model("query/pages", "page_candidate"),
        {
            "gate_file": """
                customer_id | place | outcome_code | is_universal_hold_out | pattern_number | version | {others}
                A           | 0     | listed       | false                 | 2              | 1       | {gate}
                B           | 1     | held_out     | true                  | 1              | 1       | {gate}
                C           | 0     | gated        | false                 | 1              | 2       | {gate}
            """.format(others="month | level | score | city_code", gate="2026-03 | 3 | 12.5 | hangzhou"),
            "row_file": """
                customer_id | strategy_code  | is_entitlement | is_overload | rank::integer | version | {others}
                A           | phone_callback | false          | false       | 3             | 1       | {row}
                A           | rebate         | false          | false       | 1             | 2       | {row}
            """.format(
                others="month | city_code | planned_on | valid_until | sample_probability | reasons_en | reasons_zh",
                row="2026-03 | hangzhou | 2026-04-03 | 2026-04-30 | 0.5 | cut off | 通话中断",
            ),
        },
        VALUES,
    )
    shown = [dict(zip(names, each, strict=True)) for each in sorted(found)]
    assert [(each["customer_id"], each["outcome_code"], each["pattern_number"]) for each in shown] == [
        ("A", "listed", 2),
        ("B", "held_out", 1),
    ]
    [given] = json.loads(shown[0]["listed"])
    assert (given["strategy"], given["rank"], given["is_owed"]) == ("phone_callback", 3, False)
    assert (shown[0]["list_id"], json.loads(shown[1]["listed"])) == ("2026-03-v1", [])


def test_a_pattern_says_each_strategy_with_its_gates_what_is_owed_first() -> None:
    [[*_, content]] = run_on_tables(
        read_model("query/pages", "page_candidate_pattern"),
        {
            "pattern_file": """
                month   | version | pattern_number | strategy_code | is_entitlement | gate_mask::bigint | arm_code
                2026-03 | 1       | 1              | rebate        | false          | 18                |
                2026-03 | 1       | 1              | callback      | true           | 0                 |
                2026-03 | 2       | 1              | visit         | true           | 0                 |
            """,
        },
        VALUES,
    )[1]
    assert json.loads(content) == [
        {"strategy": "callback", "is_owed": True, "gates": 0, "arm": None},
        {"strategy": "rebate", "is_owed": False, "gates": 18, "arm": None},
    ]


def world(bench: Workbench) -> None:
    write(
        bench,
        [row("phone_callback", "A")],
        [candidate("A", "listed"), candidate("B", "held_out", pattern_number=2), candidate("C", "gated")],
    )
    pattern = {"strategy_code": "phone_callback", "is_entitlement": False, "first_gate_code": None}
    _put(
        bench,
        "mart_campaign_gate_pattern",
        {"month": MONTH, "version": 1},
        [
            pattern | {"pattern_number": 1, "gate_mask": 0, "arm_code": "offered"},
            pattern | {"pattern_number": 2, "gate_mask": 0, "arm_code": "held_out"},
        ],
    )
    price = {"resource_code": "seat", "strategy_code": "phone_callback", "capacity": 10, "used": 10}
    _put(
        bench,
        "mart_campaign_price",
        {"month": MONTH, "version": 1},
        [
            price | {"city_code": "hangzhou", "value_of_one_more": 2.5, "value_of_one_less": 3.0},
            price | {"city_code": "ningbo", "value_of_one_more": 7.25, "value_of_one_less": 8.0},
            price | {"city_code": "wenzhou", "used": 4, "value_of_one_more": 0.0, "value_of_one_less": 0.0},
        ],
    )


def found(home: Home, customer: str) -> Candidate | None:
    with operations.transaction(home.database_url) as connection:
        return read_candidate(connection, LIST, customer)


def test_candidates_are_published_once_and_found_by_any_id_of_the_person(home: Home, bench: Workbench) -> None:
    world(bench)
    assert [publish_candidates(home, bench, MONTH) for _ in range(2)] == [3, 0]
    with operations.transaction(home.database_url) as connection:
        merged = "insert into customer_person (customer_id, person_id, merged_on) values ('OLD', 'A', '2026-03-01')"
        connection.execute(text(merged))
    of_old, held = found(home, "OLD"), found(home, "B")
    assert of_old is not None
    assert held is not None
    assert (of_old.customer_id, of_old.outcome_code, [each["rank"] for each in of_old.listed]) == ("A", "listed", [1])
    assert held.pattern == [{"strategy": "phone_callback", "is_owed": False, "gates": 0, "arm": "held_out"}]
    assert found(home, "nobody") is None


def test_the_three_latest_months_are_kept(home: Home, bench: Workbench) -> None:
    for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
        write(bench, [row("phone_callback", "A")], month=month)
        key, pattern = {"month": month, "version": 1}, {"pattern_number": 1, "strategy_code": "phone_callback"}
        _put(bench, "mart_campaign_gate_pattern", key, [pattern | {"is_entitlement": False, "gate_mask": 0}])
        publish_candidates(home, bench, month)
    for table in ("page_candidate", "page_candidate_pattern"):
        assert rows(home, f"select list_id from {table} order by list_id") == [
            ("2026-02-v1",), ("2026-03-v1",), ("2026-04-v1",),
        ]  # fmt: skip


def test_a_version_shows_its_sums_names_and_what_is_most_scarce_first(home: Home, bench: Workbench) -> None:
    world(bench)
    content: Any = campaign_contents.lists(home, bench, MONTH)
    [version] = json.loads(json.dumps(content))["versions"]
    assert (version["version"], version["candidate_count"], version["gated"]) == (1, 3, {"no_consent": 1})
    assert version["names"]["phone_callback"] == ["phone callback", "电话回访"]
    assert [(each["city_code"], each["value_of_one_more"]) for each in version["prices"]] == [
        ("ningbo", 7.25),
        ("hangzhou", 2.5),
    ]
    assert campaign_contents.lists(home, bench, "2026-02") is None
    assert campaign_contents.effect(home, bench, MONTH) is None
