"""Line ends of all kinds as line feeds: those of Unix and Windows as they are, those of old Macs, and doubled
returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

RETURN: Final = b"\r"


def with_line_feeds(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks of a file; of one whose first line ends in a return alone, with a line feed for every line end.

    >>> b"".join(with_line_feeds(iter([b"a,b\\r1,2\\r", b"\\n3,4\\r"])))
    b'a,b\\n1,2\\n3,4\\n'
    >>> b"".join(with_line_feeds(iter([b'a,b\\r\\n1,"x\\ry"\\r\\n'])))
    b'a,b\\r\\n1,"x\\ry"\\r\\n'
    """
    start = b""
    for chunk in chunks:
        start += chunk
        if start.rstrip(RETURN).find(b"\n") >= 0 or RETURN in start.rstrip(RETURN):
            break
    rest = _joined(start, chunks)
    return _translated(rest) if _ends_in_return(start) else rest


def _joined(start: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield start
    yield from rest


def _ends_in_return(start: bytes) -> bool:
    """Whether the first line ends in a return that no line feed follows. A return inside quotes is a name's own."""
    line, found, rest = start.partition(RETURN)
    return bool(found) and b"\n" not in line and line.count(b'"') % 2 == 0 and not rest.lstrip(RETURN).startswith(b"\n")


def _translated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        found = held + chunk
        held = RETURN if found.endswith(RETURN) else b""
        yield found[: len(found) - len(held)].replace(b"\r\n", b"\n").replace(RETURN, b"\n")
    if held:
        yield b"\n"
