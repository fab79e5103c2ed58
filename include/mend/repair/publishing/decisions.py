"""Decisions about a list: approved or refused by one of the approvers, once, with who, when and why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

from mend.foundation.home import Home
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import local_day
from mend.repair.publishing.errors import ListStateError, NotAllowedError, ReasonMissingError
from mend.repair.publishing.lists import (
    ROOM,
    TRANSITIONS,
    CampaignList,
    read_list,
    record_decision,
    require_next,
)
from mend.repair.strategies import INDICATORS, StrategySet, load_strategies, strategies_on

# An indicator of the home's own, by the column that an audience names: who may approve does not depend on the rules.
HIT: Final = re.compile(r"\bhit_([a-z][a-z0-9_]*)\b")
CAMPAIGN_DECISION: Final = METADATA.tables["campaign_decision"]
Decided = Literal["approved", "refused"]


@dataclass(frozen=True)
class Decision:
    """One decision on record; `is_new` when this call made it."""

    list_id: str
    decision_code: str
    decided_by: str
    decided_through: str
    decided_at: dt.datetime
    reason: str | None
    bias_reason: str | None
    is_new: bool = False


def approvers_at(home: Home, at: dt.datetime) -> tuple[str, ...]:
    """Who may approve, refuse and recall lists by the settings in force at a moment."""
    return strategies_of_day(home, local_day(at, home.zone)).settings.approvers


def strategies_of_day(home: Home, day: dt.date) -> StrategySet:
    """The strategies in force on a day by the home's files; an audience may name any indicator."""
    folder = home.root / "strategies"
    own = {name for path in folder.glob("*.yaml") for name in HIT.findall(path.read_text("utf-8", "replace"))}
    return strategies_on(day, load_strategies(folder, sorted({*INDICATORS, *own})))


def require_approver(who: str, approvers: Collection[str], what: str) -> None:
    """NotAllowedError unless the person is an approver: the name must be the same to the letter. An approver may be
    written with the id that the auth manager knows (`name#id`): the name is what counts here.
    """
    names = {approver.partition("#")[0] for approver in approvers}
    if who not in names:
        named = ", ".join(sorted(names)) or "nobody: name them under settings: approvers of the strategies"
        raise NotAllowedError(f"{who!r} may not {what}; the approvers are {named}")


def decide(
    connection: Connection,
    list_id: str,
    who: str,
    decision: Decided,
    *,
    approvers: Collection[str],
    at: dt.datetime,
    through: str,
    reason: str | None = None,
    bias_reason: str | None = None,
) -> Decision:
    """Approve or refuse a list in the caller's transaction. The same again, by the same person, changes nothing.

    Args:
        through: how it came, for the record: a command with the system's user, a run of Airflow.
        bias_reason: why the groups' shares may differ; needed when the bias check stopped the approval.

    Raises:
        NotAllowedError: the person is no approver.
        ListStateError: the list is decided already, by somebody else or otherwise, or its checks failed; or it is
            approved, and a later list of the month is before the approvers.
        ReasonMissingError: it is refused without a reason, or approved without the one that the bias check wants.
    """
    require_approver(who, approvers, f"decide about list {list_id}")
    listed = read_list(connection, list_id, is_locked=True)
    words, bias_words = _words(reason), _words(bias_reason)
    before = decision_of(connection, list_id, decision)
    if before is not None and before.decided_by == who and listed.state_code in (decision, "published"):
        return before
    _require_open(connection, listed, decision)
    if decision == "approved":
        _require_latest(connection, listed)
    _require_reasons(listed, decision, words, bias_words)
    connection.execute(statement(ROOM, "set_state"), {"list_id": list_id, "state": decision})
    record_decision(connection, list_id, decision, who, through, at, words, bias_words)
    return Decision(list_id, decision, who, through, at, words, bias_words, is_new=True)


def decision_of(connection: Connection, list_id: str, decision: str) -> Decision | None:
    """The decision of that kind on record."""
    table = CAMPAIGN_DECISION.c
    names = [name for name in Decision.__dataclass_fields__ if name != "is_new"]
    query = CAMPAIGN_DECISION.select().with_only_columns(*[table[name] for name in names])
    row = connection.execute(query.where(table.list_id == list_id, table.decision_code == decision)).first()
    return None if row is None else Decision(*row)


def require_approval(connection: Connection, listed: CampaignList, approvers: Collection[str]) -> Decision:
    """The approval, looked at again before the list is published: whoever gave it must be an approver still."""
    approval = decision_of(connection, listed.list_id, "approved")
    if approval is None or listed.state_code != "approved":
        raise ListStateError(
            f"list {listed.list_id} is {listed.state_code}, not approved: an approver decides first "
            f"(`mend campaign-decide {listed.list_id} --approve --as NAME`, or the task's page in Airflow)"
        )
    require_approver(approval.decided_by, approvers, f"approve list {listed.list_id} any more, as they did")
    return approval


def _words(reason: str | None) -> str | None:
    return (reason or "").strip() or None


def _require_open(connection: Connection, listed: CampaignList, decision: Decided) -> None:
    """A list is decided about once; an approved one may still be refused before it is published."""
    before = decision_of(connection, listed.list_id, listed.state_code)
    if before is None or decision in TRANSITIONS[listed.state_code]:
        return require_next(listed, decision)
    why = f" (reason: {before.reason})" if before.reason else ""
    raise ListStateError(
        f"list {listed.list_id} was {before.decision_code} by {before.decided_by} at "
        f"{before.decided_at:%Y-%m-%d %H:%M %Z}{why}; nothing changed"
    )


def _require_latest(connection: Connection, listed: CampaignList) -> None:
    """The later list knows more: whoever left or got well since then is on the earlier one still."""
    values = {"month": listed.month, "version": listed.version}
    later = connection.execute(statement(ROOM, "later_list"), values).scalar()
    if later is not None:
        raise ListStateError(
            f"list {listed.list_id} is not the month's latest: {later} was made from what is known by now; decide on "
            f"that one, or refuse it first (`mend campaign-decide {later} --refuse --as NAME --reason TEXT`)"
        )


def _require_reasons(listed: CampaignList, decision: Decided, reason: str | None, bias_reason: str | None) -> None:
    if decision == "refused" and reason is None:
        raise ReasonMissingError(f"list {listed.list_id} is refused with a reason: write in a few words why")
    if decision == "refused":
        return
    if failed := listed.summary.get("failed_checks"):
        raise ListStateError(
            f"list {listed.list_id} cannot be approved: its checks failed ({', '.join(failed)}); make the list again"
        )
    if listed.needs_bias_reason and bias_reason is None:
        groups = ", ".join(listed.summary.get("outside", ()))
        raise ReasonMissingError(
            f"list {listed.list_id}: groups are listed far more, or far less often than all candidates ({groups}): "
            f"write why that is right (bias reason), or refuse the list"
        )
