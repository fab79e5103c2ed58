"""The step `touchpoints`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.touchpoint.month import assess


def assess_month(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """Assess the touchpoints of a month: counts, and the report's folder."""
    return asdict(assess(home, bench, month))
