"""The customers' month: score, peak, end, exposure, segment, level, life-cycle stage."""

from __future__ import annotations

import polars as pl
from polars import col

from bench.contenders.rulebook import CARRY_OVER, ESCALATIONS, FIRST_DAY, LAST_DAY, LEVELS, RULES
from bench.data import MONTH

AGENT_STAGES = ["connection", "agent", "resolution"]
IN_MONTH = col("posted_on").is_between(FIRST_DAY, LAST_DAY)


def months(ledger: pl.LazyFrame, exposure: pl.LazyFrame, before: pl.LazyFrame, snapshots: pl.LazyFrame) -> pl.DataFrame:
    """A row per customer with damage, contacts or a carried-over score."""
    entry, contact = ledger.filter(IN_MONTH), _contacts(exposure.filter(IN_MONTH))
    carried = before.select("customer_id", carry_over=(col("score").cast(pl.Float64) * CARRY_OVER).round(2)).filter(
        col("carry_over") >= 0.005
    )
    parts = [_damage(entry), _peak(entry), contact, _end(entry, contact), carried]
    customers = pl.concat([part.select("customer_id") for part in (parts[0], contact, carried)]).unique()
    for part in (*parts, _stages(snapshots)):
        customers = customers.join(part, on="customer_id", how="left")
    return _levels(customers).collect(engine="streaming")


def _damage(entry: pl.LazyFrame) -> pl.LazyFrame:
    is_credit, points = col("entry_kind_code") == "credit", col("points")
    return entry.group_by("customer_id").agg(
        damage_points=points.filter(~is_credit).sum(),
        repair_points=-points.filter(is_credit).sum(),
        ivr_points=points.filter(col("stage_code") == "ivr").sum(),
        agent_points=points.filter(col("stage_code").is_in(AGENT_STAGES)).sum(),
        is_explicit=col("is_explicit").any(),
        is_escalated=col("indicator_id").is_in(ESCALATIONS).any(),
    )


def _peak(entry: pl.LazyFrame) -> pl.LazyFrame:
    experience = (
        entry.filter(col("entry_kind_code") != "credit")
        .group_by("customer_id", peak_subject_id=pl.coalesce("incident_id", "subject_id"))
        .agg(peak_points=col("points").sum())
    )
    return experience.group_by("customer_id").agg(
        peak_points=col("peak_points").max(),
        peak_subject_id=col("peak_subject_id").filter(col("peak_points") == col("peak_points").max()).max(),
    )


def _contacts(exposure: pl.LazyFrame) -> pl.LazyFrame:
    return exposure.group_by("customer_id").agg(
        contact_count=col("contact_count").sum(),
        incident_count=col("incident_count").sum(),
        contact_at=col("last_contact_at").max(),
        contact_id=col("last_contact_id").sort_by("last_contact_at").last(),
    )


def _end(entry: pl.LazyFrame, contact: pl.LazyFrame) -> pl.LazyFrame:
    """The latest experience: the last contact, or what was felt of a ticket, booking or reply after it."""
    of_contact = (
        entry.filter(col("record_code") == "contact")
        .join(contact.select("customer_id", subject_id="contact_id"), on=["customer_id", "subject_id"], how="semi")
        .group_by("customer_id")
        .agg(contact_points=col("points").sum())
    )
    other = (
        entry.filter(~col("record_code").is_in(["contact", "credit"]))
        .group_by("customer_id", "felt_at", "cause_id")
        .agg(col("points").sum())
        .sort("felt_at", "cause_id")
        .group_by("customer_id", maintain_order=True)
        .agg(other_at=col("felt_at").last(), other_points=col("points").last())
    )
    both = contact.select("customer_id", "contact_at").join(other, on="customer_id", how="full", coalesce=True)
    later = (col("other_at") > col("contact_at")).fill_null(col("contact_at").is_null())
    return both.join(of_contact, on="customer_id", how="left").select(
        "customer_id",
        end_at=pl.max_horizontal("contact_at", "other_at"),
        end_points=pl.when(later).then("other_points").otherwise(col("contact_points").fill_null(0)),
    )


def _stages(snapshots: pl.LazyFrame) -> pl.LazyFrame:
    settings = RULES.settings
    usual = (
        snapshots.filter(col("month_on") < FIRST_DAY)
        .group_by("customer_id")
        .agg(
            usual_arpu=col("arpu_amount").cast(pl.Float64).mean(),
            usual_minutes=col("minutes_of_use").mean(),
            known=pl.len(),
        )
        .filter(col("known") == 3)
    )
    left = 1 - settings.decline_share
    declines = (col("arpu_amount").cast(pl.Float64) <= col("usual_arpu") * left) | (
        col("minutes_of_use") <= col("usual_minutes") * left
    )
    stage = (
        pl.when(col("joined_on") > _months_back(settings.exploration_months)).then(pl.lit("exploration"))
        .when(declines).then(pl.lit("decline"))
        .when(col("joined_on") > _months_back(settings.formation_months)).then(pl.lit("formation"))
        .when(col("joined_on").is_not_null()).then(pl.lit("stable"))
    )  # fmt: skip
    now = snapshots.filter(col("month_on") == FIRST_DAY).join(usual, on="customer_id", how="left")
    return now.select("customer_id", lifecycle_stage_code=stage)


def _levels(customers: pl.LazyFrame) -> pl.LazyFrame:
    settings = RULES.settings
    numbers = [
        "damage_points",
        "repair_points",
        "ivr_points",
        "agent_points",
        "peak_points",
        "end_points",
        "contact_count",
        "incident_count",
    ]
    filled = customers.with_columns(
        col(*numbers).fill_null(0).cast(pl.Int32),
        col("carry_over").fill_null(0.0),
        col("is_explicit", "is_escalated").fill_null(False),
    ).with_columns(score=(col("carry_over") + col("damage_points") - col("repair_points")).clip(0))
    by_score = sum((col("score") >= limit).cast(pl.Int32) for limit in LEVELS) + 1
    ivr, agent = col("ivr_points") > 0, col("agent_points") > 0
    return filled.select(
        "customer_id",
        score="score",
        carry_over_points="carry_over",
        **{name: col(name) for name in numbers},
        peak_subject_id="peak_subject_id",
        end_at="end_at",
        month=pl.lit(MONTH),
        segment_code=pl.when(ivr & agent)
        .then(pl.lit("double"))
        .when(ivr)
        .then(pl.lit("ivr"))
        .when(agent)
        .then(pl.lit("agent"))
        .otherwise(pl.lit("none")),
        level=pl.max_horizontal(
            pl.when("is_escalated").then(settings.escalated_level).otherwise(0),
            pl.when("is_explicit").then(settings.explicit_level).otherwise(0),
            pl.when(col("score") > 0).then(by_score).otherwise(0),
        ).cast(pl.Int32),
        is_explicit="is_explicit",
        is_escalated="is_escalated",
        lifecycle_stage_code="lifecycle_stage_code",
    )


def _months_back(months: int) -> pl.Expr:
    return pl.lit(LAST_DAY).dt.offset_by(f"-{months}mo")
