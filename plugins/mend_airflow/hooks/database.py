"""An Airflow connection as the URL that SQLAlchemy wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from airflow.sdk import Connection

DRIVERS: Final = {
    "postgres": "postgresql+psycopg",
    "mssql": "mssql+pyodbc",
    "mysql": "mysql+pymysql",
    "oracle": "oracle+oracledb",
}


def database_url(connection: Connection) -> str:
    """The URL of the connection's database, its password included; other types of connection are taken as SQLAlchemy's
    own names.
    """
    from sqlalchemy import URL  # slow, and not needed at parse

    kind = str(connection.conn_type)
    url = URL.create(
        DRIVERS.get(kind, kind),
        connection.login,
        connection.password,
        connection.host,
        connection.port,
        connection.schema,
        {name: str(value) for name, value in connection.extra_dejson.items()},
    )
    return url.render_as_string(hide_password=False)
