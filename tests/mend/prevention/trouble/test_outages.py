"""Outages in counts with a known truth."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from mend.prevention.trouble.outages import Hours, Outage, explained, find_outages
from mend.prevention.trouble.rules import rules_on

RULES = rules_on(dt.date(2026, 3, 1)).outages
SHAPE = np.array([6, 4, 3, 2, 2, 4, 9, 22, 52, 78, 84, 74, 58, 56, 68, 72, 70, 62, 54, 56, 54, 42, 24, 12.0])
MONTH = 24 * 30


def clean(seed: int, mean: float, spread: float = 1.0, sources: int = 12, months: int = 3) -> Hours:
    """Failed customers of months without an outage: Poisson, or with more spread a negative binomial."""
    draw = np.random.default_rng(seed)
    hour = np.arange(MONTH * months)
    usual = draw.gamma(2, mean / 2, sources)[:, None] * (SHAPE / SHAPE.mean())[hour % 24]
    callers = draw.poisson(usual) if spread == 1 else draw.negative_binomial(usual / (spread - 1), 1 / spread)
    names = [f"city{number:02d}" for number in range(sources)]
    return Hours("city", names, callers.astype(float), MONTH * (months - 1), hour % 24, hour // 24 % 7)


def with_outage(hours: Hours, source: int, began: int, ended: int, more: float) -> Hours:
    callers = hours.callers.copy()
    callers[source, began:ended] += more
    return Hours(hours.dimension, hours.sources, callers, hours.first, hours.hours_of_day, hours.weekdays)


def found(hours: Hours) -> list[Outage]:
    return find_outages([hours], RULES)


CLEAN = [(0.02, 1), (0.02, 1.5), (0.2, 3), (20, 1), (20, 3)]


@pytest.mark.parametrize(
    ("mean", "spread"), [(0.2, 1), (2, 1.5), *(pytest.param(*each, marks=pytest.mark.long) for each in CLEAN)]
)
def test_clean_months_have_as_few_false_alarms_as_is_stated(mean: float, spread: float) -> None:
    """0.05 a month are stated: of 20 months 1; 4 or more would be a chance of 1 in 50."""
    assert sum(len(found(clean(seed, mean, spread))) for seed in range(20)) <= 3


@pytest.mark.parametrize(("mean", "more"), [(0.05, 5), (0.5, 8), (5, 20), (20, 50)])
def test_an_outage_is_found_with_its_hours(mean: float, more: float) -> None:
    for seed in range(5):
        hours = clean(seed, mean)
        began = hours.first + 24 * 12 + 14
        outages = found(with_outage(hours, 3, began, began + 3, more))
        assert [each.source for each in outages] == ["city03"]
        # An hour beside it may be above the usual by luck.
        assert (abs(outages[0].began - began) <= 1, abs(outages[0].ended - began - 3) <= 1) == (True, True)
        assert outages[0].beyond > 2 * more
        assert outages[0].adjusted_p_value <= RULES.false_alarms


def test_what_is_usual_for_the_hour_is_no_outage() -> None:
    """Every Monday at nine four times as many: in all months, so in this one."""
    hours = clean(1, 2, months=4)
    peak = (hours.weekdays == 0) & (hours.hours_of_day == 9)
    callers = hours.callers + np.where(peak, 4, 0)
    assert found(Hours("city", hours.sources, callers, hours.first, hours.hours_of_day, hours.weekdays)) == []


def test_a_source_that_is_worse_all_month_is_no_outage() -> None:
    hours = clean(2, 2)
    callers = hours.callers.copy()
    callers[4, hours.first :] *= 3
    assert found(Hours("city", hours.sources, callers, hours.first, hours.hours_of_day, hours.weekdays)) == []


def test_an_outage_before_the_month_is_not_of_it_and_hides_none() -> None:
    hours = with_outage(clean(3, 0.5), 3, 100, 110, 30)
    assert found(hours) == []
    began = hours.first + 100
    assert [each.began for each in found(with_outage(hours, 3, began, began + 2, 12))] == [began]


def test_two_outages_with_an_hour_between_are_one_and_with_more_two() -> None:
    hours = clean(4, 0.5)
    began = hours.first + 200
    near = with_outage(with_outage(hours, 0, began, began + 2, 15), 0, began + 3, began + 5, 15)
    assert [(each.began, each.ended) for each in found(near)] == [(began, began + 5)]
    far = with_outage(with_outage(hours, 0, began, began + 2, 15), 0, began + 12, began + 14, 15)
    assert [(each.began, each.ended) for each in found(far)] == [(began, began + 2), (began + 12, began + 14)]


def test_few_customers_are_no_outage_and_nobody_none() -> None:
    hours = clean(5, 0.0001)
    began = hours.first + 50
    assert found(with_outage(hours, 0, began, began + 1, RULES.least_callers - 1)) == []
    assert find_outages([], RULES) == []
    nobody = Hours("city", ["a"], np.zeros((1, MONTH)), 0, np.arange(MONTH) % 24, np.arange(MONTH) // 24 % 7)
    assert found(nobody) == []


def test_an_outage_of_the_first_and_of_the_last_hour_is_found_without_history() -> None:
    hours = clean(6, 0.5, months=1)
    hours = with_outage(with_outage(hours, 0, 0, 1, 20), 1, MONTH - 1, MONTH, 20)
    assert [(each.source, each.began, each.ended) for each in found(hours)] == [
        ("city00", 0, 1),
        ("city01", MONTH - 1, MONTH),
    ]


def test_an_outage_of_a_city_explains_that_of_its_centre_and_not_the_other_way_round() -> None:
    city = Outage("city", "suzhou", 10, 13, 30, 2.0, 1e-9, 1e-6)
    center = Outage("center", "south", 9, 13, 40, 12.0, 1e-8, 1e-5)
    other = Outage("center", "north", 40, 42, 30, 12.0, 1e-8, 1e-5)
    assert explained([center, city, other], 0.5) == {0: ("city", "suzhou")}
    assert explained([center, Outage("city", "suzhou", 10, 13, 8, 2.0, 1e-9, 1e-6)], 0.5) == {}
