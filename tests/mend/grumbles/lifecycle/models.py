"""What the tests of the models share: March 2026, and a check of one model."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.grumbles.lifecycle.reading import ROOM

MARCH: Final = dt.date(2026, 3, 1)
VALUES: Final[dict[str, Any]] = {
    "month": "2026-03",
    "month_before": "2026-02",
    "first_day": MARCH,
    "is_closed": True,
    "months": ["2025-12", "2026-01", "2026-02"],
    "calling_months": 2,
    "hang_up_indicators": ["CON-02", "IVR-09"],
    "is_month_before_known": True,
}
PERSONS: Final = "customer_id | person_id\n old | anna"
NOBODY: Final = "customer_id | person_id"
RANKS: Final = """
    form_code   | form_number
    silent      | 1
    grumbling   | 2
    complaining | 3
    leaving     | 4
"""


def ours(name: str, inputs: dict[str, str], expected: str, **values: Any) -> None:
    check(read_model(ROOM, name), inputs, expected, {**VALUES, **values})
