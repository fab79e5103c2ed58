"""Value, consumption and behaviour clusters of customers: fitted monthly, labels only where they are earned, every
customer assigned."""

from mend.grumbles.clusters.rules import ClusterRuleError
from mend.grumbles.clusters.step import ClusterReport, fit_clusters

__all__ = ["ClusterReport", "ClusterRuleError", "fit_clusters"]
