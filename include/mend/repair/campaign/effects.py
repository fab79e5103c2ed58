"""How probable it is that a strategy helps: what was expected beforehand, moved by what was measured as far as that is
sure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mend.foundation.lake.filters import at_most
from mend.foundation.pipeline.runner import Step
from mend.foundation.schema import TABLES
from mend.repair.strategies import StrategySet
from mend.repair.strategies.strategy import Prior

BAD_OUTCOMES: Final = ("repeat_contact", "complaint", "churn")  # less of them is a help
WIDTH_OF_95: Final = 2 * 1.959963984540054  # standard deviations
DIGITS: Final = 12  # what is kept of a chance: the same after it was written and read


@dataclass(frozen=True)
class Measured:
    """One past effect: by how much a strategy made something bad rarer (as a share of customers), and how sure."""

    helped_share: float
    deviation: float


@dataclass(frozen=True)
class Chance:
    """The probability that a strategy helps a customer, with its 95 % interval. Under 0 it harms."""

    probability: float
    low: float
    high: float

    def as_list(self) -> list[float]:
        return [self.probability, self.low, self.high]


def chance_of(prior: Prior, measured: Sequence[Measured]) -> Chance:
    """Prior and measurements, each weighed by how sure it is (the inverse of its variance).

    >>> prior = Prior(lift_points=4, probability=0.5, uncertainty=2)
    >>> chance_of(prior, []).probability, chance_of(prior, [Measured(-0.1, 0.01)]).probability < 0
    (0.5, True)
    """
    if prior.lift_points <= 0:
        return Chance(0.0, 0.0, 0.0)  # what is expected to help nobody is given to nobody
    known = [(prior.probability, max(prior.uncertainty / prior.lift_points, 1e-6))]
    known += [(each.helped_share, max(each.deviation, 1e-6)) for each in measured]
    weight = sum(1 / deviation**2 for _, deviation in known)
    mean = sum(share / deviation**2 for share, deviation in known) / weight
    reach = WIDTH_OF_95 / 2 / math.sqrt(weight)
    return Chance(*(round(each, DIGITS) for each in (mean, max(-1.0, mean - reach), min(1.0, mean + reach))))


def chances(step: Step, rules: StrategySet, month: str) -> dict[str, Chance]:
    """The chance of each strategy, by what was measured of months before the given one."""
    past = _past(step, month)
    return {strategy.code: chance_of(strategy.prior, past.get(strategy.code, [])) for strategy in rules.strategies}


def _past(step: Step, month: str) -> dict[str, list[Measured]]:
    """Past effects by strategy: of each the newest month of which there is one. No table yet: nothing was measured."""
    from mend.foundation.pipeline.model import read_model

    if "mart_effect" not in TABLES:
        return {}
    step.view("mart_effect", "effect_file", where=at_most("month", month))
    rows = step.rows(
        read_model("repair/campaign", "campaign_effect"),
        {"month": month, "bad_outcomes": list(BAD_OUTCOMES), "width": WIDTH_OF_95},
    )
    found: dict[str, list[Measured]] = {}
    for strategy, share, deviation, _ in rows:
        found.setdefault(strategy, []).append(Measured(share, deviation))
    return found
