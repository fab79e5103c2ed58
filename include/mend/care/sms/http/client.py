"""One GET request, with the one thing at-most-once sending must know of a failure: whether anything was written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import urlencode

from mend.care.sms.errors import LinkError, SmsError

MOST_OCTETS: Final = 65536
STATUS: Final = re.compile(r"HTTP/[0-9.]+ ([0-9]{3})\b", re.ASCII)


class NoAnswerError(SmsError):
    """The request was written, and what became of it is not known."""


async def get(host: str, port: int, path: str, fields: Mapping[str, str | bytes], seconds: float) -> tuple[int, str]:
    """Status and body. LinkError when no connection came about; NoAnswerError when no answer came."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError) as error:
        raise LinkError(f"the gateway is not reached: {type(error).__name__}") from None
    try:
        async with asyncio.timeout(seconds):
            writer.write(
                f"GET {path}?{urlencode(fields)} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii")
            )
            await writer.drain()
            answer = b""
            while len(answer) < MOST_OCTETS and (more := await reader.read(MOST_OCTETS)):
                answer += more  # the status comes first: of an answer without an end so much suffices
        return _parsed(answer)
    except (OSError, TimeoutError, ValueError) as error:
        raise NoAnswerError(type(error).__name__) from None
    finally:
        with suppress(OSError):
            writer.close()


def _parsed(answer: bytes) -> tuple[int, str]:
    """ValueError for what is no answer.

    >>> _parsed(b"HTTP/1.1 202 Accepted\\r\\nServer: Kannel\\r\\n\\r\\n0: Accepted for delivery")
    (202, '0: Accepted for delivery')
    """
    head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
    found = STATUS.match(head)
    if found is None:
        raise ValueError("no answer of HTTP")
    return int(found.group(1)), body
