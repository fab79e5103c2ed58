"""The grumble index of each service item beside the survey's satisfaction."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import _put_table, grumble, put, rows

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import grumble_index
from mend.grumbles.warning.correlation import Correlation, Pair, corrected, correlate

MONTH = "2026-05"
# The weights are published with the index they give, 71; the point scores behind it are not. These are chosen: of the
# whole tens
# that give 71 exactly (0.21 x 70 + 0.24 x 80 + 0.41 x 70 + 0.14 x 60 = 71), the ones closest to it.
PUBLISHED_WEIGHTS = {"a": 0.21, "b": 0.24, "c": 0.41, "d": 0.14}
CHOSEN_POINTS = {"a": 70, "b": 80, "c": 70, "d": 60}
HALF_RATE = 40
CUSTOMERS = 30_000


def _taxonomy(weights: dict[str, float], item: str | None = "network_quality") -> list[dict[str, object]]:
    words = {"name_en": "point", "name_zh": "点", "department_codes": "network"}
    area = {"grumble_type_code": "area", **words}
    own = {"parent_code": "area", "survey_item_code": item, **words}
    return [area, *({"grumble_type_code": name, "weight": weight, **own} for name, weight in weights.items())]


def _customers(bench: Workbench, count: int = CUSTOMERS, city: str = "suzhou") -> None:
    names = pa.array([f"C{number:06}" for number in range(count)])
    month = pa.array(np.full(count, np.datetime64("2026-05-01")), pa.date32())
    _put_table(
        bench,
        "core_customer",
        pa.table({"customer_id": names, "month_on": month, "city_code": pa.array([city] * count)}),
    )


def _grumbles(bench: Workbench, counts: dict[str, int]) -> None:
    made = [(kind, number) for kind, count in counts.items() for number in range(count)]
    put(
        bench,
        "mart_grumble",
        [grumble(f"{kind}{number}", f"C{number:06}", "2026-05-10 10:00", kind) for kind, number in made],
    )


def _index(bench: Workbench, columns: str, where: str = "city_code = 'all'") -> list[tuple[object, ...]]:
    return rows(bench, "mart_grumble_index", columns, "survey_item_code, city_code", where)


def test_the_published_weights_and_the_chosen_point_scores_give_71(home: Home, bench: Workbench) -> None:
    """Points of 70 are 93.3 grumbles a month and 10 000 customers (100 x rate / (rate + 40)): 280 of 30 000, and so
    on.
    """
    put(bench, "mart_grumble_type", _taxonomy(PUBLISHED_WEIGHTS))
    _customers(bench)
    rates = {name: HALF_RATE * points / (100 - points) for name, points in CHOSEN_POINTS.items()}
    _grumbles(bench, {name: round(rate * CUSTOMERS / 10_000) for name, rate in rates.items()})
    report = grumble_index(home, bench, MONTH)
    assert _index(bench, "survey_item_code, match_code, grumble_count, customer_count, round(grumble_index, 9)") == [
        ("network_quality", "matched", 1220, CUSTOMERS, 71.0)
    ]
    assert (report.matched, report.survey_only, report.grumble_only) == (1, 0, 0)


def test_a_grumble_of_which_the_area_alone_is_known_counts_for_the_areas_points_by_weight(
    home: Home, bench: Workbench
) -> None:
    put(bench, "mart_grumble_type", _taxonomy({"a": 0.25, "b": 0.75}))
    _customers(bench, 1000)
    found = []
    for counts in ({"area": 8}, {"a": 2, "b": 6}):
        _grumbles(bench, counts)
        grumble_index(home, bench, MONTH)
        found.append(_index(bench, "grumble_count, grumble_index"))
    assert found[0] == found[1]
    assert found[0][0][0] == 8


def test_satisfaction_is_the_mean_score_of_replies_on_the_items_contacts(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", _taxonomy({"a": 1.0}))
    put(bench, "mart_grumble", [grumble("g", "A", "2026-05-10 10:00", "a")])
    _customers(bench, 20)
    start = {"started_at": "2026-05-09 10:00:00+08:00", "outcome": "answered"}
    put_record(bench, "contact", [{"contact_id": "t", "customer_id": "C000001", "topic_code": "mobile_data", **start}])
    about = {
        "about_kind_code": "contact",
        "purpose_code": "hang_up",
        "sent_at": "2026-05-11 10:00:00+08:00",
        "replied_at": "2026-05-11 11:00:00+08:00",
    }
    by_grumble = [
        {"survey_id": f"g{n}", "customer_id": "C000001", "about_id": "g", "score": 9, "score_scale": 10, **about}
        for n in range(6)
    ]
    by_topic = [
        {"survey_id": f"t{n}", "customer_id": "C000002", "about_id": "t", "score": 3, "score_scale": 5, **about}
        for n in range(6)
    ]
    unknown = [
        {"survey_id": "x", "customer_id": "C000003", "about_id": "nothing", "score": 1, "score_scale": 10, **about}
    ]
    put_record(bench, "survey_reply", [*by_grumble, *by_topic, *unknown])
    report = grumble_index(home, bench, MONTH)
    assert _index(bench, "survey_item_code, reply_count, satisfaction") == [("network_quality", 12, 75.0)]
    assert report.replies == 12


def test_a_reply_without_a_customer_counts_in_satisfaction_and_is_stated(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", _taxonomy({"a": 1.0}))
    put(bench, "mart_grumble", [grumble("g", "A", "2026-05-10 10:00", "a")])
    _customers(bench, 20)
    times = {"sent_at": "2026-05-11 10:00:00+08:00", "replied_at": "2026-05-11 11:00:00+08:00"}
    about = {"about_kind_code": "contact", "about_id": "g", "purpose_code": "hang_up", "score_scale": 10, **times}
    known = [{"survey_id": f"k{n}", "customer_id": "C000001", "score": 9, **about} for n in range(10)]
    nobody = [{"survey_id": f"n{n}", "customer_id": None, "score": 3, **about} for n in range(10)]
    put_record(bench, "survey_reply", [*known, *nobody])
    report = grumble_index(home, bench, MONTH)
    assert (report.replies, report.unattributed) == (20, 10)
    assert _index(bench, "city_code, reply_count, satisfaction", "reply_count > 0") == [
        ("all", 20, 60.0),
        ("suzhou", 10, 90.0),
        ("unknown", 10, 30.0),
    ]


def test_items_without_a_grumble_point_and_points_without_an_item_are_named(home: Home, bench: Workbench) -> None:
    words = {"name_en": "point", "name_zh": "点", "department_codes": "network", "parent_code": "area"}
    put(bench, "mart_grumble_type", [*_taxonomy({"a": 1.0}), {"grumble_type_code": "mast", "weight": 0, **words}])
    put(bench, "mart_survey_item", [{"survey_item_code": name} for name in ("network_quality", "loyalty")])
    _customers(bench, 1000)
    _grumbles(bench, {"a": 3, "mast": 2, "unheard_of": 1})
    report = grumble_index(home, bench, MONTH)
    found = _index(bench, "survey_item_code, match_code, grumble_count")
    assert found == [
        ("loyalty", "survey_only", 0),
        ("mast", "grumble_only", 2),
        ("network_quality", "matched", 3),
        ("unheard_of", "grumble_only", 1),
    ]
    assert (report.matched, report.survey_only, report.grumble_only) == (1, 1, 2)


def test_without_survey_customers_or_taxonomy_the_index_stands_alone(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble", [grumble(f"{n}", f"C{n}", "2026-05-10 10:00", "billing") for n in range(4)])
    grumble_index(home, bench, MONTH)
    (found,) = _index(bench, "survey_item_code, match_code, customer_count, satisfaction")
    assert found == ("billing", "grumble_only", 4, None)
    assert rows(bench, "mart_grumble_correlation", "survey_item_code, pair_count, correlation, reason_en", "1") == [
        ("all", 0, None, "0 pairs, 4 are needed")
    ]


def test_a_month_in_which_no_customer_is_known_has_no_index_and_still_counts_its_grumbles(
    home: Home, bench: Workbench
) -> None:
    """All tickets of a real set name no customer; and in another month all who grumbled have left."""
    put(bench, "mart_grumble_type", _taxonomy({"a": 1.0}))
    grumble_index(home, bench, MONTH)
    assert _index(bench, "survey_item_code, match_code, grumble_count, customer_count, grumble_index") == [
        ("network_quality", "matched", 0, 0, None)
    ]
    put(bench, "mart_grumble", [grumble("g", "A", "2026-05-10 10:00", "a")])
    left = {"customer_id": "A", "month_on": "2026-05-01", "city_code": "suzhou", "status_code": "left"}
    put_record(bench, "customer", [left])
    grumble_index(home, bench, MONTH)
    assert _index(bench, "survey_item_code, grumble_count, customer_count, grumble_index") == [
        ("network_quality", 1, 0, None)
    ]


CITIES = [f"city{number}" for number in range(8)]


def _halves(bench: Workbench, names: list[str]) -> tuple[list[str], list[str]]:
    """The customers of the index's half, and of the satisfaction's."""
    bench.engine.connection.register("_names", pa.table({"name": names}))
    drawn = bench.sql("select name, md5_number_lower(name) % 2 from _names order by name")
    return [name for name, half in drawn if half == 0], [name for name, half in drawn if half == 1]


def _cities(bench: Workbench, cities: list[str] = CITIES) -> dict[str, tuple[list[str], list[str]]]:
    """Cities of 100 customers, 40 of either half at least; gives the two halves of each."""
    names = {city: [f"{city}-{number}" for number in range(100)] for city in cities}
    people = [
        {"customer_id": name, "month_on": "2026-05-01", "city_code": city} for city in cities for name in names[city]
    ]
    put(bench, "core_customer", people)
    return {city: _halves(bench, names[city]) for city in cities}


def _reply(name: str, customer: str, about: str, score: int) -> dict[str, object]:
    times = {"sent_at": "2026-05-11 10:00:00+08:00", "replied_at": "2026-05-11 11:00:00+08:00"}
    about_it = {"about_kind_code": "contact", "purpose_code": "hang_up", "about_id": about, "score_scale": 10}
    return {"survey_id": name, "customer_id": customer, "score": score, **about_it, **times}


def _world_of_cities(bench: Workbench, cities: list[str] = CITIES, repliers: int = 1) -> list[int]:
    """The first city's customers grumble least and are most satisfied, and so on; gives the customers of the index's
    half in each city. `repliers`: 1, the half that the index leaves out replies; 0, those who grumbled."""
    put(bench, "mart_grumble_type", _taxonomy({"a": 1.0}))
    halves = _cities(bench, cities)
    put(bench, "mart_grumble", [
        grumble(f"{city}{n}", halves[city][0][n], "2026-05-10 10:00", "a", city_code=city)
        for place, city in enumerate(cities) for n in range(place + 1)
    ])  # fmt: skip
    put_record(bench, "survey_reply", [
        _reply(f"{city}-{n}", halves[city][repliers][n], f"{city}0", 9 - place)
        for place, city in enumerate(cities) for n in range(10)
    ])  # fmt: skip
    return [len(halves[city][0]) for city in cities]


def test_the_correlation_is_of_cities_with_different_customers_on_its_two_sides(home: Home, bench: Workbench) -> None:
    customers = np.array(_world_of_cities(bench))
    report = grumble_index(home, bench, MONTH)
    columns = "survey_item_code, pair_count, cluster_count, correlation, correlation_low, correlation_high, p_value"
    every, own = rows(bench, "mart_grumble_correlation", f"{columns}, corrected_p_value", "1")
    assert every[1:-1] == own[1:-1]
    assert own[1:3] == (8, 8)
    rates = np.arange(1, 9) * 10_000 / customers
    assert own[3] == pytest.approx(np.corrcoef(100 * rates / (rates + HALF_RATE), 90 - 10 * np.arange(8))[0, 1])
    assert own[4] < own[3] < own[5] < 0
    assert own[7] == own[6] < 0.05
    assert report.correlated == 2


def test_replies_of_those_who_grumbled_are_on_neither_side_of_the_correlation(home: Home, bench: Workbench) -> None:
    _world_of_cities(bench, repliers=0)
    grumble_index(home, bench, MONTH)
    assert _index(bench, "satisfaction, second_half_satisfaction", "city_code = 'city0'") == [(90.0, None)]
    assert (
        rows(bench, "mart_grumble_correlation", "pair_count, correlation, reason_en", "1")
        == [(0, None, "0 pairs, 4 are needed")] * 2
    )


def test_too_few_cities_have_a_correlation_and_a_reason_instead_of_a_p_value(home: Home, bench: Workbench) -> None:
    _world_of_cities(bench, CITIES[:5])
    grumble_index(home, bench, MONTH)
    found = rows(
        bench, "mart_grumble_correlation", "pair_count, correlation < -0.9, p_value, reason_en, reason_zh", "1"
    )
    words = ("5 cities, 8 are needed for an interval", "仅5个地市，至少需要8个才能给出区间")
    assert found == [(5, True, None, *words)] * 2


def _months_of_cities(luck: np.random.Generator, truth: float, cities: int, months: int) -> list[Pair]:
    """Pairs whose months resemble one another within a city: seven tenths of the variance are the city's own."""
    mixed = np.array([[1, 0], [truth, math.sqrt(1 - truth**2)]])
    own = math.sqrt(0.7) * np.repeat(mixed @ luck.normal(size=(2, cities)), months, axis=1)
    sides = own + math.sqrt(0.3) * mixed @ luck.normal(size=(2, cities * months))
    return [
        Pair("item", f"city{place // months}", float(index), float(satisfaction))
        for place, (index, satisfaction) in enumerate(sides.T)
    ]


@pytest.mark.parametrize(("truth", "cities", "months"), [(-0.78, 12, 1), (-0.78, 12, 6), (0.0, 10, 6)])
def test_the_interval_covers_the_true_correlation_at_its_nominal_rate_though_months_of_a_city_are_alike(
    truth: float, cities: int, months: int
) -> None:
    luck, covered, false_alarms = np.random.default_rng(8), 0, 0
    for _ in range(300):
        found = correlate(_months_of_cities(luck, truth, cities, months), 4, 8)
        assert found.correlation_low is not None and found.correlation_high is not None  # noqa: PT018
        covered += found.correlation_low <= truth <= found.correlation_high
        false_alarms += found.p_value is not None and found.p_value < 0.05
    assert covered / 300 == pytest.approx(0.95, abs=0.035)
    if not truth:
        assert false_alarms / 300 == pytest.approx(0.05, abs=0.035)


def _pairs(values: list[tuple[float, float]]) -> list[Pair]:
    return [Pair("item", f"city{number}", *each) for number, each in enumerate(values)]


def test_too_few_pairs_and_pairs_that_never_vary_give_a_reason_instead() -> None:
    assert correlate(_pairs([(1, 2), (2, 1), (3, 0)]), 4, 8).reason_en == "3 pairs, 4 are needed"
    assert correlate(_pairs([(1, 2)] * 6), 4, 8).reason_zh == "其中一项没有变化"
    perfect = correlate(_pairs([(float(n), -float(n)) for n in range(8)]), 4, 8)
    assert (perfect.correlation, perfect.correlation_low, perfect.correlation_high) == (-1, -1, -1)


def test_all_items_together_are_clustered_by_items_too() -> None:
    pairs = [
        Pair(f"item{item}", f"city{city}", float(city + item % 2), float(-city - item % 3))
        for item in range(3) for city in range(9)
    ]  # fmt: skip
    found = correlate(pairs, 4, 8)
    assert (found.cluster_count, found.p_value, found.reason_en) == (3, None, "3 items, 8 are needed for an interval")


def test_p_values_are_corrected_over_the_items() -> None:
    found = corrected({
        name: Correlation(10, 10, -0.5, p_value=p_value)
        for name, p_value in {"a": 0.01, "b": 0.04, "c": 0.03, "d": None}.items()
    })  # fmt: skip
    assert {name: each.corrected_p_value for name, each in found.items()} == {
        "a": 0.03,
        "b": 0.06,
        "c": 0.06,
        "d": None,
    }
