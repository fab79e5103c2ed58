"""Receipts as message centres really send them: known by what they say, and nothing delivered that was not said to
be.
"""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.care.sms.receipts import is_sound, outcome_of, same_ids, wording
from mend.care.sms.smpp import codec
from mend.care.sms.smpp.codec import HEADER, Frame
from mend.care.sms.smpp.fields import DATA_SM, DELIVER_SM
from mend.care.sms.smpp.incoming import incoming
from mend.care.sms.transport import Receipt, Reply

ID, STATE, PAYLOAD = 0x001E, 0x0427, 0x0424
WORDS = "id:0000abcd sub:001 dlvrd:001 submit date:2605011200 done date:2605011201 stat:{} err:005 text:{}"


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def deliver(
    content: bytes, esm_class: int = 0, data_coding: int = 0, parameters: bytes = b"", source: bytes = b"8613900000001"
) -> Receipt | Reply | None:
    body = (
        b"\0\1\1"
        + source
        + b"\0\0\0"
        + b"1008601\0"
        + bytes([esm_class, 0, 0])
        + b"\0\0"
        + bytes([0, 0, data_coding, 0])
    )
    return read(DELIVER_SM, body + bytes([len(content)]) + content + parameters)


def read(command: int, body: bytes) -> Receipt | Reply | None:
    return incoming(Frame(command, 0, 1, HEADER.pack(HEADER.size + len(body), command, 0, 1) + body), "CN").item


def receipt(item: object) -> Receipt:
    assert isinstance(item, Receipt), item
    return item


DELIVERED = WORDS.format("DELIVRD", "")


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (DELIVERED.encode(), {"esm_class": 4}),
        (DELIVERED.encode(), {}),  # no mark in esm_class
        (DELIVERED.encode(), {"data_coding": 8}),  # said to be UCS-2, and is ASCII
        (DELIVERED.encode("utf-16-be")[:254], {"data_coding": 8, "esm_class": 4}),
        (DELIVERED.encode("utf-16-le")[:254], {"data_coding": 8}),
        ((DELIVERED + "满意").encode("gbk"), {"esm_class": 4}),  # octets over 0x7f, of the message's own text
        (DELIVERED.encode() + b"\xff\xfe", {}),
        (DELIVERED.replace("text:", "").strip().encode() + b"\0", {"esm_class": 4}),  # ends as strings in C do
        (DELIVERED.replace("id:", "ID:").replace("stat:", "Stat: ").encode(), {}),
        (DELIVERED.lower().encode(), {}),
        (b"", {"esm_class": 4, "parameters": tlv(ID, b"0000abcd\0") + tlv(STATE, b"\2")}),
        (b"", {"parameters": tlv(ID, b"0000abcd") + tlv(STATE, b"\2")}),
        (b"", {"parameters": tlv(PAYLOAD, DELIVERED.encode())}),
        (
            DELIVERED.encode(),
            {"parameters": tlv(0x1400, b"vendor") + tlv(0x0005, b"\1\2\3") + b"\x14\x01\xff\xff"},
        ),  # unknown, known elsewhere, broken
        (
            DELIVERED.encode(),
            {"parameters": tlv(STATE, b"\0\0\0\2") + tlv(0x0423, b"\3")},
        ),  # of lengths they should not have
    ],
)
def test_a_receipt_is_known_by_what_it_says(content: bytes, options: dict[str, int]) -> None:
    found = receipt(deliver(content, **options))  # type: ignore[arg-type]
    assert (found.smsc_message_id, found.outcome, found.phone_number, found.to_number) == (
        "0000abcd",
        "delivered",
        "+8613900000001",
        "1008601",
    )
    assert is_sound(found)


def test_receipts_in_data_sm_are_receipts() -> None:
    body = b"\0\1\1" + b"8613900000001\0" + b"\0\0" + b"1008601\0" + bytes([4, 0, 0])
    assert receipt(read(DATA_SM, body + tlv(ID, b"7f\0") + tlv(STATE, b"\2"))).outcome == "delivered"
    assert receipt(read(DATA_SM, body + tlv(PAYLOAD, DELIVERED.encode()))).outcome == "delivered"


@pytest.mark.parametrize("words", ["DELIVRD", "DELIVERED", "delivered", "Delivered", "DELIVERD", "DELIVRD,"])
def test_spellings_of_delivered(words: str) -> None:
    assert outcome_of(words) == "delivered"


@pytest.mark.parametrize(
    "words",
    [
        "UNDELIV",
        "UNDELIVERED",
        "Undeliverable",
        "REJECTD",
        "REJECTED",
        "rejected",
        "EXPIRED",
        "DELETED",
        "FAILED",
        "UNDELIVRD",
        "un-deliverable",
    ],
)
def test_spellings_of_undelivered(words: str) -> None:
    assert outcome_of(words) == "undelivered"


@pytest.mark.parametrize(
    "words",
    [
        "ACCEPTD",
        "ACCEPTED",
        "ENROUTE",
        "UNKNOWN",
        "BUFFERED",
        "DELIVERED_TO_SMSC",
        "NOTDELIVERED",
        "DELIVERY_FAILED",
        "MK:0001",
        "未DELIVERED",
        "Ü",
        "0",
        "",
    ],
)
def test_a_state_that_nobody_knows_is_unknown(words: str) -> None:
    assert outcome_of(words) not in ("delivered", "undelivered")


@pytest.mark.parametrize(
    ("stat", "state", "outcome"),
    [
        ("DELIVRD", 2, "delivered"),
        ("UNDELIV", 2, "delivered/undelivered"),
        ("DELIVRD", 5, "undelivered/delivered"),
        ("REJECTD", 5, "undelivered"),  # two words for the same
        ("DELIVRD", 7, "UNKNOWN/delivered"),
        ("DELIVRD", 77, "STATE-77/delivered"),
        ("DELIVRD", 0, "delivered"),  # 0 is no state
    ],
)
def test_a_receipt_that_contradicts_itself_decides_nothing(stat: str, state: int, outcome: str) -> None:
    assert (
        receipt(deliver(WORDS.format(stat, "").encode(), 4, parameters=tlv(STATE, bytes([state])))).outcome == outcome
    )


def test_an_intermediate_notification_decides_nothing() -> None:
    found = [
        receipt(deliver(WORDS.format(stat, "").encode(), 0x20)).outcome for stat in ("UNDELIV", "DELIVRD", "ENROUTE")
    ]
    assert found == ["UNDELIVERED so far", "DELIVERED so far", "ENROUTE"]


def test_what_the_message_itself_said_is_no_part_of_its_receipt() -> None:
    assert receipt(deliver(WORDS.format("UNDELIV", "id:9 stat:DELIVRD").encode(), 4)).outcome == "undelivered"
    assert receipt(deliver(b"id:7 sub:001 stat:EXPIRED err: Text:stat:DELIVRD", 4)) == Receipt(
        "7", "+8613900000001", "1008601", "undelivered", None
    )


@pytest.mark.parametrize(
    "content",
    [b"no receipt at all", b"id: sub:001 dlvrd:001 stat:DELIVRD err:000", b"id:7 sub:001 stat: err:1 text:", b""],
)
def test_a_receipt_without_id_or_state_is_no_customers_words_either(content: bytes) -> None:
    assert not is_sound(receipt(deliver(content, 4)))  # parked as a receipt


@pytest.mark.parametrize(
    "words",
    [
        DELIVERED.replace(" ", ","),
        DELIVERED.replace(" ", ";"),
        DELIVERED.replace(":", "="),
        DELIVERED.replace("id:", "message_id:"),
        DELIVERED.replace("id:0000abcd", "id:'0000abcd'"),
        "id:0000abcd stat:DELIVRD",
        "id:0000abcd; Stat: Delivered",
    ],
)
@pytest.mark.parametrize("esm_class", [0, 4])
def test_a_receipt_is_known_however_its_fields_are_set_apart(words: str, esm_class: int) -> None:
    found = receipt(deliver(words.encode(), esm_class))
    assert (found.smsc_message_id, found.outcome) == ("0000abcd", "delivered")


@pytest.mark.parametrize(
    "words", ["id:7f sub:001 dlvrd:001 submit date:2605", "id:7f sub:001 dlvrd:001 stat: err:000 text:STOP"]
)
@pytest.mark.parametrize("esm_class", [0, 4])
def test_a_receipt_that_was_cut_off_is_one_too(words: str, esm_class: int) -> None:
    assert not is_sound(receipt(deliver(words.encode(), esm_class)))


@pytest.mark.parametrize(
    "text", ["7", "已解决", "id: 7, what is the state?", "my id:12345 stat:bad", "Stat: DELIVRD?", "id"]
)
def test_customers_words_are_no_receipt(text: str) -> None:
    assert isinstance(deliver(text.encode("utf-16-be"), data_coding=8), Reply)
    assert not text.isascii() or isinstance(deliver(text.encode()), Reply)


def test_a_message_with_parameters_of_a_vendor_is_read() -> None:
    found = deliver(b"7", parameters=tlv(0x1401, b"x") + tlv(0x0420, b"\1") + tlv(STATE, b"\0") + b"\1")
    assert isinstance(found, Reply)
    assert found.content == b"7"


@pytest.mark.parametrize("written", ["9" * 5000, "9" * 40, "f" * 33, "0" * 300, "", "Z", "٣٤", "-1", "1e9"])
def test_an_id_is_compared_whatever_it_is(written: str) -> None:
    assert same_ids(written)[0] == written


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_sound_is_what_a_column_can_keep(smsc_message_id: str, phone: str, error: str) -> None:
    if is_sound(Receipt(smsc_message_id, phone, "", "delivered", error)):
        assert len(smsc_message_id + phone + error) <= 765
        assert "\0" not in (smsc_message_id + phone + error).encode("utf-8").decode("utf-8")


@given(st.binary(max_size=300), st.sampled_from([DELIVER_SM, DATA_SM]))
def test_any_octets_are_something_or_nothing(octets: bytes, command: int) -> None:
    assert read(command, octets) is None or isinstance(read(command, octets), Receipt | Reply)


@given(
    st.binary(max_size=254),
    st.integers(0, 255),
    st.integers(0, 255),
    st.binary(max_size=60),
    st.binary(max_size=20).filter(lambda source: b"\0" not in source),
)
def test_any_fields_are_something_or_nothing(
    content: bytes, esm_class: int, data_coding: int, parameters: bytes, source: bytes
) -> None:
    item = deliver(content, esm_class, data_coding, parameters, source)
    assert item is None or isinstance(item, Receipt | Reply)
    if wording(content) is not None:
        assert not isinstance(item, Reply)


def test_frames_are_cut_wherever_the_stream_is() -> None:
    whole = b"".join(
        codec.request("deliver_sm", codec.Sequence(), source_addr=str(each), short_message=b"x" * each)[1]
        for each in range(1, 60)
    )
    for size in (1, 7, 16, 17, 100, len(whole)):
        frames = codec.Frames()
        cut = [frame for at in range(0, len(whole), size) for frame in frames.cut(whole[at : at + size])]
        assert b"".join(frame.octets for frame in cut) == whole
