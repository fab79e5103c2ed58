"""City, status and life-cycle stage of customers whom a close does not know, told as the close tells them."""

from __future__ import annotations

from typing import Any, Final

from mend.damage.closing.inputs import ROOM, rules_of
from mend.foundation.home import Home
from mend.foundation.periods import first_day_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step

SETTINGS: Final = ("exploration_months", "formation_months", "decline_share")


def place_customers(home: Home, step: Step, month: str) -> None:
    """Make `place` of the customers in the step's `scored`; its `snapshot` holds the month and the three before it."""
    settings = rules_of(home, month).settings
    values: dict[str, Any] = {name: getattr(settings, name) for name in SETTINGS}
    step.run(read_model(ROOM, "place"), {"first_day": first_day_of(month), **values})
