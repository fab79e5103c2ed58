"""What rebuilds an allocation without a solver: the prices, and who did not take what they choose at them.

Layout of the bytes: the name, the header's length, a JSON header (digest of the problem, bound), the prices
as 64-bit whole numbers, values of one more and one less, then places and strategies of those who differ. No pickle, no version of a solver.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np

from mend.repair.allocation.errors import AllocationError
from mend.repair.allocation.judge import NONE, Prices, judge
from mend.repair.allocation.layout import Layout, Limits
from mend.repair.allocation.marginal import Values

NAME: Final = b"mend allocation 1\n"

@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solver found: `chosen` of each place (position of the strategy, or -1), prices, the bound of benefit less
    penalties in points, and the value of one more and one less of each limit."""

    chosen: np.ndarray
    prices: Prices
    bound: int
    values: Values


def write_flows(layout: Layout, outcome: Outcome) -> bytes:
    own = choices_at(layout, outcome.prices)
    places = np.flatnonzero(own != outcome.chosen).astype("<i4")
    header = {
        "digest": digest_of(layout),
        "bound": outcome.bound,
        "differ": len(places),
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    prices = b"".join(each.astype("<i8").tobytes() for each in vars(outcome.prices).values())
    prices += b"".join(each.astype("<f8").tobytes() for each in _arrays(outcome.values))
    body = places.tobytes() + outcome.chosen[places].astype("<i2").tobytes()
    return NAME + struct.pack("<I", len(text)) + text + prices + body


def read_flows(layout: Layout, flows: bytes) -> Outcome:
    """
    Raises:
        AllocationError: bytes that are no flows, or those of other inputs.
    """
    if not flows.startswith(NAME):
        raise AllocationError("allocation: these bytes are no flows of an allocation; give those kept with its version")
    at = len(NAME) + 4
    (length,) = struct.unpack_from("<I", flows, len(NAME))
    header = json.loads(flows[at : at + length])
    if header["digest"] != digest_of(layout):
        raise AllocationError("allocation: these flows are of other inputs; give the inputs that its version pins")
    at += length
    prices = Prices(*_read(layout.limits, flows, "<i8", at))
    at += 8 * sum(each.size for each in vars(layout.limits).values())
    more = Limits(*_read(layout.limits, flows, "<f8", at))
    at += 8 * sum(each.size for each in vars(layout.limits).values())
    less = Limits(*_read(layout.limits, flows, "<f8", at))
    at += 8 * sum(each.size for each in vars(layout.limits).values())
    chosen = choices_at(layout, prices)
    places = np.frombuffer(flows, "<i4", header["differ"], at)
    chosen[places] = np.frombuffer(flows, "<i2", header["differ"], at + 4 * header["differ"])
    return Outcome(chosen, prices, header["bound"], Values(more, less))


def _arrays(values: Values) -> list[np.ndarray]:
    return [*vars(values.more).values(), *vars(values.less).values()]


def _read(limits: Limits, flows: bytes, kind: str, at: int) -> list[np.ndarray]:
    """Arrays in the shape of the limits, one after the other from `at`."""
    found = []
    for limit in vars(limits).values():
        found.append(np.frombuffer(flows, kind, limit.size, at).reshape(limit.shape).astype(float))
        at += 8 * limit.size
    return found


def digest_of(layout: Layout) -> str:
    """SHA-256 of all that an allocation depends on."""
    digest = hashlib.sha256()
    limits = vars(layout.limits).values()
    kinds = ("<i8", "<i8", "<i4", "<i8", "<i8", "<i2", "<i4", "<i4")
    names = ("strategies", "cities", "order", "city_first", "first", "strategy", "benefit", "cost")
    for name, kind in zip(names, kinds, strict=True):
        digest.update(np.ascontiguousarray(getattr(layout, name), dtype=kind).data)
    for each in limits:
        digest.update(np.ascontiguousarray(each, dtype="<f8").data)
    return digest.hexdigest()


def choices_at(layout: Layout, prices: Prices) -> np.ndarray:
    """What each place takes at these prices: the position of a strategy, or -1."""
    verdict = judge(layout, prices, with_choices=True)
    assert verdict.slot is not None
    chosen = np.full(layout.places, NONE, np.int16)
    takers = np.flatnonzero(verdict.slot >= 0)
    chosen[takers] = layout.strategy[layout.first[takers] + verdict.slot[takers]]
    return chosen
