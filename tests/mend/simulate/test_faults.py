"""Faults planted in the centre: they change what they are of, on their days, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from mend.simulate import simulate
from mend.simulate.faults import Fault, check_faults, read_faults, read_written
from mend.simulate.settings import SimulationError

FIRST, LAST = dt.date(2026, 2, 1), dt.date(2026, 2, 28)
NODE = Fault("ivr_node", "bill_menu", FIRST, LAST, 2.0)
NO_SEATS = Fault("queue", "north", dt.date(2026, 2, 10), dt.date(2026, 2, 11), 0.0)
TEAM = Fault("agent_group", "team_3", FIRST, LAST, 5.0)
WORLD = {"customers": 1500, "first_month": "2026-01", "months": 2, "seed": 4, "dirty": False}


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("well")
    simulate(folder, **WORLD)  # type: ignore[arg-type]
    return folder


@pytest.fixture(scope="module")
def ill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ill")
    simulate(folder, **WORLD, faults=[TEAM, NO_SEATS, NODE])  # type: ignore[arg-type]
    return folder


def contacts(folder: Path) -> str:
    return f"read_csv('{folder}/2026-*/contact.csv.gz', union_by_name = true, all_varchar = true)"


def share(folder: Path, of: str, where: str) -> float:
    found = duckdb.sql(f"select avg(({of})::integer) from {contacts(folder)} where {where}").fetchall()[0][0]
    assert isinstance(found, float)
    return found


@pytest.mark.long
def test_days_before_the_first_fault_have_the_same_files(well: Path, ill: Path) -> None:
    for path in sorted(well.glob("2026-01-*/*.csv.gz")):
        assert path.read_bytes() == (ill / path.relative_to(well)).read_bytes(), path


def test_a_menu_node_fails_about_so_much_more_often_and_no_other_does(well: Path, ill: Path) -> None:
    tried, february = "ivr_kind_code is not null and ivr_node_code", "started_at >= '2026-02'"
    before = share(well, "ivr_result_code = 'failed'", f"{tried} = 'bill_menu' and {february}")
    after = share(ill, "ivr_result_code = 'failed'", f"{tried} = 'bill_menu' and {february}")
    assert 1.5 < after / before < 2.5
    others = f"{tried} <> 'bill_menu' and {february}"
    assert share(ill, "ivr_result_code = 'failed'", others) == pytest.approx(
        share(well, "ivr_result_code = 'failed'", others), rel=0.1
    )


def test_a_queue_without_seats_answers_nobody_and_is_well_again_afterwards(well: Path, ill: Path) -> None:
    days = "substr(started_at, 1, 10) between '2026-02-10' and '2026-02-11'"
    north = f"queue_seconds <> '' and center_code = 'north' and direction_code = 'inbound' and {days}"
    south = north.replace("north", "south")
    answered = "is_answered = '1'"
    assert share(ill, answered, f"{north} and touchpoint_code = 'hotline'") == 0
    assert share(well, answered, north) > 0.5
    assert share(ill, answered, south) > 0.5


def test_a_queue_without_seats_leaves_the_chats_in_app_and_web_as_they_are(well: Path, ill: Path) -> None:
    chats = f"""
        select contact_id, outcome, queue_seconds, is_answered, agent_id
        from {{}} where touchpoint_code in ('app', 'web') and queue_seconds <> ''
            and substr(started_at, 1, 10) between '{NO_SEATS.first}' and '{NO_SEATS.last}'
        order by 1"""
    of_well, of_ill = (duckdb.sql(chats.format(contacts(folder))).fetchall() for folder in (well, ill))
    assert len(of_well) > 10
    assert of_ill == of_well


def test_calls_of_a_team_drop_more_often(well: Path, ill: Path) -> None:
    team = "agent_group_code = 'team_3' and started_at >= '2026-02'"
    assert share(ill, "is_dropped = '1'", team) > 2 * share(well, "is_dropped = '1'", team)


def test_an_agent_is_in_one_team(well: Path) -> None:
    several = f"""
        select agent_id from {contacts(well)} where agent_id <> ''
        group by 1 having count(distinct agent_group_code) <> 1"""
    assert duckdb.sql(several).fetchall() == []
    teams = f"select count(distinct agent_group_code) from {contacts(well)} where agent_group_code <> ''"
    assert duckdb.sql(teams).fetchall() == [(8,)]


def test_who_was_in_the_menu_ended_at_a_node_and_who_tried_no_function_in_the_main_menu(well: Path) -> None:
    in_menu, at_node = "coalesce(ivr_seconds, '') <> ''", "coalesce(ivr_node_code, '') <> ''"
    is_tried, is_main = "coalesce(ivr_kind_code, '') <> ''", "ivr_node_code = 'main_menu'"
    query = f"""
        select count(*) filter (where {at_node}), count(*) filter (where ({in_menu}) <> ({at_node})),
            count(*) filter (where {at_node} and ({is_tried}) = ({is_main}))
        from {contacts(well)} where direction_code = 'inbound'"""
    found = duckdb.sql(query).fetchall()[0]
    assert found[0] > 1000
    assert found[1:] == (0, 0)


def test_the_truth_names_the_contacts_that_each_fault_changed(well: Path, ill: Path) -> None:
    assert duckdb.sql(f"select count(*) from '{well}/truth/fault.parquet'").fetchall() == [(0,)]
    found = duckdb.sql(f"""
        select fault_number, min(day), max(day)
        from (
            select fault_number, strftime(started_at at time zone 'Asia/Shanghai', '%Y-%m-%d') as day
            from '{ill}/truth/fault.parquet'
        ) as told
        group by 1 order by 1""").fetchall()
    assert [number for number, *_ in found] == [1, 2, 3]  # by what, code and day: the team, the menu node, the queue
    assert found[2][1:] == ("2026-02-10", "2026-02-11")
    assert all("2026-02-01" <= first <= last <= "2026-02-28" for _, first, last in found)


def test_a_reacting_world_keeps_its_faults(ill: Path) -> None:
    settings = json.loads((ill / "truth" / "world.json").read_text())
    assert read_written(settings["faults"]) == check_faults([NODE, NO_SEATS, TEAM])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "{what: lift, code: a, from: 2026-02-01, until: 2026-02-02, factor: 2}",
            "a fault is of ivr_node, queue, agent_group, not of 'lift'",
        ),
        (
            "{what: ivr_node, code: a, from: 2026-02-01, until: 2026-02-02, factor: 2}",
            "no ivr_node 'a': there are main_menu, ",
        ),
        (
            "{what: queue, code: north, from: 2026-02-02, until: 2026-02-01, factor: 0}",
            "ends on 2026-02-01, before it begins",
        ),
        ("{what: queue, code: north, from: 2026-02-01, until: 2026-02-02, factor: 2}", "factor 2 is impossible"),
        ("{what: queue, code: north, from: soon, until: 2026-02-02, factor: 0}", "fault 1, from must be a day such as"),
        ("{what: queue, code: north, from: 2026-02-01, until: 2026-02-02, factor: many}", "factor must be a number"),
        ("{what: queue, code: north}", "fault 1: takes what, code, from, until, factor"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(f"faults:\n  - {line}\n", "utf-8")
    with pytest.raises(SimulationError, match=words):
        read_faults(path)


def test_two_faults_of_one_place_may_not_meet() -> None:
    later = Fault("queue", "north", dt.date(2026, 2, 11), dt.date(2026, 2, 12), 0.5)
    with pytest.raises(SimulationError, match="two faults of north meet on 2026-02-11"):
        check_faults([later, NO_SEATS])
