"""From sums to what may be said: each comparison is refused, with its reasons, or judged. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from mend.repair.effect import refusals
from mend.repair.effect.estimates import ALPHA, Estimate, Verdict, adjusted_p_values, estimate, verdict
from mend.repair.effect.moments import UNIT, Moments, moments_of
from mend.repair.effect.outcomes import FIGURES, OUTCOMES, Outcome, outcome
from mend.repair.effect.reading import ArmCount, Arms, Before, GroupArms, Key, Read, make_up
from mend.repair.effect.refusals import Refusal
from mend.repair.effect.uplift import GroupCell, GroupEffect, uplift_by_group

Shares: TypeAlias = Mapping[tuple[str, str], float | None]  # by month and strategy
GROUPING_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "level": ("level", "受损等级"),
    "segment": ("segment", "受损分群"),
    "value": ("value", "价值分群"),
    "age": ("age band", "年龄段"),
    "gender": ("gender", "性别"),
    "city": ("city", "地市"),
}


@dataclass(frozen=True)
class Look:
    """Which look of how many this is, and what it may spend of the 5 %."""

    number: int = 1
    alpha: float = ALPHA


@dataclass(frozen=True)
class BeforeAfter:
    """The treated before and after, which is all that a report without a control shows; and what became of the
    held-out customers, whom nobody treated.
    """

    before: float
    after: float
    control_before: float
    control_after: float

    @property
    def naive_change(self) -> float:
        return self.after - self.before

    @property
    def regression_to_mean(self) -> float:
        return self.control_after - self.control_before


@dataclass(frozen=True)
class Result:
    """An effect that may be shown."""

    key: Key
    outcome: Outcome
    treated: Moments
    control: Moments
    found: Estimate
    adjusted_p_value: float
    verdict: Verdict
    look: Look
    before_after: BeforeAfter | None


@dataclass(frozen=True)
class Refused:
    """A comparison that may not be shown; of one outcome, or of all (None)."""

    key: Key
    outcome_code: str | None
    refusal: Refusal


@dataclass(frozen=True)
class GroupResult:
    """The effect on a group, by outcome."""

    key: Key
    outcome: Outcome
    effect: GroupEffect


@dataclass(frozen=True)
class Judged:
    """All that is said of some comparisons."""

    results: tuple[Result, ...] = ()
    refused: tuple[Refused, ...] = ()
    groups: tuple[GroupResult, ...] = ()

    def __add__(self, other: Judged) -> Judged:
        return Judged(self.results + other.results, self.refused + other.refused, self.groups + other.groups)


def judge(read: Read, shares: Shares, look: Look | None = None) -> Judged:
    """Judge every comparison.

    Args:
        shares: planned share of held-out customers by month and strategy ("all": the universal arm); where there is
            none, nobody knows it.
        look: of the cumulative effect, which is looked at every month.
    """
    look = look or Look()
    made: list[Result] = []
    refused: list[Refused] = []
    groups: list[GroupResult] = []
    for key in sorted(read.outcomes, key=lambda key: (key.estimand, key.strategy)):
        found = reasons_to_refuse(read, key, shares)
        if found:
            refused += [Refused(key, None, each) for each in found]
            continue
        for code, arms in read.outcomes[key].items():
            result = _result(key, outcome(code, key.estimand), arms, look)
            if isinstance(result, Result):
                made.append(result)
            else:
                refused += [Refused(key, code, each) for each in result]
        groups += _groups(key, read.groups.get(key, {}))
    return Judged(tuple(_corrected(made)), tuple(refused), tuple(groups))


def reasons_to_refuse(read: Read, key: Key, shares: Shares) -> list[Refusal]:
    """Why a comparison is refused as a whole: nobody in an arm, arms of other sizes than planned, other customers."""
    counts = {
        "treated": sum(each.treated for each in read.arms[key]),
        "control": sum(each.control for each in read.arms[key]),
    }
    if found := refusals.sizes(counts):
        return found
    is_random = key.estimand != "listed"  # how many shadows there are follows from the prices: no ratio was planned
    found = _ratio(key, read.arms[key], counts, shares) if is_random else []
    figures = [
        refusals.difference_of(name, *moments_of(arms.treated, arms.control))
        for name, arms in read.figures.get(key, {}).items()
        if arms.treated.count and arms.control.count
    ]
    found += refusals.balance(figures, FIGURES, is_random)
    return found + refusals.composition(make_up(read.groups.get(key, {})), GROUPING_WORDS, is_random)


def _ratio(key: Key, arms: Sequence[ArmCount], counts: Mapping[str, int], shares: Shares) -> list[Refusal]:
    """Each month draws by its own share; each id of a person is a draw of its own, and one is enough to be held out."""
    planned = {each.month: shares.get((each.month, key.strategy)) for each in arms}
    for month, share in sorted(planned.items()):
        if share is not None and 0 < share < 1:
            continue
        said = "no share" if share is None else f"a share of {share:g}"
        return [
            Refusal(
                "share_unknown",
                "arms",
                share,
                None,
                f"planned share unknown: the version of {month} names {said} to be held out, but there are held-out "
                f"customers",
                f"计划比例未知：{month}的版本未给出对照比例，却有对照客户",
            )
        ]
    held_out = math.fsum(
        (each.treated + each.control) * (1 - (1 - (planned[each.month] or 0)) ** each.ids) for each in arms
    )
    return refusals.ratio(counts, [sum(counts.values()) - held_out, held_out])


def _result(key: Key, measured: Outcome, arms: Arms, look: Look) -> Result | list[Refusal]:
    treated, control = moments_of(arms.treated, arms.control)
    found = refusals.missing(treated, control, len(OUTCOMES)) or refusals.sizes(
        {"treated": treated.count, "control": control.count}
    )
    if found:
        return found
    made = estimate(treated, control, measured.is_share, 1 - look.alpha)
    before_after = _before_after(arms.treated_before, arms.control_before)
    return Result(key, measured, treated, control, made, made.interval.p_value, "no_proof", look, before_after)


def _before_after(treated: Before, control: Before) -> BeforeAfter | None:
    if not treated.count or not control.count:
        return None
    sides = (
        (treated.before, treated.count),
        (treated.after, treated.count),
        (control.before, control.count),
        (control.after, control.count),
    )
    return BeforeAfter(*(total / count / UNIT for total, count in sides))


def _corrected(results: Sequence[Result]) -> list[Result]:
    """Holm over all outcomes and strategies of an estimand: they are read together."""
    done: list[Result] = []
    for estimand in sorted({each.key.estimand for each in results}):
        family = [each for each in results if each.key.estimand == estimand]
        adjusted = adjusted_p_values([each.found.interval.p_value for each in family], family[0].look.alpha)
        done += [
            replace(
                each, adjusted_p_value=value, verdict=verdict(each.found.interval, value, each.outcome.is_good_high)
            )
            for each, value in zip(family, adjusted, strict=True)
        ]
    return done


def _groups(key: Key, groups: Mapping[str, Sequence[GroupArms]]) -> list[GroupResult]:
    if key.estimand != "itt":
        return []
    found = []
    for code, cells in groups.items():
        measured = outcome(code, key.estimand)
        pairs = [(each, moments_of(each.treated, each.control)) for each in cells]
        given = [GroupCell(each.grouping, each.group, each.half, *arms) for each, arms in pairs]
        effects = uplift_by_group(given, measured.is_share, measured.is_good_high)
        found += [GroupResult(key, measured, effect) for effect in effects]
    return found
