"""The embedded PostgreSQL, for real: each test starts the server it needs, in about a second."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from mend.foundation import server
from mend.foundation.home import Home
from mend.foundation.server import layout as layouts

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
SOURCES = Path(server.__file__).parents[3]
NewHome = Callable[..., Home]


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own temporary folders are closed."""
    folder = Path(tempfile.mkdtemp(prefix="mt-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def new_home(ground: Path) -> Iterator[NewHome]:
    """Makes homes in the ground; their servers are stopped and what lies outside removed at the end."""
    homes: list[Home] = []

    def make(name: str = "h", **environment: str) -> Home:
        homes.append(Home.at(ground / name, environment))
        return homes[-1]

    yield make
    for home in homes:
        server.stop(home)
        for left in (*layouts.OUTSIDE.glob(f"{layouts.key_of(home)}*"), layouts.SHORT / f"mend-{layouts.key_of(home)}"):
            shutil.rmtree(left, ignore_errors=True)


def ask(url: str, question: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(sa.text(question))
        return result.scalar() if result.returns_rows else None


def server_process(home: Home) -> psutil.Process:
    lines = (layouts.layout_of(home).data / "postmaster.pid").read_text().splitlines()
    return psutil.Process(int(lines[0]))


def permissions_of_parents(path: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in path.parents}


def run_python(code: str, home: Home, **options: object) -> subprocess.CompletedProcess[str]:
    code = (
        f"from mend.foundation import server; from mend.foundation.home import Home; "
        f"home = Home.at({str(home.root)!r}, {{}}); {code}"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def test_start_gives_three_databases_over_a_private_socket(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    assert server.is_running(home)
    urls = (home.database_url, home.catalog_url, home.airflow_database_url)
    assert [ask(url, "select current_database()") for url in urls] == ["mend", "mend_lake", "airflow"]
    assert ask(home.database_url, "show listen_addresses") == ""
    socket = layouts.layout_of(home).socket_folder / ".s.PGSQL.5432"
    assert (socket.parent.stat().st_mode & 0o777, socket.stat().st_mode & 0o777) == (0o700, 0o700)


def test_stop_leaves_the_data_and_both_may_be_repeated(new_home: NewHome) -> None:
    home = new_home()
    server.stop(home)
    server.start(home)
    server.start(home)
    ask(home.database_url, "create table kept as select 7 as number")
    server.stop(home)
    server.stop(home)
    assert not server.is_running(home)
    server.start(home)
    assert ask(home.database_url, "select number from kept") == 7


def test_the_server_outlives_the_process_that_started_it(new_home: NewHome) -> None:
    home = new_home()
    assert run_python("server.start(home)", home, start_new_session=True).stderr == ""
    assert server.is_running(home)


def test_several_processes_may_start_it_at_once(new_home: NewHome) -> None:
    home = new_home()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: run_python("server.start(home)", home), range(4)))
    assert [process.stderr for process in done] == [""] * 4
    assert server.is_running(home)


def test_two_homes_side_by_side_never_meet(new_home: NewHome) -> None:
    one, other = new_home("one"), new_home("other")
    server.start(one)
    server.start(other)
    ask(one.database_url, "create table mine as select 1 as number")
    assert ask(other.database_url, "select to_regclass('mine')") is None
    server.stop(one)
    assert (server.is_running(one), server.is_running(other)) == (False, True)


@pytest.mark.parametrize("name", ["deep/" * 30 + "h", "a b, 中文'%40/h"], ids=["deep", "odd characters"])
def test_a_folder_whose_path_does_not_suit_a_socket_gets_a_short_one(new_home: NewHome, name: str) -> None:
    home = new_home(name)
    server.start(home)
    for url in (home.database_url, home.airflow_database_url):
        assert ask(url, "select 1") == 1
    folder = layouts.layout_of(home).socket_folder
    assert (folder.parent, folder.stat().st_mode & 0o777) == (Path("/tmp"), 0o700)


def test_a_short_socket_folder_made_by_someone_else_is_refused(new_home: NewHome) -> None:
    home = new_home("deep/" * 30 + "h")
    layouts.layout_of(home).socket_folder.mkdir(mode=0o777)
    with pytest.raises(server.ServerError, match="not a folder that only user"):
        server.start(home)


def test_it_starts_again_after_a_kill(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    ask(home.database_url, "create table kept as select 7 as number")
    server_process(home).kill()
    server.start(home)
    assert ask(home.database_url, "select number from kept") == 7


def test_a_lock_file_whose_process_number_another_program_has_does_not_hinder(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    layout = layouts.layout_of(home)
    owner = layout.data.stat().st_uid
    lines = (layout.data / "postmaster.pid").read_text().splitlines()
    server.stop(home)
    account = {"user": owner, "group": owner, "extra_groups": []} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account)  # type: ignore[call-overload]
    try:
        for path in (layout.data / "postmaster.pid", layout.socket_folder / ".s.PGSQL.5432.lock"):
            path.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            os.chown(path, owner, -1)
        server.start(home)
        assert ask(home.database_url, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_home_deleted_under_its_running_server_can_be_made_anew(new_home: NewHome) -> None:
    home = new_home("deep/" * 30 + "h")
    server.start(home)
    old = server_process(home)
    shutil.rmtree(home.root)
    server.start(home)
    assert ask(home.database_url, "select 1") == 1
    assert server_process(home).pid != old.pid


def test_an_interrupted_first_start_is_repeated(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    server.stop(home)
    data = layouts.layout_of(home).data
    data.rename(data.with_name("data.draft"))
    server.start(home)
    assert ask(home.catalog_url, "select 1") == 1


def test_the_environment_of_another_postgresql_does_not_reach_ours(
    new_home: NewHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "6543", "PGDATA": "/nowhere", "PGHOST": "db.example", "PGUSER": "other"}.items():
        monkeypatch.setenv(name, value)
    home = new_home()
    server.start(home)
    assert [ask(url, "select 1") for url in (home.database_url, home.airflow_database_url)] == [1, 1]


def test_no_server_is_started_where_both_databases_are_elsewhere(new_home: NewHome) -> None:
    home = new_home(MEND_DATABASE_URL="postgresql+psycopg://db/mend", MEND_CATALOG_URL="postgresql+psycopg://db/lake")
    server.start(home)
    assert not home.root.exists()


def test_row_values_of_failed_statements_stay_out_of_the_log(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    ask(home.database_url, "create table phones (number text primary key)")
    ask(home.database_url, "insert into phones values ('13800000000')")
    with pytest.raises(sa.exc.IntegrityError):
        ask(home.database_url, "insert into phones values ('13800000000')")
    assert "13800000000" not in layouts.layout_of(home).log.read_text()


@AS_ROOT
@pytest.mark.parametrize("mode", [0o755, 0o700], ids=["open parent", "closed parent"])
def test_root_changes_no_permissions_outside_the_home(ground: Path, new_home: NewHome, mode: int) -> None:
    (ground / "parent").mkdir()
    (ground / "parent").chmod(mode)
    home = new_home("parent/h")
    before = permissions_of_parents(home.root) | permissions_of_parents(Path(sys.prefix) / "lib")
    server.start(home)
    assert ask(home.database_url, "select 1") == 1
    assert {path: path.stat().st_mode for path in before} == before
    assert server_process(home).uids().real != 0
    outside = layouts.layout_of(home).folder.is_relative_to(layouts.OUTSIDE)
    assert outside == (mode == 0o700)


@AS_ROOT
def test_a_home_made_anew_behind_a_closed_parent_starts_empty(ground: Path, new_home: NewHome) -> None:
    ground.chmod(0o700)
    home = new_home()
    server.start(home)
    ask(home.database_url, "create table old as select 1")
    server.stop(home)
    shutil.rmtree(home.root)
    server.start(home)
    assert ask(home.database_url, "select to_regclass('old')") is None


@AS_ROOT
def test_a_closed_parent_that_is_opened_later_changes_nothing(ground: Path, new_home: NewHome) -> None:
    ground.chmod(0o700)
    home = new_home()
    server.start(home)
    ask(home.database_url, "create table kept as select 7 as number")
    server.stop(home)
    ground.chmod(0o755)
    server.start(home)
    assert ask(home.database_url, "select number from kept") == 7


@AS_ROOT
def test_root_copies_the_programs_when_the_wheel_lies_behind_a_closed_folder(
    ground: Path, new_home: NewHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mend.foundation.server import programs

    wheel = programs._wheel_folder()
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    for part in programs.PARTS:
        if (wheel / part).is_dir():
            shutil.copytree(wheel / part, closed / part, symlinks=True)
    monkeypatch.setattr(programs, "_wheel_folder", lambda: closed)
    home = new_home()
    server.start(home)
    assert ask(home.database_url, "select 1") == 1
    assert Path(server_process(home).exe()).is_relative_to(home.root)
    assert closed.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_an_ordinary_user_runs_it_himself_and_root_can_stop_it(ground: Path, new_home: NewHome) -> None:
    uid = pwd.getpwnam("daemon").pw_uid
    ordinary = {"user": uid, "group": uid, "extra_groups": [], "cwd": "/"}
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (f"/usr/bin/{version}", f"/usr/local/bin/{version}")
    python = next((place for place in places if Path(place).exists()), None)
    packages = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    probe = ["/bin/sh", "-c", 'test -r "$0"', str(packages / "psycopg" / "__init__.py")]
    if python is None or subprocess.run(probe, **ordinary).returncode != 0:  # type: ignore[call-overload]
        pytest.skip("no Python that an ordinary user could run with these packages")
    (ground / "his").mkdir()
    os.chown(ground / "his", uid, uid)
    home = new_home("his/h")
    code = (
        f"from mend.foundation import server; from mend.foundation.home import Home; "
        f"server.start(Home.at({str(home.root)!r}, {{}}))"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{SOURCES}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([python, "-c", code], env=environment, capture_output=True, text=True, **ordinary)  # type: ignore[call-overload]
    assert done.stderr == ""
    assert server_process(home).uids().real == uid
    assert home.root.stat().st_mode & 0o777 == 0o700
    server.stop(home)
    assert not server.is_running(home)


def test_clients_that_wait_are_let_go_when_it_stops(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    idle = sa.create_engine(home.database_url).connect()
    began = time.monotonic()
    server.stop(home)
    assert time.monotonic() - began < 10
    idle.invalidate()


def test_a_signal_to_the_starters_group_does_not_reach_the_server(new_home: NewHome) -> None:
    home = new_home()
    code = "import os, signal; server.start(home); os.killpg(0, signal.SIGTERM)"
    done = run_python(code, home, start_new_session=True)
    assert done.returncode == -signal.SIGTERM
    assert server.is_running(home)


def test_remove_deletes_the_databases_and_nothing_else(new_home: NewHome) -> None:
    home = new_home()
    server.start(home)
    (home.root / "mine").touch()
    server.remove(home)
    server.remove(home)
    assert (home.root / "mine").exists()
    assert not server.is_running(home)
    assert not layouts.layout_of(home).folder.exists()
