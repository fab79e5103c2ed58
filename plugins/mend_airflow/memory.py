"""The garbage collector in a process that runs steps."""

from __future__ import annotations

import gc
from typing import Final

THRESHOLDS: Final = (100_000, 50, 100)  # objects, and rounds of the younger generation


def collect_seldom() -> None:
    """Look for garbage in cycles more seldom. A step's process is short, and most of the objects that it makes
    (imported libraries, descriptions of tables) stay to its end: looking through them took a tenth of a small night's
    time."""
    gc.set_threshold(*THRESHOLDS)
