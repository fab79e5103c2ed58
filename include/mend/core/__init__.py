"""Core tables: the one valid version of every row, on the day of its event."""

from mend.core.load import CoreReport, RecordReport, load
from mend.core.reconcile import Reconciled, ReconciliationError, reconcile

__all__ = ["CoreReport", "Reconciled", "ReconciliationError", "RecordReport", "load", "reconcile"]
