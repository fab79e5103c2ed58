"""What rebuilds an allocation without a solver: the prices, and who did not take what they choose at them.

The bytes: the name, the header's length, a JSON header (digest of the problem, bound), the prices as 64-bit whole
numbers, the values of one more and one less, then places and strategies of those who differ. No pickle, and nothing
that depends on a solver's version.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

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
    header = {"digest": digest_of(layout), "bound": outcome.bound, "differ": len(places)}
    text = json.dumps(header, separators=(",", ":")).encode()
    prices = [each.astype("<i8") for each in vars(outcome.prices).values()]
    values = [each.astype("<f8") for side in vars(outcome.values).values() for each in vars(side).values()]
    arrays = [*prices, *values, places, outcome.chosen[places].astype("<i2")]
    return NAME + struct.pack("<I", len(text)) + text + b"".join(each.tobytes() for each in arrays)


def read_flows(layout: Layout, flows: bytes) -> Outcome:
    """
    Raises:
        AllocationError: bytes that are no flows, that are cut short, or those of other inputs.
    """
    header, at = _header(flows)
    if header["digest"] != digest_of(layout):
        raise AllocationError("allocation: these flows are of other inputs; give the inputs that its version pins")
    limits = list(vars(layout.limits).values())
    block, differ = 8 * sum(each.size for each in limits), header["differ"]
    if len(flows) != at + 3 * block + 6 * differ:
        raise AllocationError("allocation: these flows are cut short; give all the bytes kept with its version")
    prices = Prices(*_read(limits, flows, "<i8", at))
    values = Values(*(Limits(*_read(limits, flows, "<f8", at + k * block)) for k in (1, 2)))
    chosen = choices_at(layout, prices)
    at += 3 * block
    chosen[np.frombuffer(flows, "<i4", differ, at)] = np.frombuffer(flows, "<i2", differ, at + 4 * differ)
    return Outcome(chosen, prices, header["bound"], values)


def _header(flows: bytes) -> tuple[dict[str, Any], int]:
    """The header, and where the arrays begin."""
    try:
        if not flows.startswith(NAME):
            raise ValueError
        (length,) = struct.unpack_from("<I", flows, len(NAME))
        begin = len(NAME) + 4
        return json.loads(flows[begin : begin + length]), begin + length
    except (ValueError, struct.error):
        raise AllocationError(
            "allocation: these bytes are no flows of an allocation; give those kept with its version"
        ) from None


def _read(limits: Sequence[np.ndarray], flows: bytes, kind: str, at: int) -> list[np.ndarray]:
    """Arrays in the shape of the limits, one after the other from `at`."""
    found = []
    for limit in limits:
        found.append(np.frombuffer(flows, kind, limit.size, at).reshape(limit.shape).astype(float))
        at += 8 * limit.size
    return found


def digest_of(layout: Layout) -> str:
    """SHA-256 of all that an allocation depends on."""
    digest = hashlib.sha256(struct.pack("<q", layout.customers))
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
