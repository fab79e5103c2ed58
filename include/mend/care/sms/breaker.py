"""How much may be written at once, and when: one message alone until one is taken, less and less often while none
is.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Breaker:
    """Outlives links: a link that is made says nothing of what becomes of a message. Seconds are of the caller's
    monotonic clock.

    >>> breaker = Breaker(first_seconds=1, most_seconds=600)
    >>> breaker.window(10), breaker.accepted(), breaker.window(10)
    (1, None, 10)
    >>> [(breaker.doubt(now), breaker.window(10), breaker.until)[1:] for now in (100, 100.5, 101)]
    [(1, 101.0), (1, 101.0), (1, 103.0)]
    """

    first_seconds: float
    most_seconds: float
    is_proven: bool = False
    until: float = field(default=0.0)
    _doubts: int = 0

    def window(self, whole: int) -> int:
        """How many parts may be under way."""
        return whole if self.is_proven else 1

    def begin(self) -> None:
        """A new link, of which nothing is known yet."""
        self.is_proven = False

    def accepted(self) -> None:
        """The message centre has taken a message."""
        self.is_proven, self._doubts = True, 0

    def doubt(self, now: float) -> None:
        """What was written got no answer. Those that were under way together count once."""
        self.is_proven = False
        if now >= self.until:
            self.until = now + min(self.first_seconds * 2.0 ** min(self._doubts, 30), self.most_seconds)
            self._doubts += 1
