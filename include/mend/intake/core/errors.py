"""What the core room raises."""

from __future__ import annotations


class ReconciliationError(RuntimeError):
    """Rows were lost or doubled; the message names record, batch, file or day, and the counts."""
