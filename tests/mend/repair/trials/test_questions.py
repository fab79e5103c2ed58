"""A question about a list, from the page to the answer that the task puts on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.mend.repair.campaign.worlds import MAY, Somebody, put_strategies, put_world

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import CampaignError, versions_of, what_if
from mend.repair.trials import step
from mend.repair.trials.changes import changes_of
from mend.repair.trials.errors import TrialError
from mend.repair.trials.questions import Trial, ask, read_trial, trials_of
from mend.repair.trials.rules import rules_of_list

LIST = f"{MAY}-v1"
AT = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
ALONE = {
    code: {"audience": "level > 4", "hold_out_share": 0.0}
    for code in (
        "priority_access", "dropped_call_care", "rebate", "manager_visit", "sms_consolidation", "special_resources",
        "alternative_remedy",
    )
}  # fmt: skip


@pytest.fixture
def world(home: Home, bench: Workbench) -> Home:
    """Four damaged customers of one city, and seats for two of them."""
    callback = {"audience": "level >= 1", "hold_out_share": 0.0, "city_capacity": {"default": 2}}
    put_strategies(home.root / "strategies", ALONE | {"phone_callback": callback}, universal_hold_out_share=0.0)
    put_world(home, bench, [Somebody(name, level=level) for name, level in zip("ABCD", (4, 3, 2, 1), strict=True)])
    return home


def asked(home: Home, who: str = "wang", **given: str) -> Trial:
    rules = rules_of_list(home, LIST)
    changes = changes_of(rules, "phone_callback", given)
    with operations.transaction(home.database_url) as connection:
        return ask(connection, LIST, "phone_callback", changes, rules.digest, who, AT)


def read(home: Home, trial_id: int) -> Trial:
    with operations.transaction(home.database_url) as connection:
        return read_trial(connection, trial_id)


def rows(trial: Trial, side: str) -> Any:
    assert trial.answer is not None
    return trial.answer[side]["rows"]


def test_one_more_seat_is_answered_with_counts_yuan_and_prices_of_both_sides(world: Home, bench: Workbench) -> None:
    question = asked(world, city_capacity="default: 3")
    assert step.answer(world, question.trial_id, LATER) == {"comes": 1, "goes": 0, "changes": 0}
    told = read(world, question.trial_id)
    assert (told.state_code, told.answered_at, told.asked_by) == ("answered", LATER, "wang")
    assert (rows(told, "today"), rows(told, "other")) == ({"phone_callback": 2}, {"phone_callback": 3})
    assert told.answer is not None
    assert (told.answer["today"]["cost"], told.answer["other"]["cost"]) == (
        {"phone_callback": 16},
        {"phone_callback": 24},
    )
    assert told.answer["today"]["outcomes"] == {"listed": 2, "deferred": 2}
    (price,) = told.answer["today"]["prices"]
    assert (price["resource_code"], price["capacity"], price["used"]) == ("seat", 2, 2)
    gained = told.answer["other"]["benefit"] - told.answer["today"]["benefit"]
    assert price["value_of_one_more"] == pytest.approx(gained)
    assert not any(name in str(told.answer) for name in ("'A'", "'B'", "'C'", "'D'")), "no customer is named"
    assert versions_of(bench, MAY) == []


def test_the_answer_is_the_commands(world: Home, bench: Workbench) -> None:
    """A threshold: nobody under level 3."""
    question = asked(world, audience="level >= 3")
    step.answer(world, question.trial_id, LATER)
    callback = {"audience": "level >= 3", "hold_out_share": 0.0, "city_capacity": {"default": 2}}
    other = put_strategies(world.root / "other", ALONE | {"phone_callback": callback}, universal_hold_out_share=0.0)
    report = what_if(world, bench, MAY, other)
    assert read(world, question.trial_id).answer == step.content_of(report, rules_of_list(world, LIST))


def test_the_same_question_is_asked_and_answered_once(world: Home) -> None:
    first = asked(world, city_capacity="default: 3")
    assert asked(world, "li", city_capacity="default：3").trial_id == first.trial_id
    step.answer(world, first.trial_id, LATER)
    assert step.answer(world, first.trial_id, LATER + dt.timedelta(days=1)) == {"comes": 1, "goes": 0, "changes": 0}
    assert read(world, first.trial_id).answered_at == LATER
    other = asked(world, city_capacity="default: 4")
    with operations.transaction(world.database_url) as connection:
        assert [each.trial_id for each in trials_of(connection, LIST)] == [other.trial_id, first.trial_id]
        assert trials_of(connection, "2026-05-v2") == []


def test_what_cannot_be_answered_says_why_and_may_be_asked_again(home: Home) -> None:
    question = asked(home, capacity_per_month="5")
    with pytest.raises(CampaignError, match="is not closed"):
        step.answer(home, question.trial_id, LATER)
    told = read(home, question.trial_id)
    assert (told.state_code, told.answer) == ("failed", None)
    assert "mend month 2026-05" in str(told.problem_text)
    assert asked(home, capacity_per_month="5").trial_id != question.trial_id
    with pytest.raises(TrialError, match="no question 99"):
        step.answer(home, 99, LATER)


def test_an_outage_leaves_the_question_open(world: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    question = asked(world, city_capacity="default: 3")

    def broken(*_: object) -> None:
        raise ConnectionError("away")

    monkeypatch.setattr(step, "what_if", broken)
    with pytest.raises(ConnectionError):
        step.answer(world, question.trial_id, LATER)
    assert read(world, question.trial_id).state_code == "asked"
    monkeypatch.undo()
    assert step.answer(world, question.trial_id, LATER)["comes"] == 1
