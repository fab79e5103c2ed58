"""The month's clusters: value within brands, consumption and behaviour; fitted on a sample, every customer assigned,
labels only where they are earned, held against the month after, described in words and pictures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters.claims import Judged, judge
from mend.grumbles.clusters.figures import make_figures, make_later
from mend.grumbles.clusters.keeping import Before, read_before
from mend.grumbles.clusters.labels import Labelled, work_out_labels
from mend.grumbles.clusters.picture import write_profiles
from mend.grumbles.clusters.profiles import Month, make_profiles
from mend.grumbles.clusters.rules import ClusterRules, KindName, Words, rules_on
from mend.grumbles.clusters.stability import watch
from mend.grumbles.clusters.value import work_out_value

ROOM: Final = "grumbles/clusters"
KINDS: Final[tuple[KindName, ...]] = ("consumption", "behaviour")
TABLES: Final = {
    "mart_customer_cluster": "customer_cluster",
    "mart_cluster_profile": "profile",
    "mart_cluster_watch": "watched",
}


@dataclass(frozen=True)
class ClusterReport:
    """A month's clusters: customers, each cluster's share by kind, numbers of clusters (1: the data holds no
    groups), the share of customers who hardly moved and kept their label, labels that were withdrawn, what no source
    carries, the folder.
    """

    month: str
    customers: int
    value_shares: Mapping[str, float]
    consumption_shares: Mapping[str, float]
    behaviour_shares: Mapping[str, float]
    value_number: int
    consumption_number: int
    behaviour_number: int
    kept_shares: Mapping[str, float]
    withdrawn: tuple[str, ...]
    absent_features: tuple[str, ...]
    matched_month: str | None
    folder: str | None


def fit_clusters(home: Home, bench: Workbench, month: str) -> ClusterReport:
    """Write mart_customer_cluster, mart_cluster_profile and mart_cluster_watch of a month (YYYY-MM), and the
    profiles below `reports/clusters/<month>`.

    Raises:
        ClusterRuleError: naming file and rule, when the rules are broken.
    """
    rules = rules_on(days_of(month)[-1], home.root / "rules" / "clusters")
    with open_step(bench, "clusters") as step:
        if not make_figures(step, rules, month):
            for table in TABLES:
                bench.lake.replace(table, equal("month", month), [])
            return ClusterReport(month, 0, {}, {}, {}, 0, 0, 0, {}, (), (), None, None)
        found, profiles = _worked_out(step, rules, month)
        _write(step, month, profiles)
    folder = home.root / "reports" / "clusters" / month
    write_profiles(folder, month, profiles, _labels(rules))
    return _report(found, profiles, str(folder))


def _worked_out(step: Step, rules: ClusterRules, month: str) -> tuple[Month, list[dict[str, Any]]]:
    """Make `customer_cluster` and `watched`; gives what was found and the rows of mart_cluster_profile."""
    month_of_before = month_before(days_of(month)[0])
    before = read_before(step, month_of_before)
    value = work_out_value(step, rules, before.groups, before.classes)
    kinds: dict[str, Labelled] = {
        kind: work_out_labels(step, kind, rules.kinds[kind], rules.settings, before.mixtures.get(kind))
        for kind in KINDS
    }
    judged = _judged(step, rules, month, kinds)
    withdrawn = _withdrawn(step, rules, kinds, judged, before)
    # Nobody has a label that was withdrawn, so nothing says anything of its claim: what is known of it is kept.
    judged |= {
        key: replace(judged[key], state=why)
        for key, why in withdrawn.items()
        if why == "contradicted" and key in judged
    }
    step.put("withdrawn", {"kind_code": "varchar", "code": "varchar"}, sorted(withdrawn))
    defaults = {f"{kind}_default": kinds[kind].rules.default for kind in KINDS}
    values = {"month": month, "value_default": rules.value.default, **defaults}
    step.run(read_model(ROOM, "customer_cluster"), values)
    counts = {(kind, code): customers for kind, code, customers in step.rows(read_model(ROOM, "cluster_count"))}
    kept = watch(step, rules, month)
    found = Month(month, month_of_before, rules, value, kinds, counts, kept, judged, withdrawn)
    return found, make_profiles(step, found)


def _judged(
    step: Step, rules: ClusterRules, month: str, kinds: Mapping[str, Labelled]
) -> dict[tuple[str, str], Judged]:
    """Every label's claim, held against what last month's customers of that label did in this month."""
    make_later(step, rules, month)
    counts: dict[str, dict[tuple[str, str], tuple[int, int]]] = {kind: {} for kind in kinds}
    for kind, code, question, customers, true in step.rows(read_model(ROOM, "claim_count")):
        counts[kind][code, question] = (customers, true)
    return {
        (name, label): judge(claim, label, counts[name], rules.settings.confidence_customers)
        for name, kind in kinds.items()
        for label, claim in kind.rules.claims.items()
    }


def _withdrawn(
    step: Step,
    rules: ClusterRules,
    kinds: Mapping[str, Labelled],
    judged: Mapping[tuple[str, str], Judged],
    before: Before,
) -> dict[tuple[str, str], str]:
    """Labels that were found and are not given, with the reason: their claim was contradicted (and, while the
    classes stay and nothing else is known, still is), or too few would have them."""
    counts = {(kind, code): count for kind, code, count in step.rows(read_model(ROOM, "label_count"))}
    withdrawn = {}
    for (kind, code), customers in sorted(counts.items()):
        if code == kinds[kind].rules.default:
            continue
        state = judged[kind, code].state if (kind, code) in judged else "not_measured"
        is_still_so = (kind, code) in before.contradicted and kinds[kind].is_kept and state not in ("confirmed", "open")
        if state == "contradicted" or is_still_so:
            withdrawn[kind, code] = "contradicted"
        elif customers < rules.settings.least_share * sum(each for (of, _), each in counts.items() if of == kind):
            withdrawn[kind, code] = "small"
    return withdrawn


def _write(step: Step, month: str, profiles: list[dict[str, Any]]) -> None:
    rows = [{**row, **{name: json.dumps(row[name]) for name in ("centre", "rates")}} for row in profiles]
    step.put_rows("profile", "mart_cluster_profile", rows)
    for table, name in TABLES.items():
        step.bench.lake.replace(table, equal("month", month), step.write(table, name))


def _labels(rules: ClusterRules) -> dict[str, str]:
    """English and Chinese words of every feature."""
    described: dict[str, Words] = dict(rules.value.features.items())
    for kind in rules.kinds.values():
        described |= kind.features
    return {name: f"{words.en} {words.zh}" for name, words in described.items()}


def _report(found: Month, profiles: list[dict[str, Any]], folder: str) -> ClusterReport:
    shares: dict[str, dict[str, float]] = {kind: {} for kind in ("value", *KINDS)}
    for row in profiles:
        if row["kind_code"] in shares:
            shares[row["kind_code"]][row["cluster_code"]] = row["share"]
    absent = [name for name, spread in found.value.spreads.items() if not spread]
    absent += [name for kind in found.kinds.values() for name in kind.absent]
    is_kept = bool(found.value.kept) or any(kind.is_kept for kind in found.kinds.values())
    return ClusterReport(
        found.month,
        sum(count for (kind, _), count in found.counts.items() if kind == "value"),
        shares["value"],
        shares["consumption"],
        shares["behaviour"],
        found.value.number,
        found.kinds["consumption"].number,
        found.kinds["behaviour"].number,
        {kind: kept.share for kind, kept in found.kept.items() if kept.share is not None},
        tuple(code for _, code in sorted(found.withdrawn)),
        tuple(absent),
        found.before if is_kept else None,
        folder,
    )
