"""Worlds of small accidents: customers whose records meet at the limits of the rules, to the second."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = dt.datetime(2024, 1, 25, tzinfo=ZONE)  # a leap year
GAPS = (0, 1, 20, 900, 1799, 1800, 1801, 3599, 3600, 3601, 7200, 85_000, 86_399, 86_400, 86_401, 172_800, 604_799)
LONG = (604_800, 604_801, 1_000_000, 2_591_999, 2_592_000, 2_592_001)
World = dict[str, list[dict[str, Any]]]


def world(seed: int, customers: int) -> World:
    """Records of customers of three months; every draw is the seed's."""
    draw = random.Random(seed)
    found: World = {name: [] for name in ("contact", "ticket", "survey_reply", "callback_booking", "repair_action")}
    for number in range(customers):
        _customer(draw, f"p{number:04}", f"p{max(0, number - 1):04}", found)
    return found


def _customer(draw: random.Random, name: str, other: str, found: World) -> None:
    """`other` is a neighbour, whose contacts and tickets this one's records name by mistake now and then."""
    at = FIRST + dt.timedelta(seconds=draw.randrange(50 * 86_400))
    if draw.random() < 0.3:  # on or around a midnight
        at = at.replace(hour=0, minute=0, second=0) + dt.timedelta(seconds=draw.choice((-1, 0, 1, -1500, 1500)))
    moments = []
    for number in range(draw.randint(1, 9)):
        moments.append(at)
        found["contact"].append(_contact(draw, f"{name}k{number}", name, at))
        at += dt.timedelta(seconds=draw.choice(GAPS[:8] if draw.random() < 0.6 else (*GAPS, *LONG)))
    for number in range(draw.choice((0, 0, 1, 2))):
        found["ticket"] += _ticket(draw, f"{name}t{number}", name, len(moments), _near(draw, moments))
    for number in range(draw.choice((0, 1, 1, 3))):
        found["survey_reply"].append(_reply(draw, f"{name}s{number}", name, other, _near(draw, moments)))
    for number in range(draw.choice((0, 0, 1))):
        found["callback_booking"].append(_booking(draw, f"{name}b{number}", name, other, _near(draw, moments)))
    for number in range(draw.choice((0, 1, 2, 4))):
        found["repair_action"].append(_repair(draw, f"{name}r{number}", name, other, _near(draw, moments)))


def _near(draw: random.Random, moments: list[dt.datetime]) -> dt.datetime:
    return draw.choice(moments) + dt.timedelta(seconds=draw.choice((*GAPS, *LONG)))


def _some(draw: random.Random, share: float, **values: Any) -> dict[str, Any]:
    return {name: draw.choice(its) for name, its in values.items() if draw.random() < share}


def _contact(draw: random.Random, name: str, customer: str, at: dt.datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"contact_id": name, "customer_id": customer, "started_at": at, "outcome": "answered"}
    row |= {"topic_code": draw.choice(("bill", "data", None)), "direction_code": "inbound"}
    kind = draw.random()
    if kind < 0.15:
        return {**row, "direction_code": "outbound", "is_answered": draw.choice((True, False))}
    if kind < 0.35:
        return {**row, "outcome": "refused", "is_refused": True}
    if kind < 0.5:
        return {**row, "outcome": "hung_up", "is_abandoned": True, "queue_seconds": draw.choice((9, 10, 11, None))}
    if kind < 0.6:
        return {**row, "outcome": "self_served", "is_agent_requested": True, **_menu(draw)}
    if kind < 0.72:
        return {**row, "outcome": "self_served", "ivr_kind_code": "query", "ivr_result_code": "completed"}
    row |= {"is_answered": True, "queue_seconds": draw.choice((0, 59, 60, 180, 181, None))}
    row |= {"talk_seconds": draw.choice((100, 200, 201, 202, None)), "hold_seconds": draw.choice((0, 120, 121, None))}
    flags = dict.fromkeys(("is_dropped", "is_silent_line", "is_poor_attitude", "is_wrong_answer"), (True, False))
    return row | _menu(draw) | _some(draw, 0.4, is_resolved=(True, False), transfer_count=(1, 2), **flags)


def _menu(draw: random.Random) -> dict[str, Any]:
    return _some(
        draw,
        0.3,
        ivr_seconds=(180, 181),
        ivr_depth=(4, 5),
        ivr_kind_code=("query", "transaction"),
        ivr_result_code=("failed", "none", "completed"),
        failed_verification_count=(1, 2),
        invalid_key_count=(2, 3),
        timeout_count=(1, 2),
        node_visit_max_count=(2, 3),
        is_hung_up_in_menu=(True, False),
        is_system_fault=(True, False),
    )


def _ticket(draw: random.Random, name: str, customer: str, contacts: int, at: dt.datetime) -> list[dict[str, Any]]:
    """The states of a ticket as its source writes them, each at its own moment."""
    kind = draw.choice(("enquiry", "grumble", "complaint", "complaint"))
    row: dict[str, Any] = {"ticket_id": name, "customer_id": customer}
    row |= {"contact_id": f"{customer}k{draw.randrange(contacts)}", "topic_code": draw.choice(("bill", "data", None))}
    row |= {"kind_code": kind, "opened_at": at, "version_at": at, "status_code": "open", "reopen_count": 0}
    states = [row]
    for _ in range(draw.choice((0, 1, 1, 2, 3, 4))):
        at += dt.timedelta(hours=draw.choice((0.5, 1, 24, 47, 48, 49, 200)), seconds=draw.choice((-1, 0, 1)))
        states.append({**states[-1], "version_at": at, **_step(draw, states[-1], at)})
    return states


def _step(draw: random.Random, row: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    if row["status_code"] == "closed":
        return {"status_code": "open", "reopen_count": row["reopen_count"] + 1, "reopened_at": at, "closed_at": None}
    if row["status_code"] == "suspended" or draw.random() < 0.6:
        over = {"suspended_at": None, "suspended_until": None}
        return {**over, "status_code": "closed", "closed_at": at, "is_resolved": draw.choice((True, False, None))}
    if draw.random() < 0.3:
        return {"is_escalated": True, "escalated_at": draw.choice((at, None))}
    until = at + dt.timedelta(hours=draw.choice((24, 48, 96)))
    times = draw.choice(({}, {"suspended_at": at, "suspended_until": until}))
    return {"status_code": "suspended", "promised_at": until, **times}


def _reply(draw: random.Random, name: str, customer: str, other: str, at: dt.datetime) -> dict[str, Any]:
    whose = customer if draw.random() < 0.9 else other
    kind = draw.choice(("contact", "contact", "ticket", "campaign"))
    about = {"contact": f"{whose}k{draw.randrange(4)}", "ticket": f"{whose}t0", "campaign": "c1"}[kind]
    row = {"survey_id": name, "customer_id": customer, "about_kind_code": kind, "about_id": about}
    purpose = draw.choice(("hang_up", "second_follow_up", "resurvey"))
    row |= {"purpose_code": purpose, "sent_at": at, "replied_at": at}
    answer = {"is_solved": draw.choice((True, False))}
    rating = {"score": draw.choice((0, 1, 2, 3, 4, 5)), "score_scale": draw.choice((5, 10, None))}
    high = {"score": draw.choice((6, 7, 8, 9, 10)), "score_scale": 10}
    return row | draw.choice((answer, rating, high, answer | high))


def _booking(draw: random.Random, name: str, customer: str, other: str, at: dt.datetime) -> dict[str, Any]:
    called = at + dt.timedelta(seconds=draw.choice((0, 60, 86_399, 86_400, 86_401)))
    whose = draw.choice((customer, customer, other, None))
    return {
        "booking_id": name,
        "customer_id": customer,
        "contact_id": whose and f"{whose}k{draw.randrange(4)}",
        "requested_at": at,
        "called_back_at": draw.choice((called, called, None)),
        "is_reached": draw.choice((True, True, False)),
    }


def _repair(draw: random.Random, name: str, customer: str, other: str, at: dt.datetime) -> dict[str, Any]:
    whose = customer if draw.random() < 0.9 else other
    actions = (
        ("follow_up_call", "resolved"),
        ("second_follow_up", "unresolved"),
        ("second_follow_up", "resolved"),
        ("priority_access", "honoured"),
        ("rebate", "accepted"),
        ("care_sms", "delivered"),
    )
    action, outcome = draw.choice(actions)
    return {
        "repair_id": name,
        "customer_id": customer,
        "action_code": action,
        "outcome_code": outcome,
        "done_at": at,
        "due_at": at + dt.timedelta(seconds=draw.choice((-1, 0, 1))),
        "contact_id": draw.choice((f"{whose}k{draw.randrange(4)}", None)),
        "ticket_id": draw.choice((f"{whose}t{draw.randrange(2)}", None)),
        "wait_seconds": draw.choice((20, 21, None)),
    }
