"""What a deliver_sm says: a receipt, a message or a part of one."""

from __future__ import annotations

from typing import Final

from mend.care.sms.errors import TextError
from mend.care.sms.faults import REFUSED_BEFORE
from mend.care.sms.phone import e164
from mend.care.sms.receipts import read_receipt, unreadable, wording
from mend.care.sms.smpp.codec import HEADER, Frame, MalformedError
from mend.care.sms.smpp.fields import (
    MESSAGE_STATE,
    RECEIPTED_ID,
    SAR_NUMBER,
    SAR_REFERENCE,
    SAR_TOTAL,
    Delivered,
    delivered,
)
from mend.care.sms.transport import Incoming, Receipt, Reply

MESSAGE_TYPE: Final = 0x3C  # bits of esm_class
RECEIPT, INTERMEDIATE = 0x04, 0x20  # delivery receipt, intermediate notification
HEADER_FLAG: Final = 0x40
INTERNATIONAL: Final = 1


def incoming(frame: Frame, region: str) -> Incoming:
    """A deliver_sm or data_sm as something to store; its item is None when it cannot be read."""
    body = frame.octets[HEADER.size :]
    try:
        return Incoming(body, _item(delivered(frame), region), frame)
    except REFUSED_BEFORE:
        return Incoming(body, None, frame)


def _item(message: Delivered, region: str) -> Receipt | Reply:
    if not message.source:
        raise MalformedError("a message from nobody")
    if _is_receipt(message):
        return _receipt(message, region)
    return _reply(message, region)


def _is_receipt(message: Delivered) -> bool:
    """By what it says of itself, by its parameters, or by its text: many centres leave esm_class at 0."""
    kind = message.esm_class & MESSAGE_TYPE
    if kind in (RECEIPT, INTERMEDIATE, RECEIPT | INTERMEDIATE):
        return True
    names_one = message.parameters.get(RECEIPTED_ID, b"").strip(b"\0") or message.number(MESSAGE_STATE)
    return bool(names_one) or wording(message.content) is not None


def _subscriber(message: Delivered, region: str) -> str:
    address = message.source
    return e164(f"+{address.lstrip('+')}" if message.source_ton == INTERNATIONAL else address, region)


def _receipt(message: Delivered, region: str) -> Receipt:
    numbers = {"phone_number": _subscriber(message, region), "to_number": message.destination.lstrip("+")}
    id_given, state = message.parameters.get(RECEIPTED_ID, b""), message.number(MESSAGE_STATE)
    is_intermediate = message.esm_class & MESSAGE_TYPE == INTERMEDIATE
    try:
        return read_receipt(message.content, id_given=id_given, state=state, is_intermediate=is_intermediate, **numbers)
    except TextError:
        return unreadable(**numbers)


def _reply(message: Delivered, region: str) -> Reply:
    content, has_header = message.content, bool(message.esm_class & HEADER_FLAG)
    total = message.number(SAR_TOTAL) or 1
    if total > 1 and not has_header:
        content, has_header = (
            _header(message.number(SAR_REFERENCE) or 0, total, message.number(SAR_NUMBER) or 0) + content,
            True,
        )
    return Reply(
        _subscriber(message, region), message.destination.lstrip("+"), content, message.data_coding, has_header
    )


def _header(reference: int, total: int, number: int) -> bytes:
    """The header that says the same as the three parameters of a part."""
    if max(total, number) > 0xFF or reference > 0xFFFF:
        raise MalformedError("a part of a number that no header has")
    return bytes([6, 8, 4, *reference.to_bytes(2, "big"), total, number])
