"""Whose fault it is that something could not be stored: its own, so that all else is stored, or the database's."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mend.care.sms.errors import TextError

# SQLSTATE classes: data exception, constraint, limit exceeded (a value too long for an index). What the driver itself
# refuses has none.
OF_THE_VALUE: Final = ("22", "23", "54")
REFUSED_BEFORE: Final = (TextError, ValueError, ArithmeticError, LookupError, TypeError)


def is_of_the_value(error: Exception) -> bool:
    """Whether the value is at fault. A database that is gone, going or busy, or a statement of ours that is wrong, is
    not.
    """
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated:
            return False
        return state[:2] in OF_THE_VALUE if state else type(error.orig).__name__ == "DataError"
    return isinstance(error, REFUSED_BEFORE) and not isinstance(error, SQLAlchemyError)
