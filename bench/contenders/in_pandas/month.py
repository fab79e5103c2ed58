"""The customers' month: score, peak, end, exposure, segment, level, life-cycle stage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bench.contenders.rulebook import CARRY_OVER, ESCALATIONS, FIRST_DAY, LAST_DAY, LEVELS, RULES

AGENT_STAGES = ["connection", "agent", "resolution"]
EXPLICIT_LEVEL, ESCALATED_LEVEL = 3, 4  # of the month of before: grades take their place


def months(ledger: pd.DataFrame, exposure: pd.DataFrame, before: pd.DataFrame, snapshots: pd.DataFrame) -> pd.DataFrame:
    """A row per customer with damage, contacts or a carried-over score."""
    entry, contact = _in_month(ledger), _contacts(_in_month(exposure))
    carried = (before.set_index("customer_id")["score"].astype(float) * CARRY_OVER).round(2)
    carried = carried[carried >= 0.005].rename("carry_over_points")
    damage = _damage(entry)
    customers = pd.DataFrame(index=damage.index.union(contact.index).union(carried.index).rename("customer_id"))
    for part in (damage, _peak(entry), contact, _end(entry, contact), carried, _stages(snapshots)):
        customers = customers.join(part)
    return _levels(customers).reset_index()


def _in_month(frame: pd.DataFrame) -> pd.DataFrame:
    posted = pd.to_datetime(frame["posted_on"])
    return frame[(posted >= pd.Timestamp(FIRST_DAY)) & (posted <= pd.Timestamp(LAST_DAY))]


def _damage(entry: pd.DataFrame) -> pd.DataFrame:
    is_credit, stage, points = entry["entry_kind_code"] == "credit", entry["stage_code"], entry["points"]
    parts = pd.DataFrame({
        "customer_id": entry["customer_id"],
        "damage_points": points.where(~is_credit, 0),
        "repair_points": -points.where(is_credit, 0),
        "ivr_points": points.where(stage == "ivr", 0),
        "agent_points": points.where(stage.isin(AGENT_STAGES), 0),
        "is_explicit": entry["is_explicit"],
        "is_escalated": entry["indicator_id"].isin(ESCALATIONS),
    })  # fmt: skip
    by = parts.groupby("customer_id")
    sums = by[["damage_points", "repair_points", "ivr_points", "agent_points"]].sum()
    return sums.join(by[["is_explicit", "is_escalated"]].any())


def _peak(entry: pd.DataFrame) -> pd.DataFrame:
    damage = entry[entry["entry_kind_code"] != "credit"]
    subject = damage["incident_id"].fillna(damage["subject_id"]).rename("peak_subject_id")
    experience = (
        damage.groupby(["customer_id", subject], sort=False)["points"].sum().rename("peak_points").reset_index()
    )
    dearest = experience[experience["peak_points"] == experience.groupby("customer_id")["peak_points"].transform("max")]
    return dearest.groupby("customer_id").agg(
        peak_points=("peak_points", "max"), peak_subject_id=("peak_subject_id", "max")
    )


def _contacts(exposure: pd.DataFrame) -> pd.DataFrame:
    last = exposure.sort_values("last_contact_at").drop_duplicates("customer_id", keep="last").set_index("customer_id")
    counts = exposure.groupby("customer_id")[["contact_count", "incident_count"]].sum()
    return counts.join(last[["last_contact_at", "last_contact_id"]])


def _end(entry: pd.DataFrame, contact: pd.DataFrame) -> pd.DataFrame:
    """The latest experience: the last contact, or what was felt of a ticket, booking or reply after it."""
    of_contact = entry[(entry["record_code"] == "contact") & entry["subject_id"].isin(contact["last_contact_id"])]
    contact_points = of_contact.groupby("customer_id")["points"].sum()
    other = entry[~entry["record_code"].isin(["contact", "credit"])]
    other = other.groupby(["customer_id", "felt_at", "cause_id"])["points"].sum().reset_index()
    other = (
        other.sort_values(["felt_at", "cause_id"]).drop_duplicates("customer_id", keep="last").set_index("customer_id")
    )
    both = contact[["last_contact_at"]].join(other[["felt_at", "points"]], how="outer")
    later = (both["felt_at"] > both["last_contact_at"]) | both["last_contact_at"].isna()
    points = both["points"].where(later, contact_points.reindex(both.index).fillna(0))
    return pd.DataFrame({"end_points": points, "end_at": both["felt_at"].where(later, both["last_contact_at"])})


def _stages(snapshots: pd.DataFrame) -> pd.Series:
    settings, first, last = RULES.settings, pd.Timestamp(FIRST_DAY), pd.Timestamp(LAST_DAY)
    month_on = pd.to_datetime(snapshots["month_on"])
    by = snapshots[month_on < first].groupby("customer_id")
    usual = by.agg(arpu=("arpu_amount", "mean"), minutes=("minutes_of_use", "mean"), known=("month_on", "size"))
    usual = usual[usual["known"] == 3]
    now = snapshots[month_on == first].set_index("customer_id")
    now = now.assign(usual_arpu=usual["arpu"], usual_minutes=usual["minutes"])
    share = 1 - settings.decline_share
    joined = pd.to_datetime(now["joined_on"])
    less = (now["arpu_amount"] <= now["usual_arpu"] * share) | (now["minutes_of_use"] <= now["usual_minutes"] * share)
    conditions = [
        joined > last - pd.DateOffset(months=settings.exploration_months),
        less,
        joined > last - pd.DateOffset(months=settings.formation_months),
        joined.notna(),
    ]
    stages = np.select(
        [_bools(each) for each in conditions], ["exploration", "decline", "formation", "stable"], default=""
    )
    return pd.Series(stages, index=now.index, name="lifecycle_stage_code").replace("", None)


def _bools(condition: Any) -> Any:
    return condition.fillna(False).to_numpy(dtype=bool)


def _levels(customers: pd.DataFrame) -> pd.DataFrame:
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
    frame = customers.copy()
    frame[numbers] = frame[numbers].fillna(0).astype(np.int32)
    frame["carry_over_points"] = frame["carry_over_points"].fillna(0.0)
    for name in ("is_explicit", "is_escalated"):
        frame[name] = frame[name].eq(True)
    frame["score"] = (frame["carry_over_points"] + frame["damage_points"] - frame["repair_points"]).clip(0)
    by_score = np.where(frame["score"] > 0, 1 + np.searchsorted(LEVELS, frame["score"], side="right"), 0)
    explicit = np.where(frame["is_explicit"], EXPLICIT_LEVEL, 0)
    frame["level"] = np.maximum.reduce(
        [by_score, explicit, np.where(frame["is_escalated"], ESCALATED_LEVEL, 0)]
    ).astype(np.int32)
    ivr, agent = frame["ivr_points"] > 0, frame["agent_points"] > 0
    frame["segment_code"] = np.select([ivr & agent, ivr, agent], ["double", "ivr", "agent"], default="none")
    return frame
