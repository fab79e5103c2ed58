"""Fixed customers who together want more than there is: the nearest to another choice go into the band."""

from __future__ import annotations

import numpy as np

from mend.repair.allocation.band import Band, band_of
from mend.repair.allocation.judge import Verdict
from mend.repair.allocation.layout import Layout

MORE = 1.5  # times what is over: those who are let go need room to move


def with_room(layout: Layout, verdict: Verdict, width: np.ndarray, is_in: np.ndarray) -> Band:
    """The band, wider where the fixed alone would break a limit. `is_in` is changed."""
    while True:
        band = band_of(layout, verdict, width, is_in)
        over = {name: np.maximum(-each, 0) for name, each in vars(band.rest).items() if name != "floors"}
        if not any(each.any() for each in over.values()):
            return band
        _release(layout, verdict, is_in, over)


def _release(layout: Layout, verdict: Verdict, is_in: np.ndarray, over: dict[str, np.ndarray]) -> None:
    for name, excess in over.items():
        for at in np.argwhere(excess):
            strategy = int(at[0])
            whole_city = slice(0, layout.places)
            if name != "totals":
                whole_city = slice(int(layout.city_first[at[1]]), int(layout.city_first[at[1] + 1]))
            _let_go(layout, verdict, is_in, whole_city, strategy, MORE * excess[tuple(at)], by_cost=name == "budgets")


def _let_go(
    layout: Layout,
    verdict: Verdict,
    is_in: np.ndarray,
    where: slice,
    strategy: int,
    amount: float,
    *,
    by_cost: bool,
) -> None:
    """Let so much of the strategy go, in customers or in yuan, from the smallest margin up."""
    assert verdict.slot is not None
    assert verdict.margin is not None
    fixed = where.start + np.flatnonzero(~is_in[where] & (verdict.slot[where] >= 0))
    pairs = layout.first[fixed] + verdict.slot[fixed]
    own = layout.strategy[pairs] == strategy
    fixed, pairs = fixed[own], pairs[own]
    nearest = np.lexsort((fixed, verdict.margin[fixed]))
    sizes = layout.cost[pairs[nearest]].astype(np.int64) if by_cost else np.ones(len(nearest), np.int64)
    enough = int(np.searchsorted(np.cumsum(sizes), amount)) + 1
    is_in[fixed[nearest[:enough]]] = True
