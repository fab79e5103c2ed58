"""The fields of what a message centre hands us: deliver_sm, and data_sm, by which some of them hand out receipts.

Ours and not smpplib's, which reads a parameter by its own idea of its length and refuses a whole message for one that
it does not expect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mend.care.sms.smpp.codec import HEADER, Frame, MalformedError

DELIVER_SM, DATA_SM = 0x05, 0x103
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F
RECEIPTED_ID, PAYLOAD, MESSAGE_STATE = 0x001E, 0x0424, 0x0427
LONGEST_ADDRESS: Final = 65  # octets, SMPP 3.4, 4.7.1


@dataclass(frozen=True)
class Delivered:
    """A deliver_sm or data_sm. `parameters` are the optional ones, by tag, the first of each."""

    source_ton: int
    source: str = field(repr=False)
    destination: str = field(repr=False)
    esm_class: int
    data_coding: int
    content: bytes = field(repr=False)
    parameters: Mapping[int, bytes] = field(repr=False)

    def number(self, tag: int) -> int | None:
        """A parameter as a number; None without it."""
        value = self.parameters.get(tag)
        return int.from_bytes(value, "big") if value else None


class _Octets:
    """Octets read from the front."""

    def __init__(self, octets: bytes) -> None:
        self._octets, self._at = octets, 0

    def take(self, count: int) -> bytes:
        taken = self._octets[self._at : self._at + count]
        if len(taken) < count:
            raise MalformedError("a body that ends too early")
        self._at += count
        return taken

    def octet(self) -> int:
        return self.take(1)[0]

    def words(self, most: int = LONGEST_ADDRESS) -> str:
        """A string up to its NUL, which may be missing nowhere."""
        end = self._octets.find(b"\0", self._at)
        if not 0 <= end - self._at <= most:
            raise MalformedError("a string without an end, or one that is too long")
        taken = self.take(end - self._at)
        self.take(1)
        return taken.decode("latin-1")

    def parameters(self) -> Iterator[tuple[int, bytes]]:
        """Optional parameters. What follows a broken one is left: the message before it is whole all the same."""
        while len(self._octets) - self._at >= 4:
            tag, length = int.from_bytes(self.take(2), "big"), int.from_bytes(self.take(2), "big")
            if len(self._octets) - self._at < length:
                return
            yield tag, self.take(length)


def delivered(frame: Frame) -> Delivered:
    """A frame's fields. MalformedError when it is none of the two."""
    octets = _Octets(frame.octets[HEADER.size :])
    octets.words()  # service type
    source_ton, _, source = octets.octet(), octets.octet(), octets.words()
    octets.take(2)
    destination, esm_class = octets.words(), octets.octet()
    if frame.command_id == DATA_SM:
        octets.octet()  # registered_delivery
        data_coding, content = octets.octet(), b""
    else:
        octets.take(2)
        octets.words()
        octets.words()
        octets.take(2)
        data_coding = octets.octet()
        octets.octet()
        content = octets.take(octets.octet())
    parameters: dict[int, bytes] = {}
    for tag, value in octets.parameters():
        parameters.setdefault(tag, value)
    content = content or parameters.get(PAYLOAD, b"")
    return Delivered(source_ton, source, destination, esm_class, data_coding, content, parameters)
