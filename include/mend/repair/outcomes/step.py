"""The step `outcomes`."""

from __future__ import annotations

from typing import Any

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.outcomes.following import follow
from mend.repair.outcomes.published import published_versions


def follow_campaigns(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """Follow the customers of every published list of the month: rows and those done of each, and what is still open.

    A month of which no list was published has nothing to follow, and gives no rows.
    """
    reports = [follow(home, bench, month, version) for version in published_versions(home, month)]
    return {
        "month": month,
        "versions": [str(report.version) for report in reports],
        "rows": sum(report.rows for report in reports),
        "done": sum(report.done for report in reports),
        "is_over": bool(reports) and all(report.is_over for report in reports),
        "is_seen_after": bool(reports) and all(report.is_seen_after for report in reports),
    }
