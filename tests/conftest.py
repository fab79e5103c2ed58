"""Fixtures of every test that needs the real stores: one embedded PostgreSQL a session, a fresh home for each test.

A home is copied from a template (its databases by `create database ... template`, the empty lake by its metadata
files): that takes 0.1 s where the server's files are in memory, half a second on a disk, a first start two or three.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from mend.foundation import operations, server, sessions
from mend.foundation.home import Home
from mend.foundation.home import server_layout as layouts
from mend.foundation.pipeline.workbench import Workbench

ZONE = "Asia/Shanghai"
IN_MEMORY = Path("/dev/shm")  # Linux; in a container it may be tiny
ROOM = 4 * 2**30  # bytes: a server's databases and its log of writes, several workers at once
_numbers = count(1)
settings.register_profile("mend", deadline=None)  # a busy machine is no fault
settings.load_profile("mend")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of slow tests (marked, or from end to end), then those of many tests: one that takes minutes
    must not begin when the other workers end.
    """
    tests = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.path.parent.name == "end_to_end"}
    items.sort(key=lambda item: (item.path not in slow, -tests[item.path], item.path))


@dataclass(frozen=True)
class Template:
    """The session's server and a home with empty tables, to be copied."""

    home: Home

    def address(self, database: str) -> str:
        return server.url(self.home, database)

    def run(self, database: str, *statements: str) -> None:
        """Run statements outside of a transaction (`create database` wants that)."""
        with psycopg.connect(self.address(database).replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """The command narrows what its process creates; a test that runs it here gives that back."""
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    """An embedded server with one complete, empty home in it."""
    ground = Path(tempfile.mkdtemp(prefix="mend-tests-", dir=_ground()))
    ground.chmod(0o755)  # the server may run as another user
    home = Home.at(ground / "template", {"MEND_ZONE": ZONE})
    server.start(home)
    operations.upgrade(home.database_url)
    with Workbench.open(home):
        pass
    sessions.close_idle()  # a database in use is no template
    yield Template(home)
    server.stop(home)
    key = layouts.key_of(home)
    for left in (*layouts.OUTSIDE.glob(f"{key}*"), layouts.SHORT / f"mend-{key}", ground):
        shutil.rmtree(left, ignore_errors=True)


def _ground() -> Path:
    """Where the session's server is. Each fresh home is two databases, some seven hundred files: ten times as costly
    on a disk.
    """
    roomy = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free >= ROOM
    return IN_MEMORY if roomy else Path("/tmp")


@contextmanager
def fresh_home(template: Template, folder: Path) -> Iterator[Home]:
    """A fresh home in the folder: empty lake, empty operations database, business zone Asia/Shanghai."""
    number = next(_numbers)
    names = {"mend": f"mend_{number}", "mend_lake": f"mend_lake_{number}"}
    template.run("postgres", *(f"create database {new} template {old}" for old, new in names.items()))
    environment = {
        "MEND_ZONE": ZONE,
        "MEND_DATABASE_URL": template.address(names["mend"]),
        "MEND_CATALOG_URL": template.address(names["mend_lake"]),
    }
    made = Home.at(folder / "home", environment)
    made.prepare()
    _copy_lake(template, made, names["mend_lake"])
    try:
        yield made
    finally:
        sessions.close_idle()
        template.run("postgres", *(f"drop database {name} with (force)" for name in names.values()))


@pytest.fixture
def new_home(template: Template, tmp_path: Path) -> Callable[[], AbstractContextManager[Home]]:
    """Makes fresh homes, for a test that tries one example after the other."""
    return lambda: fresh_home(template, tmp_path / str(next(_numbers)))


@pytest.fixture
def home(template: Template, tmp_path: Path) -> Iterator[Home]:
    """A fresh home for one test."""
    with fresh_home(template, tmp_path) as made:
        yield made


@pytest.fixture
def bench(home: Home) -> Iterator[Workbench]:
    """The lake and an engine of the fresh home."""
    with Workbench.open(home) as opened:
        yield opened


def _copy_lake(template: Template, made: Home, catalog: str) -> None:
    """The template's empty tables, their absolute paths rewritten to the new home's."""
    old, new = template.home.warehouse, made.warehouse
    shutil.copytree(template.home.lake_folder, made.lake_folder)
    for path in made.lake_folder.rglob("*.metadata.json"):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    template.run(catalog, f"update iceberg_tables set metadata_location = replace(metadata_location, '{old}', '{new}')")


@pytest.fixture
def shared_data() -> Path:
    """The public data beside the repository; the test is skipped where it is not."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data (../shared/data beside the repository) is not on this machine")
    return folder
