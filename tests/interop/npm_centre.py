"""Starts the message centre of npm's smpp and reads what it says it saw."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


class NpmCentre:
    """The centre's port and what it said so far."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        self.said: list[dict[str, Any]] = []
        self.port = int(json.loads(child.stdout.readline())["port"])
        threading.Thread(target=self._listen, args=(child.stdout,), daemon=True).start()

    def _listen(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.said.append(json.loads(line))

    def seen(self, what: str) -> list[dict[str, Any]]:
        """What it said of this kind."""
        return [each for each in list(self.said) if what in each]


@contextmanager
def npm_centre() -> Iterator[NpmCentre]:
    """The centre at work; skips the test where Node is not installed or its package cannot be."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs node and npm for a message centre that is not ours")
    installed = subprocess.run(["sh", str(FOLDER / "install")], capture_output=True, text=True, timeout=120)
    if installed.returncode:
        pytest.skip("npm cannot install tests/interop/package.json here (offline?): run tests/interop/install")
    with subprocess.Popen(
        ["node", str(FOLDER / "smsc.js")], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        try:
            yield NpmCentre(child)
        finally:
            child.kill()
