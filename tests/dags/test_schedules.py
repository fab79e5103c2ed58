"""When the DAGs run, and how the nightly chain starts the monthly one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mend_airflow import assets, wiring
from mend_airflow.dag_files import load_dag


@pytest.fixture(autouse=True)
def shanghai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEND_ZONE", "Asia/Shanghai")
    monkeypatch.setenv("MEND_SCHEDULE", "on")


def scheduled(dag: Any) -> Any:
    """The DAG's timetable as the scheduler has it."""
    from airflow.serialization.serialized_objects import DagSerialization

    return DagSerialization.from_dict(DagSerialization.to_dict(dag)).timetable


def test_the_night_after_a_day_has_that_day_as_its_key() -> None:
    from airflow.timetables.base import TimeRestriction

    earliest = dt.datetime(2026, 3, 5, 16, 0, tzinfo=dt.UTC)  # midnight of 6 March in Shanghai
    info = scheduled(load_dag("mend_nightly")).next_dagrun_info_v2(
        last_dagrun_info=None, restriction=TimeRestriction(earliest=_pendulum(earliest), latest=None, catchup=True)
    )
    assert (info.partition_key, info.run_after.isoformat()) == ("2026-03-05", "2026-03-05T17:30:00+00:00")


def test_without_a_schedule_the_nightly_chain_still_takes_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEND_SCHEDULE", "off")
    timetable = scheduled(load_dag("mend_nightly"))
    assert (timetable.can_be_scheduled, timetable.partitioned_at_runtime) == (False, True)


def test_the_monthly_chain_starts_for_each_month_that_the_nightly_one_names() -> None:
    nightly, monthly = load_dag("mend_nightly"), load_dag("mend_monthly")
    assert nightly.get_task("due_months").outlets == [assets.MONTH_DUE]
    timetable = scheduled(monthly)
    assert [key.name for key, _ in timetable.asset_condition.iter_assets()] == ["mend_month_due"]
    mapper = timetable.get_partition_mapper(name="mend_month_due", uri="")
    assert mapper.to_downstream("2026-03") == "2026-03"


def test_a_campaign_starts_when_a_month_is_closed_and_clustered() -> None:
    monthly, campaign = load_dag("mend_monthly"), load_dag("mend_campaign")
    made = {outlet for task in monthly.tasks for outlet in task.outlets}
    assert {assets.DAMAGE_MONTH, assets.CUSTOMER_CLUSTER} <= made
    timetable = scheduled(campaign)
    names = sorted(key.name for key, _ in timetable.asset_condition.iter_assets())
    assert names == ["mend_customer_cluster", "mend_damage_month"]
    assert type(timetable.asset_condition).__name__ == "SerializedAssetAll"
    assert {timetable.get_partition_mapper(name=name, uri="").to_downstream("2026-03") for name in names} == {"2026-03"}


def test_the_effect_is_looked_at_on_the_5th() -> None:
    from airflow.timetables.base import TimeRestriction

    earliest = _pendulum(dt.datetime(2026, 3, 20, tzinfo=dt.UTC))
    restriction = TimeRestriction(earliest=earliest, latest=None, catchup=True)
    info = scheduled(load_dag("mend_effect")).next_dagrun_info_v2(last_dagrun_info=None, restriction=restriction)
    assert info.run_after.isoformat() == "2026-04-04T22:00:00+00:00"  # 06:00 on 5 April in Shanghai


def test_the_nightly_chain_runs_its_steps_in_this_order() -> None:
    tasks = [task.task_id for task in load_dag("mend_nightly").topological_sort()]
    assert tasks[:6] == ["answers", "sources", "extract", "quality", "core", "score"]
    assert sorted(tasks[6:]) == ["deliveries", "due_months", "grumbles", "incoming", "pages", "surveys", "warnings"]
    assert max(tasks.index(name) for name in ("incoming", "surveys", "due_months")) < tasks.index("deliveries")
    assert max(tasks.index(name) for name in ("warnings", "surveys")) < tasks.index("pages")
    assert tasks.index("grumbles") < tasks.index("warnings")


def test_the_enabled_sources_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEND_SOURCES_ENABLED", "bank, tickets")
    assert wiring.day_params()["sources"].value == ["bank", "tickets", "sms_survey"]
    monkeypatch.delenv("MEND_SOURCES_ENABLED")
    assert wiring.day_params()["sources"].value == ["simulator", "sms_survey"]


def _pendulum(moment: dt.datetime) -> Any:
    import pendulum

    return pendulum.instance(moment)
