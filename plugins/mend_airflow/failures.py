"""Bad data and bad configuration fail a task at once, for a person to look at; an outage is tried again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from mend.errors import is_known

log = logging.getLogger(__name__)
# Known to Mend, but passing: the embedded server may start the next time, a source's database may answer again,
# and what another run replaced meanwhile can be read anew.
OUTAGES: Final = (
    "mend.foundation.server.errors.ServerError",
    "mend.intake.extract.errors.DatabaseSourceError",
    "mend.foundation.lake.lake.LakeConflict",
)


@contextmanager
def failing_at_once() -> Iterator[None]:
    """Turn an error that a retry cannot mend into Airflow's order not to retry. Others, such as a lost connection, go
    on as they are.
    """
    try:
        yield
    except Exception as error:
        if is_known(error) and not _is_outage(error):
            raise AirflowFailException(f"{type(error).__name__}: {error}") from error
        raise


def say_why(context: Context) -> None:
    """The last line of a failed task's log: what is wrong and what to do, below the traceback. Of an error that Mend
    does not know only its kind: its message may hold a customer's data."""
    error = context.get("exception")
    if isinstance(error, AirflowFailException) or (isinstance(error, BaseException) and is_known(error)):
        log.error("%s", error)
    else:
        log.error(
            "%s: the traceback above says where; if it was an outage, bring the service back", type(error).__name__
        )


def _is_outage(error: Exception) -> bool:
    # By name: importing each room's errors here would import the rooms at every parse of a DAG file.
    return any(f"{kind.__module__}.{kind.__qualname__}" in OUTAGES for kind in type(error).__mro__)
