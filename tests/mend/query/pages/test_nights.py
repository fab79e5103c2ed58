"""A night makes the stories of those whom rows touched; to make every one finds nothing left to do."""

# ruff: noqa: E501 - rows of text tables

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import text
from tests.mend.damage.closing.tables import close, indicators
from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import grumble, put
from tests.mend.query.pages.test_publishing import world

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check, run_on_tables
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.publishing import publish
from mend.query.pages.step import publish_month, publish_night

MONTH = "2026-05"
NIGHTS = [dt.date(2026, 5, day) for day in (20, 21, 24, 31)]
PEOPLE = [f"C{number:02d}" for number in range(24)]
Rows = dict[str, list[dict[str, Any]]]


def _world(luck: random.Random) -> Rows:
    """Six contacts a day; some bring damage, grumbles, tickets, surveys and warnings. Some ids became others."""
    rows: Rows = {name: [] for name in ("contact", "ticket", "survey_reply", "customer_alias")}
    rows |= {name: [] for name in ("mart_damage_ledger", "mart_exposure_day", "mart_grumble", "mart_warning")}
    for day in range(1, 32):
        for number, name in enumerate(luck.sample(PEOPLE, 6)):
            at, contact = f"2026-05-{day:02d} {10 + number}:00:00+08:00", f"K{day:02d}{number}{luck.randrange(2)}"
            own = {"customer_id": name, "day": at[:10]}
            rows["contact"].append(own | {"contact_id": contact, "started_at": at, "outcome": "answered"})
            rows["mart_exposure_day"].append(own | {
                "subject_on": at[:10], "contact_count": 1, "incident_count": 1, "last_contact_at": at,
                "last_contact_id": contact,
            })  # fmt: skip
            if luck.random() < 0.3:
                rows["mart_damage_ledger"].append(own | {
                    "posted_on": at[:10], "posted_at": at, "entry_kind_code": "debit", "indicator_id": "CON-01",
                    "rule_version": "1990-01-01", "subject_kind_code": "contact", "subject_id": contact, "points": 3,
                })  # fmt: skip
            if luck.random() < 0.2:
                rows["mart_grumble"].append(own | grumble(contact, name, at[:16]))
            if luck.random() < 0.2:
                closed = at if luck.random() < 0.5 else None
                rows["ticket"].append(
                    own | {"ticket_id": f"T{contact}", "kind_code": "complaint", "opened_at": at, "closed_at": closed}
                )
            if luck.random() < 0.2:
                rows["survey_reply"].append(
                    own
                    | {
                        "survey_id": f"S{contact}",
                        "replied_at": at,
                        "score": luck.randrange(1, 6),
                        "score_scale": 5,
                        "sent_at": at,
                        "about_kind_code": "contact",
                        "about_id": contact,
                        "purpose_code": "satisfaction",
                    }
                )
            if luck.random() < 0.1:
                rows["mart_warning"].append(own | _warning(at[:10], name, luck.randrange(1, 6)))
    for number in luck.sample(range(1, 24), 3):
        merged = {"old_customer_id": PEOPLE[number], "new_customer_id": PEOPLE[number - 1]}
        rows["customer_alias"].append(merged | {"merged_on": "2026-05-02", "day": "2026-05-02"})
    return rows


def _warning(day: str, name: str, level: int) -> dict[str, Any]:
    words = ("department_code", "owner_id", "city_code", "strategy_code", "strategy_en", "strategy_zh")
    numbers = {
        "rank": 1,
        "level": level,
        "peak_level": level,
        "end_level": level,
        "open_count": 1,
        "is_new": "true",
        "rule_version": "1990-01-01",
    }
    grumbles = dict.fromkeys(("grumble_id", "peak_grumble_id", "end_grumble_id"), f"contact:{name}")
    told = dict.fromkeys((*words, "reasons_en", "reasons_zh"), "x")
    return {"day_on": day, "customer_id": name, "first_warned_on": day, **numbers, **grumbles, **told}


def _changed(luck: random.Random, rows: Rows) -> Rows:
    """Rows come late, are corrected, and whole batches are withdrawn; other ids became others."""
    other, withdrawn = _world(luck), f"2026-05-{luck.randrange(1, 20):02d}"
    found = {
        name: [each for each in own if each["day"] != withdrawn and luck.random() < 0.97]
        + [each for each in other[name] if luck.random() < 0.03]
        for name, own in rows.items()
    }
    return found | {"customer_alias": other["customer_alias"] if luck.random() < 0.5 else rows["customer_alias"]}


def _put(bench: Workbench, rows: Rows, night: dt.date) -> None:
    """What is known at the night's end. Each day keeps a row of somebody else's, so that it is replaced."""
    for table, own in rows.items():
        known = [each for each in own if each["day"] <= night.isoformat()]
        key = next(
            name for name in ("contact_id", "ticket_id", "survey_id", "old_customer_id", "day") if name in own[0]
        )
        by_key = ("customer_id", "day") if key == "day" else (key,)
        unique = {tuple(each[name] for name in by_key): each for each in known}
        kept = [{name: cell for name, cell in each.items() if name != "day"} for each in unique.values()]
        if table.startswith("mart_"):
            put(bench, table, kept)
        else:
            put_record(bench, table, kept)


def _published(home: Home, columns: str = "page_customer_month::text") -> list[Any]:
    with operations.transaction(home.database_url) as connection:
        query = text(f"select {columns} from page_customer_month order by customer_id")
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize("seed", [1, *(pytest.param(each, marks=pytest.mark.long) for each in range(2, 8))])
def test_after_nights_with_late_corrected_and_withdrawn_rows_and_merged_ids_nothing_is_left_to_change(
    home: Home, bench: Workbench, seed: int
) -> None:
    indicators(bench)
    luck = random.Random(seed)
    rows = _world(luck)
    for night in NIGHTS:
        _put(bench, rows, night)
        operations.mark_core_loaded(home.database_url, [dt.date(2026, 5, day) for day in range(1, night.day + 1)])
        before = set(_published(home))
        publish_night(home, bench, [night])
        after = set(_published(home))
        assert len(after - before) > 0
        assert publish(home, bench, [MONTH], is_whole=True).changed == 0
        assert set(_published(home)) == after
        if night != NIGHTS[-1]:
            rows = _changed(luck, rows)
    told = _published(home, "customer_id, level, score, segment_code, city_code, has_left, content::text")
    close(home, bench, MONTH)
    publish_month(home, bench, MONTH)
    assert _published(home, "customer_id, level, score, segment_code, city_code, has_left, content::text") == told


def test_a_night_does_not_look_at_who_was_not_touched_and_the_close_does(home: Home, bench: Workbench) -> None:
    world(home, bench)
    publish_month(home, bench, MONTH)
    wrong = text("update page_customer_month set content = '{}', digest = 'wrong' where customer_id in ('K1', 'K2')")
    with operations.transaction(home.database_url) as connection:
        connection.execute(wrong)
    put_record(bench, "contact", [
        {"contact_id": "c9", "customer_id": "K1", "started_at": "2026-05-09 10:00:00+08", "outcome": "answered"}
    ])  # fmt: skip
    publish_night(home, bench, [dt.date(2026, 5, 9)])
    assert _published(home, "customer_id, digest = 'wrong'") == [("K1", False), ("K2", True)]
    publish_month(home, bench, MONTH)
    assert _published(home, "customer_id, digest = 'wrong'") == [("K1", False), ("K2", False)]


def test_touched_are_those_whose_row_differs_or_of_whom_an_event_came_or_went() -> None:
    """A's row differs, B's is new, C's is gone; D called, E's event is as it was, F goes by G; H has no damage."""
    row = "customer_id | row_digest | score::int | level::int | damage_points::int | repair_points::int | explicit_grade::int"
    contact = "customer_id | contact_id | started_at::timestamptz | direction_code | touchpoint_code | topic_code | outcome | "
    contact += "is_resolved::boolean"
    sides = {
        "posted": "customer_id | posted_at::timestamptz | entry_kind_code | indicator_id | rule_version::date | "
                  "subject_kind_code | subject_id | cause_id | incident_id | points::int",
        "core_contact": contact,
        "core_ticket": "customer_id | ticket_id | kind_code | tier | topic_code | opened_at | promised_at | suspended_until | "
                       "resolved_at | closed_at | is_resolved | department_code | reopen_count | is_escalated",
        "core_survey_reply": "customer_id | survey_id | replied_at | purpose_code | about_kind_code | about_id | score | "
                             "score_scale | is_solved",
        "grumble": "customer_id | source_kind_code | source_id | grumble_id | grumble_type_code | is_solved",
        "warning_night": "customer_id | day_on | first_warned_on | level | probability_7_days | probability_30_days | "
                         "department_code | owner_id | grumble_type_code | strategy_en | strategy_zh | reasons_en | reasons_zh",
    }  # fmt: skip
    same = "\nE | e1 | 2026-05-04 10:00:00+08:00 | | | | | "
    inputs = {f"{name}_{side}": header for name, header in sides.items() for side in ("came", "gone")} | {
        "story_month": f"{row}\nA | new | 1 | 0 | 0 | 0 | 0\nB | b | 1 | 0 | 0 | 0 | 0\nE | e | 1 | 0 | 0 | 0 | 0"
        "\nH | h | 0 | 0 | 0 | 0 | 0",
        "known_row": "customer_id | row_digest\nA | old\nC | c\nE | e",
        "person_of_customer": "customer_id | person_id\nF | G",
        "person_change": "customer_id\nI",
        "core_contact_came": f"{contact}\nD | d1 | 2026-05-05 10:00:00+08:00 | | | | | {same}",
        "core_contact_gone": f"{contact}{same}\nF | f1 | 2026-05-05 10:00:00+08:00 | | | | | ",
    }
    check(read_model("query/pages", "touched"), inputs, "\n".join(["customer_id", *"ABCDGI"]))


def test_everybody_is_who_is_in_the_month_or_was_published() -> None:
    inputs = {"month_row": "customer_id\nA\nB", "known_row": "customer_id\nB\nC"}
    check(read_model("query/pages", "everybody"), inputs, "customer_id\nA\nB\nC")


def test_the_rows_digest_is_another_one_when_what_the_story_tells_is() -> None:
    head = (
        "customer_id | level::int | score::int | segment_code | lifecycle_stage_code | city_code | is_explicit::boolean | "
        "has_left::boolean | is_closed::boolean | carry_over_points::int | damage_points::int | repair_points::int | "
        "peak_points::int | end_points::int | contact_count::int | incident_count::int | explicit_grade::int | "
        "is_escalated::boolean | is_in_consolidation::boolean | is_last_known::boolean\n"
    )
    rest = "false | false | false | 0 | 3 | 0 | 3 | 3 | 1 | 1 | 0 | false | false | false"
    lines = [
        f"{name} | 1 | 3 | agent | {place} | {rest}"
        for name, place in (("A", " | wuxi"), ("B", "wuxi | "), ("C", " | wuxi"))
    ]
    names, rows = run_on_tables(read_model("query/pages", "story_month"), {"month_row": head + "\n".join(lines)})
    first, second, third = (
        row[names.index("row_digest")] for row in sorted(rows, key=lambda row: row[names.index("customer_id")])
    )
    assert (first == third, first == second) == (True, False)
