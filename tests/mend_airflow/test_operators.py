"""What every step does alike: a recorded run, small counts, asset events, and failures of two kinds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import Asset
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from sqlalchemy.exc import OperationalError

from mend.chain import Step
from mend.foundation import operations
from mend.foundation.counts import small
from mend.foundation.home import Home
from mend.foundation.lake import LakeError
from mend.foundation.periods import whole_month
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.server import ServerError
from mend_airflow.hooks.mend import home_of
from mend_airflow.operators import DueMonthsOperator, MonthStepOperator, StepOperator

OUTLET = Asset("out", uri="mend://out")
NIGHT = dt.datetime(2026, 3, 5, 17, 30, tzinfo=dt.UTC)


@dataclass
class Event:
    """What a task says of an asset."""

    extra: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    def add_partitions(self, keys: list[str]) -> None:
        self.keys += keys


def count(_: Home, bench: Workbench, days: list[dt.date]) -> dict[str, Any]:
    return {"days": len(days), "tables": len(bench.lake.table_names()) > 10}


def fail(_: Home, __: Workbench, days: list[dt.date], *, error: Exception) -> None:
    raise error


def say_month(_: Home, __: Workbench, month: str) -> dict[str, str]:
    return {"month": month}


class CountingOperator(StepOperator):
    """Counts its days."""

    step = Step("count", f"{__name__}:count")


class FailingOperator(StepOperator):
    """Raises what it is given."""

    step = Step("fail", f"{__name__}:fail")
    template_fields = ("error",)

    def __init__(self, *, error: Exception, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error = error


class MonthOperator(MonthStepOperator):
    """Says its month."""

    step = Step("month", f"{__name__}:say_month", takes="month")


def context(key: str | None = None, **params: str) -> dict[str, Any]:
    run = SimpleNamespace(partition_key=key, run_after=NIGHT)
    return {"dag_run": run, "params": params, "logical_date": None, "outlet_events": defaultdict(Event)}


@pytest.fixture(autouse=True)
def in_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEND_HOME", str(home.root))
    for name, value in home.settings.items():
        monkeypatch.setenv(name, value)


def test_a_step_records_its_run_and_gives_its_counts(home: Home) -> None:
    given = context(from_day="2026-01-30", to_day="2026-02-02")
    counts = CountingOperator(task_id="count", outlets=[OUTLET]).execute(given)
    assert counts == {"days": 4, "tables": True}
    recorded = operations.steps(home.database_url)[0]
    assert (recorded["step_code"], recorded["state_code"], recorded["counts"]) == ("count", "done", counts)
    assert (str(recorded["from_on"]), str(recorded["to_on"])) == ("2026-01-30", "2026-02-02")


def test_a_step_gives_its_asset_an_event_for_each_day_with_the_counts(home: Home) -> None:
    given = context(from_day="2026-01-31", to_day="2026-02-01")
    CountingOperator(task_id="count", outlets=[OUTLET]).execute(given)
    event = given["outlet_events"][OUTLET]
    assert (event.keys, event.extra) == (["2026-01-31", "2026-02-01"], {"days": 2, "tables": True})


def test_without_key_and_parameters_a_step_is_for_the_day_before(home: Home) -> None:
    given = context()
    CountingOperator(task_id="count", outlets=[OUTLET]).execute(given)
    assert given["outlet_events"][OUTLET].keys == ["2026-03-05"]


def test_a_month_step_gives_its_asset_one_event_for_the_month(home: Home) -> None:
    given = context("2026-02")
    assert MonthOperator(task_id="month", outlets=[OUTLET]).execute(given) == {"month": "2026-02"}
    assert given["outlet_events"][OUTLET].keys == ["2026-02"]


def test_bad_data_fails_at_once_and_names_the_reason(home: Home) -> None:
    with pytest.raises(AirflowFailException, match="LakeError: no table core_x in the schema"):
        FailingOperator(task_id="fail", error=LakeError("no table core_x in the schema")).execute(context())
    recorded = operations.steps(home.database_url)[0]
    assert (recorded["state_code"], recorded["message"]) == ("failed", "LakeError")


def test_a_day_that_is_none_fails_at_once(home: Home) -> None:
    with pytest.raises(AirflowFailException, match="'2026-02-30' is not a day"):
        CountingOperator(task_id="count").execute(context(from_day="2026-02-30"))


@pytest.mark.parametrize(
    "outage",
    [
        OperationalError("select 1", {}, Exception("gone")),
        ServerError("no server"),
        ConnectionError("reset"),
        OSError("full"),
    ],
)
def test_an_outage_goes_on_as_it_is_so_that_airflow_tries_again(home: Home, outage: Exception) -> None:
    with pytest.raises(type(outage)):
        FailingOperator(task_id="fail", error=outage).execute(context())


def test_no_month_is_due_while_nothing_is_loaded(home: Home) -> None:
    with pytest.raises(AirflowSkipException):
        DueMonthsOperator(task_id="due_months", outlets=[OUTLET]).execute(context("2026-03-05"))


def test_of_several_due_months_the_first_and_the_last_start_the_monthly_chain(home: Home) -> None:
    given = context("2026-03-31")
    operator = DueMonthsOperator(task_id="due_months", outlets=[OUTLET])
    operator.announce(given, whole_month("2026-03"), {"months": ["2026-01", "2026-02", "2026-03"]})
    assert given["outlet_events"][OUTLET].keys == ["2026-01", "2026-03"]


def test_one_due_month_starts_the_monthly_chain_once(home: Home) -> None:
    given = context("2026-03-31")
    operator = DueMonthsOperator(task_id="due_months", outlets=[OUTLET])
    operator.announce(given, whole_month("2026-03"), {"months": ["2026-03"]})
    assert given["outlet_events"][OUTLET].keys == ["2026-03"]


def test_counts_stay_small() -> None:
    many = [dt.date(2026, 1, 1)] * 1000
    assert small({"days": many, "nested": {"rows": 2}, "rows": [("a", 1)]}) == {
        "days": 1000,
        "nested_rows": 2,
        "rows": 1,
    }


def test_a_connection_describes_a_home_that_the_environment_does_not(tmp_path: Any) -> None:
    extra = {"home": str(tmp_path), "warehouse": "s3://lake", "catalog_url": "postgresql+psycopg://c/lake"}
    home = home_of(extra, {"MEND_LAKE": "s3://other"})
    assert (home.root, home.warehouse, home.catalog_url) == (tmp_path, "s3://other", "postgresql+psycopg://c/lake")
