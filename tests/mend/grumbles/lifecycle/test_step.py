"""A month's stages through the lake: a known truth, reruns, shares, orders, what was known at a close, the pages."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.grumbles.lifecycle.world import ABSENT, CUSTOMERS, GONE, LEFT, MONTHS, close, load, load_customers

from mend.chain import run_step, step
from mend.cli.stages import stages
from mend.foundation.home import Home
from mend.foundation.lake.filters import one_of
from mend.foundation.periods import whole_month
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.lifecycle import LifecycleError, find_month_stages, find_stages, lines

TABLES = ("mart_lifecycle_grumble", "mart_lifecycle_month", "mart_tendency_to_leave", "mart_grumble_form_month")


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    """Three months, looked at in their order. A test that changes them gives them back."""
    with fresh_home(template, tmp_path_factory.mktemp("stages")) as home, Workbench.open(home) as bench:
        load(bench)
        for month in MONTHS:
            find_stages(home, bench, month)
        yield home, bench


@pytest.fixture
def home(opened: tuple[Home, Workbench]) -> Home:
    return opened[0]


@pytest.fixture
def bench(opened: tuple[Home, Workbench]) -> Workbench:
    return opened[1]


def rows(bench: Workbench, query: str) -> list[tuple[Any, ...]]:
    for table in TABLES:
        bench.view(table)
    return bench.sql(query)


def everything(bench: Workbench, month: str = "2026-03") -> list[list[tuple[Any, ...]]]:
    return [rows(bench, f"select * from {table} where month = '{month}' order by all") for table in TABLES]


def test_everybody_of_the_close_before_is_followed_left_or_unknown(bench: Workbench) -> None:
    found = rows(
        bench,
        "select lifecycle_stage_code = 'all' as is_all, sum(before_count)::integer, sum(followed_count)::integer, "
        "sum(unknown_count)::integer, sum(left_count)::integer from mart_lifecycle_month "
        "where month = '2026-03' group by 1 order by 1",
    )
    counts = (CUSTOMERS, CUSTOMERS - ABSENT, ABSENT, LEFT)  # K1001 and K1 are one
    assert found == [(False, *counts), (True, *counts)]


def test_who_is_quiet_has_a_stage_too_by_the_closes_own_rule(bench: Workbench) -> None:
    found = rows(
        bench,
        "select lifecycle_stage_code, before_count from mart_lifecycle_month where month = '2026-03' and level = 0 "
        "and before_count > 0 and lifecycle_stage_code <> 'all' order by all",
    )
    # K5, K10, ... K400 are known to the close and undamaged; K401 to K1000 are quiet, and joined in 2020.
    assert found == [("decline", 20), ("exploration", 20), ("formation", 20), ("stable", 20 + 600)]


def test_those_who_leave_most_have_the_highest_tendency_beside_the_undamaged(bench: Workbench) -> None:
    found = rows(
        bench,
        "select level, followed_count, left_count, round(left_share, 3), verdict_code, difference_low > 0 "
        "from mart_lifecycle_month where month = '2026-03' and lifecycle_stage_code = 'all' order by level",
    )
    assert found == [
        (0, 668, 20, 0.03, "measured", None),
        (1, 80, 0, 0.0, "measured", False),
        (2, 72, 0, 0.0, "measured", False),
        (3, 80, 0, 0.0, "measured", False),
        (4, 80, 40, 0.5, "measured", True),
    ]


def test_each_damaged_customer_has_one_row_and_a_small_group_takes_its_levels_share(bench: Workbench) -> None:
    found = rows(
        bench,
        "select lifecycle_stage_code, basis_code, count(*), count(distinct customer_id), min(basis_count), "
        "min(tendency) from mart_tendency_to_leave where month = '2026-03' and level = 4 group by all order by all",
    )
    # 20 of each stage were followed, too few: of the 80 of all stages 40 left, those of two stages.
    assert found == [("decline", "level", 20, 20, 80, 0.5), ("formation", "level", 20, 20, 80, 0.5)]


def test_a_first_month_is_not_observed_and_nobodys_tendency_is_zero(bench: Workbench) -> None:
    of_first = "where month = '2026-01'"
    found = rows(bench, f"select distinct verdict_code, left_share, eased_count from mart_lifecycle_month {of_first}")
    assert found == [("not_observed", None, None)]
    found = rows(bench, f"select distinct basis_code, tendency from mart_tendency_to_leave {of_first}")
    assert found == [("none", None)]
    assert rows(bench, f"select distinct trend_code from mart_grumble_form_month {of_first}") == [("not_known",)]


def test_each_customer_has_their_furthest_form_once(bench: Workbench) -> None:
    found = rows(
        bench,
        "select form_code, silence_code, count(*), count(distinct customer_id) from mart_grumble_form_month "
        "where month = '2026-03' group by all order by all",
    )
    # 60 left; of K1 to K20 complained and stayed 18; of K1 to K300 grumbled and stayed 300 - 36 - 18 = 246;
    # K350 to K380 hung up, of whom 4 left; of K301 to K400 the damaged without contact (every third) stopped calling.
    assert [(form, silence, count) for form, silence, count, _ in found] == [
        ("complaining", None, 18),
        ("grumbling", None, 246),
        ("leaving", None, 60),
        ("silent", "hang_up", 27),
        ("silent", "stopped_calling", 17),
    ]
    assert all(count == people for _, _, count, people in found)


def test_the_trend_is_against_last_months_form(bench: Workbench) -> None:
    found = rows(
        bench,
        "select previous_form_code, trend_code, count(*) from mart_grumble_form_month where month = '2026-03' "
        "and form_code in ('grumbling', 'complaining') group by all order by all",
    )
    assert [(before, trend) for before, trend, _ in found] == [
        ("grumbling", "same"),
        ("grumbling", "up"),
        (None, "first"),
    ]


def test_the_stage_with_its_own_point_has_it_as_key_point(bench: Workbench) -> None:
    found = rows(
        bench,
        "select lifecycle_stage_code, grumble_type_code, customer_count, other_customer_count "
        "from mart_lifecycle_grumble where month = '2026-03' and is_key order by all",
    )
    assert found == [
        ("decline", "tariff_billing", 50, 100),
        ("exploration", "marketing", 50, 0),
        ("formation", "tariff_billing", 50, 100),
        ("stable", "tariff_billing", 50, 100),
    ]
    sums = rows(
        bench,
        "select distinct round(sum(share_of_grumbles), 9) from mart_lifecycle_grumble "
        "where month = '2026-03' group by lifecycle_stage_code",
    )
    assert sums == [(1.0,)]


def test_a_rerun_and_any_number_of_shares_give_the_same_rows(home: Home, bench: Workbench) -> None:
    expected = everything(bench)
    assert all(expected)
    for shares in (1, 2, 7):
        find_stages(home, bench, "2026-03", shares)
        assert everything(bench) == expected


def test_any_order_of_months_gives_the_rows_of_a_straight_run(home: Home, bench: Workbench) -> None:
    expected = [everything(bench, month) for month in MONTHS]
    for table in TABLES:
        bench.lake.replace(table, one_of("month", MONTHS[1:]), [])
    assert find_month_stages(home, bench, "2026-03")["remade"] == []
    trends = rows(bench, "select distinct trend_code from mart_grumble_form_month where month = '2026-03'")
    assert trends == [("not_known",)]
    assert find_month_stages(home, bench, "2026-02")["remade"] == ["2026-03"]
    assert [everything(bench, month) for month in MONTHS] == expected


def test_what_was_known_at_a_close_stays_when_later_months_say_more(home: Home, bench: Workbench) -> None:
    known = everything(bench, "2026-02")
    try:
        load_customers(bench, gone="m = 3")
        find_stages(home, bench, "2026-02")
        assert everything(bench, "2026-02") == known
    finally:
        load_customers(bench)


def test_late_snapshots_change_the_month_that_they_speak_of(home: Home, bench: Workbench) -> None:
    before = everything(bench)
    try:
        load_customers(bench, gone=f"{GONE} or m = 3 and n = 2")
        find_stages(home, bench, "2026-03")
        left = rows(
            bench,
            "select sum(left_count)::integer from mart_lifecycle_month where month = '2026-03' "
            "and lifecycle_stage_code = 'all'",
        )
        assert left == [(LEFT + 1,)]
    finally:
        load_customers(bench)
        find_stages(home, bench, "2026-03")
    assert everything(bench) == before


def test_after_a_month_that_is_not_closed_nothing_is_observed(home: Home, bench: Workbench) -> None:
    try:
        close(bench, ("2026-01", "2026-03"), measured=("CON-02",))
        page = find_stages(home, bench, "2026-03")
        said = lines(page, "en")
        assert "Not measured: IVR-09; stopped calling after damage" in said
        assert [line for line in said if line.startswith("Not observed yet: the month before is not closed.")]
        found = rows(
            bench, "select distinct verdict_code, before_count from mart_lifecycle_month where month = '2026-03'"
        )
        assert found == [("not_observed", 0)]
    finally:
        close(bench, MONTHS)
        find_stages(home, bench, "2026-03")


def test_an_open_month_is_refused_with_what_to_do(home: Home, bench: Workbench) -> None:
    with pytest.raises(LifecycleError, match=r"2026-04 is not closed; close it first \(mend month 2026-04\)"):
        find_stages(home, bench, "2026-04")


def test_the_step_of_the_chain_records_its_counts(home: Home) -> None:
    counts = run_step(step("lifecycle"), home, whole_month("2026-03"), {})
    assert (counts["followed"], counts["left"], counts["leaving"]) == (980, 60, 60)
    assert counts["key_points"] >= 1  # type: ignore[operator]


def test_the_pages_and_the_command_speak_both_languages_and_name_no_customer(
    home: Home, bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home.root / "reports/stages/2026-03"
    for language, key, leaves, silent in (
        ("en", "exploration: marketing: 50 of", "all stages, damaged: 40 of", "stopped calling after damage 17"),
        ("zh", "考察期：营销", "全部阶段，受损：", "受损后停止来电 17"),
    ):
        stages(Namespace(month="2026-03", lang=language), home)
        said = capsys.readouterr().out
        page = (folder / f"index.{language}.html").read_text("utf-8")
        for words in (key, leaves, silent):
            assert words in said
            assert words in page
        assert "<svg" in page
        assert "K1" not in said + page
    assert (folder / "leaving.svg").read_text("utf-8").startswith("<svg")
