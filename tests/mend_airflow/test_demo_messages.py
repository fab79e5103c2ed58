"""Messages of the demo: what runs beside Airflow, where it can reach, and what the demo says of it."""

from __future__ import annotations

import datetime as dt
import io
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from tests.mend.care.sms import rows as r
from tests.mend.care.survey.desk import reply, run

from mend.care.sms.settings import parse_address
from mend.care.sms.smsc import read_world
from mend.care.sms.smsc.world import Received
from mend.care.survey.rules import load_rules
from mend.foundation.home import Home
from mend_airflow.local import components, messages, surveys
from mend_airflow.local.components import Component
from mend_airflow.local.environment import Ports
from mend_airflow.local.errors import LocalError
from mend_airflow.local.rest import Airflow
from mend_airflow.local.screen import Screen
from mend_airflow.local.services import Services
from mend_airflow.relay_seen import is_seen

PORTS = Ports(api=8123, worker_logs=40001, trigger_logs=40002, smsc=40003)
WITHOUT = Ports(api=8123, worker_logs=40001, trigger_logs=40002)
URL = "smpp://user:secret@centre.example:2775"
ENDLESS = (sys.executable, "-c", "import time; time.sleep(600)")


def test_the_demos_relay_reaches_the_simulator_and_nothing_else(tmp_path: Path) -> None:
    found = messages.components(Home.at(tmp_path, {}), PORTS, {"PATH": "/bin", "MEND_SMS_MODE": ""})
    assert list(found) == ["smsc", "relay"]
    address = parse_address(found["relay"].environment["MEND_SMS_URL_MAIN"])
    assert (address.host, address.port) == ("127.0.0.1", 40003)
    command = found["smsc"].command
    assert command[command.index("--host") + 1 : command.index("--world")] == ("127.0.0.1", "--port", "40003")
    assert {Path(command[command.index(option) + 1]).parent for option in ("--world", "--journal")} == {
        tmp_path / "smsc"
    }


@pytest.mark.parametrize(
    "settings", [{"MEND_SMS_MODE": "dry_run"}, {"MEND_SMS_URL_MAIN": URL}, {"MEND_SMS_MODE": "live"}]
)
def test_the_users_settings_win_and_nothing_is_simulated(tmp_path: Path, settings: dict[str, str]) -> None:
    found = messages.components(Home.at(tmp_path, {}), PORTS, settings)
    assert list(found) == ["relay"]
    assert (
        found["relay"].environment.keys() & {"MEND_SMS_MODE", "MEND_SMS_URL_MAIN"} == set()
    )  # those of the process hold
    assert not (tmp_path / "smsc").exists()


def test_without_settings_and_demo_no_relay_runs(tmp_path: Path) -> None:
    assert messages.components(Home.at(tmp_path, {}), WITHOUT, {}) == {}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"MEND_SMS_MODE": "live"}, "set MEND_SMS_URL_MAIN"),
        ({"MEND_SMS_MODE": "on"}, "it is one of dry_run, allow_list, live"),
        ({"MEND_SMS_URL_MAIN": "centre:2775"}, "not of the form smpp://"),
    ],
)
def test_settings_that_no_relay_could_work_with_are_refused_before_anything_starts(
    tmp_path: Path, settings: dict[str, str], reason: str
) -> None:
    services = Services(Home.at(tmp_path, {}), settings)
    with pytest.raises(LocalError, match=reason):
        services.start(lambda _: None, with_messages=True)
    assert services.processes() == []


def test_the_answers_of_the_users_own_world_file_stay(tmp_path: Path) -> None:
    home = Home.at(tmp_path, {})
    messages.components(home, PORTS, {})
    world = tmp_path / "smsc" / "world.yaml"
    world.write_text("seed: 9\n", "utf-8")
    messages.components(home, PORTS, {})
    assert read_world(world).seed == 9


def test_the_simulated_subscribers_answer_every_question_that_the_rules_ask() -> None:
    world, rules = read_world(messages.SUBSCRIBERS), load_rules()[-1]
    for name, trigger in rules.triggers.items():
        if trigger.questionnaire is None:
            continue
        for language in ("en", "zh"):
            given = {
                world.answer(Received(r.phone(number), "10086", rules.text(name, language))) for number in range(300)
            }
            words = {each[0] for each in given if each is not None}
            assert {"score_0_10": {"10", "0"}, "solved_1_7": {"1", "7"}}[trigger.questionnaire] <= words, (
                name,
                language,
            )


def test_components_are_recorded_as_they_are(tmp_path: Path) -> None:
    kept = components.of_airflow() | {"relay": Component(("mend", "relay"), {"MEND_ZONE": "Asia/Shanghai"})}
    components.record(tmp_path / "components.json", kept)
    assert components.recorded(tmp_path / "components.json") == kept


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert holds()


def test_the_supervisor_gives_its_components_their_variables_restarts_what_dies_and_ends_all(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    writes = (
        sys.executable,
        "-c",
        f"import os; open({str(noted)!r}, 'a').write(os.environ['WORD'] + chr(10)); import time; time.sleep(600)",
    )
    components.record(
        tmp_path / "components.json", {"one": Component(ENDLESS), "two": Component(writes, {"WORD": "hello"})}
    )
    code = (
        "import sys; from pathlib import Path; from mend_airflow.local import components, supervisor; folder = "
        "Path(sys.argv[1]); "
        "supervisor.Supervisor(folder, components.recorded(folder / 'components.json'), restart_seconds=0.1).run()"
    )
    leader = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    children: list[psutil.Process] = []
    try:
        until(lambda: noted.exists() and noted.read_text() == "hello\n")
        children = psutil.Process(leader.pid).children()
        assert len(children) == 2
        next(child for child in children if str(noted) in " ".join(child.cmdline())).kill()
        until(lambda: noted.read_text() == "hello\nhello\n")
        children = psutil.Process(leader.pid).children()
        leader.send_signal(signal.SIGTERM)
        assert leader.wait(30) == 0
        assert [child for child in children if child.is_running()] == []
    finally:
        leader.kill()
        for child in children:
            with suppress(psutil.Error):
                child.kill()


def test_a_start_with_messages_is_needed_when_airflow_runs_without(tmp_path: Path) -> None:
    services = Services(Home.at(tmp_path, {}), {})
    assert not services._runs_messages()  # started by an earlier version
    components.record(tmp_path / "airflow" / "components.json", components.of_airflow())
    assert not services._runs_messages()
    components.record(
        tmp_path / "airflow" / "components.json",
        components.of_airflow() | messages.components(services.home, PORTS, {}),
    )
    assert services._runs_messages()
    assert not Services(services.home, {"MEND_SMS_MODE": "dry_run"})._runs_messages()


def said(home: Home, at: dt.datetime) -> str:
    stream = io.StringIO()
    surveys.show(home, surveys.under_way(home, at), Screen(stream))
    return stream.getvalue()


def test_messages_that_wait_for_the_hours_are_said_to_wait(home: Home) -> None:
    night = dt.datetime(2026, 5, 1, 16, 0, tzinfo=dt.UTC)  # midnight in Shanghai
    morning = night + dt.timedelta(hours=9)
    r.put(home, [r.message(1, morning), r.message(2, morning + dt.timedelta(hours=1)), r.message(3, night)], night)
    found = surveys.under_way(home, night)
    assert (found.due, found.waiting, found.waiting_until) == (1, 2, morning)
    assert "2 messages wait until 2026-05-02 09:00 (Asia/Shanghai): the contact policy's hours" in said(home, night)
    assert "wait until" not in said(home, morning + dt.timedelta(hours=2))


def test_states_meanings_and_limits_are_counted(home: Home) -> None:
    r.put(home, [r.message(number, r.NOON) for number in range(3)], r.NOON)
    run(
        home,
        "update sms_outbox set state_code = 'suppressed', state_reason = 'dry_run', final_at = :at where message_id > "
        "1",
        at=r.NOON,
    )
    shown = said(home, r.NOON)
    assert "messages: 2 suppressed: dry_run, 1 pending" in shown
    assert "answers: none; 0 of them for a person to read" in shown
    assert f"work lists: {home.root / 'work_lists'}" in shown


def test_tickets_are_counted_by_measure_with_their_limits(home: Home) -> None:
    for number, hours in ((1, 2), (2, 3)):
        run(
            home,
            "insert into follow_up_ticket (follow_up_id, measure_code, customer_id, about_kind_code, about_id, "
"state_code, tier, "
            "team_code, opened_at, phase_at, limit_seconds, is_working_time, due_at, legal_due_at, reopen_count, "
"complaint_count, "
            "event_count, changed_at) values (:id, 'complex_question', 'A', 'contact', :id, 'open', 1, "
            "'specialists', :at, :at, 7200, false, :due, :due, 0, 0, 1, :at)",
            id=f"C{number}", at=r.NOON, due=r.NOON + dt.timedelta(hours=hours),
        )  # fmt: skip
    shown = said(home, r.NOON)
    assert (
        "follow-up tickets, complex_question: 2 open, due 2026-05-01 14:00 to 2026-05-01 15:00 (Asia/Shanghai)" in shown
    )


def test_no_password_or_number_is_kept_where_components_are_recorded(tmp_path: Path) -> None:
    settings = {"MEND_SMS_MODE": "allow_list", "MEND_SMS_ALLOW": "+8613900001111", "MEND_SMS_URL_MAIN": URL}
    path = tmp_path / "components.json"
    components.record(path, messages.components(Home.at(tmp_path, {}), WITHOUT, settings))
    assert not [word for word in ("secret", "8613900001111") if word in path.read_text("utf-8")]


def test_a_relay_is_healthy_while_its_link_is_seen(home: Home) -> None:
    assert not is_seen(home, "main", r.NOON)
    run(home, "insert into sms_link values ('main', 'relay 1', 'bound', :at, :at)", at=r.NOON)
    assert is_seen(home, "main", r.NOON + dt.timedelta(seconds=30))
    assert not is_seen(home, "main", r.NOON + dt.timedelta(minutes=2))
    run(home, "update sms_link set state_code = 'closed'")
    assert not is_seen(home, "main", r.NOON)


class Runs(Airflow):
    """Airflow's answers about runs, without it: runs done before, and those that were asked for, which succeed."""

    def __init__(self, *done: str) -> None:
        super().__init__("http://localhost:1", "admin", "")
        self.done = list(done)

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        return "success" if run_id in self.done else None

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, object], at: dt.datetime | None = None) -> None:
        self.done.append(run_id)

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, object]]:
        return []


def test_answers_are_read_by_the_next_run_and_by_none_when_there_is_nothing_to_read(home: Home) -> None:
    airflow, screen = Runs("demo-survey-1"), Screen(io.StringIO())
    surveys._read_answers(home, airflow, screen)
    surveys._read_answers(home, airflow, screen)
    assert airflow.done == ["demo-survey-1", "demo-survey-2"]
    reply(home, "7", r.NOON)
    surveys._read_answers(home, airflow, screen)
    assert airflow.done[2:] == ["demo-survey-3"]


def test_nobody_is_asked_where_messages_would_leave(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEND_SMS_MODE", "live")
    stream, airflow = io.StringIO(), Runs()
    surveys.ask(home, 7, airflow, Services(home), Screen(stream))
    assert "a made-up number may be somebody's: nobody is asked" in stream.getvalue()
    assert (airflow.done, (home.root / "events").exists()) == ([], False)
