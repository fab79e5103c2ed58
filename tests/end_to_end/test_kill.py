"""A scoring task killed at any moment and run again leaves the tables of an undisturbed run, and nothing half done in
between.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Template, fresh_home
from tests.end_to_end.chain import contents

from mend.damage.scoring import score
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core
from mend.intake.extract import extract, load_source
from mend.simulate import simulate

DAYS = [dt.date(2026, 5, 1) + dt.timedelta(days=number) for number in range(10)]
TABLES = ("mart_damage_ledger", "mart_exposure_day", "mart_topic_handling_month")
KILLS = 5
SCORING = """
import datetime as dt, sys
from mend.foundation.home import Home
from mend.damage.scoring import score
from mend.foundation.pipeline.workbench import Workbench
home = Home.from_environment()
with Workbench.open(home) as bench:
    print("scoring", flush=True)
    score(home, bench, [dt.date.fromisoformat(day) for day in sys.argv[1:]])
    print("scored", flush=True)
"""


def test_a_scoring_task_killed_at_random_moments_leaves_no_trace(template: Template, tmp_path: Path) -> None:
    simulate(tmp_path / "world", 300, "2026-05", 1, seed=4)
    with fresh_home(template, tmp_path / "calm") as home:
        _load(home, tmp_path / "world")
        with Workbench.open(home) as bench:
            score(home, bench, DAYS[:5])
            score(home, bench, DAYS[5:])
        expected = contents(home, TABLES)
    with fresh_home(template, tmp_path / "killed") as home:
        _load(home, tmp_path / "world")
        with Workbench.open(home) as bench:
            score(home, bench, DAYS[:5])
        before = contents(home, TABLES)
        seconds = _seconds_of_an_undisturbed_run(home, DAYS[:5])
        killed = [_kill_after(home, random.Random(number).uniform(0, seconds)) for number in range(KILLS)]
        seen = contents(home, TABLES)
        assert any(killed)
        for table in TABLES:
            assert seen[table] in (before[table], expected[table]), f"{table}: a reader sees something half done"
        assert _run(home, DAYS[5:]).returncode == 0
        assert contents(home, TABLES) == expected


def _load(home: Home, world: Path) -> None:
    with Workbench.open(home) as bench:
        extract(home, bench, load_source(home, "simulator"), DAYS, [world])
        core.load(home, bench, DAYS)


def _command(days: list[dt.date]) -> list[str]:
    return [sys.executable, "-c", SCORING, *(day.isoformat() for day in days)]


def _environment(home: Home) -> dict[str, str]:
    return {**os.environ, **home.settings, "MEND_HOME": str(home.root), "PYTHONPATH": "include"}


def _run(home: Home, days: list[dt.date]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(_command(days), env=_environment(home), check=False, capture_output=True)


def _seconds_of_an_undisturbed_run(home: Home, days: list[dt.date]) -> float:
    """How long scoring takes here once it has begun: a rerun of days that are scored already, which changes nothing."""
    with subprocess.Popen(_command(days), env=_environment(home), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.monotonic()
        process.wait()
    return time.monotonic() - began


def _kill_after(home: Home, seconds: float) -> bool:
    """Kill -9 the task so long after it began to score; True when it was still at work."""
    with subprocess.Popen(_command(DAYS[5:]), env=_environment(home), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL
