"""Customers of a published list are followed in a real home: as far as anything is known, and a rerun is the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import text
from tests.mend.damage.closing.tables import close, exposure, indicators, ledger, put_table
from tests.mend.damage.scoring.rows import put

from mend.foundation import operations
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.repair.outcomes import OutcomeError, follow
from mend.repair.outcomes.step import follow_campaigns

JANUARY = "2026-01"
GATE: dict[str, Any] = {
    "month": JANUARY,
    "version": "1",
    "city_code": "suzhou",
    "level": "2",
    "score": "7.5",
    "segment_code": "agent",
    "is_explicit": "false",
    "age_band_code": "unknown",
    "gender_code": "unknown",
    "is_universal_hold_out": "false",
    "pattern_number": "1",
}
LIST: dict[str, Any] = {
    **{name: GATE[name] for name in ("month", "version", "city_code", "level", "score", "segment_code")},
    "strategy_code": "phone_callback",
    "channel_code": "call",
    "is_entitlement": "false",
    "is_overload": "false",
    "planned_on": "2026-02-03",
    "valid_from": "2026-02-03",
    "valid_until": "2026-02-28",
    **dict.fromkeys(("reasons_en", "reasons_zh", "label_en", "label_zh"), "words"),
    "action_code": "follow_up_call",
    **dict.fromkeys(("amount", "cost", "benefit", "benefit_low", "benefit_high"), "1"),
}


def put_version(bench: Workbench, table: str, rows: list[dict[str, Any]]) -> None:
    """Put rows of one month and version of a lake table."""
    described = TABLES[table]
    given = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in described.column_names})
    bench.engine.connection.register("_given", given)
    casts = ", ".join(f'cast("{c.name}" as {DUCKDB_TYPES[c.type]}) as "{c.name}"' for c in described.columns)
    where = all_of(equal("month", rows[0]["month"]), equal("version", int(rows[0]["version"])))
    bench.replace(table, f"select {casts} from _given", where)
    bench.engine.connection.unregister("_given")


@pytest.fixture
def campaign(home: Home, bench: Workbench) -> Home:
    """January's list: A is called, B is deferred, C is held out and would have been called; D is gated."""
    arms: dict[str, tuple[str, str | None, str | None]] = {
        "A": ("listed", "offered", None),
        "B": ("deferred", "offered", None),
    }
    arms |= {"C": ("held_out", "held_out", "phone_callback"), "D": ("gated", None, None)}
    put_version(
        bench,
        "mart_campaign_gate",
        [
            GATE
            | {"customer_id": name, "place": str(place), "outcome_code": outcome, "arm_code": arm}
            | {"shadow_strategy_code": shadow}
            for place, (name, (outcome, arm, shadow)) in enumerate(arms.items())
        ],
    )
    put_version(bench, "mart_campaign_list", [LIST | {"customer_id": "A", "rank": "1"}])
    indicators(bench)
    snapshots(bench, "2026-02-01", dict.fromkeys("ABC", "active"))
    return home


def snapshots(bench: Workbench, month_on: str, status: dict[str, str]) -> None:
    spend = {"month_on": month_on, "arpu_amount": "60", "city_code": "suzhou"}
    put(bench, "customer", [spend | {"customer_id": name, "status_code": each} for name, each in status.items()])


def register(home: Home, state: str) -> None:
    at = "now()" if state in ("published", "recalled") else "null"
    recalled = "now()" if state == "recalled" else "null"
    with operations.transaction(home.database_url) as connection:
        connection.execute(
            text(
                "insert into campaign_list (list_id, month, version, content_sha256, state_code, row_count, summary,"
                f" needs_bias_reason, registered_at, published_at, recalled_at)"
                f" values ('2026-01-v1', '2026-01', 1, 'x', '{state}', 1, '{{}}', false, now(), {at}, {recalled})"
            )
        )


def rows(bench: Workbench, columns: str) -> list[tuple[Any, ...]]:
    bench.view("mart_campaign_outcome")
    return bench.sql(f"select {columns} from mart_campaign_outcome order by customer_id")


def live_february(bench: Workbench) -> None:
    """A is called, and calls again about the same thing; C complains; B leaves."""
    called = {"repair_id": "2026-01-v1/A/phone_callback", "customer_id": "A", "action_code": "follow_up_call"}
    put(bench, "repair_action", [called | {"done_at": "2026-02-04T10:00:00+08:00", "outcome_code": "resolved"}])
    ledger(
        bench,
        """
        customer_id | posted_at      | indicator_id | points | subject_id
        A           | 02-10 09:00:00 | RES-01       | 3      | a1
        """,
    )
    exposure(bench, "customer_id | last_contact_at | last_contact_id\nA | 02-10 09:00:00 | a1")
    put_table(
        bench,
        "mart_complaint",
        [
            {
                "complaint_id": "c1",
                "customer_id": "C",
                "complained_at": "2026-02-11T10:00:00+08:00",
                "complained_on": "2026-02-11",
                "classified_by_code": "source",
                "is_escalated": "false",
            }
        ],
    )


def test_as_the_months_pass_more_is_known_and_a_rerun_changes_nothing(campaign: Home, bench: Workbench) -> None:
    early = follow(campaign, bench, JANUARY, 1)
    assert (early.rows, early.done, early.is_over, early.is_seen_after) == (3, 0, False, False)
    assert rows(bench, "customer_id, list_arm_code, is_shadow, result_code, repeat_contact, churn") == [
        ("A", "listed", False, "unknown", None, None),
        ("B", "deferred", False, "none", None, None),
        ("C", "held_out", True, "none", None, None),
    ]
    live_february(bench)
    close(campaign, bench, "2026-02")
    over = follow(campaign, bench, JANUARY, 1)
    assert (over.done, over.is_over, over.is_seen_after) == (1, True, False)
    assert rows(bench, "customer_id, is_done, result_code, repeat_contact, complaint, churn, spend") == [
        ("A", True, "resolved", True, False, None, None),
        ("B", False, "none", False, False, None, None),
        ("C", False, "none", False, True, None, None),
    ]
    snapshots(bench, "2026-03-01", {"A": "active", "B": "left"})
    assert follow(campaign, bench, JANUARY, 1) == follow(campaign, bench, JANUARY, 1)
    assert rows(bench, "customer_id, repeat_contact, churn, spend, followed_until") == [
        ("A", True, False, 60.0, dt.date(2026, 2, 28)),
        ("B", False, True, 0.0, dt.date(2026, 2, 28)),
        ("C", False, None, None, dt.date(2026, 2, 28)),
    ]


def test_a_version_that_is_not_there_is_named(campaign: Home, bench: Workbench) -> None:
    with pytest.raises(OutcomeError, match=r"2026-01 has no campaign of version 2; make it first"):
        follow(campaign, bench, JANUARY, 2)


@pytest.mark.parametrize(
    ("state", "versions"),
    [("draft", []), ("approved", []), ("refused", []), ("published", ["1"]), ("recalled", ["1"])],
)
def test_only_what_was_published_is_followed(campaign: Home, bench: Workbench, state: str, versions: list[str]) -> None:
    register(campaign, state)
    report = follow_campaigns(campaign, bench, JANUARY)
    assert (report["versions"], report["rows"]) == (versions, 3 * len(versions))
    assert report["is_over"] is False


def send(home: Home, customer: str, state: str, final_at: str | None) -> None:
    """A message of the list in the outbox, as the relay left it."""
    key = f"campaign 2026-01-v1 phone_callback {customer}"
    with operations.transaction(home.database_url) as connection:
        connection.execute(
            text(
                "insert into sms_outbox (dedup_key, account_code, purpose_code, purpose_kind_code, customer_id,"
                " phone_number, text, sender_number, not_before, valid_until, quiet_zones, is_promised, state_code,"
                " due_at, attempts, enqueued_at, final_at) values (:key, 'a', 'care', 'service', :customer,"
                " '+8613800000001', 'words', '10086', '2026-02-03 01:00+00', '2026-02-05 01:00+00', '[]', false,"
                " :state, '2026-02-03 01:00+00', 1, '2026-02-01 01:00+00', cast(:final_at as timestamptz))"
            ),
            {"key": key, "customer": customer, "state": state, "final_at": final_at},
        )
        connection.execute(
            text(
                "insert into campaign_action (list_id, strategy_code, customer_id, city_code, channel_code,"
                " action_code, consent_code, rank, amount, cost, is_entitlement, is_overload, planned_on, valid_until,"
                " state_code, message_key) values ('2026-01-v1', 'phone_callback', :customer, 'suzhou', 'sms',"
                " 'care_sms', 'service', 1, 0, 1, false, false, '2026-02-03', '2026-02-28', 'queued', :key)"
            ),
            {"key": key, "customer": customer},
        )


def test_a_message_counts_as_done_when_the_relay_has_its_receipt(home: Home, bench: Workbench) -> None:
    """Of D nobody knows whether it arrived; E's still waits. A rerun gives the same."""
    names = "ABCDE"
    gate = [GATE | {"customer_id": name, "place": str(place)} for place, name in enumerate(names)]
    put_version(
        bench, "mart_campaign_gate", [each | {"outcome_code": "listed", "arm_code": "offered"} for each in gate]
    )
    message = LIST | {"channel_code": "sms", "action_code": "care_sms"}
    put_version(
        bench, "mart_campaign_list", [message | {"customer_id": name, "rank": str(i)} for i, name in enumerate(names)]
    )
    register(home, "published")
    late = "2026-02-03 16:30+00"  # half past midnight of the 4th in China
    for name, state, final_at in (
        ("A", "delivered", late), ("B", "undelivered", late), ("C", "suppressed", late), ("D", "unknown", late),
        ("E", "submitted", None),
    ):  # fmt: skip
        send(home, name, state, final_at)
    for _ in range(2):
        assert follow_campaigns(home, bench, JANUARY)["done"] == 1
        assert rows(bench, "customer_id, is_done, done_on, result_code") == [
            ("A", True, dt.date(2026, 2, 4), "delivered"),
            ("B", False, dt.date(2026, 2, 4), "undelivered"),
            ("C", False, dt.date(2026, 2, 4), "undelivered"),
            ("D", False, None, "unknown"),
            ("E", False, None, "unknown"),
        ]
