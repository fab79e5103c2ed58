"""Corrective actions over the months: opened once, ended by the measure, never by a word alone."""

from __future__ import annotations

import datetime as dt

import pytest

from mend.foundation.periods import days_of
from mend.prevention.touchpoint.actions import Action, Answer, Judged, follow
from mend.prevention.touchpoint.scores import Estimate

KEY = ("queue", "operating")
SCORES = {"low": Estimate(3, 2.5, 3.5), "watch": Estimate(5.8, 5.2, 6.4), "high": Estimate(8, 7.5, 8.5)}
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")


def judged(level: str, month: str, **changes: object) -> Judged:
    due = days_of(month)[-1] + dt.timedelta(days=30)
    values = {
        "level": level, "score": SCORES.get(level), "basis": "measured", "formula": "f", "importance": 9.0,
        "due_on": due,
    }  # fmt: skip
    return Judged(**{**values, **changes})  # type: ignore[arg-type]


def said(state: str, day: str, opened: str = "2026-01") -> Answer:
    at = dt.datetime.fromisoformat(f"{day}T02:00:00+00:00")
    return Answer(f"queue-operating-{opened}", state, "lin", at, at.date(), "…")  # type: ignore[arg-type]


def walked(levels: str, *answers: Answer) -> list[str]:
    """Each month as `state why`, or nothing."""
    months = {
        month: {KEY: judged(level, month)} for month, level in zip(MONTHS, levels.split(), strict=False) if level != "-"
    }
    found = follow(months, answers)
    return [" + ".join(f"{each.opened_month} {each.state} {each.why}" for each in found[month]) for month in months]


CASES = {
    "low for months": ("low low low", [], ["open new", "open still_low", "overdue still_low"]),
    "high again": ("low high low", [], ["open new", "done no_longer_low", "2026-03 open new"]),
    "near the limit": ("low watch high", [], ["open new", "open not_sure", "done no_longer_low"]),
    "nobody knows": ("low unknown low", [], ["open new", "open not_known", "overdue still_low"]),
    "done by word alone": (
        "low low", [said("done", "2026-02-10")], ["open new", "open said_done_still_low"],
    ),
    "done and it rose": ("low watch", [said("done", "2026-02-10")], ["open new", "done done_and_better"]),
    "done, said a month later": (
        "low watch watch", [said("done", "2026-03-01")], ["open new", "open not_sure", "done done_and_better"],
    ),
    "done, and nobody knows": ("low unknown", [said("done", "2026-02-10")], ["open new", "open not_known"]),
    "dropped stays so while it is low": (
        "low low low high", [said("dropped", "2026-02-10")],
        ["open new", "dropped dropped", "dropped dropped", ""],
    ),
    "dropped and taken up again": (
        "low low low", [said("dropped", "2026-02-10"), said("open", "2026-03-10")],
        ["open new", "dropped dropped", "overdue still_low"],
    ),
    "a month in which nobody looked": ("low - low", [], ["open new", "overdue still_low"]),
    "never low": ("watch unknown high", [], ["", "", ""]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_action_over_the_months(case: str) -> None:
    levels, answers, expected = CASES[case]
    full = [text if not text or text.startswith("2026") else f"2026-01 {text}" for text in expected]
    assert walked(levels, *answers) == full


def test_an_answer_counts_up_to_the_end_of_the_months_last_day_however_late_it_is_made_again() -> None:
    before = walked("low watch", said("done", "2026-02-28"))
    assert before == ["2026-01 open new", "2026-01 done done_and_better"]
    assert walked("low watch", said("done", "2026-03-01"))[1] == "2026-01 open not_sure"


def test_importance_of_exactly_eight_opens_and_below_it_does_not() -> None:
    for importance, expected in ((8.0, 1), (7.99, 0), (None, 0)):
        months = {"2026-01": {KEY: judged("low", "2026-01", importance=importance)}}
        assert len(follow(months, [])["2026-01"]) == expected


def test_a_touchpoint_that_is_gone_or_no_longer_important_ends_its_action_and_says_so() -> None:
    first = {KEY: judged("low", "2026-01")}
    gone = follow({"2026-01": first, "2026-02": {}, "2026-03": {}}, [])
    assert [each.why for each in gone["2026-02"]] == ["gone"]
    assert gone["2026-03"] == []
    less = follow({"2026-01": first, "2026-02": {KEY: judged("low", "2026-02", importance=7)}}, [])
    assert [(each.state, each.why) for each in less["2026-02"]] == [("dropped", "not_important")]


def moved(now: Judged) -> Action:
    return follow({"2026-01": {KEY: judged("low", "2026-01")}, "2026-02": {KEY: now}}, [])["2026-02"][0]


def test_moved_is_said_by_the_interval_of_the_difference() -> None:
    cases = {
        "better": judged("low", "2026-02", score=Estimate(4.5, 4.2, 4.8)),
        "unchanged": judged("low", "2026-02", score=Estimate(3.5, 3.0, 4.0)),
        "worse": judged("low", "2026-02", score=Estimate(1.5, 1.2, 1.8)),
        "unknown": judged("low", "2026-02", formula="another"),
    }
    assert {name: moved(now).moved_code for name, now in cases.items()} == {name: name for name in cases}


def test_in_the_month_that_opened_it_nothing_can_have_moved() -> None:
    months = {month: {KEY: judged("low", month)} for month in MONTHS[:2]}
    assert [follow(months, [])[month][0].moved_code for month in MONTHS[:2]] == ["opened", "unchanged"]
    again = {"2026-01": {KEY: judged("low", "2026-01")}, "2026-02": {KEY: judged("high", "2026-02")},
             "2026-03": {KEY: judged("low", "2026-03")}}  # fmt: skip
    assert follow(again, [])["2026-03"][0].moved_code == "opened"


def test_a_measure_is_not_compared_with_ratings_and_one_rater_has_no_interval() -> None:
    assert moved(judged("low", "2026-02", basis="rated")).moved_code == "unknown"
    assert moved(judged("watch", "2026-02", has_interval=False)).moved_code == "unknown"


def test_both_aspects_have_actions_of_their_own() -> None:
    months = {"2026-01": {KEY: judged("low", "2026-01"), ("queue", "experience"): judged("low", "2026-01")}}
    assert [each.action_id for each in follow(months, [])["2026-01"]] == [
        "queue-experience-2026-01",
        "queue-operating-2026-01",
    ]
