"""Answers of a day as rows of record survey_reply, in a file that the extract step reads (source `sms_survey`)."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.periods import day_begins, day_ends

COLUMNS: Final = (
    "survey_id", "customer_id", "about_kind_code", "about_id", "purpose_code", "sent_at", "replied_at", "reply_text",
    "score",
    "score_scale", "is_solved", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """A day's answers: how many, and the file."""

    answers: int
    file: str


def export_answers(home: Home, day: dt.date, folder: Path | None = None) -> Exported:
    """Write the answers of a business day to `<home>/inbox/sms_survey/<day>/survey_reply.csv.gz`, in one step, readable
    by its owner alone.

    A day without answers leaves no file. Written again, it has the same bytes unless a person has read a doubtful
    answer since; that row then arrives as a correction.
    """
    zone = ZoneInfo(home.zone)
    with operations.transaction(home.database_url) as connection:
        values = {"first": day_begins(day, zone.key), "after": day_ends(day, zone.key)}
        rows = connection.execute(statement("care/survey", "answer"), values).mappings().all()
    target = (folder or home.inbox / "sms_survey") / day.isoformat() / "survey_reply.csv.gz"
    if rows or target.exists():  # a centre that asks nobody leaves no files
        _write(target, [_cells(row, zone) for row in rows])
    return Exported(len(rows), str(target))


def _cells(row: Mapping[Any, Any], zone: ZoneInfo) -> list[str]:
    return [_cell(row[name], zone) for name in COLUMNS]


def _cell(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).isoformat(" ", "seconds")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _write(target: Path, rows: Sequence[Sequence[str]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    draft = target.with_suffix(".draft")
    draft.touch(mode=0o600)
    # mtime 0: the same answers give the same bytes.
    draft.write_bytes(gzip.compress(content.getvalue().encode("utf-8"), mtime=0))
    draft.replace(target)
