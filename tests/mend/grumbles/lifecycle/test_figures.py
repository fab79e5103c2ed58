"""Key points and leaving from counts: planted ones are found, luck is not, too little data says nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from pathlib import Path

import pytest
import yaml

from mend.grumbles.lifecycle.errors import LifecycleRuleError
from mend.grumbles.lifecycle.figures import (
    ALL,
    STAGES,
    Group,
    Point,
    PointCount,
    groups_of,
    judge_points,
    measure_leaving,
    tendencies,
)
from mend.grumbles.lifecycle.rules import FOLDER, rules_on

RULES = rules_on(dt.date(2026, 3, 31))
POINTS = [f"point_{number}" for number in range(20)]
MONTHS = 200


def judged(counts: dict[tuple[str, str | None], int], wholes: dict[str, int]) -> dict[tuple[str, str | None], Point]:
    """Points of counts of customers; each customer grumbled once."""
    points = [PointCount(stage, point, customers, customers) for (stage, point), customers in counts.items()]
    return {
        (each.count.stage, each.count.point): each
        for each in judge_points(points, [PointCount(s, None, n, n) for s, n in wholes.items()], RULES)
    }


def test_a_point_that_is_more_frequent_at_one_stage_is_its_key_point_and_fewer_elsewhere() -> None:
    found = judged(
        {
            ("exploration", "marketing"): 40,
            ("stable", "marketing"): 30,
            ("exploration", "roaming"): 10,
            ("stable", "roaming"): 41,
        },
        {"exploration": 100, "stable": 400},
    )
    key = found["exploration", "marketing"]
    assert (key.verdict, key.rank, key.share, key.other_share) == ("key", 1, 0.4, 0.075)
    assert key.difference is not None
    assert key.difference.estimate == pytest.approx(0.325)
    assert (round(key.difference.low, 3), round(key.difference.high, 3)) == (
        0.226,
        0.424,
    )  # 41 of 102 against 31 of 402, by hand
    assert found["stable", "marketing"].verdict == "less"
    assert found["exploration", "roaming"].verdict == "no_proof"


def test_the_unknown_stage_and_what_is_unclassified_are_counted_and_not_compared() -> None:
    found = judged(
        {("unknown", "marketing"): 50, ("stable", "marketing"): 10, ("decline", "marketing"): 10, ("stable", None): 90},
        {"unknown": 50, "stable": 100, "decline": 100},
    )
    assert found["unknown", "marketing"].verdict == "not_compared"
    assert found["stable", None].verdict == "not_compared"
    assert (found["stable", "marketing"].others, found["stable", "marketing"].other_whole) == (10, 100)


def test_under_thirty_grumbling_customers_or_five_with_the_point_there_is_too_little_data() -> None:
    few = judged({("decline", "marketing"): 29, ("stable", "marketing"): 1}, {"decline": 29, "stable": 1000})
    assert few["decline", "marketing"].verdict == "too_little_data"
    assert few["decline", "marketing"].difference is None
    rare = judged({("decline", "marketing"): 4, ("stable", "roaming"): 9}, {"decline": 40, "stable": 100_000})
    assert rare["decline", "marketing"].verdict == "too_little_data"
    assert rare["decline", "marketing"].difference is not None


def test_in_two_hundred_months_in_which_the_stages_grumble_alike_key_points_are_as_rare_as_stated() -> None:
    chance = random.Random(18)
    weights = [1 / (number + 1) for number in range(len(POINTS))]
    sizes = {"exploration": 60, "formation": 200, "stable": 2000, "decline": 120}
    false = 0
    for _ in range(MONTHS):
        drawn = [(stage, point) for stage, size in sizes.items() for point in chance.choices(POINTS, weights, k=size)]
        false += any(each.verdict == "key" for each in judged(dict(Counter(drawn)), sizes).values())
    assert false <= 18  # at 5 % a month more than 18 of 200 have a chance under 1 %


def test_a_planted_point_of_a_stage_is_found_and_no_other() -> None:
    chance = random.Random(19)
    sizes = {"exploration": 300, "formation": 300, "stable": 3000, "decline": 300}
    drawn = [
        (stage, "point_0" if stage == "decline" and chance.random() < 0.2 else chance.choice(POINTS))
        for stage, size in sizes.items()
        for _ in range(size)
    ]
    found = judged(dict(Counter(drawn)), sizes)
    assert [place for place, each in found.items() if each.verdict == "key"] == [("decline", "point_0")]


def test_ranks_go_by_grumbles_and_shares_of_a_stage_add_up() -> None:
    counts = [PointCount("stable", "b", 5, 2), PointCount("stable", "a", 5, 2), PointCount("stable", None, 9, 4)]
    found = judge_points(counts, [PointCount("stable", None, 19, 7)], RULES)
    assert [(each.count.point, each.rank) for each in found] == [(None, 1), ("a", 2), ("b", 3)]
    assert sum(each.count.grumbles / each.whole.grumbles for each in found) == 1


def leavings(*groups: Group) -> dict[tuple[str, int], tuple[str, float | None]]:
    counted = {
        (each.stage, each.level): {"before": each.before, "followed": each.followed, "left": each.left}
        for each in groups
    }
    found = measure_leaving(groups_of(counted), RULES)
    return {(each.group.stage, each.group.level): (each.verdict, each.share) for each in found}


def test_nobody_followed_is_not_observed_and_never_zero() -> None:
    found = leavings(Group("stable", 2, before=500), Group("decline", 2, before=40, followed=29, left=9))
    assert found["stable", 2] == ("not_observed", None)
    assert found["decline", 2] == ("too_little_data", None)
    assert found["exploration", 4] == ("not_observed", None)


def test_the_share_that_left_has_wilsons_interval_and_stands_beside_the_undamaged() -> None:
    counted = {
        ("stable", 0): {"before": 1000, "followed": 1000, "left": 20},
        ("stable", 3): {"before": 110, "followed": 100, "left": 8},
    }
    found = {(each.group.stage, each.group.level): each for each in measure_leaving(groups_of(counted), RULES)}
    severe = found["stable", 3]
    assert (severe.share, round(severe.low or 0, 4), round(severe.high or 0, 4)) == (0.08, 0.0411, 0.15)
    assert severe.difference is not None
    assert severe.difference.estimate == pytest.approx(0.06)
    assert severe.difference.excludes_zero
    assert found["stable", 0].difference is None
    assert found[ALL, 3].group == Group(ALL, 3, before=110, followed=100, left=8)


def test_a_small_group_has_the_tendency_of_its_level_over_all_stages_and_without_that_an_unknown_one() -> None:
    counted = {
        ("stable", 1): {"followed": 100, "left": 10},
        ("decline", 1): {"followed": 20, "left": 8},
        ("decline", 2): {"followed": 10, "left": 5},
    }
    found = {(each.stage, each.level): each for each in tendencies(measure_leaving(groups_of(counted), RULES))}
    assert (found["stable", 1].basis, found["stable", 1].leaving.share) == ("stage_level", 0.1)
    assert (found["decline", 1].basis, found["decline", 1].leaving.share) == ("level", 0.15)
    assert (found["decline", 2].basis, found["decline", 2].leaving.share) == ("none", None)
    assert {level for _, level in found} == {1, 2, 3, 4}
    assert {stage for stage, _ in found} == {*STAGES, "unknown"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"silence": {"calling_months": 4}}, "silence: .*calling_months 4 is more than history_months 3"),
        ({"silence": {"hang_up_indicators": []}}, "hang_up_indicators"),
        ({"points": {"least_customers": 1}}, "least_customers"),
        ({"leaving": {"least_followed": 0}}, "least_followed"),
        ({"confidence": 1.0}, "confidence"),
        ({"reason": "none"}, "reason"),
    ],
)
def test_a_broken_rule_file_is_refused_and_named(tmp_path: Path, change: dict[str, object], words: str) -> None:
    content = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    for key, value in change.items():
        content[key] = {**content[key], **value} if isinstance(value, dict) else value
    content["valid_from"] = dt.date(2026, 3, 1)
    (tmp_path / "2026-03-01.yaml").write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(LifecycleRuleError, match=f"2026-03-01.yaml: .*{words}"):
        rules_on(dt.date(2026, 3, 31), tmp_path)
