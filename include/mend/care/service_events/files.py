"""Events as they happen: JSON lines in files dropped into <home>/events, each line taken in once, bad ones set aside
with their reason.

A source writes a file under another name (`.part`) and renames it to `*.jsonl` when it is complete.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from mend.care.service_events.recording import OPTIONAL, REQUIRED, ROOM, record
from mend.foundation import operations
from mend.foundation.files import FileError, open_plain
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.schema.model import described

log = logging.getLogger(__name__)
INSTANTS: Final = ("happened_at", "promised_at")
LONGEST: Final = 255  # signs of a field: an id, a code, a number; a longer one fits into no index
YEARS: Final = range(
    1990, 2200
)  # what a clock that was never set or a stand-in for 'none' says is no moment, and no rule is in force then
SURROGATE: Final = re.compile("[\ud800-\udfff]")  # half of a sign, which no column keeps
PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_COLUMNS: Final[dict[str, Any]] = described("operations", "service_events")["service_event"]["columns"]
CODES: Final = {
    name: frozenset(_COLUMNS[name]["values"])
    for name in ("kind_code", "language_code", "ticket_kind_code", "about_kind_code")
}


@dataclass(frozen=True)
class Reject:
    """Why a line is no event, and of which field."""

    reason: str
    column: str | None = None


@dataclass(frozen=True)
class Taken:
    """Lines of one intake: lines = accepted + known + rejected."""

    files: int = 0
    lines: int = 0
    accepted: int = 0
    known: int = 0
    rejected: int = 0


def take_events(home: Home, at: dt.datetime, folder: Path | None = None) -> Taken:
    """Take in the files of <home>/events (or another folder) in the order of their names, and move each to `done`.

    A file that was read before, by content, brings nothing; an event that was known before counts as known.
    """
    folder = folder or home.root / "events"
    tried = [_take_file(home, path, at) for path in sorted(folder.glob("*.jsonl"))]
    taken = [each for each in tried if each is not None]
    return Taken(
        len(taken), *(sum(getattr(each, name) for each in taken) for name in ("lines", "accepted", "known", "rejected"))
    )


def _take_file(home: Home, path: Path, at: dt.datetime) -> Taken | None:
    """None for what is no plain file, or cannot be read: it stays where it is."""
    try:
        # Neither a link, which may lead anywhere, nor a pipe, which may never end.
        with open_plain(path, [path.parent]) as file:
            content = file.read()
    except FileNotFoundError:  # another run took it in and moved it since the folder was listed
        return Taken()
    except (FileError, OSError) as error:
        log.warning("an event file is left where it is: %s", error)
        return None
    fingerprint = hashlib.sha256(content).hexdigest()
    with operations.transaction(home.database_url) as connection:
        # The row's lock lets one reader at a time take a file in; a second one waits, and finds it read.
        values = {"fingerprint": fingerprint, "file_name": path.name, "taken_at": at}
        is_new = connection.execute(statement(ROOM, "put_file"), values).first() is not None
        taken = _take_lines(connection, content, fingerprint, at) if is_new else Taken()
    done = path.parent / "done"
    done.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):  # moved by another run, which waited for us or we for it
        path.replace(done / path.name)
    return taken


def _take_lines(connection: Connection, content: bytes, fingerprint: str, at: dt.datetime) -> Taken:
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip()]
    read = [(number, line, read_event(line)) for number, line in lines]
    rejects = [
        {"fingerprint": fingerprint, "line_number": number, "reason_code": found.reason, "column_name": found.column,
         "raw_line": line.decode("utf-8", "replace").replace("\0", "�"), "taken_at": at}
        for number, line, found in read
        if isinstance(found, Reject)
    ]  # fmt: skip
    if rejects:
        connection.execute(statement(ROOM, "put_reject"), rejects)
    accepted = record(connection, [found for _, _, found in read if not isinstance(found, Reject)], "live", at)
    taken = Taken(1, len(lines), accepted, len(lines) - len(rejects) - accepted, len(rejects))
    counts = {"lines": taken.lines, "accepted": taken.accepted, "known": taken.known, "rejected": taken.rejected}
    connection.execute(statement(ROOM, "count_file"), {"fingerprint": fingerprint, **counts})
    return taken


def read_event(line: bytes | str) -> dict[str, Any] | Reject:
    """An event of one JSON line, its instants as datetimes with zone; or why it is none. Fields that are not known are
    left aside.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return Reject("not_json")
    if not isinstance(content, Mapping):
        return Reject("not_an_object")
    event: dict[str, Any] = {name: content.get(name) for name in (*REQUIRED, *OPTIONAL)}
    for name, value in event.items():
        if value is not None and (
            not isinstance(value, str) or not value.strip() or "\0" in value or SURROGATE.search(value)
        ):
            return Reject("not_a_text", name)
        if value is not None and len(value) > LONGEST:
            return Reject("too_long", name)
        if value is None and name in REQUIRED:
            return Reject("missing", name)
    return _typed(event)


def _typed(event: dict[str, Any]) -> dict[str, Any] | Reject:
    for name, allowed in CODES.items():
        if event[name] is not None and event[name] not in allowed:
            return Reject("unknown_code", name)
    if event["phone_number"] is not None and not PHONE.fullmatch(event["phone_number"]):
        return Reject("not_e164", "phone_number")
    for name in INSTANTS:
        if event[name] is None:
            continue
        try:
            event[name] = dt.datetime.fromisoformat(event[name])
        except ValueError:
            return Reject("not_a_timestamp", name)
        if event[name].tzinfo is None:
            return Reject("without_zone", name)
        if event[name].year not in YEARS:
            return Reject("out_of_range", name)
    return event
