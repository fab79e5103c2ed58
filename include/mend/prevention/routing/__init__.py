"""What has become worse goes to the departments that control it, with a deadline, an answer and a measure."""

from mend.prevention.routing.errors import ProblemError, RoutingError, RoutingRuleError
from mend.prevention.routing.problem import Part, Place, Problem
from mend.prevention.routing.step import RoutingReport, route, route_month, routing_rules_of

__all__ = [
    "Part",
    "Place",
    "Problem",
    "ProblemError",
    "RoutingError",
    "RoutingReport",
    "RoutingRuleError",
    "route",
    "route_month",
    "routing_rules_of",
]
