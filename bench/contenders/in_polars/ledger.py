"""Ledger rows in the shape of the ledger's table."""

from __future__ import annotations

import polars as pl
from polars import col

from bench.contenders.rulebook import EXPLICIT, LEDGER, RULES, STAGE, ZONE


def debit_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Contacts' hits and caps as ledger rows."""
    is_cap = col("entry_kind_code") == "cap"
    return rows.select(
        entry_id=pl.concat_str(
            pl.when(is_cap).then(pl.lit("CAP:")).otherwise(pl.lit("")), "indicator_id", pl.lit(":"), "contact_id"
        ),
        customer_id="customer_id",
        record_code=pl.lit("contact"),
        subject_on="started_on",
        subject_kind_code=pl.lit("contact"),
        subject_id="contact_id",
        cause_id="contact_id",
        entry_kind_code="entry_kind_code",
        indicator_id="indicator_id",
        stage_code=stage(),
        rule_version=pl.lit(RULES.valid_from),
        points=col("entry_points").cast(pl.Int32),
        offered_points=pl.when(is_cap).then("entry_points").otherwise("points").cast(pl.Int32),
        felt_at="started_at",
        posted_on="incident_on",
        incident_id="incident_id",
        is_explicit=pl.lit(False),
    )


def record_rows(
    rows: pl.LazyFrame, indicator: str, record: str, day: str, kind: pl.Expr, subject: str, cause: str, felt_at: str
) -> pl.LazyFrame:
    """Rows of one rule on tickets, bookings or replies as ledger rows."""
    from bench.contenders.rulebook import POINTS

    return rows.filter(col("customer_id").is_not_null() & col(felt_at).is_not_null()).select(
        entry_id=pl.concat_str(pl.lit(f"{indicator}:"), cause),
        customer_id="customer_id",
        record_code=pl.lit(record),
        subject_on=day,
        subject_kind_code=kind,
        subject_id=subject,
        cause_id=cause,
        entry_kind_code=pl.lit("debit"),
        indicator_id=pl.lit(indicator),
        stage_code=pl.lit(STAGE[indicator]),
        rule_version=pl.lit(RULES.valid_from),
        points=pl.lit(POINTS[indicator], pl.Int32),
        offered_points=pl.lit(POINTS[indicator], pl.Int32),
        felt_at=felt_at,
        posted_on=local_day(felt_at),
        incident_id=pl.lit(None, pl.String),
        is_explicit=pl.lit(indicator in EXPLICIT),
    )


def stage() -> pl.Expr:
    """The stage of `indicator_id`."""
    return col("indicator_id").replace_strict(STAGE, return_dtype=pl.String)


def local_day(moment: str) -> pl.Expr:
    """The moment's day in the business zone."""
    return col(moment).dt.convert_time_zone(ZONE).dt.date()


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The ledger's columns in their order."""
    return frame.select(LEDGER)
