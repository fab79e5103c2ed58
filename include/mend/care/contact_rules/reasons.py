"""Whether somebody may be contacted: the one place that says so, for surveys, care messages and campaigns alike.

The rules are one query (`statements/reasons.sql`). It is asked of one request, of a set that was copied in, and once
more of messages that wait, when the relay takes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Final, Protocol

from sqlalchemy import Connection, TextClause, text

from mend.care.contact_rules.numbers import zones_of
from mend.care.contact_rules.rules import Policy
from mend.foundation.operations.statements import statement, statement_text

ROOM: Final = "care/contact_rules"


@dataclass(frozen=True)
class Reason:
    """Why somebody is not contacted, in words for people."""

    code: str
    en: str
    zh: str


# In the order in which they are looked at: the first one is the one that counts.
REASONS: Final = (
    Reason("recalled", "the list that asked for it was recalled", "名单已撤回"),
    Reason("no_number", "no number to which a message can go", "没有可用的手机号码"),
    Reason("number_in_doubt", "the number may be another customer's by now", "号码可能已属于其他客户"),
    Reason("opted_out", "they want no messages", "客户已退订"),
    Reason("customer_left", "they are no subscriber any more", "客户已离网"),
    Reason("no_consent", "they gave no consent to messages of this kind", "未同意接收此类短信"),
    Reason("matter_open", "a ticket on the matter is open", "同一事项有未归档工单"),
    Reason("too_late", "too long ago to ask about", "已超过发送时限"),
    Reason("quiet_hours", "no permitted hour before it is too late", "时限内没有允许发送的时段"),
    Reason("number_in_batch", "the number has a message of this batch", "同批次该号码已有短信"),
    Reason("cap_kind", "as many messages of this kind as they may get", "此类短信已达上限"),
    Reason("cap_total", "as many messages of all kinds as they may get", "短信总数已达上限"),
    Reason("budget_spent", "the day's budget is spent", "当日发送预算已用完"),
)
BY_CODE: Final = {reason.code: reason for reason in REASONS}


@dataclass(frozen=True)
class Request:
    """Somebody is to be contacted about something. The number is never in its repr.

    Attributes:
        key: names the request, and the message that may come of it: what has room under it takes no more.
        phone_number: the number that came with it; None: the customer's own.
        planned_at: when the message is to go out, `latest_at` at the latest.
        has_question: an answer is asked for.
        priority: which of several to one number goes, the lowest first.
    """

    key: str
    customer_id: str
    happened_at: dt.datetime
    planned_at: dt.datetime
    latest_at: dt.datetime
    consent_code: str = "service"
    phone_number: str | None = field(default=None, repr=False)
    topic_code: str | None = None
    about_id: str | None = None
    is_promised: bool = False
    needs_consent: bool = True
    has_question: bool = False
    priority: int = 0


@dataclass(frozen=True)
class Terms:
    """By which rules and when: the policy in force, the moment, the business zone, and the batch, of which a number
    gets one message."""

    policy: Policy
    at: dt.datetime
    zone: str
    batch: str = ""

    def values(self) -> dict[str, Any]:
        """What the query binds."""
        policy = self.policy
        caps = {name: getattr(policy.caps, name) for name in ("service", "commercial", "promised", "all")}
        return {
            "at": self.at,
            "zone": self.zone,
            "batch": self.batch,
            "hours_from": policy.hours.start,
            "hours_until": policy.hours.until,
            **{f"{name}_most": cap.most for name, cap in caps.items()},
            **{f"{name}_window": dt.timedelta(days=cap.days) for name, cap in caps.items()},
            "reserved": policy.reserved_for_promised,
            "service_budget": policy.budgets.service,
            "commercial_budget": policy.budgets.commercial,
            "budget_reserved": policy.reserved_of_budget,
        }


class Claimed(Protocol):
    """A message that the relay is about to take or to send."""

    @property
    def message_id(self) -> int: ...


def reasons_not_to_contact(connection: Connection, request: Request, terms: Terms) -> list[Reason]:
    """Every reason, in order; none when the request may be answered with a message."""
    return reasons_by_request(connection, [request], terms)[request.key]


def reasons_by_request(connection: Connection, requests: Iterable[Request], terms: Terms) -> dict[str, list[Reason]]:
    """The reasons of a set, by the requests' keys: what each of them would meet if all went in one batch."""
    open_requests(connection)
    rows = [asdict(request) | {"request_key": request.key} for request in requests]
    if not rows:
        return {}
    connection.execute(statement(ROOM, "put_request"), rows)
    place_numbers(connection)
    found = connection.execute(_contact_query(), terms.values())
    return {row.request_key: [BY_CODE[code] for code in row.reason_codes] for row in found}


def numbers_now(connection: Connection, at: dt.datetime) -> None:
    """For every request of contact_request the number it goes to by what is known now, and what speaks against the
    person, whatever the hour and the room: the temporary table contact_number. For those who call, and for lists.
    """
    place_numbers(connection)
    connection.execute(text("analyze contact_request"))
    connection.execute(statement(ROOM, "contact_number"))
    connection.execute(_number_query(), {"at": at})


def reasons_at_claim(connection: Connection, candidates: Sequence[Claimed], at: dt.datetime) -> dict[int, str]:
    """Why these messages are not to be sent now, by message id: what has changed about the person since they were
    queued. Messages that neither a survey nor a list stands behind have no reason.

    A guard for the relay: it runs in the transaction of the claim, and in that of the last look before the write.
    """
    if not candidates:
        return {}
    values = {"ids": [each.message_id for each in candidates], "at": at}
    found = connection.execute(_person_query(), values)
    reasons = {row.request_key: row.person_codes[0] for row in found if row.person_codes}
    if not reasons:
        return {}
    keys = connection.execute(statement(ROOM, "keys_of_messages"), {"ids": values["ids"]})
    return {row.message_id: reasons[row.dedup_key] for row in keys if row.dedup_key in reasons}


def open_requests(connection: Connection) -> None:
    """Make the table contact_request for this transaction, empty: whoever asks for many fills it."""
    connection.execute(statement(ROOM, "contact_request"))


def place_numbers(connection: Connection) -> None:
    """Time zones of numbers that came with a request and are those of no snapshot: only the numbering plan knows."""
    numbers = connection.execute(statement(ROOM, "numbers_without_zones")).scalars().all()
    if numbers:
        zones = [",".join(zones_of(number)) for number in numbers]
        connection.execute(statement(ROOM, "put_zones"), {"numbers": numbers, "zones": zones})


@cache
def _person_query() -> TextClause:
    return text(statement_text(ROOM, "person_reasons").format(requests=statement_text(ROOM, "requests_queued")))


@cache
def _number_query() -> TextClause:
    person = statement_text(ROOM, "person_reasons").format(requests=statement_text(ROOM, "requests_asked"))
    return text(statement_text(ROOM, "put_number").format(person_reasons=person))


def contact_query() -> str:
    """The whole question, of the requests in contact_request."""
    person = statement_text(ROOM, "person_reasons").format(requests=statement_text(ROOM, "requests_asked"))
    return statement_text(ROOM, "contact_reasons").format(person_reasons=person)


@cache
def _contact_query() -> TextClause:
    return text(contact_query())
