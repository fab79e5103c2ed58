"""What goes wrong in the lake."""

from __future__ import annotations

from mend.errors import BadDataError, RetryableError


class LakeError(BadDataError):
    """The lake cannot do what was asked; the message names the table."""


class OldTableError(BadDataError):
    """A table of an older version of Mend; the message names it and the command that makes it again."""


class LakeConflict(RetryableError, LakeError):
    """Somebody else replaced the files that this write was made from: the work must be done again on what is there
    now.
    """
