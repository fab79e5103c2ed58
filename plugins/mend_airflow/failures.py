"""Bad data and bad configuration fail a task at once, for a person to look at; an outage is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from airflow.sdk.exceptions import AirflowFailException

from mend.cli.errors import is_known

# Known to Mend, but passing: the embedded server may start the next time, a source's database may answer again,
# and what another run replaced meanwhile can be read anew.
OUTAGES: Final = ("mend.server.errors.ServerError", "mend.extract.errors.DatabaseSourceError", "mend.lake.lake.LakeConflict")


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


def _is_outage(error: Exception) -> bool:
    # By name: importing each room's errors here would import the rooms at every parse of a DAG file.
    return any(f"{kind.__module__}.{kind.__qualname__}" in OUTAGES for kind in type(error).__mro__)
