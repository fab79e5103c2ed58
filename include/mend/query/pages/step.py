"""The steps `pages`, `pages_month` and `page_documents`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.documents import publish_documents
from mend.query.pages.publishing import PagesReport, months_of, publish


def publish_night(home: Home, bench: Workbench, days: Sequence[dt.date]) -> PagesReport:
    """Publish what a run over these days changed: its months, its arrivals, the words."""
    found = publish(home, bench, months_of(days), days)
    publish_documents(home, bench, ())
    return found


def publish_month(home: Home, bench: Workbench, month: str) -> PagesReport:
    """Publish a month that was closed, and those after it, whose scores it carries over to."""
    loaded = months_of(operations.loaded_dates(home.database_url))
    return publish(home, bench, {month, *(each for each in loaded if each >= month)}, is_whole=True)


def publish_month_documents(home: Home, bench: Workbench, month: str) -> dict[str, int]:
    """Publish what the pages show of a month whole, and of the closed months after it: they may follow from it."""
    loaded = months_of(operations.loaded_dates(home.database_url))
    later = {month, *(each for each in loaded if each >= month)}
    return {"changed": publish_documents(home, bench, later)}
