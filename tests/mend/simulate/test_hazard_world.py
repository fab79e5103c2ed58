"""The planted world is what it says: the same by seed, its hazards as planted, its oracle right."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.compute as pc
import pytest

from mend.foundation.schema import TABLES
from mend.simulate.hazard_dynamics import Turns
from mend.simulate.hazard_tables import ZONE
from mend.simulate.hazard_world import PLANTED, HazardWorld, hazard_world

AT = dt.date(2026, 4, 20)
ONE: dict[str, dict[str, dict[str, float]]] = {"all": {"g": {"c": 2.0}}}


def test_the_same_seed_gives_the_same_tables_and_another_seed_others() -> None:
    first, again, other = (hazard_world(seed, 2_000, 40) for seed in (3, 3, 4))
    for name in ("grumbles", "complaints", "customers", "ends"):
        assert getattr(first, name).equals(getattr(again, name))
    assert not first.grumbles.equals(other.grumbles)
    assert first.true_probability(AT, 7).equals(again.true_probability(AT, 7))


def test_grumbles_and_complaints_have_the_columns_that_the_lake_wants() -> None:
    world = hazard_world(1, 500, 10)
    for table, rows in (("mart_grumble", world.grumbles), ("mart_complaint", world.complaints)):
        described = TABLES[table]
        assert (
            {column.name for column in described.columns if column.required}
            <= set(rows.column_names)
            <= set(described.column_names)
        )


def test_without_anything_but_one_grumble_the_oracle_is_a_product_worked_out_by_hand() -> None:
    """No new grumble, nothing solved, nobody leaves: the influence lasts what is left of the 14 days, then the base
    rate.
    """
    world = hazard_world(
        1, 400, 21, ONE, clusters={"all": 1}, grumble_rates=0.02, solved_rate=0, churn_rate=0, complaint_rate=0.01
    )
    quiet = world.dynamics.__class__(**{**world.dynamics.__dict__, "grumble_rates": np.zeros((1, 1))})
    odds = 0.01 / 0.99 * np.exp(2.0)
    hot, base = odds / (1 + odds), 0.01
    for age, days_hot in ((0, 14), (10, 4), (14, 0), (20, 0)):
        for horizon in (7, 30):
            given = quiet.probability(np.array([0]), np.array([[age]]), horizon, None, 2)[0]
            days = min(days_hot, horizon)
            assert given == pytest.approx(1 - (1 - hot) ** days * (1 - base) ** (horizon - days), abs=1e-12)


def test_complaints_come_as_often_as_the_oracle_says() -> None:
    """In ten bins of the oracle's probability, over several seeds, the share that complained is within three standard
    errors.
    """
    said, came = [], []
    for seed in range(4):
        world = hazard_world(seed, 20_000, 35, PLANTED, complaint_rate=0.002)
        table = world.true_probability(AT, 7)
        complained = world.complaints.filter(
            pc.and_(
                pc.greater(world.complaints["complained_on"], AT),
                pc.less_equal(world.complaints["complained_on"], AT + dt.timedelta(7)),
            )
        )["customer_id"]
        said.append(table["probability"].to_numpy())
        came.append(pc.is_in(table["customer_id"], complained).to_numpy())
    probability, complaint = np.concatenate(said), np.concatenate(came).astype(float)
    assert len(probability) > 20_000
    for part in np.array_split(np.argsort(probability), 10):
        expected = probability[part].mean()
        # grumbles of one customer share their complaint: half as many customers as grumbles at the least
        assert abs(complaint[part].mean() - expected) < 3 * np.sqrt(2 * expected / len(part))


def test_follow_up_that_ends_early_shows_the_same_world_up_to_that_day() -> None:
    whole, early = (hazard_world(2, 3_000, 40, end_follow_up_on=end) for end in (None, AT))
    seen = pc.less_equal(whole.grumbles["grumbled_on"], AT)
    assert whole.grumbles.filter(seen)["grumble_id"].equals(early.grumbles["grumble_id"])
    assert max(early.ends["ended_on"].to_pylist()) <= AT
    assert early.complaints.num_rows == pc.sum(pc.less_equal(whole.complaints["complained_on"], AT)).as_py()
    solved = [moment for moment in early.grumbles["solved_at"].to_pylist() if moment is not None]
    assert solved
    assert max(solved).date() <= AT


def test_nobody_does_anything_after_leaving() -> None:
    world = hazard_world(5, 3_000, 60, churn_rate=0.01)
    ends = world.ends.filter(pc.equal(world.ends["end_kind_code"], "churned"))
    left = dict(zip(ends["customer_id"].to_pylist(), ends["ended_on"].to_pylist(), strict=True))
    rows = [*zip(world.grumbles["customer_id"].to_pylist(), world.grumbles["grumbled_on"].to_pylist(), strict=True)]
    rows += [
        *zip(world.complaints["customer_id"].to_pylist(), world.complaints["complained_on"].to_pylist(), strict=True)
    ]
    assert len(left) > 500
    assert [row for row in rows if row[1] > left.get(row[0], dt.date.max)] == []


def _words(world: HazardWorld) -> list[tuple[str, list[str]]]:
    """Customer and words of every grumble of which something was said."""
    rows = zip(world.grumbles["customer_id"].to_pylist(), world.grumbles["solution_words"].to_pylist(), strict=True)
    return [(customer, words.split(";")) for customer, words in rows if words]


def test_a_denial_after_a_complaint_comes_on_the_day_after_one_of_the_same_customer() -> None:
    turns = Turns(complaint_ends=True, denied_after_complaint=1.0)
    world = hazard_world(3, 3_000, 40, complaint_rate=0.004, solved_rate=0.2, turns=turns)
    complained = set(
        zip(
            world.complaints["customer_id"].to_pylist(),
            [day + dt.timedelta(1) for day in world.complaints["complained_on"].to_pylist()],
            strict=True,
        )
    )
    denials = [(who, word) for who, words in _words(world) for word in words if word[0] == "d"]
    assert len(denials) > 50
    days = [(who, dt.datetime.fromtimestamp(int(word[1:]) / 1e6, ZoneInfo(ZONE)).date()) for who, word in denials]
    assert set(days) <= complained
    with pytest.raises(ValueError, match="complaint_ends"):
        Turns(denied_after_complaint=0.5)


def test_a_reopened_grumble_is_solved_denied_and_may_be_solved_again() -> None:
    world = hazard_world(3, 3_000, 40, solved_rate=0.2, turns=Turns(complaint_ends=True, reopened_rate=0.3))
    orders = {"".join(word[0] for word in words) for _, words in _words(world)}
    assert {"s", "sd", "sds"} <= orders
    moments = [[int(word[1:]) for word in words] for _, words in _words(world)]
    assert all(each == sorted(each) for each in moments)


def test_a_complaint_that_ends_its_grumbles_leaves_the_customer_with_the_base_rate_and_drift_raises_it() -> None:
    ends, stays, drifts = (
        hazard_world(3, 6_000, 60, complaint_rate=0.004, grumble_rates=0.02, solved_rate=0.0, turns=turns)
        for turns in (Turns(complaint_ends=True), Turns(), Turns(drift=1.0))
    )
    assert ends.complaints.num_rows < 0.95 * stays.complaints.num_rows
    assert drifts.complaints.num_rows > 1.3 * stays.complaints.num_rows
