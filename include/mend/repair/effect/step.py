"""The step `effect_evaluation`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.effect.evaluation import evaluate


def evaluate_month(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """Evaluate the campaigns of a month: counts of what was compared, refused and found, and the report's folder."""
    return asdict(evaluate(home, bench, month))
