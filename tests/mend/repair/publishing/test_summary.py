"""What the approver is shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.mend.care.survey.desk import run
from tests.mend.repair.publishing.written import AT, candidate, row, write

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import GroupShare, both_languages, markdown, register, summarise
from mend.repair.publishing.words import group_words, plain

ROWS = [
    row("phone_callback", "A", cost=8),
    row("phone_callback", "B", 2, city="suzhou", cost=8),
    row("complaint_handling", "A", cost=5, is_overload=True),
]
CANDIDATES = [
    candidate("A", "listed"),
    candidate("B", "listed", city_code="suzhou"),
    candidate("C", "held_out"),
    candidate("D", "deferred"),
    candidate("E", "gated"),
]


@pytest.fixture
def told(home: Home, bench: Workbench) -> Home:
    write(bench, ROWS, CANDIDATES)
    return home


def test_counts_cost_and_checks_are_shown_in_both_languages(told: Home, bench: Workbench) -> None:
    summary = summarise(told, bench, "2026-03")
    english, chinese = markdown(summary, "en"), markdown(summary, "zh")
    assert "5 candidates: 2 listed, 1 held out, 1 deferred, 1 gated" in english
    assert "候选 5：入选 2，对照 1，顺延 1，未通过准入 1" in chinese
    assert "Cost 21 yuan" in english
    assert "1 rows are owed and over the capacity" in english
    assert "| phone callback | phone call | 2 | 0 | 0 | 16 | 2 |" in english
    assert "| 电话回访 | 电话 | 2 | 0 | 0 | 16 | 2 |" in chinese
    assert "they gave no consent to contacts of this kind | 1 |" in english
    assert "There is no list of the month before" in english
    assert english.count("✓") == len(summary.checks) == 9
    assert both_languages(summary) == f"{english}\n---\n\n{chinese}"


def test_the_list_is_compared_with_the_published_one_of_the_month_before(told: Home, bench: Workbench) -> None:
    write(bench, [row("phone_callback", "A", cost=10)], month="2026-02", version=1)
    write(bench, [row("manager_visit", "Z", cost=99)], month="2026-02", version=2)
    assert summarise(told, bench, "2026-03").earlier_id == "2026-02-v2"
    register(told, summarise(told, bench, "2026-02", 1), AT)
    run(told, "update campaign_list set state_code = 'published', published_at = now()")
    summary = summarise(told, bench, "2026-03")
    assert summary.earlier_id == "2026-02-v1"
    (callback,) = [each for each in summary.changes if each.strategy_code == "phone_callback"]
    assert (callback.rows, callback.earlier_rows, callback.both, callback.cost, callback.earlier_cost) == (
        2,
        1,
        1,
        16,
        10,
    )
    assert "| phone callback | 2 | 1 | 1 | 16 | 10 |" in markdown(summary, "en")


def test_the_same_list_gives_the_same_words_and_the_record_keeps_the_numbers(told: Home, bench: Workbench) -> None:
    one, other = summarise(told, bench, "2026-03"), summarise(told, bench, "2026-03")
    assert both_languages(one) == both_languages(other)
    listed = register(told, one, AT)
    assert (listed.summary, listed.row_count, listed.state_code) == (json.loads(one.as_json()), 3, "draft")
    assert listed.summary["outcomes"] == {"listed": 2, "held_out": 1, "deferred": 1, "gated": 1}


def test_a_trial_is_shown_beside_and_a_decided_lists_summary_stays(told: Home, bench: Workbench) -> None:
    trial = summarise(told, bench, "2026-03", what_if={"comes": 3, "cost": -40})
    assert "customers who come | 3 |" in markdown(trial, "en")
    register(told, trial, AT)
    run(told, "update campaign_list set state_code = 'approved'")
    assert register(told, summarise(told, bench, "2026-03"), AT).summary["what_if"] == {"comes": 3, "cost": -40}


def test_a_check_that_fails_is_said(told: Home, bench: Workbench) -> None:
    write(bench, ROWS, [*CANDIDATES, candidate("F", "listed")], cost=20)
    summary = summarise(told, bench, "2026-03")
    assert summary.failed == ["cost", "outcome"]
    assert "**A check failed: this list cannot be approved**" in markdown(summary, "en")


def test_words_of_a_list_draw_no_table_and_no_link(told: Home, bench: Workbench) -> None:
    city = "a|b\n# [x](http://y) <img src=x>"
    write(bench, [row("phone_callback", "A", city=city)], [candidate("A", "listed", city_code=city)])
    english = markdown(summarise(told, bench, "2026-03"), "en")
    assert plain(city) in english
    assert "<img" not in english
    assert "\n# [x]" not in english


def test_a_group_is_named_in_words_not_by_its_code() -> None:
    share = GroupShare("age_band", "25_34", 100, 50, 0.5, 0.4, 0.6, 0.0, -0.1, 0.1, "within")
    assert group_words(share, "en") == "age band 25 to 34"
    assert group_words(share, "zh") == "年龄段 25至34岁"
    assert group_words(replace(share, what_code="city", group_code="unknown"), "zh") == "地市 未知"
