"""Counts worked out by hand, the lake's rows, rerun and last month's; and the model beside statsmodels'."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.mend.grumbles.association.worlds import put, put_world

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.association import AssociationRuleError, find_associations
from mend.grumbles.association.hazard import Cells, NotFitted, fit
from mend.grumbles.association.rules import settings_on
from mend.simulate.hazard_tables import complaint_table, customer_table, grumble_table
from mend.simulate.hazard_world import HazardWorld, hazard_world

MONTH = "2026-05"
FIRST = dt.date(2026, 4, 1)
TYPES = ("marketing", "network", "tariff")
A, B, C, D, E, J = range(6)
CUSTOMERS = 10


def _day(month: int, day: int) -> int:
    return (dt.date(2026, month, day) - FIRST).days


# customer, type, day, solved on (far away: open)
GRUMBLES = [
    (A, "tariff", _day(5, 3), 9999),
    (A, "network", _day(5, 5), 9999),  # on the day of the complaint: never counts
    (B, "tariff", _day(5, 10), 9999),
    (B, "network", _day(5, 18), 9999),  # the nearest
    (C, "tariff", _day(5, 29), 9999),  # its 3 days end in June
    (E, "tariff", _day(4, 30), 9999),  # before the month
    (J, "marketing", _day(4, 1), 9999),  # records begin
]
COMPLAINTS = [
    (A, "tariff", _day(5, 5)),
    (B, "tariff", _day(5, 20)),
    (D, "network", _day(5, 31)),
    (E, "tariff", _day(5, 1)),
]


def _columns(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> dict[str, Any]:
    coded = [tuple(TYPES.index(value) if isinstance(value, str) else value for value in row) for row in rows]
    return dict(zip(names, np.array(coded, dtype=np.int64).T, strict=True))


@pytest.fixture
def by_hand(bench: Workbench) -> Workbench:
    """Ten customers in May."""
    put(
        bench,
        "mart_grumble",
        grumble_table(_columns(GRUMBLES, ("customer", "type", "day", "solved")), TYPES, FIRST, 99),
    )
    put(bench, "mart_complaint", complaint_table(_columns(COMPLAINTS, ("customer", "type", "day")), TYPES, FIRST, 99))
    nobody_left = np.full(CUSTOMERS, 9999)
    put(
        bench,
        "core_customer",
        customer_table(np.zeros(CUSTOMERS, dtype=np.int64), nobody_left, ("all",), FIRST, 60).drop(["true_cluster"]),
    )
    return bench


def _row(bench: Workbench, columns: str, window: int, grumble: str, complaint: str = "any") -> tuple[Any, ...]:
    bench.view("mart_association")
    found = bench.sql(
        f"select {columns} from mart_association where month = $month and cluster_code = 'all' and window_days = "
        f"$window "
        "and grumble_type_code = $grumble and complaint_type_code = $complaint",
        {"month": MONTH, "window": window, "grumble": grumble, "complaint": complaint},
    )
    assert len(found) == 1
    return found[0]


def test_support_confidence_and_lift_are_those_worked_out_by_hand(home: Home, by_hand: Workbench) -> None:
    find_associations(home, by_hand, MONTH)
    counts = (
        "customer_day_count, grumble_day_count, complaint_day_count, both_day_count, grumble_customer_count, both_count"
    )
    # 3 days: the cohort is 28 April to 28 May. Complaint days: A, B, E three each, D the 28th alone.
    assert _row(by_hand, counts, 3, "tariff") == (310, 3, 10, 2, 3, 2)
    support, confidence, lift = _row(by_hand, "support, confidence, lift", 3, "tariff")
    assert support == pytest.approx(2 / 310)
    assert confidence == pytest.approx(2 / 3)
    assert lift == pytest.approx((2 / 3) / (10 / 310), abs=1e-6)
    # 1 day: 30 April to 30 May; C's grumble has had its day, only E complained the day after.
    assert _row(by_hand, counts, 1, "tariff") == (310, 4, 4, 1, 4, 1)
    # 14 days: 17 April to 17 May.
    assert _row(by_hand, "grumble_day_count, both_day_count, confidence", 14, "tariff") == (3, 3, 1.0)
    assert _row(by_hand, "both_day_count, complaint_customer_count", 14, "tariff", "network") == (0, 1)


def test_the_grumble_on_the_complaints_own_day_does_not_count(home: Home, by_hand: Workbench) -> None:
    find_associations(home, by_hand, MONTH)
    for window in (1, 3, 7, 14, 30):
        both, before = _row(by_hand, "both_day_count, before_count", window, "network", "tariff")
        # B's grumble of the 18th, two days before; never A's of the 5th. Of 14 and 30 days that window ends in June: no
        # cohort day.
        assert (both, before) == (1 if window in (3, 7) else 0, 0 if window == 1 else 1)


def test_the_nearest_grumble_is_the_last_before_the_day(home: Home, by_hand: Workbench) -> None:
    find_associations(home, by_hand, MONTH)
    nearest = {
        window: [_row(by_hand, "before_count, nearest_count", window, kind) for kind in ("tariff", "network")]
        for window in (1, 3, 14)
    }
    assert nearest == {1: [(1, 1), (0, 0)], 3: [(2, 2), (1, 1)], 14: [(3, 2), (1, 1)]}


def test_so_few_complaints_give_counts_and_a_reason_but_no_coefficient(home: Home, by_hand: Workbench) -> None:
    report = find_associations(home, by_hand, MONTH)
    assert (report.customers, report.grumble_days, report.complaints, report.tests) == (CUSTOMERS, 5, 4, 0)
    coefficient, reason, events = _row(by_hand, "coefficient, not_fitted_reason, event_count", 7, "tariff", "tariff")
    assert (coefficient, reason, events) == (None, "too few complaints: 3 of 30", 3)


def test_days_whose_window_reaches_back_before_the_first_record_are_left_out(home: Home, by_hand: Workbench) -> None:
    later = [row for row in GRUMBLES if row[0] != J]
    put(
        by_hand, "mart_grumble", grumble_table(_columns(later, ("customer", "type", "day", "solved")), TYPES, FIRST, 99)
    )
    find_associations(home, by_hand, MONTH)  # records begin on 30 April
    assert _row(by_hand, "customer_day_count", 3, "tariff") == (10 * 29,)
    # E's complaint of 1 May is followed by the model from a day that has its 1 day before it, but not its 3
    assert _row(by_hand, "event_count", 1, "tariff") == (4,)
    assert _row(by_hand, "event_count", 3, "tariff") == (3,)


def test_a_month_without_records_and_a_lake_without_customers_do_not_break(
    home: Home, bench: Workbench, by_hand: Workbench
) -> None:
    assert find_associations(home, bench, "2025-01").followed_until is None
    empty = bench.described("core_customer")
    put(bench, "core_customer", pa.table({name: pa.array([], pa.string()) for name in empty.column_names}))
    report = find_associations(home, bench, MONTH)
    assert (report.customers, report.complaints) == (6, 4)  # those who grumbled or complained


@pytest.fixture(scope="module")
def world() -> HazardWorld:
    return hazard_world(3, 8_000, 91, complaint_rate=0.003, grumble_rates=0.01)


def _rows(bench: Workbench, month: str) -> list[tuple[Any, ...]]:
    bench.view("mart_association")
    return bench.sql("select * from mart_association where month = $month order by all", {"month": month})


@pytest.mark.parametrize("shares", [pytest.param(2, marks=pytest.mark.long), 7])
def test_any_number_of_shares_gives_the_rows_of_one(
    home: Home, bench: Workbench, world: HazardWorld, shares: int
) -> None:
    put_world(bench, world)
    ids, codes = (world.customers[name] for name in ("customer_id", "true_cluster"))
    fixed = {"month": ["2026-04"] * len(ids), "value_code": ["normal"] * len(ids), "cluster_code": codes}
    put(bench, "mart_customer_cluster", pa.table({**fixed, "customer_id": ids, "behaviour_code": codes}))
    report = find_associations(home, bench, "2026-05", shares=1)
    assert report.cluster_month == "2026-04"
    whole = _rows(bench, "2026-05")
    assert report.tests > 50
    assert find_associations(home, bench, "2026-05", shares=shares) == report
    assert _rows(bench, "2026-05") == whole


def test_a_rerun_gives_the_same_rows_and_last_months_stand_beside_this_months(
    home: Home, bench: Workbench, world: HazardWorld
) -> None:
    put_world(bench, world)
    true = world.customers.to_pandas()
    mine = true[true["month_on"] == dt.date(2026, 5, 1)]
    put(
        bench,
        "mart_customer_cluster",
        pa.table(
            {
                "month": ["2026-05"] * len(mine),
                "customer_id": mine["customer_id"],
                "value_code": ["normal"] * len(mine),
                "behaviour_code": mine["true_cluster"],
                "cluster_code": "normal:" + mine["true_cluster"],
            }
        ),
    )
    first = find_associations(home, bench, "2026-05")
    rows = _rows(bench, "2026-05")
    assert find_associations(home, bench, "2026-05") == first
    assert _rows(bench, "2026-05") == rows
    assert (first.cluster_month, first.followed_until) == ("2026-05", "2026-05-31")
    assert first.key_points > 10
    june = find_associations(home, bench, "2026-06")
    assert june.cluster_month == "2026-05"
    key = "cluster_code, window_days, grumble_type_code, complaint_type_code"
    bench.view("mart_association")
    beside, different = bench.sql(
        "select count(now.previous_coefficient), count(case when now.previous_rank is distinct from old.rank "
        "or now.previous_coefficient is distinct from old.coefficient then 1 end) "
        "from (select * from mart_association where month = '2026-06') as now "
        f"join (select * from mart_association where month = '2026-05') as old using ({key})"
    )[0]
    assert beside > 50
    assert different == 0
    ranked = bench.sql(
        "select grumble_type_code, rank, is_key, previous_rank from mart_association where month = '2026-06' and "
        "cluster_code = 'all' "
        "and window_days = 14 and complaint_type_code = 'any' and rank is not null order by rank"
    )
    assert [row[1] for row in ranked] == list(range(1, len(ranked) + 1))
    assert all(is_key == (rank <= 5) and previous is not None for _, rank, is_key, previous in ranked)
    assert {row[0] for row in ranked[:2]} == {"tariff_billing", "service_attitude"}


def test_a_broken_settings_file_is_refused_with_file_and_rule(home: Home, tmp_path: Path) -> None:
    shipped = Path(settings_on.__code__.co_filename).parent / "rules" / "1990-01-01.yaml"
    broken = tmp_path / "2026-01-01.yaml"
    text = (
        shipped.read_text("utf-8")
        .replace("1990-01-01", "2026-01-01", 2)
        .replace("valid_from: 1990", "valid_from: 2026")
    )
    broken.write_text(text.replace("[1, 3, 7, 14, 30]", "[7, 3]"), "utf-8")
    with pytest.raises(AssociationRuleError, match=r"2026-01-01.yaml: settings: .*windows_days must rise"):
        settings_on(dt.date(2026, 5, 31), tmp_path)
    broken.write_text(text.replace("key_points: 5", "key_points: 3"), "utf-8")
    assert settings_on(dt.date(2026, 5, 31), tmp_path).key_points == 3
    assert settings_on(dt.date(2025, 5, 31), tmp_path).key_points == 5


def _cells() -> Cells:
    generator = np.random.default_rng(5)
    stratum = np.repeat(np.arange(6), 4)
    is_open = np.tile([[0, 0], [1, 0], [0, 1], [1, 1]], (6, 1)).astype(float)
    at_risk = generator.integers(200, 2000, 24).astype(float)
    odds = np.exp(-4 + 0.3 * (stratum % 3) + is_open @ [1.2, -0.8])
    return Cells(
        stratum,
        np.arange(24),
        is_open,
        at_risk,
        generator.binomial(at_risk.astype(int), odds / (1 + odds)).astype(float),
    )


def test_the_model_is_the_logistic_regression_that_statsmodels_fits() -> None:
    """The penalty is half a complaint and half a calm day at even odds for each type: rows that statsmodels can be
    given.
    """
    import statsmodels.api as sm

    cells = _cells()
    mine = fit(cells)
    design = np.column_stack([np.eye(6)[cells.stratum], cells.is_open])
    penalty = np.column_stack([np.zeros((2, 6)), np.eye(2)])
    outcome = np.vstack([np.column_stack([cells.events, cells.at_risk - cells.events]), np.full((2, 2), 0.5)])
    theirs = sm.GLM(outcome, np.vstack([design, penalty]), family=sm.families.Binomial()).fit(tol=1e-12)
    assert mine.coefficients == pytest.approx(theirs.params[6:], abs=1e-7)
    assert mine.errors == pytest.approx(theirs.bse[6:], abs=1e-6)
    assert mine.base == pytest.approx(theirs.params[:6], abs=1e-7)


def test_a_type_under_which_nobody_complained_gets_a_finite_coefficient() -> None:
    cells = _cells()
    cells.events[cells.is_open[:, 1] == 1] = 0
    none = fit(cells)
    assert -12 < none.coefficients[1] < -3
    assert none.errors[1] < 3
    with pytest.raises(NotFitted, match="no complaint"):
        fit(Cells(cells.stratum, cells.pattern, cells.is_open, cells.at_risk, np.zeros(24)).informative())
