"""The customers' month: score, peak, end, exposure and segment. Arrays by a customer's number."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from bench.contenders.in_pandas.ledger import INDICATORS, NO_PLACE
from bench.contenders.in_pandas.stages import stages
from bench.contenders.in_pandas.tables import Points, Truth, Whole, amounts
from bench.contenders.rulebook import CARRY_OVER, ESCALATIONS, EXPLICIT, STAGE
from bench.data import MONTH

STAGES: Final = np.array([STAGE[name] for name in INDICATORS.categories])
OF_IVR, OF_AGENT = STAGES == "ivr", np.isin(STAGES, ["connection", "agent", "resolution"])
SEGMENTS: Final = pd.CategoricalDtype(["none", "ivr", "agent", "double"])


def months(
    ledger: pd.DataFrame, inbound: pd.DataFrame, before: pd.DataFrame, snapshots: pd.DataFrame, customers: int
) -> pd.DataFrame:
    """A row per customer with damage, contacts or a carried-over score. What was said (explicit grades, levels,
    consolidation) is left out."""
    last = _last_places(inbound, customers)
    columns = {
        "carry_over_points": _carried(before, customers),
        **_damage(ledger, customers),
        **_peak(ledger, inbound, customers),
        **_contacts(inbound, customers),
        **_end(ledger, inbound, last),
        **stages(snapshots, customers),
    }
    has_entry = np.bincount(ledger["customer"], minlength=customers) > 0
    kept = np.flatnonzero(has_entry | (last != NO_PLACE) | (columns["carry_over_points"] > 0))
    return _scored(pd.DataFrame({"customer": kept, **{name: column[kept] for name, column in columns.items()}}))


def _carried(before: pd.DataFrame, customers: int) -> Points:
    carried = np.zeros(customers)
    points = amounts(before["score"]) * CARRY_OVER
    carried[before["customer"].to_numpy()] = np.floor(points * 1000) / 1000
    return np.where(carried >= 0.01, carried, 0)


def _last_places(inbound: pd.DataFrame, customers: int) -> Whole:
    """The place of each customer's last contact."""
    last = np.full(customers, NO_PLACE)
    last[inbound["customer"].to_numpy()] = np.arange(len(inbound))  # the later one of equal numbers stays
    return last


def _damage(ledger: pd.DataFrame, customers: int) -> dict[str, Any]:
    customer, points = ledger["customer"].to_numpy(), ledger["points"].to_numpy()
    indicator, is_credit = ledger["indicator_id"].cat.codes.to_numpy(), _is(ledger, "credit")

    def total(rows: Truth) -> Points:
        return np.bincount(customer[rows], points[rows], customers).astype(float)

    return {
        "damage_points": total(~is_credit).astype(np.int32),
        "repair_points": 0 - total(is_credit),
        "ivr_points": total(OF_IVR[indicator]).astype(np.int32),
        "agent_points": total(OF_AGENT[indicator]).astype(np.int32),
        "is_escalated": np.bincount(customer, _among(ESCALATIONS)[indicator], customers) > 0,
    }


def _is(ledger: pd.DataFrame, kind: str) -> Truth:
    return (ledger["entry_kind_code"] == kind).to_numpy()


def _among(names: Any) -> Truth:
    """Whether an indicator, by its number, is one of these."""
    return np.isin(INDICATORS.categories, list(names))


def _peak(ledger: pd.DataFrame, inbound: pd.DataFrame, customers: int) -> dict[str, Any]:
    """The worst experience; of equals the doubly damaged, then the explicit, then the first by id."""
    experience, names = _experiences(ledger, inbound)
    weighed = _weighed(ledger, experience)
    most = np.zeros(customers)
    np.maximum.at(most, weighed["customer"].to_numpy(), weighed["weight"].to_numpy())
    worst = weighed[weighed["weight"] == most[weighed["customer"]]]
    chosen = np.full(customers, NO_PLACE)
    chosen[worst["customer"]] = worst["experience"]
    tied = worst[worst["customer"].duplicated(keep=False)]
    first = tied.assign(name=names.array.take(tied["experience"])).sort_values("name").drop_duplicates("customer")
    chosen[first["customer"]] = first["experience"]
    return {
        "peak_points": (most // 4).astype(np.int32),
        "peak_subject_id": names.array.take(chosen, allow_fill=True),
    }


def _weighed(ledger: pd.DataFrame, experience: Whole) -> pd.DataFrame:
    """Customer, experience and how it compares: four times its points, 2 when doubly damaged, 1 when explicit."""
    points, indicator = ledger["points"].to_numpy(), ledger["indicator_id"].cat.codes.to_numpy()
    entry = pd.DataFrame({
        "customer": ledger["customer"].to_numpy(),
        "experience": experience,
        "damage": np.where(_is(ledger, "credit"), 0, points),
        "ivr": np.where(OF_IVR[indicator], points, 0),
        "agent": np.where(OF_AGENT[indicator], points, 0),
        "explicit": _among(EXPLICIT)[indicator].astype(float),
    })  # fmt: skip
    total = entry.groupby(["customer", "experience"], sort=False).sum().reset_index()
    is_double = (total["ivr"] > 0) & (total["agent"] > 0)
    total["weight"] = total["damage"] * 4 + is_double * 2 + (total["explicit"] > 0)
    return total.loc[total["damage"] > 0, ["customer", "experience", "weight"]]


def _experiences(ledger: pd.DataFrame, inbound: pd.DataFrame) -> tuple[Whole, pd.Series[Any]]:
    """A number for each row's incident or subject, and their names by the numbers: contacts by their places first."""
    place = ledger["place"].to_numpy()
    other = np.flatnonzero(place == NO_PLACE)
    named = ledger["incident_id"].take(other).fillna(ledger["subject_id"].take(other))
    code, names = pd.factorize(named)
    contact = np.flatnonzero(inbound["contact_id"].isin(names).to_numpy())
    number = np.arange(len(names)) + len(inbound)
    number[names.get_indexer(inbound["contact_id"].array.take(contact))] = contact
    experience = inbound["incident"].to_numpy()[place]
    experience[other] = number[code]
    return experience, pd.concat([inbound["contact_id"], names.to_series()], ignore_index=True)


def _contacts(inbound: pd.DataFrame, customers: int) -> dict[str, Any]:
    customer = inbound["customer"].to_numpy()
    return {
        "contact_count": np.bincount(customer, minlength=customers).astype(np.int32),
        "incident_count": np.bincount(customer[inbound["is_start"].to_numpy()], minlength=customers).astype(np.int32),
    }


def _end(ledger: pd.DataFrame, inbound: pd.DataFrame, last: Whole) -> dict[str, Any]:
    """The latest experience, without the cap: the last contact, or what was decided of a ticket, booking or reply after
    it."""
    customer, place = ledger["customer"].to_numpy(), ledger["place"].to_numpy()
    is_debit, has_contact = _is(ledger, "debit"), last != NO_PLACE
    of_last = is_debit & (place != NO_PLACE) & (place == last[customer])
    points = np.bincount(customer[of_last], ledger["points"].to_numpy()[of_last], len(last))
    at = np.where(has_contact, inbound["started_at"].to_numpy()[last], np.datetime64("NaT", "us"))
    other = ledger[is_debit & (place == NO_PLACE) & ~(ledger["posted_at"].to_numpy() <= at[customer])]
    later = (
        other.assign(what=other["cause_id"].fillna(other["subject_id"]))
        .groupby(["customer", "what"], sort=False, as_index=False)
        .agg(posted_at=("posted_at", "max"), points=("points", "sum"))
        .sort_values(["posted_at", "what"])
        .drop_duplicates("customer", keep="last")
    )
    points[later["customer"]], at[later["customer"]] = later["points"], later["posted_at"]
    return {"end_points": points.astype(np.int32), "end_at": at}


def _scored(customers: pd.DataFrame) -> pd.DataFrame:
    score = customers["carry_over_points"] + customers["damage_points"] - customers["repair_points"]
    has_ivr, has_agent = customers["ivr_points"].to_numpy() > 0, customers["agent_points"].to_numpy() > 0
    return customers.assign(
        month=MONTH,
        score=score.clip(lower=0),
        segment_code=pd.Categorical.from_codes(has_ivr + 2 * has_agent, dtype=SEGMENTS),
    )
