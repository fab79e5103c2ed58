"""Effects by group, honestly: whoever picks the worst of many groups finds one, luck alone sees to that. So one half of
the customers picks the groups that care seems to harm, and the other half, which had no part in it, measures them; then
the halves change places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.statistics import holm
from mend.repair.effect.estimates import ALPHA, Estimate, estimate
from mend.repair.effect.moments import Moments

HALVES: Final = 2
LEAST_CUSTOMERS: Final = 50  # in each arm of each half
CHOOSING_P: Final = 0.2  # a half picks a group when harm is this unlikely by luck: to pick is not to judge


@dataclass(frozen=True)
class GroupCell:
    """Both arms of a group in one half of the customers."""

    grouping: str
    group: str
    half: int
    treated: Moments
    control: Moments


@dataclass(frozen=True)
class GroupEffect:
    """The effect on a group as the half `cell.half` measures it; the other half found `found_difference`, and says
    whether the group is chosen.
    """

    cell: GroupCell
    found_difference: float
    measured: Estimate
    is_chosen: bool
    adjusted_p_value: float
    verdict: Literal["left_alone", "no_proof"]


def uplift_by_group(cells: Iterable[GroupCell], is_share: bool, is_good_high: bool) -> list[GroupEffect]:
    """Each group as both halves measure it, in order. A group is better left alone when one half picks it and the other
    confirms harm, after Holm over what was picked; each direction spends half of the 5 %.
    """
    by_group: dict[tuple[str, str], list[GroupCell]] = defaultdict(list)
    for cell in cells:
        if min(cell.treated.count, cell.control.count) >= LEAST_CUSTOMERS:
            by_group[cell.grouping, cell.group].append(cell)
    pairs = [sorted(found, key=lambda cell: cell.half) for _, found in sorted(by_group.items()) if len(found) == HALVES]
    return [
        effect
        for half in range(HALVES)
        for effect in _measured([(pair[1 - half], pair[half]) for pair in pairs], is_share, is_good_high)
    ]


def _measured(pairs: Sequence[tuple[GroupCell, GroupCell]], is_share: bool, is_good_high: bool) -> list[GroupEffect]:
    """One direction: of each pair the first cell finds, the second measures."""
    found = [estimate(cell.treated, cell.control, is_share) for cell, _ in pairs]
    measured = [estimate(cell.treated, cell.control, is_share) for _, cell in pairs]
    chosen = [_is_harm(each, is_good_high) and each.interval.p_value < CHOOSING_P for each in found]
    places = [place for place, is_chosen in enumerate(chosen) if is_chosen]
    adjusted = dict(zip(places, holm([measured[place].interval.p_value for place in places]), strict=True))
    effects = []
    for place, (_, cell) in enumerate(pairs):
        p_value = min(1.0, HALVES * adjusted[place]) if place in adjusted else 1.0
        is_harm = p_value < ALPHA and _is_harm(measured[place], is_good_high)
        effects.append(
            GroupEffect(
                cell,
                found[place].interval.estimate,
                measured[place],
                chosen[place],
                p_value,
                "left_alone" if is_harm else "no_proof",
            )
        )
    return effects


def _is_harm(found: Estimate, is_good_high: bool) -> bool:
    return found.interval.estimate < 0 if is_good_high else found.interval.estimate > 0
