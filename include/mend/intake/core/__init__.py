"""Core tables: the one valid version of every row, on the day of its event."""

from mend.intake.core.loading import CoreReport, RecordReport, load
from mend.intake.core.reconciliation import Reconciled, ReconciliationError, reconcile

__all__ = ["CoreReport", "Reconciled", "ReconciliationError", "RecordReport", "load", "reconcile"]
