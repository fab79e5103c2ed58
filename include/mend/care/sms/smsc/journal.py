"""What the simulated message centre keeps when it is killed: accepted messages, and what it still owes its client."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Delivery:
    """A deliver_sm that the client has not acknowledged yet: a receipt or an answer (`content` in hexadecimal)."""

    number: int
    due_at: float
    source: str
    destination: str
    content: str
    data_coding: int
    esm_class: int


class Journal:
    """Lines of JSON, each written before the centre goes on. Without a path it forgets."""

    def __init__(self, path: Path | None) -> None:
        self.accepted: dict[str, int] = {}  # reference → times accepted
        self.acknowledged = 0
        self.acknowledged_answers: list[Delivery] = []
        self.owed: dict[int, Delivery] = {}
        self.last_id = 0
        if path is not None and path.exists():
            self._replay(path)
        self._file = None if path is None else os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _replay(self, path: Path) -> None:
        for line in path.read_text("utf-8").splitlines():
            try:
                self._apply(json.loads(line))
            except json.JSONDecodeError:  # the line it died in
                continue

    def _apply(self, entry: dict[str, object]) -> None:
        match entry:
            case {"accepted": str(reference), "id": int(number), "owed": list(owed)}:
                self.accepted[reference] = self.accepted.get(reference, 0) + 1
                self.last_id = max(self.last_id, number)
                self.owed |= {words["number"]: Delivery(**words) for words in owed}
            case {"acknowledged": int(number)}:
                self.acknowledged += 1
                delivery_ = self.owed.pop(number, None)
                if delivery_ is not None and not delivery_.esm_class & 0x04:
                    self.acknowledged_answers.append(delivery_)

    def _write(self, entry: dict[str, object]) -> None:
        self._apply(entry)
        if self._file is not None:
            os.write(self._file, (json.dumps(entry) + "\n").encode())

    def accept(self, reference: str, number: int, owed: Sequence[Delivery]) -> None:
        """A submit_sm was taken under this number, and the client is to get these for it; `reference` is the same for
        the same content.
        """
        self._write({"accepted": reference, "id": number, "owed": [asdict(delivery) for delivery in owed]})

    def acknowledge(self, number: int) -> None:
        """The client has it."""
        self._write({"acknowledged": number})

    def duplicates(self) -> int:
        """Messages that were accepted more than once, each time after the first counted."""
        return sum(times - 1 for times in self.accepted.values())
