"""What killed processes leave in the scratch folder goes; what is at work stays."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from mend.foundation.pipeline.housekeeping import remove_old_scratch

NOW = dt.datetime(2026, 5, 2, tzinfo=dt.UTC)


def left(path: Path, hours: float, text: str = "") -> Path:
    """A file, or a folder with one where the path says so, last written to that many hours ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    moment = NOW.timestamp() - hours * 3600
    for each in (path, path.parent):
        os.utime(each, (moment, moment))
    return path


@pytest.mark.parametrize(("hours", "stays"), [(23.9, True), (24.1, False)])
def test_a_folder_goes_once_nobody_has_written_to_it_for_so_long(tmp_path: Path, hours: float, stays: bool) -> None:
    left(tmp_path / "tmpabc" / "numbers.csv", hours)
    assert remove_old_scratch(tmp_path, NOW, dt.timedelta(hours=24)) == int(not stays)
    assert (tmp_path / "tmpabc").exists() == stays


def test_a_file_written_to_lately_keeps_its_folder_however_deep_it_is(tmp_path: Path) -> None:
    old, new = left(tmp_path / "engine-x" / "a.parquet", 90), left(tmp_path / "engine-x" / "spill" / "b.parquet", 0.5)
    os.utime(old.parent, (old.stat().st_mtime,) * 2)
    assert remove_old_scratch(tmp_path, NOW, dt.timedelta(hours=24)) == 0
    assert old.exists()
    assert new.exists()


def test_no_setting_takes_away_what_a_step_is_at(tmp_path: Path) -> None:
    left(tmp_path / "sql-1" / "rows.csv", 0.9)
    left(tmp_path / "sql-2" / "rows.csv", 1.1)
    assert remove_old_scratch(tmp_path, NOW, dt.timedelta(0)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["sql-1"]


def test_a_link_goes_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    kept = left(tmp_path / "elsewhere" / "kept.csv", 99)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    link = scratch / "link"
    link.symlink_to(kept.parent)
    os.utime(link, (0, 0), follow_symlinks=False)
    assert remove_old_scratch(scratch, NOW, dt.timedelta(hours=24)) == 1
    assert kept.exists()


def test_without_a_scratch_folder_there_is_nothing_to_remove(tmp_path: Path) -> None:
    assert remove_old_scratch(tmp_path / "none", NOW, dt.timedelta(hours=24)) == 0
