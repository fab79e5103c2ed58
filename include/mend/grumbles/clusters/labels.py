"""Consumption and behaviour: classes of customers by what they did, the labels that the classes earn, and every
customer's label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters.mixture import Mixture, MixtureSettings, fit_mixture
from mend.grumbles.clusters.rules import ClusterSettings, Kind, Name

ROOM: Final = "grumbles/clusters"
WHO: Final = {
    "consumption": "traditional_count + ivr_sms_count + web_wap_count > 0",
    "behaviour": "is_shown",
}
FARTHEST: Final = 6.0  # log odds: no chance is farther from everybody's


@dataclass(frozen=True)
class Labelled:
    """A kind worked out: what was fitted (None: nothing to tell customers by), the label of each class, and the
    blocks that no source carries."""

    kind: str
    rules: Kind
    fitted: Mixture | None
    labels: Sequence[str]
    absent: tuple[str, ...]
    is_kept: bool

    @property
    def number(self) -> int:
        """The number of classes found; 1: the data holds no groups."""
        return 1 if self.fitted is None else self.fitted.number


def work_out_labels(step: Step, kind: str, rules: Kind, settings: ClusterSettings, before: Mixture | None) -> Labelled:
    """Make `customer_<kind>` (customer_id, code) of everybody whom the kind is about.

    Args:
        before: last month's classes; they stay in force while this month's are near them.
    """
    blocks = {name: outcomes for name, outcomes in rules.blocks.items() if _is_there(step, kind, outcomes)}
    absent = tuple(name for name in rules.blocks if name not in blocks)
    fitted = _fitted(step, kind, rules, settings, list(blocks.values()), before) if blocks else None
    is_kept = fitted is not None and before is not None and _is_near(fitted, before, settings.keep_shift)
    if is_kept:
        assert fitted is not None
        assert before is not None
        fitted = replace(before, criteria=fitted.criteria, customers=fitted.customers)
    labels = [] if fitted is None else labels_of(fitted, rules)
    _assign(step, kind, rules, fitted, labels)
    return Labelled(kind, rules, fitted, labels, absent, is_kept)


def _is_there(step: Step, kind: str, outcomes: Sequence[str]) -> bool:
    """Whether some customers show each of two outcomes: one that never comes tells nobody apart, or is not recorded."""
    sums = ", ".join(f"sum({outcome}) as {outcome}" for outcome in outcomes)
    found = step.rows(read_model(ROOM, "outcome_sum"), fills={"sums": sums, "who": WHO[kind]})[0]
    return sum(bool(each) for each in found) > 1


def _fitted(
    step: Step, kind: str, rules: Kind, settings: ClusterSettings, blocks: list[tuple[str, ...]], before: Mixture | None
) -> Mixture | None:
    outcomes = [outcome for block in blocks for outcome in block]
    rows = step.arrow(
        read_model(ROOM, "behaviour_sample"),
        {"most_rows": settings.classified_customers, "least_matters": rules.least_matters},
        {"who": WHO[kind], "matters": " + ".join(outcomes)},
    )
    return fit_mixture(
        {outcome: rows[outcome].to_numpy().astype(float) for outcome in outcomes},
        blocks,
        MixtureSettings(
            *(rules.numbers, settings.starts, settings.seed, settings.minimum_customers, settings.least_share),
            rules.least_gain,
        ),
        None if before is None else before.number,
    )


def _is_near(new: Mixture, old: Mixture, largest: float) -> bool:
    """Whether last month's classes, matched so that they are nearest, are no farther (root mean square of log odds)."""
    from scipy.optimize import linear_sum_assignment

    if new.outcomes != old.outcomes or new.number != old.number:
        return False
    now, then = (log_odds_of(each.log_chances) for each in (new, old))
    weight = np.exp(old.log_chances)[None, :, :]  # an outcome that hardly comes is known by few
    squares = np.square(now[:, None, :] - then[None, :, :])
    apart = np.sqrt((weight * squares).sum(axis=2) / weight.sum(axis=2))
    rows, columns = linear_sum_assignment(apart)
    return bool(apart[rows, columns].max() <= largest)


def log_odds_of(log_chances: Any) -> Any:
    """Log odds of log chances, none farther from even than is worth telling."""
    chances = np.clip(np.exp(log_chances), 1e-4, 1 - 1e-4)
    return np.log(chances / (1 - chances))


def against_all(fitted: Mixture) -> list[dict[str, float]]:
    """For each class and outcome: its log odds less everybody's."""
    offs = np.clip(log_odds_of(fitted.log_chances) - log_odds_of(fitted.overall), -FARTHEST, FARTHEST)
    return [dict(zip(fitted.outcomes, row.tolist(), strict=True)) for row in offs]


def labels_of(fitted: Mixture, rules: Kind) -> list[str]:
    """The label that each class earns: of those whose words its chances fit the best; the default where none does."""
    return [_earned(offs, rules) for offs in against_all(fitted)]


def _earned(offs: Mapping[str, float], rules: Kind) -> str:
    fitting = {name: words for name, words in rules.names.items() if name != rules.default and fits(offs, words)}
    if not fitting:
        return rules.default
    return max(
        fitting, key=lambda name: sum(weight * offs.get(on, 0.0) for on, weight in fitting[name].weights.items())
    )


def fits(offs: Mapping[str, float], words: Name) -> bool:
    """Whether log odds against everybody's are what the words say; what the source does not carry says nothing, and
    a label that needs it is not given.

    >>> words = Name(en="angry", zh="怒", least={"angry": 0.7})
    >>> fits({"angry": 0.9}, words), fits({"angry": 0.5}, words), fits({}, words)
    (True, False, False)
    """
    return (
        words.needs <= set(offs)
        and all(offs[on] >= least for on, least in words.least.items())
        and all(offs[on] <= most for on, most in words.most.items())
        and (not words.one_of or any(offs.get(on, -FARTHEST) >= least for on, least in words.one_of.items()))
    )


def _assign(step: Step, kind: str, rules: Kind, fitted: Mixture | None, labels: Sequence[str]) -> None:
    """Make `customer_<kind>`: the likeliest class in SQL, a sum over outcomes of count x log chance."""
    values: dict[str, Any] = {"names": list(labels) or [rules.default], "default_name": rules.default}
    scores = ["0.0"]
    if fitted is not None:
        scores = [_score(fitted, place, rules.names[label].own, values) for place, label in enumerate(labels)]
    fills = {"scores": f"[{', '.join(scores)}]", "who": WHO[kind]}
    step.make(read_model(ROOM, "customer_label"), f"customer_{kind}", values, fills)


def _score(fitted: Mixture, place: int, own: Sequence[str], values: dict[str, Any]) -> str:
    terms = []
    for number, outcome in enumerate(fitted.outcomes):
        key = f"chance_{place}_{number}"
        values[key] = float(fitted.log_chances[place, number])
        terms.append(f"{outcome} * ${key}")
    values[f"weight_{place}"] = round(float(np.log(max(fitted.weights[place], 1e-9))), 6)
    score = f"round($weight_{place} + {' + '.join(terms)}, 9)"
    shown = " + ".join(outcome for outcome in own if outcome in fitted.outcomes)
    return f"case when {shown} > 0 then {score} else -1e300 end" if shown else score
