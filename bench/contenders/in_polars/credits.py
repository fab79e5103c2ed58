"""Repair credits settled in turn: none exceeds what is left of the damage it names. The month has no close in it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl
from polars import col

from bench.contenders.rulebook import DROPPED, RULES


def settle(offers: pl.DataFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """The credits as ledger rows."""
    offered = offers.sort("posted_at", "indicator_id", "cause_id")
    debits = _debits(offered, ledger)
    rows = [row for offer in offered.iter_rows(named=True) if (row := _settle(offer, debits))]
    return pl.DataFrame(rows, schema=ledger.schema) if rows else ledger.clear()


def _debits(offers: pl.DataFrame, ledger: pl.DataFrame) -> dict[tuple[str, str], list[list[Any]]]:
    """By customer and what an offer may name (a subject, or an incident by its first contact): the debits that are left
    there, in order. A debit is one list, whoever names it."""
    damage = (
        ledger.lazy()
        .join(offers.lazy().select("customer_id").unique(), on="customer_id", how="semi")
        .filter(col("subject_kind_code").is_in(["contact", "ticket"]))
        .group_by("customer_id", "subject_kind_code", "subject_id", "indicator_id")
        .agg(
            posted_at=col("posted_at").min(),
            cause_id=col("cause_id").first(),
            incident_id=col("incident_id").first(),
            left=col("points").sum(),
        )
        .sort("posted_at", "indicator_id", "cause_id", "subject_id", nulls_last=False)
        .collect()
    )
    found: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for row in damage.iter_rows(named=True):
        debit = [row["posted_at"], row["indicator_id"], row["left"], row["incident_id"] or row["subject_id"]]
        for name in {row["subject_id"], row["incident_id"] or row["subject_id"]}:
            found[row["customer_id"], name].append(debit)
    return found


def _settle(offer: dict[str, Any], debits: dict[tuple[str, str], list[list[Any]]]) -> dict[str, Any] | None:
    named = [
        debit for debit in debits.get((offer["customer_id"], offer["subject_id"]), []) if debit[0] <= offer["posted_at"]
    ]
    if offer["indicator_id"] == "REP-07" and not any(debit[1] in DROPPED for debit in named):
        return None
    wanted, incident = float(offer["points"]), None
    for debit in named:
        if taken := min(wanted, debit[2]):
            debit[2] -= taken
            wanted -= taken
            incident = debit[3]
    if incident is None:
        return None
    return {
        "customer_id": offer["customer_id"],
        "posted_on": offer["posted_on"],
        "posted_at": offer["posted_at"],
        "entry_kind_code": "credit",
        "indicator_id": offer["indicator_id"],
        "rule_version": RULES.valid_from,
        "subject_kind_code": offer["subject_kind_code"],
        "subject_id": offer["subject_id"],
        "cause_id": offer["cause_id"],
        "incident_id": incident if incident != offer["subject_id"] else None,
        "points": wanted - float(offer["points"]),
    }
