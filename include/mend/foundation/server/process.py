"""Start and stop the embedded server of a home."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from mend.foundation.home import Home, locked
from mend.foundation.home.server_layout import (
    DATABASES,
    OUTSIDE,
    PORT,
    SHORT,
    USER,
    Layout,
    is_outside,
    layout_of,
    record_path,
)
from mend.foundation.server import leftovers, moving
from mend.foundation.server.account import Account, account_for, made
from mend.foundation.server.errors import ServerError
from mend.foundation.server.programs import MAJOR_VERSION, programs_for

START_SECONDS = 60
SOCKET_LINE = 4  # of postmaster.pid, from 0
SETTINGS = """\
# Written at each start by Mend.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 64MB
max_wal_size = 512MB
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
# No statements or row values in the log: they could hold personal data.
log_min_error_statement = panic
log_error_verbosity = terse
"""


def start(home: Home) -> None:
    """Make sure the home's server runs and has its databases. Nothing to do where MEND_*_URL name databases elsewhere.

    Takes about 2 s the first time, 0.3 s when stopped, 10 ms when running. Raises ServerError.
    """
    if not home.needs_embedded_server or _answers(layout_of(home), DATABASES[-1]):
        return
    home.prepare()
    with locked(home.root / "server.lock"):
        moving.bring(home)
        layout = layout_of(home)
        if not _answers(layout, "postgres"):
            moving.require_data(home, layout)
            _end_at_another_socket(layout)
            _launch(home, layout)
        _create_databases(layout)


def stop(home: Home) -> None:
    """Stop the server, if it runs; open transactions are rolled back, data stays. Raises ServerError."""
    if not home.root.is_dir():
        return
    with locked(home.root / "server.lock"):
        layout = layout_of(home)
        # pg_ctl signals whatever process the file names, and a copied file names the first home's server.
        if not leftovers.is_alive(layout):
            return
        account = account_for(layout)
        with suppress(ServerError):  # raised where it ended by itself meanwhile
            _run(layout, account, "pg_ctl", "stop", "-D", str(layout.data), "-m", "fast", "-w")
        if _answers(layout, "postgres"):
            raise ServerError(f"PostgreSQL in {layout.folder} does not stop; see {layout.log}")
        if layout.socket_folder.parent == SHORT:
            with suppress(OSError):
                layout.socket_folder.rmdir()


def remove(home: Home) -> None:
    """Stop the server and delete its databases, wherever they lie. The rest of the home is not touched."""
    stop(home)
    layout = layout_of(home)
    with suppress(FileNotFoundError):
        account_for(layout)  # raises ServerError if the folder is another user's
        for folder in (layout.folder, *layout.folder.parent.glob(f"{layout.folder.name}-programs-*")):
            shutil.rmtree(folder)
    record_path(home).unlink(missing_ok=True)


def is_running(home: Home) -> bool:
    """True if the home's embedded server accepts connections."""
    return _answers(layout_of(home), "postgres")


def is_alive(home: Home) -> bool:
    """True if the home's server runs, also when it has no connection left to give or is still starting."""
    return leftovers.is_alive(layout_of(home))


def _end_at_another_socket(layout: Layout) -> None:
    """A home that was moved while its server ran: the server listens where nobody looks for it."""
    if not leftovers.is_alive(layout):
        return
    lines = (layout.data / "postmaster.pid").read_text("utf-8").splitlines()
    if len(lines) > SOCKET_LINE and lines[SOCKET_LINE] != str(layout.socket_folder):
        _run(layout, account_for(layout), "pg_ctl", "stop", "-D", str(layout.data), "-m", "fast", "-w")


def _answers(layout: Layout, database: str) -> bool:
    # A server whose folder was deleted under it may still answer on a socket elsewhere; it is not ours any more.
    if not (layout.data / "postmaster.pid").exists():
        return False
    try:
        _connect(layout, database).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(layout: Layout, database: str) -> psycopg.Connection:
    folder = str(layout.socket_folder)
    return psycopg.connect(host=folder, port=PORT, user=USER, dbname=database, connect_timeout=5, autocommit=True)


def _launch(home: Home, layout: Layout) -> None:
    account = account_for(layout)
    _prepare_folders(home, layout, account)
    _initialise(layout, account)
    _write_settings(layout, account)
    leftovers.clear(layout)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return _run(layout, account, "pg_ctl", "start", "-D", str(layout.data), "-l", str(layout.log), "-w", "-s")
        except ServerError:
            # After a kill -9, the old server's children may hold its memory for another moment.
            if time.monotonic() > deadline or not leftovers.processes(layout):
                raise
            time.sleep(0.2)


def _prepare_folders(home: Home, layout: Layout, account: Account) -> None:
    if is_outside(home, layout) and not record_path(home).exists():
        made(OUTSIDE, 0o755)
        if layout.folder.exists():  # of an earlier home at this path that was deleted
            layout.folder.rename(layout.folder.with_name(f"{layout.folder.name}.{int(time.time())}"))
        record_path(home).write_text(json.dumps({"folder": str(layout.folder)}), "utf-8")
    account.own(layout.folder)
    account.own(layout.socket_folder)


def _initialise(layout: Layout, account: Account) -> None:
    if layout.is_initialised:
        found = (layout.data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise ServerError(f"{layout.data} was made by PostgreSQL {found}, this is {MAJOR_VERSION}")
        return
    # Into a draft, so that an interrupted initdb leaves nothing that looks finished.
    draft = layout.folder / "data.draft"
    _run(layout, account, "/bin/rm", "-rf", str(draft))
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]  # the same on every machine
    _run(layout, account, "initdb", "-D", str(draft), "-U", USER, "--auth=trust", "--encoding=UTF8", *locale)
    draft.rename(layout.data)


def _write_settings(layout: Layout, account: Account) -> None:
    """Trust is enough: only the server's own account and root can reach the socket."""
    own = layout.data / "mend.conf"
    own.write_text(SETTINGS.format(port=PORT, socket_folder=layout.socket_folder), "utf-8")
    os.chown(own, account.uid, account.gid)
    main = layout.data / "postgresql.conf"
    line = "include 'mend.conf'\n"
    if line not in main.read_text("utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write(line)


def _create_databases(layout: Layout) -> None:
    with _connect(layout, "postgres") as connection:
        existing = {name for (name,) in connection.execute("select datname from pg_database")}
        for name in DATABASES:
            if name not in existing:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _run(layout: Layout, account: Account, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs (or a path) as the account. Raises ServerError with what it said."""
    path = Path(program) if program.startswith("/") else programs_for(layout, account) / program
    # A bare environment: PGPORT, PGDATA and the like of another PostgreSQL must not reach ours.
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"}
    done = subprocess.run(
        [str(path), *arguments], env=environment, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace", start_new_session=True, **account.run_options,
    )  # fmt: skip
    if done.returncode != 0:
        raise ServerError(f"{Path(program).name} failed in {layout.folder} (log: {layout.log}): {done.stderr.strip()}")
