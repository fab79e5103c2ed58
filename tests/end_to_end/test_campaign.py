"""A world that reacts to its repair campaigns: the planted help is found, the planted harm too, and nothing is claimed
where nothing is; while the figures before and after look splendid.
"""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.end_to_end.campaign_world import (
    HARMS,
    HELPS,
    NOTHING,
    OUTCOMES,
    STRONG,
    TWO,
    USUAL,
    Found,
    found_and_true,
    naive,
    reactions,
    refused,
    write_strategies,
)
from tests.end_to_end.chain import night

from mend.care.survey.step import take_in_night
from mend.damage.closing import close_month
from mend.foundation import operations, server
from mend.foundation.home import Home
from mend.foundation.periods import Period, days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import record_grumbles
from mend.repair.campaign import make_campaign
from mend.repair.effect import evaluate
from mend.repair.outcomes.step import follow_campaigns
from mend.repair.publishing import decide, publish, register, summarise
from mend.simulate import simulate
from mend.simulate.lists import lists_of
from mend.simulate.reacting import react
from mend_airflow.local.demo import up
from mend_airflow.local.errors import LocalError
from mend_airflow.local.ports import free_ports
from mend_airflow.local.rest import Airflow
from mend_airflow.local.runs import Step, follow, wait_for_dag
from mend_airflow.local.screen import Screen
from mend_airflow.local.services import Services
from mend_airflow.local.startup import client_of, wait_until_healthy

JANUARY, FEBRUARY = "2026-01", "2026-02"
MARCH_1 = dt.date(2026, 3, 1)
FIRST_OF_FEBRUARY = dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC)
DAGS = ("mend_nightly", "mend_monthly", "mend_campaign", "mend_effect")
APPROVAL = "/dags/mend_campaign/dagRuns/{run}/taskInstances/approve/-1/hitlDetails"
WAIT_SECONDS = 300


def test_a_small_world_of_strong_effects(home: Home) -> None:
    simulate(home.inbox, 1500, JANUARY, 3, 5, dirty=False)
    write_strategies(home, TWO)
    live(home, JANUARY)
    with Workbench.open(home) as bench:
        made = make_campaign(home, bench, JANUARY)
        list_id = register(home, summarise(home, bench, JANUARY), FIRST_OF_FEBRUARY).list_id
        with operations.transaction(home.database_url) as connection:
            decided = {
                "approvers": ["admin"],
                "at": FIRST_OF_FEBRUARY,
                "through": "test",
                "bias_reason": "two trials",
            }
            decide(connection, list_id, "admin", "approved", **decided)
        publish(home, bench, list_id, "admin", FIRST_OF_FEBRUARY, "test")
        given = lists_of(home, bench)
    assert made.held_out > 100, made.gated
    assert made.listed > 100
    react(home.inbox, given, operations.loaded_dates(home.database_url), reactions=reactions(STRONG))
    live(home, FEBRUARY, MARCH_1)
    with Workbench.open(home) as bench:
        assert follow_campaigns(home, bench, JANUARY)["is_seen_after"]
        evaluate(home, bench, JANUARY)
        found = found_and_true(bench, home.inbox, JANUARY)
        assert {(code, outcome) for code in TWO for outcome in OUTCOMES} == set(found), refused(bench, JANUARY)
    # So many complain here that the surveys about their tickets, not the campaign's, make most of the ratings.
    check({key: each for key, each in found.items() if key[1] != "rating"})
    for outcome in ("complaint", "churn"):
        assert found[HELPS, outcome].verdict == "helps"
    assert found[HARMS, "churn"].verdict == "harms"


def live(home: Home, month: str, *more: dt.date) -> None:
    """The month's nights and its close, as the DAGs order them."""
    days = [*days_of(month), *more]
    night(home, home.inbox, days)
    with Workbench.open(home) as bench:
        record_grumbles(home, bench, days)
        take_in_night(home, bench, Period(days[0], days[-1]))  # whose number is whose
        close_month(home, bench, month)


def check(found: dict[tuple[str, str], Found]) -> None:
    """Every effect is near its truth, and where nothing was planted nothing is claimed."""
    assert {key: each for key, each in found.items() if not each.is_near} == {}
    nothing = [each for (code, _), each in found.items() if code == NOTHING]
    assert [each for each in nothing if each.truth != 0 or each.verdict != "no_proof"] == []


@pytest.fixture
def airflow_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home of its own, with the real local Airflow on a free port."""
    monkeypatch.setenv("MEND_PORT", str(free_ports(1)[0]))
    monkeypatch.setenv("MEND_ZONE", "Asia/Shanghai")
    made = Home.at(tmp_path / "home", {"MEND_ZONE": "Asia/Shanghai"})
    made.prepare()
    yield made
    Services(made).stop()
    server.stop(made)


@pytest.mark.long
def test_a_world_through_the_dags_with_a_persons_approval(airflow_home: Home) -> None:
    home, screen = airflow_home, Screen(io.StringIO())
    services = up(home, screen)
    simulate(home.inbox, 5000, JANUARY, 3, 11)
    write_strategies(home)
    airflow = client_of(services)
    wait_until_healthy(services, airflow, screen)
    for dag_id in DAGS:
        wait_for_dag(airflow, dag_id)
    run_month(airflow, JANUARY, days_of(JANUARY)[-1])
    airflow.trigger("mend_campaign", "january", {"month": JANUARY})
    wait_for_question(airflow, "january")
    with pytest.raises(LocalError, match="403"):
        answer(Airflow(services.address, "oncall", services.keys.passwords["oncall"]), "january", "Approve")
    answer(airflow, "january", "Approve", bias_reason="three trials, each in cities of its own")
    assert wait_for_end(airflow, "january") == {"campaign_list": "success", "approve": "success", "publish": "success"}
    assert decisions(home, JANUARY) == [("approved", "admin"), ("published", "mend")]
    with Workbench.open(home) as bench:
        given = lists_of(home, bench)
    react(home.inbox, given, operations.loaded_dates(home.database_url), reactions=reactions(USUAL))
    run_month(airflow, FEBRUARY, MARCH_1)
    airflow.trigger("mend_campaign", "february", {"month": FEBRUARY})
    wait_for_question(airflow, "february")
    answer(airflow, "february", "Reject", reason="the trial is over")
    assert wait_for_end(airflow, "february")["publish"] == "skipped"
    assert decisions(home, FEBRUARY) == [("refused", "admin")]
    follow(airflow, Step("mend_effect", "january", {"month": JANUARY}), screen)
    with Workbench.open(home) as bench:
        found = found_and_true(bench, home.inbox, JANUARY)
        planted = {(code, outcome) for code in (HELPS, NOTHING, HARMS) for outcome in OUTCOMES}
        assert planted == set(found), refused(bench, JANUARY)
        before, after = naive(bench, JANUARY, NOTHING, "recovered")
    check(found)
    assert {found[HELPS, outcome].verdict for outcome in ("complaint", "churn", "rating")} == {"helps"}
    # Where fewer are compared the correction for many outcomes leaves some a warning.
    harmed = {found[HARMS, outcome].verdict for outcome in ("complaint", "churn", "rating")}
    assert harmed in ({"harms"}, {"harms", "may_harm"})
    # Of those to whom nothing useful was done, far more are free of new damage than in the month before.
    assert after > 2 * before
    airflow.trigger("mend_effect", "february", {"month": FEBRUARY})
    assert wait_for_end(airflow, "february", "mend_effect") == {"outcomes": "skipped", "effect": "skipped"}


def run_month(airflow: Airflow, month: str, last: dt.date) -> None:
    """The nights up to a day, and the month's close."""
    screen = Screen(io.StringIO())
    first = days_of(month)[0]
    params = {"from_day": str(first), "to_day": str(last), "sources": ["simulator"]}
    follow(airflow, Step("mend_nightly", month, params), screen)
    follow(airflow, Step("mend_monthly", month, {"month": month}), screen)


def wait_for_question(airflow: Airflow, run: str) -> dict[str, Any]:
    """Until the approvers are asked: what they are shown."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        states = {task["task_id"]: task["state"] for task in airflow.tasks("mend_campaign", run)}
        assert "failed" not in states.values(), states
        try:
            asked = airflow.call("GET", APPROVAL.format(run=run))
        except LocalError:
            asked = {}
        if asked and not asked.get("response_received"):
            return asked
        time.sleep(2)
    raise AssertionError(f"nobody is asked about {run}: {states}")


def answer(airflow: Airflow, run: str, option: str, **words: str) -> None:
    body = {"chosen_options": [option], "params_input": {"reason": "", "bias_reason": ""} | words}
    airflow.call("PATCH", APPROVAL.format(run=run), body)


def wait_for_end(airflow: Airflow, run: str, dag_id: str = "mend_campaign") -> dict[str, str]:
    """The states of the run's tasks when it has ended."""
    deadline = time.monotonic() + WAIT_SECONDS
    while airflow.run_state(dag_id, run) not in ("success", "failed"):
        assert time.monotonic() < deadline, airflow.tasks(dag_id, run)
        time.sleep(2)
    return {task["task_id"]: task["state"] for task in airflow.tasks(dag_id, run)}


def decisions(home: Home, month: str) -> list[tuple[str, str]]:
    query = text(
        "select decision_code, decided_by from campaign_decision where list_id like :month || '-v%'"
        " order by decision_id"
    )
    with operations.transaction(home.database_url) as connection:
        return [tuple(row) for row in connection.execute(query, {"month": month})]
