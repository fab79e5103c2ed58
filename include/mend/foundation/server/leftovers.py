"""What a server that was killed, or whose machine was restarted, leaves behind."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import psutil

from mend.foundation.home.server_layout import PORT, Layout

DELETED = " (deleted)"  # Linux's mark on the working folder of a process when the folder is gone; psutil drops it


def clear(layout: Layout) -> None:
    """Remove what would wrongly stop a start: lock files whose process number now belongs to another program.

    PostgreSQL removes stale lock files itself, but takes any living process of that number, by the same user, for its
    own: common after a restart of the machine or of a container.
    """
    _end_server_without_folder(layout)
    if processes(layout):
        return  # a server of ours is on its way up or down; pg_ctl will say
    for path in (layout.data / "postmaster.pid", _socket_lock(layout)):
        number = _process_number(path)
        if number is not None and psutil.pid_exists(number):
            path.unlink(missing_ok=True)


def is_alive(layout: Layout) -> bool:
    """Whether the server's first process lives, and works in this data folder: the file that names it may have come
    with a copy.
    """
    number = _process_number(layout.data / "postmaster.pid")
    with suppress(psutil.Error, OSError):
        process = psutil.Process(number) if number is not None else None
        return process is not None and process.name() == "postgres" and process.cwd() == _real(layout)
    return False


def processes(layout: Layout) -> list[psutil.Process]:
    """Living PostgreSQL processes that work in this data folder."""
    found, real = [], _real(layout)
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and process.cwd() == real:
                found.append(process)
    return found


def _real(layout: Layout) -> str:
    """The data folder as the system names a working folder: without links."""
    return os.path.realpath(layout.data)


def _end_server_without_folder(layout: Layout) -> None:
    """End a server whose home was deleted under it while it ran: it would keep the socket of the new one."""
    number = _process_number(_socket_lock(layout))
    if number is None or number == _process_number(layout.data / "postmaster.pid"):
        return
    with suppress(psutil.Error, OSError):
        process = psutil.Process(number)
        if process.name() == "postgres" and process.cwd().removesuffix(DELETED) == str(layout.data):
            process.send_signal(signal.SIGQUIT)
            process.wait(timeout=10)


def _socket_lock(layout: Layout) -> Path:
    return layout.socket_folder / f".s.PGSQL.{PORT}.lock"


def _process_number(path: Path) -> int | None:
    try:
        first_line = path.read_text("utf-8").partition("\n")[0].strip()
    except OSError:
        return None
    return int(first_line) if first_line.isdecimal() else None
