"""Small results of a month that a page shows whole: one JSON value a page and month.

A new one: a function that reads the month's rows, and a line in DOCUMENTS. A page reads it with `read_document`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from mend.damage.closing.month import closed_months
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.reading import ROOM, row, rows

MONTHS_KEPT: Final = 13
Content = Mapping[str, Any]


@dataclass(frozen=True)
class PageDocument:
    """What one page shows of a closed month.

    Args:
        page: the page's code.
        make: reads the month (YYYY-MM) and gives plain values: no phone number, no words of a customer. None when
            there is nothing to show: what makes it has not run.
    """

    page: str
    make: Callable[[Home, Workbench, str], Content | None]


@dataclass(frozen=True)
class Document:
    """A published document."""

    page_code: str
    part_code: str
    content: Content


DOCUMENTS: Final[tuple[PageDocument, ...]] = ()


def publish_documents(
    home: Home, bench: Workbench, months: Collection[str], documents: Sequence[PageDocument] = DOCUMENTS
) -> int:
    """Publish the documents of these closed months, and those of the last thirteen that were never published. Gives
    how many changed."""
    closed = sorted(closed_months(bench))[-MONTHS_KEPT:]
    changed = 0
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "one_at_a_time"))
        published = {tuple(each) for each in connection.execute(statement(ROOM, "published_documents"))}
    made = [
        (each.page, month, each.make(home, bench, month))
        for each in documents
        for month in closed
        if month in months or (each.page, month) not in published
    ]
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "one_at_a_time"))
        for page, month, content in made:
            if content is not None:
                changed += put_document(connection, page, month, content)
        if closed:
            connection.execute(statement(ROOM, "forget_documents"), {"month": closed[0]})
    return changed


def put_document(connection: Connection, page: str, month: str, content: Content) -> int:
    """Write one document of a month where it is another one: 1, else 0."""
    values = {
        "page": page,
        "part": month,
        "through": days_of(month)[-1],
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True, default=str, allow_nan=False),
    }
    return connection.execute(statement(ROOM, "put_document"), values).rowcount


def read_document(connection: Connection, page: str, part: str | None = None) -> Document | None:
    """A page's document of a month, or its latest; None when there is none."""
    found = row(connection, "document", page=page, part=part)
    return Document(**found) if found else None


def parts_of(connection: Connection, page: str) -> list[str]:
    """The months of which a page has a document, the latest first."""
    return [str(each["part_code"]) for each in rows(connection, "document_parts", page=page)]
