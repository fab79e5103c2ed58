"""Review of marketing plans before they are launched, and what came of them."""

from mend.prevention.plans.plan import Plan, load_plan
from mend.prevention.plans.review import Review, decide, open_round, read_review, score
from mend.prevention.plans.rules import PlanRules, load_plan_rules, plan_rules_on

__all__ = [
    "Plan",
    "PlanRules",
    "Review",
    "decide",
    "load_plan",
    "load_plan_rules",
    "open_round",
    "plan_rules_on",
    "read_review",
    "score",
]
