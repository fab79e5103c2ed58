"""What is measured: each outcome, whether more of it is better, and the figure of the month before that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mend.foundation.schema import CODES


@dataclass(frozen=True)
class Outcome:
    """An outcome: a column of the models `unit` and `season_unit`.

    Args:
        is_share: yes or no, a share of customers; else a mean.
        baseline: column of the figure before, for CUPED.
        before: column of the same figure before, for the comparison that has no control.
        by_group: effects by group are worked out.
        digits: decimal places that people see; shares are seen in percent.
    """

    code: str
    is_share: bool
    is_good_high: bool
    baseline: str
    before: str | None = None
    by_group: bool = False
    unit_en: str = ""
    unit_zh: str = ""

    def words(self, language: str) -> str:
        return CODES["effect_outcome"][self.code][language == "zh"]

    def unit(self, language: str) -> str:
        if self.is_share:
            return {"en": "percentage points", "zh": "个百分点"}[language]
        return self.unit_zh if language == "zh" else self.unit_en


# New damage, not the score: a repair takes points off the score by rule, which proves nothing.
OUTCOMES: Final = (
    Outcome("repeat_contact", True, False, "baseline_contacts", by_group=True),
    Outcome("complaint", True, False, "baseline_score", by_group=True),
    Outcome("rating", False, True, "baseline_score", unit_en="of 10", unit_zh="分（满分10）"),
    Outcome("churn", True, False, "baseline_score", by_group=True),
    Outcome("high_value_retained", True, True, "baseline_spend"),
    Outcome("spend", False, True, "baseline_spend", "baseline_spend", unit_en="yuan", unit_zh="元"),
    Outcome("damage", False, False, "baseline_damage", "baseline_damage", unit_en="points", unit_zh="分"),
    Outcome("recovered", True, True, "baseline_damage", "was_undamaged"),
)
# Over the season so far, of whom each customer is followed from their first campaign on.
CUMULATIVE: Final = (
    Outcome("churn", True, False, "baseline_score"),
    Outcome("spend", False, True, "baseline_spend", unit_en="yuan", unit_zh="元"),
    Outcome("damage", False, False, "baseline_score", unit_en="points", unit_zh="分"),
)
# Who the customers were before: both arms must be alike in these, in figures and in their make-up.
FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "baseline_score": ("score", "受损得分"),
    "baseline_damage": ("damage of the month", "当月受损"),
    "baseline_contacts": ("contacts", "接触次数"),
    "baseline_spend": ("spend", "消费"),
    "was_explicit": ("explicitly damaged", "明确受损"),
    "was_high_value": ("high value", "高价值"),
}
GROUPINGS: Final = tuple(CODES["effect_grouping"])


def outcome(code: str, estimand: str) -> Outcome:
    """The outcome of that code."""
    return {each.code: each for each in (CUMULATIVE if estimand == "cumulative" else OUTCOMES)}[code]
