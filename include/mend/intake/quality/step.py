"""The step `quality`: rows looked at and put aside, and broken rules that only warn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.quality.run import gate, warnings_in_words


def judge(home: Home, bench: Workbench, days: Sequence[dt.date]) -> dict[str, Any]:
    """Judge what arrived on the days; DataQualityError, once all are judged, when a batch is stopped."""
    report = gate(home, bench, days)
    return {
        "batches": sum(record.batches for record in report.records),
        "rows": sum(record.rows for record in report.records),
        "quarantined": sum(record.quarantined for record in report.records),
        "accepted_stops": len({verdict.batch.batch_number for verdict in report.accepted}),
        "warnings": warnings_in_words(report),
    }
