"""Whole numbers of a list, for the channels that call or send. Every export is on record before its file is there."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import uuid
from pathlib import Path

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.looks import Look, record_look
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing.errors import ListStateError, NoListError, ReasonMissingError
from mend.repair.publishing.files import folder_name, write_pair
from mend.repair.publishing.listed import Version, open_list, put_strategy_words, read_version
from mend.repair.publishing.lists import ROOM, CampaignList, month_and_version, read_list
from mend.repair.publishing.rows import put_numbers, put_rows

READ_BLOCK = 50_000


def export_whole(
    home: Home,
    bench: Workbench,
    list_id: str,
    channel: str,
    city: str | None,
    who: str,
    why: str,
    at: dt.datetime,
    through: str,
) -> Path:
    """Write the rows of a published list for a channel (and a city) with whole numbers; gives the folder of the files,
    which only its owner can read. A pair of files, CSV and Excel, a city.

    Raises:
        ReasonMissingError: it is not said who looks, or why.
        ListStateError: the list is not published.
        NoListError: the list has no such rows.
    """
    if not who.strip() or not why.strip():
        raise ReasonMissingError("whole numbers are exported with a name and a reason: who looks, and why")
    month, number = month_and_version(list_id)
    with open_step(bench, "export of list") as step:
        listed = _published(home, list_id)
        version = read_version(step, month, number)
        open_list(step, month, number)
        put_strategy_words(step, version.strategies.strategies)
        rows, digest, cities = _rows(step, list_id, channel, city)
        chosen = {"channel": channel, "city": city}
        look = Look(who.strip(), through, at, "export", why.strip(), rows, digest, chosen, list_id=list_id)
        look_id = _record(home, look)
        return _write(home, step, listed, version, f"{look_id}", channel, cities, at)


def _published(home: Home, list_id: str) -> CampaignList:
    with operations.transaction(home.database_url) as connection:
        listed = read_list(connection, list_id)
    if listed.state_code != "published":
        raise ListStateError(f"list {list_id} is {listed.state_code}: only a published list is exported")
    return listed


def _rows(step: Step, list_id: str, channel: str, city: str | None) -> tuple[int, str, list[str]]:
    """How many rows, their SHA-256 (strategy and customer, in order), and their cities."""
    digest, count, cities = hashlib.sha256(), 0, dict[str, None]()
    values = {"channel": channel, "city": city}
    for block in step.blocks(read_model(ROOM, "exported_row"), values, READ_BLOCK):
        for row_city, strategy, _, customer in block:
            digest.update(f"{strategy}\n{customer}\n".encode())
            cities[row_city] = None
        count += len(block)
    if not count:
        there = sorted({f"{where} {what}" for where, what in step.rows(read_model(ROOM, "city_channel"))})
        raise NoListError(
            f"list {list_id} has no rows for channel {channel!r}"
            + (f" in {city!r}" if city else "")
            + f"; it has {', '.join(there) or 'none at all'}"
        )
    return count, digest.hexdigest(), list(cities)


def _record(home: Home, look: Look) -> int:
    """The look is on record, committed, before anything can be looked at."""
    with operations.transaction(home.database_url) as connection:
        return record_look(connection, look)


def _write(
    home: Home,
    step: Step,
    listed: CampaignList,
    version: Version,
    look: str,
    channel: str,
    cities: list[str],
    at: dt.datetime,
) -> Path:
    folder = home.lists_folder / f"{folder_name(listed)}-whole" / look
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder.parent / f".{look}-{uuid.uuid4().hex}"
    draft.mkdir(mode=0o700)
    try:
        with operations.transaction(home.database_url) as connection:
            put_rows(connection, home, step)
            put_numbers(connection, home, step, version, at)
        for city in cities:
            write_pair(step, listed, draft, city, channel, is_unmasked=True)
        for path in draft.iterdir():
            path.chmod(0o600)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder
