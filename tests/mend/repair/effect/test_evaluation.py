"""Months with a known truth, evaluated: the planted effect and harm are found, nothing is found where nothing is, and
what must not be compared is refused by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.mend.repair.effect.campaigns import HELPING, OTHER, OWED, Campaign, Truth, put_campaigns

from mend.cli.main import main
from mend.foundation.home import Home
from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.plan import Plan
from mend.repair.effect import EffectError, evaluate
from mend.repair.effect.evaluation import months_of_season
from mend.repair.effect.reading import month_after
from mend.repair.effect.step import evaluate_month
from mend.repair.strategies import load_strategies

MARCH = "2026-03"
TABLES = ("mart_effect", "mart_effect_refusal", "mart_effect_group")


def rows(bench: Workbench, table: str) -> list[dict[str, Any]]:
    bench.view(table)
    found = bench.engine.run(f"select * from {table} order by all")
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def effects(bench: Workbench) -> Mapping[tuple[str, str, str], dict[str, Any]]:
    return {
        (row["strategy_code"], row["estimand_code"], row["outcome_code"]): row for row in rows(bench, "mart_effect")
    }


def reasons(bench: Workbench) -> dict[tuple[str, str, str | None], str]:
    return {
        (row["strategy_code"], row["estimand_code"], row["outcome_code"]): row["reason_code"]
        for row in rows(bench, "mart_effect_refusal")
    }


def test_planted_help_and_planted_harm_are_found(home: Home, bench: Workbench) -> None:
    put_campaigns(bench, Campaign(truth=Truth(helping=-0.1, other=0.09)))
    report = evaluate(home, bench, MARCH)
    found = effects(bench)
    listed = found[HELPING, "listed", "complaint"]
    assert listed["low"] <= -0.1 <= listed["high"] < 0
    assert listed["verdict_code"] == found[HELPING, "itt", "complaint"]["verdict_code"] == "helps"
    harmed = found[OTHER, "listed", "complaint"]
    assert 0 < harmed["low"] <= 0.09 <= harmed["high"]
    assert harmed["verdict_code"] == "harms"
    assert report.helps >= 2
    assert report.harms >= 1
    # Offered is diluted: not everybody who is offered a strategy is on its list.
    assert abs(found[HELPING, "itt", "complaint"]["difference"]) < 0.1
    assert {strategy for strategy, _, _ in found} == {"all", HELPING, OTHER}  # nothing is claimed for what is owed
    assert OWED not in {strategy for strategy, _, _ in reasons(bench)}


def test_without_an_effect_intervals_cover_zero_while_the_naive_rate_looks_splendid(
    home: Home, bench: Workbench
) -> None:
    put_campaigns(bench, Campaign(truth=Truth(), seed=4))
    report = evaluate(home, bench, MARCH)
    assert (report.helps, report.harms, report.left_alone_groups) == (0, 0, 0)
    found = effects(bench)["all", "itt", "recovered"]
    assert found["low"] <= 0 <= found["high"]
    assert (found["naive_before"], found["naive_after"]) == (0.0, pytest.approx(0.7, abs=0.01))  # "70 % repaired"
    assert found["regression_to_mean"] == pytest.approx(0.7, abs=0.03)  # so were those whom nobody treated
    damage = effects(bench)["all", "itt", "damage"]
    assert damage["naive_after"] - damage["naive_before"] < -12
    assert damage["regression_to_mean"] < -12
    outside = [key for key, row in effects(bench).items() if not row["low"] <= 0 <= row["high"]]
    assert len(outside) <= 0.12 * len(effects(bench))


def test_a_group_that_the_message_harms_is_better_left_alone(home: Home, bench: Workbench) -> None:
    put_campaigns(bench, Campaign(truth=Truth(other_at_level_4=0.35)))
    evaluate(home, bench, MARCH)
    alone = [row for row in rows(bench, "mart_effect_group") if row["verdict_code"] == "left_alone"]
    assert {(row["strategy_code"], row["grouping_code"], row["group_code"]) for row in alone} >= {(OTHER, "level", "4")}
    assert not [row for row in alone if row["strategy_code"] == OTHER and row["group_code"] in {"1", "2", "3"}]


def test_customers_who_got_lost_on_one_side_refuse_the_comparison_by_name(home: Home, bench: Workbench) -> None:
    """Their files never came back: what is left is not what was drawn, and the difference is no effect."""
    put_campaigns(bench, Campaign(lost=0.25))
    evaluate(home, bench, MARCH)
    found = reasons(bench)
    assert found["all", "itt", None] == found[HELPING, "itt", None] == "sample_ratio"
    assert not [key for key in effects(bench) if key[1] == "itt"]
    [said] = [
        row
        for row in rows(bench, "mart_effect_refusal")
        if row["strategy_code"] == HELPING and row["estimand_code"] == "itt"
    ]
    assert said["value"] < said["bound"] == 0.001
    assert said["words_en"].startswith("sample ratio: treated ")
    assert said["words_zh"].startswith("样本比例不符：")


def test_a_month_whose_time_is_not_over_is_not_looked_at(home: Home, bench: Workbench) -> None:
    put_campaigns(bench, Campaign(truth=Truth(helping=-0.2), followed_until=dt.date(2026, 4, 12)))
    report = evaluate(home, bench, MARCH)
    assert (report.results, report.refused) == (0, 1)
    assert reasons(bench) == {("all", "itt", None): "follow_up_open"}


def test_a_month_without_outcomes_says_what_to_do(home: Home, bench: Workbench) -> None:
    with pytest.raises(EffectError, match="no outcomes are known of the campaign of 2026-03: run the step outcomes"):
        evaluate(home, bench, MARCH)


def test_a_rerun_gives_the_same_rows_and_the_same_bytes(home: Home, bench: Workbench) -> None:
    put_campaigns(bench, Campaign(customers=6_000, truth=Truth(helping=-0.1)))
    folder = home.root / "reports" / "effect" / MARCH
    first = evaluate_month(home, bench, MARCH)
    tables = [rows(bench, table) for table in TABLES]
    pages = {path.name: path.read_bytes() for path in folder.iterdir()}
    bench.execute("set threads = 1")
    assert evaluate_month(home, bench, MARCH) == first
    assert [rows(bench, table) for table in TABLES] == tables
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == pages
    assert set(pages) == {
        f"{name}.{language}.html"
        for name in ("index", "campaign_all", f"campaign_{HELPING}", f"campaign_{OTHER}")
        for language in ("en", "zh")
    }


@pytest.mark.parametrize("season_months", [1, 2, 3, 4, 6, 12])
def test_the_season_of_an_effect_is_that_of_the_draw(season_months: int) -> None:
    """Every campaign of it draws its arms in one season, and the one before it drew in another."""
    rules = load_strategies()[0]
    rules = replace(rules, settings=replace(rules.settings, season_months=season_months))

    def season(month: str) -> str:
        return Plan(month, rules, {}, {}).season

    month, places = "2025-11", set()
    for _ in range(14):
        months = months_of_season(month, rules.settings)
        before = month_before(days_of(months[0])[0])
        assert months[-1] == month
        assert {season(each) for each in months} == {season(month)} != {season(before)}
        places.add(len(months))
        month = month_after(month)
    assert places == set(range(1, season_months + 1))


def test_a_season_counts_each_person_once_from_their_first_campaign(home: Home, bench: Workbench) -> None:
    """The same people come into two months; the second month's arms are no draw any more, the first one's are."""
    first = Campaign(customers=4_000, seed=5)
    second = Campaign(month="2026-04", customers=6_000, seed=5, followed_until=dt.date(2026, 5, 31))
    put_campaigns(bench, first, second)
    report = evaluate(home, bench, "2026-04")
    found = effects(bench)
    assert report.look == 5  # the campaign of April's damage runs in May, the fifth month of the half-year
    assert {row["month"] for row in rows(bench, "mart_effect")} == {"2026-04"}
    cumulative = found["all", "cumulative", "damage"]
    entered = cumulative["treated_count"] + cumulative["control_count"]
    assert found["all", "itt", "damage"]["treated_count"] < entered < 6_000
    assert cumulative["look_number"] == 5
    assert cumulative["confidence"] == pytest.approx(1 - 0.0154, abs=0.0002)
    assert found["all", "itt", "damage"]["confidence"] == 0.95


def test_no_table_and_no_page_names_a_customer(home: Home, bench: Workbench) -> None:
    put_campaigns(bench, Campaign(customers=3_000, prefix="K9Z"))
    evaluate(home, bench, MARCH)
    assert all("K9Z" not in str(row) for table in TABLES for row in rows(bench, table))
    assert all(b"K9Z" not in path.read_bytes() for path in (home.root / "reports" / "effect" / MARCH).iterdir())


def test_the_command_says_what_was_proved_and_what_is_refused(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put_campaigns(bench, Campaign(customers=8_000, truth=Truth(helping=-0.15)))
    monkeypatch.setenv("MEND_HOME", str(home.root))
    monkeypatch.setenv("MEND_ZONE", home.zone)
    monkeypatch.setenv("MEND_DATABASE_URL", home.database_url)
    monkeypatch.setenv("MEND_CATALOG_URL", home.catalog_url)
    assert main(["effect", "--month", MARCH, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "有效" in said
    assert "结果未知" in said  # nobody rated anything
    assert str(home.root / "reports" / "effect" / MARCH) in said
    assert main(["effect", "--published", "--count", "22000"]) == 0
    assert (home.root / "reports" / "effect" / "published.en.html").exists()
    assert main(["effect", "--month", "2025-01"]) == 1
    assert "no outcomes are known of the campaign of 2025-01" in capsys.readouterr().err
