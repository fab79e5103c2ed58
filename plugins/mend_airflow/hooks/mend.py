"""The hook that gives a task its home: where the lake and the operations database are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from airflow.sdk import BaseHook

from mend.foundation.home import Home


class MendHook(BaseHook):
    """The home of an installation.

    The environment (MEND_HOME and the other MEND_* variables) decides; an installation that sets none is described by
    a connection, whose extra holds `home` and, where they are elsewhere, `warehouse`, `catalog_url` and
    `database_url`.

    Args:
        mend_conn_id: the connection.
    """

    conn_name_attr = "mend_conn_id"
    default_conn_name = "mend_lake"
    conn_type = "generic"
    hook_name = "Mend"

    def __init__(self, mend_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.mend_conn_id = mend_conn_id

    def home(self, environment: Mapping[str, str] = os.environ) -> Home:
        """The home of the environment, else of the connection."""
        if environment.get("MEND_HOME"):
            return Home.from_environment(environment)
        return home_of(self.get_connection(self.mend_conn_id).extra_dejson, environment)


def home_of(extra: Mapping[str, Any], environment: Mapping[str, str]) -> Home:
    """The home that a connection's extra describes; KeyError when it names no folder."""
    named = {"MEND_LAKE": "warehouse", "MEND_CATALOG_URL": "catalog_url", "MEND_DATABASE_URL": "database_url"}
    settings = {variable: str(extra[key]) for variable, key in named.items() if extra.get(key)}
    return Home.at(str(extra["home"]), settings | dict(environment))
