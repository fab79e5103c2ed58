"""All customers on one line, further apart than any rule looks: what is near there is of one customer.

When a customer takes 100 of the line, customer 2's moment 7 is at 207.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.contenders.in_pandas.tables import Moments, Truth, Whole

SECOND: Final = 1_000_000  # in microseconds, as everything on the line
HALF_HOUR, HOUR, DAY, WEEK = 1_800 * SECOND, 3_600 * SECOND, 86_400 * SECOND, 604_800 * SECOND


@dataclass(frozen=True)
class Line:
    """Each customer takes `length` microseconds of the line, from the moment `first` on."""

    first: int
    length: int

    @classmethod
    def over(cls, customers: int, *moments: Moments) -> Line:
        """The line on which so many customers have these moments.

        Raises:
            OverflowError: there are more customers than a line of 64 bits holds (some 2.5 million for a month).
        """
        known = [_microseconds(each) for each in moments if len(each)]
        first, last = min(each.min() for each in known), max(each.max() for each in known)
        line = cls(int(first), int(last - first) + 2 * WEEK)
        if customers * line.length > np.iinfo(np.int64).max:
            raise OverflowError(f"{customers} customers are too many for one line of moments")
        return line

    def at(self, customer: Whole, moment: Moments) -> Whole:
        """Places on the line."""
        return customer.astype(np.int64) * self.length + (_microseconds(moment) - self.first)


def _microseconds(moment: Moments) -> Whole:
    return moment.astype("M8[us]").view(np.int64)


def later(moment: Moments, by: int) -> Moments:
    """Each moment so many microseconds later."""
    return moment + np.timedelta64(by, "us")


def is_followed(at: Whole, answers: Whole, within: int) -> Truth:
    """Whether there is an answer then or within so long after it. All on the line, the answers sorted."""
    found: Truth = np.searchsorted(answers, at + within, side="right") > np.searchsorted(answers, at)
    return found
