"""What goes wrong in the lake."""

from __future__ import annotations


class LakeError(RuntimeError):
    """The lake cannot do what was asked; the message names the table."""


class LakeConflict(LakeError):
    """Somebody else replaced the files that this write was made from: the work must be done again on what is there
    now.
    """
