"""Work on key grumble points: put on record with its result, never changed. Texts stay in the table, out of logs and
errors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select

from mend.foundation.home import Home
from mend.foundation.operations import transaction
from mend.foundation.operations.tables import METADATA
from mend.grumbles.key_points.errors import KeyPointWorkError
from mend.grumbles.key_points.points import KeyPoint
from mend.grumbles.key_points.rules import Specialists

KEY_POINT_WORK: Final = METADATA.tables["key_point_work"]
LONGEST: Final = 1000  # signs of a text


@dataclass(frozen=True)
class Work:
    """One piece of work."""

    month: str
    point: str
    cluster: str
    duty: str | None
    work: str
    result: str
    by: str
    at: dt.datetime


def work_of(home: Home, month: str | None = None) -> list[Work]:
    """Work in the order in which it was recorded; of a month alone where one is named."""
    table = KEY_POINT_WORK.c
    columns = (
        table.month, table.grumble_type_code, table.cluster_code, table.duty_code, table.work_text, table.result_text,
        table.done_by, table.done_at,
    )  # fmt: skip
    query = select(*columns).order_by(table.done_at, table.work_id)
    with transaction(home.database_url) as connection:
        rows = connection.execute(query if month is None else query.where(table.month == month)).all()
    return [Work(*row[:-1], row[-1].astimezone(dt.UTC)) for row in rows]


def record(home: Home, specialists: Specialists, points: list[KeyPoint], work: Work) -> bool:
    """Put work on record; False when the same person said the same of the point last.

    Raises KeyPointWorkError, saying what would help, for a point that is no key one of the month, an unknown duty, or a
    text that is none.
    """
    _require(specialists, points, work)
    said = [each for each in work_of(home, work.month) if (each.point, each.cluster) == (work.point, work.cluster)]
    if said and _content(said[-1]) == _content(work):
        return False
    values = {
        "month": work.month,
        "grumble_type_code": work.point,
        "cluster_code": work.cluster,
        "duty_code": work.duty,
        "work_text": work.work,
        "result_text": work.result,
        "done_by": work.by,
        "done_at": work.at,
    }
    with transaction(home.database_url) as connection:
        connection.execute(insert(KEY_POINT_WORK).values(**values))
    return True


def _content(work: Work) -> tuple[str | None, ...]:
    return work.duty, work.work, work.result, work.by


def _require(specialists: Specialists, points: list[KeyPoint], work: Work) -> None:
    known = sorted({(each.cluster, each.point) for each in points})
    if (work.cluster, work.point) not in known:
        said = ", ".join(f"{point} ({cluster})" for cluster, point in known) or "none"
        raise KeyPointWorkError(
            f"{work.point!r} is no key point of the cluster {work.cluster!r} in {work.month}; those of the month: "
            f"{said} (`mend key-points --month {work.month}`; --cluster says which)"
        )
    duties = [each.code for each in specialists.duties]
    if work.duty is not None and work.duty not in duties:
        raise KeyPointWorkError(f"there is no duty {work.duty!r}; those in force are {', '.join(duties)}")
    for name, text in (("--work", work.work), ("--result", work.result), ("--by", work.by)):
        if not text.strip():
            raise KeyPointWorkError(f"{name} says nothing; say what was done, what came of it, and who did it")
        if len(text) > LONGEST:
            raise KeyPointWorkError(f"{name} has {len(text)} signs, over {LONGEST}; say it shorter")
