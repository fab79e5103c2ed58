"""The indicators on contacts that look at other rows, and families of one moment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.contenders.in_pandas.contacts import Contacts, Hits
from bench.contenders.in_pandas.line import DAY, HALF_HOUR, HOUR, WEEK, is_followed, later
from bench.contenders.in_pandas.tables import Moments, Whole


def decide(contacts: Contacts, opened: pd.DataFrame) -> tuple[Hits, dict[str, Moments]]:
    """All hits, and when those are decided that wait for something. Families of one moment are settled. `opened`: the
    moment of each ticket by `contact_id`.
    """
    inbound, hits = contacts.inbound, dict(contacts.hits)
    started = inbound["started_at"].to_numpy()
    ended = started + inbound["seconds"].to_numpy().astype("m8[s]")
    hits["RES-01"] = _again(inbound)
    hits["CON-05"] = _third_failure(inbound)
    hits["CON-06"] = _nobody_called(contacts)
    hits["AGT-03"] = _not_called_back(contacts, ended)
    hits["IVR-12"], agent_call_at = _needed_agent(inbound, hits["IVR-12"])
    hits["AGT-09"] = _without_ticket(inbound, hits["AGT-09"], opened)
    for one, other in (("CON-03", "CON-04"), ("CON-01", "CON-05"), ("AGT-02", "AGT-01")):
        hits[one] = np.setdiff1d(hits[one], hits[other], assume_unique=True)
    return hits, {
        "CON-06": later(started[hits["CON-06"]], DAY),
        "AGT-09": later(started[hits["AGT-09"]], DAY),
        "AGT-03": later(ended[hits["AGT-03"]], HALF_HOUR),
        "IVR-12": agent_call_at,
    }


def _again(inbound: pd.DataFrame) -> Whole:
    """Same customer and topic within a week before."""
    topic, at = inbound["topic"].to_numpy(), inbound["at"].to_numpy()
    pair, known = _customer_and_topic(inbound), np.flatnonzero(topic >= 0)
    order = known[np.argsort(pair[known], kind="stable")]
    again = (np.diff(pair[order]) == 0) & (np.diff(at[order]) <= WEEK)
    return np.sort(order[1:][again])


def _third_failure(inbound: pd.DataFrame) -> Whole:
    failed = np.flatnonzero(inbound["is_failed"].to_numpy())
    at = inbound["at"].to_numpy()[failed]
    third: Whole = failed[2:][at[2:] - at[:-2] <= DAY]
    return third


def _nobody_called(contacts: Contacts) -> Whole:
    at, is_failed = contacts.inbound["at"].to_numpy(), contacts.inbound["is_failed"].to_numpy()
    failed = np.flatnonzero(is_failed)
    through = at[contacts.inbound["is_answered"].to_numpy() & ~is_failed]
    followed = [is_followed(at[failed], answers, DAY) for answers in (contacts.booked, contacts.called, through)]
    alone: Whole = failed[~np.logical_or.reduce(followed)]
    return alone


def _not_called_back(contacts: Contacts, ended: Moments) -> Whole:
    dropped = contacts.hits["AGT-03"]
    ended_at = contacts.line.at(contacts.inbound["customer"].to_numpy()[dropped], ended[dropped])
    return dropped[~is_followed(ended_at, contacts.called, HALF_HOUR)]


def _needed_agent(inbound: pd.DataFrame, served: Whole) -> tuple[Whole, Moments]:
    """Places of self-services that an agent call on the topic followed, and when that began."""
    topic = inbound["topic"].to_numpy()
    asked, answered = served[topic[served] >= 0], np.flatnonzero(inbound["is_answered"].to_numpy())
    pair = pd.Series(_customer_and_topic(inbound))
    answered = answered[pair.take(answered).isin(pair.take(asked)).to_numpy()]
    moment = pd.DataFrame({"pair": pair, "at": inbound["started_at"]})
    found = pd.merge_asof(
        moment.take(asked).assign(place=asked).sort_values("at"),
        moment.take(answered).assign(agent_call_at=lambda rows: rows["at"]).sort_values("at"),
        on="at", by="pair", direction="forward", allow_exact_matches=False, tolerance=pd.Timedelta(HOUR, "us"),
    ).dropna(subset="agent_call_at").sort_values("place")  # fmt: skip
    return found["place"].to_numpy(), found["agent_call_at"].to_numpy()


def _customer_and_topic(inbound: pd.DataFrame) -> Whole:
    """One number for both."""
    topic = inbound["topic"].to_numpy()
    both: Whole = inbound["customer"].to_numpy() * (topic.max() + 1) + topic
    return both


def _without_ticket(inbound: pd.DataFrame, unresolved: Whole, opened: pd.DataFrame) -> Whole:
    contact = inbound[["contact_id", "started_at"]].take(unresolved).assign(place=unresolved)
    both = contact.merge(opened, on="contact_id")
    within = (both["opened_at"] - both["started_at"]).abs() <= pd.Timedelta(DAY, "us")
    return np.setdiff1d(unresolved, both.loc[within, "place"].to_numpy())
