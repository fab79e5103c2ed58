"""What goes wrong when something is published for the pages."""

from __future__ import annotations

from mend.errors import BadConfigurationError


class PageTableError(BadConfigurationError):
    """A published table is declared wrongly; the message names it."""
