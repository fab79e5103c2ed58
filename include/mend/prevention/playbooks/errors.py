"""What goes wrong with playbooks, grants and promises."""

from __future__ import annotations

from mend.errors import BadConfigurationError, CommandError


class PlaybookError(BadConfigurationError, ValueError):
    """A file of playbooks or promises that cannot be used; the message names file, place, reason and what to do."""


class GrantError(CommandError):
    """A compensation that cannot be asked for or decided so; the message says why and what would be possible."""
