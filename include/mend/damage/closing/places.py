"""City, status and life-cycle stage of customers whom a close does not know, told as the close tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mend.damage.closing.inputs import ROOM
from mend.damage.scoring.rules import load_rules, rules_on
from mend.foundation.home import Home
from mend.foundation.periods import days_of, first_day_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step

SETTINGS: Final = ("exploration_months", "formation_months", "decline_share")


def stage_settings(home: Home, months: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Of each month what its close tells a stage by: the first day, and the settings in force on the last."""
    versions = load_rules(home.root / "rules")
    found = {month: rules_on(days_of(month)[-1], versions).settings for month in months}
    return {
        month: {"first_day": first_day_of(month), **{name: getattr(settings, name) for name in SETTINGS}}
        for month, settings in found.items()
    }


def place_customers(step: Step, settings: Mapping[str, Any]) -> None:
    """Make `place` of the customers in the step's `scored`; its `snapshot` holds the month and the three before it."""
    step.run(read_model(ROOM, "place"), settings)
