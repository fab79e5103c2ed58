"""What goes wrong with the embedded server."""

from mend.errors import RetryableError


class ServerError(RetryableError):
    """The embedded PostgreSQL cannot be used; the message says why and names the folder or log."""
