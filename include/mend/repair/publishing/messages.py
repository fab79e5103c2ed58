"""Care messages of a list: the contact rules reserve room, then they go into the outbox, all in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from mend.care.contact_rules import Terms, lock, open_requests, reserve
from mend.care.sms import NewMessage, enqueue, sending_account
from mend.care.survey.rules import contact_policy
from mend.foundation.home import Home
from mend.foundation.message_words import mistake_in
from mend.foundation.operations.statements import statement
from mend.foundation.periods import local_day
from mend.repair.publishing.errors import MessageError, PublishError
from mend.repair.publishing.lists import ROOM, CampaignList
from mend.repair.publishing.places import places
from mend.repair.strategies import Strategy, StrategySet, fill

CHANNEL: Final = "sms"
MOST_DAYS: Final = 366  # a list is valid no longer


def queue_messages(
    connection: Connection, home: Home, listed: CampaignList, strategies: StrategySet, at: dt.datetime
) -> dict[str | None, int]:
    """Decide on every SMS row of campaign_row, and queue what may go. Gives the messages by reason; None: queued.

    What the day's budget has no room for is asked for on the next days of its validity. Everything stands in the
    caller's transaction: room, messages and what was decided (the temporary table campaign_message).
    """
    policy = contact_policy(home.root / "survey_rules", local_day(at, home.zone))
    terms = Terms(policy, at, home.zone, batch=f"campaign {listed.list_id}")
    values = {"at": at, "zone": home.zone, "hours_from": policy.hours.start, "prefix": key_prefix(listed)}
    connection.execute(statement(ROOM, "campaign_message"))
    lock(connection)  # before what was sent is looked at: nobody adds to it meanwhile
    _run(connection, "sent_before", values | {"month": listed.month})
    _run(connection, "stopped_person", values)
    for shift in range(MOST_DAYS):
        open_requests(connection)
        if not _run(connection, "ask_contact_rules", values | {"shift": shift}):
            break
        reserve(connection, terms)
        _run(connection, "take_decisions", values)
    _run(connection, "take_rest", values)
    counts = {row.reason_code: row.message_count for row in connection.execute(statement(ROOM, "count_messages"))}
    if counts.get(None):
        _enqueue(connection, home, listed, strategies, terms, counts[None])
    return counts


def key_prefix(listed: CampaignList) -> str:
    """A message is the list's, the strategy's and the person's, once."""
    return f"campaign {listed.list_id} "


def _enqueue(
    connection: Connection, home: Home, listed: CampaignList, strategies: StrategySet, terms: Terms, count: int
) -> None:
    account = sending_account(connection, home.settings.get("MEND_SMS_ACCOUNT"))
    if account is None:
        raise PublishError(
            f"list {listed.list_id} has messages, and sms_account has no account: register the one that sends, then "
            f"publish again"
        )
    by_code = {each.code: each for each in strategies.strategies}
    rows = connection.execute(statement(ROOM, "message"), {"zone": terms.zone}).mappings().all()
    messages = [_message(listed, by_code[row["strategy_code"]], row, account, terms) for row in rows]
    queued = enqueue(connection, messages, terms.at)
    if queued != count:
        raise PublishError(
            f"list {listed.list_id}: {count - queued} of its {count} messages are in the outbox already under the same "
            f"keys, though the list is not published; nothing was changed: look at sms_outbox, campaign_code "
            f"{listed.list_id}"
        )


def _message(
    listed: CampaignList, strategy: Strategy, row: Mapping[Any, Any], account: Sequence[str], terms: Terms
) -> NewMessage:
    hours = terms.policy.hours
    return NewMessage(
        dedup_key=row["message_key"],
        account_code=account[0],
        purpose_code="care",
        purpose_kind_code="commercial" if row["consent_code"] == "commercial" else "service",
        customer_id=row["customer_id"],
        phone_number=row["phone_number"],
        text=text_of(listed.month, strategy, row),
        sender_number=account[1],
        not_before=row["not_before"],
        valid_until=row["valid_until_at"],
        quiet_zones=tuple(row["zones"]),
        allowed_from=hours.start,
        allowed_until=hours.until,
        is_promised=row["is_entitlement"],
        campaign_code=listed.list_id,
        language_code=row["language_code"],
        about_kind_code="campaign",
        about_id=row["strategy_code"],
    )


def text_of(month: str, strategy: Strategy, row: Mapping[Any, Any]) -> str:
    """The message in the customer's language, its places filled.

    Raises MessageError when the strategy has none, or the text says nowhere how to opt out.
    """
    language = "en" if row["language_code"] == "en" else "zh"
    text = strategy.message(language)
    if text is None:
        raise MessageError(
            f"strategy {strategy.code}: channel sms, and no message_{language}: write one, make a new list"
        )
    filled = fill(text, places(month, strategy.label(language), row, language))
    if (mistake := mistake_in(filled, language, strategy.consent_code)) is not None:
        raise MessageError(f"strategy {strategy.code}: {mistake}; change message_{language}, then make a new list")
    return filled


def _run(connection: Connection, name: str, values: Mapping[str, Any]) -> int:
    """Run one of the room's statements with those of the values that it asks for."""
    found = statement(ROOM, name)
    return connection.execute(found, {key: values[key] for key in found.compile().params}).rowcount
