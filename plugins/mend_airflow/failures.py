"""Bad data and bad configuration fail a task at once, for a person to look at; an outage is tried again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowFailException

from mend.errors import is_known, is_retryable

log = logging.getLogger(__name__)


@contextmanager
def failing_at_once() -> Iterator[None]:
    """Turn an error that a retry cannot mend into Airflow's order not to retry. Others, such as a lost connection, go
    on as they are.
    """
    try:
        yield
    except Exception as error:
        if not is_retryable(error):
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
