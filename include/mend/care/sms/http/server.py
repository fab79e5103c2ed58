"""A server for the two requests that a gateway makes of us: a receipt, and a message from a customer. GET only.

Whoever reaches the port can send anything, slowly or a lot of it: sizes, times and numbers are bounded, and everything
gets a status.
"""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, urlsplit

MOST_OCTETS: Final = 65536  # of a request
MOST_FIELDS: Final = 50
MOST_CONNECTIONS: Final = 200  # that have not said all of their request yet; the oldest makes room
HEAD_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 30.0
REST_SECONDS: Final = 1.0
WORDS: Final = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
# Path and fields (octets as they came, one letter each) → status.
Handler = Callable[[str, dict[str, str]], Awaitable[int]]


class Server:
    """Answers a request only after the handler has: 200 tells the gateway that we have it, 503 to try again."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._reading: dict[StreamWriter, None] = {}  # the oldest first

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port. OSError when it is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=MOST_OCTETS)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening; requests under way end by themselves."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        if len(self._reading) >= MOST_CONNECTIONS:
            next(iter(self._reading)).transport.abort()
        self._reading[writer] = None
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            status = await self._status(reader, writer)
            async with asyncio.timeout(ANSWER_SECONDS):
                writer.write(
                    f"HTTP/1.1 {status} {WORDS[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
                )
                await writer.drain()
            if status in (405, 431):
                await _read_on(reader)
        self._reading.pop(writer, None)
        writer.close()

    async def _status(self, reader: StreamReader, writer: StreamWriter) -> int:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
        except TimeoutError:
            return 408
        except asyncio.LimitOverrunError:
            return 431
        finally:
            self._reading.pop(writer, None)
        method, _, rest = head.decode("latin-1").split("\r\n", 1)[0].partition(" ")
        if method != "GET":
            return 405
        try:
            target = urlsplit(rest.rpartition(" ")[0])
            fields = parse_qsl(target.query, keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS)
        except ValueError:
            return 400
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._handler(target.path, dict(fields))
        except TimeoutError:
            return 503


async def _read_on(reader: StreamReader) -> None:
    """Take some of what still comes: a connection that is closed on it takes our answer along."""
    async with asyncio.timeout(REST_SECONDS):
        while await reader.read(MOST_OCTETS):
            pass
