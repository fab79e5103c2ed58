"""Themes as dated data: shipped, read, broken files refused; whom they match."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.repair.seasons import SeasonRuleError, load_themes, theme_set_on, themes_on
from mend.repair.seasons.rules import FOLDER
from mend.repair.strategies import AUDIENCE_COLUMNS

ROOM = "repair/seasons"
CUSTOMER = (
    "customer_id | brand_code | plan_code | preferred_channel_code | value_code | behaviour_code | age_band_code | "
    "level::integer"
)


def written(folder: Path, **keys: Any) -> Path:
    """A home's file: the shipped themes, some keys of the first changed; a key of None is taken out."""
    content = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    content["valid_from"] = dt.date(2026, 6, 1)
    theme = content["themes"]["spring_term"]
    theme.update(keys)
    for key in [key for key, value in keys.items() if value is None]:
        theme.pop(key)
    folder.mkdir(exist_ok=True)
    (folder / "2026-06-01.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


def test_each_shipped_theme_asks_of_columns_that_an_audience_has() -> None:
    themes = load_themes()[0].themes
    assert set(themes) == {"spring_term", "roaming_season", "elderly_in_the_holidays"}
    for theme in themes.values():
        assert theme.audience().columns <= AUDIENCE_COLUMNS.keys()


@pytest.mark.parametrize(
    ("theme", "months"),
    [("spring_term", {2, 3}), ("roaming_season", {9, 10}), ("elderly_in_the_holidays", {12, 1, 2})],
)
def test_a_theme_is_on_in_its_months_over_the_new_year_too(theme: str, months: set[int]) -> None:
    found = load_themes()[0].themes[theme]
    assert {month for month in range(1, 13) if found.is_on(dt.date(2026, month, 28))} == months


def test_last_season_keeps_last_seasons_themes(tmp_path: Path) -> None:
    versions = load_themes(written(tmp_path / "seasons", from_month=5))
    assert theme_set_on(dt.date(2026, 5, 31), versions).themes["spring_term"].from_month == 2
    assert themes_on(dt.date(2026, 6, 1), tmp_path / "seasons")["spring_term"].from_month == 5


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"from_month": 13}, "spring_term: from_month"),
        ({"until_month": None}, "spring_term: until_month: is missing"),
        ({"values": ["very high"]}, "values: 0: 'very high' is none of high, normal, low"),
        ({"age_bands": ["old"]}, "age_bands: 0: 'old' is none of"),
        ({"brands": ["x') or 1=1 --"]}, "brands: 0"),
        ({"brand": ["mzone"]}, "brand: there is no such key; a theme has name_en"),
        ({"name_zh": "spring"}, "name_zh: .*is not Chinese"),
        ({"done_by": "pigeon"}, "done_by"),
        ({"brands": None, "channels": None, "age_bands": None}, "spring_term: is for everybody; say for whom"),
    ],
)
def test_a_broken_file_is_refused_whole_and_the_place_is_named(
    tmp_path: Path, keys: dict[str, Any], words: str
) -> None:
    with pytest.raises(SeasonRuleError, match=f"2026-06-01.yaml: themes: .*{words}"):
        load_themes(written(tmp_path / "seasons", **keys))


def test_the_touchpoint_used_most_is_preferred_and_of_two_the_one_used_last() -> None:
    check(
        read_model(ROOM, "preferred_channel"),
        {
            "person_of_customer": "customer_id | person_id\n old | anna",
            "contact_file": """
                contact_id | customer_id | direction_code | touchpoint_code | started_at
                C1         | anna        | inbound        | hotline         | 2026-05-03 10:00:00
                C2         | old         | inbound        | app             | 2026-05-05 10:00:00
                C3         | bert        | inbound        | hotline         | 2026-05-05 10:00:00
                C4         | bert        | inbound        | hotline         | 2026-05-06 10:00:00
                C5         | bert        | inbound        | app             | 2026-05-09 10:00:00
                C6         | carl        | outbound       | hotline         | 2026-05-09 10:00:00
                C7         |             | inbound        | web             | 2026-05-09 10:00:00
            """,
        },
        """
        customer_id | preferred_channel_code
        anna        | app
        bert        | hotline
        """,
    )


def test_who_left_is_no_customer_of_a_season_and_what_nobody_knows_is_empty() -> None:
    check(
        read_model(ROOM, "season_customer"),
        {
            "snapshot": """
                customer_id | month_on   | brand_code | plan_code | birth_year::integer | status_code
                anna        | 2026-05-01 | mzone      | P1        | 2003                | active
                bert        | 2026-05-01 | global     |           |                     |
                carl        | 2026-05-01 | global     | P2        | 1950                | left
                dora        | 2026-04-01 | global     | P2        | 1950                | active
            """,
            "cluster_file": "customer_id | value_code | behaviour_code\n anna | high | not_shown_yet",
            "month_file": """
                customer_id | level::integer | has_left
                anna        | 3     | false
                bert        | 2     | true
            """,
            "preferred_channel": "customer_id | preferred_channel_code\n anna | app",
        },
        """
        customer_id | brand_code | plan_code | preferred_channel_code | value_code | age_band_code | level
        anna        | mzone      | P1        | app                    | high       | under_25      | 3
        bert        | global     |           |                        |            | unknown       | 0
        """,
        {"first_day": dt.date(2026, 5, 1), "year": 2026},
    )


def test_a_customer_counts_in_each_theme_that_fits_them_and_in_none_that_asks_what_nobody_knows() -> None:
    themes = load_themes()[0].themes
    conditions = [themes[code].audience().sql() for code in ("spring_term", "roaming_season")]
    check(
        read_model(ROOM, "season_match"),
        {
            "season_customer": f"""
                {CUSTOMER}
                anna | mzone  | P1 | app | high |  | under_25 | 3
                bert | mzone  | P1 | app | high |  | under_25 | 0
                carl | mzone  | P1 |     | high |  | under_25 | 4
                dora | global | P2 | web | high |  | under_25 | 1
                emil | global | P2 | web |      |  | under_25 | 1
            """,
            "theme": """
                theme_number::integer | theme_code | name_en | name_zh | is_in_season | from_month::integer | \
                    until_month::integer | rule_version::date
                0 | spring_term    | spring  | 春 | true  | 2 | 3  | 1990-01-01
                1 | roaming_season | roaming | 秋 | false | 9 | 10 | 1990-01-01
            """,
        },
        """
        theme_code     | brand_code | preferred_channel_code | customer_count | damaged_count | severe_count | \
            slight_count
        spring_term    | mzone      | app                    | 2              | 1             | 1            | 0
        roaming_season | global     | web                    | 1              | 1             | 0            | 1
        """,
        {"month": "2026-05"},
        {"themes": ", ".join(f"case when {each} then {n} end" for n, each in enumerate(conditions))},
    )


def test_a_themes_rows_are_summed() -> None:
    check(
        read_model(ROOM, "season_sum"),
        {
            "match_file": """
                month   | theme_code  | is_in_season | customer_count | damaged_count | severe_count | critical_count
                2026-05 | spring_term | true  | 5              | 3             | 1            | 1
                2026-05 | spring_term | true  | 2              | 1             | 0            | 1
                2026-04 | spring_term | true  | 9              | 9             | 9            | 0
            """
        },
        """
        theme_code  | is_in_season | customer_count | damaged_count | severe_count
        spring_term | true  | 7              | 4             | 3
        """,
        {"month": "2026-05"},
    )
