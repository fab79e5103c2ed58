"""Texts as parts: the right number of them, and nothing cut in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.care.sms.errors import TextError
from mend.care.sms.text import BASIC, CONCATENATED, EXTENSION, GSM7, UCS2, Piece, decoded, pieces, without_header

GSM = st.sampled_from([*(each for each in BASIC if each != "\x1b"), *EXTENSION])
WIDE = st.one_of(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), st.sampled_from("😀𠮷🇨é~"))


def content(piece: Piece) -> bytes:
    """The part's own octets, without header."""
    return without_header(piece.content)[1] if piece.esm_class == CONCATENATED else piece.content


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("", [0]),
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 158 + "€", [160]),
        ("a" * 159 + "€", [153, 8]),
        ("a" * 152 + "€" + "b" * 20, [152, 22]),  # the escape does not stay behind
        ("满" * 70, [140]),
        ("满" * 71, [134, 8]),
        ("满" * 116, [134, 98]),
        ("满" * 66 + "😀" + "满" * 10, [132, 24]),  # nor half of a surrogate pair
        ("`", [2]),  # no letter of GSM-7
        ("满" * 134, [134, 134]),
        ("满" * 135, [134, 134, 2]),
    ],
)
def test_parts_have_these_sizes(text: str, sizes: list[int]) -> None:
    assert [len(content(piece)) for piece in pieces(text, 1)] == sizes


@given(st.lists(GSM, max_size=700).map("".join))
def test_gsm_texts_come_back_part_by_part(text: str) -> None:
    parts = pieces(text, 300)
    assert all(
        len(content(piece)) + (7 if len(parts) > 1 else 0) <= 160 and piece.data_coding == GSM7 for piece in parts
    )
    assert "".join(decoded(content(piece), GSM7) for piece in parts) == text


@given(st.lists(WIDE, min_size=1, max_size=300).map(lambda each: "满" + "".join(each)))
def test_chinese_texts_come_back_part_by_part(text: str) -> None:
    parts = pieces(text, 300)
    assert all(len(piece.content) <= 140 and piece.data_coding == UCS2 for piece in parts)
    assert "".join(decoded(content(piece), UCS2) for piece in parts) == text


def test_headers_name_message_part_and_total() -> None:
    places = [without_header(piece.content)[0] for piece in pieces("a" * 400, 0x1FF)]
    assert [(place.reference, place.number, place.total) for place in places if place] == [
        (0xFF, 1, 3),
        (0xFF, 2, 3),
        (0xFF, 3, 3),
    ]


@pytest.mark.parametrize("text", ["满" * (67 * 255 + 1), "\ud83d alone"])
def test_what_cannot_be_sent_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(TextError) as refused:
        pieces(text, 1)
    assert text[:5] not in str(refused.value)


@pytest.mark.parametrize("header", ["", "05", "0500030102", "050003010203", "0500030100 01", "05000301020007", "0300"])
def test_broken_headers_are_no_headers(header: str) -> None:
    octets = bytes.fromhex(header)
    try:
        place, _ = without_header(octets)
    except TextError:
        return
    assert place is None or 1 <= place.number <= place.total


@pytest.mark.parametrize(("octets", "coding"), [("d83d", 8), ("6ee", 8), ("80", 0), ("00", 4)])
def test_octets_that_are_no_text_are_said_to_be_none(octets: str, coding: int) -> None:
    with pytest.raises(TextError):
        decoded(
            bytes.fromhex(octets.ljust(len(octets) + len(octets) % 2, "0")) + (b"\0" if octets == "6ee" else b""),
            coding,
        )


@given(st.binary(max_size=200), st.sampled_from([0, 1, 3, 4, 8, 0xF0]), st.booleans())
def test_any_octets_are_a_text_or_an_error_of_ours(octets: bytes, coding: int, has_header: bool) -> None:
    try:
        rest = without_header(octets)[1] if has_header else octets
        assert isinstance(decoded(rest, coding), str)
    except TextError:
        pass
