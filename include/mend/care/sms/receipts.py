"""Delivery receipts: found by the message centre's id, by the subscriber when we never learned that id, or parked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from mend.care.sms.errors import TextError
from mend.care.sms.transport import Receipt
from mend.foundation.operations.statements import statement

# SMPP 3.4, appendix B and 5.2.28, and how message centres spell it. Whatever stands here in no spelling is neither
# delivered nor given up
# (yet), and keeps the centre's own word.
SPELLINGS: Final = {
    "delivered": "DELIVRD DELIVERED DELIVERD DELIVRED DELIVD DLVRD",
    "undelivered": (
        "EXPIRED EXPIRD DELETED DELETD CANCELED CANCELLED UNDELIV UNDELIVERED UNDELIVERABLE UNDELIVRD UNDELIVERD "
        "UNDELIVRED "
        "UNDELVD UNDELVRD REJECTD REJECTED REJECT REJCTD FAILED"
    ),
}
OUTCOMES: Final = {word: outcome for outcome, words in SPELLINGS.items() for word in words.split()}
STATES: Final = {
    1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD",
    9: "SKIPPED"
}  # fmt: skip
FINAL: Final = ("delivered", "undelivered")
NEXT: Final = r"(?:sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)\s*[:=]"
FIELD: Final = re.compile(rf"\b(?:message[ _]?)?(id|stat|err)\s*[:=]\s*(?!{NEXT})['\"]?([^\s,;'\"]+)", re.IGNORECASE)
TEXT: Final = re.compile(r"\btext\s*[:=]", re.IGNORECASE)
MARK: Final = re.compile(r"\b(sub|dlvrd|submit[ _]?date|done[ _]?date|err)\s*[:=]", re.IGNORECASE)
LONGEST: Final = 255  # of a field that is kept


def parsed_text(words: str) -> dict[str, str]:
    """The fields of a receipt's text, the first of each. What the message itself said comes last and is left out.

    >>> parsed_text("id:0A1F sub:001 dlvrd:001 done date:2605011201 stat:DELIVRD err:000 Text:id:9")
    {'id': '0A1F', 'stat': 'DELIVRD', 'err': '000'}
    """
    found: dict[str, str] = {}
    for name, value in FIELD.findall(TEXT.split(words, maxsplit=1)[0]):
        found.setdefault(name.lower(), value)
    return found


def _readings(content: bytes) -> list[str]:
    """The content as letters of one octet, whatever its data coding says, or of two. A NUL ends a field."""
    return [content.decode(coding, "replace").replace("\0", " ") for coding in ("latin-1", "utf-16-be", "utf-16-le")]


def wording(content: bytes) -> dict[str, str] | None:
    """The fields of what reads like a receipt (appendix B), in whatever coding it came; None for anything else.

    >>> wording(b"id:7f sub:001 dlvrd:001 stat:DELIVRD err:005\\0")
    {'id': '7f', 'stat': 'DELIVRD', 'err': '005'}
    >>> wording(b"id=7f;stat=DELIVRD")
    {'id': '7f', 'stat': 'DELIVRD'}
    >>> wording(b"my id: 7, what is the state?")
    """
    for words in _readings(content):
        fields = parsed_text(words)
        if "id" in fields and _is_told(fields.get("stat"), {each.lower() for each in MARK.findall(words)}):
            return fields
    return None


def _is_told(stat: str | None, marks: Collection[str]) -> bool:
    """Whether what has an id is a receipt: by a state beside another mark, a state that all centres know, or several
    marks alone.
    """
    if stat is None:
        return len(marks) > 1
    return bool(marks) or outcome_of(stat) in FINAL or stat.upper() in STATES.values()


def read_receipt(
    content: bytes, *, id_given: bytes, state: int | None, is_intermediate: bool, phone_number: str, to_number: str
) -> Receipt:
    """A receipt from its parameters first, then its text. TextError when it names no message, or nothing that became of
    it.
    """
    fields = wording(content) or parsed_text(_readings(content)[0])
    smsc_message_id = id_given.rstrip(b"\0").decode("latin-1").strip() or fields.get("id", "")
    told = [
        outcome_of(word)
        for word in (STATES.get(state, f"STATE-{state}") if state else "", fields.get("stat", ""))
        if word
    ]
    if not smsc_message_id or not told:
        raise TextError("a receipt without an id or a state")
    outcome = told[0] if len(set(told)) == 1 else "/".join(told)  # one that contradicts itself decides nothing
    if is_intermediate and outcome in FINAL:
        outcome = f"{outcome.upper()} so far"
    return Receipt(smsc_message_id, phone_number, to_number, outcome, fields.get("err"))


def outcome_of(stat: str) -> str:
    """
    >>> outcome_of("delivrd"), outcome_of("Un-Deliverable"), outcome_of("ENROUTE"), outcome_of("DELIVERED_TO_SMSC")
    ('delivered', 'undelivered', 'ENROUTE', 'DELIVERED_TO_SMSC')
    """
    return OUTCOMES.get(re.sub(r"[-\s_.,;:!'\"]", "", stat.upper()), stat.upper())


def unreadable(phone_number: str = "", to_number: str = "") -> Receipt:
    """What is a receipt, and says of no message what became of it: parked as one, for there are no customer's words in
    it.
    """
    return Receipt("", phone_number, to_number, "", None)


def is_sound(receipt: Receipt) -> bool:
    """Whether its fields can be kept and looked up: some letters, none of them invisible."""
    told = (receipt.smsc_message_id, receipt.phone_number, receipt.to_number, receipt.outcome, receipt.error_code or "")
    return bool(receipt.smsc_message_id) and all(len(each) <= LONGEST and each.isprintable() for each in told)


def same_ids(smsc_message_id: str) -> list[str]:
    """How the same id may be written elsewhere, likeliest first: as it is, other case, no leading zeros, hex for
    decimal and back.

    >>> same_ids("255")
    ['255', '00000255', 'ff', 'FF', '000000ff', '000000FF', '597']
    """
    plain = smsc_message_id.lstrip("0") or "0"
    found = [smsc_message_id, smsc_message_id.lower(), smsc_message_id.upper(), plain, plain.lower(), plain.upper()]
    found += [plain.lower().zfill(8), plain.upper().zfill(8)]
    if re.fullmatch(r"[0-9]{1,39}", plain):
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
    return {row[0]: (row[1], row[2]) for row in connection.execute(statement("care/sms", "parts_of_receipts"), values)}


def _report(connection: Connection, found: Iterable[tuple[int, int, Receipt]], at: dt.datetime) -> Iterator[int]:
    final = [(message, part, receipt) for message, part, receipt in found if receipt.outcome in FINAL]
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
    connection.execute(statement("care/sms", "report_parts"), values)
    yield from (message for message, _, _ in final)


def _by_subscriber_or_parked(connection: Connection, account: str, receipt: Receipt, at: dt.datetime) -> set[int]:
    """The one unknown message to that subscriber from that number of ours, if there is one; else the receipt is
    parked.
    """
    values: dict[str, Any] = {"account": account, "phone_number": receipt.phone_number, "to_number": receipt.to_number}
    row = connection.execute(statement("care/sms", "unknown_part"), values).one_or_none()
    if row is not None and receipt.outcome in FINAL:
        return set(_report(connection, [(row[0], row[1], receipt)], at))
    if row is None:
        parked = {
            "smsc_message_id": receipt.smsc_message_id,
            "outcome_code": receipt.outcome,
            "error_code": receipt.error_code,
            "at": at,
        }
        connection.execute(statement("care/sms", "park_receipt"), values | parked)
    return set()


def adopt_parked(
    connection: Connection, account: str, accepted: Sequence[tuple[str, str]], at: dt.datetime
) -> set[int]:
    """Apply parked receipts that came before we had stored the id they carry: `accepted` is (id, subscriber) of new
    parts.
    """
    if not accepted:
        return set()
    pairs = [(each, phone) for smsc_message_id, phone in accepted for each in same_ids(smsc_message_id)]
    values = {"account": account, "ids": [each for each, _ in pairs], "phone_numbers": [phone for _, phone in pairs]}
    rows = connection.execute(statement("care/sms", "take_parked"), values).mappings().all()
    return apply_receipts(connection, account, [_receipt(row) for row in rows], at)


def drop_old(connection: Connection, account: str, before: dt.datetime) -> int:
    """Let go of receipts that came before this and were kept for a match. Returns how many."""
    return int(
        connection.execute(statement("care/sms", "drop_receipts"), {"account": account, "before": before}).rowcount
    )


def _receipt(row: Any) -> Receipt:
    return Receipt(
        row["smsc_message_id"], row["phone_number"], row["to_number"], row["outcome_code"], row["error_code"]
    )
