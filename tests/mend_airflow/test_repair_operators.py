"""The month's list, what became of it, and its effect, as Airflow runs them."""

from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from sqlalchemy import text
from tests.mend.repair.outcomes.test_following import GATE, JANUARY, put_version, register
from tests.mend_airflow.test_operators import OUTLET, context

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend_airflow.operators import CampaignListOperator, EffectEvaluationOperator, RepairOutcomeOperator


@pytest.fixture(autouse=True)
def in_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEND_HOME", str(home.root))
    for name, value in home.settings.items():
        monkeypatch.setenv(name, value)


def test_a_list_of_a_month_that_is_not_closed_fails_at_once_and_says_what_to_do(home: Home) -> None:
    with pytest.raises(AirflowFailException, match="2026-02 is not closed"):
        CampaignListOperator(task_id="campaign_list", outlets=[OUTLET]).execute(context("2026-02"))


def test_where_no_list_was_published_there_is_nothing_to_follow(home: Home) -> None:
    given = context()  # a run of March without a month looks two months back
    with pytest.raises(AirflowSkipException, match="no list of 2026-01 was published"):
        RepairOutcomeOperator(task_id="outcomes", outlets=[OUTLET]).execute(given)
    assert given["outlet_events"][OUTLET].keys == []


def test_a_published_list_is_followed_and_said_of_its_damage_month(home: Home, bench: Workbench) -> None:
    row = GATE | {"customer_id": "A", "place": "0", "outcome_code": "deferred", "arm_code": "offered"}
    put_version(bench, "mart_campaign_gate", [row])
    register(home, "published")
    given = context()
    counts = RepairOutcomeOperator(task_id="outcomes", outlets=[OUTLET]).execute(given)
    assert counts == {
        "month": JANUARY,
        "versions": ["1"],
        "rows": 1,
        "done": 0,
        "is_over": False,
        "is_seen_after": False,
    }
    assert given["outlet_events"][OUTLET].keys == [JANUARY]
    with operations.transaction(home.database_url) as connection:
        recorded = connection.execute(text("select step_code, from_on from run_step")).fetchall()
    assert [(step, str(day)) for step, day in recorded] == [("outcomes", "2026-01-01")]


def test_an_effect_of_a_month_without_outcomes_fails_at_once(home: Home) -> None:
    with pytest.raises(AirflowFailException, match="2026-01"):
        EffectEvaluationOperator(task_id="effect").execute(context())
