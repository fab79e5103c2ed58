"""What solving problems at once, later or not is worth: ranges in, ranges out, and broken settings refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.repair.worth.errors import WorthRuleError
from mend.repair.worth.rules import FOLDER, load_rules, rules_on
from mend.repair.worth.words import in_words
from mend.repair.worth.worth import SpeedCount, Worth, worth_of

RULES = load_rules()[0]
ROOM = "repair/worth"


def found(*counts: SpeedCount, keeping_cost: float | None = 10.0) -> dict[str, Worth]:
    return {each.counted.speed_code: each for each in worth_of(counts, RULES, keeping_cost)}


def test_the_published_shares_keep_so_many_of_a_thousand_by_speed() -> None:
    worth = found(*(SpeedCount(speed, 1200, 1000, 1000, 50_000.0) for speed in ("at_once", "later", "unsolved")))
    assert [(each.kept.low, each.kept.high) for each in worth.values()] == [
        pytest.approx(ends) for ends in ((820, 820), (540, 540), (90, 190), (1450, 1550))
    ]
    assert [(each.told.low, each.told.high) for each in worth.values()] == [
        (5_000, 5_000),
        (5_000, 20_000),
        (10_000, 20_000),
        (20_000, 45_000),
    ]
    # 50 yuan a month, 12 months; 63 to 73 of a hundred stay because it was solved at once
    assert (worth["at_once"].gain.low, worth["at_once"].gain.high) == pytest.approx((378_000, 438_000))  # type: ignore[union-attr]
    # of a thousand unsolved 810 to 910 leave, each at four to five times the 10 yuan that keeping one costs
    assert (worth["unsolved"].lost_cost.low, worth["unsolved"].lost_cost.high) == pytest.approx((32_400, 45_500))  # type: ignore[union-attr]


def test_what_is_not_known_is_told_of_nobody() -> None:
    worth = found(SpeedCount("unsolved", 3, 2), keeping_cost=None)
    assert (worth["unsolved"].value, worth["unsolved"].lost_cost, worth["all"].value) == (None, None, None)
    assert "not known" in in_words(worth["all"], "en")
    assert "未知" in in_words(worth["all"], "zh")


def test_a_share_is_told_with_its_count_and_interval_and_which_is_published() -> None:
    worth = found(SpeedCount("at_once", 30, 20), SpeedCount("unsolved", 90, 80))
    said = {language: in_words(worth["at_once"], language) for language in ("en", "zh")}  # type: ignore[arg-type]
    assert "30 problems of 20 customers, 20.0% of the 100 damaged (13.3% to 28.9%); " in said["en"]
    assert "expected to stay 16 (82% by published figures)" in said["en"]
    assert "客户20人，占受损客户100人的20.0%（13.3%至28.9%）；预计留存16人（按公开数据82%）" in said["zh"]
    assert "to stay 7 to 15 (9% to 19% by published figures)" in in_words(worth["unsolved"], "en")
    assert "0 problems of 0 customers, 0.0% of the 100 damaged (0.0% to 3.7%)" in in_words(worth["later"], "en")
    assert "damaged" not in in_words(worth["all"], "en")


def test_of_few_customers_no_share_is_told() -> None:
    worth = found(SpeedCount("at_once", 5, 5), SpeedCount("unsolved", 30, 24))
    assert worth["at_once"].share is None
    assert "5 customers, too little data for a share (29 damaged); " in in_words(worth["at_once"], "en")
    assert "数据不足，不计占比（受损客户29人）" in in_words(worth["at_once"], "zh")
    assert found(SpeedCount("at_once", 5, 6), SpeedCount("unsolved", 30, 24))["at_once"].share is not None


def test_spend_that_a_speed_lacks_is_the_mean_of_the_others() -> None:
    worth = found(SpeedCount("unsolved", 1, 1, 1, 80.0), SpeedCount("at_once", 1, 1))
    assert worth["at_once"].arpu == 80.0


def test_a_month_without_damage_keeps_loses_and_tells_nobody() -> None:
    worth = found()["all"]
    assert (worth.counted.customer_count, worth.kept_share, worth.told.high, worth.lost.high) == (0, None, 0, 0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_say_that_nothing_was_measured(language: str) -> None:
    said = in_words(found(SpeedCount("at_once", 12, 10, 10, 500.0))["at_once"], language)  # type: ignore[arg-type]
    assert "TARP" in said
    assert {"en": "not measured", "zh": "并非本地实测"}[language] in said


def test_a_problem_is_solved_by_a_credit_that_says_so_and_by_no_rebate() -> None:
    check(
        read_model(ROOM, "worth_problem"),
        {
            "person_of_customer": "customer_id | person_id\n old | anna",
            "posted": """
                customer_id | subject_kind_code | subject_id | incident_id | entry_kind_code | indicator_id | posted_at
                anna        | contact           | C2         | C1          | debit           | CON-01       | \
                    2026-05-03 10:00:00
                anna        | contact           | C1         |             | debit           | CON-04       | \
                    2026-05-03 10:20:00
                old         | contact           | C1         |             | credit          | REP-01       | \
                    2026-05-04 10:00:00
                anna        | ticket            | C1         |             | debit           | RES-02       | \
                    2026-05-03 10:00:00
                bert        | ticket            | T1         |             | debit           | RES-02       | \
                    2026-05-03 10:00:00
                bert        | ticket            | T1         |             | credit          | REP-04       | \
                    2026-05-03 11:00:00
                bert        | ticket            | T1         |             | credit          | REP-05       | \
                    2026-05-04 10:00:01
                carl        | ticket            | T9         |             | credit          | REP-05       | \
                    2026-05-04 10:00:00
            """,
        },
        """
        customer_id | speed_code
        anna        | at_once
        anna        | unsolved
        bert        | later
        """,
        {"solving": ["REP-01", "REP-05"], "at_once_hours": 24},
    )


def test_a_customer_counts_once_by_the_slowest_of_their_problems() -> None:
    check(
        read_model(ROOM, "worth_count"),
        {
            "worth_problem": """
                customer_id | speed_code
                anna        | at_once
                anna        | unsolved
                bert        | at_once
                carl        | later
            """,
            "snapshot": """
                customer_id | month_on   | arpu_amount::decimal(12,2)
                anna        | 2026-05-01 | 40
                anna        | 2026-04-01 | 99
                bert        | 2026-05-01 |
            """,
        },
        """
        speed_code | problem_count | customer_count | arpu_count | arpu_sum
        at_once    | 2             | 1              | 0          | 0.0
        later      | 1             | 1              | 0          | 0.0
        unsolved   | 1             | 1              | 1          | 40.0
        """,
        {"first_day": dt.date(2026, 5, 1)},
    )


def test_keeping_a_customer_cost_the_months_repairs_for_each_customer_with_one() -> None:
    check(
        read_model(ROOM, "worth_cost"),
        {
            "person_of_customer": "customer_id | person_id\n old | anna",
            "action_file": """
                customer_id | cost_amount::decimal(12,2)
                anna        | 8
                old         | 12
                bert        | 10
                carl        |
            """,
        },
        "keeping_cost\n 15.0",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"told_by_bad": {"low": 20, "high": 10}}, "told_by_bad: .*low 20.0 is above high 10.0"),
        ({"kept": {"later": {"low": 0.54, "high": 54}}}, "kept: later: .*is no share of customers"),
        ({"kept": {"at_once": {"low": 0.2, "high": 0.3}}}, "must rise"),
        ({"solving": []}, "solving"),
        ({"solving": ["a rebate"]}, "solving"),
        ({"at_once_hours": 0}, "at_once_hours"),
        ({"value_months": 2.5}, "value_months"),
        ({"least_customers": 0}, "least_customers"),
        ({"told_by_nobody": 1}, "told_by_nobody"),
    ],
)
def test_a_broken_file_is_refused_and_named(tmp_path: Path, change: dict[str, object], words: str) -> None:
    content = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    for key, value in change.items():
        content[key] = {**content[key], **value} if key == "kept" and isinstance(value, dict) else value
    content["valid_from"] = dt.date(2026, 5, 1)
    (tmp_path / "2026-05-01.yaml").write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(WorthRuleError, match=f"2026-05-01.yaml: .*{words}"):
        load_rules(tmp_path)


def test_last_years_month_is_valued_by_last_years_settings(tmp_path: Path) -> None:
    text = (FOLDER / "1990-01-01.yaml").read_text("utf-8").replace("1990-01-01", "2026-05-01").replace("12  ", "24  ")
    (tmp_path / "2026-05-01.yaml").write_text(text, "utf-8")
    versions = load_rules(tmp_path)
    assert [rules_on(dt.date(2026, month, 30), versions).value_months for month in (4, 5)] == [12, 24]
