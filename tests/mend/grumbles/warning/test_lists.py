"""The warning list: as many as the hours hold, a customer once, new once, and published as the nights say, in whatever
order they ran.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text
from tests.mend.damage.scoring.rows import put as put_record
from tests.mend.grumbles.warning.tables import grumble, put, rows

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning import RuleError, warn
from mend.grumbles.warning import rules as rule_files

NIGHT = dt.date(2026, 5, 20)
NIGHTS = [NIGHT + dt.timedelta(days=number) for number in range(4)]
TAXONOMY = [
    {"grumble_type_code": "network_coverage", "name_en": "network "
"coverage", "name_zh": "网络覆盖", "department_codes": "network"},
    {"grumble_type_code": "indoor_weak", "parent_code": "network_coverage", "name_en": "weak signal "
"indoors", "name_zh": "室内信号弱",
     "department_codes": "network,market", "survey_item_code": "network_quality", "weight": 0.6},
    {"grumble_type_code": "tariff_billing", "name_en": "tariff", "name_zh": "资费", "department_codes": "market"},
]  # fmt: skip


def put_small_rules(home: Home, **warning: Any) -> None:
    """Rules in the home with little time: the network's one specialist has ten minutes a day, five a case, one an open
    case.
    """
    content = yaml.safe_load((rule_files.FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    small = {"specialists": ["N1", "N2"], "hours_a_day": 1 / 12, "minutes_per_case": 5, "minutes_per_open_case": 1}
    content["departments"]["network"] = small
    content["warning"] |= {"lowest_level": 1, **warning}
    folder = home.root / "rules" / "warning"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1990-01-01.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def crowd(size: int = 12, kind: str = "indoor_weak") -> list[Any]:
    """Customers who grumbled one after the other, from 18 May on; the earliest stand highest."""
    return [grumble(f"{number:02}", f"C{number:02}", f"2026-05-18 {number:02}:00", kind) for number in range(size)]


def listed(bench: Workbench, columns: str = "customer_id", night: dt.date = NIGHT) -> list[Any]:
    found = rows(bench, "mart_warning", columns, "department_code, rank", f"day_on = '{night}'")
    return [row[0] for row in found] if "," not in columns else found


def published(home: Home) -> list[Any]:
    with operations.transaction(home.database_url) as connection:
        return list(connection.execute(text("select * from customer_warning order by customer_id")))


def every_list(bench: Workbench) -> list[Any]:
    return [
        rows(bench, table, "*", "all")
        for table in ("mart_warning", "mart_warning_capacity", "mart_warning_line", "mart_routed_problem")
    ]


def test_the_line_stands_where_the_list_fits_the_specialists_hours_and_says_so(home: Home, bench: Workbench) -> None:
    put_small_rules(home)
    put(bench, "mart_grumble_type", TAXONOMY)
    put(bench, "mart_grumble", crowd())
    report = warn(home, bench, [NIGHT])
    assert listed(bench) == ["C00", "C01"]
    columns = (
        "capacity_minutes, needed_minutes, candidate_count, listed_count, new_count, line_level, words_en, words_zh"
    )
    (found,) = rows(bench, "mart_warning_capacity", columns, "1", "department_code = 'network'")
    assert found[:6] == (pytest.approx(10), 10, 12, 2, 2, 5)
    assert found[6] == (
        "network: the line is at level 5: 2 of 12 customers (2 new) fit the 0.2 hours of 2 specialists and take 0.2"
    )
    assert found[7].startswith("网络部：预警线位于5级，候选12人中2人（新增2人）")
    assert (report.listed, report.new, report.published, report.open_grumbles) == (2, 2, 2, 12)
    with operations.transaction(home.database_url) as connection:
        line = "select day_on, line_level, listed_count from warning_capacity where department_code = 'network'"
        levels = "select sum(grumble_count), sum(above_count) from warning_level_count"
        assert connection.execute(text(line)).all() == [(NIGHT, 5, 2)]
        assert connection.execute(text(levels)).all() == [(12, 2)]


def test_a_customer_stands_once_with_her_most_pressing_grumble_her_peak_and_her_end(
    home: Home, bench: Workbench
) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    mine = [
        grumble("worst", "A", "2026-05-02 10:00", "indoor_weak"),
        grumble("middle", "A", "2026-05-17 10:00", "tariff_billing"),
        grumble("latest", "A", "2026-05-20 10:00", "tariff_billing"),
    ]
    put(bench, "mart_grumble", [*mine, *crowd(10)])
    warn(home, bench, [NIGHT])
    columns = (
        "grumble_id, peak_grumble_id, peak_level, end_grumble_id, end_level, open_count, department_code, "
        "survey_item_code"
    )
    found = rows(bench, "mart_warning", columns, "1", "customer_id = 'A'")
    assert found == [("contact:worst", "contact:worst", 5, "contact:latest", 1, 3, "network", "network_quality")]


def test_reasons_strategy_and_survey_item_stand_in_words(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    put(
        bench,
        "mart_grumble",
        [
            grumble("1", "A", "2026-05-10 10:00", "indoor_weak"),
            grumble("2", "A", "2026-05-20 10:00", "network_coverage"),
        ],
    )
    people = [{"month": "2026-04", "customer_id": "A", "value_code": "high", "behaviour_code": "limited_patience"}]
    put(bench, "mart_customer_cluster", people)
    put(bench, "mart_association", [{"month": "2026-04", "grumble_type_code": "indoor_weak", "coefficient": 1.0}])
    warn(home, bench, [NIGHT])
    ((reasons_en, reasons_zh, strategy, item),) = listed(
        bench, "reasons_en, reasons_zh, strategy_code, survey_item_code"
    )
    assert reasons_en == (
        "weak signal indoors; open for 10 days, over a week; nobody has acted; often becomes a complaint; "
        "the customer bears little; 2 grumbles in 30 days; probability of a complaint unknown"
    )
    assert (
        reasons_zh
        == "室内信号弱；已10天未解决，超过一周；无人处理；较易转为投诉；客户容忍度低；近30天抱怨2次；投诉概率未知"
    )
    assert (strategy, item) == ("priority_policy", "network_quality")


def test_a_customer_warned_about_yesterday_is_not_new_today_keeps_her_owner_and_takes_less_time(
    home: Home, bench: Workbench
) -> None:
    put_small_rules(home)
    put(bench, "mart_grumble_type", TAXONOMY)
    put(bench, "mart_grumble", crowd())
    for night in NIGHTS[:2]:
        warn(home, bench, [night])
    first = listed(bench, "customer_id, owner_id, is_new, first_warned_on")
    second = listed(bench, "customer_id, owner_id, is_new, first_warned_on", NIGHTS[1])
    assert [row[0] for row in second] == ["C00", "C01", "C02"]
    assert {row[1] for row in first} == {"N1", "N2"}
    assert [(row[1], row[3]) for row in second[:2]] == [(row[1], NIGHT) for row in first]
    assert [row[2] for row in second] == [False, False, True]


def test_after_a_quiet_period_a_warning_is_a_new_one(home: Home, bench: Workbench) -> None:
    put_small_rules(home, quiet_days=2)
    put(bench, "mart_grumble_type", TAXONOMY)
    again = grumble("again", "C00", "2026-05-23 10:00", "indoor_weak")
    put(bench, "mart_grumble", [{**crowd(1)[0], "solved_at": "2026-05-21 10:00:00+08:00"}, again])
    warn(home, bench, NIGHTS)
    found = rows(bench, "mart_warning", "day_on, first_warned_on, is_new", "1")
    assert found == [(NIGHT, NIGHT, True), (NIGHTS[3], NIGHTS[3], True)]


def test_nights_in_any_order_and_again_give_what_one_run_gives(home: Home, bench: Workbench) -> None:
    put_small_rules(home)
    put(bench, "mart_grumble_type", TAXONOMY)
    luck = random.Random(4)
    grumbles = [
        {**row, "solved_at": f"2026-05-{luck.randint(20, 23)} 12:00:00+08:00"} if luck.random() < 0.4 else row
        for row in crowd(20)
    ]
    put(bench, "mart_grumble", grumbles)
    warn(home, bench, NIGHTS)
    expected, expected_published = every_list(bench), published(home)
    assert len({row[0] for row in expected[0]}) == 4
    for name in (
        "mart_grumble_level",
        "mart_warning",
        "mart_warning_capacity",
        "mart_warning_line",
        "mart_routed_problem",
    ):
        bench.lake.replace(name, every_row(), [])
    for place in (2, 0, 3, 1, 1):
        warn(home, bench, [NIGHTS[place]])
    assert every_list(bench) == expected
    assert published(home) == expected_published


def test_a_night_run_again_after_a_late_row_makes_the_later_lists_again(home: Home, bench: Workbench) -> None:
    put_small_rules(home)
    put(bench, "mart_grumble_type", TAXONOMY)
    put(bench, "mart_grumble", crowd()[1:])
    warn(home, bench, NIGHTS)
    put(bench, "mart_grumble", crowd())
    report = warn(home, bench, [NIGHT])
    assert report.derived_nights[:2] == (str(NIGHT), str(NIGHTS[1]))
    after = listed(bench, "customer_id, is_new", NIGHT)
    assert after == [("C00", True), ("C01", True)]
    for night in NIGHTS[
        1:
    ]:  # the later nights' own grumbles were not graded again, but what was new to them is said again
        assert all(not is_new for name, is_new in listed(bench, "customer_id, is_new", night) if name in {"C00", "C01"})


def test_a_run_that_dies_between_list_and_publication_is_mended_by_running_it_again(
    home: Home, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bench, "mart_grumble", crowd())
    warn(home, bench, NIGHTS[:1])
    before = published(home)

    def dies(*_: Any) -> int:
        raise RuntimeError("killed")

    monkeypatch.setattr("mend.grumbles.warning.step.publish", dies)
    with pytest.raises(RuntimeError):
        warn(home, bench, NIGHTS[1:2])
    assert published(home) == before
    monkeypatch.undo()
    warn(home, bench, NIGHTS[1:2])
    assert {row.last_warned_on for row in published(home)} == {NIGHTS[1]}
    assert {row.is_new for row in published(home)} == {False}


def test_a_rerun_of_a_past_night_leaves_the_published_latest_night_alone(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble", crowd())
    warn(home, bench, NIGHTS)
    before = published(home)
    report = warn(home, bench, [NIGHT])
    assert report.derived_nights == (str(NIGHT),)
    assert published(home) == before
    assert {(row.first_warned_on, row.last_warned_on, row.is_listed) for row in before} == {(NIGHT, NIGHTS[3], True)}


def test_a_customer_whose_grumble_was_solved_stays_published_but_not_listed(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble", [{**crowd(1)[0], "solved_at": "2026-05-21 10:00:00+08:00"}])
    warn(home, bench, NIGHTS[:2])
    assert [(row.customer_id, row.last_warned_on, row.is_listed, row.is_new) for row in published(home)] == [
        ("C00", NIGHT, False, False)
    ]


def test_a_night_without_any_record_is_a_night_with_an_empty_list(home: Home, bench: Workbench) -> None:
    report = warn(home, bench, [NIGHT])
    assert (report.open_grumbles, report.listed, report.published) == (0, 0, 0)
    assert len(rows(bench, "mart_warning_capacity", "department_code", "1")) == 5


def test_the_files_are_one_per_department_with_masked_numbers(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    put(bench, "mart_grumble", [*crowd(2), grumble("X", "C00", "2026-05-19 10:00", "tariff_billing")])
    put_record(bench, "customer", [{"customer_id": "C00", "month_on": "2026-05-01", "phone_number": "+8613812345678"}])
    folder = Path(warn(home, bench, [NIGHT]).folder)
    assert sorted(path.name for path in folder.iterdir()) == ["network.csv"]
    found = list(csv.DictReader((folder / "network.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["customer_id"], row["phone_number"], row["rank"]) for row in found] == [
        ("C00", "'+86138****5678", "1"),
        ("C01", "", "2"),
    ]
    whole = Path(warn(home, bench, [NIGHT], unmasked=True).folder)
    assert "+8613812345678" in (whole / "network.csv").read_text("utf-8")
    assert whole.stat().st_mode & 0o077 == 0


def test_levels_of_each_type_and_cluster_stand_with_the_line_in_table_and_picture(home: Home, bench: Workbench) -> None:
    put_small_rules(home)
    put(bench, "mart_grumble_type", TAXONOMY)
    put(bench, "mart_grumble", crowd())
    warn(home, bench, [NIGHT])
    found = rows(
        bench,
        "mart_warning_line",
        "grumble_type_code, behaviour_code, level, grumble_count, above_count, line_level",
        "level desc",
    )
    levels = [(5, 2, 2), (4, 2, 0), (3, 3, 0), (2, 3, 0), (1, 2, 0)]
    assert found == [("indoor_weak", "unknown", *each, 5) for each in levels]
    picture = (home.root / "reports" / "warning" / f"{NIGHT}.svg").read_text("utf-8")
    assert "network_coverage" in picture


def test_a_broken_rule_file_is_refused_with_file_rule_and_reason(home: Home, bench: Workbench) -> None:
    folder = home.root / "rules" / "warning"
    folder.mkdir(parents=True)
    good = (rule_files.FOLDER / "1990-01-01.yaml").read_text("utf-8")
    (folder / "2026-01-01.yaml").write_text(
        good.replace("1990-01-01", "2026-01-01").replace("weight: 30", "weight: 31"), "utf-8"
    )
    with pytest.raises(RuleError, match=r"2026-01-01\.yaml: parts: .*weights must add up to 100"):
        warn(home, bench, [NIGHT])


def test_a_tolerance_for_a_cluster_that_there_is_not_is_refused_with_the_codes_known(
    home: Home, bench: Workbench
) -> None:
    content = (rule_files.FOLDER / "1990-01-01.yaml").read_text("utf-8")
    folder = home.root / "rules" / "warning"
    folder.mkdir(parents=True)
    (folder / "2026-01-01.yaml").write_text(
        content.replace("1990-01-01", "2026-01-01").replace("cooperative_realist: 2}", "tolerant: 1}"), "utf-8"
    )
    with pytest.raises(
        RuleError, match=r"2026-01-01\.yaml: parts: tolerance: .*tolerant.*limited_tolerance, not_shown_yet"
    ):
        warn(home, bench, [NIGHT])


def test_of_who_has_shown_nothing_no_tolerance_is_told(home: Home, bench: Workbench) -> None:
    put(bench, "mart_grumble_type", TAXONOMY)
    put_small_rules(home)
    put(bench, "mart_grumble", [grumble("1", "A", "2026-05-18 10:00"), grumble("2", "B", "2026-05-18 11:00")])
    behaviours = [("A", "not_shown_yet"), ("B", "limited_tolerance")]
    put(
        bench,
        "mart_customer_cluster",
        [{"month": "2026-04", "customer_id": name, "behaviour_code": code} for name, code in behaviours],
    )
    warn(home, bench, [NIGHT])
    found = dict(listed(bench, "customer_id, reasons_en || reasons_zh"))
    assert "bears" not in found["A"]
    assert "容忍" not in found["A"]
    assert "the customer bears little" in found["B"]
    assert "客户容忍度低" in found["B"]
