"""Relay and message centre killed with -9 at random, the enqueuing task run again: nothing sent twice, nothing
unexplained, no answer lost.

make check-long TESTS=tests/end_to_end/test_sms_crash.py kills more often, and prints the counts with -s.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.mend.care.sms import rows as r

from mend.care.sms.rules import Retry
from mend.care.sms.sending import Sender
from mend.care.sms.smsc.journal import Journal
from mend.foundation import operations
from mend.foundation.home import Home

WORLD = """
seed: 7
response_seconds: [0.02, 0.1]
receipt_seconds: [0.05, 0.5]
throttled_share: 0.01
answers: [{when: 未解决回7, share: 1, texts: {'7': 1, 没解决: 1, 1: 2}, after_seconds: [0.05, 0.5]}]
"""
RELAY = (
    "from mend.foundation.home import Home; from mend.care.sms import run_relay; "
    "run_relay(Home.from_environment(), 'main')"
)
CENTRE = """
import argparse, sys
from pathlib import Path
from mend.cli.relay import smsc
smsc(argparse.Namespace(host='127.0.0.1', port=int(sys.argv[1]), world=Path(sys.argv[2]), journal=Path(sys.argv[3])),
None)
"""


class Process:
    """A process that is killed and started again."""

    def __init__(self, home: Home, log: Path, code: str, *words: str) -> None:
        self._log = log
        self._command = [sys.executable, "-c", code, *words]
        self._environment = {
            **os.environ,
            **home.settings,
            "MEND_HOME": str(home.root),
        }
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as said:
            self._child = subprocess.Popen(self._command, env=self._environment, stdout=said, stderr=said)

    def kill(self) -> None:
        self._child.kill()
        self._child.wait()

    def stop(self) -> None:
        self._child.send_signal(signal.SIGTERM)
        self._child.wait(30)


@pytest.mark.parametrize(
    ("count", "kills"), [(300, 5), pytest.param(2000, 24, marks=pytest.mark.long)], ids=["5 kills", "24 kills"]
)
def test_killed_at_random_nothing_is_sent_twice_and_no_answer_is_lost(
    home: Home, tmp_path: Path, count: int, kills: int
) -> None:
    port, journal, world = _free_port(), tmp_path / "journal", tmp_path / "world.yaml"
    world.write_text(WORLD, "utf-8")
    environment = {
        **home.settings,
        "MEND_SMS_MODE": "live",
        "MEND_SMS_URL_MAIN": f"smpp://mend:secret@127.0.0.1:{port}",
    }
    live = Home.at(home.root, environment)
    at = dt.datetime.now(dt.UTC)
    messages = [_message(number, at) for number in range(count)]
    assert r.put(home, messages[: count // 2], at) == count // 2
    centre = Process(live, tmp_path / "centre.log", CENTRE, str(port), str(world), str(journal))
    relay = Process(live, tmp_path / "relay.log", RELAY)
    dice = random.Random(4)
    for threshold in sorted(dice.sample(range(5, count - 5), kills)):
        _wait(lambda least=threshold: len(Journal(journal).accepted) >= least)  # type: ignore[misc]
        time.sleep(dice.uniform(0, 0.05))
        victim = dice.choice([centre, relay])
        victim.kill()
        r.put(home, messages, at)  # the task died as well, and is run again
        victim.start()
    assert r.put(home, messages, at) == 0
    _wait(lambda: _at_rest(home))
    _wait(lambda: not Journal(journal).owed)
    relay.stop()
    centre.stop()
    _check(home, Journal(journal), at, count)


def _check(home: Home, kept: Journal, at: dt.datetime, count: int) -> None:
    states = r.states(home)
    print(f"{count} messages: {len(kept.accepted)} parts accepted, {kept.duplicates()} twice; {states}")
    assert kept.duplicates() == 0
    assert sum(states.values()) == count
    assert {state for state, _ in states} <= {"delivered", "unknown"}
    with operations.transaction(home.database_url) as connection:
        sender = Sender("main", "test", Retry(codes=frozenset(), first_seconds=1, most_seconds=1))
        sender.close_overdue(connection, at + dt.timedelta(days=2, hours=1), dt.timedelta(days=1))
    assert r.rows(home, "select count(*) from sms_outbox where final_at is null") == [(0,)]
    # What reached the message centre whole was delivered and is known to be.
    assert r.rows(home, "select count(*) from sms_part where state_code = 'delivered'") == [(len(kept.accepted),)]
    stored = {(row[0], row[1]) for row in r.rows(home, "select phone_number, to_number from sms_inbound")}
    assert {(f"+{answer.source}", answer.destination) for answer in kept.acknowledged_answers} <= stored
    assert len(kept.acknowledged_answers) > count // 2


def _message(number: int, at: dt.datetime) -> r.NewMessage:
    """Every tenth is 116 Chinese characters: two parts."""
    words = f"编号{number:06d}未解决回7"
    return r.message(number, at, text=words + "满" * (116 - len(words)) if number % 10 == 0 else words)


def _at_rest(home: Home) -> bool:
    return r.all_in(home, "delivered", "unknown")()


def _wait(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing moves any more"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
