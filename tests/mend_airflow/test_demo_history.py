"""The demo's months before Airflow's two, its own time, and the addresses that it ends with."""

from __future__ import annotations

import datetime as dt
import doctest
import io
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from tests.mend_airflow.ui.list_rows import campaign_list

from mend.care.sms.hours import next_allowed
from mend.care.survey.rules import load_rules
from mend.cli.main import main
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import METADATA
from mend_airflow.local import (
    clock,
    demo,
    history,
    messages,
    pictures,
    runs,
    shown,
    surveys,
    together,
    world,
)
from mend_airflow.local.environment import Ports
from mend_airflow.local.errors import LocalError
from mend_airflow.local.rest import Airflow
from mend_airflow.local.screen import Screen
from mend_airflow.local.world import DemoWorld

ZONE = "Asia/Shanghai"
PORTS = Ports(api=8123, worker_logs=40001, trigger_logs=40002, smsc=40003)
SCREEN = Screen(io.StringIO())


@pytest.mark.parametrize("module", [clock, history, pictures, world], ids=lambda module: module.__name__)
def test_the_examples_hold(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


def test_at_every_hour_the_demo_asks_within_the_contact_policys_hours() -> None:
    hours = load_rules()[-1].policy.hours
    for minutes in range(0, 24 * 60, 5):
        now = dt.datetime(2026, 5, 2, tzinfo=ZoneInfo(ZONE)) + dt.timedelta(minutes=minutes)
        at = now + clock.offset_at(now, ZONE)
        assert now - at < dt.timedelta(days=1)
        for moment in (at, at + dt.timedelta(minutes=85)):  # from its first call to its last answer
            assert next_allowed(moment, [ZONE], hours.start, hours.until) == moment, now


def test_relay_and_runs_have_the_offset_that_was_chosen_at_the_start(tmp_path: Path) -> None:
    home = Home.at(tmp_path, {"MEND_ZONE": ZONE})
    night = dt.datetime(2026, 5, 2, 1, tzinfo=ZoneInfo(ZONE))
    assert clock.set_clock(home, night) == dt.timedelta(hours=-8)
    command = messages.components(home, PORTS, {})["relay"].command
    assert command[-3:] == ("--to-simulator", "--clock-offset", "-28800")
    at = surveys._run(home, 2).at
    assert at is not None
    assert abs(at - dt.datetime.now(dt.UTC) + dt.timedelta(hours=8)) < dt.timedelta(minutes=1)
    clock.set_clock(home, night.replace(hour=12))
    assert surveys._run(home, 2).at is None


def test_no_relay_but_the_simulators_has_another_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEND_HOME", str(tmp_path))
    assert main(["relay", "--clock-offset", "-60"]) != 0
    assert "people are asked at their own hour" in capsys.readouterr().err


def test_months_before_the_last_two_are_lived_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    fails = [True]

    def run_all(commands: list[list[str]], environment: object, screen: object, done: Callable[[int], None]) -> None:
        for place, command in enumerate(commands):
            if command[0] == "campaign-decide" and fails:
                fails.clear()
                raise LocalError("it was interrupted")
            said.append(" ".join(command))
            done(place)

    monkeypatch.setattr(history, "run_all", run_all)
    four, home = DemoWorld(months=4), Home.at(tmp_path, {})
    with pytest.raises(LocalError):
        history.live(home, four, {}, SCREEN)
    for _ in range(2):
        history.live(home, four, {}, SCREEN)
    assert said == [
        "run --source simulator --from 2026-01-01 --to 2026-01-31",
        "month 2026-01",
        "run --source simulator --from 2026-02-01 --to 2026-02-28",
        "month 2026-02",
        "campaign --month 2026-02",
        "campaign-summary 2026-02-v1",
        f"campaign-decide 2026-02-v1 --approve --as admin --bias-reason {history.WHY}",
        "campaign-publish 2026-02-v1 --as admin",
        f"simulate --react-to {tmp_path}",
    ]
    steps = [(step.dag_id, step.run_id) for step in demo._steps(four)]
    assert steps[0] == ("mend_nightly", "demo-2026-03")
    assert steps[-1] == ("mend_effect", "demo-2026-02")


def test_commands_of_one_process_are_told_when_done_until_one_fails(tmp_path: Path) -> None:
    stream, done = io.StringIO(), list[int]()
    environment = {**os.environ, "MEND_HOME": str(tmp_path)}
    with pytest.raises(LocalError, match="`mend nothing` ended with 2"):
        world.run_all([["stop"], ["nothing"], ["stop"]], environment, Screen(stream), done.append)
    assert done == [0]
    assert stream.getvalue().count("nothing was running") == 1
    assert together.DONE not in stream.getvalue()


def test_the_demo_ends_yesterday_and_goes_on_as_it_began() -> None:
    begun = DemoWorld.from_environment({}, dt.date(2026, 3, 9))
    assert (begun.first_month, begun.last_day) == ("2025-10", "2026-03-09")
    assert [month.month for month in begun.closed] == ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02"]
    steps = [(step.dag_id, step.conf.get("to_day") or step.conf["month"]) for step in demo._steps(begun)]
    assert steps == [
        ("mend_nightly", "2026-02-28"),
        ("mend_monthly", "2026-02"),
        ("mend_nightly", "2026-03-09"),  # the month under way is not closed
        ("mend_effect", "2026-01"),
    ]
    assert DemoWorld.from_environment({}, dt.date(2026, 4, 2), asdict(begun)) == begun
    # the last day of a month ends it
    assert DemoWorld.from_environment({}, dt.date(2026, 2, 28)).closed[-1].month == "2026-02"
    named = DemoWorld.from_environment(
        {"MEND_DEMO_FIRST_MONTH": "2026-01", "MEND_DEMO_MONTHS": "2"}, dt.date(2026, 9, 1)
    )
    assert [str(month.last) for month in named.closed] == ["2026-01-31", "2026-02-28"]


def test_another_demo_than_the_homes_is_refused(tmp_path: Path) -> None:
    home = Home.at(tmp_path, {})
    begun = DemoWorld.from_environment({}, dt.date(2026, 3, 9))
    earlier = {name: value for name, value in asdict(begun).items() if name != "last_day"}
    (tmp_path / "demo.json").write_text(json.dumps(earlier | {"first_month": "2026-01"}))
    assert world.known_world(home) == earlier | {"first_month": "2026-01"}
    kept = DemoWorld.from_environment({}, dt.date(2026, 9, 1), world.known_world(home))
    world.simulate(home, kept, {}, SCREEN)  # an earlier version's demo goes on
    more = DemoWorld.from_environment({"MEND_DEMO_MONTHS": "7"}, dt.date(2026, 9, 1), world.known_world(home))
    with pytest.raises(LocalError, match="holds the demo"):
        world.simulate(home, more, {}, SCREEN)


def test_a_demo_of_two_months_has_no_campaign_to_judge(tmp_path: Path) -> None:
    two = DemoWorld(months=2)
    history.live(Home.at(tmp_path, {}), two, {}, SCREEN)
    assert [step.dag_id for step in demo._steps(two)] == ["mend_nightly", "mend_monthly"] * 2


def test_the_pages_are_those_of_the_navigation_and_the_list_that_awaits_approval(home: Home) -> None:
    class Shows(Airflow):
        def page(self, path: str) -> str:
            assert path == "/mend/"
            entries = '<a class="brand" href="/mend/">Mend</a><a href="/mend/" aria-current="page">Overview</a>'
            return f'<nav>{entries}<a href="/mend/customers">Who &amp; why</a></nav><a href="/mend/x">x</a>'

    found = shown.pages_of(Shows("http://localhost:1", "admin", "x"), home)
    assert found == [("/mend/", "Overview"), ("/mend/customers", "Who & why")]
    lists = [
        campaign_list("2026-04-v1"),
        campaign_list("2026-05-v1"),
        campaign_list("2026-06-v1", state_code="approved"),
    ]
    with operations.transaction(home.database_url) as connection:
        connection.execute(insert(METADATA.tables["campaign_list"]), lists)
    found = shown.pages_of(Shows("http://localhost:1", "admin", "x"), home)
    assert found[2:] == [("/mend/lists/2026-05-v1", "The list that awaits approval")]


class Answers(Airflow):
    """Airflow that answers what it is told to, and keeps what was sent."""

    def __init__(self, *states: str) -> None:
        super().__init__("http://localhost:1", "admin", "")
        self.states, self.sent = list(states), list[dict[str, Any]]()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if method == "POST":
            self.sent.append(body or {})
            return {}
        if path.endswith("order_by=start_date"):
            return {"task_instances": [{"task_id": "approve", "state": self.states.pop(0)}]}
        return {"state": "running"}


def test_a_run_of_another_moment_has_it_as_its_interval() -> None:
    airflow, at = Answers(), dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
    airflow.trigger("mend_survey", "one", {})
    airflow.trigger("mend_survey", "two", {}, at)
    moment = "2026-05-01T09:00:00+00:00"
    assert airflow.sent == [
        {"dag_run_id": "one", "logical_date": None, "conf": {}},
        {
            "dag_run_id": "two", "logical_date": moment, "conf": {}, "data_interval_start": moment,
            "data_interval_end": moment,
        },
    ]  # fmt: skip


def test_a_campaign_is_left_when_it_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "POLL_SECONDS", 0.0)
    airflow, stream = Answers("running", "awaiting_input"), io.StringIO()
    runs.leave_asking(airflow, runs.Step("mend_campaign", "june", {}), "approve", Screen(stream))
    assert airflow.states == []
    assert "waits for a decision: http://localhost:1/required_actions" in stream.getvalue()


def test_a_picture_is_kept_with_256_colours_at_most(tmp_path: Path) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(picture, "PNG")
    pictures.write_small(picture.getvalue(), tmp_path / "small.png")
    with Image.open(tmp_path / "small.png") as small:
        assert (small.size, small.mode, small.format) == ((256, 256), "P", "PNG")
