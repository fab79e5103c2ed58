"""The bias check: whether some group's candidates are listed far more, or far less often than all candidates are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from mend.repair.publishing.intervals import newcombe, wilson

Verdict = Literal["within", "outside", "unknown"]
WHAT: Final = {
    "age_band": ("age band", "年龄段"),
    "gender": ("gender", "性别"),
    "city": ("city", "地市"),
    "value": ("value cluster", "价值分群"),
}
VERDICTS: Final = {
    "within": ("within the bound", "在界限内"),
    "outside": ("outside of the bound", "超出界限"),
    "unknown": ("too few candidates to tell", "样本不足，无法判断"),
}


@dataclass(frozen=True)
class Counted:
    """A group's candidates, and how many of them are listed."""

    what_code: str
    group_code: str
    candidates: int
    listed: int


@dataclass(frozen=True)
class GroupShare:
    """A group's share with its interval, its difference from all candidates' share with its interval, and what that
    means.
    """

    what_code: str
    group_code: str
    candidates: int
    listed: int
    share: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    verdict_code: Verdict


def check_bias(groups: Iterable[Counted], bound: float, least_candidates: int) -> tuple[GroupShare, ...]:
    """Every group judged against the bound.

    A group is compared with the candidates that are not in it, and the result is stated as the distance from all
    candidates' share. It is outside when the distance is over the bound and its interval leaves zero out; over the
    bound with zero inside, or with fewer candidates than stated, nobody can tell: unknown, for the approver to look at.

    >>> [each] = check_bias([Counted("gender", "f", 100, 10)], 0.1, 30)
    >>> each.share, each.difference, each.verdict_code
    (0.1, 0.0, 'within')
    """
    found = list(groups)
    totals: dict[str, tuple[int, int]] = {}
    for each in found:
        candidates, listed = totals.get(each.what_code, (0, 0))
        totals[each.what_code] = candidates + each.candidates, listed + each.listed
    return tuple(_share(each, *totals[each.what_code], bound, least_candidates) for each in found)


def _share(group: Counted, candidates: int, listed: int, bound: float, least: int) -> GroupShare:
    """The difference from all is the part of the difference from the others that the group is not itself."""
    low, high = wilson(group.listed, group.candidates)
    others = candidates - group.candidates
    part = others / candidates if candidates else 0.0
    ends = newcombe(group.listed, group.candidates, listed - group.listed, others) if others else (0.0, 0.0)
    share = group.listed / group.candidates if group.candidates else 0.0
    difference = share - listed / candidates if others else 0.0
    return GroupShare(
        group.what_code,
        group.group_code,
        group.candidates,
        group.listed,
        share,
        low,
        high,
        difference,
        part * ends[0],
        part * ends[1],
        _verdict(difference, (ends[0], ends[1]), group.candidates, bound, least),
    )


def _verdict(difference: float, ends: tuple[float, float], candidates: int, bound: float, least: int) -> Verdict:
    if abs(difference) <= bound:
        return "within"
    is_sure = candidates >= least and (ends[0] > 0 or ends[1] < 0)
    return "outside" if is_sure else "unknown"


def needs_reason(shares: Iterable[GroupShare]) -> bool:
    """Whether the approval stops until a person writes why."""
    return any(each.verdict_code == "outside" for each in shares)
