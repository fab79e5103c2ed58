"""Repair credits settled one after the other: none exceeds what is left of the damage it names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.contenders.rulebook import DROPPED, LEDGER, REPAIRS_WITHIN, RULES

SUBJECT = ["subject_kind_code", "subject_id"]
OFFER = ["indicator_id", "cause_id"]


def settle(offers: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """The credits as ledger rows."""
    gross = _gross(offers, ledger)
    settled: list[pd.DataFrame] = []
    for turn in range(int(gross["turn"].max() + 1) if len(gross) else 0):
        settled.append(_one_turn(gross[gross["turn"] == turn], settled))
    return _rows(pd.concat(settled, ignore_index=True)) if settled else ledger.head(0)


def _gross(offers: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Each offer with the damage that it could repair, and its turn among its subject's."""
    named = ledger.loc[
        ledger["subject_id"].isin(offers["subject_id"]), [*SUBJECT, "felt_at", "points", "indicator_id", "incident_id"]
    ]
    open_debit = offers.merge(named, on=SUBJECT, suffixes=("", "_hit"))
    felt = (open_debit["felt_at"] <= open_debit["credited_at"]) & (
        open_debit["felt_at"] > open_debit["credited_at"] - REPAIRS_WITHIN
    )
    open_debit = open_debit[felt]
    open_debit = open_debit.assign(is_dropped=open_debit["indicator_id_hit"].isin(DROPPED))
    gross = open_debit.groupby(OFFER).agg(
        gross=("points_hit", "sum"), is_dropped=("is_dropped", "any"), incident_id=("incident_id", "first")
    )
    found = offers.merge(gross.reset_index(), on=OFFER)
    found = found[(found["gross"] > 0) & ((found["indicator_id"] != "REP-07") | found["is_dropped"])]
    found = found.sort_values([*SUBJECT, "credited_at", *OFFER], ignore_index=True)
    return found.assign(turn=found.groupby(SUBJECT).cumcount())


def _one_turn(offers: pd.DataFrame, before: list[pd.DataFrame]) -> pd.DataFrame:
    left = offers["gross"]
    if before:
        earlier = pd.concat(before)[[*SUBJECT, "credited_at", "applied"]]
        used = offers.reset_index().merge(earlier, on=SUBJECT, suffixes=("", "_before"))
        used = used[used["credited_at_before"] > used["credited_at"] - REPAIRS_WITHIN]
        left = (left - used.groupby("index")["applied"].sum().reindex(offers.index).fillna(0)).clip(0)
    return offers.assign(applied=np.minimum(offers["points"], left).astype(np.int32))


def _rows(settled: pd.DataFrame) -> pd.DataFrame:
    credit = settled[settled["applied"] > 0]
    return pd.DataFrame({
        "entry_id": credit["indicator_id"] + ":" + credit["cause_id"],
        "customer_id": credit["customer_id"],
        "record_code": "credit",
        "subject_on": credit["posted_on"],
        "subject_kind_code": credit["subject_kind_code"],
        "subject_id": credit["subject_id"],
        "cause_id": credit["cause_id"],
        "entry_kind_code": "credit",
        "indicator_id": credit["indicator_id"],
        "stage_code": "repair",
        "rule_version": np.datetime64(RULES.valid_from),
        "points": -credit["applied"],
        "offered_points": -credit["points"].astype(np.int32),
        "felt_at": credit["credited_at"],
        "posted_on": credit["posted_on"],
        "incident_id": credit["incident_id"],
        "is_explicit": False,
    })[list(LEDGER)]  # fmt: skip
