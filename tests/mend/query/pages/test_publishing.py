"""From the lake to what pages read: changed rows only, and the same rows however often it is run."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import text
from tests.mend.damage.closing.tables import close, exposure, indicators, ledger, load
from tests.mend.damage.scoring.rows import put

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages import publishing
from mend.query.pages.card import read_card
from mend.query.pages.overview import read_overview
from mend.query.pages.publishing import publish
from mend.query.pages.step import publish_month, publish_night
from mend.query.pages.story import FIELDS, read_story

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
LEDGER = """
    customer_id | posted_at      | indicator_id | points | subject_id
    K1          | 05-04 10:00:00 | CON-01       | 3      | c1
    K1          | 05-04 10:20:00 | AGT-07       | 5      | c2
    K1          | 05-06 09:00:00 | REP-01       | -5     | c2
    K2          | 05-04 11:00:00 | CON-02       | 3      | c3
"""


def world(home: Home, bench: Workbench) -> None:
    """May, closed: K1 and K2 are damaged, Z called and nothing went wrong."""
    indicators(bench)
    ledger(bench, LEDGER)
    exposure(
        bench,
        """
            customer_id | last_contact_at | last_contact_id
            K1          | 05-04 10:20:00  | c2
            K2          | 05-04 11:00:00  | c3
            Z           | 05-20 10:00:00  | z1
        """,
    )
    put(
        bench,
        "contact",
        [
            {"contact_id": "c1", "customer_id": "K1", "started_at": "2026-05-04 10:00:00+08", "outcome": "refused"},
            {"contact_id": "c2", "customer_id": "K1", "started_at": "2026-05-04 10:20:00+08", "outcome": "answered"},
        ],
    )
    load(home, "2026-05")
    close(home, bench, "2026-05")


def published(home: Home, query: str = "select month, customer_id, level from page_customer_month") -> list[Any]:
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(text(f"{query} order by 1, 2"))]


def test_a_month_is_read_as_it_was_published(home: Home, bench: Workbench) -> None:
    world(home, bench)
    report = publish_month(home, bench, "2026-05")
    assert (report.months, report.changed) == (("2026-05",), report.rows)
    assert published(home) == [("2026-05", "K1", 1), ("2026-05", "K2", 1)]
    with operations.transaction(home.database_url) as connection:
        story = read_story(connection, "K1")
    assert story is not None
    assert story.month is not None
    shown = [
        (each["at"].isoformat(), each["kind"], story.words.name("indicator", each["indicator"], "en"), each["points"])
        for each in story.month.lists["entries"]
    ]
    assert shown == [
        ("2026-05-04T02:00:00+00:00", "debit", "line busy", 3.0),
        ("2026-05-04T02:20:00+00:00", "debit", "poor attitude", 5.0),
        ("2026-05-06T01:00:00+00:00", "credit", "resolved follow-up call", -5.0),
    ]
    assert [each["id"] for each in story.month.lists["contacts"]] == ["c1", "c2"]
    assert (story.month.points["damage"], story.month.points["repair"]) == (8, 5)


def test_nothing_is_written_when_nothing_changed(home: Home, bench: Workbench) -> None:
    world(home, bench)
    publish_month(home, bench, "2026-05")
    before = published(home, "select xmin::text, customer_id from page_customer_month")
    assert publish_month(home, bench, "2026-05").changed == 0
    assert published(home, "select xmin::text, customer_id from page_customer_month") == before


def test_a_correction_changes_its_customer_alone_and_who_has_nothing_more_goes(home: Home, bench: Workbench) -> None:
    world(home, bench)
    publish_month(home, bench, "2026-05")
    before = dict(published(home, "select customer_id, xmin::text from page_customer_month"))
    ledger(bench, "\n".join(line for line in LEDGER.splitlines() if "CON-02" not in line and "CON-01" not in line))
    close(home, bench, "2026-05")
    publish_month(home, bench, "2026-05")
    after = dict(published(home, "select customer_id, xmin::text from page_customer_month"))
    assert sorted(after) == ["K1"]
    assert after["K1"] != before["K1"]


def test_any_number_of_shares_publishes_the_same(home: Home, bench: Workbench, monkeypatch: Any) -> None:
    world(home, bench)
    publish_month(home, bench, "2026-05")
    before = published(home, "select customer_id, digest from page_customer_month")
    monkeypatch.setattr(publishing, "share_count", lambda *_: 3)
    assert publish_month(home, bench, "2026-05").changed == 0
    assert published(home, "select customer_id, digest from page_customer_month") == before


def test_a_month_to_date_is_published_by_the_night(home: Home, bench: Workbench) -> None:
    indicators(bench)
    ledger(bench, LEDGER)
    operations.mark_core_loaded(home.database_url, [dt.date(2026, 5, day) for day in range(1, 7)])
    publish_night(home, bench, [dt.date(2026, 5, 6)])
    with operations.transaction(home.database_url) as connection:
        found = read_overview(connection, NOW)
        card = read_card(connection, "K1", dt.date(2026, 5, 7))
    assert found.night is not None
    assert (found.night["through_on"], found.month, found.damaged) == (dt.date(2026, 5, 6), "2026-05", 2)
    assert not found.damage[0]["is_closed"]
    assert [each["indicator"] for each in card.happened] == ["AGT-07", "CON-01"]


def test_months_that_other_models_published_are_published_again(home: Home, bench: Workbench) -> None:
    world(home, bench)
    publish_month(home, bench, "2026-05")
    assert publish(home, bench, []).months == ()
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("update page_publication set shape_digest = 'of before'"))
    assert publish(home, bench, []).months == ("2026-05",)


def test_what_is_older_than_thirteen_months_is_forgotten(home: Home, bench: Workbench) -> None:
    world(home, bench)
    publish_month(home, bench, "2026-05")
    with operations.transaction(home.database_url) as connection:
        for month in ("2025-04", "2025-05"):
            connection.execute(
                text(
                    "insert into page_customer_month select :month, customer_id, level, score, segment_code, "
                    "lifecycle_stage_code, city_code, is_explicit, has_left, is_closed, content, digest, row_digest "
                    "from page_customer_month where customer_id = 'K1' and month = '2026-05'"
                ),
                {"month": month},
            )
    publish(home, bench, [])
    assert [month for month, customer, _ in published(home) if customer == "K1"] == ["2025-05", "2026-05"]


def test_before_anything_is_loaded_nothing_is_published(home: Home, bench: Workbench) -> None:
    assert publish(home, bench, ["2026-05"]).rows == 0
    with operations.transaction(home.database_url) as connection:
        found = read_overview(connection, NOW)
        assert read_story(connection, "K1") is None
    assert (found.night, found.month) == (None, None)


def test_the_names_of_a_lists_values_are_as_many_as_the_model_gives() -> None:
    model = read_model("query/pages", "page_customer_month").select
    for name, fields in FIELDS.items():
        inside = model.split(f") as {name}\n")[0].split(f") as {name},")[0].rpartition("list(json_array(")[2]
        values = inside.partition("\n        ) order by")[0]
        depth, count = 0, 1
        for sign in values:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            count += sign == "," and depth == 0
        assert count == len(fields), name
