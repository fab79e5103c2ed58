"""The steps `pages`, `pages_month`, `page_documents`, `page_campaign` and `page_effect`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.candidates import publish_candidates
from mend.query.pages.documents import DOCUMENTS, publish_documents
from mend.query.pages.publishing import PagesReport, months_of, publish
from mend.query.pages.quarantine import publish_quarantine


def publish_night(home: Home, bench: Workbench, days: Sequence[dt.date]) -> PagesReport:
    """Publish what a run over these days changed: its months, its arrivals, the words."""
    found = publish(home, bench, months_of(days), days)
    publish_documents(home, bench, ())
    publish_quarantine(home, bench, days)
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


def publish_campaign(home: Home, bench: Workbench, month: str) -> dict[str, int]:
    """Publish the versions of a month's list, and their candidates."""
    return {"changed": _one(home, bench, "lists", month), "candidates": publish_candidates(home, bench, month)}


def publish_effect(home: Home, bench: Workbench, month: str) -> dict[str, int]:
    """Publish what was found of a month's campaign."""
    return {"changed": _one(home, bench, "effect", month)}


def _one(home: Home, bench: Workbench, page: str, month: str) -> int:
    return publish_documents(home, bench, {month}, [each for each in DOCUMENTS if each.page == page])
