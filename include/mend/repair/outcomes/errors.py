"""What keeps a campaign from being followed."""

from __future__ import annotations

from mend.errors import BadDataError


class OutcomeError(BadDataError):
    """A campaign that cannot be followed; the message says why and what to do."""
