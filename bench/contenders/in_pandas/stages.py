"""Where customers are in their life cycle, from snapshots of four months. Arrays by a customer's number."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pandas as pd

from bench.contenders.in_pandas.tables import Points, amounts, true_rows, truth
from bench.contenders.rulebook import FIRST_DAY, LAST_DAY, RULES

STAGES: Final = pd.CategoricalDtype(["exploration", "decline", "formation", "stable"])


def stages(snapshots: pd.DataFrame, customers: int) -> dict[str, Any]:
    settings = RULES.settings
    now = snapshots.take(true_rows(snapshots["month_on"] == FIRST_DAY))
    earlier = snapshots.take(true_rows(snapshots["month_on"] < FIRST_DAY))
    customer, left = now["customer"].to_numpy(), 1 - settings.decline_share
    is_known = np.bincount(earlier["customer"], minlength=customers)[customer] == 3
    less = [
        amounts(now[amount]) <= _mean(earlier, amount, customers)[customer] * left
        for amount in ("arpu_amount", "minutes_of_use")
    ]
    joined_on = now["joined_on"]
    stage = np.select(
        [
            truth(joined_on > _months_back(settings.exploration_months)),
            is_known & np.logical_or.reduce(less),
            truth(joined_on > _months_back(settings.formation_months)),
            joined_on.notna().to_numpy(),
        ],
        [0, 1, 2, 3],
        default=-1,
    )
    row = np.full(customers, -1)
    row[customer] = np.arange(len(now))
    named = pd.Categorical.from_codes(stage.astype(np.int8), dtype=STAGES)
    return {
        "has_left": (row >= 0) & truth(now["status_code"] == "left")[row],
        "city_code": now["city_code"].array.take(row, allow_fill=True),
        "lifecycle_stage_code": named.take(row, allow_fill=True),
    }


def _mean(snapshots: pd.DataFrame, amount: str, customers: int) -> Points:
    """A customer's mean of the amounts that are known."""
    values, customer = amounts(snapshots[amount]), snapshots["customer"].to_numpy()
    known = ~np.isnan(values)
    total = np.bincount(customer[known], values[known], customers)
    count = np.bincount(customer[known], minlength=customers)
    mean: Points = np.divide(total, count, out=np.full(customers, np.nan), where=count > 0)
    return mean


def _months_back(months: int) -> dt.date:
    return (pd.Timestamp(LAST_DAY) - pd.DateOffset(months=months)).date()
