"""A month's trouble through the lake: exact sums, reruns, shares, what is not shown, the pages and the command."""

from __future__ import annotations

import datetime as dt
import shutil
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.prevention.trouble.worlds import close, load

from mend.chain import run_step, step
from mend.cli.prevention import trouble
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.periods import whole_month
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.trouble import TroubleError, TroubleRuleError, find_month_trouble, find_trouble
from mend.prevention.trouble.reading import DIMENSIONS
from mend.simulate.faults import Fault

MONTHS = ["2026-01", "2026-02", "2026-03"]
NODE = "plan_menu"
WORSE = Fault("ivr_node", NODE, dt.date(2026, 3, 1), dt.date(2026, 3, 31), 4.0)


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    """Three months of 1 500 customers; in the last one a menu node fails four times as often."""
    with fresh_home(template, tmp_path_factory.mktemp("trouble")) as home, Workbench.open(home) as bench:
        load(bench, 1500, MONTHS, 1, [WORSE])
        yield home, bench


@pytest.fixture
def home(opened: tuple[Home, Workbench]) -> Iterator[Home]:
    yield opened[0]
    shutil.rmtree(opened[0].root / "rules", ignore_errors=True)
    close(opened[1], MONTHS)


@pytest.fixture
def bench(opened: tuple[Home, Workbench]) -> Workbench:
    return opened[1]


def rows(bench: Workbench, query: str, table: str = "mart_trouble_source") -> list[tuple[Any, ...]]:
    bench.view(table)
    return bench.sql(query)


def test_every_dimension_adds_up_to_the_ledger_to_the_thousandth(home: Home, bench: Workbench) -> None:
    report = find_trouble(home, bench, "2026-03")
    [(points,)] = rows(
        bench,
        "select sum(points)::double from mart_damage_ledger where posted_on between '2026-03-01' and '2026-03-31' "
        "and subject_kind_code = 'contact' and entry_kind_code in ('debit', 'cap')",
        "mart_damage_ledger",
    )
    sums = dict(rows(bench, "select dimension_code, round(sum(points), 3) from mart_trouble_source group by 1"))
    assert report.points == points > 0
    assert sums == dict.fromkeys(DIMENSIONS, points)
    shares = rows(bench, "select round(sum(share_of_points), 9) from mart_trouble_source group by dimension_code")
    assert shares == [(1.0,)] * len(DIMENSIONS)


def test_contacts_add_up_to_those_of_the_month(home: Home, bench: Workbench) -> None:
    find_trouble(home, bench, "2026-03")
    counted = rows(
        bench,
        "select count(customer_id), count(*) - count(customer_id) from core_contact "
        "where started_on between '2026-03-01' and '2026-03-31' and direction_code = 'inbound'",
        "core_contact",
    )
    sums = rows(
        bench,
        "select distinct sum(contact_count), sum(unnamed_contact_count) from mart_trouble_source "
        "group by dimension_code",
    )
    assert [tuple(map(int, each)) for each in sums] == counted


def test_the_planted_node_is_first_and_explains_what_it_makes_worse(home: Home, bench: Workbench) -> None:
    find_trouble(home, bench, "2026-03")
    top = rows(bench, "select source_code, verdict_code, trend from mart_trouble_source where rank = 1 and is_top")
    assert [(code, verdict) for code, verdict, _ in top] == [(NODE, "worse")]
    assert top[0][2] > 1.5
    others = rows(bench, "select distinct explained_by_source_code from mart_trouble_source where is_top and rank > 1")
    assert {code for (code,) in others} <= {NODE}


def test_a_rerun_and_any_number_of_shares_give_the_same_rows(home: Home, bench: Workbench) -> None:
    found = []
    for shares in (1, 1, 3):
        find_trouble(home, bench, "2026-03", shares)
        found.append(
            [
                rows(bench, f"select * from {table} order by all", table)
                for table in ("mart_trouble_source", "mart_outage")
            ]
            + [
                [
                    (home.root / "reports/trouble/2026-03" / name).read_bytes()
                    for name in ("index.zh.html", "trend.zh.svg")
                ]
            ]
        )
    assert found[0] == found[1] == found[2]
    assert len(found[0][0]) > 40


def test_a_complaint_counts_once_a_dimension(home: Home, bench: Workbench) -> None:
    report = find_trouble(home, bench, "2026-03")
    sums = {count for (count,) in rows(
        bench, "select sum(complaint_count)::integer from mart_trouble_source group by dimension_code"
    )}  # fmt: skip
    assert len(sums) == 1
    assert 0 < sums.pop() <= report.complaints
    assert report.complaints_of_top <= report.complaints


def test_no_group_of_few_agents_and_no_agent_is_shown(home: Home, bench: Workbench) -> None:
    folder = home.root / "rules" / "trouble"
    folder.mkdir(parents=True)
    shipped = Path(__file__).parents[4] / "include/mend/prevention/trouble/rules/1990-01-01.yaml"
    text = (
        shipped.read_text("utf-8").replace("1990-01-01", "2026-03-01").replace("least_agents: 5", "least_agents: 1000")
    )
    (folder / "2026-03-01.yaml").write_text(text, "utf-8")
    find_trouble(home, bench, "2026-03")
    groups = rows(bench, "select source_code from mart_trouble_source where dimension_code = 'agent_group'")
    assert groups == [("unknown",)]
    pages = [path.read_text("utf-8") for path in (home.root / "reports/trouble/2026-03").iterdir()]
    agents = rows(bench, "select distinct agent_id from core_contact where agent_id is not null", "core_contact")
    assert agents
    assert not [agent for (agent,) in agents for page in pages if agent in page]


def test_a_kind_that_no_contact_names_is_said_to_be_not_measured(home: Home, bench: Workbench) -> None:
    bench.view("core_contact", as_name="contact_before")
    columns = "* replace (null::varchar as ivr_node_code)"
    files = bench.write("core_contact", f"select {columns} from contact_before")
    kept = bench.lake.files("core_contact")
    try:
        bench.lake.replace("core_contact", every_row(), files)
        report = find_trouble(home, bench, "2026-03")
        assert report.not_measured == ("ivr_node",)
        found = rows(
            bench, "select source_code, verdict_code from mart_trouble_source where dimension_code = 'ivr_node'"
        )
        assert found == [("unknown", "not_known")]
        page = (home.root / "reports/trouble/2026-03/index.en.html").read_text("utf-8")
        assert "Not measured: no contact of the month says its menu node" in page
    finally:
        bench.lake.replace("core_contact", every_row(), kept)


def test_a_first_month_says_that_it_compares_with_the_same_month(home: Home, bench: Workbench) -> None:
    report = find_trouble(home, bench, "2026-01")
    assert report.history == ()
    found = rows(bench, "select distinct basis_code from mart_trouble_source where month = '2026-01'")
    assert set(found) == {("dimension",), ("none",)}
    assert "No closed month before" in (home.root / "reports/trouble/2026-01/index.en.html").read_text("utf-8")


def test_months_that_are_held_against_a_month_are_looked_at_again(home: Home, bench: Workbench) -> None:
    bench.lake.replace("mart_trouble_source", every_row(), [])
    assert find_month_trouble(home, bench, "2026-02")["remade"] == ()
    assert find_month_trouble(home, bench, "2026-03")["remade"] == ()
    assert find_month_trouble(home, bench, "2026-02")["remade"] == ("2026-03",)


def test_an_open_month_and_a_broken_rule_are_refused(home: Home, bench: Workbench) -> None:
    with pytest.raises(TroubleError, match=r"2026-04 is not closed; close it first \(mend month 2026-04\)"):
        find_trouble(home, bench, "2026-04")
    folder = home.root / "rules" / "trouble"
    folder.mkdir(parents=True)
    text = (Path(__file__).parents[4] / "include/mend/prevention/trouble/rules/1990-01-01.yaml").read_text("utf-8")
    text = text.replace("valid_from: 1990-01-01", "valid_from: 2026-02-01")
    for old, new, said in (
        ("top: 10", "top: 0", "sources: top"),
        ("ivr_node: [ivr]", "ivr_nod: [ivr]", "unknown: ivr_nod"),
        ("[1, 2, 3, 4, 6, 8]", "[2, 1]", "windows must rise"),
        ("gap_hours: 1", "gap_hour: 1", "outages: gap_hour"),
    ):
        (folder / "2026-02-01.yaml").write_text(text.replace(old, new), "utf-8")
        with pytest.raises(TroubleRuleError, match=said) as raised:
            find_trouble(home, bench, "2026-03")
        assert "2026-02-01.yaml" in str(raised.value)


def test_the_step_of_the_chain_records_its_counts(home: Home) -> None:
    counts = run_step(step("trouble"), home, whole_month("2026-03"), {})
    assert counts["month"] == "2026-03"
    assert counts["top"] >= 1  # type: ignore[operator]


def test_the_pages_and_the_command_speak_both_languages(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for language, words in (("en", "Menu node plans"), ("zh", "菜单节点套餐办理")):
        trouble(Namespace(month="2026-03", lang=language), home)
        assert words in capsys.readouterr().out
        page = (home.root / f"reports/trouble/2026-03/index.{language}.html").read_text("utf-8")
        assert words in page
        assert "<svg" in page
        picture = (home.root / f"reports/trouble/2026-03/trend.{language}.svg").read_text("utf-8")
        assert {"en": "menu node plans", "zh": "菜单节点 套餐办理"}[language] in picture
    assert "2026-01" in picture
