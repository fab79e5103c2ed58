"""Refusals have a name, English and Chinese words, the figure and its bound; what is in order is not refused."""

from __future__ import annotations

import re

import pytest

from mend.foundation.schema import CODES
from mend.foundation.statistics import of_means, of_shares
from mend.repair.effect import Cohort, reason_not_to_compare, refusals
from mend.repair.effect.judging import reasons_to_refuse
from mend.repair.effect.moments import Moments
from mend.repair.effect.reading import ArmCount, Key, Read
from mend.repair.effect.refusals import Refusal

MARCH = "2026-03"
PLAN = {(MARCH, "callback"): 0.05, ("2026-04", "callback"): 0.2}
ARMS = {"treated": 9_500, "control": 500}
EXAMPLES = {
    "one_arm": refusals.sizes({"treated": 900, "control": 0}),
    "too_few": refusals.sizes({"treated": 900, "control": 49}),
    "sample_ratio": refusals.ratio({"treated": 9_700, "control": 300}, [95, 5]),
    "imbalance": refusals.balance([of_shares("complained", 3_810, 10_000, 4_320, 10_000)]),
    "missing_differs": refusals.missing(Moments(700, 300, 0.1, 0.09), Moments(900, 100, 0.1, 0.09)),
    "outcome_unknown": refusals.missing(Moments(0, 1_000, 0.0, 0.0), Moments(900, 100, 0.1, 0.09)),
}


@pytest.mark.parametrize("reason", EXAMPLES)
def test_a_refusal_has_a_name_and_words_in_both_languages(reason: str) -> None:
    [found] = EXAMPLES[reason]
    assert found.reason == reason
    assert reason in CODES["effect_refusal"]
    assert found.value is not None
    assert found.bound is not None
    assert re.search(r"[a-z]{4}", found.en)
    assert re.search(r"[\u4e00-\u9fff]{4}", found.zh)
    assert not re.search(r"[\u4e00-\u9fff]", found.en)
    assert not re.search(r"treated|control", found.zh)


def test_what_is_in_order_is_not_refused() -> None:
    assert refusals.sizes(ARMS) == []
    assert refusals.ratio(ARMS, [95, 5]) == []
    assert refusals.balance([of_means("score", (10.1, 10.0), (25.0, 26.0), (9_500, 500))]) == []
    assert refusals.missing(Moments(930, 70, 0.1, 0.09), Moments(94, 6, 0.1, 0.09)) == []
    assert refusals.composition({"level": ({"1": 4_750, "2": 4_750}, {"1": 255, "2": 245})}) == []


def test_a_small_trial_of_38_against_55_percent_is_refused_although_its_p_value_would_pass() -> None:
    complained = of_shares("complained", 38, 100, 55, 100)
    [found] = refusals.balance([complained])
    assert complained.p_value > 0.001
    assert (found.reason, found.bound) == ("imbalance", 0.25)
    assert found.value == pytest.approx(-0.346, abs=0.001)
    small = reason_not_to_compare(Cohort("a", 62, 38), Cohort("b", 45, 55))
    assert small is not None
    assert small.balance.p_value > 0.001
    assert "standardised difference 0.35, allowed 0.25" in small.en
    assert "标准化差异0.35" in small.zh


def test_cohorts_too_small_to_be_called_alike_are_not_judged() -> None:
    doubtful = reason_not_to_compare(Cohort("a", 62, 38), Cohort("b", 58, 42))
    assert doubtful is not None
    assert doubtful.state == "in_doubt"
    assert "standardised difference 0.08, 95 % interval -0.20 to 0.36; alike is within 0.1 either way" in doubtful.en
    assert "无法判断" in doubtful.zh
    assert reason_not_to_compare(Cohort("a", 6_200, 3_800), Cohort("b", 6_180, 3_820)) is None


def test_a_small_split_of_66_to_34_is_refused_although_its_p_value_would_pass() -> None:
    [found] = refusals.ratio({"treated": 66, "control": 34}, [1, 1])
    assert (found.reason, found.bound) == ("sample_ratio", 0.25)


def test_a_city_that_is_in_one_arm_alone_is_refused_and_a_village_is_not() -> None:
    treated = {"hangzhou": 5_000, "ningbo": 4_500, "a village": 8}
    assert refusals.composition({"city": (treated, {"hangzhou": 262, "ningbo": 238})}) == []
    [found] = refusals.composition({"city": (treated, {"hangzhou": 400, "ningbo": 100})}, {"city": ("city", "地市")})
    assert found.subject == "city hangzhou"
    assert "city hangzhou 0.5259 / 0.8" in found.en
    assert "地市hangzhou" in found.zh


def _read(*arms: ArmCount) -> tuple[Read, Key]:
    read, key = Read(), Key("callback", "itt")
    read.arms[key] = list(arms)
    return read, key


def _names(found: list[Refusal]) -> list[str]:
    return [each.reason for each in found]


def test_who_goes_by_two_ids_is_drawn_twice_and_the_plan_knows_it() -> None:
    """Of a million persons a tenth go by two ids; 5 % of ids are drawn: 9.75 % of those persons are held out."""
    one, two = (855_000, 45_000), (90_250, 9_750)
    read, key = _read(ArmCount(MARCH, 1, *one), ArmCount(MARCH, 2, *two))
    assert reasons_to_refuse(read, key, PLAN) == []
    together, key = _read(ArmCount(MARCH, 1, one[0] + two[0], one[1] + two[1]))
    assert _names(reasons_to_refuse(together, key, PLAN)) == ["sample_ratio"]


@pytest.mark.parametrize("share", [None, 0.0])
def test_held_out_customers_of_a_strategy_without_a_planned_share_are_refused(share: float | None) -> None:
    read, key = _read(ArmCount(MARCH, 1, 9_500, 500))
    assert _names(reasons_to_refuse(read, key, {(MARCH, "callback"): share})) == ["share_unknown"]


def test_the_number_of_shadows_is_not_held_to_a_plan() -> None:
    read, _ = _read()
    key = Key("callback", "listed")
    read.arms[key] = [ArmCount(MARCH, 1, 900, 450)]
    assert reasons_to_refuse(read, key, PLAN) == []


def test_a_season_whose_plan_changed_is_held_to_each_months_own() -> None:
    read, _ = _read()
    key = Key("callback", "cumulative")
    read.arms[key] = [ArmCount(MARCH, 1, 19_000, 1_000), ArmCount("2026-04", 1, 8_000, 2_000)]
    assert reasons_to_refuse(read, key, PLAN) == []
    assert _names(reasons_to_refuse(read, key, {**PLAN, ("2026-04", "callback"): 0.05})) == ["sample_ratio"]
    [unknown] = reasons_to_refuse(read, key, {(MARCH, "callback"): 0.05})
    assert unknown.reason == "share_unknown"
    assert "the version of 2026-04" in unknown.en
