"""What goes wrong with the embedded server."""


class ServerError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and names the folder or log."""
