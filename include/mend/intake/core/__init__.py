"""Core tables: the one valid version of every row, on the day of its event."""

from mend.intake.core.errors import ReconciliationError
from mend.intake.core.loading import load
from mend.intake.core.reconciliation import reconcile
from mend.intake.core.report import CoreReport, Reconciled, RecordReport

__all__ = ["CoreReport", "Reconciled", "ReconciliationError", "RecordReport", "load", "reconcile"]
