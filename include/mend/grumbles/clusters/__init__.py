"""Value and behaviour clusters of customers: fitted monthly, named as last month, every customer assigned."""

from mend.grumbles.clusters.finding import ClusterReport, fit_clusters
from mend.grumbles.clusters.rules import ClusterRuleError

__all__ = ["ClusterReport", "ClusterRuleError", "fit_clusters"]
