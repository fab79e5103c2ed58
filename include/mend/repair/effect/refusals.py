"""Why a comparison is refused: values with a name, which tables and reports must show, with English and Chinese words.

Each check gives the refusals that it finds; nothing found is nothing refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.statistics import (
    DOUBT_P,
    LARGE_IMBALANCE,
    LEAST_P,
    StandardisedDifference,
    is_ratio_broken,
    is_unbalanced,
    of_categories,
    of_means,
    of_shares,
    sample_ratio,
)
from mend.repair.effect.moments import Moments

LEAST_CUSTOMERS: Final = 50  # in each arm
LEAST_CATEGORY: Final = 0.05  # categories smaller than this share are taken together
# Arms by our own names; one of a file keeps the name that the file gives it.
ARMS_ZH: Final = {"treated": "实验组", "control": "对照组"}
Reason = Literal[
    "one_arm",
    "too_few",
    "sample_ratio",
    "imbalance",
    "missing_differs",
    "outcome_unknown",
    "follow_up_open",
    "share_unknown",
]


@dataclass(frozen=True)
class Refusal:
    """A reason not to compare: its name, what it is about, what was found against what is allowed, and its words."""

    reason: Reason
    subject: str
    value: float | None
    bound: float | None
    en: str
    zh: str


def sizes(counts: Mapping[str, int], least: int = LEAST_CUSTOMERS) -> list[Refusal]:
    """Arms without customers, or with too few to say anything.

    >>> [(each.reason, each.subject) for each in sizes({"offered": 900, "held out": 12})]
    [('too_few', 'held out')]
    """
    empty = [name for name, customers in counts.items() if customers == 0]
    if empty or len(counts) < 2:
        name = empty[0] if empty else "control"
        return [
            Refusal(
                "one_arm",
                name,
                0.0,
                1.0,
                f"one arm only: {name} has no customers, so there is nothing to compare with",
                f"只有一组：{ARMS_ZH.get(name, name)}没有客户，无从比较",
            )
        ]
    return [
        Refusal(
            "too_few",
            name,
            float(customers),
            float(least),
            f"too few customers: {name} has {customers}; from {least} on a comparison says something",
            f"人数不足：{ARMS_ZH.get(name, name)}仅{customers}人，至少需{least}人",
        )
        for name, customers in counts.items()
        if customers < least
    ]


def ratio(counts: Mapping[str, int], shares: Sequence[float]) -> list[Refusal]:
    """Arms that are not as large as planned: customers got lost, or came, on one side. What is left is not what was
    drawn.

    >>> [each.reason for each in ratio({"offered": 60_000, "held out": 3_600}, [95, 5])]
    ['sample_ratio']
    """
    found = sample_ratio(list(counts.values()), shares)
    if not is_ratio_broken(found):
        return []
    whole = math.fsum(shares)
    planned = {name: share / whole for name, share in zip(counts, shares, strict=True)}
    seen = {name: customers / sum(counts.values()) for name, customers in counts.items()}
    is_rare = found.p_value < LEAST_P
    said = ", ".join(f"{name} {counts[name]} ({seen[name]:.2%}, planned {planned[name]:.2%})" for name in counts)
    said_zh = "，".join(
        f"{ARMS_ZH.get(name, name)}{counts[name]}人（占{seen[name]:.2%}，计划{planned[name]:.2%}）" for name in counts
    )
    by = f"p = {found.p_value:.1g}" if is_rare else f"w = {found.distance:.2f}"
    return [
        Refusal(
            "sample_ratio",
            "arms",
            found.p_value if is_rare else found.distance,
            LEAST_P if is_rare else LARGE_IMBALANCE,
            f"sample ratio: {said}; {by}. Customers are missing on one side: the comparison is refused",
            f"样本比例不符：{said_zh}；{by}。有一组客户缺失，拒绝比较",
        )
    ]


def balance(
    figures: Sequence[StandardisedDifference],
    names: Mapping[str, tuple[str, str]] | None = None,
    is_random: bool = True,
) -> list[Refusal]:
    """The figure of the month before in which the arms differ most, when it is too much.

    Args:
        names: English and Chinese of each figure.
    """
    failed = [each for each in figures if is_unbalanced(each, len(figures), is_random)]
    if not failed:
        return []
    worst = max(failed, key=lambda each: (abs(each.difference), each.name))
    return [_imbalance(worst, (names or {}).get(worst.name, (worst.name, worst.name)), len(figures))]


def composition(
    groupings: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]],
    names: Mapping[str, tuple[str, str]] | None = None,
    is_random: bool = True,
) -> list[Refusal]:
    """The group that one arm has more of than the other, when it is too much."""
    found = [
        each
        for name, (treated, control) in groupings.items()
        if any(treated.values()) and any(control.values())
        for each in of_categories(name, treated, control, _least(treated, control))
    ]
    failed = [each for each in found if is_unbalanced(each, len(found), is_random)]
    if not failed:
        return []
    worst = max(failed, key=lambda each: (abs(each.difference), each.name))
    name, _, group = worst.name.partition(" ")
    words = (names or {}).get(name, (name, name))
    return [_imbalance(worst, (f"{words[0]} {group}", f"{words[1]}{group}"), len(found))]


def missing(treated: Moments, control: Moments, outcomes: int = 1) -> list[Refusal]:
    """An outcome that is not known of anybody, or of more customers in one arm than in the other: who is missing is
    then no matter of luck.

    Args:
        outcomes: so many are looked at together.
    """
    if treated.count == 0 or control.count == 0:
        return [
            Refusal(
                "outcome_unknown",
                "outcome",
                0.0,
                1.0,
                "outcome unknown: it is not known of any customer of one arm",
                "结果未知：有一组客户的结果全部缺失",
            )
        ]
    found = of_shares("missing", treated.missing, treated.customers, control.missing, control.customers)
    if not is_unbalanced(found, outcomes):
        return []
    return [
        Refusal(
            "missing_differs",
            "outcome",
            found.difference,
            LARGE_IMBALANCE,
            f"missing outcomes differ: not known of {found.first:.1%} of the treated and {found.second:.1%} of the "
            f"control (standardised difference {found.difference:.2f}, p = {found.p_value:.1g})",
            f"缺失不均：实验组{found.first:.1%}、对照组{found.second:.1%}的客户结果未知"
            f"（标准化差异{found.difference:.2f}，p={found.p_value:.1g}）",
        )
    ]


def difference_of(name: str, treated: Moments, control: Moments) -> StandardisedDifference:
    """The standardised difference of a figure of which both arms' moments are known."""
    return of_means(
        name, (treated.mean, control.mean), (treated.variance, control.variance), (treated.count, control.count)
    )


def _least(treated: Mapping[str, int], control: Mapping[str, int]) -> int:
    return max(30, math.ceil(LEAST_CATEGORY * (sum(treated.values()) + sum(control.values()))))


def _imbalance(worst: StandardisedDifference, words: tuple[str, str], tests: int) -> Refusal:
    is_large = abs(worst.difference) >= LARGE_IMBALANCE
    said = f"{worst.first:.4g} / {worst.second:.4g}"
    bounds = f"{LARGE_IMBALANCE}, p {DOUBT_P / tests:.1g}" if is_large else f"p {LEAST_P / tests:.1g}"
    return Refusal(
        "imbalance",
        worst.name,
        worst.difference if is_large else worst.p_value,
        LARGE_IMBALANCE if is_large else LEAST_P / tests,
        f"not balanced before: {words[0]} {said} (standardised difference {worst.difference:.2f}, 95 % interval "
        f"{worst.low:.2f} to {worst.high:.2f}, p = {worst.p_value:.1g}; allowed {bounds}). A difference in outcome "
        f"would be one of the customers: the comparison is refused",
        f"活动前两组不均衡：{words[1]} {said}（标准化差异{worst.difference:.2f}，"
        f"95%区间{worst.low:.2f}至{worst.high:.2f}，p={worst.p_value:.1g}；允许{bounds}）"
        f"。结果差异可能来自客户构成，拒绝比较",
    )
