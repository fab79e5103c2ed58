"""Delivery receipts: found by the message centre's id, by the subscriber when we never learned that id, or parked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from mend.models import statement
from mend.sms.transport import Receipt

# SMPP 3.4, appendix B and 5.2.28. What is neither delivered nor given up yet keeps the centre's own word.
OUTCOMES: Final = {
    "DELIVRD": "delivered",
    "EXPIRED": "undelivered",
    "DELETED": "undelivered",
    "UNDELIV": "undelivered",
    "REJECTD": "undelivered",
}
STATES: Final = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD"}
FIELD: Final = re.compile(r"\b(id|stat|err):\s*([^\s]+)", re.IGNORECASE)


def parsed_text(words: str) -> dict[str, str]:
    """The fields of a receipt's text.

    >>> parsed_text("id:0A1F sub:001 dlvrd:001 submit date:2605011200 done date:2605011201 stat:DELIVRD err:000 text:")
    {'id': '0A1F', 'stat': 'DELIVRD', 'err': '000'}
    """
    return {name.lower(): value for name, value in FIELD.findall(words.split(" text:")[0].split(" Text:")[0])}


def outcome_of(stat: str) -> str:
    """
    >>> outcome_of("delivrd"), outcome_of("ENROUTE")
    ('delivered', 'ENROUTE')
    """
    return OUTCOMES.get(stat.upper()[:7], stat.upper())


def same_ids(smsc_message_id: str) -> list[str]:
    """How the same id may be written elsewhere, likeliest first: as it is, other case, no leading zeros, hex for decimal and back.

    >>> same_ids("255")
    ['255', '00000255', 'ff', 'FF', '000000ff', '000000FF', '597']
    """
    plain = smsc_message_id.lstrip("0") or "0"
    found = [smsc_message_id, smsc_message_id.lower(), smsc_message_id.upper(), plain, plain.lower(), plain.upper()]
    found += [plain.lower().zfill(8), plain.upper().zfill(8)]
    if plain.isdecimal() and plain.isascii():
        found += [f"{int(plain):x}", f"{int(plain):X}", f"{int(plain):08x}", f"{int(plain):08X}"]
    if re.fullmatch(r"[0-9A-Fa-f]{1,32}", plain):
        found.append(str(int(plain, 16)))
    return list(dict.fromkeys(found))


def apply_receipts(connection: Connection, account: str, receipts: Sequence[Receipt], at: dt.datetime) -> set[int]:
    """Move the parts that the receipts speak of; park those that fit none. Returns the messages to settle."""
    if not receipts:
        return set()
    found = _parts(connection, account, receipts)
    touched = set(_report(connection, [(*found[number], receipts[number]) for number in sorted(found)], at))
    for number, receipt in enumerate(receipts):
        if number not in found:
            touched |= _by_subscriber_or_parked(connection, account, receipt, at)
    return touched


def _parts(connection: Connection, account: str, receipts: Sequence[Receipt]) -> dict[int, tuple[int, int]]:
    """For each receipt (by its place) whose part is known: message and part."""
    rows = [
        (number, rank, each, receipt.phone_number)
        for number, receipt in enumerate(receipts)
        for rank, each in enumerate(same_ids(receipt.smsc_message_id))
    ]
    numbers, ranks, ids, phones = (list(column) for column in zip(*rows, strict=True))
    values = {"account": account, "numbers": numbers, "ranks": ranks, "ids": ids, "phone_numbers": phones}
    return {row[0]: (row[1], row[2]) for row in connection.execute(statement("sms", "parts_of_receipts"), values)}


def _report(connection: Connection, found: Iterable[tuple[int, int, Receipt]], at: dt.datetime) -> Iterator[int]:
    final = [(message, part, receipt) for message, part, receipt in found if receipt.outcome in ("delivered", "undelivered")]
    if not final:
        return
    values = {
        "message_ids": [message for message, _, _ in final],
        "part_numbers": [part for _, part, _ in final],
        "states": [receipt.outcome for _, _, receipt in final],
        "error_codes": [receipt.error_code if receipt.outcome == "undelivered" else None for _, _, receipt in final],
        "smsc_message_ids": [receipt.smsc_message_id for _, _, receipt in final],
        "at": at,
    }
    connection.execute(statement("sms", "report_parts"), values)
    yield from (message for message, _, _ in final)


def _by_subscriber_or_parked(connection: Connection, account: str, receipt: Receipt, at: dt.datetime) -> set[int]:
    """The one unknown message to that subscriber from that number of ours, if there is one; else the receipt is parked."""
    values: dict[str, Any] = {"account": account, "phone_number": receipt.phone_number, "to_number": receipt.to_number}
    row = connection.execute(statement("sms", "unknown_part"), values).one_or_none()
    if row is not None and receipt.outcome in ("delivered", "undelivered"):
        return set(_report(connection, [(row[0], row[1], receipt)], at))
    if row is None:
        parked = {"smsc_message_id": receipt.smsc_message_id, "outcome_code": receipt.outcome, "error_code": receipt.error_code, "at": at}
        connection.execute(statement("sms", "park_receipt"), values | parked)
    return set()


def adopt_parked(connection: Connection, account: str, accepted: Sequence[tuple[str, str]], at: dt.datetime) -> set[int]:
    """Apply parked receipts that came before we had stored the id they carry: `accepted` is (id, subscriber) of new parts."""
    if not accepted:
        return set()
    pairs = [(each, phone) for smsc_message_id, phone in accepted for each in same_ids(smsc_message_id)]
    values = {"account": account, "ids": [each for each, _ in pairs], "phone_numbers": [phone for _, phone in pairs]}
    rows = connection.execute(statement("sms", "take_parked"), values).mappings().all()
    return apply_receipts(connection, account, [_receipt(row) for row in rows], at)


def _receipt(row: Any) -> Receipt:
    return Receipt(row["smsc_message_id"], row["phone_number"], row["to_number"], row["outcome_code"], row["error_code"])
