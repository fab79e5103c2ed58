"""Ledger rows in the shape of the ledger's table."""

from __future__ import annotations

import polars as pl
from polars import col

from bench.contenders.rulebook import FIRST_DAY, LAST_DAY, LEDGER, POINTS, RULES, STAGE, ZONE


def contact_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Contacts' hits and caps as ledger rows."""
    incident = pl.when(col("incident_id") != col("contact_id")).then("incident_id")
    return rows.select(
        customer_id="customer_id",
        posted_on=local_day("posted_at"),
        posted_at="posted_at",
        entry_kind_code="entry_kind_code",
        indicator_id="indicator_id",
        rule_version=pl.lit(RULES.valid_from),
        subject_kind_code=pl.lit("contact"),
        subject_id="contact_id",
        cause_id=pl.lit(None, pl.String),
        incident_id=incident,
        points=col("entry_points").cast(pl.Float64),
    ).filter(in_month())


def record_rows(rows: pl.LazyFrame, indicator: str, kind: str | pl.Expr, subject: str, posted_at: str) -> pl.LazyFrame:
    """Rows of one rule on tickets, bookings or replies as ledger rows, with their `cause_id` and `incident_id`."""
    there = rows.collect_schema().names()
    return (
        rows.filter(col("customer_id").is_not_null() & col(posted_at).is_not_null())
        .select(
            customer_id="customer_id",
            posted_on=local_day(posted_at),
            posted_at=posted_at,
            entry_kind_code=pl.lit("debit"),
            indicator_id=pl.lit(indicator),
            rule_version=pl.lit(RULES.valid_from),
            subject_kind_code=pl.lit(kind) if isinstance(kind, str) else kind,
            subject_id=subject,
            cause_id=col("cause_id") if "cause_id" in there else pl.lit(None, pl.String),
            incident_id=col("incident_id") if "incident_id" in there else pl.lit(None, pl.String),
            points=pl.lit(float(POINTS[indicator])),
        )
        .filter(in_month())
    )


def in_month() -> pl.Expr:
    """What is posted in the month."""
    return col("posted_on").is_between(FIRST_DAY, LAST_DAY)


def stage() -> pl.Expr:
    """The stage of `indicator_id`."""
    return col("indicator_id").replace_strict(STAGE, return_dtype=pl.String)


def local_day(moment: str) -> pl.Expr:
    """The moment's day in the business zone."""
    return col(moment).dt.convert_time_zone(ZONE).dt.date()


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The ledger's columns in their order."""
    return frame.select(LEDGER)
