"""Whom the night publishes, as dated data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from mend.foundation import rules as dated
from mend.foundation.home import Home
from mend.grumbles.incoming.errors import IncomingRuleError

FOLDER: Final = Path(__file__).parent / "rules"


class IncomingRules(BaseModel):
    """One version. `customers`: everybody in the latest snapshot, or those with open matters, contacts of late, or
    damage in the last 13 months."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: dt.date
    source: str = Field(min_length=1)
    customers: Literal["all", "with_history"]


def publishes_everybody(home: Home, day: dt.date) -> bool:
    """Whether the rules in force on the day publish everybody."""
    paths = dated.paths(FOLDER, home.root / "rules" / "incoming")
    versions = [dated.read(path, IncomingRules, IncomingRuleError) for path in paths]
    return dated.in_force(day, versions, "rules of incoming grumbles", IncomingRuleError).customers == "all"
