"""Contacts that end now: of simulated customers alone, complex topics first, each written once."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

import pytest
from tests.mend.care.survey.desk import moment, rows
from tests.mend.damage.scoring.rows import put

from mend.care.service_events import take_events
from mend.cli.simulate import add
from mend.errors import CommandError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations import NewBatch
from mend.foundation.pipeline.workbench import Workbench
from mend.simulate import SimulationError, live_events, seed_handlers

AT = moment("2026-05-11 10:00")


def contact(
    number: int, customer: str | None, topic: str, day: str = "2026-01-31", **columns: str
) -> dict[str, str | None]:
    return {
        "contact_id": f"K{number}", "customer_id": customer, "topic_code": topic, "started_at": f"{day} "
f"10:00:00+08", "is_answered": "true",
        "outcome": "answered", **columns,
    }  # fmt: skip


@pytest.fixture
def lake(bench: Workbench) -> Workbench:
    put(
        bench,
        "contact",
        [
            contact(1, "A", "balance_query"),
            contact(2, "A", "mobile_data"),
            contact(3, "B", "bill_dispute"),
            contact(4, "C", "call_quality"),
            contact(5, None, "mobile_data"),
            contact(6, "D", "mobile_data", is_answered="false"),
            contact(7, "E", "mobile_data", direction_code="outbound"),
            contact(8, "F", "mobile_data", day="2026-01-30"),
        ],
    )
    return bench


def written(path: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def test_customers_of_the_last_day_call_once_more_complex_topics_first(home: Home, lake: Workbench) -> None:
    made = live_events(home, lake, 10, AT, 7)
    found = written(made.file)
    assert (made.events, made.written, made.day) == (3, 3, dt.date(2026, 1, 31))
    assert {event["about_id"] for event in found[:2]} == {"live:7:K2", "live:7:K4"}
    assert (found[2]["about_id"], found[2]["topic_code"]) == ("live:7:K3", "bill_dispute")
    ended = [dt.datetime.fromisoformat(event["happened_at"]) for event in found]
    assert ended == sorted(ended)
    assert AT - dt.timedelta(minutes=1) < ended[0] < ended[-1] == AT


def test_so_many_and_no_more(home: Home, lake: Workbench) -> None:
    assert {event["customer_id"] for event in written(live_events(home, lake, 2, AT, 7).file)} == {"A", "C"}


def test_the_intake_takes_each_in_once_however_often_they_are_asked_for(home: Home, lake: Workbench) -> None:
    live_events(home, lake, 10, AT, 7)
    again = live_events(home, lake, 10, AT + dt.timedelta(minutes=5), 7)
    assert (again.events, again.written) == (3, 0)
    assert take_events(home, AT).accepted == 3
    assert live_events(home, lake, 10, AT + dt.timedelta(days=1), 7).written == 0
    assert take_events(home, AT + dt.timedelta(days=1)).files == 0
    assert rows(home, "select count(*), max(happened_at) from service_event") == [(3, AT)]


def test_another_seed_is_another_call(home: Home, lake: Workbench) -> None:
    first, second = (written(live_events(home, lake, 10, AT, seed).file) for seed in (1, 2))
    assert {event["event_id"] for event in first} & {event["event_id"] for event in second} == set()


def test_customers_of_another_source_are_left_alone(home: Home, lake: Workbench) -> None:
    day = dt.date(2026, 1, 31)
    operations.register_batch(
        home.database_url, NewBatch("telecom_a", "contact", day, day, "f", "m", "a.csv", ("contact_id",))
    )
    with pytest.raises(SimulationError, match="holds customers of telecom_a"):
        live_events(home, lake, 10, AT, 7)
    assert not (home.root / "events").exists()


def test_an_empty_lake_is_said_so(home: Home, bench: Workbench) -> None:
    with pytest.raises(SimulationError, match="no contacts yet"):
        live_events(home, bench, 10, AT, 7)


def test_handlers_are_seeded_where_there_is_nobody(home: Home) -> None:
    assert (seed_handlers(home), seed_handlers(home)) == (4, 0)
    teams = rows(
        home, "select team_code, tier, count(*) from follow_up_handler where is_active group by 1, 2 order by 2"
    )
    assert teams == [("specialists", 1, 2), ("senior_specialists", 2, 1), ("province", 3, 1)]


def command(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser.add_subparsers())
    return parser.parse_args(["simulate-live", *words])


def test_the_command_says_what_it_wrote(home: Home, lake: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    asked = command("--contacts", "2", "--at", AT.isoformat(), "--seed", "7")
    asked.command(asked, home)
    asked.command(asked, home)
    first, handlers, again = capsys.readouterr().out.splitlines()
    assert first.startswith("2 contacts that end now, of customers of 2026-01-31, written to ")
    assert handlers == "4 simulated handlers take follow-up tickets"
    assert "were written before, to " in again


def test_nothing_is_made_up_where_messages_would_leave(home: Home, lake: Workbench) -> None:
    asked = command("--contacts", "2", "--at", AT.isoformat())
    with pytest.raises(CommandError, match="a made-up number may be somebody's"):
        asked.command(asked, Home.at(home.root, {**home.settings, "MEND_SMS_MODE": "live"}))
    assert not (home.root / "events").exists()


@pytest.mark.parametrize("at", ["noon", "2026-05-11T10:00"])
def test_a_time_has_its_zone(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command("--contacts", "2", "--at", at)
    assert "is not a time with its zone" in capsys.readouterr().err
