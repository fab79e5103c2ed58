"""What cannot be allocated is refused with field, row and value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mend.repair.allocation import AllocationError, Problem, allocate, replay

GOOD = Problem(
    customer=np.array([0, 0, 1]),
    strategy=np.array([1, 4, 1]),
    benefit=np.array([5, 6, 7]),
    cost=np.array([0, 10, 0]),
    city=np.array([2, 2]),
    seats={(1, 2): 1},
)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"strategy": np.array([1, 4])}, "strategy has 2 rows, customer has 3"),
        ({"benefit": np.array([1.5, 2, 3])}, "benefit is float64; give whole numbers"),
        ({"customer": np.array([0, 0, 2])}, "customer of row 2 is 2; give a number from 0 to 1"),
        ({"customer": np.array([0, 1, 0])}, "customer of row 2 is before that of the row above"),
        ({"benefit": np.array([5, -1, 7])}, "benefit of row 1 is -1"),
        ({"benefit": np.array([5, 2**24 + 1, 7])}, "benefit of row 1 is 16777217"),
        ({"cost": np.array([0, 0, -3])}, "cost of row 2 is -3"),
        ({"strategy": np.array([1, 1, 1])}, "strategy 1 of customer 0 is there in row 0 and in row 1"),
        ({"seats": {(1, 2): -1}}, r"seats of \(1, 2\) is -1"),
        ({"budgets": {(1, 2): 2.5}}, r"budgets of \(1, 2\) is 2.5"),
        ({"totals": {1: True}}, "totals of 1 is True"),
        ({"floors": {2: None}}, "floors of 2 is None"),
    ],
)
def test_a_problem_that_is_not_sound_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(AllocationError, match=words):
        allocate(replace(GOOD, **wrong))


def test_a_pair_twice_is_found_though_other_rows_are_between() -> None:
    twice = Problem(*(np.array(each) for each in ([0, 0, 0], [1, 4, 1], [5, 6, 7], [0, 0, 0], [2])))
    with pytest.raises(AllocationError, match="strategy 1 of customer 0 is there in row 0 and in row 2"):
        allocate(twice)


def test_flows_of_other_inputs_are_refused() -> None:
    flows = allocate(GOOD).flows
    assert replay(GOOD, flows).chosen.tolist() == [4, 1]
    for other in ({"benefit": np.array([5, 6, 8])}, {"seats": {(1, 2): 2}}, {"city": np.array([2, 3])}):
        with pytest.raises(AllocationError, match="flows are of other inputs"):
            replay(replace(GOOD, **other), flows)
    with pytest.raises(AllocationError, match="these bytes are no flows"):
        replay(GOOD, b"something else")
    with pytest.raises(AllocationError, match="cut short"):
        replay(GOOD, flows[:-1])
