"""Allocating customers to repair strategies: CPU seconds, gap to the proven bound and most memory, by size.

30 cities of very different sizes, 12 strategies of which a customer may be given about three: seven with seats in each
city, three with budgets (one of them with seats, too), three with one total. `continuous` benefits differ for
everybody; `tied` ones depend on level and value alone, as costs do, so that very many customers are alike.

CPU is that of `allocate` alone: making the problem is not counted, but its arrays are in the peak.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import numpy as np

from bench.measure import GIB, Cost, costing, in_child, own_peak, report
from mend.repair.allocation import Options, Problem, allocate

CITIES: Final = 30
STRATEGIES: Final = 12
SEATED: Final = range(7)
BUDGETED: Final = range(6, 9)
TOTALLED: Final = range(9, STRATEGIES)
SIZES: Final = (100_000, 1_000_000, 10_000_000)
KINDS: Final = ("continuous", "tied")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.allocation", description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=list(SIZES[:2]))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-values", action="store_true", help="leave out one more and one less")
    parser.add_argument("--one", action="store_true", help="measure in this process: the first size and kind")
    parser.add_argument("--answer", help="where --one writes its figures")
    given = parser.parse_args(argv)
    if given.one:
        report(measured(given.customers[0], given.kinds[0], given.seed, not given.without_values), given.answer)
        return
    print("| customers | benefits | CPU s | gap | listed | peak GiB |\n|---|---|---|---|---|---|")
    for customers in given.customers:
        for kind in given.kinds:
            print(line(customers, kind, in_child("bench.allocation", _child(given, customers, kind))), flush=True)


def _child(given: argparse.Namespace, customers: int, kind: str) -> list[str]:
    own = ["--one", "--customers", str(customers), "--kinds", kind, "--seed", str(given.seed)]
    return own + (["--without-values"] if given.without_values else [])


def measured(customers: int, kind: str, seed: int, with_values: bool = True) -> Cost:
    problem = problem_of(customers, kind, seed)
    with costing() as cost:
        found = allocate(problem, Options(with_values=with_values))
    cost.notes = {"gap": found.gap, "listed": float((found.chosen >= 0).mean()), "flows": len(found.flows)}
    cost.peak = own_peak()
    return Cost(**asdict(cost))


def line(customers: int, kind: str, cost: Cost) -> str:
    """A row of the table."""
    gap, listed = cost.notes["gap"], cost.notes["listed"]
    return f"| {customers:,} | {kind} | {cost.cpu:.1f} | {gap:.5%} | {listed:.0%} | {cost.peak / GIB:.2f} |"


def problem_of(customers: int, kind: str, seed: int) -> Problem:
    """A month of a centre. Limits are shares of what customers could take, so that about two thirds are listed."""
    random = np.random.default_rng(seed)
    size = random.pareto(1.2, CITIES) + 0.3
    city = random.choice(CITIES, customers, p=size / size.sum()).astype(np.int32)
    customer, strategy = _pairs(random, customers)
    benefit, cost = (_tied if kind == "tied" else _continuous)(random, customers, customer, strategy)
    cell = strategy.astype(np.int64) * CITIES + city[customer]
    count = np.bincount(cell, minlength=STRATEGIES * CITIES).reshape(STRATEGIES, CITIES)
    yuan = np.bincount(cell, cost, minlength=STRATEGIES * CITIES).reshape(STRATEGIES, CITIES)
    return Problem(
        customer=customer,
        strategy=strategy,
        benefit=benefit,
        cost=cost,
        city=city,
        seats={(s, c): int(count[s, c] * random.uniform(0.1, 0.35)) for s in SEATED for c in range(CITIES)},
        budgets={(s, c): int(yuan[s, c] * random.uniform(0.08, 0.3)) for s in BUDGETED for c in range(CITIES)},
        totals={s: int(count[s].sum() * random.uniform(0.1, 0.3)) for s in TOTALLED},
    )


def _pairs(random: np.random.Generator, customers: int) -> tuple[np.ndarray, np.ndarray]:
    share = random.uniform(0.1, 0.4, STRATEGIES).astype(np.float32)
    flat = np.flatnonzero(random.random((customers, STRATEGIES), dtype=np.float32) < share)
    return (flat // STRATEGIES).astype(np.int32), (flat % STRATEGIES).astype(np.int16)


def _continuous(
    random: np.random.Generator, customers: int, customer: np.ndarray, strategy: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    worth = random.gamma(2.0, 1.0, customers).astype(np.float32)
    base = random.uniform(1000, 4000, STRATEGIES).astype(np.float32)
    benefit = worth[customer] * base[strategy]
    benefit *= np.exp(0.3 * random.standard_normal(len(customer), dtype=np.float32))
    cost = np.where(strategy >= BUDGETED[0], random.integers(10, 200, len(customer), dtype=np.int32), 1)
    return np.maximum(benefit, 1).astype(np.int32), cost.astype(np.int32)


def _tied(
    random: np.random.Generator, customers: int, customer: np.ndarray, strategy: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    level, value = random.integers(0, 5, customers), random.integers(0, 4, customers)
    points = 5 * random.integers(10, 240, (STRATEGIES, 5, 4), dtype=np.int32)
    yuan = 20 * random.integers(1, 8, (STRATEGIES, 5), dtype=np.int32)
    return points[strategy, level[customer], value[customer]], yuan[strategy, level[customer]]


if __name__ == "__main__":
    main()
