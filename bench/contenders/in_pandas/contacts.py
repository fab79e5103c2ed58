"""Contacts: incidents, windows, the indicators on contacts, families and the incident cap."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.contenders.in_pandas.ledger import contact_rows
from bench.contenders.rulebook import CAP, GAP, HORIZON, POINTS
from bench.contenders.scan import NEEDED

Mask = npt.NDArray[np.bool_]
HOUR, DAY, WEEK = pd.Timedelta(hours=1), pd.Timedelta(days=1), pd.Timedelta(days=7)
KEPT: Final = ["contact_id", "customer_id", "topic_code", "started_at", "started_on"]


def read_contacts(files: list[str], medians: list[str]) -> pd.DataFrame:
    """Known customers' contacts in the order of customer and time, a column of truth for each indicator's own part."""
    raw = pd.read_parquet(files, columns=list(NEEDED["core_contact"]), dtype_backend="pyarrow", partitioning=None)
    raw = raw[raw["customer_id"].notna()]
    median = pd.read_parquet(medians, columns=["topic_code", "median_handling_seconds"], partitioning=None).set_index(
        "topic_code"
    )["median_handling_seconds"]
    frame = raw[KEPT].copy()
    frame["customer"] = pd.factorize(raw["customer_id"])[0]
    frame["topic"] = pd.factorize(raw["topic_code"])[0]
    frame["started_at"] = raw["started_at"].astype("datetime64[us, UTC]")
    frame["is_outbound"] = _truth(raw["direction_code"] == "outbound")
    frame["is_answered"] = _truth(raw["is_answered"])
    frame["ended_at"] = frame["started_at"] + pd.to_timedelta(_seconds(raw, "ivr", "queue", "talk", "hold"), unit="s")
    for name, condition in _row_conditions(raw, raw["topic_code"].map(median)).items():
        frame[name] = _truth(condition)
    del raw
    frame["is_failed"] = frame["CON-01"] | frame["CON-02"] | frame["IVR-10"]
    return frame.take(_order(frame)).reset_index(drop=True)


def _truth(condition: Any) -> Mask:
    found: Mask = condition.fillna(False).to_numpy(dtype=bool)
    return found


def _seconds(raw: pd.DataFrame, *parts: str) -> npt.NDArray[np.int64]:
    return np.sum([raw[f"{part}_seconds"].fillna(0).to_numpy(dtype=np.int64) for part in parts], axis=0)


def _instants(frame: pd.DataFrame) -> npt.NDArray[np.datetime64]:
    return frame["started_at"].to_numpy(dtype="datetime64[us]")


def _order(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """By customer and time; the few contacts of a customer in one instant by their id."""
    customer, started = frame["customer"].to_numpy(), _instants(frame)
    order = np.lexsort((started, customer))
    same = (customer[order][1:] == customer[order][:-1]) & (started[order][1:] == started[order][:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    ids = frame["contact_id"].take(order[tied]).to_numpy()
    order[tied] = order[tied][np.lexsort((ids.astype(str), started[order[tied]], customer[order[tied]]))]
    return order


def _row_conditions(raw: pd.DataFrame, median: Any) -> dict[str, Any]:
    """What a contact's own row decides, by indicator; the first half of those that look further."""
    none, failed = raw["ivr_result_code"] == "none", raw["ivr_result_code"] == "failed"
    answered, refused = raw["is_answered"].fillna(False), raw["is_refused"].fillna(False)
    asked, queue = raw["is_agent_requested"].fillna(False), raw["queue_seconds"]
    return {
        "IVR-01": (raw["ivr_kind_code"] == "query") & failed,
        "IVR-02": (raw["ivr_kind_code"] == "transaction") & failed,
        "IVR-03": raw["failed_verification_count"] >= 2,
        "IVR-04": raw["invalid_key_count"] >= 3,
        "IVR-05": raw["timeout_count"] >= 2,
        "IVR-06": (raw["ivr_depth"] >= 5) & none,
        "IVR-07": raw["node_visit_max_count"] >= 3,
        "IVR-08": (raw["ivr_seconds"] > 180) & none,
        "IVR-09": raw["is_hung_up_in_menu"] & none & ~asked,
        "IVR-10": asked & queue.isna() & ~answered & ~refused,
        "IVR-11": raw["is_system_fault"],
        "IVR-12": (raw["ivr_result_code"] == "completed") & ~answered,
        "CON-01": refused,
        "CON-02": raw["is_abandoned"] & (queue >= 10),
        "CON-03": answered & (queue >= 60) & (queue <= 180),
        "CON-04": answered & (queue > 180),
        "AGT-01": raw["is_dropped"],
        "AGT-02": raw["is_silent_line"],
        "AGT-03": raw["is_dropped"].fillna(False) | raw["is_silent_line"].fillna(False),
        "AGT-04": raw["hold_seconds"] > 120,
        "AGT-05": raw["transfer_count"] >= 2,
        "AGT-06": answered
        & pd.Series(_seconds(raw, "talk", "hold") > 2 * median.to_numpy(dtype=float, na_value=np.inf), index=raw.index),
        "AGT-07": raw["is_poor_attitude"],
        "AGT-08": raw["is_wrong_answer"],
        "AGT-09": answered & ~raw["is_resolved"].fillna(True),
    }


def add_incidents(inbound: pd.DataFrame) -> None:
    """Incidents: contacts less than the gap apart, cut at the midnight after the day that follows their first. Input
    sorted.
    """
    same = _shifted_equal(inbound["customer"], 1)
    day = pd.to_datetime(inbound["started_on"]).to_numpy().astype("datetime64[D]")
    near = np.diff(_instants(inbound), prepend=np.datetime64(0, "us")) < np.timedelta64(GAP)
    chain_start = ~(same & near)
    chain_day = day[_last_true(chain_start)]
    is_first_of_day = np.append(True, day[:-1] < day[1:])
    is_start = chain_start | ((chain_day < day - np.timedelta64(1, "D")) & same & is_first_of_day)
    first = _last_true(is_start)
    inbound["is_start"], inbound["incident"], inbound["day"] = is_start, first, day
    inbound["incident_id"] = inbound["contact_id"].take(first).to_numpy()
    inbound["incident_on"] = day[first]


def _shifted_equal(values: Any, by: int) -> Mask:
    array = np.asarray(values)
    same: Mask = np.zeros(len(array), dtype=bool)
    same[by:] = array[by:] == array[:-by]
    return same


def _last_true(mask: Mask) -> npt.NDArray[np.int64]:
    """For each position the latest one at or before it that is true."""
    return np.maximum.accumulate(np.where(mask, np.arange(len(mask)), 0))


def decide(inbound: pd.DataFrame, outbound: pd.DataFrame, bookings: pd.DataFrame, tickets: pd.Series) -> None:
    """The indicators that look at other rows, and families. Sets their columns of `inbound`."""
    inbound["RES-01"] = _again(inbound)
    inbound["CON-05"] = _third_failure(inbound)
    inbound["CON-06"] = _nobody_called(inbound, outbound, bookings)
    inbound["AGT-03"] = _not_called_back(inbound, outbound)
    inbound["IVR-12"] = _needed_agent(inbound)
    opened = inbound.loc[inbound["AGT-09"], "contact_id"].map(tickets)
    late = ~((opened - inbound["started_at"].loc[opened.index]) <= DAY)
    inbound["AGT-09"] = _at(inbound, late[late].index)
    inbound["CON-03"] &= ~inbound["CON-04"]
    inbound["CON-01"] &= ~inbound["CON-05"]
    inbound["AGT-01"] &= ~inbound["AGT-03"]
    inbound["AGT-02"] &= ~inbound["AGT-03"] & ~inbound["AGT-01"]


def _at(inbound: pd.DataFrame, places: Any) -> Mask:
    mask: Mask = np.zeros(len(inbound), dtype=bool)
    mask[np.asarray(places)] = True
    return mask


def _again(inbound: pd.DataFrame) -> Mask:
    """Same customer and topic within a week before."""
    known = np.flatnonzero(inbound["topic"].to_numpy() >= 0)
    customer, topic = inbound["customer"].to_numpy()[known], inbound["topic"].to_numpy()[known]
    order = np.lexsort((topic, customer))  # stable: time stays in order
    started = _instants(inbound)[known][order]
    since = np.diff(started, prepend=np.datetime64(0, "us"))
    again = _shifted_equal(customer[order], 1) & _shifted_equal(topic[order], 1) & (since <= np.timedelta64(WEEK))
    return _at(inbound, known[order][again])


def _third_failure(inbound: pd.DataFrame) -> Mask:
    failed = np.flatnonzero(inbound["is_failed"].to_numpy())
    started = _instants(inbound)[failed]
    third = _shifted_equal(inbound["customer"].to_numpy()[failed], 2)
    third[2:] &= started[2:] - started[:-2] <= np.timedelta64(DAY)
    return _at(inbound, failed[third])


def _nobody_called(inbound: pd.DataFrame, outbound: pd.DataFrame, bookings: pd.DataFrame) -> Mask:
    failed = inbound.loc[inbound["is_failed"] & (inbound["started_at"] + DAY <= HORIZON), ["customer_id", "started_at"]]
    booked = _followed(failed, "started_at", bookings, "requested_at", DAY, exact=True)
    called = _followed(failed, "started_at", outbound, "started_at", DAY)
    return _at(inbound, failed.index.difference(booked).difference(called))


def _not_called_back(inbound: pd.DataFrame, outbound: pd.DataFrame) -> Mask:
    half_hour = pd.Timedelta(minutes=30)
    dropped = inbound.loc[inbound["AGT-03"] & (inbound["ended_at"] + half_hour <= HORIZON), ["customer_id", "ended_at"]]
    return _at(inbound, dropped.index.difference(_followed(dropped, "ended_at", outbound, "started_at", half_hour)))


def _needed_agent(inbound: pd.DataFrame) -> Mask:
    by = ["customer_id", "topic_code"]
    served = inbound.loc[inbound["IVR-12"] & (inbound["topic"] >= 0), [*by, "started_at"]]
    answered = inbound.loc[
        inbound["is_answered"] & inbound["customer_id"].isin(served["customer_id"]), [*by, "started_at"]
    ]
    return _at(inbound, _followed(served, "started_at", answered, "started_at", HOUR, by))


def _followed(
    left: pd.DataFrame,
    at: str,
    right: pd.DataFrame,
    then: str,
    within: pd.Timedelta,
    by: list[str] | None = None,
    exact: bool = False,
) -> pd.Index:
    """The index of those rows of `left` that `right` has a row of the same customer for, within so long after them."""
    keys = by or ["customer_id"]
    asked = left.rename(columns={at: "at"}).sort_values("at").rename_axis("place").reset_index()
    answers = right[[*keys, then]].rename(columns={then: "at"}).sort_values("at")
    answers["found"] = True
    matched = pd.merge_asof(
        asked, answers, on="at", by=keys, direction="forward", tolerance=within, allow_exact_matches=exact
    )
    return pd.Index(matched.loc[matched["found"].notna(), "place"])


INDICATORS: Final = tuple(
    name
    for name in POINTS
    if name.startswith(("IVR", "AGT")) or name in {f"CON-0{i}" for i in range(1, 7)} | {"RES-01"}
)


def debits(inbound: pd.DataFrame) -> pd.DataFrame:
    """A ledger row per indicator hit, and the caps."""
    columns = ["customer_id", "contact_id", "started_at", "day", "incident", "incident_id", "incident_on"]
    hits = []
    for name in INDICATORS:
        places = np.flatnonzero(inbound[name].to_numpy())
        hits.append(pd.DataFrame({"place": places, "indicator_id": name, "points": POINTS[name]}))
    found = pd.concat(hits, ignore_index=True).astype({"indicator_id": "category"})
    found["incident"] = inbound["incident"].to_numpy()[found["place"]]
    rows = pd.concat([found.assign(kind="debit", entry_points=found["points"]), _caps(found)], ignore_index=True)
    return contact_rows(rows, inbound[columns])


def _caps(found: pd.DataFrame) -> pd.DataFrame:
    total = found.groupby("incident")["points"].transform("sum")
    over = found[total > CAP].copy()
    over["indicator_id"] = over["indicator_id"].astype(str)
    over = over.sort_values(["incident", "place", "indicator_id"])  # places are in order of time and id
    running = over.groupby("incident")["points"].cumsum()
    over["entry_points"] = -((running - CAP).clip(0) - (running - over["points"] - CAP).clip(0))
    return over[over["entry_points"] < 0].assign(kind="cap")


def exposure(inbound: pd.DataFrame) -> pd.DataFrame:
    """Contacts and incidents of a customer on a day. Input sorted by customer and time: each group's rows are
    neighbours.
    """
    day, customer = inbound["day"].to_numpy(), inbound["customer"].to_numpy()
    posted = inbound["incident_on"].to_numpy()
    starts = np.flatnonzero(
        np.append(True, (customer[1:] != customer[:-1]) | (day[1:] != day[:-1]) | (posted[1:] != posted[:-1]))
    )
    last = np.append(starts[1:], len(inbound)) - 1
    return pd.DataFrame({
        "customer_id": inbound["customer_id"].take(last).to_numpy(),
        "subject_on": day[last],
        "posted_on": posted[last],
        "contact_count": (last - starts + 1).astype(np.int32),
        "incident_count": np.add.reduceat(inbound["is_start"].to_numpy().astype(np.int32), starts),
        "last_contact_at": inbound["started_at"].take(last).array,
        "last_contact_id": inbound["contact_id"].take(last).to_numpy(),
    })  # fmt: skip
