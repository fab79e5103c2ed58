"""The demo's own time: its customers are asked at an hour at which they may be, whatever hour it is. One offset from
the wall clock, for event files, Airflow's runs and the relay, which takes it toward the simulated centre alone.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from mend.foundation.home import Home

# From nine on the contact policy lets us write, until half past eight; a demo takes less than an hour and a half.
EARLIEST: Final = dt.time(9, 0)
LATEST: Final = dt.time(19, 0)
OTHERWISE: Final = dt.time(17, 0)


def offset_at(now: dt.datetime, zone: str) -> dt.timedelta:
    """What to add to the wall clock: nothing in the permitted hours, else back to the latest late afternoon.

    >>> night = dt.datetime(2026, 5, 2, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> (night + offset_at(night, "Asia/Shanghai")).isoformat()
    '2026-05-01T17:00:00+08:00'
    >>> offset_at(night.replace(hour=9), "Asia/Shanghai")
    datetime.timedelta(0)
    """
    local = now.astimezone(ZoneInfo(zone))
    if EARLIEST <= local.time() < LATEST:
        return dt.timedelta(0)
    day = local.date() if local.time() >= LATEST else local.date() - dt.timedelta(days=1)
    wanted = dt.datetime.combine(day, OTHERWISE, ZoneInfo(zone))
    return dt.timedelta(seconds=round((wanted - local).total_seconds()))


def set_clock(home: Home, now: dt.datetime) -> dt.timedelta:
    """Choose the offset for the services that start now, and keep it for whoever asks."""
    offset = offset_at(now, home.zone)
    path = _path(home)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), "utf-8")
    return offset


def offset_of(home: Home) -> dt.timedelta:
    """The offset that was chosen; none where nothing was."""
    path = _path(home)
    if not path.exists():
        return dt.timedelta(0)
    return dt.timedelta(seconds=json.loads(path.read_text("utf-8"))["offset_seconds"])


def last_night(home: Home) -> dt.date:
    """The business date before the demo's present one, if it starts now."""
    now = dt.datetime.now(dt.UTC)
    return (now + offset_at(now, home.zone)).astimezone(ZoneInfo(home.zone)).date() - dt.timedelta(days=1)


def demo_now(home: Home) -> dt.datetime:
    """The demo's present moment."""
    return dt.datetime.now(dt.UTC) + offset_of(home)


def _path(home: Home) -> Path:
    return home.root / "smsc" / "clock.json"
