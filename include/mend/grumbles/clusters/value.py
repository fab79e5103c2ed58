"""Value of customers: groups within each brand, then the groups of all brands in classes by what their customers
spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final

import numpy as np

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters.groups import Groups, fit_groups
from mend.grumbles.clusters.rules import VALUE_FEATURES, ClusterRules, ValueRules

ROOM: Final = "grumbles/clusters"
TEN_THOUSANDTHS: Final = 1e4


@dataclass(frozen=True)
class GroupSum:
    """A group of all customers: how many, what they spend in the mean (within the brand's bounds), means of the
    features."""

    code: str
    customers: int
    spend_amount: float
    means: Mapping[str, float]


@dataclass(frozen=True)
class Value:
    """The month's value: each brand's groups (None: too few to tell), every group's sum, the class of each group,
    and how features are spread over the sample."""

    fits: Mapping[str, Groups | None]
    kept: frozenset[str]
    sums: Sequence[GroupSum]
    classes: Mapping[str, str]
    spreads: Mapping[str, float]

    @property
    def number(self) -> int:
        """How many classes customers are in; 1: nothing sets them apart."""
        return len(set(self.classes.values())) or 1


def work_out_value(
    step: Step, rules: ClusterRules, before: Mapping[str, Groups], classes_before: Mapping[str, str]
) -> Value:
    """Make `customer_group` and `value_class`.

    Args:
        before: last month's groups of each brand; they stay while this month's are near them.
        classes_before: last month's class of each group; it stays while classes are as far apart as the rules say.
    """
    rows = step.arrow(read_model(ROOM, "value_sample"), {"most_rows": rules.settings.sample_customers})
    brands = np.array(rows["brand_code"].to_pylist(), dtype=object)
    columns: dict[str, Any] = {name: rows[name].to_numpy() for name in VALUE_FEATURES}
    fits, kept = {}, set()
    for brand in sorted(set(brands)):
        chosen = {name: column[brands == brand] for name, column in columns.items()}
        old = before.get(brand)
        fitted = fit_groups(chosen, rules.value, rules.settings, None if old is None else old.number)
        if fitted is not None and old is not None and _is_near(fitted, old, rules.settings.keep_shift):
            fitted = Groups(old.bounds, old.scales, old.centres, fitted.criteria, fitted.customers)
            kept.add(brand)
        fits[brand] = fitted
    _place(step, fits)
    sums = _sums(step)
    classes = classes_of(sums, rules.value, classes_before)
    step.put("value_class", {"value_group_code": "varchar", "value_code": "varchar"}, sorted(classes.items()))
    spreads = {name: _spread(column) for name, column in columns.items()}
    return Value(fits, frozenset(kept), sums, classes, spreads)


def _spread(column: Any) -> float:
    known = column[~np.isnan(column)]
    return round(float(known.std()), 6) if len(known) else 0.0


def _is_near(new: Groups, old: Groups, largest: float) -> bool:
    """Whether each centre is no farther from last month's of its place (root mean square of last month's standard
    deviations)."""
    if new.number != old.number:
        return False
    moved = []
    for place, (_, mean, spread) in enumerate(old.scales):
        now = new.scales[place][1] + new.scales[place][2] * new.centres[:, place]
        moved.append((now - mean) / spread - old.centres[:, place])
    return bool(np.sqrt(np.mean(np.square(moved), axis=0)).max() <= largest)


def _place(step: Step, fits: Mapping[str, Groups | None]) -> None:
    """Every customer into a group, in SQL: ten million customers need no Python."""
    bounds = [(brand, *fit.bounds) for brand, fit in fits.items() if fit is not None]
    step.put("brand_bound", {"brand_code": "varchar", "low": "double", "high": "double"}, bounds)
    values: dict[str, Any] = {}
    cases = []
    for place, (brand, fit) in enumerate(fits.items()):
        if fit is not None and fit.number > 1:
            values[f"brand_{place}"] = brand
            listed = f"[{', '.join(_distances(fit, place, values))}]"
            cases.append(f"when brand_code = $brand_{place} then list_position({listed}, list_min({listed}))")
    number = f"case {' '.join(cases)} end" if cases else "null"
    step.make(read_model(ROOM, "customer_group"), "customer_group", values, {"number": number})


def _distances(fit: Groups, place: int, values: dict[str, Any]) -> list[str]:
    columns = {"age": "age", "tenure_months": "tenure_months", "spend": "bounded"}
    points = []
    for name, (median, mean, spread) in zip(VALUE_FEATURES, fit.scales, strict=True):
        key = f"{name}_{place}"
        values |= {f"{key}_median": median, f"{key}_mean": mean, f"{key}_spread": spread}
        points.append(f"(coalesce({columns[name]}, ${key}_median) - ${key}_mean) / ${key}_spread")
    distances = []
    for number, centre in enumerate(fit.centres):
        terms = []
        for feature, (point, at) in enumerate(zip(points, centre, strict=True)):
            key = f"centre_{place}_{number}_{feature}"
            values[key] = float(at)
            terms.append(f"pow({point} - ${key}, 2)")
        distances.append(f"round({' + '.join(terms)}, 9)")
    return distances


def _sums(step: Step) -> list[GroupSum]:
    """What each group's customers are like; those whose spend nobody knows are in none."""
    found = []
    for code, customers, amount, spend, age, ages, tenure, tenures in step.rows(read_model(ROOM, "group_sum")):
        if code is not None:
            means = {"spend": spend / customers / TEN_THOUSANDTHS}
            means |= {"age": age / ages / TEN_THOUSANDTHS} if ages else {}
            means |= {"tenure_months": tenure / tenures / TEN_THOUSANDTHS} if tenures else {}
            found.append(GroupSum(code, customers, amount / customers / TEN_THOUSANDTHS, means))
    return found


def classes_of(groups: Sequence[GroupSum], rules: ValueRules, before: Mapping[str, str]) -> dict[str, str]:
    """high, normal or low for each group: the most classes whose mean spend rises by the factor; of these the ones
    that are nearest together within (least squares of the logarithms), or last month's.

    Of two classes the larger is normal. All groups are normal where no two classes are so far apart.
    """
    ordered = sorted(groups, key=lambda group: (group.spend_amount, group.code))
    for number in (3, 2):
        possible = []
        for cuts in combinations(range(1, len(ordered)), number - 1):
            parts = [ordered[begin:end] for begin, end in pairwise((0, *cuts, len(ordered)))]
            ratio = min(_mean(richer) / max(_mean(poorer), 1e-9) for poorer, richer in pairwise(parts))
            if ratio >= rules.factor:
                possible.append((_named(parts), sum(map(_squares, parts))))
        if stays := [named for named, _ in possible if named == before]:
            return stays[0]
        if possible:
            return min(possible, key=lambda each: each[1])[0]
    return {group.code: rules.default for group in ordered}


def _mean(groups: Sequence[GroupSum]) -> float:
    return sum(group.spend_amount * group.customers for group in groups) / sum(group.customers for group in groups)


def _squares(groups: Sequence[GroupSum]) -> float:
    """Squared distances of the logarithms of spend from their mean, customer by customer."""
    customers = np.array([group.customers for group in groups], dtype=float)
    spend = np.log1p([max(group.spend_amount, 0.0) for group in groups])
    return float(customers @ np.square(spend - np.average(spend, weights=customers)))


def _named(parts: Sequence[Sequence[GroupSum]]) -> dict[str, str]:
    names = ["low", "normal", "high"]
    if len(parts) == 2:
        poorer, richer = (sum(group.customers for group in part) for part in parts)
        names = ["low", "normal"] if richer >= poorer else ["normal", "high"]
    return {group.code: name for name, part in zip(names, parts, strict=True) for group in part}
