"""What has become worse goes to the departments that control it, with a deadline, an answer and a measure. Routing a
month is in `step`: it reads the lake, and pages that answer problems must not load it."""

from mend.prevention.routing.errors import ProblemError, RoutingError, RoutingRuleError
from mend.prevention.routing.problem import Part, Place, Problem
from mend.prevention.routing.rules import routing_rules_of

__all__ = [
    "Part",
    "Place",
    "Problem",
    "ProblemError",
    "RoutingError",
    "RoutingRuleError",
    "routing_rules_of",
]
