"""Value and behaviour clusters of customers: fitted monthly, named as last month, every customer assigned."""

from mend.clusters.finding import ClusterReport, fit_clusters
from mend.clusters.rules import ClusterRuleError

__all__ = ["ClusterReport", "ClusterRuleError", "fit_clusters"]
