"""The counts of the association alone, in pandas: merges, gaps and group-bys, all customers as one cluster."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.association_data import parse
from bench.measure import costing, report

FIRST = pd.Timestamp("2026-05-01")
WINDOWS = (1, 3, 7, 14, 30)
MOST_COMPLAINT_TYPES = 20
LAST_DAY, RECORDS_FROM = 30, -30


def main() -> None:
    given = parse(__doc__)
    with costing() as cost:
        files = given.month.files
        customers = pd.read_parquet(files["core_customer"], columns=["customer_id"], partitioning=None)
        grumbles = _grumbles(files["mart_grumble"], customers)
        complaints = _complaints(files["mart_complaint"], customers)
        counts(grumbles, complaints).to_parquet(given.output / "counts.parquet", index=False)
    report(cost, given.answer)


def _grumbles(files: list[str], customers: pd.DataFrame) -> pd.DataFrame:
    """A row a customer, type and day, with the moment of the latest."""
    rows = pd.read_parquet(
        files, columns=["customer_id", "grumble_type_code", "grumbled_at", "grumbled_on"], partitioning=None
    )
    rows = rows[rows["customer_id"].isin(customers["customer_id"])]
    rows["day"] = (pd.to_datetime(rows["grumbled_on"]) - FIRST).dt.days
    rows = rows[rows["day"].between(RECORDS_FROM, LAST_DAY)].rename(columns={"grumble_type_code": "type"})
    return rows.groupby(["customer_id", "type", "day"], as_index=False).agg(last_at=("grumbled_at", "max"))


def _complaints(files: list[str], customers: pd.DataFrame) -> pd.DataFrame:
    """A row a complaint under its type (the commonest ones) and a row under 'any'."""
    columns = ["complaint_id", "customer_id", "complaint_type_code", "complained_on"]
    rows = pd.read_parquet(files, columns=columns, partitioning=None)
    rows = rows[rows["customer_id"].isin(customers["customer_id"])].rename(columns={"complaint_type_code": "complaint"})
    rows["day"] = (pd.to_datetime(rows["complained_on"]) - FIRST).dt.days
    rows = rows[rows["day"].between(RECORDS_FROM, LAST_DAY)].drop(columns="complained_on")
    sizes = rows["complaint"].value_counts().rename_axis("complaint").reset_index(name="size")
    common = sizes.sort_values(["size", "complaint"], ascending=[False, True])["complaint"].head(MOST_COMPLAINT_TYPES)
    return pd.concat([rows.assign(complaint="any"), rows[rows["complaint"].isin(common)]], ignore_index=True)


def counts(grumbles: pd.DataFrame, complaints: pd.DataFrame) -> pd.DataFrame:
    """Window, grumble type, complaint type and their counts."""
    pairs = grumbles.merge(complaints, on="customer_id", suffixes=("", "_complaint"))
    pairs["gap"] = pairs["day_complaint"] - pairs["day"]
    pairs = pairs[pairs["gap"].between(1, WINDOWS[-1])]
    following = pairs.groupby(["customer_id", "type", "day", "complaint"], as_index=False)["gap"].min()
    before = pairs[pairs["day_complaint"] >= 0].groupby(["complaint_id", "complaint", "type"], as_index=False).agg(
        gap=("gap", "min"), last_at=("last_at", "max")
    )  # fmt: skip
    before = before.sort_values(["complaint_id", "complaint", "last_at", "type"], ascending=[True, True, False, True])
    before["is_nearest"] = ~before.duplicated(["complaint_id", "complaint"])
    return pd.concat(
        [_of_window(window, grumbles, complaints, following, before) for window in WINDOWS], ignore_index=True
    )


def _of_window(
    window: int, grumbles: pd.DataFrame, complaints: pd.DataFrame, following: pd.DataFrame, before: pd.DataFrame
) -> pd.DataFrame:
    first, last = max(-window, RECORDS_FROM), LAST_DAY - window
    grid = pd.MultiIndex.from_product(
        [sorted(grumbles["type"].unique()), sorted(complaints["complaint"].unique())],
        names=["grumble_type_code", "complaint_type_code"],
    )
    found = pd.DataFrame(index=grid)
    days = grumbles[grumbles["day"].between(first, last)].groupby("type").size()
    found["grumble_day_count"] = days.reindex(grid.get_level_values(0), fill_value=0).to_numpy()
    covered = _covered_days(complaints, window, first, last)
    found["complaint_day_count"] = covered.reindex(grid.get_level_values(1), fill_value=0).to_numpy()
    both = following[(following["gap"] <= window) & following["day"].between(first, last)]
    near = before[before["gap"] <= window]
    for name, rows in (("both_day_count", both), ("before_count", near), ("nearest_count", near[near["is_nearest"]])):
        found[name] = rows.groupby(["type", "complaint"]).size().reindex(grid, fill_value=0).to_numpy()
    return found.reset_index().assign(window_days=window)


def _covered_days(complaints: pd.DataFrame, window: int, first: int, last: int) -> pd.Series:
    """Customer-days of the cohort with a complaint within the window after them, by complaint type."""
    rows = (
        complaints[["customer_id", "complaint", "day"]]
        .drop_duplicates()
        .sort_values(["customer_id", "complaint", "day"])
    )
    previous = rows.groupby(["customer_id", "complaint"])["day"].shift().fillna(-999).to_numpy()
    begin = np.maximum(np.maximum(rows["day"].to_numpy() - window, previous), first)
    rows["covered"] = np.maximum(0, np.minimum(rows["day"].to_numpy() - 1, last) - begin + 1)
    return rows.groupby("complaint")["covered"].sum().astype("int64")


if __name__ == "__main__":
    main()
