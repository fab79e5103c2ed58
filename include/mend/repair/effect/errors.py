"""What goes wrong in the effect room. A comparison that must not be made is no error: it is a refusal, a value."""

from __future__ import annotations

from mend.errors import BadDataError, UsageError


class EffectError(BadDataError):
    """A month or a file that no effect can be worked out of; the message says why and what to do."""


class EffectUsageError(UsageError):
    """Columns, arms or shares that do not fit the file; the message names what the file has."""


class EffectRefusedError(BadDataError):
    """A comparison that a person asked for and that is refused; the message names the reasons."""
