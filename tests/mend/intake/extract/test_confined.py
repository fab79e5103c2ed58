"""Only plain files below the inbox and the configured folders are opened, whoever asks: no link, pipe or device leads
elsewhere.
"""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.mend.intake.extract.desk import DAY, HEADER, Desk, line, text

from mend.foundation.files import FileError, confined_to, inbox_folders, is_within, open_plain
from mend.foundation.home import Home
from mend.intake.extract import ExtractError, Source, extract
from mend.intake.extract.errors import MissingFileError, NotDataError, PlaceError, SeveralFailures

SECRET = "root:x:0:0:secret-of-the-machine"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that is nobody's delivery, as good to read as one."""
    path = tmp_path / "elsewhere" / "contact.csv"
    path.parent.mkdir()
    path.write_text(f"{HEADER}\n{line(note=SECRET)}\n{SECRET}\n")
    return path


def inbox(desk: Desk, name: str = "contact.csv") -> Path:
    """Where the source's own file belongs."""
    path = desk.home.inbox / str(DAY) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def fails(
    desk: Desk,
    kind: type[ExtractError],
    paths: Sequence[Path] | None = None,
    source: Source | None = None,
    **options: Any,
) -> str:
    with pytest.raises(kind) as caught:
        extract(desk.home, desk.bench, source or desk.source(), [DAY], paths, **options)
    assert SECRET not in str(caught.value)
    assert (desk.rows(), desk.rejects()) == ([], [])
    return str(caught.value)


def test_a_link_in_the_inbox_leads_nowhere_outside(desk: Desk, outside: Path) -> None:
    inbox(desk).symlink_to(outside)
    words = fails(desk, PlaceError)
    assert str(inbox(desk)) in words
    assert "MEND_INBOX_FOLDERS" in words


def test_a_link_of_a_folder_leads_nowhere_outside(desk: Desk, outside: Path) -> None:
    desk.home.inbox.mkdir(parents=True)
    (desk.home.inbox / str(DAY)).symlink_to(outside.parent)
    fails(desk, PlaceError)


def test_a_link_within_the_inbox_is_followed(desk: Desk) -> None:
    kept = desk.home.inbox / "kept" / "contact.csv"
    kept.parent.mkdir(parents=True)
    kept.write_text(text(line()))
    inbox(desk).symlink_to(kept)
    extract(desk.home, desk.bench, desk.source(), [DAY])
    assert len(desk.rows()) == 1


@pytest.mark.parametrize("pattern", ["../../elsewhere/contact.csv", "{outside}", "../../elsewhere/*.csv"])
def test_a_source_s_pattern_leads_nowhere_outside(desk: Desk, outside: Path, pattern: str) -> None:
    pattern = pattern.replace("{outside}", str(outside))
    desk.home.inbox.mkdir(parents=True)

    def elsewhere(described: dict[str, Any]) -> None:
        described["records"]["contact"]["path"] = pattern

    fails(desk, PlaceError, source=desk.source(elsewhere))


def test_a_source_s_root_is_in_the_inbox_or_in_a_configured_folder(desk: Desk, outside: Path) -> None:
    def elsewhere(described: dict[str, Any]) -> None:
        described["root"] = str(outside.parent)
        described["records"]["contact"]["path"] = "contact.csv"

    source = desk.source(elsewhere)
    fails(desk, PlaceError, source=source)
    home = Home(desk.home.root, {**desk.home.settings, "MEND_INBOX_FOLDERS": f"/nowhere:{outside.parent}"})
    extract(home, desk.bench, source, [DAY])
    assert len(desk.rows()) == 1


def test_the_paths_of_a_triggered_run_lead_nowhere_outside(desk: Desk, outside: Path) -> None:
    folders = inbox_folders(desk.home)
    for path in (outside, outside.parent, desk.home.inbox / ".." / ".." / "elsewhere" / "contact.csv"):
        fails(desk, PlaceError, [path], folders=folders)
    assert "/etc/shadow" in fails(desk, PlaceError, [Path("/etc/shadow")], folders=folders)


def test_a_person_may_read_what_they_name(desk: Desk, outside: Path) -> None:
    outside.write_text(text(line()))
    extract(desk.home, desk.bench, desk.source(), [DAY], [outside])
    assert len(desk.rows()) == 1


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.fchdir(here)
    os.close(here)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent / "gone.csv")


def a_loop(path: Path) -> None:
    path.symlink_to(path)


KINDS = [
    (a_pipe, NotDataError),
    (a_socket, NotDataError),
    (a_folder, NotDataError),
    (a_link_to_a_device, PlaceError),
    (a_link_to_nothing, MissingFileError),
]


@pytest.mark.parametrize(("make", "kind"), KINDS, ids=lambda each: getattr(each, "__name__", ""))
@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "ods"])
def test_what_is_no_plain_file_is_told_and_not_opened(
    desk: Desk, make: Callable[[Path], None], kind: type[ExtractError], suffix: str
) -> None:
    """A pipe that was opened would hold the step up for ever."""
    path = inbox(desk, f"contact.{suffix}")
    make(path)
    formats = {"csv": "delimited", "parquet": "parquet", "xlsx": "excel", "ods": "ods"}

    def of_format(described: dict[str, Any]) -> None:
        described["records"]["contact"]["reader"] = {"format": formats[suffix]}
        described["records"]["contact"]["path"] = f"{{business_date}}/contact.{suffix}"

    fails(desk, kind, source=desk.source(of_format))


def test_a_link_that_turns_in_a_circle_is_no_file(desk: Desk) -> None:
    a_loop(inbox(desk))
    fails(desk, ExtractError)


def test_what_is_wrong_with_one_of_many_files_is_told_and_the_others_are_loaded(desk: Desk, outside: Path) -> None:
    def many(described: dict[str, Any]) -> None:
        described["records"]["contact"]["path"] = "{business_date}/*.csv"

    a_pipe(inbox(desk, "a.csv"))
    inbox(desk, "b.csv").symlink_to(outside)
    inbox(desk, "c.csv").write_text(text(line()))
    with pytest.raises(SeveralFailures):
        extract(desk.home, desk.bench, desk.source(many), [DAY])
    assert len(desk.rows()) == 1


def test_a_file_that_became_a_link_after_the_look_is_not_read(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    path = folder / "contact.csv"
    path.write_text("fine")
    assert is_within(path, [folder])
    path.unlink()
    path.symlink_to(outside)
    with confined_to([folder]), pytest.raises(FileError, match="outside"):
        open_plain(path)


def test_a_zip_s_member_is_read_whatever_its_name_and_written_nowhere(desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(inbox(desk), "w") as archive:
        archive.writestr("../../../slipped.csv", text(line()))
    extract(desk.home, desk.bench, desk.source(), [DAY])
    assert len(desk.rows()) == 1
    assert not list(tmp_path.parent.rglob("slipped.csv"))


def test_a_link_in_a_zip_is_no_delivery(desk: Desk) -> None:
    with zipfile.ZipFile(inbox(desk), "w") as archive:
        member = zipfile.ZipInfo("contact.csv")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    assert "a link or a device" in fails(desk, NotDataError)
