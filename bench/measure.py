"""Measuring one contender: a process of its own, and the PostgreSQL server it works with, by what the kernel
counted.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import psutil

from mend.foundation import server
from mend.foundation.home import Home
from mend.foundation.home.server_layout import layout_of

SAMPLES_PER_SECOND: Final = 5
GIB: Final = 2**30
REPOSITORY: Final = Path(__file__).resolve().parents[1]  # where `python -m bench...` is found


@dataclass
class Cost:
    """What some work cost. Seconds; `peak` is the most memory of the process at once, in bytes."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    notes: dict[str, float] = field(default_factory=dict)


@contextmanager
def costing(home: Home | None = None) -> Iterator[Cost]:
    """Measure the block: this process and, when given, the home's embedded server."""
    cost = Cost()
    with ServerWatch(home) as watch:
        wall, cpu = time.perf_counter(), own_cpu()
        yield cost
        cost.wall, cost.cpu = time.perf_counter() - wall, own_cpu() - cpu
    cost.cpu += watch.cpu
    cost.peak = own_peak() + watch.peak


def own_cpu() -> float:
    """CPU seconds (user and system) of this process so far, its threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def own_peak() -> int:
    """Most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def in_child(module: str, arguments: Sequence[str]) -> Cost:
    """Run `python -m module arguments` and give the cost that it reports through `report`, with the whole process's CPU
    in the notes.

    Raises:
        subprocess.CalledProcessError: when the child fails (killed for memory, too); what it said is on standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "cost.json"
        child = subprocess.Popen([sys.executable, "-m", module, *arguments, "--answer", str(answer)], cwd=REPOSITORY)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, module)
        cost = Cost(**json.loads(answer.read_text("utf-8")))
    cost.notes["process_cpu"] = used.ru_utime + used.ru_stime
    return cost


def report(cost: Cost, answer: str | None) -> None:
    """A child hands its cost to the one who started it, or prints it when nobody did."""
    text = json.dumps(asdict(cost))
    if answer:
        Path(answer).write_text(text, "utf-8")
    else:
        print(text)


class ServerWatch:
    """CPU and peak memory of a home's embedded server while the block runs; nothing without a home."""

    def __init__(self, home: Home | None) -> None:
        self.cpu = 0.0
        self.peak = 0
        self._server = _postmaster(home) if home else None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> ServerWatch:
        self._before = self._used()
        if self._server:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            time.sleep(1 / SAMPLES_PER_SECOND)  # for the server to count the time of workers that just ended
        self.cpu = self._used() - self._before
        self._ended.set()
        if self._server:
            self._thread.join()

    def _used(self) -> float:
        """The server's own time, that of its ended children, and that of those at work."""
        if self._server is None:
            return 0.0
        total = sum(self._server.cpu_times()[:4])
        for process in self._server.children(recursive=True):
            with suppress(psutil.Error):
                total += sum(process.cpu_times()[:2])
        return float(total)

    def _watch(self) -> None:
        while not self._ended.wait(1 / SAMPLES_PER_SECOND):
            assert self._server is not None
            with suppress(psutil.Error):
                self.peak = max(
                    self.peak, sum(_memory(each) for each in (self._server, *self._server.children(recursive=True)))
                )


def _memory(process: psutil.Process) -> int:
    """Memory of a process, what it shares with others counted in parts."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _postmaster(home: Home) -> psutil.Process:
    server.start(home)
    pid = (layout_of(home).data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0]
    return psutil.Process(int(pid))
