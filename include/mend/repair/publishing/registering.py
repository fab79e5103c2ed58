"""A version is put before the approvers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.repair.publishing.bias import needs_reason
from mend.repair.publishing.errors import PublishError
from mend.repair.publishing.lists import ROOM, CampaignList, read_list
from mend.repair.publishing.summary import Summary


def register(home: Home, summary: Summary, at: dt.datetime) -> CampaignList:
    """Put the version before the approvers, once; as long as it is a draft it keeps the latest summary."""
    version = summary.version
    values = {
        "list_id": version.list_id,
        "month": version.month,
        "version": version.version,
        "content_sha256": version.content_sha256,
        "row_count": summary.rows,
        "summary": summary.as_json(),
        "needs_bias_reason": needs_reason(summary.bias),
        "at": at,
    }
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "put_list"), values)
        _refresh(connection, values)
        return read_list(connection, version.list_id)


def _refresh(connection: Connection, values: Mapping[str, Any]) -> None:
    known = read_list(connection, values["list_id"], is_locked=True)
    if known.content_sha256 != values["content_sha256"]:
        raise PublishError(
            f"list {known.list_id} has other content than when it was put before the approvers: a version never "
            f"changes; make the month's list again, it becomes the next version"
        )
    names = ("list_id", "summary", "needs_bias_reason")
    connection.execute(statement(ROOM, "refresh_summary"), {name: values[name] for name in names})
