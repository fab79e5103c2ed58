"""A call ends, and Airflow, the relay and a message centre do the rest: asked within five minutes over SMPP, answered,
followed up against the clock, closed by the customer's own word. Every moment is the test's; every part is the real
one."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Template
from tests.mend.care.sms import rows as r
from tests.mend.care.survey.desk import customer, drop, event, moment, open_account, rows, run

from mend.care.contact_rules import reasons_at_claim
from mend.care.followup import Event, record
from mend.care.sms.smsc import World
from mend.care.sms.smsc.world import Answers
from mend.foundation.home import Home

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
pytestmark = pytest.mark.slow
ENDED = moment("2026-05-11 10:00")
# The first time the customer is asked it is not solved; after the specialist's call it is.
WORLD = World(
    receipt_seconds=(0.01, 0.05),
    answers=(
        Answers(when="现在解决了吗", share=1, texts={"1": 1}, after_seconds=(0.05, 0.1)),
        Answers(when="您刚才来电咨询的问题解决了吗", share=1, texts={"没解决": 1}, after_seconds=(0.05, 0.1)),
    ),
)


class Airflow:
    """Airflow in a process of its own."""

    def __init__(self, home: Home, database: str, log: Path) -> None:
        environment = {
            **os.environ, **home.settings, "MEND_HOME": str(home.root),
            "MEND_TEST_AIRFLOW_DATABASE": database,
        }  # fmt: skip
        command = [sys.executable, str(Path(__file__).parent / "airflow_runs.py")]
        self._log = log
        self._said: list[str] = []
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                bufsize=1,
            )

    def result(self) -> str:
        """Its next answer."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("RESULT "):
                return line.removeprefix("RESULT ").strip()
            self._said.append(line)
        raise AssertionError(f"Airflow ended:\n{self._log.read_text('utf-8', 'replace')[-3000:]}")

    def run(self, at: dt.datetime, dag_id: str = "mend_survey", parameters: str = "") -> str:
        """The DAG for this moment."""
        assert self._process.stdin
        self._process.stdin.write(f"{dag_id} {at.isoformat()} {parameters}".strip() + "\n")
        return self.result()

    def said(self) -> str:
        """What it has logged."""
        return "".join(self._said)

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture
def airflow(home: Home, template: Template, tmp_path: Path) -> Iterator[Airflow]:
    template.run("postgres", "create database airflow_survey")
    address = template.address("airflow_survey").replace("+psycopg:", "+psycopg2:")
    started = Airflow(home, address, tmp_path / "airflow.log")
    assert started.result() == "ready"
    yield started
    started.end()
    template.run("postgres", "drop database airflow_survey with (force)")


@pytest.fixture
def desk(home: Home) -> Home:
    open_account(home)
    for handler, team, tier in (("S1", "specialists", 1), ("E1", "senior_specialists", 2)):
        run(
            home,
            "insert into follow_up_handler values (:id, :team, :tier, null, true)",
            id=handler,
            team=team,
            tier=tier,
        )
    customer(home, "A")
    return home


def exchange(home: Home, at: dt.datetime, messages: int, answers: int) -> None:
    """Let the relay and the message centre work, at this moment, until so many messages are delivered and so many
    answers are in.
    """

    async def work() -> None:
        async with (
            r.centre(WORLD) as (centre, port),
            r.running(r.relay_to(home, port, r.quick_rules(), clock=lambda: at, guards=(reasons_at_claim,))),
        ):
            await r.until(
                lambda: rows(home, "select count(*) from sms_outbox where state_code = 'delivered'") == [(messages,)]
            )
            await r.until(lambda: rows(home, "select count(*) from sms_inbound") == [(answers,)])
        assert centre.journal.duplicates() == 0

    asyncio.run(work())


ALL_DONE = "mend_survey success dispatch=success,follow_up=success,replies=success"


def test_from_a_call_s_end_to_a_closed_ticket(desk: Home, airflow: Airflow) -> None:
    drop(desk, event("C1", "A", "2026-05-11 10:00"))
    assert airflow.run(ENDED + 2 * MINUTE) == ALL_DONE
    exchange(desk, ENDED + 3 * MINUTE, messages=1, answers=1)
    ((sent_at, words),) = rows(desk, "select submitted_at, text from sms_outbox")
    assert ENDED < sent_at <= ENDED + 5 * MINUTE
    assert "未解决请回复7" in words

    assert airflow.run(ENDED + 4 * MINUTE) == ALL_DONE
    assert airflow.run(ENDED + 4 * MINUTE) == ALL_DONE  # cleared and run again
    assert rows(desk, "select meaning_code, is_solved from survey") == [("unsolved", False)]
    answered = ENDED + 3 * MINUTE
    assert rows(desk, "select follow_up_id, state_code, tier, handler_id, due_at from follow_up_ticket") == [
        ("complex_question:C1", "open", 1, "S1", answered + 2 * HOUR)
    ]

    assert airflow.run(answered + 3 * HOUR) == ALL_DONE  # nobody called: the limit passed
    assert rows(desk, "select state_code, tier, handler_id from follow_up_ticket") == [("open", 2, "E1")]
    noticed = rows(desk, "select kind_code, noticed_at from follow_up_notice order by noticed_at")
    assert [(kind, at) for kind, at in noticed][:2] == [
        ("before_limit", answered + 1.5 * HOUR),
        ("at_limit", answered + 2 * HOUR),
    ]

    called = answered + 4 * HOUR
    assert record(desk, "complex_question:C1", Event("call 1", "answer", called, is_reached=True)) is None
    assert airflow.run(called + 2 * MINUTE) == ALL_DONE
    exchange(desk, called + 4 * MINUTE, messages=2, answers=2)
    assert airflow.run(called + 6 * MINUTE) == ALL_DONE
    assert rows(desk, "select state_code, is_solved, is_promise_kept, closed_at from follow_up_ticket") == [
        ("closed", True, False, called + 4 * MINUTE)
    ]
    assert rows(desk, "select count(*), count(distinct dedup_key) from sms_outbox") == [(2, 2)]
