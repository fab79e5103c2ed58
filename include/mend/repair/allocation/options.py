"""How an allocation is computed. None of it is a time: the same input gives the same output on any machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Up to `exact_customers` with something to be given, the optimum itself, within so many nodes of its search.

    Beyond: models of about `model_types` price bands, each `narrowing` times the one before, until a band has
    `core_customers`; then at most `core_rounds` of it, until model and bound are within `core_gap` of each other.
    """

    exact_customers: int = 3000
    exact_nodes: int = 20_000
    with_values: bool = True
    pricing_rounds: int = 12
    narrowing: float = 0.2
    model_types: int = 20_000
    core_customers: int = 30_000
    core_rounds: int = 5
    core_gap: float = 1e-5
