"""The rows of mart_cluster_profile: every label of the month with its size, what sets it apart, and how far it
holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters import words
from mend.grumbles.clusters.claims import Judged
from mend.grumbles.clusters.groups import CRITERION as VALLEY
from mend.grumbles.clusters.keeping import written_groups, written_mixture
from mend.grumbles.clusters.labels import WHO, Labelled
from mend.grumbles.clusters.mixture import CRITERION as ICL
from mend.grumbles.clusters.rules import ClusterRules
from mend.grumbles.clusters.stability import Kept
from mend.grumbles.clusters.value import GroupSum, Value

ROOM: Final = "grumbles/clusters"
Row = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """Everything that a month's profiles are made of. `sums`: outcomes by kind and label; `judged`: claims by kind and
    label; `withdrawn`: labels by kind that were found and are not given, with the reason."""

    month: str
    before: str
    rules: ClusterRules
    value: Value
    kinds: Mapping[str, Labelled]
    counts: Mapping[tuple[str, str], int]
    kept: Mapping[str, Kept]
    judged: Mapping[tuple[str, str], Judged]
    withdrawn: Mapping[tuple[str, str], str]


def make_profiles(step: Step, month: Month) -> list[Row]:
    """The rows, in the order of kinds and of their names in the rules."""
    labelled = [row for kind in month.kinds.values() for row in _kind_rows(step, month, kind)]
    return [*_value_rows(month), *_group_rows(month), *labelled]


def _value_rows(month: Month) -> list[Row]:
    value, rules = month.value, month.rules.value
    by_class = {
        name: [group for group in value.sums if value.classes[group.code] == name] for name in ("high", "normal", "low")
    }
    overall = _together(value.sums)
    steps = [_together(groups).spend_amount for groups in by_class.values() if groups]
    factor = min((richer / max(poorer, 1e-9) for richer, poorer in pairwise(steps)), default=0.0)
    rows = []
    for name, groups in by_class.items():
        if ("value", name) in month.counts:
            own = _together(groups) if groups else None
            centre = _offs(own, overall, value.spreads)
            rates = {} if own is None else {"spend_amount": round(own.spend_amount, 2), **_rounded(own.means)}
            text = words.value_words(rules, name, centre, rates, value.number, bool(value.sums))
            facts = _facts(month, "value", name, value.number, "spend_factor", factor, {})
            absent = ",".join(feature for feature in rules.features if not value.spreads[feature])
            rows.append({**facts, **text, "centre": centre, "rates": rates, "absent_features": absent})
    return rows


def _group_rows(month: Month) -> list[Row]:
    value = month.value
    overall = _together(value.sums)
    rows = []
    for group in value.sums:
        brand = next(
            (name for name in value.fits if group.code == name or group.code.startswith(f"{name}:")), group.code
        )
        fit = value.fits.get(brand)
        number = 1 if fit is None else fit.number
        criteria = {} if fit is None else fit.criteria
        centre, rates = (
            _offs(group, overall, value.spreads),
            {"spend_amount": round(group.spend_amount, 2), **_rounded(group.means)},
        )
        text = words.group_words(month.rules.value, value.classes[group.code], centre, rates, fit)
        facts = _facts(month, "value_group", group.code, number, VALLEY, criteria.get(number, 0.0), criteria)
        kept = {"brand": brand, "class": value.classes[group.code], "fit": written_groups(fit)}
        is_kept = brand in value.kept
        rows.append({
            **facts, **text, "centre": centre, "rates": rates, "fit": json.dumps(kept, ensure_ascii=False),
            "matched_month": month.before if is_kept else None, "drift": 0.0 if is_kept else None,
        })  # fmt: skip
    return rows


def _kind_rows(step: Step, month: Month, kind: Labelled) -> list[Row]:
    outcomes = [outcome for block in kind.rules.blocks.values() for outcome in block]
    fills = {
        "label": f"{kind.kind}_code",
        "sums": ", ".join(f"cast(sum({outcome}) as bigint) as {outcome}" for outcome in outcomes),
        "who": WHO[kind.kind],
    }
    sums = {
        row[0]: dict(zip(outcomes, row[2:], strict=True))
        for row in step.rows(read_model(ROOM, "label_sum"), fills=fills)
    }
    everybody = {outcome: sum(each[outcome] for each in sums.values()) for outcome in outcomes}
    fitted = kind.fitted
    rows = []
    for name in kind.rules.names:
        if (kind.kind, name) not in month.counts and (kind.kind, name) not in month.withdrawn:
            continue
        centre = _log_odds(kind, sums.get(name, {}), everybody)
        rates = _rates(kind, sums.get(name, {}))
        criterion = 0.0 if fitted is None else float(fitted.criteria.get(fitted.number, 0.0))
        criteria = {} if fitted is None else fitted.criteria
        claim = month.judged.get((kind.kind, name))
        why = month.withdrawn.get((kind.kind, name))
        text = words.label_words(kind, name, centre, rates, claim, why)
        rows.append({
            **_facts(month, kind.kind, name, kind.number, ICL, criterion, criteria), **text,
            **_claim(kind, name, claim),
            "centre": centre, "rates": rates, "fit": json.dumps(written_mixture(fitted)),
            "absent_features": ",".join(kind.absent),
            "matched_month": month.before if kind.is_kept else None, "drift": 0.0 if kind.is_kept else None,
        })  # fmt: skip
    return rows


def _facts(
    month: Month,
    kind: str,
    code: str,
    number: int,
    criterion_code: str,
    criterion: float,
    criteria: Mapping[int, float],
) -> Row:
    customers = sum(count for (of, _), count in month.counts.items() if of == "value")
    count = month.counts.get((kind, code), 0)
    kept = month.kept.get(kind)
    return {
        "month": month.month, "kind_code": kind, "cluster_code": code, "customer_count": count,
        "share": round(count / customers, 6), "scale": "{}", "cluster_number": number,
        "criterion_code": criterion_code, "criterion": round(float(criterion), 6),
        "criteria": json.dumps({str(tried): round(float(found), 6) for tried, found in criteria.items()}),
        "absent_features": "", "matched_month": None, "drift": None, "fit": "{}",
        "still_customer_count": None if kept is None else kept.still,
        "kept_share": None if kept is None else kept.share,
        **dict.fromkeys((
            "claim_en", "claim_zh", "claim_state_code", "claim_customer_count", "claim_share", "other_customer_count",
            "other_share", "claim_low", "claim_high",
        )),
    }  # fmt: skip


def _claim(kind: Labelled, name: str, found: Judged | None) -> Row:
    claim = kind.rules.claims.get(name)
    if claim is None or found is None:
        return {}
    return {
        "claim_en": claim.en, "claim_zh": claim.zh, "claim_state_code": found.state,
        "claim_customer_count": found.customers, "claim_share": found.share,
        "other_customer_count": found.other_customers, "other_share": found.other_share,
        "claim_low": found.low, "claim_high": found.high,
    }  # fmt: skip


def _together(groups: Sequence[GroupSum]) -> GroupSum:
    customers = sum(group.customers for group in groups) or 1
    names = {name for group in groups for name in group.means}
    means = {}
    for name in sorted(names):
        known = [group for group in groups if name in group.means]
        means[name] = sum(group.means[name] * group.customers for group in known) / sum(
            group.customers for group in known
        )
    spend = sum(group.spend_amount * group.customers for group in groups) / customers
    return GroupSum("", customers, spend, means)


def _offs(own: GroupSum | None, overall: GroupSum, spreads: Mapping[str, float]) -> dict[str, float]:
    """Standard deviations above the mean of all."""
    if own is None:
        return {}
    return {
        name: round((own.means[name] - overall.means[name]) / spreads[name], 6)
        for name in spreads
        if spreads[name] and name in own.means
    }


def _rounded(means: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in means.items()}


def _rates(kind: Labelled, sums: Mapping[str, int]) -> dict[str, float]:
    """Each feature's share of its block, of those whom the label was given."""
    found: dict[str, float] = {}
    for block in kind.rules.blocks.values():
        of = sum(sums.get(outcome, 0) for outcome in block)
        found |= {outcome: round(sums[outcome] / of, 4) for outcome in block if of and outcome in kind.rules.features}
    return found


def _log_odds(kind: Labelled, own: Mapping[str, int], everybody: Mapping[str, int]) -> dict[str, float]:
    """Log odds of each feature less everybody's; half a matter is added on each side, so that none is without end."""
    found: dict[str, float] = {}
    for name, block in kind.rules.blocks.items():
        of, of_all = (sum(sums.get(outcome, 0) for outcome in block) for sums in (own, everybody))
        if not of or name in kind.absent:
            continue
        for outcome in block:
            if outcome in kind.rules.features:
                odds = [
                    (sums[outcome] + 0.5) / (total - sums[outcome] + 0.5)
                    for sums, total in ((own, of), (everybody, of_all))
                ]
                found[outcome] = round(float(np.log(odds[0] / odds[1])), 6)
    return found
