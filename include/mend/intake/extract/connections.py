"""The connections that sources name, as database URLs.

Under Airflow a connection comes from Airflow (its UI, a secrets backend, a variable). Without it the variable alone
counts, in the two forms that Airflow reads: AIRFLOW_CONN_<NAME> with a URI or with JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from sqlalchemy import URL

from mend.intake.extract.errors import ConfigError

DRIVERS: Final = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mssql": "mssql+pyodbc",
    "mysql": "mysql+pymysql",
    "oracle": "oracle+oracledb",
}


def database_url(
    kind: str,
    login: str | None = None,
    password: str | None = None,
    host: str | None = None,
    port: int | None = None,
    schema: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """The URL of a connection's database, its password included; other types of connection are taken as SQLAlchemy's
    own names.

    >>> database_url("postgres", "reader", "p@ss", "db", 5433, "calls")
    'postgresql+psycopg://reader:p%40ss@db:5433/calls'
    """
    query = {name: str(value) for name, value in (extra or {}).items()}
    url = URL.create(DRIVERS.get(kind, kind), login, password, host, port, schema, query)
    return url.render_as_string(hide_password=False)


def url_from_environment(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The database of the connection of that name. ConfigError, which shows no part of it, where there is none or it
    cannot be read.

    >>> url_from_environment("calls", {"AIRFLOW_CONN_CALLS": "postgres://reader:p%40ss@db/calls?sslmode=require"})
    'postgresql+psycopg://reader:p%40ss@db/calls?sslmode=require'
    """
    variable = f"AIRFLOW_CONN_{name.upper()}"
    text = environment.get(variable)
    if not text:
        raise ConfigError(f"connection {name}: without Airflow it is read from {variable}, which is not set")
    try:
        return database_url(**(_of_json(text) if text.lstrip().startswith("{") else _of_uri(text)))
    except (ValueError, TypeError, KeyError):
        raise ConfigError(f"connection {name}: {variable} holds neither a connection's URI nor its JSON") from None


def _of_uri(text: str) -> dict[str, Any]:
    parts = urlsplit(text)
    if not parts.scheme:
        raise ValueError
    words = (parts.username, parts.password, parts.hostname)
    login, password, host = (unquote(word) if word else None for word in words)
    kind, schema = parts.scheme.replace("-", "_"), unquote(parts.path.lstrip("/")) or None
    extra = dict(parse_qsl(parts.query))
    return {
        "kind": kind,
        "login": login,
        "password": password,
        "host": host,
        "port": parts.port,
        "schema": schema,
        "extra": extra,
    }


def _of_json(text: str) -> dict[str, Any]:
    words = json.loads(text)
    extra = words.get("extra") or {}
    return {
        "kind": str(words["conn_type"]),
        "login": words.get("login"),
        "password": words.get("password"),
        "host": words.get("host"),
        "port": int(words["port"]) if words.get("port") else None,
        "schema": words.get("schema"),
        "extra": json.loads(extra) if isinstance(extra, str) else extra,
    }
