"""The files of a list: a CSV and an Excel file for every city and channel, in a folder that is there whole or not."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from mend.foundation.excel_file import write_excel_result
from mend.foundation.home import Home
from mend.foundation.list_file import write_result
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.repair.campaign.damage_list import file_name
from mend.repair.publishing.lists import ROOM, CampaignList

BLOCK: int = 1 << 20


def folder_name(listed: CampaignList) -> str:
    """Below the home's lists."""
    return f"{listed.month}/campaign-v{listed.version}"


def new_draft(home: Home, listed: CampaignList) -> Path:
    """An empty folder beside the list's, which only its owner can read. What killed runs left goes: whoever calls holds
    the list's row, so nobody else is writing.
    """
    folder = home.lists_folder / folder_name(listed)
    for left in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    draft = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    draft.mkdir(parents=True, mode=0o700)
    return draft


def write_files(step: Step, listed: CampaignList, draft: Path) -> dict[str, str]:
    """Write all files of `list_row`, numbers masked. Gives the SHA-256 of each by its name."""
    for city, channel in step.rows(read_model(ROOM, "city_channel")):
        write_pair(step, listed, draft, city, channel, is_unmasked=False)
    draft.chmod(0o755)
    return {path.name: _settled(path) for path in sorted(draft.iterdir())}


def write_pair(step: Step, listed: CampaignList, folder: Path, city: str, channel: str, *, is_unmasked: bool) -> None:
    """A CSV file and an Excel file of the same rows."""
    model = read_model(ROOM, "city_channel_file")
    values = {"list_id": listed.list_id, "city": city, "channel": channel, "is_unmasked": is_unmasked}
    name = f"{file_name(city)}-{file_name(channel)}"
    write_result(folder / f"{name}.csv", step.stream(model, values), step.bench.zone)
    write_excel_result(folder / f"{name}.xlsx", step.stream(model, values), step.bench.zone)


def move_into_place(draft: Path, folder: Path) -> None:
    """One rename: the folder is there whole. Another run of the same list may have been faster."""
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(draft, ignore_errors=True)
    _sync(folder.parent)


def _settled(path: Path) -> str:
    """The SHA-256 of a file, which is on the disk by then."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in _blocks(file.fileno()):
            digest.update(block)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _blocks(number: int) -> Iterator[bytes]:
    while block := os.read(number, BLOCK):
        yield block


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
