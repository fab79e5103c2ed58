"""What goes wrong when Airflow is started on one machine."""


class LocalError(Exception):
    """Said to the user as it is, without a traceback: the message says what to do."""
