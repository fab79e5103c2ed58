"""Damage scoring: indicators and credits as dated rules, the double-entry ledger, the damaged-customer database."""

from mend.scoring.explain import Explanation, explain
from mend.scoring.month import MonthError, MonthReport, ScoreMismatchError, close_month, month_to_date_view
from mend.scoring.rules import RuleError, RuleSet, load_rules, rules_on
from mend.scoring.score import ScoringReport, score

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
