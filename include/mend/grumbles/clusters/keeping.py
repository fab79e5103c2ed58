"""What a month leaves to the next: fits, classes of value, and claims that were contradicted; as JSON in the
profiles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters.groups import Groups
from mend.grumbles.clusters.mixture import Mixture

ROOM: Final = "grumbles/clusters"


@dataclass(frozen=True)
class Before:
    """The month before: each brand's groups, the class of each value group, the classes of each kind, the labels
    whose claim was contradicted. Empty: there is no such month, or an earlier version fitted it."""

    groups: Mapping[str, Groups] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    mixtures: Mapping[str, Mixture] = field(default_factory=dict)
    contradicted: frozenset[tuple[str, str]] = frozenset()


def read_before(step: Step, month: str) -> Before:
    """What mart_cluster_profile keeps of a month; also opens `cluster_before` and `watch_before`."""
    step.view("mart_cluster_profile", "profile_file", where=equal("month", month))
    step.view("mart_customer_cluster", "cluster_file", where=equal("month", month))
    step.view("mart_cluster_watch", "watch_file", where=equal("month", month))
    step.make(read_model(ROOM, "cluster_before"), "cluster_before", {"month": month})
    step.make(read_model(ROOM, "watch_before"), "watch_before", {"month": month})
    groups: dict[str, Groups] = {}
    classes: dict[str, str] = {}
    mixtures: dict[str, Mixture] = {}
    contradicted = set()
    for kind, code, fit, claim in step.rows(read_model(ROOM, "profile_before"), {"month": month}):
        kept = json.loads(fit)
        if kind == "value_group" and kept:
            classes[code] = kept["class"]
            if kept["fit"] is not None:
                groups[kept["brand"]] = _groups(kept["fit"])
        elif kind in ("consumption", "behaviour") and kept:
            mixtures[kind] = _mixture(kept)
        if claim == "contradicted":
            contradicted.add((kind, code))
    return Before(groups, classes, mixtures, frozenset(contradicted))


def written_groups(fit: Groups | None) -> dict[str, Any] | None:
    """Groups as JSON can hold them."""
    if fit is None:
        return None
    return {
        "bounds": list(fit.bounds),
        "scales": [list(scale) for scale in fit.scales],
        "centres": fit.centres.tolist(),
    }


def _groups(kept: Mapping[str, Any]) -> Groups:
    low, high = kept["bounds"]
    scales = tuple((median, mean, spread) for median, mean, spread in kept["scales"])
    return Groups((low, high), scales, np.array(kept["centres"]), {}, 0)


def written_mixture(fit: Mixture | None) -> dict[str, Any]:
    """Classes as JSON can hold them."""
    if fit is None:
        return {}
    return {
        "outcomes": list(fit.outcomes),
        "weights": fit.weights.tolist(),
        "log_chances": fit.log_chances.tolist(),
        "overall": fit.overall.tolist(),
    }


def _mixture(kept: Mapping[str, Any]) -> Mixture:
    outcomes: Sequence[str] = kept["outcomes"]
    weights, log_chances, overall = (
        np.array(kept[name], dtype=float) for name in ("weights", "log_chances", "overall")
    )
    return Mixture(tuple(outcomes), weights, log_chances, overall, {}, 0)
