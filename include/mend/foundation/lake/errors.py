"""What goes wrong in the lake."""

from __future__ import annotations

from mend.errors import BadDataError, RetryableError


class LakeError(BadDataError):
    """The lake cannot do what was asked; the message names the table."""


class OldTableError(BadDataError):
    """A table of another version of Mend; the message names it, what differs, and what to do."""


class LakeConflict(RetryableError, LakeError):
    """Somebody else replaced the files that this write was made from: the work must be done again on what is there
    now.
    """
