"""What can be wrong with a taxonomy."""

from mend.errors import BadConfigurationError


class TaxonomyError(BadConfigurationError, ValueError):
    """A taxonomy file that cannot be used; the message names the file, the place and the reason."""
