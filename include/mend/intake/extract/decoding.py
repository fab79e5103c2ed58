"""A file's bytes as UTF-8: strictly in the stated encoding, and never in one that the bytes themselves speak
against.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

from mend.intake.extract.encodings import likely
from mend.intake.extract.errors import EncodingError

# The longer mark first: that of UTF-32 begins like that of UTF-16.
BYTE_ORDER_MARKS: Final = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    codecs.BOM_UTF8: "utf-8",
}
# Files called GBK or GB2312 hold characters of its successor, and those of Windows the euro sign as one byte.
CHINESE: Final = ("gbk", "gb2312", "gb18030")
WITH_PAIRS: Final = (*CHINESE, "big5", "big5hkscs", "cp950", "hz", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949")
EURO: Final = 0x80
# So many different characters that make sense as UTF-8 are no chance in another encoding.
TELLING_CHARACTERS: Final = 4
FIRST_OF_THREE_BYTES: Final = "\u0800"
END_OF_FILE: Final = b"\x1a"  # DOS programs write it behind the last line


def as_utf8(chunks: Iterator[bytes], encoding: str, name: str) -> Iterator[bytes]:
    """The chunks in UTF-8, without byte order marks and a last Ctrl-Z. EncodingError names the line and byte of the
    first wrong one.
    """
    held = b""
    for text in _decoded(chunks, encoding, name):
        found = held + text.encode()
        kept = found.rstrip(END_OF_FILE)
        held = found[len(kept) :]
        yield kept


def _decoded(chunks: Iterator[bytes], encoding: str, name: str) -> Iterator[str]:
    first = next(chunks, b"")
    stated = _with_order(encoding, first, name)
    decoder = codecs.getincrementaldecoder("gb18030" if stated in CHINESE else stated)(
        "mend-euro" if stated in CHINESE else "strict"
    )
    telltale = _Telltale(stated)
    lines = done = 0
    for number, chunk in enumerate(_chained(first, chunks)):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise _wrong_encoding(error, encoding, name, lines, done - pending) from None
        telltale.look_at(chunk)
        lines += text.count("\n")
        done += len(chunk)
        yield text if number else text.lstrip("\ufeff")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise EncodingError(
            f"{name}: ends in the middle of a character of {encoding}: cut short; fetch it again"
        ) from None
    if telltale.is_utf8:
        raise EncodingError(
            f"{name}: the source says encoding: {encoding}, but the whole file is sound utf-8; state utf-8 in its "
            f"reader"
        )


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _with_order(encoding: str, start: bytes, name: str) -> str:
    """The encoding to read by: the stated one, its byte order as the file shows it. EncodingError when the file's mark
    says another."""
    stated = "utf-8" if encoding == "utf-8-sig" else encoding
    actual = next((its for mark, its in BYTE_ORDER_MARKS.items() if start.startswith(mark)), None)
    if actual is None:
        return _without_mark(start, name) if stated == "utf-16" else stated
    if not actual.startswith(stated):
        raise EncodingError(
            f"{name}: begins with the mark of {actual}, but the source says encoding: {encoding}; state {actual}"
        )
    return actual


def _without_mark(start: bytes, name: str) -> str:
    """The byte order of UTF-16 without a mark: the zeros of its ASCII characters tell."""
    big, little = start[0::2].count(0), start[1::2].count(0)
    if big == little:
        raise EncodingError(
            f"{name}: utf-16 without a mark, and its byte order cannot be told; state utf-16-le or utf-16-be"
        )
    return "utf-16-be" if big > little else "utf-16-le"


class _Telltale:
    """Looks whether a file that is said to be in another encoding is UTF-8 from its first byte to its last."""

    def __init__(self, stated: str) -> None:
        self._is_sound = not stated.startswith("utf") and stated != "ascii"
        self._least = FIRST_OF_THREE_BYTES if stated in WITH_PAIRS else "\x80"
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._found: set[str] = set()

    def look_at(self, chunk: bytes) -> None:
        """Take note of a piece of the file."""
        if not self._is_sound:
            return
        try:
            text = self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self._is_sound = False
            return
        if not text.isascii() and len(self._found) < TELLING_CHARACTERS:
            self._found |= {character for character in set(text) if character >= self._least}

    @property
    def is_utf8(self) -> bool:
        """Whether it is; asked after the last piece."""
        return self._is_sound and not self._decoder.getstate()[0] and len(self._found) >= TELLING_CHARACTERS


def _euro(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == EURO:
        return "€", error.start + 1
    raise error


codecs.register_error("mend-euro", _euro)


def _wrong_encoding(error: UnicodeDecodeError, encoding: str, name: str, lines: int, offset: int) -> EncodingError:
    line = lines + error.object[: error.start].count(b"\n") + 1
    looks = likely(error.object[error.object.rfind(b"\n", 0, error.start) + 1 :], encoding)
    return EncodingError(
        f"{name}: line {line}, byte {offset + error.start + 1} of the file is not {encoding}; "
        + (f"it looks like {' or '.join(looks)}; " if looks else "")
        + "state the right encoding in the source's reader (gbk and gb18030 are usual for Chinese files)"
    )
