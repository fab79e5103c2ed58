"""May somebody give so much? Allowed, the next level, or nobody: pure functions of limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Why: TypeAlias = Literal["not_positive", "no_money", "over_every_limit"]
# Why nobody may give it: English, Chinese.
REASONS: Final[Mapping[Why, tuple[str, str]]] = {
    "not_positive": ("a compensation is a whole number of yuan, 1 or more", "补偿金额须为1元以上的整数"),
    "no_money": ("this playbook gives no money: offer the alternative", "该预案不作金钱补偿，请提供替代方案"),
    "over_every_limit": ("more than any level may give for one case", "超过各级单次补偿上限"),
}  # fmt: skip


@dataclass(frozen=True)
class Allowed:
    """Within the level's own authority; `left` yuan may still be given for the case."""

    left: int


@dataclass(frozen=True)
class NextLevel:
    """Over the level's authority: the lowest level that may decide, and its limit for the case."""

    level_code: str
    limit: int


@dataclass(frozen=True)
class Refused:
    """Nobody may give it."""

    why: Why

    def words(self, language: str) -> str:
        """Why, in English ('en') or Chinese ('zh')."""
        return REASONS[self.why][language == "zh"]


Answer: TypeAlias = Allowed | NextLevel | Refused


def authorise(amount: int, level_code: str, limits: Mapping[str, int], levels: Sequence[str], given: int = 0) -> Answer:
    """Whether somebody of a level may give so much. A limit holds for the whole case: what was given for it before
    counts, so that no sum is split into parts under the limit.

    Args:
        limits: yuan for one case by level.
        levels: codes of all levels, the lowest first; KeyError when level_code is none of them.
        given: yuan given for the case before.

    >>> limits = {"agent": 10, "leader": 30}
    >>> authorise(10, "agent", limits, ["agent", "leader"])
    Allowed(left=0)
    >>> authorise(5, "agent", limits, ["agent", "leader"], given=10)
    NextLevel(level_code='leader', limit=30)
    """
    own = limits[level_code]
    if isinstance(amount, bool) or amount < 1:
        return Refused("not_positive")
    if not any(limits.values()):
        return Refused("no_money")
    whole = given + amount
    if whole <= own:
        return Allowed(own - whole)
    above = levels[list(levels).index(level_code) + 1 :]
    for each in above:
        if whole <= limits[each]:
            return NextLevel(each, limits[each])
    return Refused("over_every_limit")
