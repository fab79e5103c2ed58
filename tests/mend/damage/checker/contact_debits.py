"""The debits of a customer's contacts, with the moment of decision of each; families, incidents and the cap."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from tests.mend.damage.checker.facts import DAY, MINUTE, Customer, Entry, Row, seconds

POINTS = {
    "IVR-01": 2,
    "IVR-02": 3,
    "IVR-03": 2,
    "IVR-04": 1,
    "IVR-05": 1,
    "IVR-06": 1,
    "IVR-07": 2,
    "IVR-08": 2,
    "IVR-09": 2,
    "IVR-10": 3,
    "IVR-11": 3,
    "IVR-12": 3,
    "CON-01": 3,
    "CON-02": 3,
    "CON-03": 1,
    "CON-04": 3,
    "CON-05": 5,
    "CON-06": 3,
    "CON-07": 5,
    "AGT-01": 3,
    "AGT-02": 2,
    "AGT-03": 4,
    "AGT-04": 2,
    "AGT-05": 2,
    "AGT-06": 2,
    "AGT-07": 5,
    "AGT-08": 5,
    "AGT-09": 3,
    "RES-01": 3,
    "RES-02": 4,
    "RES-03": 6,
    "RES-04": 6,
    "RES-05": 5,
    "RES-06": 8,
    "RES-07": 10,
    "RES-08": 8,
}
FAMILIES = ({"CON-03", "CON-04"}, {"CON-01", "CON-05"}, {"AGT-01", "AGT-02", "AGT-03"})
CAP = 15
REACH_DAYS = 3
Medians = Mapping[tuple[str, str], float]  # (month, topic) of the month before
Hits = dict[str, dt.datetime]


def contact_entries(customer: Customer, medians: Medians, zone: dt.tzinfo) -> list[Entry]:
    """Debits and caps, unbounded by what is known: who asks cuts at the end of the days that are loaded."""
    incident = incidents(customer, zone)
    debits: dict[str, list[Entry]] = defaultdict(list)
    for row in customer.inbound:
        name = row["contact_id"]
        for indicator, at, points in without_families(hits(customer, row, medians, zone)):
            entry = Entry(at, "debit", indicator, "contact", name, Decimal(points), None, incident[name])
            debits[incident[name]].append(entry)
    return [entry for its in debits.values() for entry in capped(its)]


def capped(debits: list[Entry]) -> list[Entry]:
    """The debits of an incident and what the cap takes back of each."""
    left, entries = CAP, []
    for debit in sorted(debits, key=lambda entry: (entry.at, entry.subject, entry.indicator)):
        entries.append(debit)
        over = int(debit.points) - left
        left = max(0, left - int(debit.points))
        if over > 0:
            entries.append(
                Entry(debit.at, "cap", debit.indicator, "contact", debit.subject, Decimal(-over), None, debit.incident)
            )
    return entries


def incidents(customer: Customer, zone: dt.tzinfo) -> dict[str, str]:
    """The first contact of each contact's incident."""
    found: dict[str, str] = {}
    first: Row | None = None
    before: Row | None = None
    for row in customer.inbound:
        day = row["started_at"].astimezone(zone).date()
        near = before is not None and row["started_at"] - before["started_at"] < 30 * MINUTE
        reached = first is not None and (day - first["started_at"].astimezone(zone).date()).days < REACH_DAYS
        if not (near and reached):
            first = row
        assert first is not None
        found[row["contact_id"]] = first["contact_id"]
        before = row
    return found


def without_families(found: Hits) -> list[tuple[str, dt.datetime, int]]:
    """Of a family the highest-scoring; one that is decided later than a lower one comes with the difference."""
    kept, posted = [], dict.fromkeys(range(len(FAMILIES)), 0)
    for indicator, at in sorted(found.items(), key=lambda hit: (hit[1], -POINTS[hit[0]], hit[0])):
        family = next((number for number, its in enumerate(FAMILIES) if indicator in its), None)
        points = POINTS[indicator]
        if family is not None:
            points -= posted[family]
            posted[family] = max(posted[family], POINTS[indicator])
        if points > 0:
            kept.append((indicator, at, points))
    return kept


def is_failed(row: Row) -> bool:
    """A connection attempt that failed: refused, given up in the queue, or no way to an agent."""
    return bool(row["is_refused"]) or gave_up(row) or no_way(row)


def gave_up(row: Row) -> bool:
    return bool(row["is_abandoned"]) and (row["queue_seconds"] or 0) >= 10


def no_way(row: Row) -> bool:
    asked = bool(row["is_agent_requested"]) and row["queue_seconds"] is None
    return asked and not row["is_answered"] and not row["is_refused"]


def hits(customer: Customer, row: Row, medians: Medians, zone: dt.tzinfo) -> Hits:
    """What the contact hits, each with its moment of decision."""
    start = row["started_at"]
    found = {indicator: start for indicator, hit in _at_once(row).items() if hit}
    if _repeats(customer, row):
        found["RES-01"] = start
    if _slow(row, medians, zone):
        found["AGT-06"] = start
    if is_failed(row):
        _failed(customer, row, found)
    if row["is_dropped"] or row["is_silent_line"]:
        end = start + seconds(row, "ivr_seconds", "queue_seconds", "talk_seconds", "hold_seconds")
        if not any(end <= other["started_at"] <= end + 30 * MINUTE for other in customer.outbound):
            found["AGT-03"] = end + 30 * MINUTE
    if row["is_answered"] and row["is_resolved"] is False and not _ticket_for(customer, row):
        found["AGT-09"] = start + DAY
    if (call := _agent_call(customer, row)) is not None:
        found["IVR-12"] = call
    return found


def _at_once(row: Row) -> dict[str, bool]:
    """What the contact itself shows."""
    kind, result = row["ivr_kind_code"], row["ivr_result_code"]
    queue, answered = row["queue_seconds"] or 0, bool(row["is_answered"])
    return {
        "IVR-01": kind == "query" and result == "failed",
        "IVR-02": kind == "transaction" and result == "failed",
        "IVR-03": (row["failed_verification_count"] or 0) >= 2,
        "IVR-04": (row["invalid_key_count"] or 0) >= 3,
        "IVR-05": (row["timeout_count"] or 0) >= 2,
        "IVR-06": (row["ivr_depth"] or 0) >= 5 and result == "none",
        "IVR-07": (row["node_visit_max_count"] or 0) >= 3,
        "IVR-08": (row["ivr_seconds"] or 0) > 180 and result == "none",
        "IVR-09": bool(row["is_hung_up_in_menu"]) and result == "none" and not row["is_agent_requested"],
        "IVR-10": no_way(row),
        "IVR-11": bool(row["is_system_fault"]),
        "CON-01": bool(row["is_refused"]),
        "CON-02": gave_up(row),
        "CON-03": answered and 60 <= queue <= 180,
        "CON-04": answered and queue > 180,
        "AGT-01": bool(row["is_dropped"]),
        "AGT-02": bool(row["is_silent_line"]),
        "AGT-04": (row["hold_seconds"] or 0) > 120,
        "AGT-05": (row["transfer_count"] or 0) >= 2,
        "AGT-07": bool(row["is_poor_attitude"]),
        "AGT-08": bool(row["is_wrong_answer"]),
    }


def _failed(customer: Customer, row: Row, found: Hits) -> None:
    start = row["started_at"]
    tries = 0
    for other in customer.inbound:
        if is_failed(other) and start - DAY <= other["started_at"]:
            tries += (other["started_at"], other["contact_id"]) <= (start, row["contact_id"])
    if tries >= 3:
        found["CON-05"] = start
    booked = any(start <= booking["requested_at"] <= start + DAY for booking in customer.bookings)
    heard = any(start <= other["started_at"] <= start + DAY for other in customer.outbound)
    through = any(
        other["is_answered"] and start <= other["started_at"] <= start + DAY
        for other in customer.inbound
        if other["contact_id"] != row["contact_id"]
    )
    if not (booked or heard or through):
        found["CON-06"] = start + DAY


def _repeats(customer: Customer, row: Row) -> bool:
    start, name, topic = row["started_at"], row["contact_id"], row["topic_code"]
    return topic is not None and any(
        other["topic_code"] == topic
        and (other["started_at"], other["contact_id"]) < (start, name)
        and start - other["started_at"] <= 7 * DAY
        for other in customer.inbound
    )


def _slow(row: Row, medians: Medians, zone: dt.tzinfo) -> bool:
    if not row["is_answered"] or row["talk_seconds"] is None or row["topic_code"] is None:
        return False
    month = row["started_at"].astimezone(zone).strftime("%Y-%m")
    median = medians.get((month, row["topic_code"]))
    return median is not None and row["talk_seconds"] + (row["hold_seconds"] or 0) > 2 * median


def _ticket_for(customer: Customer, row: Row) -> bool:
    start = row["started_at"]
    return any(
        state["contact_id"] == row["contact_id"] and start - DAY <= state["opened_at"] <= start + DAY
        for states in customer.tickets.values()
        for state in states
    )


def _agent_call(customer: Customer, row: Row) -> dt.datetime | None:
    """The agent call that shows that self-service did not solve it."""
    if row["ivr_result_code"] != "completed" or row["is_answered"] or row["topic_code"] is None:
        return None
    start = row["started_at"]
    calls = [
        other["started_at"]
        for other in customer.inbound
        if other["is_answered"]
        and other["topic_code"] == row["topic_code"]
        and start < other["started_at"] <= start + 60 * MINUTE
    ]
    return min(calls, default=None)
