"""Value and behaviour clusters of customers: fitted monthly, named as last month, every customer assigned."""

from mend.grumbles.clusters.rules import ClusterRuleError
from mend.grumbles.clusters.step import ClusterReport, fit_clusters

__all__ = ["ClusterReport", "ClusterRuleError", "fit_clusters"]
