"""Two homes of one: a copied folder goes on by itself, night after night and through the housekeeping, and so does the
first home.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.end_to_end.chain import COMPARED, contents, night

from mend.chain import run_step, step
from mend.foundation import operations, server, sessions
from mend.foundation.home import Home
from mend.foundation.opening import open_home
from mend.foundation.periods import Period
from mend.simulate import simulate

pytestmark = pytest.mark.slow
DAYS = [dt.date(2026, 5, 30) + dt.timedelta(days=number) for number in range(4)]


@pytest.fixture
def ground() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="me-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for path in (folder / "first", folder / "second" / "home"):
        server.stop(Home.at(path, {}))
    shutil.rmtree(folder)


def mend(home: Home, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEND_", "AIRFLOW"))}
    environment = kept | settings
    command = [sys.executable, "-m", "mend.cli", "--home", str(home.root), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def maintain(home: Home) -> dict[str, object]:
    params = {"keep_snapshots_days": 0, "orphans_after_hours": 0}
    return dict(run_step(step("lake_maintenance"), home, Period(DAYS[-1], DAYS[-1]), params))


@pytest.mark.long
def test_a_copy_and_its_first_home_run_and_are_maintained_apart(ground: Path) -> None:
    simulate(ground / "world", 120, "2026-05", 2, seed=5)
    first = Home.at(ground / "first", {"MEND_ZONE": "Asia/Shanghai"})
    open_home(first)
    operations.upgrade(first.database_url)
    night(first, ground / "world", DAYS[:2])
    night(first, ground / "world", DAYS[2:3])
    then = contents(first)
    sessions.close_idle()
    server.stop(first)
    (ground / "second").mkdir(mode=0o755)
    subprocess.run(["cp", "-a", str(first.root), str(ground / "second" / "home")], check=True)
    second = Home.at(ground / "second" / "home", {"MEND_ZONE": "Asia/Shanghai"})

    assert contents(second) == then
    assert maintain(second)["orphans_removed"] != 0
    night(second, ground / "world", DAYS[3:])
    maintain(second)
    assert contents(first) == then
    night(first, ground / "world", DAYS[3:])
    maintain(first)
    later = contents(first)
    assert {table for table in COMPARED if later[table] != then[table]} >= {"core_contact", "mart_exposure_day"}
    assert contents(second) == later

    shown = mend(second, "home")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"a copy of the home in {first.root}: it sends no messages" in shown.stdout
    assert "when it is next used: nothing" in shown.stdout
    refused = mend(
        second, "relay", "--for", "5", MEND_SMS_MODE="live", MEND_SMS_URL_MAIN="smpp://mend:secret@127.0.0.1:9"
    )
    assert refused.returncode == 1
    assert "would be sent twice" in refused.stderr
    assert "copy of" not in mend(second, "home", "moved").stdout
