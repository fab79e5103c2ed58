"""Ledger rows in the shape of the ledger's table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bench.contenders.rulebook import EXPLICIT, LEDGER, POINTS, RULES, STAGE, ZONE


def contact_rows(rows: pd.DataFrame, inbound: pd.DataFrame) -> pd.DataFrame:
    """Contacts' hits and caps as ledger rows; `place` is the contact's row in `inbound`."""
    of = inbound.take(rows["place"].to_numpy()).reset_index(drop=True)
    is_cap, indicator = (rows["kind"] == "cap").to_numpy(), rows["indicator_id"].astype("category")
    name = pd.Series(indicator.to_numpy(dtype=str), dtype=of["contact_id"].dtype)
    prefix = pd.Series(np.where(is_cap, "CAP:", ""), dtype=of["contact_id"].dtype)
    return pd.DataFrame({
        "entry_id": prefix + name + ":" + of["contact_id"],
        "customer_id": of["customer_id"],
        "record_code": "contact",
        "subject_on": of["day"],
        "subject_kind_code": "contact",
        "subject_id": of["contact_id"],
        "cause_id": of["contact_id"],
        "entry_kind_code": rows["kind"].to_numpy(),
        "indicator_id": name,
        "stage_code": indicator.astype("category").map(STAGE).to_numpy(),
        "rule_version": np.datetime64(RULES.valid_from),
        "points": rows["entry_points"].to_numpy(dtype=np.int32),
        "offered_points": np.where(is_cap, rows["entry_points"], rows["points"]).astype(np.int32),
        "felt_at": of["started_at"],
        "posted_on": of["incident_on"],
        "incident_id": of["incident_id"],
        "is_explicit": False,
    })[list(LEDGER)]  # fmt: skip


def record_rows(
    rows: pd.DataFrame, indicator: str, record: str, day: str, kind: Any, subject: str, cause: str, felt_at: str
) -> pd.DataFrame:
    """Rows of one rule on tickets, bookings or replies as ledger rows."""
    known = rows[rows["customer_id"].notna() & rows[felt_at].notna()]
    return pd.DataFrame({
        "entry_id": f"{indicator}:" + known[cause],
        "customer_id": known["customer_id"],
        "record_code": record,
        "subject_on": known[day],
        "subject_kind_code": kind if isinstance(kind, str) else kind.loc[known.index],
        "subject_id": known[subject],
        "cause_id": known[cause],
        "entry_kind_code": "debit",
        "indicator_id": indicator,
        "stage_code": STAGE[indicator],
        "rule_version": np.datetime64(RULES.valid_from),
        "points": np.int32(POINTS[indicator]),
        "offered_points": np.int32(POINTS[indicator]),
        "felt_at": known[felt_at],
        "posted_on": local_day(known[felt_at]),
        "incident_id": None,
        "is_explicit": indicator in EXPLICIT,
    })[list(LEDGER)]  # fmt: skip


def local_day(moment: pd.Series) -> pd.Series:
    """The moment's day in the business zone."""
    return moment.astype("datetime64[us, UTC]").dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
