"""PDUs as bytes and back, on smpplib's codec. Nothing here touches a socket."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from smpplib import smpp
from smpplib.exceptions import UnknownCommandError

from mend.care.sms.errors import LinkError
from mend.errors import BadDataError

HEADER: Final = struct.Struct(">LLLL")
MOST_OCTETS: Final = 1 << 20
RESPONSE: Final = 0x80000000
GENERIC_NACK: Final = 0x80000000
OK: Final = 0
INVALID_COMMAND: Final = 0x03
# What smpplib raises on octets that are not the PDU they say they are.
MALFORMED: Final = (struct.error, UnknownCommandError, KeyError, IndexError, ValueError, TypeError, AttributeError)


class MalformedError(BadDataError, ValueError):
    """A PDU whose body is not what its header says; it holds no octets of it."""


@dataclass(frozen=True)
class Frame:
    """A PDU with its header read. `octets` is all of it."""

    command_id: int
    status: int
    sequence: int
    octets: bytes


class Frames:
    """Cuts a stream into frames. LinkError when a length is impossible: from there on nothing can be trusted."""

    def __init__(self) -> None:
        self._left = b""

    def cut(self, octets: bytes) -> Iterator[Frame]:
        """The frames that these octets complete."""
        left, at = self._left + octets, 0
        try:
            while len(left) - at >= HEADER.size:
                length, command_id, status, sequence = HEADER.unpack_from(left, at)
                if not HEADER.size <= length <= MOST_OCTETS:
                    raise LinkError(f"a PDU of {length} octets")
                if len(left) - at < length:
                    return
                at += length
                yield Frame(command_id, status, sequence, left[at - length : at])
        finally:
            self._left = left[at:]


class Sequence:
    """Sequence numbers of one link, as smpplib wants them from its client."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.sequence = 0

    def next_sequence(self) -> int:
        self.sequence = next(self._numbers) & 0x7FFFFFFF or next(self._numbers)
        return self.sequence


def parsed(frame: Frame) -> Any:
    """smpplib's object for a frame. MalformedError when it is none."""
    try:
        return smpp.parse_pdu(frame.octets, client=None, allow_unknown_opt_params=True, sequence=frame.sequence)
    except MALFORMED:
        raise MalformedError(f"command {frame.command_id:#010x}, {len(frame.octets)} octets") from None


def request(name: str, sequence: Sequence, **fields: Any) -> tuple[int, bytes]:
    """Sequence number and octets of a request."""
    pdu = smpp.make_pdu(name, client=sequence, **fields)
    return pdu.sequence, pdu.generate()


def response(frame: Frame, status: int = OK, body: bytes = b"") -> bytes:
    """Octets of the answer to a request."""
    return HEADER.pack(HEADER.size + len(body), frame.command_id | RESPONSE, status, frame.sequence) + body


def nack(frame: Frame) -> bytes:
    """Octets of a generic_nack: a command that we do not know."""
    return HEADER.pack(HEADER.size, GENERIC_NACK, INVALID_COMMAND, frame.sequence)


def absolute_time(at: dt.datetime) -> str:
    """An instant as SMPP writes it (7.1.1), in UTC.

    >>> absolute_time(dt.datetime(2026, 5, 1, 12, 30, tzinfo=dt.UTC))
    '260501123000000+'
    """
    return f"{at.astimezone(dt.UTC):%y%m%d%H%M%S}000+"


def words(value: bytes | str | None) -> str:
    """A field of smpplib's, which is bytes after parsing, as text."""
    return value.decode("latin-1") if isinstance(value, bytes) else (value or "")
