"""What can go wrong with a list that is to be decided about or published. No message names a customer."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError, CommandError


class NoListError(CommandError):
    """There is no such list."""


class ListStateError(CommandError):
    """A list is in a state in which this cannot be done; the message says which, since when, and what can."""


class NotAllowedError(CommandError):
    """Somebody may not do this; the message says who may."""


class ReasonMissingError(CommandError):
    """A reason must be written first."""


class PublishError(BadDataError):
    """A list cannot be published as it is; the message says why and what to do."""


class MessageError(BadConfigurationError):
    """A strategy's message cannot be sent as it is written; the message names the strategy and what to change."""
