"""Messages from customers: stored before they are acknowledged, put together, matched to what they answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.care.contact_rules import opt_out
from mend.care.sms.errors import TextError
from mend.care.sms.faults import REFUSED_BEFORE, is_of_the_value
from mend.care.sms.handling import Match
from mend.care.sms.phone import extension_of, kept
from mend.care.sms.policy import AsksToStop
from mend.care.sms.rules import Inbound as InboundRules
from mend.care.sms.text import UCS2, Concatenation, ascii_of, decoded, without_header
from mend.care.sms.transport import Incoming, Reply
from mend.foundation.operations.statements import statement

LOG: Final = logging.getLogger(__name__)
GIVEN_UP_AT_ONCE: Final = 200  # messages
LONGEST_OPT_OUT: Final = (
    1_000  # signs; a longer text says something else, and is not worth the time of all that wait behind it
)


@dataclass(frozen=True)
class Inbox:
    """Stores what arrives for one account. `extension_digits` is how long our extensions are.

    `asks_to_stop` reads an opt-out, which then holds from the commit that stores the message: nobody else has to read
    it first.
    """

    account_code: str
    sender_number: str
    extension_digits: int
    rules: InboundRules
    asks_to_stop: AsksToStop | None = None

    def store(self, connection: Connection, reply: Reply, raw: bytes, at: dt.datetime) -> set[int]:
        """Store a message or a part of one. Returns the messages whose arrival at the subscriber it proves.

        TextError when it is no text, or from no number; the caller parks it.
        """
        if not reply.phone_number or (kept(reply.phone_number), kept(reply.to_number)) != (
            reply.phone_number,
            reply.to_number,
        ):
            raise TextError("a message from or to what is no number")
        concatenation, content = without_header(reply.content) if reply.has_header else (None, reply.content)
        if concatenation is None or concatenation.total == 1:
            return self._store_text(connection, reply, self._words(content, reply.data_coding), raw, at)
        self._store_part(connection, reply, concatenation, content, at)
        parts = self._parts(connection, reply, concatenation)
        if len(parts) < concatenation.total:
            return set()
        self._drop_parts(connection, [row["part_id"] for row in parts])
        return self._store_text(
            connection, reply, _joined(parts), b"".join(bytes.fromhex(row["content"]) for row in parts), at
        )

    def _words(self, content: bytes, data_coding: int) -> str:
        """The text. One said to be UCS-2 is an opt-out where its octets spell one in ASCII: as Chinese they are
        nonsense (STOP: 協佐).
        """
        plain = ascii_of(content) if data_coding == UCS2 else None
        return plain if plain and self._is_opt_out(plain) else decoded(content, data_coding)

    def _store_text(
        self, connection: Connection, reply: Reply, words: str, raw: bytes, at: dt.datetime, reason: str | None = None
    ) -> set[int]:
        extension = extension_of(reply.to_number, self.sender_number, self.extension_digits)
        opened = self._open(connection, reply.phone_number, at)
        match, chosen = _matched(opened, extension)
        is_opt_out = reason is None and self._is_opt_out(words)
        values = self._values(reply, words, digest(self.account_code, reply, raw), at) | {
            "extension": extension,
            "match_code": match,
            "message_id": chosen["message_id"] if chosen else None,
            "survey_id": chosen["survey_id"] if chosen else None,
            "state_code": "unclear" if reason else "new",
            "state_reason": reason,
            "raw": None,
            "repeated_since": at - dt.timedelta(seconds=self.rules.repeat_seconds),
            "is_opt_out": is_opt_out,
        }
        inbound_id = connection.execute(statement("care/sms", "store_inbound"), values).scalar_one_or_none()
        if inbound_id is None:
            return set()
        if is_opt_out:
            self._stop(connection, reply.phone_number, at, inbound_id)
        return {chosen["message_id"]} if chosen else set()

    def _is_opt_out(self, words: str) -> bool:
        """A text that cannot be judged here is stored like any other, and judged when it is read."""
        if self.asks_to_stop is None or len(words) > LONGEST_OPT_OUT:
            return False
        try:
            return self.asks_to_stop(words)
        except REFUSED_BEFORE as error:
            LOG.warning("sms account=%s opt_out=not_judged reason=%s", self.account_code, type(error).__name__)
            return False

    def _stop(self, connection: Connection, phone_number: str, at: dt.datetime, inbound_id: int) -> None:
        opt_out(connection, phone_number, at, "reply", inbound_id)
        connection.execute(statement("care/sms", "suppress_opted_out"), {"phone_number": phone_number, "at": at})

    def park(self, connection: Connection, incoming: Incoming, reason: str, at: dt.datetime) -> None:
        """Keep what cannot be read, as it came, for a person."""
        reply = incoming.item if isinstance(incoming.item, Reply) else Reply("", "", incoming.raw, 0, False)
        # All of it is in `raw`: a number that cannot be kept in a column is left out there.
        reply = replace(reply, phone_number=kept(reply.phone_number), to_number=kept(reply.to_number))
        values = self._values(reply, "", digest(self.account_code, reply, incoming.raw), at) | {
            "extension": None,
            "match_code": "none",
            "message_id": None,
            "survey_id": None,
            "state_code": "parked",
            "state_reason": reason,
            "raw": incoming.raw.hex(),
            "repeated_since": at - dt.timedelta(seconds=self.rules.repeat_seconds),
            "is_opt_out": False,
        }
        connection.execute(statement("care/sms", "store_inbound"), values)

    def _values(self, reply: Reply, words: str, digest_: str, at: dt.datetime) -> dict[str, Any]:
        return {
            "account": self.account_code,
            "phone_number": reply.phone_number,
            "to_number": reply.to_number,
            "text": words,
            "at": at,
            "digest": digest_,
        }

    def _open(self, connection: Connection, phone_number: str, at: dt.datetime) -> Sequence[Mapping[Any, Any]]:
        """The messages to a subscriber that an answer may be to, the latest first."""
        values = {"account": self.account_code, "phone_number": phone_number, "at": at}
        return connection.execute(statement("care/sms", "open_messages"), values).mappings().all()

    def _store_part(
        self, connection: Connection, reply: Reply, part: Concatenation, content: bytes, at: dt.datetime
    ) -> None:
        values = _part_key(self.account_code, reply, part) | {
            "part_number": part.number,
            "content": content.hex(),
            "data_coding": reply.data_coding,
            "at": at,
        }
        connection.execute(statement("care/sms", "store_part"), values)

    def _parts(self, connection: Connection, reply: Reply, part: Concatenation) -> Sequence[Mapping[Any, Any]]:
        values = _part_key(self.account_code, reply, part)
        return connection.execute(statement("care/sms", "inbound_parts"), values).mappings().all()

    def _drop_parts(self, connection: Connection, part_ids: Sequence[int]) -> None:
        connection.execute(
            text("delete from sms_inbound_part where part_id = any(cast(:part_ids as bigint[]))"),
            {"part_ids": list(part_ids)},
        )

    def give_up_on_parts(self, connection: Connection, at: dt.datetime) -> int:
        """Hand a person what arrived of messages whose other parts never came. Returns how many messages."""
        values = {
            "account": self.account_code,
            "before": at - dt.timedelta(seconds=self.rules.parts_seconds),
            "limit": GIVEN_UP_AT_ONCE,
        }
        stale = connection.execute(statement("care/sms", "stale_parts"), values).mappings().all()
        groups: dict[tuple[Any, ...], list[Mapping[Any, Any]]] = {}
        for row in stale:
            groups.setdefault((row["phone_number"], row["to_number"], row["reference"], row["part_total"]), []).append(
                row
            )
        for (phone_number, to_number, _, _), parts in groups.items():
            raw = b"".join(bytes.fromhex(row["content"]) for row in parts)
            self._give_up(connection, Reply(phone_number, to_number, raw, parts[0]["data_coding"], False), parts, at)
            self._drop_parts(connection, [row["part_id"] for row in parts])
        return len(groups)

    def _give_up(
        self, connection: Connection, reply: Reply, parts: Sequence[Mapping[Any, Any]], at: dt.datetime
    ) -> None:
        try:
            with connection.begin_nested():
                self._store_text(connection, reply, _joined(parts), reply.content, at, "parts_missing")
        except Exception as error:
            if not is_of_the_value(error):
                raise
            self.park(connection, Incoming(reply.content, reply, None), "parts_missing", at)


def _joined(parts: Sequence[Mapping[Any, Any]]) -> str:
    """The text of parts in order. Bytes of one coding are joined first: phones cut surrogate pairs in two."""
    runs = groupby(parts, key=lambda row: int(row["data_coding"]))
    return "".join(decoded(b"".join(bytes.fromhex(row["content"]) for row in run), coding) for coding, run in runs)


def _part_key(account: str, reply: Reply, part: Concatenation) -> dict[str, Any]:
    return {
        "account": account,
        "phone_number": reply.phone_number,
        "to_number": reply.to_number,
        "reference": part.reference,
        "part_total": part.total,
    }


def _matched(opened: Sequence[Mapping[Any, Any]], extension: str | None) -> tuple[Match, Mapping[Any, Any] | None]:
    """By extension; without one only when exactly one is open, so that no answer is put down to the wrong question."""
    if extension is not None:
        found = next((row for row in opened if row["extension"] == extension), None)
        return ("extension", found) if found else ("none", None)
    if len(opened) == 1:
        return "only_open", opened[0]
    return ("several", None) if opened else ("none", None)


def digest(account: str, reply: Reply, raw: bytes) -> str:
    """SHA-256 that tells one arrival from another, for the message centre sends again what it believes we lack."""
    return hashlib.sha256("\0".join([account, reply.phone_number, reply.to_number, raw.hex()]).encode()).hexdigest()
