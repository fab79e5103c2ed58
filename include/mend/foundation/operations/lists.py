"""Lists that were published: each version of a month's content once, and for ever."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text

from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import PUBLISHED_LIST


@dataclass(frozen=True)
class ListVersion:
    """A published version (from 1) of a month's list; `is_new` when this call published it."""

    version: int
    is_new: bool


def publish_list(url: str, month: str, sha256: str, row_count: int) -> ListVersion:
    """The version of this content: the one that is there already, or the month's next. Two runs at once agree."""
    table = PUBLISHED_LIST.c
    with transaction(url) as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"published_list {month}"})
        found = connection.execute(select(table.version).where(table.month == month, table.sha256 == sha256)).scalar()
        if found is not None:
            return ListVersion(int(found), False)
        latest = connection.execute(
            select(func.coalesce(func.max(table.version), 0)).where(table.month == month)
        ).scalar_one()
        version = int(latest) + 1
        row = {
            "list_id": uuid.uuid4().hex,
            "month": month,
            "version": version,
            "sha256": sha256,
            "row_count": row_count,
        }
        connection.execute(insert(PUBLISHED_LIST).values(published_at=func.now(), **row))
        return ListVersion(version, True)


def listed_months(url: str) -> list[str]:
    """The months that a list was published for, in order."""
    with transaction(url) as connection:
        return list(
            connection.execute(select(PUBLISHED_LIST.c.month).distinct().order_by(PUBLISHED_LIST.c.month)).scalars()
        )
