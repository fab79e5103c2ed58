"""Small results of a month that a page shows whole: one JSON value a page and month.

A new one: a function that reads the month's rows, and a line in DOCUMENTS. A page reads it with `read_document` of
`published.py`, which imports neither engine nor lake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from mend.damage.closing.month import closed_months
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.periods import days_of
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages import campaign_contents, model_contents, month_contents
from mend.query.pages.published import Content, Document, parts_of, read_document
from mend.query.pages.reading import ROOM

__all__ = ["DOCUMENTS", "Document", "PageDocument", "parts_of", "publish_documents", "put_document", "read_document"]
MONTHS_KEPT: Final = 13


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


DOCUMENTS: Final[tuple[PageDocument, ...]] = (
    PageDocument("touchpoints", month_contents.touchpoints),
    PageDocument("association", month_contents.association),
    PageDocument("clusters", month_contents.clusters),
    PageDocument("surveys", month_contents.surveys),
    PageDocument("stages", month_contents.stages),
    PageDocument("models", model_contents.models),
    PageDocument("lists", campaign_contents.lists),
    PageDocument("effect", campaign_contents.effect),
)


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
