"""What goes wrong when Airflow is started on one machine."""

from mend.errors import MendError


class LocalError(MendError):
    """Said to the user as it is, without a traceback: the message says what to do."""
