"""What the quality room raises."""

from __future__ import annotations

from mend.errors import BadConfigurationError, BadDataError


class SuiteError(BadConfigurationError, ValueError):
    """A suite file says something impossible; the message names file and rule."""


class CrossCheckError(BadDataError):
    """Great Expectations and our own SQL count differently. The message names rule and counts."""


class DataQualityError(BadDataError):
    """Data too bad to go on with; a retry cannot mend it. The message names rule, file, counts and what to do."""
