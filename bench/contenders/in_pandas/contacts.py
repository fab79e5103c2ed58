"""Contacts in the order of customer and time, what their own rows decide, incidents and exposure.

A place is a row's number in that order; what an indicator hits is an array of places.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from bench.contenders.in_pandas.line import Line
from bench.contenders.in_pandas.tables import Points, Truth, Whole, true_rows, truth, whole
from bench.contenders.rulebook import GAP, REACH_DAYS

DAY_SECONDS: Final = 86_400
ONE: Final = dt.timedelta(microseconds=1)
Hits = dict[str, Whole]


@dataclass(frozen=True)
class Contacts:
    """A month's contacts. `inbound` has a row a place; `called` and `booked` are outbound calls and bookings of
    callbacks on the line, sorted; `hits` are the places that a contact's own row decides, by indicator.
    """

    inbound: pd.DataFrame
    line: Line
    called: Whole
    booked: Whole
    hits: Hits


def in_order(raw: pd.DataFrame, bookings: pd.DataFrame, medians: pd.Series[Any], customers: int) -> Contacts:
    """Known customers' contacts in their order. `medians`: handling seconds by topic, of the month before."""
    customer, started = raw["customer"].to_numpy(), raw["started_at"].to_numpy()
    line = Line.over(customers, started, bookings["requested_at"].to_numpy())
    at, topic = line.at(customer, started), pd.factorize(raw["topic_code"])
    is_known, is_outbound = customer >= 0, truth(raw["direction_code"] == "outbound")
    order = _sorted(np.flatnonzero(is_known & ~is_outbound), at, raw["contact_id"])
    hits = _own_hits(raw, order, topic[0], medians.reindex(topic[1]).to_numpy(dtype=float))
    inbound = _inbound(raw, order, hits).assign(at=at[order], topic=topic[0][order])
    booked = line.at(bookings["customer"].to_numpy(), bookings["requested_at"].to_numpy())
    return Contacts(inbound, line, np.sort(at[is_known & is_outbound]), np.sort(booked), hits)


def _own_hits(raw: pd.DataFrame, order: Whole, topic: Whole, medians: Points) -> Hits:
    """The places that a contact's own row decides. `medians` by the topic's number."""
    place = np.full(len(raw), -1)
    place[order] = np.arange(len(order))
    rows = {name: true_rows(condition) for name, condition in _row_conditions(raw).items()}
    rows["AGT-06"] = np.flatnonzero(_is_long(raw, topic, medians))
    return {name: _known(place[found]) for name, found in rows.items()}


def _known(places: Whole) -> Whole:
    return np.sort(places[places >= 0])


def _inbound(raw: pd.DataFrame, order: Whole, hits: Hits) -> pd.DataFrame:
    is_failed = np.zeros(len(order), dtype=bool)
    for name in ("CON-01", "CON-02", "IVR-10"):
        is_failed[hits[name]] = True
    return pd.DataFrame({
        "contact_id": raw["contact_id"].array.take(order),
        "customer": raw["customer"].to_numpy()[order],
        "started_at": raw["started_at"].to_numpy()[order],
        "started_on": raw["started_on"].astype("int32[pyarrow]").to_numpy()[order],  # days since 1970
        "seconds": _seconds(raw, "ivr", "queue", "talk", "hold").clip(0, DAY_SECONDS)[order],
        "is_answered": truth(raw["is_answered"])[order],
        "is_failed": is_failed,
    })  # fmt: skip


def _sorted(rows: Whole, at: Whole, contact_id: pd.Series[Any]) -> Whole:
    """The rows by their place on the line, those at one place by their id."""
    order = rows[np.argsort(at[rows])]
    same = np.diff(at[order]) == 0
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    ids, _ = pd.factorize(contact_id.take(order[tied]), sort=True)
    order[tied] = order[tied][np.lexsort((ids, at[order[tied]]))]
    return order


def _seconds(raw: pd.DataFrame, *parts: str) -> Whole:
    found: Whole = np.sum([whole(raw[f"{part}_seconds"]) for part in parts], axis=0)
    return found


def _is_long(raw: pd.DataFrame, topic: Whole, medians: Points) -> Truth:
    """Answered, and handled for more than twice the topic's median; topic -1 is none."""
    long: Truth = _seconds(raw, "talk", "hold") > 2 * np.append(medians, np.nan)[topic]
    return long & truth(raw["is_answered"])


def _row_conditions(raw: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """What a contact's own row decides, by indicator; the first half of those that look further."""
    none, failed = raw["ivr_result_code"] == "none", raw["ivr_result_code"] == "failed"
    answered, queue = raw["is_answered"].fillna(False), raw["queue_seconds"]
    asked, refused = raw["is_agent_requested"].fillna(False), raw["is_refused"]
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
        "IVR-10": asked & queue.isna() & ~answered & ~refused.fillna(False),
        "IVR-11": raw["is_system_fault"],
        "IVR-12": (raw["ivr_result_code"] == "completed") & ~answered,
        "CON-01": refused,
        "CON-02": raw["is_abandoned"] & (queue >= 10),
        "CON-03": answered & (queue >= 60) & (queue <= 180),
        "CON-04": answered & (queue > 180),
        "AGT-01": raw["is_dropped"],
        "AGT-02": raw["is_silent_line"],
        "AGT-03": raw["is_dropped"] | raw["is_silent_line"],
        "AGT-04": raw["hold_seconds"] > 120,
        "AGT-05": raw["transfer_count"] >= 2,
        "AGT-07": raw["is_poor_attitude"],
        "AGT-08": raw["is_wrong_answer"],
        "AGT-09": answered & ~raw["is_resolved"],
    }


def add_incidents(inbound: pd.DataFrame) -> None:
    """`incident`, the place of an incident's first contact, and `is_start`. Contacts less than the gap apart are one
    incident; of a chain over more than the days of an incident, each further day is one.
    """
    at, day = inbound["at"].to_numpy(), inbound["started_on"].to_numpy()
    chain_start = np.append(True, np.diff(at) >= GAP // ONE)
    new_day = np.append(False, np.diff(day) > 0)
    is_start = chain_start | (new_day & (day - day[_last(chain_start)] >= REACH_DAYS))
    inbound["is_start"], inbound["incident"] = is_start, _last(is_start)


def _last(mask: Truth) -> Whole:
    """For each place the last one until there that is true; the first one is."""
    starts = np.flatnonzero(mask)
    return np.repeat(starts, np.diff(starts, append=len(mask)))


def incidents_of(inbound: pd.DataFrame, contact_ids: pd.Series[Any]) -> pd.DataFrame:
    """The `incident_id` of those contacts, by `contact_id`."""
    found = inbound[inbound["contact_id"].isin(contact_ids)]
    incident = inbound["contact_id"].array.take(found["incident"].to_numpy())
    return found[["contact_id"]].assign(incident_id=incident)


def exposure(inbound: pd.DataFrame) -> pd.DataFrame:
    """Contacts and incidents of a customer that began on a day; a day's rows are neighbours."""
    customer, day = inbound["customer"].to_numpy(), inbound["started_on"].to_numpy()
    starts = np.flatnonzero(np.append(True, (np.diff(customer) != 0) | (np.diff(day) != 0)))
    ends = np.append(starts[1:], len(inbound))
    return pd.DataFrame({
        "customer": customer[starts],
        "subject_on": pd.Series(day[starts].astype("M8[D]").astype("M8[s]")).astype("date32[pyarrow]"),
        "contact_count": (ends - starts).astype(np.int32),
        "incident_count": np.add.reduceat(inbound["is_start"].to_numpy().astype(np.int32), starts),
        "last_contact_at": inbound["started_at"].to_numpy()[ends - 1],
        "last_contact_id": inbound["contact_id"].array.take(ends - 1),
    })  # fmt: skip
