"""What can go wrong when customers are allocated."""

from __future__ import annotations

from mend.errors import BadDataError


class AllocationError(BadDataError):
    """A problem that cannot be allocated, or flows that are of another; the message names field, row and value."""
