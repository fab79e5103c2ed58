"""Which home an operations database belongs to."""

from __future__ import annotations

from psycopg.errors import UndefinedTable
from sqlalchemy import delete, insert, inspect, select
from sqlalchemy.exc import ProgrammingError

from mend.foundation.operations.database import transaction
from mend.foundation.operations.tables import HOME_IDENTITY

PART = "operations"


def home_of(url: str) -> str | None:
    """The identity of the home; None where the database has none, or not yet the table for it."""
    try:
        with transaction(url) as connection:
            return connection.execute(select(HOME_IDENTITY.c.home_id)).scalar()
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable):
            return None
        raise


def mark(url: str, home_id: str) -> bool:
    """The database belongs to this home. False when it has not the table for it: a later version's step makes it."""
    with transaction(url) as connection:
        if not inspect(connection).has_table(HOME_IDENTITY.name):
            return False
        connection.execute(delete(HOME_IDENTITY))
        connection.execute(insert(HOME_IDENTITY).values(part_code=PART, home_id=home_id))
    return True
