"""Ledger rows: the columns of the ledger's table, the customer's number for the id, and the place of the contact."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.contenders.in_pandas.tables import TEXT, Truth, no_text
from bench.contenders.rulebook import FIRST_DAY, HORIZON, LEDGER, POINTS, RULES, ZONE

INDICATORS: Final = pd.CategoricalDtype(sorted(POINTS))
ENTRY_KINDS: Final = pd.CategoricalDtype(["cap", "credit", "debit"])
SUBJECT_KINDS: Final = pd.CategoricalDtype(["booking", "contact", "reply", "ticket"])
NO_PLACE: Final = -1  # the place of a row that is not of a contact

LOCAL: Final = pd.ArrowDtype(pa.timestamp("us", tz=ZONE))
PLAIN: Final = pd.ArrowDtype(pa.timestamp("us"))
BEGINS: Final = np.datetime64(pd.Timestamp(FIRST_DAY, tz=ZONE).tz_convert(None), "us")
ENDS: Final = np.datetime64(pd.Timestamp(HORIZON).tz_convert(None), "us")


def contact_rows(rows: pd.DataFrame, inbound: pd.DataFrame) -> pd.DataFrame:
    """Hits and caps (place, posted_at, entry_kind_code, indicator_id, points) as ledger rows."""
    rows = rows[in_month(rows["posted_at"])]
    place, ids = rows["place"].to_numpy(), inbound["contact_id"].array
    incident = inbound["incident"].to_numpy()[place]
    return pd.DataFrame({
        "customer": inbound["customer"].to_numpy()[place],
        "posted_at": rows["posted_at"].to_numpy(),
        "entry_kind_code": rows["entry_kind_code"].array,
        "indicator_id": rows["indicator_id"].array,
        "subject_kind_code": one_of(SUBJECT_KINDS, "contact", len(rows)),
        "subject_id": ids.take(place),
        "cause_id": no_text(len(rows)),
        "incident_id": ids.take(np.where(incident == place, NO_PLACE, incident), allow_fill=True),
        "points": rows["points"].to_numpy(dtype=float),
        "place": place,
    })  # fmt: skip


def record_rows(rows: pd.DataFrame, indicator: str, kind: str, subject: str, posted_at: str) -> pd.DataFrame:
    """Rows of one rule on tickets, bookings or replies as ledger rows, with their `cause_id` and `incident_id`. `kind`
    is a kind of subject, or the column that has it.
    """
    rows = rows[(rows["customer"] >= 0) & in_month(rows[posted_at])]
    kinds = rows[kind].array if kind in rows else one_of(SUBJECT_KINDS, kind, len(rows))
    return pd.DataFrame({
        "customer": rows["customer"].to_numpy(),
        "posted_at": rows[posted_at].to_numpy(),
        "entry_kind_code": one_of(ENTRY_KINDS, "debit", len(rows)),
        "indicator_id": one_of(INDICATORS, indicator, len(rows)),
        "subject_kind_code": pd.Categorical(kinds, dtype=SUBJECT_KINDS),
        "subject_id": rows[subject].array,
        "cause_id": rows["cause_id"].array if "cause_id" in rows else no_text(len(rows)),
        "incident_id": rows["incident_id"].array if "incident_id" in rows else no_text(len(rows)),
        "points": float(POINTS[indicator]),
        "place": NO_PLACE,
    }).astype({"subject_id": TEXT, "cause_id": TEXT, "incident_id": TEXT})  # fmt: skip


def in_month(moment: pd.Series[Any]) -> Truth:
    """What is posted in the month."""
    found: Truth = ((moment >= BEGINS) & (moment < ENDS)).to_numpy()
    return found


def local_day(moment: pd.Series[Any]) -> pd.Series[Any]:
    """The moment's day in the business zone."""
    day: pd.Series[Any] = moment.astype(PLAIN).astype(LOCAL).dt.date
    return day


def one_of(kinds: pd.CategoricalDtype, value: str, rows: int) -> pd.Categorical:
    """The value so many times."""
    return pd.Categorical.from_codes(np.full(rows, kinds.categories.get_loc(value), np.int8), dtype=kinds)


def with_days(ledger: pd.DataFrame) -> pd.DataFrame:
    """The ledger's columns in their order, `customer` for the id."""
    whole = ledger.assign(posted_on=local_day(ledger["posted_at"]), rule_version=RULES.valid_from)
    columns = ["customer" if name == "customer_id" else name for name in LEDGER]
    return whole.astype({"rule_version": pd.ArrowDtype(pa.date32())})[columns]
