"""Planted clusters are found and keep their names; everybody is in one; nothing absent breaks."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.mend.grumbles.association.worlds import put
from tests.mend.grumbles.clusters.people import BEHAVIOURS, SILENT, People

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters import ClusterReport, ClusterRuleError, fit_clusters
from mend.grumbles.clusters import rules as cluster_rules

MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


@pytest.fixture(scope="module")
def people() -> People:
    return People()


@pytest.fixture
def may(home: Home, bench: Workbench, people: People) -> ClusterReport:
    people.put(bench, MAY, seed=5)
    return fit_clusters(home, bench, "2026-05")


def _clusters(bench: Workbench, month: str) -> dict[str, tuple[str, str]]:
    bench.view("mart_customer_cluster")
    rows = bench.sql(
        "select customer_id, value_code, behaviour_code from mart_customer_cluster where month = $month",
        {"month": month},
    )
    assert len(rows) == len({row[0] for row in rows})
    return {row[0]: (row[1], row[2]) for row in rows}


def _rows(bench: Workbench, table: str) -> list[tuple[Any, ...]]:
    bench.view(table)
    return bench.sql(f"select * from {table} order by all")


def _share_right(found: dict[str, tuple[str, str]], people: People, place: int) -> float:
    truth = (people.value, people.behaviour)[place]
    chosen = [number for number in range(len(people.ids)) if place == 0 or not people.silent[number]]
    return float(np.mean([found[people.ids[number]][place] == truth[number] for number in chosen]))


def test_planted_clusters_are_found_under_their_names(may: ClusterReport, bench: Workbench, people: People) -> None:
    found = _clusters(bench, "2026-05")
    assert may.behaviour_number == 5
    assert _share_right(found, people, 0) > 0.97
    assert _share_right(found, people, 1) > 0.93


def test_every_customer_is_in_one_cluster_of_each_kind_and_the_silent_have_shown_nothing_yet(
    may: ClusterReport, bench: Workbench, people: People
) -> None:
    found = _clusters(bench, "2026-05")
    assert set(found) == set(people.ids)
    assert {found[name][1] for name in people.ids[:SILENT]} == {"not_shown_yet"}
    assert may.customers == len(people.ids)
    assert sum(may.value_shares.values()) == pytest.approx(1, abs=1e-5)
    bench.view("mart_customer_cluster")
    assert bench.sql(
        "select count(*) from mart_customer_cluster where cluster_code <> value_code || ':' || behaviour_code"
    ) == [(0,)]


def test_a_rerun_gives_the_same_rows_and_the_same_files(may: ClusterReport, home: Home, bench: Workbench) -> None:
    tables = ("mart_customer_cluster", "mart_cluster_profile")
    assert may.folder is not None
    rows, files = [_rows(bench, table) for table in tables], _files(may.folder)
    assert fit_clusters(home, bench, "2026-05") == may
    assert [_rows(bench, table) for table in tables] == rows
    assert _files(may.folder) == files


def _files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_names_stay_with_their_customers_from_month_to_month(
    may: ClusterReport, home: Home, bench: Workbench, people: People
) -> None:
    before = _clusters(bench, "2026-05")
    people.put(bench, JUNE, seed=6)
    june = fit_clusters(home, bench, "2026-06")
    now = _clusters(bench, "2026-06")
    assert june.matched_month == "2026-05"
    assert np.mean([before[name][0] == now[name][0] for name in people.ids]) > 0.97
    assert np.mean([before[name][1] == now[name][1] for name in people.ids]) > 0.9
    bench.view("mart_cluster_profile")
    drifts = bench.sql("select max(drift), count(drift) from mart_cluster_profile where month = '2026-06'")[0]
    assert drifts[0] < 0.5
    assert drifts[1] == 8
    assert bench.sql("select count(drift) from mart_cluster_profile where month = '2026-05'") == [(0,)]


def test_names_follow_last_months_centres_even_against_the_profile_rules(
    may: ClusterReport, home: Home, bench: Workbench, people: People
) -> None:
    """Stored names swapped on purpose: the next month keeps them, for it matches centres."""
    swap = {"tariff_sensitive": "rational_assertive", "rational_assertive": "tariff_sensitive"}
    cases = " ".join(f"when '{old}' then '{new}'" for old, new in swap.items())
    bench.view("mart_cluster_profile", as_name="kept")
    bench.execute(
        "create or replace temp table swapped as "
        f"select * replace (case cluster_code {cases} else cluster_code end as cluster_code) from kept"
    )
    bench.replace("mart_cluster_profile", "select * from swapped", equal("month", "2026-05"))
    people.put(bench, JUNE, seed=6)
    fit_clusters(home, bench, "2026-06")
    now = _clusters(bench, "2026-06")
    for truth, name in swap.items():
        mine = [
            now[each][1]
            for number, each in enumerate(people.ids)
            if people.behaviour[number] == truth and not people.silent[number]
        ]
        assert mine.count(name) > 0.9 * len(mine)


def test_a_month_after_one_with_codes_of_an_earlier_version_uses_todays_codes(
    may: ClusterReport, home: Home, bench: Workbench, people: People
) -> None:
    """Homes of earlier versions have months with `tolerant`: those rows stay, the next month has no such name."""
    bench.view("mart_cluster_profile", as_name="kept")
    query = "select * replace (replace(cluster_code, 'not_shown_yet', 'tolerant') as cluster_code) from kept"
    bench.replace("mart_cluster_profile", query, equal("month", "2026-05"))
    people.put(bench, JUNE, seed=6)
    june = fit_clusters(home, bench, "2026-06")
    assert (june.matched_month, june.behaviour_number) == ("2026-05", 5)
    assert set(june.behaviour_shares) == set(BEHAVIOURS)


def test_each_cluster_is_described_in_words_and_drawn(may: ClusterReport, bench: Workbench) -> None:
    bench.view("mart_cluster_profile")
    words = dict(
        bench.sql(
            "select cluster_code, words_en || ' / ' || words_zh from mart_cluster_profile where month = '2026-05'"
        )
    )
    assert set(words) == {"high", "normal", "low", *BEHAVIOURS}
    assert "tariff grumbles above the mean" in words["tariff_sensitive"]
    assert "资费类抱怨偏高" in words["tariff_sensitive"]
    assert "monthly spend above the mean" in words["high"]
    assert may.folder is not None
    assert set(_files(may.folder)) == {"value.svg", "behaviour.svg", "profiles.en.md", "profiles.zh.md"}
    picture = (Path(may.folder) / "behaviour.svg").read_text("utf-8")
    assert picture.startswith("<svg")
    assert "资费类抱怨" in picture
    assert "not shown yet 尚未表现" in picture
    assert "- **尚未表现** (" in (Path(may.folder) / "profiles.zh.md").read_text("utf-8")


def test_the_number_of_clusters_and_its_criterion_stand_in_the_profile(may: ClusterReport, bench: Workbench) -> None:
    bench.view("mart_cluster_profile")
    number, code, chosen, criteria = bench.sql(
        "select distinct cluster_number, criterion_code, criterion, criteria from mart_cluster_profile where "
        "kind_code = 'behaviour'"
    )[0]
    tried = json.loads(criteria)
    assert (number, code) == (5, "silhouette")
    assert set(tried) == {"3", "4", "5"}
    assert chosen == max(tried.values())


def test_features_that_no_source_carries_are_left_out_and_said(home: Home, bench: Workbench, people: People) -> None:
    people.put(bench, MAY, seed=5, without=("arpu_amount", "birth_year", "joined_on"))
    report = fit_clusters(home, bench, "2026-05")
    assert {"arpu_amount", "brand_spend", "age", "tenure_months", "sms_count"} <= set(report.absent_features)
    assert "minutes_of_use" not in report.absent_features
    found = _clusters(bench, "2026-05")
    assert len(found) == len(people.ids)
    assert _share_right(found, people, 0) > 0.9


def test_where_nothing_is_known_everybody_is_in_the_default_cluster(
    home: Home, bench: Workbench, people: People
) -> None:
    nothing = ("arpu_amount", "birth_year", "joined_on", "minutes_of_use", "data_mb")
    people.put(bench, MAY, seed=5, without=nothing, tables=False)
    report = fit_clusters(home, bench, "2026-05")
    assert set(_clusters(bench, "2026-05").values()) == {("normal", "not_shown_yet")}
    assert (report.value_number, report.behaviour_number) == (1, 1)
    assert report.folder is not None
    assert set(_files(report.folder)) == {"profiles.en.md", "profiles.zh.md"}


def test_without_a_snapshot_those_who_were_seen_are_clustered_and_without_anybody_nobody(
    home: Home, bench: Workbench, people: People
) -> None:
    assert fit_clusters(home, bench, "2026-05").customers == 0
    people.put(bench, MAY, seed=5)
    put(bench, "core_customer", people.snapshot(MAY, 5).slice(0, 0))
    report = fit_clusters(home, bench, "2026-05")
    assert report.customers == len(people.ids) - SILENT
    assert report.value_shares == {"normal": 1.0}
    assert _share_right({**dict.fromkeys(people.ids, ("", "")), **_clusters(bench, "2026-05")}, people, 1) > 0.93


def test_a_broken_rule_file_is_refused_with_file_and_rule(tmp_path: Path) -> None:
    shipped = (
        (cluster_rules.FOLDER / "1990-01-01.yaml")
        .read_text("utf-8")
        .replace("valid_from: 1990-01-01", "valid_from: 2026-01-01")
    )
    broken = tmp_path / "2026-01-01.yaml"
    for text, reason in (
        (shipped.replace("default: normal", "default: middling"), r"2026-01-01.yaml: kinds: value: .*default middling"),
        (
            shipped.replace("numbers: [3, 4, 5]", "numbers: [3, 7]"),
            r"kinds: behaviour: .*numbers must be between 2 and the 6 names",
        ),
        (
            shipped.replace("weights: {arpu_amount: 2,", "weights: {wealth: 2,"),
            r"kinds: value: .*high weighs unknown features: wealth",
        ),
    ):
        broken.write_text(text, "utf-8")
        with pytest.raises(ClusterRuleError, match=reason):
            cluster_rules.rules_on(MAY, tmp_path)
