"""The step `season_match`."""

from __future__ import annotations

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.seasons.matching import SeasonReport, match_month


def match_seasons(home: Home, bench: Workbench, month: str) -> SeasonReport:
    """Whom the seasonal themes are for in the month."""
    return match_month(home, bench, month)
