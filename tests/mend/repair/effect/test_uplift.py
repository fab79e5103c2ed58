"""Groups better left alone: planted harm is found in the half that had no part in choosing it; luck is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from mend.repair.effect.moments import moments_of_values
from mend.repair.effect.uplift import GroupCell, uplift_by_group

GROUPS = [f"g{place}" for place in range(12)]


def cells(seed: int, effects: Mapping[str, float], customers: int = 1_200) -> list[GroupCell]:
    """Complaints of 15 in 100; in each group and half, `customers` treated and a fifth of that held out."""
    luck = np.random.default_rng(seed)

    def arm(count: int, chance: float) -> np.ndarray:
        return luck.binomial(1, chance, count).astype(float)

    return [
        GroupCell(
            "segment",
            group,
            half,
            moments_of_values(arm(customers, 0.15 + effects.get(group, 0.0))),
            moments_of_values(arm(customers // 5, 0.15)),
        )
        for group in GROUPS
        for half in (0, 1)
    ]


def test_a_group_that_care_harms_is_found_and_measured() -> None:
    found = uplift_by_group(cells(3, {"g4": 0.12}), is_share=True, is_good_high=False)
    alone = [each for each in found if each.verdict == "left_alone"]
    assert {each.cell.group for each in alone} == {"g4"}
    assert all(each.measured.interval.low < 0.12 < each.measured.interval.high for each in alone)


def test_a_group_that_care_helps_is_never_left_alone() -> None:
    for seed in range(20):
        found = uplift_by_group(cells(seed, {"g4": -0.08}), is_share=True, is_good_high=False)
        assert not [each for each in found if each.cell.group == "g4" and each.verdict == "left_alone"]


def test_without_harm_groups_are_left_alone_as_seldom_as_stated_while_the_worst_of_all_always_looks_harmed() -> None:
    wrong, worst = 0, []
    for seed in range(400):
        found = uplift_by_group(cells(seed, {}, 300), is_share=True, is_good_high=False)
        wrong += any(each.verdict == "left_alone" for each in found)
        first = [each for each in found if each.cell.half == 0]
        worst.append(max(first, key=lambda each: each.found_difference))
    assert wrong / 400 <= 0.05
    assert np.mean([each.found_difference for each in worst]) > 0.06  # what the choosing half says of the worst group
    assert np.mean([each.measured.interval.estimate for each in worst]) == pytest.approx(
        0.0, abs=0.006
    )  # and the other


def test_what_is_better_turns_with_the_outcome() -> None:
    """The same figures as retention, of which more is better, are no harm."""
    found = uplift_by_group(cells(3, {"g4": 0.12}), is_share=True, is_good_high=True)
    assert not [each for each in found if each.cell.group == "g4" and each.verdict == "left_alone"]


def test_a_group_with_too_few_customers_in_one_half_is_left_out() -> None:
    given = [cell for cell in cells(1, {}) if cell.group in ("g0", "g1")]
    few = moments_of_values(np.zeros(20))
    given[0] = GroupCell("segment", "g0", 0, given[0].treated, few)
    found = uplift_by_group(given, is_share=True, is_good_high=False)
    assert {each.cell.group for each in found} == {"g1"}
