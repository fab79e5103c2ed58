"""Rows of this room's statements, by column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement

ROOM: Final = "query/pages"
Rows = list[Mapping[str, Any]]


def rows(connection: Connection, name: str, **values: object) -> Rows:
    """The rows of a statement."""
    return [dict(each) for each in connection.execute(statement(ROOM, name), values).mappings()]


def row(connection: Connection, name: str, **values: object) -> Mapping[str, Any] | None:
    """The one row of a statement, or None."""
    return next(iter(rows(connection, name, **values)), None)
