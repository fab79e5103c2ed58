"""A server for the two requests that a gateway makes of us: a receipt, and a message from a customer. GET only."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qsl, urlsplit

MOST_OCTETS: Final = 65536
SECONDS: Final = 30.0
WORDS: Final = {200: "OK", 400: "Bad Request", 404: "Not Found", 503: "Service Unavailable"}
# Path and fields (octets as they came, one letter each) → status.
Handler = Callable[[str, dict[str, str]], Awaitable[int]]


class Server:
    """Answers a request only after the handler has: 200 tells the gateway that we have it, 503 to try again."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None

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
        with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status = await self._status(head)
                writer.write(f"HTTP/1.1 {status} {WORDS[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
        writer.close()

    async def _status(self, head: str) -> int:
        method, _, rest = head.split("\r\n", 1)[0].partition(" ")
        target = urlsplit(rest.rpartition(" ")[0])
        if method != "GET":
            return 400
        return await self._handler(target.path, dict(parse_qsl(target.query, keep_blank_values=True, encoding="latin-1")))
