"""Departments acknowledge, pass on, return and answer; everything is on record once, with who, when and why."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from tests.mend.prevention.routing.worlds import at

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.routing import Place, Problem, ProblemError, acts, routing_rules_of
from mend.prevention.routing.acts import passed_to, place_of, put_event, read_problem
from mend.prevention.routing.rules import SHIPPED

SERVICE, MARKET = Place("service", "province", "all"), Place("market", "province", "all")
NANJING, BRANCH = Place("service", "city", "nanjing"), Place("service", "branch", "nanjing")
ID = "2026-02-service-problem_solving"
BEGAN = "2026-03-03 00:00"
DETAILS = {
    "department": "service", "item": "problem_solving", "item_en": "Solving of problems", "item_zh": "问题解决",
    "city": "all", "source": "", "level": "province", "departments": ["service", "market"], "factors": [],
    "measure": "grumbles", "now": 90, "customers": 5000, "expected": 45.0, "ratio": 2.0, "low": 1.4, "high": 2.9,
}  # fmt: skip


class Problems:
    """A home with one problem: service is in charge, the market department supports it."""

    def __init__(self, home: Home) -> None:
        self.home, self.versions = home, routing_rules_of(home)
        values = {
            "round_number": 1, "event_code": "opened", "month": "2026-02", "at": at(BEGAN), "decided_by": "step",
            "decided_through": "a test", "details": DETAILS, "rules_from": dt.date(1990, 1, 1),
        }  # fmt: skip
        with operations.transaction(home.database_url) as connection:
            put_event(connection, ID, values)

    def do(self, act: Any, place: Place, *given: Any, when: str = "2026-03-03 09:00") -> Problem:
        with operations.transaction(self.home.database_url) as connection:
            made: Problem = act(connection, ID, place, *given, self.versions, at(when), "a test")
            return made

    def acknowledge(self, place: Place, by: str, when: str = "2026-03-03 09:00") -> Problem:
        return self.do(acts.acknowledge, place, by, when=when)

    def answer(self, place: Place, by: str, measure: str = "new script", when: str = "2026-03-03 09:00") -> Problem:
        return self.do(acts.answer, place, by, measure, when=when)

    def pass_on(self, place: Place, to: Place, by: str, reason: str = "theirs", when: str = BEGAN) -> Problem:
        return self.do(acts.pass_on, place, to, by, reason, when=when)

    def give_back(self, place: Place, by: str, reason: str = "not ours") -> Problem:
        return self.do(acts.give_back, place, by, reason)

    def now(self) -> Problem:
        with operations.transaction(self.home.database_url) as connection:
            return read_problem(connection, ID, self.versions)

    def states(self) -> dict[str, str]:
        return {str(each.place): each.state for each in self.now().current}


@pytest.fixture
def problems(home: Home, bench: Workbench) -> Problems:
    return Problems(home)


def test_each_department_has_its_own_part_and_all_must_answer(problems: Problems) -> None:
    assert problems.states() == {"service/province/all": "open", "market/province/all": "open"}
    problems.acknowledge(SERVICE, "service-lead")
    assert problems.now().state == "open"
    problems.acknowledge(MARKET, "market-lead")
    assert problems.now().state == "acknowledged"
    problems.answer(SERVICE, "service-lead")
    assert problems.now().state == "acknowledged"
    assert problems.answer(MARKET, "market-lead", when="2026-03-04 10:00").state == "answered"
    assert problems.now().answered_at == at("2026-03-04 10:00")


def test_the_same_step_twice_is_one(problems: Problems) -> None:
    for _ in range(2):
        problems.acknowledge(SERVICE, "service-lead")
    for _ in range(2):
        problems.pass_on(SERVICE, NANJING, "service-lead")
    for _ in range(2):
        problems.answer(NANJING, "service-city")
    for _ in range(2):
        problems.answer(SERVICE, "service-lead")
    codes = [each.event_code for each in problems.now().events]
    assert codes == ["opened", "acknowledged", "passed", "answered", "answered"]


def test_two_at_once_are_one(problems: Problems) -> None:
    errors: list[Exception] = []

    def answer(measure: str) -> None:
        try:
            problems.answer(SERVICE, "service-lead", measure)
        except ProblemError as error:
            errors.append(error)

    threads = [threading.Thread(target=answer, args=(words,)) for words in ("one", "one", "another", "another")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.event_code for each in problems.now().events] == ["opened", "answered"]
    assert len(errors) == 2
    assert {"was answered already" in str(error) for error in errors} == {True}


def test_pressure_goes_down_and_the_answer_comes_back_up_to_who_passed_it(problems: Problems) -> None:
    problems.pass_on(SERVICE, NANJING, "service-lead", "it is the city's shops")
    problems.pass_on(NANJING, BRANCH, "service-city", "the branch in the old town")
    assert problems.states()["service/province/all"] == "passed"
    with pytest.raises(ProblemError, match=r"it is with service/city/nanjing; their answer, or what they return"):
        problems.answer(SERVICE, "service-lead")
    problems.answer(BRANCH, "service-branch", "a second counter")
    assert problems.states()["service/city/nanjing"] == "acknowledged"
    problems.answer(NANJING, "service-city", "a second counter in the old town")
    assert problems.states()["service/province/all"] == "acknowledged"
    problems.answer(SERVICE, "service-lead", "counters by the number of customers")
    assert [each.measure_text for each in problems.now().current if each.measure_text] == [
        "counters by the number of customers", "a second counter in the old town", "a second counter",
    ]  # fmt: skip


def test_a_demand_goes_up_and_a_part_across(problems: Problems) -> None:
    problems.pass_on(SERVICE, NANJING, "service-lead")
    problems.pass_on(SERVICE, Place("network", "province", "all"), "service-lead", "cells of the shop")
    assert problems.states()["service/province/all"] == "passed"
    problems.give_back(NANJING, "service-city", "no shop there")
    problems.answer(Place("network", "province", "all"), "network-lead")
    assert problems.states() == {
        "service/province/all": "acknowledged",
        "market/province/all": "open",
        "service/city/nanjing": "returned",
        "network/province/all": "answered",
    }


def test_what_was_returned_may_be_passed_again(problems: Problems) -> None:
    problems.pass_on(SERVICE, NANJING, "service-lead")
    problems.give_back(NANJING, "service-city", "no numbers")
    problems.pass_on(SERVICE, NANJING, "service-lead", "here they are")
    assert [(str(each.place), each.state) for each in problems.now().current][2:] == [
        ("service/city/nanjing", "returned"),
        ("service/city/nanjing", "open"),
    ]


def test_passing_gives_nobody_more_time(problems: Problems) -> None:
    """Service has ten days; on the tenth the city still has the hours to acknowledge."""
    early = problems.pass_on(SERVICE, NANJING, "service-lead", when="2026-03-08 00:00").part(NANJING)
    late = problems.pass_on(SERVICE, Place("network", "province", "all"), "service-lead", when="2026-03-12 12:00")
    assert early is not None
    assert early.answer_by == at("2026-03-13 00:00")
    assert late.current[-1].answer_by == late.current[-1].acknowledge_by == at("2026-03-13 12:00")


def test_a_part_of_the_figures_cannot_be_returned(problems: Problems) -> None:
    with pytest.raises(ProblemError, match=r"nobody passed it to service/province/all: the figures did. Answer it, or"):
        problems.give_back(SERVICE, "service-lead")


@pytest.mark.parametrize(
    ("place", "to", "said"),
    [
        (SERVICE, BRANCH, "one level down or up in its own department"),
        (SERVICE, Place("market", "city", "nanjing"), "one level down or up in its own department"),
        (SERVICE, SERVICE, "passes a problem across"),
        (SERVICE, MARKET, r"market/province/all has its part already \(open\)"),
    ],
)
def test_a_part_goes_one_way_at_a_time(problems: Problems, place: Place, to: Place, said: str) -> None:
    with pytest.raises(ProblemError, match=said):
        problems.pass_on(place, to, "service-lead")


def test_only_a_departments_own_people_act_and_who_an_overdue_part_went_to(problems: Problems) -> None:
    with pytest.raises(ProblemError, match=r"'market-lead' may not act for service/province/all; those who may are"):
        problems.acknowledge(SERVICE, "market-lead")
    with pytest.raises(ProblemError, match="may not act"):
        problems.acknowledge(SERVICE, "customer-experience-lead", when="2026-03-03 23:00")
    overdue = problems.acknowledge(SERVICE, "customer-experience-lead", when="2026-03-04 01:00")
    assert overdue.current[0].acknowledged_by == "customer-experience-lead"


def test_who_may_act_is_said_by_the_rules_of_the_day(problems: Problems) -> None:
    """Deadlines stay those of the round."""
    folder = problems.home.root / "rules" / "routing"
    folder.mkdir(parents=True)
    text = (SHIPPED / "1990-01-01.yaml").read_text("utf-8").replace("1990-01-01", "2026-03-04")
    text = text.replace("[service-lead]", "[wang]").replace("answer_days: 10", "answer_days: 1")
    (folder / "2026-03-04.yaml").write_text(text, "utf-8")
    later = Problems.__new__(Problems)
    later.home, later.versions = problems.home, routing_rules_of(problems.home)
    with pytest.raises(ProblemError, match="may not act for service/province/all; those who may are service-lead"):
        later.acknowledge(SERVICE, "wang", when="2026-03-03 09:00")
    with pytest.raises(ProblemError, match="those who may are wang"):
        later.acknowledge(SERVICE, "service-lead", when="2026-03-04 00:00")
    part = later.acknowledge(SERVICE, "wang", when="2026-03-04 00:00").part(SERVICE)
    assert part is not None
    assert part.answer_by == at("2026-03-13 00:00")


@pytest.mark.parametrize("words", ["", "  ", "x" * 1001])
def test_an_answer_says_what_is_done_and_a_pass_and_a_return_say_why(problems: Problems, words: str) -> None:
    with pytest.raises(ProblemError, match=r"an answer says what is done|over 1000"):
        problems.answer(SERVICE, "service-lead", words)
    with pytest.raises(ProblemError, match=r"passed on with a reason|over 1000"):
        problems.pass_on(SERVICE, NANJING, "service-lead", words)


def test_a_part_and_a_problem_that_are_not_there_are_named(problems: Problems) -> None:
    with pytest.raises(ProblemError, match=r"has no part of service/city/nanjing; its parts are service/province/all"):
        problems.acknowledge(NANJING, "service-city")
    with (
        operations.transaction(problems.home.database_url) as connection,
        pytest.raises(ProblemError, match="there is no problem 'x'; `mend problems --month YYYY-MM` lists them"),
    ):
        read_problem(connection, "x", problems.versions)


def test_whose_part_it_is_may_be_left_out_where_there_is_one(problems: Problems) -> None:
    found = problems.now()
    assert place_of(found, "service", None, None) == SERVICE
    with pytest.raises(ProblemError, match=r"say whose part with --department .* service/province/all, market/"):
        place_of(found, None, None, None)
    problems.answer(MARKET, "market-lead")
    assert place_of(problems.now(), None, None, None) == SERVICE


def test_where_it_is_passed_to_keeps_what_is_not_said() -> None:
    assert passed_to(SERVICE, "network", None, None) == Place("network", "province", "all")
    assert passed_to(SERVICE, None, "city", "nanjing") == NANJING
    assert passed_to(NANJING, None, "branch", None) == BRANCH
    assert passed_to(NANJING, None, "province", None) == SERVICE
    with pytest.raises(ProblemError, match="say which city with --to-city"):
        passed_to(SERVICE, None, "city", None)
