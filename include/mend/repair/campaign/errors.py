"""What can go wrong when a campaign is made."""

from __future__ import annotations

from mend.errors import BadDataError


class CampaignError(BadDataError):
    """A campaign that cannot be made, told of or rebuilt; the message says why and what to do."""
