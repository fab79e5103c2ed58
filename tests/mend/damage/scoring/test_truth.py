"""On a simulated world the ledger and the months' scores agree with the planted truth, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Template, fresh_home

from mend.damage.closing import close_month
from mend.damage.scoring import score
from mend.damage.scoring.measured import EVERYTHING
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS
from mend.simulate import core_parquet, simulate

CUSTOMERS, SEED = 700, 11
MONTHS = ("2026-05", "2026-06")
DAYS = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(61)]
ENTRY = (
    "customer_id, posted_on, posted_at, entry_kind_code, indicator_id, subject_kind_code, subject_id, cause_id, "
    "incident_id, points"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world's truth, and its clean rows in the core tables' shape."""
    folder = tmp_path_factory.mktemp("world")
    simulate(folder / "told", CUSTOMERS, MONTHS[0], 2, SEED, dirty=False)
    core_parquet(folder / "core", CUSTOMERS, MONTHS[0], 2, SEED)
    return folder


@pytest.fixture(scope="module", params=[1, 3], ids=["one share", "three shares"])
def scored(
    request: pytest.FixtureRequest, world: Path, template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workbench]:
    """The world scored in one run over both months, and both closed."""
    with fresh_home(template, tmp_path_factory.mktemp("truth")) as home, Workbench.open(home) as bench:
        _put_core(bench, world / "core")
        score(home, bench, DAYS, loaded=DAYS, provided=EVERYTHING, shares=request.param)
        for month in MONTHS:
            close_month(home, bench, month, provided=EVERYTHING)
        bench.execute(f"create temp view truth_ledger as from read_parquet('{world}/told/truth/ledger.parquet')")
        bench.execute(f"create temp view truth_month as from read_parquet('{world}/told/truth/month.parquet')")
        bench.view("mart_damage_ledger")
        bench.view("mart_damage_month")
        yield bench


def test_every_ledger_row_is_the_truth_s_and_none_is_missing(scored: Workbench) -> None:
    mine, truth = f"select {ENTRY} from mart_damage_ledger", f"select {ENTRY} from truth_ledger"
    assert scored.sql(f"{mine} except all {truth}") == []
    assert scored.sql(f"{truth} except all {mine}") == []


def test_every_indicator_and_credit_occurs(scored: Workbench) -> None:
    assert scored.sql("select count(distinct indicator_id) from mart_damage_ledger") == [(44,)]


def test_scores_of_both_months_are_the_truth_s(scored: Workbench) -> None:
    query = """
        select count(*), count(case when abs(mine.score - truth.score) > 0.01 then 1 end),
            count(case when mine.customer_id is null then 1 end)
        from (select * from truth_month where score > 0) truth
        left join mart_damage_month mine
            on truth.customer_id = mine.customer_id and strftime(truth.month_on, '%Y-%m') = mine.month"""
    total, different, missing = scored.sql(query)[0]
    assert total > CUSTOMERS / 2
    assert (different, missing) == (0, 0)


def test_what_was_decided_after_the_month_s_end_is_posted_in_the_next(scored: Workbench) -> None:
    later = """select count(*) from mart_damage_ledger join core_contact on subject_id = contact_id
        where month(posted_on) = 6 and month(started_on) = 5"""
    scored.view("core_contact")
    assert scored.sql(later)[0][0] > 0


def _put_core(bench: Workbench, folder: Path) -> None:
    for record in (*RECORDS, "ticket_version"):
        if (folder / record).is_dir():
            bench.execute(
                f"create or replace temp view incoming as from read_parquet('{folder}/{record}/**/*.parquet', "
                f"hive_partitioning = false)"
            )
            bench.replace(f"core_{record}", "select * from incoming", every_row())


def test_the_home_fixture_is_fresh(home: Home) -> None:
    with Workbench.open(home) as bench:
        assert bench.lake.row_count("mart_damage_ledger") == 0
