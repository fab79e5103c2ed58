"""Texts as SMS parts: GSM 7-bit where its alphabet suffices, else UCS-2 (3GPP 23.038, 23.040).

smpplib's own cutter splits escapes and surrogate pairs and sends the backtick as another letter, so this is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mend.care.sms.errors import TextError

# The default alphabet of 3GPP 23.038, 6.2.1, by code; 0x1B is the escape to the extension table.
BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ "
    "!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
ESCAPE: Final = 0x1B
GSM7, LATIN1, UCS2 = 0x00, 0x03, 0x08  # SMPP data codings
# SMPP 3.4, 5.2.19: ASCII, Latin-1, Cyrillic, Hebrew, Korean; and what China's gateways take 15 for.
ALPHABETS: Final = {
    0x01: "latin-1",
    LATIN1: "latin-1",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x0E: "euc_kr",
    0x0F: "gb18030",
}
# Septets for GSM-7, octets for UCS-2: in a message of one part, and beside the six octets of a concatenation header.
ROOM: Final = {GSM7: (160, 153), UCS2: (140, 134)}
CONCATENATED: Final = 0x40  # esm_class: the content begins with a user data header
MOST_PARTS: Final = 255

_CODES: Final = {character: bytes([code]) for code, character in enumerate(BASIC) if code != ESCAPE} | {
    character: bytes([ESCAPE, code]) for character, code in EXTENSION.items()
}
_EXTENDED: Final = {code: character for character, code in EXTENSION.items()}


@dataclass(frozen=True)
class Piece:
    """One part as it travels: content with its header, SMPP data coding and esm_class."""

    content: bytes
    data_coding: int
    esm_class: int


def pieces(text: str, reference: int) -> list[Piece]:
    """The parts of a text; `reference` (its last eight bits count) ties them together.

    Raises TextError for a text of more than 255 parts, or with a lone surrogate.

    >>> [len(piece.content) for piece in pieces("满" * 116, 7)]
    [140, 104]
    """
    coding, characters = _encoded(text)
    whole, room = ROOM[coding]
    if sum(map(len, characters)) <= whole:
        return [Piece(b"".join(characters), coding, 0)]
    contents = _filled(characters, room)
    if len(contents) > MOST_PARTS:
        raise TextError(f"a text of {len(text)} characters needs {len(contents)} parts")
    header = bytes([5, 0, 3, reference % 256, len(contents)])
    return [
        Piece(header + bytes([number]) + content, coding, CONCATENATED) for number, content in enumerate(contents, 1)
    ]


def _encoded(text: str) -> tuple[int, list[bytes]]:
    """The coding, and each character's bytes: what must not be cut."""
    try:
        return GSM7, [_CODES[character] for character in text]
    except KeyError:
        pass
    try:
        return UCS2, [character.encode("utf-16-be") for character in text]
    except UnicodeEncodeError:
        raise TextError(f"a text of {len(text)} characters has a lone surrogate") from None


def _filled(characters: list[bytes], room: int) -> list[bytes]:
    parts, part = [], b""
    for character in characters:
        if len(part) + len(character) > room:
            parts.append(part)
            part = b""
        part += character
    return [*parts, part]


@dataclass(frozen=True)
class Concatenation:
    """What a user data header says: part `number` (from 1) of `total` of the sender's message `reference`."""

    reference: int
    total: int
    number: int


def without_header(content: bytes) -> tuple[Concatenation | None, bytes]:
    """Split the user data header off. TextError when it is not one, or names an impossible part."""
    if not content or len(content) < content[0] + 1:
        raise TextError("a user data header longer than its message")
    header, rest = content[1 : content[0] + 1], content[content[0] + 1 :]
    while header:
        if len(header) < 2 or len(header) < header[1] + 2:
            raise TextError("a user data header that ends in mid-element")
        kind, value, header = header[0], header[2 : header[1] + 2], header[header[1] + 2 :]
        if (kind, len(value)) in ((0x00, 3), (0x08, 4)):
            return _concatenation(value), rest
    return None, rest


def _concatenation(value: bytes) -> Concatenation:
    found = Concatenation(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
    if not 1 <= found.number <= found.total:
        raise TextError(f"part {found.number} of {found.total}")
    return found


def decoded(content: bytes, data_coding: int) -> str:
    """The text of bytes without header. TextError for what is none, such as half a surrogate pair.

    >>> decoded("没解决".encode("utf-16-be") + b"\\0\\0", UCS2), decoded("退订".encode("gbk"), 0x0F)
    ('没解决', '退订')
    """
    try:
        if data_coding in ALPHABETS:
            return content.decode(ALPHABETS[data_coding]).rstrip("\0")
        if data_coding & 0x0C == UCS2:
            if len(content) % 2 and (plain := ascii_of(content)):
                return plain  # no UCS-2 has an odd length
            return content.decode("utf-16-be").rstrip("\0")  # some end a text as C does; a NUL within is no text
        if data_coding == 0x04:
            raise TextError("binary content")
        return _from_gsm7(content) if max(content, default=0) <= 0x7F else _chinese_utf8(content)
    except UnicodeDecodeError:
        raise TextError(f"{len(content)} octets are no text of data coding {data_coding:#04x}") from None


def ascii_of(content: bytes) -> str | None:
    """The octets as ASCII where all of them are signs of it: some centres say UCS-2 of everything that arrives.

    >>> ascii_of(b"STOP"), ascii_of("满".encode("utf-16-be"))
    ('STOP', None)
    """
    text = content.decode("latin-1")
    return text if text.isascii() and text.isprintable() else None


def _chinese_utf8(content: bytes) -> str:
    """What gateways hand on unchanged as the default alphabet: UTF-8, where all that is not ASCII is Chinese. Anything
    else is doubt.
    """
    text = content.decode("utf-8")
    if not all(sign.isascii() or "\u3000" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in text):
        raise TextError("octets over 0x7f among GSM septets")
    return text.rstrip("\0")


def _from_gsm7(content: bytes) -> str:
    """Unpacked septets. An unknown escape stands for its basic letter, as the standard says."""
    characters, escaped = [], False
    for code in content:
        if code == ESCAPE and not escaped:
            escaped = True
            continue
        characters.append(_EXTENDED.get(code, BASIC[code]) if escaped else BASIC[code])
        escaped = False
    return "".join(characters)
