"""A themed strategy in the campaign lists: in its months for whom the theme is for, out of them for nobody; what was
made before, and what was kept, stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.mend.repair.campaign.worlds import MAY, SHIPPED, Somebody, put_world, rows

from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import make_campaign, rebuild_campaign, what_if, why_not
from mend.repair.seasons import SeasonError, match_month, said
from mend.repair.seasons.rules import FOLDER
from mend.repair.strategies import StrategyError, load_strategies, parse_strategies

CAMPAIGN = "2026-06"  # of the damage of May
PEOPLE = [
    Somebody("student", level=2, brand="mzone", touchpoints=("app", "hotline", "app")),
    Somebody("caller", level=2, brand="mzone", touchpoints=("hotline",)),
    Somebody("traveller", level=2, brand="global", touchpoints=("app",)),
    Somebody("silent", level=2, brand="mzone"),
]


def themes(home: Home, first: int, last: int, **keys: Any) -> None:
    """The home's themes: the spring term in other months, for whoever uses the app, whatever their age."""
    content = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    theme = content["themes"]["spring_term"]
    theme |= {"from_month": first, "until_month": last, "channels": ["app"], "done_by": "call"} | keys
    theme.pop("age_bands")
    folder = home.root / "seasons"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1990-01-01.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def strategies(folder: Path, **keys: Any) -> Path:
    """The shipped strategies with a themed one; the others give nobody anything discretionary."""
    content = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content["settings"]["universal_hold_out_share"] = 0.0
    for each in content["strategies"].values():
        if not each.get("is_entitlement"):
            each["audience"] = "level > 4"
    call = content["strategies"]["alternative_remedy"]
    themed = {
        **call, "name_en": "spring call", "name_zh": "春季关怀", "audience": "level >= 1", "hold_out_share": 0.0,
        "season": "spring_term", **keys,
    }  # fmt: skip
    content["strategies"]["spring_call"] = themed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1990-01-01.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def listed(bench: Workbench) -> list[tuple[object, ...]]:
    return rows(bench, "mart_campaign_list", "strategy_code", "customer_id")


def test_in_its_season_whom_the_theme_is_for_gets_it_and_nobody_else(home: Home, bench: Workbench) -> None:
    put_world(home, bench, PEOPLE)
    themes(home, 6, 7)
    strategies(home.root / "strategies")
    make_campaign(home, bench, MAY)
    assert listed(bench) == [("spring_call", "student")]
    assert rows(bench, "mart_campaign_candidate", "customer_id", "brand_code", "preferred_channel_code") == [
        ("caller", "mzone", "hotline"),
        ("silent", "mzone", None),
        ("student", "mzone", "app"),
        ("traveller", "global", "app"),
    ]


def test_out_of_its_season_it_gives_nobody_and_says_why(home: Home, bench: Workbench) -> None:
    put_world(home, bench, PEOPLE)
    themes(home, 7, 5)  # every month but June
    strategies(home.root / "strategies")
    report = make_campaign(home, bench, MAY)
    assert (listed(bench), report.listed) == ([], 0)
    assert "spring call: no, it is given in the months 7 to 5 alone." in why_not(home, bench, "student", MAY)
    assert "春季关怀：未入选，该主题仅在7月至5月实施。" in why_not(home, bench, "student", MAY, "zh")


def test_what_if_shows_whom_a_theme_would_bring_before_it_counts(home: Home, bench: Workbench) -> None:
    put_world(home, bench, PEOPLE)
    themes(home, 6, 6)
    report = what_if(home, bench, MAY, strategies(home.root / "other"))
    assert ("student", "spring_call") in {(each.customer_id, each.other) for each in report.changes + report.comes}
    assert not {each.customer_id for each in report.comes if each.other == "spring_call"} & {"caller", "traveller"}


def test_a_themed_list_is_made_again_from_what_was_kept_when_its_theme_is_gone(
    home: Home, bench: Workbench, tmp_path: Path
) -> None:
    put_world(home, bench, PEOPLE)
    themes(home, 6, 7)
    strategies(home.root / "strategies")
    first = make_campaign(home, bench, MAY)
    rebuild_campaign(home, bench, MAY, 1, tmp_path / "before")
    themes(home, 11, 12, brands=["global"])
    for table in ("core_contact", "core_customer"):
        bench.lake.replace(table, every_row(), [])
    rebuilt = rebuild_campaign(home, bench, MAY, 1, tmp_path / "after")
    assert rebuilt.content_sha256 == first.content_sha256
    for name in ("gate", "gate_pattern", "list", "price"):
        one, other = (tmp_path / folder / f"{name}.csv" for folder in ("before", "after"))
        assert one.read_bytes() == other.read_bytes()


def test_a_strategy_of_a_theme_that_is_not_there_is_refused_with_those_that_are(home: Home, bench: Workbench) -> None:
    put_world(home, bench, PEOPLE)
    strategies(home.root / "strategies", season="summer")
    with pytest.raises(
        StrategyError, match=r"spring_call: season: no theme summer is in force on 2026-06-01; there are: "
    ):
        make_campaign(home, bench, MAY)


def test_a_strategy_on_another_channel_than_its_theme_is_refused(home: Home, bench: Workbench) -> None:
    put_world(home, bench, PEOPLE)
    themes(home, 6, 7, done_by="visit")
    strategies(home.root / "strategies")
    with pytest.raises(StrategyError, match="season: spring_term is done by visit, the strategy by call"):
        make_campaign(home, bench, MAY)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"season": "Spring Term!"}, "season: .*is no code"),
        ({"season": None, "season_kept": {}}, "season"),
        ({"is_entitlement": True, "consent_code": "none"}, "season: a season on an entitlement"),
        ({"valid_days": 62}, "valid_days: 62 with a season"),
    ],
)
def test_a_broken_season_of_a_strategy_is_named(tmp_path: Path, keys: dict[str, Any], words: str) -> None:
    with pytest.raises(StrategyError, match=f"spring_call: .*{words}"):
        load_strategies(strategies(tmp_path / "strategies", **keys))


def test_strategies_without_a_season_keep_their_text_and_digest_to_the_byte() -> None:
    """Lists that were published before there were seasons are made again from this text."""
    shipped = load_strategies()[0]
    assert "season" not in shipped.text.replace("season_months", "")
    assert shipped.digest == "5adcc8a82467d884dafcbf55d25159498a8432cd2a2c0353af8e28ab03ab5b6a"
    assert parse_strategies(shipped.text) == shipped


def test_a_month_counts_whom_each_theme_is_for_and_a_rerun_counts_the_same(home: Home, bench: Workbench) -> None:
    put_world(home, bench, PEOPLE)
    themes(home, 6, 7)
    found = []
    for _ in range(2):
        report = match_month(home, bench, MAY)
        bench.view("mart_season_match")
        found.append(bench.sql("select * from mart_season_match order by all"))
    assert found[0] == found[1]
    assert (report.themes, report.in_season) == (3, 1)
    counted = bench.sql(
        "select theme_code, brand_code, preferred_channel_code, value_code, is_in_season, customer_count, "
        "damaged_count, moderate_count from mart_season_match order by all"
    )
    assert counted == [("spring_term", "mzone", "app", "normal", True, 1, 1, 1)]
    assert said(home, bench, MAY, "en")[0] == (
        "spring term for campus plans (months 6 to 7, in season): customers 1, damaged 1, "
        "of them severe or critical 0; data for a month, and the app's guide to the plan, by phone call."
    )
    assert said(home, bench, MAY, "zh")[1].startswith("商旅客户漫游季（9月至10月，非主题期）：客户0人")


def test_a_month_that_is_not_closed_is_not_matched(home: Home, bench: Workbench) -> None:
    with pytest.raises(SeasonError, match="2026-04 is not closed"):
        match_month(home, bench, "2026-04")
