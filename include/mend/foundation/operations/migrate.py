"""Bring an operations database to the newest version of its tables.

Alembic is imported where migrations are missing: each process asks whether there are any, and loading it takes longer
than the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from mend.foundation.operations.database import locked, transaction

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file; the connection travels to migrations/env.py in its attributes."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Run the migrations that the database lacks. Does nothing when there are none; safe from several processes at
    once."""
    with transaction(url) as connection:
        if _is_newest(connection):
            return
    with locked(url, "migrations"), transaction(url) as connection:
        if not _is_newest(connection):
            from alembic import command

            command.upgrade(configuration(connection), "head")


def newest() -> str:
    """The number of the newest migration: their files are in order, one after the other."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _is_newest(connection: Connection) -> bool:
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        return False
    found: str | None = connection.scalar(text("select version_num from alembic_version"))
    return found == newest()
