"""An Airflow connection as the URL that SQLAlchemy wants."""

from __future__ import annotations

from airflow.sdk import BaseHook


def url_of_connection(name: str) -> str:
    """The URL of the connection's database, its password included."""
    from mend.intake.extract.connections import database_url  # slow, and not needed at parse

    found = BaseHook.get_connection(name)
    return database_url(
        str(found.conn_type),
        found.login,
        found.password,
        found.host,
        found.port,
        found.schema,
        found.extra_dejson,
    )
