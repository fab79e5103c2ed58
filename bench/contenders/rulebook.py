"""What the hand-written contenders take from the rule file: points, stages and limits. The conditions they write out
themselves.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from bench.data import DAYS
from mend.damage.scoring import load_rules, rules_on
from mend.foundation.periods import ONE_DAY
from mend.simulate.settings import WORLD

RULES: Final = rules_on(DAYS[-1], load_rules())
ZONE: Final = str(WORLD["zone"])
FIRST_DAY, LAST_DAY = DAYS[0], DAYS[-1]
MONTH_BEFORE_ON: Final = (FIRST_DAY - ONE_DAY).replace(day=1)
HORIZON: Final = dt.datetime.combine(LAST_DAY + ONE_DAY, dt.time(), tzinfo=ZoneInfo(ZONE)).astimezone(dt.UTC)
POINTS: Final = {name: rule.points for name, rule in (*RULES.indicators.items(), *RULES.credits.items())}
STAGE: Final = {name: rule.stage for name, rule in (*RULES.indicators.items(), *RULES.credits.items())}
EXPLICIT: Final = frozenset(name for name, rule in RULES.indicators.items() if rule.is_explicit)
ESCALATIONS: Final = [name for name, rule in RULES.indicators.items() if rule.is_escalation]
CAP: Final = RULES.settings.incident_cap_points
GAP: Final = dt.timedelta(seconds=RULES.settings.incident_gap_seconds)
CARRY_OVER: Final = RULES.settings.carry_over
LEVELS: Final = RULES.settings.level_points
DROPPED: Final = ["AGT-01", "AGT-02", "AGT-03"]  # what a care message repairs

REACH_DAYS: Final = RULES.settings.incident_reach_days
LEDGER: Final = (
    "customer_id", "posted_on", "posted_at", "entry_kind_code", "indicator_id", "rule_version", "subject_kind_code",
    "subject_id", "cause_id", "incident_id", "points",
)  # fmt: skip
