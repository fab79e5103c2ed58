"""What `mend stop` asks first (entry point mend.before_stop): PostgreSQL is left alone while Airflow runs on it."""

from __future__ import annotations

from mend.errors import CommandError
from mend.foundation.home import Home
from mend_airflow.local.services import is_running


def require_no_airflow(home: Home) -> None:
    """Raises CommandError while Airflow of this home runs: it would bring PostgreSQL up again."""
    if is_running(home):
        raise CommandError("Airflow runs on this home, and keeps PostgreSQL running: `make stop` ends both")
