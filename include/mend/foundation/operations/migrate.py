"""Bring an operations database to the newest version of its tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from mend.foundation.operations.database import locked, transaction

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file; the connection travels to migrations/env.py in its attributes."""
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
            command.upgrade(configuration(connection), "head")


def _is_newest(connection: Connection) -> bool:
    heads = ScriptDirectory.from_config(configuration()).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)
