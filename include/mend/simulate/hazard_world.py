"""A world of grumbles and complaints alone, whose truth is planted: days of customers, numpy arrays, a day at a time.

On day t a customer complains with type c with probability h = expit(base[c] + cluster effect + sum over grumble types g
of coefficient[g, c] x open[g]), where open[g] says that a grumble of type g came 1 to `window_days` days back and was
not solved by the day before. Solved (per customer and type: all open grumbles of it at once) and churned are the
competing ends. Who complained may complain again; whether their open grumbles end with the complaint, whether
solutions are taken back, and whether the base rate drifts is said by `Turns`. Order within a day: complaints, solved,
churned, new grumbles; so the complaint's own day never counts.

The oracle, `HazardWorld.true_probability`, is the probability of at least one complaint on the days after `at`, up to
the horizon, given the customer's cluster and open grumbles at the end of `at`. Complaints are integrated out exactly (1
- the product of 1 - h over a path); what the customer goes through meanwhile (new grumbles, solved, expired, churned)
by Monte Carlo over the world's own transitions, each distinct state once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from mend.simulate.hazard_dynamics import PLAIN, Coefficients, Dynamics, Ints, Turns, dynamics_of, simulate
from mend.simulate.hazard_tables import (
    CUSTOMER,
    GRUMBLE,
    complaint_table,
    customer_table,
    end_table,
    grumble_table,
    names,
    with_words,
)

FIRST_DAY: Final = dt.date(2026, 4, 1)
CLUSTERS: Final = {
    "limited_patience": 0.2,
    "tariff_sensitive": 0.2,
    "cooperative_realist": 0.2,
    "rational_assertive": 0.2,
    "not_shown_yet": 0.2,
}
# Positive, negative and none; some clusters differ from the rest.
PLANTED: Final[Coefficients] = {
    "all": {
        "tariff_billing": {"tariff_billing": 2.0},
        "network_coverage": {"tariff_billing": 1.2},
        "service_attitude": {"tariff_billing": 1.6},
        "call_quality": {"tariff_billing": 0.5},
        "marketing": {"tariff_billing": 0.0},
        "own_value_added": {"tariff_billing": -1.0},
    },
    "limited_patience": {"service_attitude": {"tariff_billing": 3.0}, "call_quality": {"tariff_billing": 1.5}},
    "tariff_sensitive": {"tariff_billing": {"tariff_billing": 3.0}},
    "not_shown_yet": {
        "tariff_billing": {"tariff_billing": 0.8},
        "service_attitude": {"tariff_billing": 0.4},
        "network_coverage": {"tariff_billing": 0.0},
    },
}
CLUSTER_EFFECTS: Final = {"limited_patience": 0.4, "rational_assertive": 0.3, "not_shown_yet": -0.6}


@dataclass(frozen=True)
class HazardWorld:
    """Tables of a world and the truth behind them.

    `grumbles` and `complaints` have the columns of mart_grumble and mart_complaint; `customers` those of core_customer
    that matter, for each month of the world, and `true_cluster`; `ends` (customer_id, end_kind_code solved or churned,
    grumble_type_code, ended_on).
    """

    grumbles: pa.Table
    complaints: pa.Table
    customers: pa.Table
    ends: pa.Table
    first_day: dt.date
    last_day: dt.date
    grumble_types: tuple[str, ...]
    complaint_types: tuple[str, ...]
    window_days: int
    dynamics: Dynamics = field(repr=False)
    _cluster_of: Ints = field(repr=False)
    _grumble_log: Mapping[str, Ints] = field(repr=False)
    _churned_on: Ints = field(repr=False)
    _drift: tuple[int, float] = (0, 0.0)

    def coefficient(self, cluster: str, grumble_type: str, complaint_type: str) -> float:
        """The planted coefficient within one true cluster."""
        truth = self.dynamics
        where = (
            truth.clusters.index(cluster),
            self.grumble_types.index(grumble_type),
            self.complaint_types.index(complaint_type),
        )
        return float(truth.coefficients[where])

    def true_probability(
        self, at: dt.date, horizon: int, complaint_type: str | None = None, paths: int = 64
    ) -> pa.Table:
        """The oracle's probability for every grumble open at the end of the day `at`.

        Args:
            horizon: days after `at` that count, such as 7 or 30.
            complaint_type: one type, or None for a complaint of any type.
            paths: Monte Carlo paths for each distinct state.

        Returns:
            grumble_id, customer_id, probability; by grumble_id. Grumbles older than the window are open too, without
            influence. Exact for horizons that a drift of the base rate does not cut in two.
        """
        day = (at - self.first_day).days
        log = self._grumble_log
        is_open = (log["day"] <= day) & (log["solved"] > day) & (self._churned_on[log["customer"]] > day)
        grumbles = np.flatnonzero(is_open)
        customers, place = np.unique(log["customer"][grumbles], return_inverse=True)
        ages = np.full((len(customers), len(self.grumble_types)), self.window_days + 1, dtype=np.int64)
        np.minimum.at(ages, (place, log["type"][grumbles]), day - log["day"][grumbles])
        chosen = None if complaint_type is None else self.complaint_types.index(complaint_type)
        from_day, drift = self._drift
        dynamics = self.dynamics.drifted(drift) if day + 1 >= from_day else self.dynamics
        probability = dynamics.probability(self._cluster_of[customers], ages, horizon, chosen, paths)[place]
        return pa.table(
            {
                "grumble_id": names(GRUMBLE, grumbles),
                "customer_id": names(CUSTOMER, log["customer"][grumbles]),
                "probability": pa.array(probability),
            }
        ).sort_by("grumble_id")


def hazard_world(
    seed: int,
    customers: int,
    days: int = 61,
    coefficients: Coefficients = PLANTED,
    *,
    clusters: Mapping[str, float] = CLUSTERS,
    cluster_effects: Mapping[str, float] = CLUSTER_EFFECTS,
    grumble_rates: Mapping[str, float] | float = 0.004,
    rate_spread: float = 0.0,
    complaint_rate: float = 0.0005,
    solved_rate: float = 0.03,
    churn_rate: float = 0.0005,
    window_days: int = 14,
    first_day: dt.date = FIRST_DAY,
    end_follow_up_on: dt.date | None = None,
    turns: Turns = PLAIN,
    drift: float = 0.0,
    drift_on: dt.date | None = None,
) -> HazardWorld:
    """Simulate a world.

    Args:
        seed: the same seed gives the same tables.
        coefficients: per cluster or 'all', grumble type and complaint type; a cluster's own value takes the place of
            'all'. What is not named is zero. Every grumble type and complaint type of the world must be named
            somewhere.
        clusters: true clusters and their shares. cluster_effects: added to the log odds.
        grumble_rates: grumbles a customer and day, one for all types or per type.
        rate_spread: spread (log scale) of customers' own readiness to grumble; above 0 the oracle, which takes the
            mean, is not exact.
        complaint_rate: complaints of each type a customer and day without a grumble.
        solved_rate, churn_rate: competing ends a day.
        end_follow_up_on: the last day that anybody saw; what happened later is not in the tables (right censoring).
        turns: what else may happen to grumbles, and drift; the oracle knows of nothing but `complaint_ends`.
        drift, drift_on: from that day on the log odds of every complaint are higher by so much.

    Raises:
        ValueError: for more than 12 grumble types (patterns are tabulated).
    """
    dynamics, grumble_types, complaint_types = dynamics_of(
        coefficients, clusters, cluster_effects, grumble_rates, complaint_rate, solved_rate, churn_rate, window_days
    )
    generator = np.random.default_rng(seed)
    cluster = generator.choice(
        len(clusters), size=customers, p=np.array(list(clusters.values())) / sum(clusters.values())
    )
    own = (
        np.exp(generator.normal(-(rate_spread**2) / 2, rate_spread, size=customers))
        if rate_spread
        else np.ones(customers)
    )
    drift_day = days if drift_on is None else (drift_on - first_day).days
    drifts = np.where(np.arange(days) >= drift_day, drift, 0.0)
    logs = simulate(generator, dynamics, cluster, own, days, turns, drifts)
    last = first_day + dt.timedelta(days=days - 1) if end_follow_up_on is None else end_follow_up_on
    seen = (last - first_day).days
    grumbles = grumble_table(logs.grumbles, grumble_types, first_day, seen)
    if turns.has_words:
        grumbles = with_words(grumbles, logs.grumbles, logs.solutions, logs.denials, first_day, seen)
    return HazardWorld(
        grumbles,
        complaint_table(logs.complaints, complaint_types, first_day, seen),
        customer_table(cluster, logs.churned, dynamics.clusters, first_day, seen),
        end_table(logs.grumbles, logs.churned, grumble_types, first_day, seen),
        first_day,
        last,
        grumble_types,
        complaint_types,
        window_days,
        dynamics,
        cluster,
        logs.grumbles,
        logs.churned,
        (drift_day, drift),
    )
