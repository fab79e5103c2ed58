"""`mend relay` and `mend smsc` as a person starts them, and a message centre's world as a file."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.mend.care.sms import rows as r

from mend.care.sms.errors import RuleError
from mend.care.sms.smsc import read_world
from mend.care.sms.smsc.world import Received, World
from mend.cli import relay as command
from mend.foundation.home import Home

WORLD = """
seed: 3
receipt_seconds: [0, 0.1]
answers:
  - {when: 未解决回7, share: 1, texts: {7: 1}, after_seconds: [0, 0.1]}
"""


def test_the_relay_asks_the_survey_room_too_and_sends_nothing_by_default(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(number, at) for number in range(3)], at)
    command.relay(argparse.Namespace(account="main", seconds=2, clock_offset=0, to_simulator=False), home)
    assert r.states(home) == {("suppressed", "dry_run"): 3}
    assert "looked_at" in capsys.readouterr().out


def test_relay_and_message_centre_work_together_from_the_command_line(home: Home, tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text(WORLD, "utf-8")
    at = dt.datetime.now(dt.UTC)
    r.put(home, [r.message(number, at) for number in range(20)], at)
    environment = {
        **os.environ,
        **home.settings,
        "MEND_HOME": str(home.root),
        "MEND_SMS_MODE": "live",
    }
    mend = [sys.executable, "-m", "mend.cli"]
    centre = subprocess.Popen(
        [*mend, "smsc", "--port", "0", "--world", str(world)], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert centre.stdout is not None
        port = centre.stdout.readline().rsplit(":", 1)[1].strip()
        environment["MEND_SMS_URL_MAIN"] = f"smpp://mend:secret@127.0.0.1:{port}"
        relay = subprocess.Popen([*mend, "relay"], env=environment, stdout=subprocess.PIPE, text=True)
        asyncio.run(r.until(lambda: r.rows(home, "select count(*) from sms_inbound where text = '7'") == [(20,)], 60))
        relay.send_signal(signal.SIGTERM)
        said = relay.communicate(timeout=30)[0]
    finally:
        centre.send_signal(signal.SIGTERM)
    assert relay.returncode == 0
    assert "accepted" in said
    assert {state for state, _ in r.states(home)} == {"delivered"}
    assert "accepted 20 messages, 0 of them twice" in centre.communicate(timeout=20)[0]


def test_the_same_world_answers_the_same_and_in_the_shares_it_says() -> None:
    world = World.model_validate({"seed": 1, "answers": [{"when": "7", "share": 0.25, "texts": {"7": 3, "1": 1}}]})
    asked = [Received(r.phone(number), "1008601", "未解决回7") for number in range(4000)]
    answers = [world.answer(each) for each in asked]
    assert answers == [world.answer(each) for each in asked]
    given = [answer[0] for answer in answers if answer]
    assert 900 < len(given) < 1100
    assert 0.7 < given.count("7") / len(given) < 0.8
    assert world.answer(Received(r.phone(1), "1008601", "care")) is None


def test_a_world_that_is_none_is_refused_with_file_and_rule(tmp_path: Path) -> None:
    broken = tmp_path / "world.yaml"
    broken.write_text("undelivered_share: 2", "utf-8")
    with pytest.raises(RuleError, match=r"world.yaml: undelivered_share"):
        read_world(broken)
