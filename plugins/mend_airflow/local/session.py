"""The processes of one background session: found again later, by another program, without ever touching a stranger's.

The supervisor leads a session of its own, and what Airflow starts stays in it: tasks change their process group, not
their session. What a task starts may leave the session too (BashOperator): a variable in its environment tells. That
variable alone would not do, because Airflow's own processes overwrite theirs when they set their titles.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

MARK = "MEND_INSTANCE"
CLOCK_SECONDS = 5  # the beginning is computed from the machine's clock, which may be set meanwhile


@dataclass(frozen=True)
class Session:
    """A session by its leader's number and when the leader began (seconds since 1970): numbers are used again."""

    leader: int
    began: float
    home: str = ""

    @classmethod
    def led_by(cls, leader: int, home: str = "") -> Session:
        return cls(leader, psutil.Process(leader).create_time(), home)

    @classmethod
    def recorded(cls, path: Path, home: str) -> Session | None:
        """The session of the home in this folder; None for a record that came with a copy: its processes are the first
        home's.
        """
        found = cls(**json.loads(path.read_text("utf-8"))) if path.exists() else None
        return found if found and found._is_of(home) else None

    def _is_of(self, home: str) -> bool:
        if self.home:
            return self.home == home
        with suppress(psutil.Error):  # an earlier version's record: its leader bears the mark
            return bool(self.is_led() and psutil.Process(self.leader).environ().get(MARK) == home)
        return False

    def record(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), "utf-8")

    def is_led(self) -> bool:
        """True while the leader itself lives."""
        with suppress(psutil.Error):
            process = psutil.Process(self.leader)
            is_same = abs(process.create_time() - self.began) < CLOCK_SECONDS
            return bool(is_same and process.status() != psutil.STATUS_ZOMBIE)
        return False

    def holds(self, process: psutil.Process) -> bool:
        """True for a process of the session; when its leader is gone, it must also look like one of Airflow's."""
        if os.getsid(process.pid) != self.leader or process.create_time() < self.began - CLOCK_SECONDS:
            return False
        return self.is_led() or "airflow" in " ".join(process.cmdline())


def processes(session: Session | None, mark: str) -> Iterator[psutil.Process]:
    """Those of the session and those whose environment bears the mark, but not this process."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if (session is not None and session.holds(process)) or process.environ().get(MARK) == mark:
                yield process


def end(found: list[psutil.Process], kill: bool) -> None:
    """Ask the processes to end, or kill them."""
    for process in found:
        with suppress(psutil.Error):
            if kill:
                process.kill()
            else:
                process.terminate()
