"""The month's clusters: fitted on a sample, named as last month, every customer assigned, each described in words and a
picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters.assignment import nearest, shares
from mend.grumbles.clusters.features import make_features
from mend.grumbles.clusters.fitting import CRITERION, Fitted, Scale, fit_clusters_of
from mend.grumbles.clusters.naming import Before, Named, name_clusters
from mend.grumbles.clusters.picture import write_profiles
from mend.grumbles.clusters.rules import ClusterRules, Kind, rules_on
from mend.grumbles.clusters.words import describe

ROOM: Final = "grumbles/clusters"


@dataclass(frozen=True)
class ClusterReport:
    """A month's clusters: customers, each cluster's share by kind, numbers of clusters, features that no source
    carries, the folder.
    """

    month: str
    customers: int
    value_shares: Mapping[str, float]
    behaviour_shares: Mapping[str, float]
    value_number: int
    behaviour_number: int
    absent_features: tuple[str, ...]
    matched_month: str | None
    folder: str | None


@dataclass(frozen=True)
class _Kind:
    """One kind worked out: what was fitted (None: nothing to fit), the names of its centres, and the month they were
    matched to.
    """

    name: str
    rules: Kind
    fitted: Fitted | None
    named: list[Named]
    matched_month: str | None


def fit_clusters(home: Home, bench: Workbench, month: str) -> ClusterReport:
    """Write mart_customer_cluster and mart_cluster_profile of a month (YYYY-MM), and the profiles below
    `reports/clusters/<month>`.

    Raises:
        ClusterRuleError: naming file and rule, when the rules are broken.
    """
    rules = rules_on(days_of(month)[-1], home.root / "rules" / "clusters")
    with open_step(bench, "clusters") as step:
        customers = make_features(step, rules, month)
        if not customers:
            for table in ("mart_customer_cluster", "mart_cluster_profile"):
                bench.lake.replace(table, equal("month", month), [])
            return ClusterReport(month, 0, {}, {}, 0, 0, (), None, None)
        kinds = {name: _worked_out(step, rules, month, name) for name in ("value", "behaviour")}
        profiles = _assign(step, month, kinds)
        _write(step, month, profiles)
    folder = home.root / "reports" / "clusters" / month
    labels = {name: f"{words.en} {words.zh}" for kind in kinds.values() for name, words in kind.rules.features.items()}
    write_profiles(folder, month, profiles, labels)
    return _report(month, customers, kinds, profiles, str(folder))


def _worked_out(step: Step, rules: ClusterRules, month: str, name: str) -> _Kind:
    kind = rules.kinds[name]  # type: ignore[index]
    before_month = month_before(days_of(month)[0])
    before = _before(step, before_month, name)
    fitted = fit_clusters_of(
        _sample(step, rules, kind, name), kind.features, kind.numbers, rules.settings, len(before) or None
    )
    known = [each for each in before if each.name in kind.names]  # a code of an earlier version names nothing now
    named = [] if fitted is None else name_clusters(fitted, kind.names, known, rules.settings.largest_drift)
    is_matched = any(each.drift is not None for each in named)
    return _Kind(name, kind, fitted, named, before_month if is_matched else None)


def _sample(step: Step, rules: ClusterRules, kind: Kind, name: str) -> dict[str, Any]:
    """The features of the customers with the smallest digests, in that order; NaN where not known."""
    features = ", ".join(f"cast({feature} as double) as {feature}" for feature in kind.features)
    values = {"is_of_shown": name == "behaviour", "most_rows": rules.settings.sample_customers}
    rows = step.arrow(read_model(ROOM, "sample"), values, {"features": features})
    return {feature: rows[feature].to_numpy() for feature in kind.features}


def _before(step: Step, month: str, kind: str) -> list[Before]:
    """Last month's fitted centres of the kind, by name."""
    step.view("mart_cluster_profile", "profile_file", where=equal("month", month))
    return [
        Before(name, json.loads(centre), {feature: Scale(*values) for feature, values in json.loads(scale).items()})
        for kind_code, name, centre, scale in step.rows(read_model(ROOM, "profile_before"))
        if kind_code == kind and json.loads(centre)
    ]


def _assign(step: Step, month: str, kinds: Mapping[str, _Kind]) -> list[dict[str, Any]]:
    """Make `customer_cluster`; gives the rows of mart_cluster_profile."""
    for name, kind in kinds.items():
        expression, values = nearest(kind.rules, kind.fitted, kind.named)
        if name == "behaviour":
            expression = f"case when is_silent then $silent else {expression} end"
            values["silent"] = kind.rules.default
        step.make(read_model(ROOM, "customer_kind"), f"customer_{name}", values, {"nearest": expression})
    step.run(read_model(ROOM, "customer_cluster"), {"month": month})
    counted = step.rows(read_model(ROOM, "cluster_count"))
    counts = {name: {code: customers for of, code, customers in counted if of == name} for name in kinds}
    return [row for name, kind in kinds.items() for row in _profiles(month, kind, counts[name])]


def _profiles(month: str, kind: _Kind, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Rows of mart_cluster_profile; a name without a centre (the default of those who did nothing) has an empty one."""
    share = shares(counts)
    places = {each.name: place for place, each in enumerate(kind.named)}
    fitted = kind.fitted
    facts = {
        "month": month,
        "kind_code": kind.name,
        "cluster_number": 1 if fitted is None else fitted.number,
        "criterion_code": "none" if fitted is None else CRITERION,
        "criterion": 0.0 if fitted is None else fitted.criteria[fitted.number],
        "criteria": json.dumps(
            {} if fitted is None else {str(number): value for number, value in fitted.criteria.items()}
        ),
        "absent_features": ",".join(kind.rules.features if fitted is None else fitted.absent),
        "scale": json.dumps(
            {} if fitted is None else {name: [s.median, s.mean, s.spread] for name, s in fitted.scales.items()}
        ),
        "matched_month": kind.matched_month,
    }
    return [
        {
            **facts,
            "cluster_code": name,
            "customer_count": counts.get(name, 0),
            "share": share.get(name, 0.0),
            "centre": _centre(fitted, places.get(name)),
            "words_en": describe(kind.rules, name, fitted, places.get(name), "en"),
            "words_zh": describe(kind.rules, name, fitted, places.get(name), "zh"),
            "drift": kind.named[places[name]].drift if name in places else None,
        }
        for name in kind.rules.names
        if name in counts or name in places
    ]


def _centre(fitted: Fitted | None, place: int | None) -> dict[str, float]:
    if fitted is None or place is None:
        return {}
    return {feature: float(value) for feature, value in zip(fitted.features, fitted.centres[place], strict=True)}


def _write(step: Step, month: str, profiles: list[dict[str, Any]]) -> None:
    import pyarrow as pa

    step.put_arrow("profile", pa.Table.from_pylist([{**row, "centre": json.dumps(row["centre"])} for row in profiles]))
    for table, name in (("mart_customer_cluster", "customer_cluster"), ("mart_cluster_profile", "profile")):
        step.bench.lake.replace(table, equal("month", month), step.write(table, name))


def _report(
    month: str, customers: int, kinds: Mapping[str, _Kind], profiles: list[dict[str, Any]], folder: str
) -> ClusterReport:
    share = {
        kind: {row["cluster_code"]: row["share"] for row in profiles if row["kind_code"] == kind} for kind in kinds
    }
    number = {name: 1 if kind.fitted is None else kind.fitted.number for name, kind in kinds.items()}
    absent = tuple(
        feature
        for kind in kinds.values()
        for feature in (kind.rules.features if kind.fitted is None else kind.fitted.absent)
    )
    matched = next((kind.matched_month for kind in kinds.values() if kind.matched_month), None)
    return ClusterReport(
        month,
        customers,
        share["value"],
        share["behaviour"],
        number["value"],
        number["behaviour"],
        absent,
        matched,
        folder,
    )
