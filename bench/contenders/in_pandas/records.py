"""Indicators on tickets, bookings and replies, and what repair credits are offered."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bench.contenders.in_pandas.ledger import local_day, record_rows
from bench.contenders.rulebook import FIRST_DAY, HORIZON, LAST_DAY, POINTS

DAY, LIMIT = pd.Timedelta(days=1), pd.Timedelta(hours=48)


def ticket_features(tickets: pd.DataFrame, replies: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """Tickets with their end, limit, replies, failed second follow-ups and the complaint before."""
    ticket = tickets.copy()
    ticket["ended_at"] = ticket[["resolved_at", "closed_at"]].min(axis=1)
    ticket["limit_at"] = ticket["opened_at"] + LIMIT
    about = replies[replies["about_kind_code"] == "ticket"]
    for name, wanted in (("unsolved_reply_at", False), ("solved_reply_at", True)):
        said = about[(about["is_solved"] == wanted).fillna(False)]
        ticket[name] = ticket["ticket_id"].map(said.groupby("about_id")["replied_at"].min())
    second = repairs[
        (repairs["action_code"] == "second_follow_up")
        & (repairs["outcome_code"] == "unresolved")
        & repairs["ticket_id"].notna()
    ]
    ticket["second_failed_at"] = ticket["ticket_id"].map(second.groupby("ticket_id")["done_at"].min())
    ticket["second_failure_at"] = _first_of(ticket, "second_failed_at", "reopened_at", "closed_at", "opened_at")
    ticket["escalation_at"] = _first_of(ticket, "escalated_at", "opened_at")
    ticket["since_complaint"] = _since_complaint(ticket)
    return ticket


def _first_of(frame: pd.DataFrame, *columns: str) -> pd.Series:
    value = frame[columns[0]]
    for column in columns[1:]:
        value = value.fillna(frame[column])
    return value


def _since_complaint(ticket: pd.DataFrame) -> pd.Series:
    known = (ticket["kind_code"] == "complaint") & ticket["topic_code"].notna() & ticket["customer_id"].notna()
    complaint = ticket[known.fillna(False)].sort_values(["customer_id", "topic_code", "opened_at", "ticket_id"])
    return complaint.groupby(["customer_id", "topic_code"])["opened_at"].diff()


def ticket_debits(ticket: pd.DataFrame) -> list[pd.DataFrame]:
    """RES-02 to RES-07."""
    ended, limit, until = ticket["ended_at"], ticket["limit_at"], ticket["suspended_until"]
    suspended = until.notna() & (_first_of(ticket, "suspended_at", "opened_at") <= limit) & (limit < until)
    complaint = ticket["kind_code"] == "complaint"
    rules = {
        "RES-02": ((limit <= HORIZON) & (ended.isna() | (ended > limit)) & ~suspended, "limit_at"),
        "RES-03": (ticket["closed_at"].notna() & ticket["unsolved_reply_at"].notna(), "unsolved_reply_at"),
        "RES-04": (
            (ticket["reopen_count"] >= 1).fillna(False) | ticket["second_failed_at"].notna(),
            "second_failure_at",
        ),
        "RES-05": (
            until.notna() & (ticket["promised_at"] <= HORIZON) & (ended.isna() | (ended > ticket["promised_at"])),
            "promised_at",
        ),
        "RES-06": (complaint & (ticket["since_complaint"] <= pd.Timedelta(days=30)), "opened_at"),
        "RES-07": (complaint & ticket["is_escalated"].fillna(False), "escalation_at"),
    }
    return [
        record_rows(ticket[_true(condition)], name, "ticket", "opened_on", "ticket", "ticket_id", "ticket_id", felt_at)
        for name, (condition, felt_at) in rules.items()
    ]


def _true(condition: Any) -> Any:
    return condition.fillna(False).astype(bool)


def booking_debits(bookings: pd.DataFrame) -> pd.DataFrame:
    """CON-07: a booked callback that did not come within a day."""
    booking = bookings.assign(limit_at=bookings["requested_at"] + DAY)
    in_time = _true(booking["called_back_at"] <= booking["limit_at"])
    missed = booking[~in_time & (booking["limit_at"] <= HORIZON)]
    return record_rows(
        missed, "CON-07", "callback_booking", "requested_on", "booking", "booking_id", "booking_id", "limit_at"
    )


def reply_debits(replies: pd.DataFrame) -> pd.DataFrame:
    """RES-08: a poor rating, once for each contact or ticket."""
    poor = ((replies["score_scale"] == 10) & (replies["score"] <= 6)) | (
        (replies["score_scale"] == 5) & (replies["score"] <= 2)
    )
    rated = replies[_true(poor & replies["about_kind_code"].isin(["contact", "ticket"]))].sort_values(
        ["replied_at", "survey_id"]
    )
    first = rated.drop_duplicates(["about_kind_code", "about_id", "customer_id"])
    return record_rows(
        first, "RES-08", "survey_reply", "replied_on", first["about_kind_code"], "about_id", "survey_id", "replied_at"
    )


def offers(ticket: pd.DataFrame, bookings: pd.DataFrame, replies: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """A row per credit that a rule gives."""
    named = repairs.assign(
        kind=repairs["contact_id"].notna().map({True: "contact", False: "ticket"}),
        subject=_first_of(repairs, "contact_id", "ticket_id"),
    )
    action, outcome = named["action_code"], named["outcome_code"]
    done = action.isin(["follow_up_call", "second_follow_up"]) & (outcome == "resolved")
    honoured = (action == "priority_access") & (outcome == "honoured") & (named["wait_seconds"] <= 20)
    took = bookings["called_back_at"] - bookings["requested_at"]
    called = bookings["is_reached"] & (took >= pd.Timedelta(0)) & (took <= DAY)
    praised = (replies["purpose_code"] == "resurvey") & (replies["score_scale"] == 10) & (replies["score"] >= 9)
    confirmed = (ticket["is_resolved"].fillna(False) | ticket["ended_at"].notna()) & ticket["solved_reply_at"].notna()
    return pd.concat([
        _offer(named[_true(done)], "REP-01", "repair_id", "kind", "subject", "done_at"),
        _offer(named[_true(done & (named["done_at"] <= named["due_at"]))], "REP-02", "repair_id", "kind", "subject",
        "done_at"),
        _offer(named[_true(honoured)], "REP-03", "repair_id", "kind", "subject", "done_at"),
        _offer(named[_true((action == "rebate") & (outcome == "accepted"))], "REP-04", "repair_id", "kind",
        "subject", "done_at"),
        _offer(ticket[_true(confirmed)].assign(kind="ticket"), "REP-05", "ticket_id", "kind", "ticket_id",
        "solved_reply_at"),
        _offer(bookings[_true(called)].assign(kind="contact"), "REP-06", "booking_id", "kind", "contact_id",
        "called_back_at"),
        _offer(named[_true((action == "care_sms") & (outcome == "delivered"))], "REP-07", "repair_id", "kind",
        "subject", "done_at"),
        _offer(replies[_true(praised)], "REP-08", "survey_id", "about_kind_code", "about_id", "replied_at"),
    ], ignore_index=True)  # fmt: skip


def _offer(rows: pd.DataFrame, credit: str, cause: str, kind: str, subject: str, moment: str) -> pd.DataFrame:
    offer = pd.DataFrame({
        "customer_id": rows["customer_id"], "indicator_id": credit, "cause_id": rows[cause],
        "subject_kind_code": rows[kind],
        "subject_id": rows[subject], "credited_at": rows[moment].astype("datetime64[us, "
"UTC]"), "points": POINTS[credit],
    })  # fmt: skip
    offer["posted_on"] = local_day(offer["credited_at"])
    in_month = (offer["posted_on"] >= pd.Timestamp(FIRST_DAY)) & (offer["posted_on"] <= pd.Timestamp(LAST_DAY))
    return offer[offer["customer_id"].notna() & offer["subject_id"].notna() & in_month]
