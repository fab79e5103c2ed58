"""A month's close: what has become worse is opened once, goes on without a double, and is measured after its answer."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, insert, text
from tests.conftest import Template, fresh_home
from tests.mend.prevention.routing.worlds import MONTHS, NETWORK, PROBLEM, People, at, close, load

from mend.chain import run_step, step
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.operations.batches import LOADED_DAY
from mend.foundation.periods import whole_month
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.routing import RoutingError
from mend.prevention.routing.step import route, route_month

LATE = dt.date(2026, 7, 10)


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    with fresh_home(template, tmp_path_factory.mktemp("routing")) as home, Workbench.open(home) as bench:
        load(bench)
        yield home, bench


@pytest.fixture
def home(opened: tuple[Home, Workbench]) -> Iterator[Home]:
    """No problem has been opened yet."""
    home, bench = opened
    yield home
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("delete from problem_event"))
    for table in ("mart_routing_figure", "mart_routing_month"):
        bench.lake.replace(table, every_row(), [])
    shutil.rmtree(home.root / "rules", ignore_errors=True)
    close(bench, MONTHS)


@pytest.fixture
def bench(opened: tuple[Home, Workbench]) -> Workbench:
    return opened[1]


@pytest.fixture
def people(home: Home) -> People:
    return People(home)


def rows(bench: Workbench, table: str, query: str) -> list[tuple[Any, ...]]:
    bench.view(table, as_name="shown")
    return bench.sql(query)


def test_a_city_that_stands_out_opens_a_problem_of_its_department_once(
    home: Home, bench: Workbench, people: People
) -> None:
    first = route(home, bench, "2026-02")
    assert first.opened == (PROBLEM,)
    assert route(home, bench, "2026-02").opened == ()
    [problem] = people.problems().values()
    assert [str(each.place) for each in problem.parts] == ["network/city/nanjing"]
    assert (problem.details["now"], problem.details["expected"], problem.details["item_zh"]) == (120, 40.0, "通话质量")
    assert [each["code"] for each in problem.details["factors"]] == ["call_quality.dropped_calls"]
    assert problem.parts[0].began_at == at("2026-03-03 00:00")


def test_departments_have_all_of_their_time_when_a_month_is_closed_late(
    home: Home, bench: Workbench, people: People
) -> None:
    """All is loaded up to 10 July: February runs from the 11th, when it is looked at twice, too."""
    with operations.transaction(home.database_url) as connection:
        day = {"business_date": LATE, "core_loaded_at": "2026-07-10 23:00:00+08:00"}
        connection.execute(insert(LOADED_DAY).values(**day))
    try:
        route(home, bench, "2026-02")
    finally:
        with operations.transaction(home.database_url) as connection:
            connection.execute(delete(LOADED_DAY).where(LOADED_DAY.c.business_date == LATE))
    assert route(home, bench, "2026-02").opened == ()
    [part] = next(iter(people.problems().values())).parts
    assert (part.began_at, part.acknowledge_by, part.answer_by) == (
        at("2026-03-03 00:00"), at("2026-07-12 00:00"), at("2026-07-26 00:00"),
    )  # fmt: skip


def test_the_figures_say_what_stands_out_and_what_does_not(home: Home, bench: Workbench) -> None:
    route(home, bench, "2026-02")
    found = rows(
        bench,
        "mart_routing_figure",
        "select survey_item_code, city_code, grumbling_count, customer_count, verdict_code, explained_by_city_code, "
        "is_top from shown where month = '2026-02' order by all",
    )
    assert found == [
        ("billing_accuracy", "all", 150, 5000, "no_proof", None, False),
        ("billing_accuracy", "nanjing", 60, 2000, "no_proof", None, False),
        ("billing_accuracy", "suzhou", 90, 3000, "no_proof", None, False),
        ("network_quality", "all", 200, 5000, "no_proof", None, False),
        ("network_quality", "nanjing", 80, 2000, "no_proof", None, False),
        ("network_quality", "suzhou", 120, 3000, "no_proof", None, False),
        ("voice_quality", "all", 180, 5000, "worse", "nanjing", False),
        ("voice_quality", "nanjing", 120, 2000, "worse", None, True),
        ("voice_quality", "suzhou", 60, 3000, "no_proof", None, False),
    ]


def test_a_clean_month_opens_nothing(home: Home, bench: Workbench) -> None:
    report = route(home, bench, "2026-01")
    assert (report.top, report.opened, report.history) == (0, (), ())


def test_an_answer_in_time_is_measured_by_the_month_after_and_has_moved(
    home: Home, bench: Workbench, people: People
) -> None:
    route(home, bench, "2026-02")
    people.answer(PROBLEM, NETWORK, "network-city", when="2026-03-05 10:00")
    report = route(home, bench, "2026-03")
    assert (report.moved, report.opened, report.goes_on) == ((PROBLEM,), (), ())
    problem = people.problems()[PROBLEM]
    assert problem.state == "moved"
    measure = problem.events[-1]
    assert (measure.month, measure.details["now"], measure.details["then"]) == ("2026-03", 40, 120)
    assert measure.details["high"] < 1
    assert route(home, bench, "2026-03").moved == ()


def test_an_answer_late_in_the_month_waits_for_the_next_month(home: Home, bench: Workbench, people: People) -> None:
    """Of March only six days come after it."""
    route(home, bench, "2026-02")
    people.answer(PROBLEM, NETWORK, "network-city", when="2026-03-25 10:00")
    assert route(home, bench, "2026-03").moved == ()
    assert route(home, bench, "2026-04").moved == (PROBLEM,)


def test_a_problem_that_goes_on_is_linked_and_not_doubled(home: Home, bench: Workbench, people: People) -> None:
    load(bench, "40 | 120 | 130 | 40")
    try:
        route(home, bench, "2026-02")
        report = route(home, bench, "2026-03")
        assert (report.opened, report.goes_on) == ((), (PROBLEM,))
        assert route(home, bench, "2026-03").goes_on == ()
        assert list(people.problems()) == [PROBLEM]
        assert [each.event_code for each in people.problems()[PROBLEM].events] == ["opened", "goes_on"]
    finally:
        load(bench)


def test_an_answer_after_which_it_is_worse_again_begins_the_next_round(
    home: Home, bench: Workbench, people: People
) -> None:
    load(bench, "40 | 120 | 130 | 40")
    try:
        route(home, bench, "2026-02")
        people.answer(PROBLEM, NETWORK, "network-city", when="2026-03-05 10:00")
        assert route(home, bench, "2026-03").not_moved == (PROBLEM,)
        problem = people.problems()[PROBLEM]
        assert (problem.state, problem.round_number, [each.state for each in problem.current]) == ("open", 2, ["open"])
        again = people.answer(PROBLEM, NETWORK, "network-city", when="2026-04-04 10:00", measure="new cells")
        assert again.state == "answered"
        assert route(home, bench, "2026-04").moved == (PROBLEM,)
    finally:
        load(bench)


def test_a_measure_in_doubt_is_watched_and_claims_nothing(home: Home, bench: Workbench, people: People) -> None:
    """115 after 145, and 80 before it: no surely better month, and no surely worse one."""
    load(bench, "80 | 145 | 115 | 115")
    try:
        assert route(home, bench, "2026-02").opened == (PROBLEM,)
        people.answer(PROBLEM, NETWORK, "network-city", when="2026-03-05 10:00")
        report = route(home, bench, "2026-03")
        assert (report.not_sure, report.moved, report.not_moved) == ((PROBLEM,), (), ())
        assert people.problems()[PROBLEM].state == "answered"
    finally:
        load(bench)


def test_a_problem_that_comes_back_names_the_one_before(home: Home, bench: Workbench, people: People) -> None:
    load(bench, "40 | 120 | 40 | 160")
    try:
        route(home, bench, "2026-02")
        people.answer(PROBLEM, NETWORK, "network-city", when="2026-03-05 10:00")
        route(home, bench, "2026-03")
        [back] = route(home, bench, "2026-04").opened
        assert back == "2026-04-network-voice_quality-nanjing"
        assert people.problems()[back].details["linked_to"] == PROBLEM
    finally:
        load(bench)


def test_what_is_overdue_and_still_open_is_a_miss_of_the_month(home: Home, bench: Workbench) -> None:
    route(home, bench, "2026-02")
    route(home, bench, "2026-03")
    query = (
        "select department_code, routed_count, acknowledge_due_count, acknowledged_in_time_count, answer_due_count, "
        "answered_in_time_count, answered_in_time_share, overdue_count, measured_count from shown order by all"
    )
    assert rows(bench, "mart_routing_month", query) == [("network", 1, 1, 0, 1, 0, 0.0, 1, 0)]


def test_a_proven_source_of_trouble_goes_to_the_department_of_its_factor(
    home: Home, bench: Workbench, people: People
) -> None:
    put_source(bench, "ivr_node", "bill_menu", "worse")
    try:
        report = route(home, bench, "2026-02")
        problem_id = "2026-02-service-self_service-ivr_node:bill_menu"
        assert set(report.opened) == {PROBLEM, problem_id}
        problem = people.problems()[problem_id]
        assert [str(each.place) for each in problem.parts] == ["service/province/all"]
        assert problem.details["words_zh"] == "菜单"
    finally:
        bench.lake.replace("mart_trouble_source", every_row(), [])


def test_a_source_of_a_topic_goes_to_all_departments_of_the_point_that_has_it(
    home: Home, bench: Workbench, people: People
) -> None:
    put_source(bench, "topic", "bill_dispute", "worse")
    try:
        route(home, bench, "2026-02")
        problem = people.problems()["2026-02-business_support-billing_accuracy-topic:bill_dispute"]
        assert [(each.place.department, each.role) for each in problem.parts] == [
            ("business_support", "lead"),
            ("market", "support"),
        ]
    finally:
        bench.lake.replace("mart_trouble_source", every_row(), [])


def test_a_source_that_is_merely_above_its_kind_is_not_routed(home: Home, bench: Workbench) -> None:
    put_source(bench, "ivr_node", "bill_menu", "high")
    try:
        assert route(home, bench, "2026-02").opened == (PROBLEM,)
    finally:
        bench.lake.replace("mart_trouble_source", every_row(), [])


def put_source(bench: Workbench, kind: str, code: str, verdict: str) -> None:
    """A top source of February."""
    given = {
        "month": "'2026-02'", "dimension_code": f"'{kind}'", "source_code": f"'{code}'", "verdict_code": f"'{verdict}'",
        "rank": "1", "is_top": "true", "words_en": "'menu'", "words_zh": "'菜单'", "basis_code": "'history'",
    }  # fmt: skip
    empty = {"long": "0", "double": "0", "boolean": "false", "string": "''", "integer": "0"}
    columns = [
        f"{given.get(each.name) or (empty[each.type] if each.required else 'null')} as {each.name}"
        for each in bench.described("mart_trouble_source").columns
    ]
    bench.replace("mart_trouble_source", f"select {', '.join(columns)}", every_row())


def test_a_month_that_is_held_against_a_remade_one_is_judged_again(home: Home, bench: Workbench) -> None:
    assert route_month(home, bench, "2026-02")["remade"] == ()
    assert route_month(home, bench, "2026-03")["remade"] == ()
    assert route_month(home, bench, "2026-02")["remade"] == ("2026-03",)


def test_an_open_month_is_refused(home: Home, bench: Workbench) -> None:
    with pytest.raises(RoutingError, match=r"2026-05 is not closed; close it first \(mend month 2026-05\)"):
        route(home, bench, "2026-05")


def test_the_step_of_the_chain_records_its_counts(home: Home) -> None:
    counts = run_step(step("problems"), home, whole_month("2026-02"), {})
    assert counts["opened"] == [PROBLEM]
