"""Publishing an approved list: files, routing table, actions and messages, all or nothing.

All database work is one transaction. The files are written before its end, into a folder that nobody looks at, and
moved into place by one rename after it. A run that is killed before the end leaves nothing; one that is killed between
end and rename leaves a published list whose folder the next one who asks for it moves into place.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing.decisions import approvers_at, require_approval
from mend.repair.publishing.errors import ListStateError, PublishError
from mend.repair.publishing.files import folder_name, move_into_place, new_draft, write_files
from mend.repair.publishing.listed import Version, open_list, put_strategy_words, read_version
from mend.repair.publishing.lists import (
    ROOM,
    CampaignList,
    month_and_version,
    read_list,
    record_decision,
    require_next,
)
from mend.repair.publishing.messages import queue_messages
from mend.repair.publishing.playbooks import put_playbooks
from mend.repair.publishing.rows import put_numbers, put_rows

WORDS: Final = ("code", "name_en", "name_zh", "label_en", "label_zh", "playbook_en", "playbook_zh")


@dataclass(frozen=True)
class PublishReport:
    """What stands published: rows, files by name with their SHA-256, messages queued and withheld by reason; `is_new`
    when this call did it.
    """

    list_id: str
    is_new: bool
    folder: Path
    rows: int
    files: dict[str, str]
    queued: int
    withheld: dict[str, int]


def publish(home: Home, bench: Workbench, list_id: str, by: str, at: dt.datetime, through: str) -> PublishReport:
    """Publish an approved list; published before, it stays as it is, and the report is the one of then.

    Args:
        by: who, for the record. The approval is looked at again: its giver must be an approver still.
        through: how it came: a command with the system's user, a run of Airflow.

    Raises:
        ListStateError: the list is not approved, or another list of the month is published.
        NotAllowedError: who approved it is no approver any more.
        PublishError: the list has other content than the one that was approved.
        MessageError: a strategy's message cannot be sent.
    """
    month, number = month_and_version(list_id)
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "lock_month"), {"month": month})
        listed = read_list(connection, list_id, is_locked=True)
        is_new = listed.state_code != "published"
        if is_new:
            _require_ready(connection, home, listed, at)
            with open_step(bench, "publish list") as step:
                _publish(connection, home, step, _open(step, listed, month, number), listed, at)
            record_decision(connection, list_id, "published", by, through, at)
    return _report(finish_files(home, bench, list_id, at), home, is_new)


def finish_files(home: Home, bench: Workbench, list_id: str, at: dt.datetime) -> CampaignList:
    """See that the folder of a published list is in place, whatever was killed: the files stand beside it, or, when
    somebody took them away, are written again.
    """
    with operations.transaction(home.database_url) as connection:
        listed = read_list(connection, list_id, is_locked=True)
        if listed.folder is None or listed.draft_folder is None:
            raise ListStateError(f"list {list_id} is {listed.state_code}: it has no files")
        folder = home.lists_folder / listed.folder
        draft = folder.parent / listed.draft_folder
        if not folder.is_dir() and not draft.is_dir():
            draft = _write_again(connection, home, bench, listed, at)
        if not folder.is_dir():
            move_into_place(draft, folder)
    return listed


def _require_ready(connection: Connection, home: Home, listed: CampaignList, at: dt.datetime) -> None:
    if listed.state_code in ("refused", "recalled"):
        require_next(listed, "published")  # says that nothing can follow
    require_approval(connection, listed, approvers_at(home, at))
    live = connection.execute(statement(ROOM, "live_list"), {"month": listed.month}).scalar()
    if live is not None:
        raise ListStateError(
            f"list {live} of {listed.month} is published: one list of a month counts at a time; recall it first "
            f"(`mend campaign-recall {live} --as NAME --reason TEXT`)"
        )
    if (folder := home.lists_folder / folder_name(listed)).exists():
        raise PublishError(f"{folder} is there and list {listed.list_id} is not published: move it away, publish again")


def _open(step: Step, listed: CampaignList, month: str, number: int) -> Version:
    """The list's rows as `list_row`, unless they are others than those that were approved."""
    version = read_version(step, month, number)
    if version.content_sha256 != listed.content_sha256:
        raise PublishError(
            f"list {listed.list_id} has other content than the one that was approved: a version never changes; "
            f"make the month's list again, it becomes the next version"
        )
    open_list(step, month, number)
    if step.count("list_row") != listed.row_count:
        raise PublishError(
            f"list {listed.list_id} has {step.count('list_row')} rows in the lake, {listed.row_count} were approved: "
            f"restore mart_campaign_list, or make the list again"
        )
    put_strategy_words(step, version.strategies.strategies)
    return version


def _publish(
    connection: Connection, home: Home, step: Step, version: Version, listed: CampaignList, at: dt.datetime
) -> None:
    """Files first: they take longest, and what others wait for, the contact rules' lock, is held for the shorter."""
    put_rows(connection, home, step)
    put_numbers(connection, home, step, version, at)
    put_playbooks(connection, home, step, listed)
    draft = new_draft(home, listed)
    files = write_files(step, listed, draft)
    strategies = version.strategies
    messages = queue_messages(connection, home, listed, strategies, at)
    for name in ("put_actions", "put_routing"):
        connection.execute(statement(ROOM, name), {"list_id": listed.list_id})
    for each in strategies.strategies:
        words = {name: getattr(each, name) for name in WORDS}
        connection.execute(statement(ROOM, "put_strategy"), words | {"list_id": listed.list_id})
    published = {
        "files": files,
        "queued": messages.get(None, 0),
        "withheld": {reason: count for reason, count in messages.items() if reason is not None},
    }
    _set_published(connection, listed, draft.name, published, at)


def _set_published(
    connection: Connection, listed: CampaignList, draft: str, published: dict[str, Any], at: dt.datetime
) -> None:
    values = {"list_id": listed.list_id, "at": at, "folder": folder_name(listed), "draft_folder": draft}
    told = json.dumps(published, ensure_ascii=False, sort_keys=True)
    connection.execute(statement(ROOM, "set_published"), values | {"published": told})


def _write_again(connection: Connection, home: Home, bench: Workbench, listed: CampaignList, at: dt.datetime) -> Path:
    """The files of a published list once more, with the numbers known by now."""
    with open_step(bench, "files of list") as step:
        version = _open(step, listed, listed.month, listed.version)
        put_rows(connection, home, step)
        put_numbers(connection, home, step, version, at)
        draft = new_draft(home, listed)
        write_files(step, listed, draft)
    return draft


def _report(listed: CampaignList, home: Home, is_new: bool) -> PublishReport:
    told: Any = listed.published or {}
    folder = home.lists_folder / (listed.folder or "")
    return PublishReport(
        listed.list_id, is_new, folder, listed.row_count, told["files"], told["queued"], told["withheld"]
    )
