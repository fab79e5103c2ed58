"""Recalling a published list: a new record that ends its labels, actions and unsent messages. Its rows stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from mend.care.contact_rules import lock, release_untried
from mend.care.sms import withdraw
from mend.foundation.operations.statements import statement
from mend.repair.publishing.decisions import decision_of, require_approver
from mend.repair.publishing.errors import ReasonMissingError
from mend.repair.publishing.lists import ROOM, month_and_version, read_list, record_decision, require_next


@dataclass(frozen=True)
class Recalled:
    """What a recall stopped: routing entries, actions, messages; and messages that were sent or were being sent."""

    list_id: str
    is_new: bool
    routing_entries: int = 0
    actions: int = 0
    messages: int = 0
    messages_gone: int = 0


def recall(
    connection: Connection,
    list_id: str,
    who: str,
    reason: str,
    *,
    approvers: Collection[str],
    at: dt.datetime,
    through: str,
) -> Recalled:
    """Recall a published list in the caller's transaction. Recalled before, nothing changes.

    A message that the relay has in hand at this moment is stopped by its last look before it is written.

    Raises:
        NotAllowedError: the person is no approver.
        ListStateError: the list is not published.
        ReasonMissingError: no reason is given.
    """
    require_approver(who, approvers, f"recall list {list_id}")
    if not reason.strip():
        raise ReasonMissingError(f"list {list_id} is recalled with a reason: write in a few words why")
    connection.execute(statement(ROOM, "lock_month"), {"month": month_and_version(list_id)[0]})
    listed = read_list(connection, list_id, is_locked=True)
    if decision_of(connection, list_id, "recalled") is not None:
        return Recalled(list_id, is_new=False)
    require_next(listed, "recalled")
    record_decision(connection, list_id, "recalled", who, through, at, reason.strip())
    connection.execute(statement(ROOM, "set_recalled"), {"list_id": list_id, "at": at})
    return _stop(connection, list_id, at)


def _stop(connection: Connection, list_id: str, at: dt.datetime) -> Recalled:
    values = {"list_id": list_id, "at": at}
    entries = connection.execute(statement(ROOM, "recall_routing"), values).rowcount
    lock(connection)
    keys = connection.execute(statement(ROOM, "waiting_keys"), {"list_id": list_id}).scalars().all()
    stopped = withdraw(connection, keys, at)
    release_untried(connection)
    told = {"list_id": list_id, "stopped": sorted(stopped)}
    actions = connection.execute(statement(ROOM, "recall_actions"), told).rowcount
    return Recalled(list_id, True, entries, actions, len(stopped), len(keys) - len(stopped))
