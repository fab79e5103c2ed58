"""What the core room raises."""

from __future__ import annotations

from mend.errors import BadDataError


class ReconciliationError(BadDataError):
    """Rows were lost or doubled; the message names record, batch, file or day, and the counts."""
