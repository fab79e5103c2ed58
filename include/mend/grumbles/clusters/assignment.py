"""Every customer to the nearest centre, in SQL: ten million customers need no Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mend.grumbles.clusters.fitting import Fitted
from mend.grumbles.clusters.naming import Named
from mend.grumbles.clusters.rules import Kind


def nearest(kind: Kind, fitted: Fitted | None, named: list[Named]) -> tuple[str, dict[str, Any]]:
    """An SQL expression over `feature` for the name of the nearest centre (the first of equals), and its values.

    Nothing fitted: the kind's default.
    """
    if fitted is None:
        return "$default_name", {"default_name": kind.default}
    values: dict[str, Any] = {"names": [each.name for each in named]}
    standardised = [_standardised(name, kind, fitted, values) for name in fitted.features]
    distances = []
    for place in range(fitted.number):
        terms = []
        for number, expression in enumerate(standardised):
            key = f"centre_{place}_{number}"
            values[key] = float(fitted.centres[place, number])
            terms.append(f"pow({expression} - ${key}, 2)")
        distances.append(" + ".join(terms))
    listed = ", ".join(f"round({distance}, 9)" for distance in distances)
    return f"list_extract($names, list_position([{listed}], list_min([{listed}])))", values


def _standardised(name: str, kind: Kind, fitted: Fitted, values: dict[str, Any]) -> str:
    scale = fitted.scales[name]
    values |= {f"{name}_median": scale.median, f"{name}_mean": scale.mean, f"{name}_spread": scale.spread}
    # Not greatest(): it passes over what is missing, and a customer who never waited would count as one who waited 0 s.
    raw = f"ln(1 + case when {name} < 0 then 0 else {name} end)" if kind.features[name].log else name
    return f"((coalesce({raw}, ${name}_median) - ${name}_mean) / ${name}_spread)"


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Each cluster's share of the customers."""
    total = sum(counts.values())
    return {name: round(count / total, 6) for name, count in counts.items()}
