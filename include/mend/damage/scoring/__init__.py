"""Damage scoring: indicators and credits as dated rules, and the double-entry ledger."""

from mend.damage.scoring.rules import RuleError, RuleSet, load_rules, rules_on
from mend.damage.scoring.step import ScoringReport, score

__all__ = ["RuleError", "RuleSet", "ScoringReport", "load_rules", "rules_on", "score"]
