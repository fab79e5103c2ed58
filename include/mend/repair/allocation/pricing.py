"""Prices near the optimum's, by linear models of the customers who might change their minds.

The first model is of a part of all customers, chosen by hash, that stands for all. Its prices fix whoever is clear; the
next model is of a part of the others, a narrower band of them each time, so that its chance error shrinks as well. When
the whole band is small enough to be the model, its prices are the optimum's (`finish` goes on from there).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mend.repair.allocation.band import Band, band_of, is_near, sampled, widths
from mend.repair.allocation.judge import SCALE, Prices, Verdict, judge, no_prices, to_prices
from mend.repair.allocation.layout import Layout, Limits
from mend.repair.allocation.options import Options
from mend.repair.allocation.solver import Duals, solve_relaxed

HELD = 0.01  # share of prices that may be held back at the edge of their band


@dataclass(frozen=True, eq=False)
class Priced:
    """The best prices so far, what everybody chooses at them, and the share of customers in the next band."""

    prices: Prices
    verdict: Verdict
    share: float
    is_held: bool = False  # whether prices would have moved further than their band knows about


def find_prices(layout: Layout, options: Options) -> Priced:
    share = 1.0
    best = Priced(no_prices(layout.limits), judge(layout, no_prices(layout.limits), with_choices=True), share)
    for step in range(options.pricing_rounds):
        found = _improved(layout, options, best, share, step)
        enough = (1 - options.core_gap) * best.verdict.bound  # the same band again only while that pays
        if found is None or not found.is_held or found.verdict.bound > enough:
            share *= options.narrowing
        best = found if found is not None and found.verdict.bound < best.verdict.bound else best
        if share * layout.places <= options.core_customers:
            break
    return Priced(best.prices, best.verdict, share)


def _improved(layout: Layout, options: Options, now: Priced, share: float, step: int) -> Priced | None:
    width = widths(layout, now.verdict, share)
    is_in = is_near(layout, now.verdict, width) if step else np.ones(layout.places, bool)
    band = band_of(layout, now.verdict, width if step else np.full_like(width, np.inf), is_in)
    core = sampled(layout, now.prices, band, options.model_types, step)
    relaxed = solve_relaxed(core, at_least_nothing(band.rest), layout.penalty)
    if relaxed is None or relaxed.duals is None:
        return None
    found = judged(layout, now.prices, band, relaxed.duals, share)
    if found.verdict.bound < now.verdict.bound:
        return found
    between = _between(now.prices, found.prices)
    return Priced(between, judge(layout, between, with_choices=True), share, found.is_held)


def _between(one: Prices, other: Prices) -> Prices:
    """The bound is convex in prices: where a step was too long, half of it may pay."""
    return Prices(**{name: np.floor((vars(one)[name] + vars(other)[name]) / 2) for name in vars(one)})


def at_least_nothing(rest: Limits) -> Limits:
    return Limits(**{name: np.maximum(each, 0) for name, each in vars(rest).items()})


def judged(layout: Layout, now: Prices, band: Band, duals: Duals, share: float) -> Priced:
    """The model's prices, moved no further than its band knows about, and what everybody chooses at them."""
    cost = max(float(layout.cost.mean()), 1.0)
    width = band.width / SCALE
    reach = {"seats": width, "budgets": width / cost, "totals": width.max(axis=1), "floors": width.max(axis=0)}
    moved, held, active = {}, 0, 1
    for name, target in vars(duals).items():
        old = getattr(now, name) / SCALE
        moved[name] = np.clip(target, old - reach[name], old + reach[name])
        held += int(np.count_nonzero(np.abs(target - old) > 1.5 * reach[name]))
        active += int(np.count_nonzero(target + old))
    prices = to_prices(layout.limits, **moved, penalty=layout.penalty)
    return Priced(prices, judge(layout, prices, with_choices=True), share, held > HELD * active)
