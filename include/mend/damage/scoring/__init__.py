"""Damage scoring: indicators and credits as dated rules, the double-entry ledger, the damaged-customer database."""

from mend.damage.scoring.explain import Explanation, explain
from mend.damage.scoring.month import MonthError, MonthReport, ScoreMismatchError, close_month, month_to_date_view
from mend.damage.scoring.rules import RuleError, RuleSet, load_rules, rules_on
from mend.damage.scoring.step import ScoringReport, score

__all__ = [
    "Explanation",
    "MonthError",
    "MonthReport",
    "RuleError",
    "RuleSet",
    "ScoreMismatchError",
    "ScoringReport",
    "close_month",
    "explain",
    "load_rules",
    "month_to_date_view",
    "rules_on",
    "score",
]
