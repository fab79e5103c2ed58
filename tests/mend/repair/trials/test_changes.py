"""What people write into the form of a question, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from mend.repair.strategies import StrategySet, load_strategies, parse_strategies
from mend.repair.trials.changes import changed_text, changes_of, texts_of
from mend.repair.trials.errors import TrialError


@pytest.fixture(scope="module")
def rules() -> StrategySet:
    return load_strategies()[-1]


def test_the_form_shows_what_holds_today_and_what_is_sent_back_unchanged_is_no_question(rules: StrategySet) -> None:
    for each in rules.strategies:
        with pytest.raises(TrialError, match="no value differs"):
            changes_of(rules, each.code, texts_of(rules, each.code))


def test_a_capacity_of_another_strategy_is_not_asked_for(rules: StrategySet) -> None:
    assert set(texts_of(rules, "complaint_handling")) == {"audience", "city_capacity", "city_budget"}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("audience", "level >= 3", "level >= 3"),
        ("capacity_per_month", " 500 ", 500),
        ("capacity_per_month", "Unlimited", "unlimited"),
        ("capacity_per_day", "５０", 50),
        ("city_capacity", "default: 10, hangzhou: 0", {"default": 10, "hangzhou": 0}),
        ("city_budget", "default：unlimited；0571＝3".replace("＝", "="), {"default": "unlimited", "0571": 3}),
    ],
)
def test_a_value_is_read_as_people_write_it(rules: StrategySet, key: str, text: str, value: Any) -> None:
    changes = changes_of(rules, "phone_callback", {key: text, "capacity_from": "x", "cost": "0"})
    assert changes == {key: value}
    changed = parse_strategies(changed_text(rules, "phone_callback", changes))
    assert [each.code for each in changed.strategies] == [each.code for each in rules.strategies]
    same = [each for each in rules.strategies if each.code != "phone_callback"]
    assert [each for each in changed.strategies if each.code != "phone_callback"] == same


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("audience", "salary > 1", "unknown column salary"),
        ("audience", "level >=", "not an expression"),
        ("audience", "1=1; drop table x", "audience"),
        ("capacity_per_month", "-3", "no whole number"),
        ("capacity_per_month", "many", "no whole number"),
        ("capacity_per_month", "9" * 30, "capacity_per_month"),
        ("city_budget", "hangzhou: 3", "says nothing of other cities"),
        ("city_budget", "default: 3, default: 4", "each city once"),
        ("city_budget", "default", "each city once"),
        ("city_budget", "x" * 2001, "over 2000 signs"),
    ],
)
def test_what_a_file_would_be_refused_for_is_no_question(rules: StrategySet, key: str, text: str, says: str) -> None:
    with pytest.raises(TrialError, match=says) as refused:
        changes_of(rules, "phone_callback", {key: text})
    assert refused.value.code == "not_read"
    with pytest.raises(TrialError, match="there is no strategy 'none'"):
        changes_of(rules, "none", {key: text})
