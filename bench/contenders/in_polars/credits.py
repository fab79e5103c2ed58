"""Repair credits settled one after the other: none exceeds what is left of the damage it names."""

from __future__ import annotations

import polars as pl
from polars import col

from bench.contenders.rulebook import DROPPED, REPAIRS_WITHIN, RULES

SUBJECT = ["subject_kind_code", "subject_id"]
OFFER = ["indicator_id", "cause_id"]


def settle(offers: pl.LazyFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """The credits as ledger rows."""
    gross = _gross(offers, ledger)
    settled: list[pl.DataFrame] = []
    for turn in range(1, gross.select(col("turn").max().fill_null(0)).item() + 1):
        settled.append(_one_turn(gross.filter(col("turn") == turn), settled))
    return _rows(pl.concat(settled)) if settled else ledger.clear()


def _gross(offers: pl.LazyFrame, ledger: pl.DataFrame) -> pl.DataFrame:
    """Each offer with the damage that it could repair, and its turn among its subject's."""
    damage = ledger.lazy().select(*SUBJECT, "felt_at", damage="points", hit="indicator_id", incident_id="incident_id")
    felt = (col("felt_at") <= col("credited_at")) & (col("felt_at") > col("credited_at") - REPAIRS_WITHIN)
    gross = (
        offers.join(damage, on=SUBJECT)
        .filter(felt)
        .group_by(OFFER)
        .agg(
            gross=col("damage").sum(),
            is_dropped=col("hit").is_in(DROPPED).any(),
            incident_id=col("incident_id").drop_nulls().first(),
        )
        .filter((col("gross") > 0) & ((col("indicator_id") != "REP-07") | col("is_dropped")))
    )
    named = offers.join(gross, on=OFFER).sort(*SUBJECT, "credited_at", *OFFER)
    return named.with_columns(turn=pl.int_range(1, pl.len() + 1).over(SUBJECT)).collect()


def _one_turn(offers: pl.DataFrame, before: list[pl.DataFrame]) -> pl.DataFrame:
    applied = pl.min_horizontal("points", "gross")
    if not before:
        return offers.with_columns(applied=applied)
    earlier = pl.concat(before).select(*SUBJECT, earlier_at="credited_at", used="applied")
    used = (
        offers.select(*OFFER, *SUBJECT, "credited_at")
        .join(earlier, on=SUBJECT)
        .filter(col("earlier_at") > col("credited_at") - REPAIRS_WITHIN)
        .group_by(OFFER)
        .agg(col("used").sum())
    )
    left = (col("gross") - col("used").fill_null(0)).clip(0)
    return offers.join(used, on=OFFER, how="left").with_columns(applied=pl.min_horizontal("points", left)).drop("used")


def _rows(settled: pl.DataFrame) -> pl.DataFrame:
    return settled.filter(col("applied") > 0).select(
        entry_id=pl.concat_str("indicator_id", pl.lit(":"), "cause_id"),
        customer_id="customer_id",
        record_code=pl.lit("credit"),
        subject_on="posted_on",
        subject_kind_code="subject_kind_code",
        subject_id="subject_id",
        cause_id="cause_id",
        entry_kind_code=pl.lit("credit"),
        indicator_id="indicator_id",
        stage_code=pl.lit("repair"),
        rule_version=pl.lit(RULES.valid_from),
        points=-col("applied").cast(pl.Int32),
        offered_points=-col("points").cast(pl.Int32),
        felt_at="credited_at",
        posted_on="posted_on",
        incident_id="incident_id",
        is_explicit=pl.lit(False),
    )
