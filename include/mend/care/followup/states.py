"""The states of a follow-up ticket, and what may happen to it."""

from __future__ import annotations

from typing import Final, Literal

State = Literal["open", "in_progress", "waiting_customer", "suspended", "answered", "closed"]
EventCode = Literal[
    "open", "assign", "start", "pause", "resume", "suspend", "wake", "complain", "progress", "answer", "confirm",
    "deny", "escalate",
    "change_limit", "reopen", "close",
]  # fmt: skip

TOP_TIER: Final = 3
RUNNING: Final[frozenset[State]] = frozenset({"open", "in_progress"})
AT_WORK: Final[tuple[State, ...]] = ("open", "in_progress", "waiting_customer", "suspended")
