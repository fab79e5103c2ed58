"""Repair credits settled one after the other: none exceeds what is left of the damage it names.

The month has no close in it. Customers do not touch each other: all first offers are settled at once, then all second
ones, and so on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.contenders.in_pandas.ledger import ENTRY_KINDS, NO_PLACE, one_of
from bench.contenders.in_pandas.tables import TEXT, Whole
from bench.contenders.rulebook import DROPPED

DEBIT = ["customer", "subject_kind_code", "subject_id", "indicator_id"]


def settle(offers: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """The credits as ledger rows."""
    offered = offers.sort_values(["posted_at", "indicator_id", "cause_id"], ignore_index=True)
    damage = _damage(offered, ledger)
    named = _named(offered, damage)
    turn = offered.groupby("customer").cumcount().to_numpy()[named["offer"].to_numpy()]
    left, taken, points = damage["left"].to_numpy(copy=True), np.zeros(len(named)), offered["points"].to_numpy()
    for number in range(turn.max(initial=-1) + 1):
        rows = np.flatnonzero(turn == number)
        offer, debit = named["offer"].to_numpy()[rows], named["debit"].to_numpy()[rows]
        taken[rows] = _taken(offer, points[offer], left[debit])
        left[debit] -= taken[rows]
    return _rows(offered, damage, named.assign(taken=taken)[taken > 0])


def _damage(offers: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """What is left of the debits that offers name, in the order in which they are repaired."""
    of_offers = ledger["customer"].isin(offers["customer"]) & ledger["subject_kind_code"].isin(["contact", "ticket"])
    rows = ledger[of_offers].assign(experience=lambda rows: rows["incident_id"].fillna(rows["subject_id"]))
    rows = rows[rows["subject_id"].isin(offers["subject_id"]) | rows["experience"].isin(offers["subject_id"])]
    debit = rows.groupby(DEBIT, sort=False, observed=True).ngroup().to_numpy()
    found = rows[~pd.Series(debit).duplicated().to_numpy()]  # a debit and its caps are of one moment
    found = found.assign(left=np.bincount(debit, rows["points"].to_numpy()))
    return found.sort_values(["posted_at", "indicator_id", "cause_id", "subject_id"], na_position="first")


def _named(offers: pd.DataFrame, damage: pd.DataFrame) -> pd.DataFrame:
    """A row per offer and debit that it names (a subject, or an incident by its first contact), in order."""
    columns = ["customer", "posted_at", "indicator_id", "debit"]
    numbered_debits = damage.assign(debit=np.arange(len(damage)))
    of_subject = numbered_debits[[*columns, "subject_id"]]
    of_incident = numbered_debits.loc[damage["experience"] != damage["subject_id"], [*columns, "experience"]]
    names = pd.concat([of_subject, of_incident.rename(columns={"experience": "subject_id"})], ignore_index=True)
    asked = offers[["customer", "subject_id", "posted_at", "indicator_id"]].assign(offer=np.arange(len(offers)))
    both = asked.merge(names, on=["customer", "subject_id"], suffixes=("", "_debit"))
    both = both[both["posted_at_debit"] <= both["posted_at"]]
    with_drop = both.loc[both["indicator_id_debit"].isin(DROPPED), "offer"]
    both = both[(both["indicator_id"] != "REP-07") | both["offer"].isin(with_drop)]
    return both[["offer", "debit"]].sort_values(["offer", "debit"], ignore_index=True)


def _taken(offer: Whole, wanted: npt.NDArray[np.float64], left: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What each offer takes of each of its debits, the first ones first. Rows of one offer are neighbours.

    An offer of 3 beside debits of 2, 2 and 1 takes 2, 1 and 0.
    """
    before = pd.Series(left).groupby(offer).cumsum().to_numpy() - left
    return np.clip(wanted - before, 0, left)


def _rows(offers: pd.DataFrame, damage: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    total = taken.groupby("offer").agg(taken=("taken", "sum"), debit=("debit", "last"))
    offer = offers.take(total.index.to_numpy())
    incident = damage["experience"].take(total["debit"].to_numpy()).reset_index(drop=True)
    return pd.DataFrame({
        "customer": offer["customer"].to_numpy(),
        "posted_at": offer["posted_at"].to_numpy(),
        "entry_kind_code": one_of(ENTRY_KINDS, "credit", len(offer)),
        "indicator_id": offer["indicator_id"].array,
        "subject_kind_code": offer["subject_kind_code"].array,
        "subject_id": offer["subject_id"].array,
        "cause_id": offer["cause_id"].array,
        "incident_id": incident.where((incident != offer["subject_id"].array).to_numpy()).array,
        "points": -total["taken"].to_numpy(),
        "place": NO_PLACE,
    }).astype({"incident_id": TEXT})  # fmt: skip
