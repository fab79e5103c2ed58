"""What the demo prints: steps with the time since the start, so that long ones are seen to move."""

from __future__ import annotations

import time
from typing import TextIO


class Screen:
    """Writes lines, each with minutes and seconds since the beginning."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.began = time.monotonic()

    def step(self, title: str) -> None:
        self._write(f"{self._clock()} ── {title}")

    def say(self, text: str) -> None:
        self._write(f"{self._clock()}    {text}")

    def text(self, text: str) -> None:
        """As it is, without a time."""
        self._write(text)

    def _clock(self) -> str:
        seconds = int(time.monotonic() - self.began)
        return f"{seconds // 60:2d}:{seconds % 60:02d}"

    def _write(self, line: str) -> None:
        self.stream.write(line + "\n")
        self.stream.flush()
