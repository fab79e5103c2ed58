"""Small tables for the indicators and credits: what happened to one customer, and the points that must come of it.

Times are `day hh:mm:ss` of May 2026 in the business zone; the world is known until the end of 31 May.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One customer's rows and the net points expected of each indicator (those not named must not hit)."""

    name: str
    rows: tuple[Row, ...]
    points: dict[str, int]


def at(text: str) -> str:
    """`10 09:00:00` → an instant on 10 May 2026.

    >>> at("10 09:00:00")
    '2026-05-10 09:00:00+08:00'
    """
    if text == "32":
        return "2026-06-01 00:00:01+08:00"  # a second after the world is known
    day, clock = text.split(" ")
    return f"2026-05-{day} {clock}+08:00"


def contact(when: str = "10 10:00:00", name: str = "k1", **columns: Any) -> Row:
    """An inbound contact; nothing went wrong unless a column says so."""
    return "contact", {"contact_id": name, "started_at": at(when), "outcome": "answered", **columns}


def outbound(when: str) -> Row:
    """A call from us."""
    return "contact", {
        "contact_id": f"out {when}",
        "started_at": at(when),
        "outcome": "answered",
        "direction_code": "outbound",
    }


def ticket(opened: str = "10 10:00:00", name: str = "t1", kind: str = "enquiry", **columns: Any) -> Row:
    """A ticket; closed within the hour unless a column says otherwise."""
    times = {key: at(value) for key, value in columns.items() if key.endswith(("_at", "_until")) and value}
    row = {"ticket_id": name, "opened_at": at(opened), "kind_code": kind, "closed_at": at(opened)}
    return "ticket", {**row, **{key: value for key, value in columns.items() if key not in times}, **times}


def reply(when: str, about: str, kind: str = "ticket", purpose: str = "second_follow_up", **columns: Any) -> Row:
    """An answer to a survey about a contact or ticket."""
    row = {"survey_id": f"s {when} {about}", "sent_at": at(when), "replied_at": at(when)}
    return "survey_reply", {**row, "about_kind_code": kind, "about_id": about, "purpose_code": purpose, **columns}


def booking(requested: str = "10 10:05:00", called: str | None = None, **columns: Any) -> Row:
    """A request to be called back."""
    row = {"booking_id": "b1", "requested_at": at(requested), "called_back_at": at(called) if called else None}
    return "callback_booking", {**row, **columns}


def repair(action: str, outcome: str, done: str = "12 09:00:00", name: str = "r1", **columns: Any) -> Row:
    """A repair action on contact k1 unless another subject is named."""
    subject = {} if "ticket_id" in columns else {"contact_id": "k1"}
    times = {key: at(value) for key, value in columns.items() if key.endswith("_at")}
    row = {"repair_id": name, "action_code": action, "outcome_code": outcome, "done_at": at(done)}
    return "repair_action", {**row, **subject, **columns, **times}


ANSWERED = {"is_answered": 1}
NO_RESULT = {"ivr_result_code": "none"}
REFUSED = {"is_refused": 1, "outcome": "refused"}
HURT = {"is_wrong_answer": 1}  # 5 points on contact k1, for credits to repair


def case(name: str, points: dict[str, int], *rows: Row) -> Case:
    """A case in one line."""
    return Case(name, rows, points)


INDICATORS = [
    case("IVR-01 query failed", {"IVR-01": 2}, contact(ivr_kind_code="query", ivr_result_code="failed")),
    case("IVR-01 query completed", {}, contact(ivr_kind_code="query", ivr_result_code="completed")),
    case("IVR-02 transaction failed", {"IVR-02": 3}, contact(ivr_kind_code="transaction", ivr_result_code="failed")),
    case("IVR-02 transaction completed", {}, contact(ivr_kind_code="transaction", ivr_result_code="completed")),
    case("IVR-03 two failed verifications", {"IVR-03": 2}, contact(failed_verification_count=2)),
    case("IVR-03 one failed verification", {}, contact(failed_verification_count=1)),
    case("IVR-04 three invalid keys", {"IVR-04": 1}, contact(invalid_key_count=3)),
    case("IVR-04 two invalid keys", {}, contact(invalid_key_count=2)),
    case("IVR-05 two timeouts", {"IVR-05": 1}, contact(timeout_count=2)),
    case("IVR-05 one timeout", {}, contact(timeout_count=1)),
    case("IVR-06 five levels, nothing reached", {"IVR-06": 1}, contact(ivr_depth=5, **NO_RESULT)),
    case("IVR-06 four levels", {}, contact(ivr_depth=4, **NO_RESULT)),
    case("IVR-06 five levels, done", {}, contact(ivr_depth=5, ivr_result_code="completed")),
    case("IVR-07 a node three times", {"IVR-07": 2}, contact(node_visit_max_count=3)),
    case("IVR-07 a node twice", {}, contact(node_visit_max_count=2)),
    case("IVR-08 181 s without result", {"IVR-08": 2}, contact(ivr_seconds=181, **NO_RESULT)),
    case("IVR-08 180 s without result", {}, contact(ivr_seconds=180, **NO_RESULT)),
    case("IVR-08 181 s with a result", {}, contact(ivr_seconds=181, ivr_result_code="completed")),
    case("IVR-09 hung up in the menu", {"IVR-09": 2}, contact(is_hung_up_in_menu=1, **NO_RESULT)),
    case("IVR-09 hung up after success", {}, contact(is_hung_up_in_menu=1, ivr_result_code="completed")),
    case(
        "IVR-09 hung up after asking for an agent who came",
        {},
        contact(is_hung_up_in_menu=1, is_agent_requested=1, is_answered=1, queue_seconds=5, **NO_RESULT),
    ),
    case(
        "IVR-10 asked for an agent and not queued",
        {"IVR-10": 3},
        contact(is_agent_requested=1),
        booking("10 10:01:00", "10 11:00:00"),
    ),
    case("IVR-10 asked for an agent and queued", {}, contact(is_agent_requested=1, queue_seconds=0, is_answered=1)),
    case("IVR-11 system fault", {"IVR-11": 3}, contact(is_system_fault=1)),
    case("IVR-11 no fault", {}, contact(is_system_fault=0)),
    case(
        "IVR-12 agent call 1 h after self-service",
        {"IVR-12": 3, "RES-01": 3},
        contact(ivr_result_code="completed", topic_code="bill", outcome="self_served"),
        contact("10 11:00:00", "k2", topic_code="bill", **ANSWERED),
    ),
    case(
        "IVR-12 agent call 1 h and 1 s after",
        {"RES-01": 3},
        contact(ivr_result_code="completed", topic_code="bill", outcome="self_served"),
        contact("10 11:00:01", "k2", topic_code="bill", **ANSWERED),
    ),
    case(
        "IVR-12 agent call on another topic",
        {},
        contact(ivr_result_code="completed", topic_code="bill", outcome="self_served"),
        contact("10 10:40:00", "k2", topic_code="data", **ANSWERED),
    ),
    case(
        "IVR-12 another self-service between",
        {"IVR-12": 6, "RES-01": 6},
        contact(ivr_result_code="completed", topic_code="bill", outcome="self_served"),
        contact("10 10:20:00", "k2", ivr_result_code="completed", topic_code="bill", outcome="self_served"),
        contact("10 10:50:00", "k3", topic_code="bill", **ANSWERED),
    ),
    case("CON-01 line busy", {"CON-01": 3}, contact(**REFUSED), outbound("10 12:00:00")),
    case("CON-01 line free", {}, contact(is_refused=0)),
    case(
        "CON-02 gave up after 10 s", {"CON-02": 3}, contact(is_abandoned=1, queue_seconds=10), outbound("10 12:00:00")
    ),
    case("CON-02 gave up after 9 s", {}, contact(is_abandoned=1, queue_seconds=9)),
    case("CON-03 answered after 60 s", {"CON-03": 1}, contact(queue_seconds=60, **ANSWERED)),
    case("CON-03 answered after 59 s", {}, contact(queue_seconds=59, **ANSWERED)),
    case("CON-03 answered after 180 s", {"CON-03": 1}, contact(queue_seconds=180, **ANSWERED)),
    case("CON-04 answered after 181 s", {"CON-04": 3}, contact(queue_seconds=181, **ANSWERED)),
    case(
        "CON-05 third failure at 24 h",
        {"CON-01": 6, "CON-05": 5},
        contact("10 10:00:00", "k1", **REFUSED),
        contact("10 18:00:00", "k2", **REFUSED),
        contact("11 10:00:00", "k3", **REFUSED),
        outbound("10 12:00:00"),
        outbound("11 08:00:00"),
        outbound("11 12:00:00"),
    ),
    case(
        "CON-05 third failure at 24 h and 1 s",
        {"CON-01": 9},
        contact("10 10:00:00", "k1", **REFUSED),
        contact("10 18:00:00", "k2", **REFUSED),
        contact("11 10:00:01", "k3", **REFUSED),
        outbound("10 12:00:00"),
        outbound("11 08:00:00"),
        outbound("11 12:00:00"),
    ),
    case("CON-06 nobody called", {"CON-01": 3, "CON-06": 3}, contact(**REFUSED)),
    case("CON-06 we called at 24 h", {"CON-01": 3}, contact(**REFUSED), outbound("11 10:00:00")),
    case("CON-06 we called at 24 h and 1 s", {"CON-01": 3, "CON-06": 3}, contact(**REFUSED), outbound("11 10:00:01")),
    case("CON-06 booked a callback", {"CON-01": 3}, contact(**REFUSED), booking("10 10:00:30", "10 11:00:00")),
    case("CON-06 we called in the same second", {"CON-01": 3}, contact(**REFUSED), outbound("10 10:00:00")),
    case(
        "CON-06 the customer got through at 24 h",
        {"CON-01": 3},
        contact(**REFUSED),
        contact("11 10:00:00", "k2", **ANSWERED),
    ),
    case(
        "CON-06 the customer got through at 24 h and 1 s",
        {"CON-01": 3, "CON-06": 3},
        contact(**REFUSED),
        contact("11 10:00:01", "k2", **ANSWERED),
    ),
    case(
        "CON-06 another attempt that failed is no answer",
        {"CON-01": 6, "CON-06": 6},
        contact(**REFUSED),
        contact("10 12:00:00", "k2", **REFUSED),
    ),
    case("CON-06 decided on the next day", {"CON-01": 3}, contact("31 00:00:00", **REFUSED)),
    case("CON-06 decided on the last day known", {"CON-01": 3, "CON-06": 3}, contact("30 23:59:59", **REFUSED)),
    case("CON-07 called back at 24 h", {}, booking("10 10:00:00", "11 10:00:00")),
    case("CON-07 called back at 24 h and 1 s", {"CON-07": 5}, booking("10 10:00:00", "11 10:00:01")),
    case("CON-07 never called back", {"CON-07": 5}, booking("10 10:00:00")),
    case("CON-07 not due yet", {}, booking("31 00:00:01")),
    case(
        "AGT-01 dropped, called back in 30 min",
        {"AGT-01": 3},
        contact(is_dropped=1, talk_seconds=60, **ANSWERED),
        outbound("10 10:31:00"),
    ),
    case("AGT-02 silent, called back", {"AGT-02": 2}, contact(is_silent_line=1, **ANSWERED), outbound("10 10:30:00")),
    case(
        "AGT-03 called back in the second of the drop",
        {"AGT-01": 3},
        contact(is_dropped=1, talk_seconds=60, **ANSWERED),
        outbound("10 10:01:00"),
    ),
    case(
        "AGT-03 we called before the drop",
        {"AGT-01": 3, "AGT-03": 1},
        contact(is_dropped=1, talk_seconds=60, **ANSWERED),
        outbound("10 10:00:59"),
    ),
    case("AGT-02 not silent", {}, contact(is_silent_line=0, **ANSWERED)),
    case(
        "AGT-03 dropped, called back a second late: the difference is posted",
        {"AGT-01": 3, "AGT-03": 1},
        contact(is_dropped=1, talk_seconds=60, **ANSWERED),
        outbound("10 10:31:01"),
    ),
    case(
        "AGT-03 both dropped and silent: the highest-scoring alone",
        {"AGT-01": 3, "AGT-03": 1},
        contact(is_dropped=1, is_silent_line=1, **ANSWERED),
    ),
    case(
        "AGT-03 window open at the end of what is known",
        {"AGT-01": 3},
        contact("31 23:30:01", is_dropped=1, **ANSWERED),
    ),
    case("AGT-04 held for 121 s", {"AGT-04": 2}, contact(hold_seconds=121, **ANSWERED)),
    case("AGT-04 held for 120 s", {}, contact(hold_seconds=120, **ANSWERED)),
    case("AGT-05 two transfers", {"AGT-05": 2}, contact(transfer_count=2, **ANSWERED)),
    case("AGT-05 one transfer", {}, contact(transfer_count=1, **ANSWERED)),
    case(
        "AGT-06 over twice the median",
        {"AGT-06": 2},
        contact(topic_code="slow", talk_seconds=190, hold_seconds=11, **ANSWERED),
    ),
    case("AGT-06 twice the median", {}, contact(topic_code="slow", talk_seconds=190, hold_seconds=10, **ANSWERED)),
    case("AGT-06 a topic without a month before", {}, contact(topic_code="new", talk_seconds=2000, **ANSWERED)),
    case("AGT-07 poor attitude", {"AGT-07": 5}, contact(is_poor_attitude=1, **ANSWERED)),
    case("AGT-07 attitude fine", {}, contact(is_poor_attitude=0, **ANSWERED)),
    case("AGT-08 wrong answer", {"AGT-08": 5}, contact(is_wrong_answer=1, **ANSWERED)),
    case("AGT-08 right answer", {}, contact(is_wrong_answer=0, **ANSWERED)),
    case("AGT-09 unresolved, no ticket", {"AGT-09": 3}, contact(is_resolved=0, **ANSWERED)),
    case(
        "AGT-09 unresolved, ticket opened",
        {},
        contact(is_resolved=0, **ANSWERED),
        ticket("11 10:00:00", contact_id="k1"),
    ),
    case(
        "AGT-09 ticket opened too late",
        {"AGT-09": 3},
        contact(is_resolved=0, **ANSWERED),
        ticket("11 10:00:01", contact_id="k1"),
    ),
    case("AGT-09 resolved", {}, contact(is_resolved=1, **ANSWERED)),
    case(
        "RES-01 again at 7 days",
        {"RES-01": 3},
        contact("10 10:00:00", topic_code="bill"),
        contact("17 10:00:00", "k2", topic_code="bill"),
    ),
    case(
        "RES-01 again at 7 days and 1 s",
        {},
        contact("10 10:00:00", topic_code="bill"),
        contact("17 10:00:01", "k2", topic_code="bill"),
    ),
    case(
        "RES-01 another topic",
        {},
        contact("10 10:00:00", topic_code="bill"),
        contact("11 10:00:00", "k2", topic_code="data"),
    ),
    case("RES-02 closed at 48 h", {}, ticket(closed_at="12 10:00:00")),
    case("RES-02 closed at 48 h and 1 s", {"RES-02": 4}, ticket(closed_at="12 10:00:01")),
    case("RES-02 never closed", {"RES-02": 4}, ticket(closed_at=None)),
    case("RES-02 not due yet", {}, ticket("30 00:00:01", closed_at=None)),
    case(
        "RES-02 open for 48 h beside its suspension", {}, ticket(closed_at="14 10:00:00", suspended_until="12 10:00:00")
    ),
    case(
        "RES-02 open for 48 h and 1 s beside its suspension",
        {"RES-02": 4},
        ticket(closed_at="14 10:00:01", suspended_until="12 10:00:00"),
    ),
    case(
        "RES-02 suspended only later",
        {"RES-02": 4},
        ticket(closed_at="20 10:00:00", suspended_at="12 10:00:01", suspended_until="14 10:00:00"),
    ),
    case("RES-03 closed, customer says unsolved", {"RES-03": 6}, ticket(), reply("11 10:00:00", "t1", is_solved=0)),
    case("RES-03 customer says solved", {"REP-05": 0}, ticket(), reply("11 10:00:00", "t1", is_solved=1)),
    case("RES-03 not closed", {}, ticket("30 10:00:00", closed_at=None), reply("31 10:00:00", "t1", is_solved=0)),
    case(
        "RES-03 the first answer after the closing says solved",
        {},
        ticket(),
        reply("11 10:00:00", "t1", is_solved=1),
        reply("12 10:00:00", "t1", is_solved=0),
    ),
    case("RES-04 reopened", {"RES-04": 6}, ticket(reopen_count=1)),
    case("RES-04 never reopened", {}, ticket(reopen_count=0)),
    case(
        "RES-04 second follow-up failed",
        {"RES-04": 6},
        ticket(),
        repair("second_follow_up", "unresolved", ticket_id="t1"),
    ),
    case(
        "RES-05 answered at the promised time",
        {},
        ticket(closed_at="14 10:00:00", suspended_until="15 10:00:00", promised_at="14 10:00:00"),
    ),
    case(
        "RES-05 answered a second late",
        {"RES-05": 5},
        ticket(closed_at="14 10:00:01", suspended_until="15 10:00:00", promised_at="14 10:00:00"),
    ),
    case("RES-05 not suspended", {"RES-02": 4}, ticket(closed_at="15 10:00:00", promised_at="14 10:00:00")),
    case(
        "RES-05 promised for the last moment known",
        {"RES-05": 5},
        ticket("30 10:00:00", closed_at=None, suspended_until="31 23:00:00", promised_at="31 23:59:59"),
    ),
    case(
        "RES-05 promise not due yet", {}, ticket("30 10:00:00", closed_at=None, suspended_until="32", promised_at="32")
    ),
    case(
        "RES-06 complained again at 30 days",
        {"RES-06": 8},
        ticket("01 10:00:00", kind="complaint", topic_code="bill"),
        ticket("31 10:00:00", "t2", kind="complaint", topic_code="bill"),
    ),
    case(
        "RES-06 complained again at 30 days and 1 s",
        {},
        ticket("01 09:59:59", kind="complaint", topic_code="bill"),
        ticket("31 10:00:00", "t2", kind="complaint", topic_code="bill"),
    ),
    case(
        "RES-06 an enquiry before",
        {},
        ticket("01 10:00:00", kind="enquiry", topic_code="bill"),
        ticket("02 10:00:00", "t2", kind="complaint", topic_code="bill"),
    ),
    case(
        "RES-07 escalated complaint",
        {"RES-07": 10},
        ticket(kind="complaint", is_escalated=1, escalated_at="11 10:00:00"),
    ),
    case("RES-07 escalated enquiry", {}, ticket(is_escalated=1)),
    case(
        "RES-08 6 of 10",
        {"RES-08": 8},
        contact(),
        reply("11 10:00:00", "k1", "contact", "hang_up", score=6, score_scale=10),
    ),
    case("RES-08 7 of 10", {}, contact(), reply("11 10:00:00", "k1", "contact", "hang_up", score=7, score_scale=10)),
    case(
        "RES-08 two poor ratings of one contact count once",
        {"RES-08": 8},
        contact(),
        reply("11 10:00:00", "k1", "contact", "hang_up", score=3, score_scale=10),
        reply("13 10:00:00", "k1", "contact", "resurvey", score=2, score_scale=10),
    ),
    case(
        "RES-08 2 of 5",
        {"RES-08": 8},
        contact(),
        reply("11 10:00:00", "k1", "contact", "hang_up", score=2, score_scale=5),
    ),
    case(
        "RES-08 a campaign's survey",
        {"RES-08": 8},
        reply("11 10:00:00", "c1", "campaign", "hang_up", score=0, score_scale=10),
    ),
    case("RES-08 6 of 7", {}, contact(), reply("11 10:00:00", "k1", "contact", "hang_up", score=2, score_scale=7)),
    case("RES-08 3 of 5", {}, contact(), reply("11 10:00:00", "k1", "contact", "hang_up", score=3, score_scale=5)),
]

CREDITS = [
    case(
        "REP-01 follow-up resolved", {"AGT-08": 5, "REP-01": -5}, contact(**HURT), repair("follow_up_call", "resolved")
    ),
    case("REP-01 follow-up unresolved", {"AGT-08": 5}, contact(**HURT), repair("follow_up_call", "unresolved")),
    case(
        "REP-02 resolved at its time limit",
        {"AGT-08": 5, "AGT-05": 2, "REP-01": -5, "REP-02": -1},
        contact(transfer_count=2, **HURT),
        repair("follow_up_call", "resolved", due_at="12 09:00:00"),
    ),
    case(
        "REP-02 resolved a second late",
        {"AGT-08": 5, "AGT-05": 2, "REP-01": -5},
        contact(transfer_count=2, **HURT),
        repair("follow_up_call", "resolved", due_at="12 08:59:59"),
    ),
    case(
        "REP-03 priority access within 20 s",
        {"AGT-08": 5, "REP-03": -1},
        contact(**HURT),
        repair("priority_access", "honoured", wait_seconds=20),
    ),
    case(
        "REP-03 priority access after 21 s",
        {"AGT-08": 5},
        contact(**HURT),
        repair("priority_access", "honoured", wait_seconds=21),
    ),
    case(
        "REP-04 rebate accepted",
        {"AGT-08": 5, "AGT-07": 5, "REP-04": -6},
        contact(is_poor_attitude=1, **HURT),
        repair("rebate", "accepted"),
    ),
    case("REP-04 rebate refused", {"AGT-08": 5}, contact(**HURT), repair("rebate", "refused")),
    case(
        "REP-05 resolved and confirmed",
        {"RES-04": 6, "REP-05": -4},
        ticket(reopen_count=1),
        reply("11 10:00:00", "t1", is_solved=1),
    ),
    case(
        "REP-05 confirmed twice counts once",
        {"RES-04": 6, "REP-05": -4},
        ticket(reopen_count=1),
        reply("11 10:00:00", "t1", is_solved=1),
        reply("12 10:00:00", "t1", is_solved=1),
    ),
    case(
        "REP-06 called back at 24 h",
        {"CON-01": 3, "REP-06": -3},
        contact(**REFUSED),
        booking("10 10:05:00", "11 10:05:00", is_reached=1, contact_id="k1"),
    ),
    case(
        "REP-06 called back at 24 h and 1 s",
        {"CON-01": 3, "CON-07": 5},
        contact(**REFUSED),
        booking("10 10:05:00", "11 10:05:01", is_reached=1, contact_id="k1"),
    ),
    case(
        "REP-06 called back, not reached",
        {"CON-01": 3},
        contact(**REFUSED),
        booking("10 10:05:00", "10 11:00:00", is_reached=0, contact_id="k1"),
    ),
    case(
        "REP-07 care SMS after a drop",
        {"AGT-01": 3, "AGT-03": 1, "REP-07": -1},
        contact(is_dropped=1, **ANSWERED),
        repair("care_sms", "delivered"),
    ),
    case(
        "REP-07 care SMS not delivered",
        {"AGT-01": 3, "AGT-03": 1},
        contact(is_dropped=1, **ANSWERED),
        repair("care_sms", "undelivered"),
    ),
    case("REP-07 care SMS without a drop", {"AGT-08": 5}, contact(**HURT), repair("care_sms", "delivered")),
    case(
        "REP-08 re-survey of 9",
        {"AGT-08": 5, "AGT-07": 5, "REP-08": -8},
        contact(is_poor_attitude=1, **HURT),
        reply("15 10:00:00", "k1", "contact", "resurvey", score=9, score_scale=10),
    ),
    case(
        "REP-08 re-survey of 8",
        {"AGT-08": 5},
        contact(**HURT),
        reply("15 10:00:00", "k1", "contact", "resurvey", score=8, score_scale=10),
    ),
    case(
        "a credit never exceeds what is left",
        {"AGT-05": 2, "REP-01": -2},
        contact(transfer_count=2),
        repair("follow_up_call", "resolved"),
    ),
    case(
        "a second credit finds what the first left",
        {"AGT-08": 5, "AGT-05": 2, "REP-04": -6, "REP-01": -1},
        contact(transfer_count=2, **HURT),
        repair("rebate", "accepted", "12 09:00:00"),
        repair("follow_up_call", "resolved", "13 09:00:00", "r2"),
    ),
    case(
        "a credit before the damage repairs nothing",
        {"AGT-08": 5},
        contact("20 10:00:00", **HURT),
        repair("follow_up_call", "resolved"),
    ),
    case(
        "a credit weeks later",
        {"AGT-08": 5, "REP-01": -5},
        contact("01 00:00:00", **HURT),
        repair("follow_up_call", "resolved", "31 23:59:59"),
    ),
    case(
        "a credit for another contact",
        {"AGT-08": 5},
        contact(**HURT),
        repair("follow_up_call", "resolved", ticket_id="none"),
    ),
]

INCIDENTS = [
    case(
        "an incident is capped at 15",
        {"AGT-07": 5, "AGT-08": 10, "IVR-11": 0},
        contact("10 10:00:00", "k1", is_poor_attitude=1, is_wrong_answer=1),
        contact("10 10:29:59", "k2", is_wrong_answer=1, is_system_fault=1),
    ),
    case(
        "30 minutes apart are two incidents",
        {"AGT-07": 5, "AGT-08": 10, "IVR-11": 3},
        contact("10 10:00:00", "k1", is_poor_attitude=1, is_wrong_answer=1),
        contact("10 10:30:00", "k2", is_wrong_answer=1, is_system_fault=1),
    ),
    case(
        "15 points are under the cap",
        {"AGT-07": 5, "AGT-08": 10},
        contact("10 10:00:00", "k1", is_poor_attitude=1, is_wrong_answer=1),
        contact("10 10:10:00", "k2", is_wrong_answer=1),
    ),
    case(
        "what the customer says afterwards is outside the cap",
        {"AGT-07": 5, "AGT-08": 5, "IVR-11": 3, "AGT-05": 2, "RES-08": 8},
        contact(is_poor_attitude=1, is_wrong_answer=1, is_system_fault=1, transfer_count=2),
        reply("11 10:00:00", "k1", "contact", "hang_up", score=1, score_scale=10),
    ),
]
