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
from mend.grumbles.warning.correlation import correlate

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


def test_the_correlation_is_taken_over_cities_and_months(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", _taxonomy({"a": 1.0}))
    cities = [f"city{number}" for number in range(8)]
    names = [f"{city}-{number}" for city in cities for number in range(50)]
    people = {
        "customer_id": names,
        "month_on": ["2026-05-01"] * len(names),
        "city_code": [name.split("-")[0] for name in names],
    }
    put(bench, "core_customer", [dict(zip(people, row, strict=True)) for row in zip(*people.values(), strict=True)])
    grumbles = [
        grumble(f"{city}{n}", f"{city}-{n}", "2026-05-10 10:00", "a", city_code=city)
        for place, city in enumerate(cities)
        for n in range(place + 1)
    ]
    put(bench, "mart_grumble", grumbles)
    about = {
        "about_kind_code": "contact",
        "purpose_code": "hang_up",
        "sent_at": "2026-05-11 10:00:00+08:00",
        "replied_at": "2026-05-11 11:00:00+08:00",
    }
    replies = [
        {"survey_id": f"{city}{n}", "customer_id": f"{city}-{n}", "about_id": f"{city}0", "score": 9 - place,
        "score_scale": 10, **about}
        for place, city in enumerate(cities) for n in range(10)
    ]  # fmt: skip
    put_record(bench, "survey_reply", replies)
    report = grumble_index(home, bench, MONTH)
    columns = "survey_item_code, pair_count, correlation, correlation_low, correlation_high, p_value"
    every, own = rows(bench, "mart_grumble_correlation", columns, "1")
    assert every[1:] == own[1:]
    assert own[1] == 8
    rates = np.arange(1, 9) * 10_000 / 50
    assert own[2] == pytest.approx(np.corrcoef(100 * rates / (rates + HALF_RATE), 90 - 10 * np.arange(8))[0, 1])
    assert own[3] < own[2] < own[4] < 0
    assert own[5] < 0.01
    assert report.correlated == 2


def test_the_interval_covers_the_true_correlation_at_its_nominal_rate() -> None:
    luck = np.random.default_rng(8)
    truth, covered = -0.78, 0
    for _ in range(1000):
        first = luck.normal(size=12)
        second = truth * first + math.sqrt(1 - truth**2) * luck.normal(size=12)
        found = correlate(list(zip(first.tolist(), second.tolist(), strict=True)), 4)
        assert found.correlation_low is not None and found.correlation_high is not None  # noqa: PT018
        covered += found.correlation_low <= truth <= found.correlation_high
    assert covered / 1000 == pytest.approx(0.95, abs=0.02)


def test_too_few_pairs_and_pairs_that_never_vary_give_a_reason_instead() -> None:
    assert correlate([(1, 2), (2, 1), (3, 0)], 4).reason_en == "3 pairs, 4 are needed"
    assert correlate([(1, 2)] * 6, 4).reason_zh == "其中一项没有变化"
    perfect = correlate([(float(n), -float(n)) for n in range(5)], 4)
    assert (perfect.correlation, perfect.correlation_low, perfect.correlation_high) == (-1, -1, -1)
