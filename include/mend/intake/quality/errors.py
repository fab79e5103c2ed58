"""What the quality room raises."""

from __future__ import annotations


class SuiteError(ValueError):
    """A suite file says something impossible; the message names file and rule."""


class CrossCheckError(RuntimeError):
    """Great Expectations and our own SQL count differently. The message names rule and counts."""


class DataQualityError(RuntimeError):
    """Data too bad to go on with; a retry cannot mend it. The message names rule, file, counts and what to do."""
