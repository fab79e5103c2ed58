"""The customers' month: score, peak, end, exposure, segment, city and life-cycle stage."""

from __future__ import annotations

import polars as pl
from polars import col

from bench.contenders.in_polars.ledger import stage
from bench.contenders.rulebook import CARRY_OVER, ESCALATIONS, EXPLICIT, FIRST_DAY, LAST_DAY, RULES
from bench.data import MONTH

AGENT_STAGES = ["connection", "agent", "resolution"]
OF_CONTACTS = [rule.id for rule in RULES.of_record("contact")]


def months(ledger: pl.LazyFrame, exposure: pl.LazyFrame, before: pl.LazyFrame, snapshots: pl.LazyFrame) -> pl.DataFrame:
    """A row per customer with damage, contacts or a carried-over score. What was said (explicit grades, levels,
    consolidation) is left out."""
    contact = _contacts(exposure)
    entry = ledger.with_columns(stage_code=stage(), is_of_contact=col("indicator_id").is_in(OF_CONTACTS))
    carried = before.select(
        "customer_id", carry_over=(col("score").cast(pl.Float64) * CARRY_OVER * 1000).floor() / 1000
    ).filter(col("carry_over") >= 0.01)
    parts = [_damage(entry), _peak(entry), contact, _end(entry, contact), carried]
    customers = pl.concat([part.select("customer_id") for part in (parts[0], contact, carried)]).unique()
    for part in (*parts, _stages(snapshots)):
        customers = customers.join(part, on="customer_id", how="left")
    return _scores(customers).collect(engine="streaming")


def _damage(entry: pl.LazyFrame) -> pl.LazyFrame:
    is_credit, points = col("entry_kind_code") == "credit", col("points")
    return entry.group_by("customer_id").agg(
        damage_points=points.filter(~is_credit).sum(),
        repair_points=-points.filter(is_credit).sum(),
        ivr_points=points.filter(col("stage_code") == "ivr").sum(),
        agent_points=points.filter(col("stage_code").is_in(AGENT_STAGES)).sum(),
        is_escalated=col("indicator_id").is_in(ESCALATIONS).any(),
    )


def _peak(entry: pl.LazyFrame) -> pl.LazyFrame:
    """The worst experience; of equals the doubly damaged, then the explicit, then the first by id."""
    points, stage_code = col("points"), col("stage_code")
    experience = (
        entry.with_columns(damage=pl.when(col("entry_kind_code") != "credit").then("points").otherwise(0.0))
        .group_by("customer_id", peak_subject_id=pl.coalesce("incident_id", "subject_id"))
        .agg(
            peak_points=col("damage").sum(),
            is_double=(points.filter(stage_code == "ivr").sum() > 0)
            & (points.filter(stage_code.is_in(AGENT_STAGES)).sum() > 0),
            is_explicit=col("indicator_id").is_in(EXPLICIT).any(),
        )
        .filter(col("peak_points") > 0)
        .with_columns(weight=col("peak_points") * 4 + col("is_double") * 2 + col("is_explicit"))
    )
    return experience.group_by("customer_id").agg(
        peak_points=col("peak_points").max(),
        peak_subject_id=col("peak_subject_id").filter(col("weight") == col("weight").max()).min(),
    )


def _contacts(exposure: pl.LazyFrame) -> pl.LazyFrame:
    return exposure.group_by("customer_id").agg(
        contact_count=col("contact_count").sum(),
        incident_count=col("incident_count").sum(),
        contact_at=col("last_contact_at").max(),
        contact_id=col("last_contact_id").sort_by("last_contact_at").last(),
    )


def _end(entry: pl.LazyFrame, contact: pl.LazyFrame) -> pl.LazyFrame:
    """The latest experience, without the cap: the last contact, or what was decided of a ticket, booking or reply after
    it."""
    debit = entry.filter(col("entry_kind_code") == "debit").join(
        contact.select("customer_id", "contact_at", "contact_id"), on="customer_id", how="left"
    )
    own = (
        debit.filter(col("is_of_contact") & (col("subject_id") == col("contact_id")))
        .group_by("customer_id")
        .agg(own_at=col("contact_at").first(), own_points=col("points").sum())
    )
    after = ~col("is_of_contact") & (col("posted_at") > col("contact_at"))
    what = pl.when("is_of_contact").then("subject_id").otherwise(pl.coalesce("cause_id", "subject_id"))
    other = (
        debit.filter(col("contact_at").is_null() | after)
        .group_by("customer_id", what=what)
        .agg(other_at=col("posted_at").max(), other_points=col("points").sum())
        .sort("other_at", "what")
        .group_by("customer_id", maintain_order=True)
        .agg(col("other_at").last(), col("other_points").last())
    )
    both = own.join(other, on="customer_id", how="full", coalesce=True)
    return both.select(
        "customer_id",
        latest_at=pl.coalesce("other_at", "own_at"),
        end_points=pl.coalesce("other_points", "own_points"),
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
    lifecycle = (
        pl.when(col("joined_on") > _months_back(settings.exploration_months)).then(pl.lit("exploration"))
        .when(declines).then(pl.lit("decline"))
        .when(col("joined_on") > _months_back(settings.formation_months)).then(pl.lit("formation"))
        .when(col("joined_on").is_not_null()).then(pl.lit("stable"))
    )  # fmt: skip
    now = snapshots.filter(col("month_on") == FIRST_DAY).join(usual, on="customer_id", how="left")
    return now.select(
        "customer_id",
        "city_code",
        has_left=(col("status_code") == "left").fill_null(False),
        lifecycle_stage_code=lifecycle,
    )


def _scores(customers: pl.LazyFrame) -> pl.LazyFrame:
    whole = [
        "damage_points",
        "ivr_points",
        "agent_points",
        "peak_points",
        "end_points",
        "contact_count",
        "incident_count",
    ]
    filled = customers.with_columns(
        col(*whole).fill_null(0).cast(pl.Int32),
        col("carry_over", "repair_points").fill_null(0.0),
        col("is_escalated", "has_left").fill_null(False),
    ).with_columns(score=(col("carry_over") + col("damage_points") - col("repair_points")).clip(0))
    ivr, agent = col("ivr_points") > 0, col("agent_points") > 0
    double, of_ivr, of_agent, none = (pl.lit(name) for name in ("double", "ivr", "agent", "none"))
    return filled.select(
        "customer_id",
        "score",
        "repair_points",
        "peak_subject_id",
        "is_escalated",
        "has_left",
        "city_code",
        "lifecycle_stage_code",
        *whole,
        carry_over_points="carry_over",
        end_at=pl.coalesce("latest_at", "contact_at"),
        month=pl.lit(MONTH),
        segment_code=pl.when(ivr & agent)
        .then(double)
        .when(ivr)
        .then(of_ivr)
        .when(agent)
        .then(of_agent)
        .otherwise(none),
    )


def _months_back(months: int) -> pl.Expr:
    return pl.lit(LAST_DAY).dt.offset_by(f"-{months}mo")
