"""What a deliver_sm says: a receipt, a message or a part of one."""

from __future__ import annotations

from typing import Any, Final

from mend.sms.errors import TextError
from mend.sms.phone import e164
from mend.sms.receipts import STATES, outcome_of, parsed_text
from mend.sms.smpp.codec import Frame, MalformedError, parsed, words
from mend.sms.text import decoded
from mend.sms.transport import Incoming, Receipt, Reply

MESSAGE_TYPE: Final = 0x3C  # bits of esm_class
RECEIPT_TYPES: Final = (0x04, 0x20)  # delivery receipt, intermediate notification
HEADER_FLAG: Final = 0x40
INTERNATIONAL: Final = 1
DELIVER_SM: Final = 0x05


def incoming(frame: Frame, region: str) -> Incoming:
    """A deliver_sm as something to store; its item is None when it cannot be read."""
    body = frame.octets[16:]
    try:
        pdu = parsed(frame)
        if not pdu.source_addr:  # the codec finds something in any octets
            raise MalformedError("a deliver_sm from nobody")
        is_receipt = (pdu.esm_class or 0) & MESSAGE_TYPE in RECEIPT_TYPES
        return Incoming(body, _receipt(pdu, region) if is_receipt else _reply(pdu, region), frame)
    except (MalformedError, TextError):
        return Incoming(body, None, frame)


def _subscriber(pdu: Any, region: str) -> str:
    address = words(pdu.source_addr)
    return e164(f"+{address.lstrip('+')}" if pdu.source_addr_ton == INTERNATIONAL else address, region)


def _content(pdu: Any) -> bytes:
    return bytes(pdu.short_message or pdu.message_payload or b"")


def _receipt(pdu: Any, region: str) -> Receipt:
    """Fields of its own first, then the text. TextError when it names no message."""
    fields = parsed_text(decoded(_content(pdu), pdu.data_coding or 0))
    smsc_message_id = words(pdu.receipted_message_id).rstrip("\0") or fields.get("id", "")
    stat = STATES.get(pdu.message_state or 0) or fields.get("stat", "")
    if not smsc_message_id or not stat:
        raise TextError("a receipt without an id or a state")
    return Receipt(smsc_message_id, _subscriber(pdu, region), words(pdu.destination_addr).lstrip("+"), outcome_of(stat), fields.get("err"))


def _reply(pdu: Any, region: str) -> Reply:
    content, has_header = _content(pdu), bool((pdu.esm_class or 0) & HEADER_FLAG)
    if pdu.sar_total_segments and not has_header:
        reference = (pdu.sar_msg_ref_num or 0).to_bytes(2, "big")
        content = bytes([6, 8, 4, *reference, pdu.sar_total_segments, pdu.sar_segment_seqnum or 0]) + content
        has_header = True
    return Reply(_subscriber(pdu, region), words(pdu.destination_addr).lstrip("+"), content, pdu.data_coding or 0, has_header)
