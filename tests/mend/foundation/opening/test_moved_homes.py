"""A home that is moved, copied or restored elsewhere, its server stopped: it is whole in its new place, and so is what
it came from.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyiceberg.expressions import EqualTo
from pyiceberg.manifest import DataFileContent
from tests.mend.foundation.lake.test_old_deletes import counts, delete, fill

from mend.foundation import identity, operations, server, sessions
from mend.foundation.home import Home
from mend.foundation.home import server_layout as layouts
from mend.foundation.lake import LakeError, Maintenance
from mend.foundation.lake.filters import equal
from mend.foundation.opening import Refused, as_moved, look, open_home, require_sender
from mend.foundation.pipeline.compaction import compact
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES

pytestmark = pytest.mark.slow
TABLE = "mart_topic_handling_month"
MAY, JUNE = "2026-05", "2026-06"
HELD = {MAY: [0, 2, 4], JUNE: [0, 1]}
PLACES = ["h2", "deep/" * 30 + "h", "a b, 中文'%40/h"]
IDS = ["a name of the same length", "a longer path", "odd characters"]
ODD_OR_LONG = [*(pytest.param(place, marks=pytest.mark.long) for place in PLACES[:2]), PLACES[2]]


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder that every user may enter; root's embedded server runs as another one."""
    folder = Path(tempfile.mkdtemp(prefix="mo-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made(ground: Path) -> Path:
    """A stopped home with rows, deleted rows, and snapshots of earlier states. Never opened where it is: tests use
    copies of it.
    """
    home = Home.at(ground / "h1", {"MEND_ZONE": "Asia/Shanghai"})
    open_home(home)
    operations.upgrade(home.database_url)
    with Workbench.open(home) as bench:
        fill(bench, JUNE, 2)
        may = fill(bench, MAY, 5)
        delete(bench, may, 1)  # as an earlier version left it: nobody has used the table since
        delete(bench, may, 3)
    _stop(home)
    home.root.rename(ground / "kept")
    return ground / "kept"


@dataclass
class Folders:
    """Puts the made home at its own path, and copies or moves it."""

    ground: Path
    made: Path

    def first(self) -> Home:
        return self._put(self.made, self.ground / "h1")

    def copy(self, home: Home, place: str) -> Home:
        return self._put(home.root, self.ground / place)

    def move(self, home: Home, place: str) -> Home:
        target = self.ground / place
        target.parent.mkdir(parents=True, exist_ok=True)
        home.root.rename(target)
        return Home.at(target, {})

    def _put(self, source: Path, target: Path) -> Home:
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)
        return Home.at(target, {})


@pytest.fixture
def folders(ground: Path, made: Path) -> Iterator[Folders]:
    yield Folders(ground, made)
    for path in set(ground.rglob("identity.json")):
        if made not in path.parents:
            _stop(Home.at(path.parent, {}))
    for path in ground.iterdir():
        if path != made:
            shutil.rmtree(path)


def _stop(home: Home) -> None:
    sessions.close_idle()
    server.stop(home)


def state(home: Home) -> dict[Path, str]:
    """Every file of the lake, by its content."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in home.lake_folder.rglob("*") if path.is_file()
    }


def held(home: Home) -> dict[str, list[int]]:
    with Workbench.open(home) as bench:
        return {month: counts(bench, month) for month in HELD}


def by_pyiceberg(home: Home) -> dict[str, list[int]]:
    """As another engine reads it: from the catalog and the paths in the files alone."""
    with Workbench.open(home) as bench:
        scan = bench.lake.table(TABLE, fresh=True).scan
        return {
            month: sorted(scan(row_filter=EqualTo("month", month)).to_arrow()["contact_count"].to_pylist())
            for month in HELD
        }


def names_of_files(home: Home) -> list[str]:
    """All that metadata, manifest lists, manifests and delete files of today's snapshots name."""
    with Workbench.open(home) as bench:
        table = bench.lake.table(TABLE, fresh=True)
        found = [table.location(), *(entry.metadata_file for entry in table.metadata.metadata_log)]
        for snapshot in table.snapshots():
            found.append(snapshot.manifest_list)
            for manifest in snapshot.manifests(table.io):
                found.append(manifest.manifest_path)
                named = [entry.data_file for entry in manifest.fetch_manifest_entry(table.io, discard_deleted=False)]
                found += [file.file_path for file in named]
                deletes = [file.file_path for file in named if file.content is DataFileContent.POSITION_DELETES]
                for each in deletes:
                    found += pq.read_table(each.removeprefix("file://"))["file_path"].to_pylist()
        return found


def tidy(home: Home) -> int:
    """The housekeeping of all tables at its strictest; the files that it removed."""
    with Workbench.open(home) as bench:
        for table in TABLES:
            compact(bench, table, 2)
        now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
        return sum(
            Maintenance(bench.lake).run(table, now, dt.timedelta(0), dt.timedelta(0)).orphans_removed
            for table in TABLES
        )


def write(home: Home, month: str, topics: int) -> None:
    with Workbench.open(home) as bench:
        bench.lake.replace(TABLE, equal("month", month), [])
        fill(bench, month, topics)


@pytest.mark.parametrize("place", ODD_OR_LONG, ids=IDS)
def test_a_copy_is_a_home_of_its_own_and_housekeeping_in_either_leaves_the_other_whole(
    folders: Folders, place: str
) -> None:
    first = folders.first()
    copy = folders.copy(first, place)
    before = state(first)
    assert held(copy) == by_pyiceberg(copy) == HELD
    assert [name for name in names_of_files(copy) if str(copy.root) not in name] == []
    write(copy, JUNE, 4)
    assert tidy(copy) > 0
    assert held(copy) == by_pyiceberg(copy) == HELD | {JUNE: [0, 1, 2, 3]}
    assert state(first) == before
    assert held(first) == by_pyiceberg(first) == HELD
    write(first, MAY, 3)
    tidy(first)
    after = state(copy)
    assert held(first) == HELD | {MAY: [0, 1, 2]}
    assert state(copy) == after
    assert held(copy) == HELD | {JUNE: [0, 1, 2, 3]}
    ids = [identity.recorded(home.root) for home in (first, copy)]
    assert ids[0]
    assert ids[1]
    assert (ids[1].copy_of, ids[0].copy_of) == (identity.Origin(ids[0].home_id, first.root), None)
    assert set(look(copy).marks.values()) == {ids[1].home_id} != {ids[0].home_id}


@pytest.mark.parametrize("place", PLACES, ids=IDS)
def test_a_moved_home_is_the_same_home(folders: Folders, place: str) -> None:
    first = folders.first()
    before = identity.recorded(first.root)
    moved = folders.move(first, place)
    assert held(moved) == by_pyiceberg(moved) == HELD
    assert [name for name in names_of_files(moved) if str(moved.root) not in name] == []
    write(moved, JUNE, 4)
    tidy(moved)
    assert held(moved) == by_pyiceberg(moved) == HELD | {JUNE: [0, 1, 2, 3]}
    after = identity.recorded(moved.root)
    assert before
    assert after
    assert (after.home_id, after.root, after.copy_of) == (before.home_id, moved.root, None)
    assert not first.root.exists()
    require_sender(moved)


def test_a_home_that_is_moved_twice_and_back_is_whole(folders: Folders) -> None:
    home = folders.first()
    for place in ("deep/er/h", "x", "h1"):
        home = folders.move(home, place)
        assert held(home) == HELD
        _stop(home)


def test_a_copy_with_hard_links_does_not_write_into_the_first_home_s_files(folders: Folders) -> None:
    first = folders.first()
    subprocess.run(["cp", "-al", str(first.lake_folder), str(folders.ground / "linked")], check=True)
    copy = folders.copy(first, "h2")
    shutil.rmtree(copy.lake_folder)
    (folders.ground / "linked").rename(copy.lake_folder)
    before = state(first)
    assert held(copy) == HELD
    assert state(first) == before


def test_a_copy_of_a_home_of_an_earlier_version_is_told_by_its_tables(folders: Folders) -> None:
    first = folders.first()
    _unmark(first)
    copy = folders.copy(first, "h2")
    before = state(first)
    assert held(copy) == HELD
    known = identity.recorded(copy.root)
    assert known
    assert known.copy_of == identity.Origin(None, first.root)
    assert state(first) == before
    assert held(first) == HELD
    mine = identity.recorded(first.root)
    assert mine
    assert mine.home_id != known.home_id


def test_a_moved_home_of_an_earlier_version_gets_an_identity(folders: Folders) -> None:
    first = folders.first()
    _unmark(first)
    moved = folders.move(first, "longer/h")
    assert held(moved) == HELD
    known = identity.recorded(moved.root)
    assert known
    assert (known.copy_of, known.is_complete) == (None, True)


def _unmark(home: Home) -> None:
    """As a home was before it had an identity."""
    server.start(home)
    with operations.transaction(home.database_url) as connection:
        connection.exec_driver_sql("delete from home_identity")
    with operations.transaction(home.catalog_url) as connection:
        connection.exec_driver_sql("delete from iceberg_namespace_properties where property_key = 'mend.home-id'")
    (home.lake_folder / "mend-home.json").unlink()
    identity.forget(home)
    _stop(home)


@pytest.mark.parametrize("killed_after", range(0, 45, 9))
def test_a_move_that_is_killed_is_finished_by_the_next_opening(
    folders: Folders, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before any of its writes to files, and between any two tables."""
    first = folders.first()
    copy = folders.copy(first, "h2")
    before = state(first)
    _killed_after(copy, killed_after, monkeypatch)
    assert held(copy) == by_pyiceberg(copy) == HELD
    assert [name for name in names_of_files(copy) if str(copy.root) not in name] == []
    assert state(first) == before
    assert set(look(copy).marks.values()) == {identity.recorded(copy.root).home_id}  # type: ignore[union-attr]


def _killed_after(home: Home, writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open it, and stop short of one more replaced file."""
    from mend.foundation.lake import relocation

    count, put = 0, relocation.put

    def counted(draft: Path, path: Path) -> None:
        nonlocal count
        if count == writes:
            raise KeyboardInterrupt
        count += 1
        put(draft, path)

    with monkeypatch.context() as patch:
        patch.setattr(relocation, "put", counted)
        with pytest.raises(KeyboardInterrupt):
            open_home(home)


def test_a_copy_of_a_copy_on_its_way_gets_an_identity_of_its_own(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = folders.first()
    second = folders.copy(first, "h2")
    _killed_after(second, 12, monkeypatch)
    _stop(second)
    third = folders.copy(second, "h3")
    assert held(third) == held(second) == held(first) == HELD
    assert len({identity.recorded(home.root).home_id for home in (first, second, third)}) == 3  # type: ignore[union-attr]


def test_a_copy_without_all_files_is_refused_and_nothing_is_changed(folders: Folders) -> None:
    first = folders.first()
    copy = folders.copy(first, "h2")
    next((copy.lake_folder / "mend" / TABLE / "data").rglob("*.parquet")).unlink()
    before, known = state(copy), identity.recorded(copy.root)
    with pytest.raises(LakeError, match=rf"{TABLE}: 1 files of the table are not there.*bring what is in"):
        open_home(copy)
    assert (state(copy), identity.recorded(copy.root)) == (before, known)


def test_a_copy_without_its_databases_is_refused(folders: Folders) -> None:
    copy = folders.copy(folders.first(), "h2")
    shutil.rmtree(copy.root / "postgres")
    with pytest.raises(server.ServerError, match="came without its databases"):
        open_home(copy)


def test_a_copy_whose_lake_is_a_link_to_the_first_home_s_is_refused(folders: Folders) -> None:
    first = folders.first()
    big = folders.ground / "big"
    first.lake_folder.rename(big)
    first.lake_folder.symlink_to(big)
    copy = folders.copy(first, "h2")
    assert held(first) == HELD
    before = {path: path.stat().st_mtime_ns for path in big.rglob("*")}
    with pytest.raises(Refused, match=r"is a copy of the home in .*/h1, and the lake would be shared by both"):
        open_home(copy)
    assert {path: path.stat().st_mtime_ns for path in big.rglob("*")} == before


def test_a_moved_home_whose_lake_is_elsewhere_is_settled_by_a_word(folders: Folders) -> None:
    first = folders.first()
    big = folders.ground / "big"
    first.lake_folder.rename(big)
    first.lake_folder.symlink_to(big)
    moved = folders.move(first, "h2")
    with pytest.raises(Refused, match="cannot be told"):
        open_home(moved)
    as_moved(moved)
    assert held(moved) == HELD


def test_a_copy_sends_nothing_until_it_takes_the_first_home_s_place(folders: Folders) -> None:
    copy = folders.copy(folders.first(), "h2")
    open_home(copy)
    with pytest.raises(Refused, match="would be sent twice"):
        require_sender(copy)
    as_moved(copy)
    require_sender(copy)


def test_a_copy_of_a_running_home_does_not_stop_the_first_home_s_server(folders: Folders) -> None:
    first = folders.first()
    open_home(first)
    sessions.close_idle()
    copy = folders.copy(first, "h2")
    assert (copy.root / "postgres" / "data" / "postmaster.pid").exists()
    server.stop(copy)
    server.remove(copy)
    assert server.is_running(first)
    assert held(first) == HELD


def test_a_home_that_is_moved_while_its_server_runs_is_found_again(folders: Folders) -> None:
    first = folders.first()
    open_home(first)
    sessions.close_idle()
    moved = folders.move(first, "deep/" * 30 + "h")  # its socket must be elsewhere now
    assert held(moved) == HELD


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server may have files outside of the home")
@pytest.mark.parametrize("is_copied", [True, False], ids=["copied", "moved"])
def test_data_outside_of_the_home_is_never_used_by_two(ground: Path, is_copied: bool) -> None:
    closed = ground / f"closed-{is_copied}"
    closed.mkdir(mode=0o700)
    first, second = Home.at(closed / "h1", {}), Home.at(closed / "h2", {})
    try:
        open_home(first)
        operations.upgrade(first.database_url)
        with Workbench.open(first) as bench:
            fill(bench, MAY, 2)
        if is_copied:
            subprocess.run(["cp", "-a", str(first.root), str(second.root)], check=True)
            server.stop(second)
            assert server.is_running(first)
            with pytest.raises(server.ServerError, match=r"are in .*, outside of the folder.*cp -a"):
                open_home(second)
            _stop(first)
            subprocess.run(["cp", "-a", str(layouts.outside(first)), str(layouts.outside(second))], check=True)
        else:
            _stop(first)
            first.root.rename(second.root)
        with Workbench.open(second) as bench:
            assert counts(bench, MAY) == [0, 1]
        if is_copied:
            with Workbench.open(first) as bench:
                assert counts(bench, MAY) == [0, 1]
        else:
            assert not layouts.outside(first).exists()
    finally:
        for home in (first, second):
            _stop(home)
            for left in layouts.OUTSIDE.glob(f"{layouts.key_of(home)}*"):
                shutil.rmtree(left)
        shutil.rmtree(closed)
