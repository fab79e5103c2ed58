"""The taxonomy: the domain's nine areas and their points, refused when broken, published once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import TaxonomyError, load_taxonomies, taxonomy_on
from mend.grumbles.records.keywords import SUREST, KeywordReader
from mend.grumbles.records.taxonomy import FOLDER, publish_taxonomy, read_taxonomy
from mend.simulate.notes import NOTES

Content = dict[str, Any]
POINT = ("areas", "marketing", "points", "lock_in")


def test_it_has_nine_areas_and_some_forty_points_in_two_languages() -> None:
    types = load_taxonomies()[0].types.values()
    assert sum(each.parent is None for each in types) == 9
    assert 40 <= sum(each.parent is not None for each in types) <= 60
    assert all(each.en.isascii() and not each.zh.isascii() and each.departments for each in types)


def test_points_and_survey_items_are_unmatched_both_ways() -> None:
    taxonomy = load_taxonomies()[0]
    matched = {each.item for each in taxonomy.types.values()}
    assert None in {each.item for each in taxonomy.types.values() if each.parent}
    assert set(taxonomy.items) - matched == {"brand_image", "loyalty_programme", "handset_offers"}


def test_the_published_weights_stand_on_the_item_of_four_points() -> None:
    types = load_taxonomies()[0].types.values()
    assert sorted(each.weight for each in types if each.item == "agent_service") == [0.14, 0.21, 0.24, 0.41]


def test_the_simulator_knows_the_same_points() -> None:
    assert set(NOTES["points"]) == {each.code for each in load_taxonomies()[0].types.values() if each.parent}


def point(content: Content) -> Content:
    return content["areas"]["marketing"]["points"]["lock_in"]  # type: ignore[no-any-return]


BROKEN: list[tuple[str, Callable[[Content], object], str]] = [
    ("no area", lambda c: c.update(areas={}), r"areas: Dictionary should have at least 1 item"),
    (
        "an area with a dot",
        lambda c: c["areas"].update({"bad.area": c["areas"].pop("marketing")}),
        r"areas: 'bad.area' is no code",
    ),
    (
        "a point with a comma",
        lambda c: c["areas"]["marketing"]["points"].update({"a,b": point(c)}),
        r"marketing: points: 'a,b' is no code",
    ),
    (
        "departments of its own alone",
        lambda c: c.update(departments={"x": {"en": "x", "zh": "x"}}),
        r"unknown departments network; .* are x",
    ),
    (
        "an unknown department",
        lambda c: point(c).update(departments=["kitchen"]),
        r"marketing.lock_in: unknown departments kitchen",
    ),
    (
        "an unknown survey item",
        lambda c: point(c).update(item="weather", weight=1),
        r"marketing.lock_in: unknown survey item weather",
    ),
    (
        "a weight without an item",
        lambda c: point(c).update(weight=0.5),
        r"marketing.lock_in: a weight of 0.5 without a survey item",
    ),
    (
        "weights that add up to more",
        lambda c: point(c).update(item="payment", weight=0.1),
        r"survey item payment: .* add up to 1.1, not 1",
    ),
    (
        "a topic twice",
        lambda c: point(c).update(topics=["bill_dispute"]),
        r"topics: named by more than one entry: bill_dispute",
    ),
    ("no name in Chinese", lambda c: point(c).pop("zh"), r"areas: marketing: points: lock_in: zh: Field required"),
    ("a misspelt key", lambda c: point(c).update(keyword=["x"]), r"lock_in: keyword: Extra inputs"),
    (
        "a confidence above 1",
        lambda c: c["settings"].update(least_confidence=1.5),
        r"settings: least_confidence: Input should be less",
    ),
    (
        "an unknown action",
        lambda c: c["settings"].update(solving_actions=["flowers"]),
        r"settings: solving_actions: .* flowers",
    ),
    (
        "another day than its name",
        lambda c: c.update(valid_from=dt.date(2001, 1, 1)),
        r"valid_from is 2001-01-01, the file's name says 1990-01-01",
    ),
]


@pytest.mark.parametrize(("change", "reason"), [words[1:] for words in BROKEN], ids=[words[0] for words in BROKEN])
def test_a_broken_file_is_refused_with_file_place_and_reason(
    change: Callable[[Content], object], reason: str, tmp_path: Path
) -> None:
    content = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    change(content)
    path = tmp_path / "1990-01-01.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(TaxonomyError, match=r"/1990-01-01.yaml: .*" + reason):
        read_taxonomy(path)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1990-01-01.yaml").write_text("areas: [", "utf-8")
    with pytest.raises(TaxonomyError, match=r"1990-01-01.yaml: not YAML"):
        load_taxonomies(tmp_path)


def test_a_later_version_is_in_force_from_its_first_day(tmp_path: Path) -> None:
    later = (FOLDER / "1990-01-01.yaml").read_text("utf-8").replace("valid_from: 1990-01-01", "valid_from: 2026-06-01")
    (tmp_path / "2026-06-01.yaml").write_text(later.replace("zh: 掉话", "zh: 通话掉线"), "utf-8")
    versions = load_taxonomies(tmp_path)
    names = [
        taxonomy_on(dt.date(2026, month, 1), versions).words("call_quality.dropped_calls", "zh") for month in (5, 6)
    ]
    assert names == ["通话质量：掉话", "通话质量：通话掉线"]
    with pytest.raises(TaxonomyError, match="no taxonomy is in force on 1989-12-31"):
        taxonomy_on(dt.date(1989, 12, 31), versions)


def test_it_is_published_as_tables_and_a_rerun_writes_nothing(bench: Workbench) -> None:
    versions = load_taxonomies()
    publish_taxonomy(bench, versions)
    bench.view("mart_grumble_type")
    assert bench.sql(
        "select * from mart_grumble_type where grumble_type_code = 'service_attitude.blunt' order by 1 limit 1"
    ) == [
        (
            dt.date(1990, 1, 1),
            "service_attitude.blunt",
            "service_attitude",
            "blunt or rude agent",
            "态度生硬",
            "service",
            "agent_service",
            0.41,
            "",
        )
    ]
    assert bench.sql("select taxonomy_version, count(*) from mart_grumble_type group by all order by all") == [
        (dt.date(1990, 1, 1), 58), (dt.date(2026, 12, 1), 62),
    ]  # fmt: skip
    bench.view("mart_survey_item")
    assert bench.sql(
        "select distinct name_en, question_zh from mart_survey_item where survey_item_code = 'brand_image'"
    ) == [("Image of the company", "您对企业整体形象的评价如何？")]
    before = [
        bench.lake.table(name, fresh=True).current_snapshot() for name in ("mart_grumble_type", "mart_survey_item")
    ]
    publish_taxonomy(bench, versions)
    assert before == [
        bench.lake.table(name, fresh=True).current_snapshot() for name in ("mart_grumble_type", "mart_survey_item")
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Comcast data caps", "tariff_billing.data_charges"),
        ("Internet speed slow", "network_coverage.data_slow"),
        ("客户反映ＡＰＰ登录不上", "service_response.self_service"),
        ("家里信号弱", "network_coverage.indoor_weak"),
        ("Billing", "tariff_billing"),
        ("mischarged", None),
        ("通话有杂音，听不到对方", "call_quality.one_way"),
        ("杂音 单通", "call_quality"),
        ("hello", None),
    ],
)
def test_keywords_name_the_point_that_says_most_the_area_when_they_tie(text: str, code: str | None) -> None:
    reader = KeywordReader(load_taxonomies()[0])
    assert [reading.code for reading in reader.read([text], 0.5)] == [code]
    assert [reading.code for reading in reader.read([text], SUREST + 0.01)] == [None], (
        "keywords are never surer than that"
    )


def test_the_points_that_were_missing_are_there_from_their_day_on_and_nothing_else_changed() -> None:
    days = (dt.date(2026, 11, 30), dt.date(2026, 12, 1))
    before, after = (taxonomy_on(day, load_taxonomies()) for day in days)
    new = {
        "marketing.participation_threshold": ("活动参与门槛", ("market",), "marketing_conduct"),
        "network_coverage.late_sms": ("短信延迟", ("network", "business_support"), "network_quality"),
        "network_coverage.wlan": ("WLAN问题", ("network",), "network_quality"),
        "tariff_billing.bill_not_received": ("账单未收到", ("business_support", "market"), "billing_accuracy"),
    }
    assert {code: (after.types[code].zh, after.types[code].departments, after.types[code].item) for code in new} == new
    assert set(after.types) - set(before.types) == set(new)
    for code, each in before.types.items():
        assert replace(after.types[code], weight=each.weight) == each
    assert (after.items, after.settings) == (before.items, before.settings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("客户投诉活动参与门槛太高，老用户不能参加", "marketing.participation_threshold"),
        ("the offer is for new customers only, the customer is not eligible", "marketing.participation_threshold"),
        ("客户称一直没收到账单", "tariff_billing.bill_not_received"),
        ("says that the bill never arrived", "tariff_billing.bill_not_received"),
        ("短信延迟，隔天才收到", "network_coverage.late_sms"),
        ("texts arrive late, hours later", "network_coverage.late_sms"),
        ("在学校WLAN连不上，认证页面打不开", "network_coverage.wlan"),
        ("the public hotspot in the station does not work", "network_coverage.wlan"),
    ],
)
def test_the_new_points_are_read_from_texts(text: str, code: str) -> None:
    assert KeywordReader(load_taxonomies()[-1]).read([text], 0.5)[0].code == code


@pytest.mark.parametrize("named", ["1989-01-01", "2027-01-01"])
def test_a_version_that_is_based_on_none_that_is_earlier_is_refused(tmp_path: Path, named: str) -> None:
    (tmp_path / "2027-01-01.yaml").write_text(f"valid_from: 2027-01-01\nbased_on: {named}\nsource: x\n", "utf-8")
    with pytest.raises(TaxonomyError, match=rf"2027-01-01.yaml: based_on: there is no earlier version '{named}'"):
        load_taxonomies(tmp_path)
