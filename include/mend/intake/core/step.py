"""The step `core`: the core tables brought up to what arrived, and every line accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from mend.errors import BadDataError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.core.loading import load
from mend.intake.core.reconciliation import reconcile


class NotJudgedError(BadDataError):
    """Batches that the quality gate has not seen; the message names them."""


def load_and_reconcile(home: Home, bench: Workbench, days: Sequence[dt.date]) -> dict[str, Any]:
    """Rows of each record's core table on the days rebuilt, and where the lines that came are."""
    require_judged(home, days)
    loaded = load(home, bench, days)
    batches = reconcile(home, bench, days)
    return {
        **{f"core_{record.record}": record.rows for record in loaded.records},
        "batches": len(batches),
        "lines": sum(batch.lines for batch in batches),
        "accepted": sum(batch.accepted for batch in batches),
        "quarantined": sum(batch.quarantined for batch in batches),
        "superseded": sum(batch.superseded for batch in batches),
    }


def require_judged(home: Home, days: Collection[dt.date]) -> None:
    """NotJudgedError when the quality gate did not come to its end: what it would have stopped must not slip in."""
    if home.as_of:
        return  # what it shows was in core tables
    loaded = [batch for batch in operations.batches(home.database_url, days) if batch.status_code == "loaded"]
    if unjudged := [batch for batch in loaded if batch.gate_code is None and not batch.is_withdrawn]:
        first = unjudged[0]
        raise NotJudgedError(
            f"{len(unjudged)} batches have not passed the quality gate, the first is {first.batch_number} "
            f"({first.place}): run `quality` again to its end, with what follows it"
        )
