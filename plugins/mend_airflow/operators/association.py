"""Clusters of customers, and the association of grumbles and complaints: monthly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mend.foundation.home import Home
from mend_airflow.business_date import Period
from mend_airflow.operators.step import MonthStepOperator

if TYPE_CHECKING:
    from mend.foundation.pipeline.workbench import Workbench


class CustomerClusterOperator(MonthStepOperator):
    """Fits the month's value and behaviour clusters, assigns every customer, and writes each cluster's profile in words
    and as a picture.

    Names stay with their clusters from month to month: run the months in order.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Customers, each cluster's share, and the features that no source carries."""
        from mend.grumbles.clusters import fit_clusters

        return fit_clusters(home, bench, period.month)


class AssociationOperator(MonthStepOperator):
    """Measures how grumbles lead to complaints in the month: counts, lift, influence by window and cluster, key grumble
    points.

    Uses the clusters of the month before, which the month's complaints cannot have shaped; the month's own where it is
    the first.
    """

    def work(self, home: Home, bench: Workbench, period: Period) -> object:
        """Customers, grumble days and complaints counted, tests made, significant influences and key grumble points."""
        from mend.grumbles.association import find_associations

        return find_associations(home, bench, period.month)
