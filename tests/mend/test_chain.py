"""The walk along a chain's steps: their order, what a failure stops, and what is said at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from inspect import signature
from pkgutil import resolve_name

import pytest

from mend import chain
from mend.chain import Done, Step, run_step_at, walk
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import Period, whole_month
from mend.foundation.pipeline.workbench import Workbench

DAY = dt.date(2026, 3, 5)
PERIOD = Period(DAY, DAY)
ALL = (*chain.NIGHT, *chain.MONTH, *chain.CAMPAIGN, *chain.EFFECT, *chain.MINUTES, *chain.WEEK)


def good(_: Home, __: Workbench, days: Sequence[dt.date]) -> dict[str, int]:
    return {"days": len(days)}


def bad(_: Home, __: Workbench, days: Sequence[dt.date]) -> None:
    raise ValueError(f"bad on {days[0]}")


def worse(_: Home, __: Workbench, ___: Sequence[dt.date]) -> None:
    raise ValueError("this is missing")


def names(_: Home, __: Workbench, ___: Sequence[dt.date], *, given: list[str]) -> dict[str, list[str]]:
    return {"names": given}


def one(_: Home, __: Workbench, ___: Sequence[dt.date], *, name: str, paths: Sequence[str] = ()) -> dict[str, object]:
    if name == "broken":
        raise ValueError("broken")
    return {"name": name, "paths": list(paths)}


def say_month(_: Home, __: Workbench, month: str) -> dict[str, str]:
    return {"month": month}


def look(_: Home, at: dt.datetime) -> dict[str, str]:
    return {"at": at.isoformat()}


def own(name: str) -> str:
    return f"{__name__}:{name}"


def test_steps_run_in_order_and_are_recorded_with_their_counts(home: Home) -> None:
    steps = (Step("first", own("good")), Step("second", own("say_month"), ("first",), takes="month"))
    done = list(walk(steps, home, whole_month("2026-02"), {}))
    assert [(each.name, each.counts) for each in done] == [("first", {"days": 28}), ("second", {"month": "2026-02"})]
    recorded = operations.steps(home.database_url)
    assert [(each["step_code"], str(each["from_on"]), str(each["to_on"])) for each in recorded] == [
        ("second", "2026-02-01", "2026-02-28"),
        ("first", "2026-02-01", "2026-02-28"),
    ]


def test_a_walk_ends_where_a_person_decides(home: Home) -> None:
    steps = (
        Step("first", own("good")),
        Step("ask", own("bad"), ("first",), decided=True),
        Step("then", own("bad"), ("ask",)),
        Step("beside", own("good"), ("first",)),
    )
    assert [each.name for each in walk(steps, home, PERIOD, {})] == ["first", "beside"]


def test_after_a_failure_only_those_go_on_that_say_so_and_the_first_error_is_raised(home: Home) -> None:
    steps = (
        Step("a", own("bad")),
        Step("b", own("good"), ("a",)),
        Step("c", own("good"), ("b",)),
        Step("d", own("good"), ("a",), goes_on=True),
        Step("e", own("good"), ("d",)),
    )
    done: list[Done] = []
    with pytest.raises(ValueError, match="bad on 2026-03-05"):
        done.extend(walk(steps, home, PERIOD, {}))
    assert [each.name for each in done] == ["a", "d", "e"]


def test_the_error_of_the_last_step_says_more_than_that_of_the_first(home: Home) -> None:
    steps = (Step("a", own("bad")), Step("last", own("worse"), ("a",), goes_on=True))
    with pytest.raises(ValueError, match="this is missing"):
        list(walk(steps, home, PERIOD, {}))


def test_a_step_for_each_word_runs_for_each_and_one_that_fails_holds_up_no_other(home: Home) -> None:
    steps = (
        Step("names", own("names"), params=("given",)),
        Step("one", own("one"), ("names",), params=("paths",), each="name"),
        Step("after", own("good"), ("one",)),
    )
    found: list[Done] = []
    with pytest.raises(ValueError, match="broken"):
        found.extend(walk(steps, home, PERIOD, {"given": ["x", "broken", "y"], "paths": ["p"]}))
    assert [(each.name, each.part, each.error is None) for each in found] == [
        ("names", "", True),
        ("one", "x", True),
        ("one", "broken", False),
        ("one", "y", True),
    ]


def test_some_of_the_steps_run_alone_and_one_that_is_none_is_named(home: Home) -> None:
    steps = (Step("a", own("bad")), Step("b", own("good"), ("a",)))
    assert [each.name for each in walk(steps, home, PERIOD, {}, only=["b"])] == ["b"]
    with pytest.raises(LookupError, match="no step z"):
        list(walk(steps, home, PERIOD, {}, only=["z"]))


def test_a_step_of_minutes_looks_at_its_moment(home: Home) -> None:
    at = dt.datetime(2026, 3, 5, 10, 2, tzinfo=dt.UTC)
    assert run_step_at(Step("look", own("look"), takes="moment"), home, at) == {"at": "2026-03-05T10:02:00+00:00"}


@pytest.mark.parametrize("step", [each for each in ALL if not each.decided], ids=lambda step: step.name)
def test_a_steps_function_takes_what_the_step_gives_it(step: Step) -> None:
    parameters = list(signature(resolve_name(step.function)).parameters.values())
    places = [each for each in parameters if each.kind is not each.KEYWORD_ONLY and each.default is each.empty]
    assert len(places) == (2 if step.takes == "moment" else 3)
    given = {*step.params, *([step.each] if step.each else [])}
    assert given <= {each.name for each in parameters}
    required = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY and each.default is each.empty}
    assert required <= given


@pytest.mark.parametrize("steps", [chain.NIGHT, chain.MONTH, chain.CAMPAIGN, chain.EFFECT, chain.MINUTES, chain.WEEK])
def test_a_step_comes_after_those_it_waits_for(steps: tuple[Step, ...]) -> None:
    for number, each in enumerate(steps):
        assert set(each.after) <= {before.name for before in steps[:number]}


def test_each_step_has_a_name_of_its_own_and_is_found_by_it() -> None:
    assert [chain.step(each.name) for each in ALL] == list(ALL)
    with pytest.raises(LookupError):
        chain.step("none")


def test_what_is_run_again_of_a_night_is_part_of_it() -> None:
    night = [each.name for each in chain.NIGHT]
    for names in (chain.RECOMPUTING, chain.REBUILDING):
        assert set(names) <= set(night)
