"""Planted clusters are found under the names that they earn and keep; everybody is in one; nothing absent breaks."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import adjusted_rand_score
from tests.mend.grumbles.association.worlds import put
from tests.mend.grumbles.clusters.people import HABITS, SILENT, People

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters import ClusterReport, ClusterRuleError, fit_clusters
from mend.grumbles.clusters import rules as cluster_rules

MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)
TABLES = ("mart_customer_cluster", "mart_cluster_profile", "mart_cluster_watch")
Labels = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def people() -> People:
    return People()


@pytest.fixture
def may(home: Home, bench: Workbench, people: People) -> ClusterReport:
    people.put(bench, MAY, seed=5)
    return fit_clusters(home, bench, "2026-05")


def _labels(bench: Workbench, month: str) -> Labels:
    bench.view("mart_customer_cluster")
    names = ("value_code", "value_group_code", "consumption_code", "behaviour_code")
    query = f"select customer_id, {', '.join(names)} from mart_customer_cluster where month = $month"
    rows = bench.sql(query, {"month": month})
    assert len(rows) == len({row[0] for row in rows})
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def _profiles(bench: Workbench, month: str, columns: str) -> dict[str, tuple[Any, ...]]:
    bench.view("mart_cluster_profile")
    query = f"select cluster_code, {columns} from mart_cluster_profile where month = $month"
    return {code: tuple(rest) for code, *rest in bench.sql(query, {"month": month})}


def _rows(bench: Workbench, table: str) -> list[tuple[Any, ...]]:
    bench.view(table)
    return bench.sql(f"select * from {table} order by all")


def _files(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def _rand(found: Labels, people: People, kind: str) -> float:
    truth = getattr(people, kind)
    return float(adjusted_rand_score(truth, [found[customer][f"{kind}_code"] for customer in people.ids]))


def test_planted_clusters_are_found_under_their_names(may: ClusterReport, bench: Workbench, people: People) -> None:
    found = _labels(bench, "2026-05")
    assert set(found) == set(people.ids)
    assert _rand(found, people, "value") > 0.97
    assert _rand(found, people, "behaviour") > 0.9
    seen = {name: label for name, label in found.items() if not people.silent[people.ids.index(name)]}
    assert (
        adjusted_rand_score(
            people.consumption[SILENT:], [seen[each]["consumption_code"] for each in people.ids[SILENT:]]
        )
        > 0.9
    )
    for kind, names in (("value", ("high", "normal", "low")), ("behaviour", tuple(HABITS))):
        for name in names:
            own = [
                found[each][f"{kind}_code"] == name
                for each, true in zip(people.ids, getattr(people, kind), strict=True)
                if true == name
            ]
            assert sum(own) > 0.85 * len(own), name
    assert {found[each]["behaviour_code"] for each in people.ids[:SILENT]} == {"not_shown_yet"}
    assert {found[each]["consumption_code"] for each in people.ids[:SILENT]} == {"no_preference"}
    groups = {label["value_group_code"] for label in found.values()}
    assert groups == {"global:1", "global:2", "easyown:1", "easyown:2"}
    assert (may.value_number, may.consumption_number) == (3, 3)
    assert sum(may.behaviour_shares.values()) == pytest.approx(1, abs=1e-5)


def test_mean_spend_rises_by_the_factor_from_low_to_normal_to_high_within_each_brand_too(
    may: ClusterReport, bench: Workbench
) -> None:
    bench.view("mart_customer_cluster")
    bench.view("core_customer")
    query = """
        select {by}, value_code, avg(arpu_amount)
        from core_customer join mart_customer_cluster using (customer_id) group by all"""
    overall = {code: spend for _, code, spend in bench.sql(query.format(by="''"))}
    assert overall["high"] > 1.5 * overall["normal"] > 1.5 * 1.5 * overall["low"]
    brand = {(brand, code): spend for brand, code, spend in bench.sql(query.format(by="brand_code"))}
    assert brand["global", "high"] > 1.5 * brand["global", "normal"]
    assert brand["easyown", "normal"] > 1.5 * brand["easyown", "low"]


def test_the_profile_tells_each_label_in_words_with_criterion_and_every_number_tried(
    may: ClusterReport, bench: Workbench
) -> None:
    words = _profiles(bench, "2026-05", "words_en, words_zh")
    assert "share of grumbles about money 9" in words["tariff_sensitive"][0]
    assert "抱怨中资费类占比9" in words["tariff_sensitive"][1]
    assert "share of displeased matters with anger" in words["limited_tolerance"][0]
    assert "their mean spend is at least 1.5 times that of normal customers: mean spend 3" in words["high"][0]
    criteria = _profiles(bench, "2026-05", "cluster_number, criterion_code, criterion, criteria")
    number, code, chosen, tried = criteria["tariff_sensitive"]
    assert (number, code) == (may.behaviour_number, "icl")
    assert {"1", "2", "3", "4", "5"} <= set(json.loads(tried))
    assert chosen > 0
    assert criteria["global:1"][:2] == (2, "valley")
    assert criteria["global:1"][2] < 0.5
    assert may.folder is not None
    assert set(_files(may.folder)) == {
        *("value.svg", "value_group.svg", "consumption.svg", "behaviour.svg", "profiles.en.md", "profiles.zh.md"),
    }
    picture = (Path(may.folder) / "behaviour.svg").read_text("utf-8")
    assert picture.startswith("<svg")
    assert "抱怨中资费类占比" in picture
    assert "limited tolerance 宽容有限型" in picture
    assert "- **尚未表现** (" in (Path(may.folder) / "profiles.zh.md").read_text("utf-8")


def test_a_rerun_gives_the_same_rows_and_the_same_files(may: ClusterReport, home: Home, bench: Workbench) -> None:
    assert may.folder is not None
    rows, files = [_rows(bench, table) for table in TABLES], _files(may.folder)
    assert fit_clusters(home, bench, "2026-05") == may
    assert [_rows(bench, table) for table in TABLES] == rows
    assert _files(may.folder) == files


def test_who_hardly_moved_keeps_their_label_and_it_is_measured(
    may: ClusterReport, home: Home, bench: Workbench, people: People
) -> None:
    assert may.kept_shares == {}
    people.put(bench, JUNE, seed=5)  # the same draws a month later: only spend, age and tenure move a little
    put(bench, "core_customer", people.snapshot(JUNE, 6))
    june = fit_clusters(home, bench, "2026-06")
    assert june.matched_month == "2026-05"
    assert set(june.kept_shares) == {"value", "consumption", "behaviour"}
    assert min(june.kept_shares.values()) >= 0.95
    kept = _profiles(bench, "2026-06", "still_customer_count, kept_share, drift")
    assert kept["high"][0] > 800
    assert kept["tariff_sensitive"][0] > 600
    assert kept["tariff_sensitive"][2] == 0.0
    assert _profiles(bench, "2026-05", "kept_share")["high"] == (None,)
    assert "kept their label" in (Path(str(june.folder)) / "profiles.en.md").read_text("utf-8")


def test_labels_are_held_against_the_month_after_and_one_that_is_contradicted_is_not_given(
    may: ClusterReport, home: Home, bench: Workbench, people: People
) -> None:
    people.put(bench, JUNE, seed=6)
    fit_clusters(home, bench, "2026-06")
    columns = "claim_state_code, claim_share, other_share, claim_low, claim_high, customer_count, words_en"
    june = _profiles(bench, "2026-06", columns)
    for label in ("limited_patience", "tariff_sensitive", "rational_assertive", "limited_tolerance", "web_wap"):
        state, own, others, low, *_ = june[label]
        assert (state, own > others, low > 0) == ("confirmed", True, True), label
    assert june["cooperative_realist"][0] == "confirmed"
    assert june["cooperative_realist"][1] < june["cooperative_realist"][2]
    # Who was called tariff-sensitive in May and spoke of anything but money in June: the label said what was not so.
    swap = {"tariff_sensitive": "rational_assertive", "rational_assertive": "tariff_sensitive"}
    cases = " ".join(f"when '{old}' then '{new}'" for old, new in swap.items())
    bench.view("mart_customer_cluster", where=equal("month", "2026-05"), as_name="kept")
    bench.execute(
        "create or replace temp table swapped as select * replace (case behaviour_code "
        f"{cases} else behaviour_code end as behaviour_code) from kept where month = '2026-05'"
    )
    bench.replace("mart_customer_cluster", "select * from swapped", equal("month", "2026-05"))
    report = fit_clusters(home, bench, "2026-06")
    state, own, others, _, high, customers, words = _profiles(bench, "2026-06", columns)["tariff_sensitive"]
    assert (state, own < others, high < 0, customers) == ("contradicted", True, True, 0)
    assert "not given: the month after contradicted it" in words
    assert "tariff_sensitive" in report.withdrawn
    assert "tariff_sensitive" not in {label["behaviour_code"] for label in _labels(bench, "2026-06").values()}
    # Nobody has it now, so that nothing says anything of it: as long as the classes stay it is not given.
    for month in ("2026-07", "2026-08"):
        people.put(bench, days_of(month)[0], seed=5)
        later = fit_clusters(home, bench, month)
        ((state, *_, given, words), (kept_from,)) = (
            _profiles(bench, month, wanted)["tariff_sensitive"] for wanted in (columns, "matched_month")
        )
        assert (state, given, kept_from is None) == ("contradicted", 0, False), month
        assert "not given: the month after contradicted it" in words
        assert later.withdrawn == ("tariff_sensitive",)


def test_a_label_whose_own_data_the_source_lacks_is_not_given(home: Home, bench: Workbench, people: People) -> None:
    people.put(bench, MAY, seed=5)
    grumbles = people.events(MAY, 5)["mart_grumble"]
    no_types = grumbles.set_column(
        grumbles.column_names.index("grumble_type_code"), "grumble_type_code", [["marketing"] * grumbles.num_rows]
    )
    put(bench, "mart_grumble", no_types)  # nobody says anything about money
    report = fit_clusters(home, bench, "2026-05")
    assert "subject" in report.absent_features
    assert "tariff_sensitive" not in report.behaviour_shares
    assert {"rational_assertive", "limited_tolerance"} <= set(report.behaviour_shares)
    put(bench, "mart_grumble", grumbles.slice(0, 0))
    put(bench, "mart_complaint", people.events(MAY, 5)["mart_complaint"].slice(0, 0))
    report = fit_clusters(home, bench, "2026-05")
    assert set(report.behaviour_shares) <= {"limited_tolerance", "not_shown_yet"}  # of moods and queues alone


def test_where_spend_is_not_known_or_holds_no_groups_everybody_is_normal_and_it_says_so(
    home: Home, bench: Workbench, people: People
) -> None:
    people.put(bench, MAY, seed=5, without=("arpu_amount",))
    report = fit_clusters(home, bench, "2026-05")
    assert report.value_shares == {"normal": 1.0}
    assert "spend" in report.absent_features
    assert "nobody knows what they spend" in _profiles(bench, "2026-05", "words_en")["normal"][0]
    assert {label["value_group_code"] for label in _labels(bench, "2026-05").values()} == {None}
    flat = people.snapshot(MAY, 5)
    spend = [round(60 + 40 * (number % 97) / 97, 2) for number in range(flat.num_rows)]
    put(bench, "core_customer", flat.set_column(flat.column_names.index("arpu_amount"), "arpu_amount", [spend]))
    report = fit_clusters(home, bench, "2026-05")
    assert (report.value_shares, report.value_number) == ({"normal": 1.0}, 1)
    words = _profiles(bench, "2026-05", "words_en, words_zh")
    assert "the data holds no groups, so everybody is in one" in words["normal"][0]
    assert "全部客户归为一群" in words["normal"][1]
    assert {label["value_group_code"] for label in _labels(bench, "2026-05").values()} == {"global", "easyown"}


def test_without_events_or_a_snapshot_those_who_are_known_are_in_the_default_clusters(
    home: Home, bench: Workbench, people: People
) -> None:
    assert fit_clusters(home, bench, "2026-05").customers == 0
    people.put(
        bench, MAY, seed=5, without=("arpu_amount", "birth_year", "core_contact", "mart_grumble", "mart_complaint")
    )
    report = fit_clusters(home, bench, "2026-05")
    found = {tuple(label.values()) for label in _labels(bench, "2026-05").values()}
    assert found == {("normal", None, "no_preference", "not_shown_yet")}
    assert (report.value_number, report.consumption_number, report.behaviour_number) == (1, 1, 1)
    assert report.folder is not None
    assert set(_files(report.folder)) == {"profiles.en.md", "profiles.zh.md"}
    people.put(bench, MAY, seed=5)
    put(bench, "core_customer", people.snapshot(MAY, 5).slice(0, 0))
    report = fit_clusters(home, bench, "2026-05")
    assert report.customers == len(people.ids) - SILENT
    assert report.value_shares == {"normal": 1.0}
    assert "tariff_sensitive" in report.behaviour_shares


def test_a_broken_rule_file_is_refused_with_file_and_rule(tmp_path: Path) -> None:
    shipped = (
        (cluster_rules.FOLDER / "1990-01-02.yaml")
        .read_text("utf-8")
        .replace("valid_from: 1990-01-02", "valid_from: 2026-01-01")
    )
    broken = tmp_path / "2026-01-01.yaml"
    for old, new, reason in (
        ("default: not_shown_yet", "default: shy", r"2026-01-01.yaml: kinds: behaviour: .*default shy is no name"),
        ("numbers: [2, 3, 4, 5, 6]", "numbers: [1, 3]", r"kinds: behaviour: .*numbers begin with 2"),
        ("least: {money_count: 0.7}", "least: {wealth: 0.7}", r"tariff_sensitive speaks of unknown outcomes: wealth"),
        ("least: {angry_count: 0.7}, ", "", r"limited_tolerance needs `least` or `most`: a label is earned"),
        ("form: 2\n", "", r"2026-01-01.yaml: form: cluster rules are of form 2 now"),
        ("least_share: 0.01", "least_share: 0.001", r"settings: least_share"),
    ):
        assert old in shipped
        broken.write_text(shipped.replace(old, new), "utf-8")
        with pytest.raises(ClusterRuleError, match=reason):
            cluster_rules.rules_on(MAY, tmp_path)
