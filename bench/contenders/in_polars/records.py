"""Indicators on tickets, bookings and replies, and what repair credits are offered."""

from __future__ import annotations

import datetime as dt

import polars as pl
from polars import col

from bench.contenders.in_polars.ledger import local_day, record_rows
from bench.contenders.rulebook import FIRST_DAY, HORIZON, LAST_DAY, POINTS

DAY = dt.timedelta(days=1)
LIMIT = dt.timedelta(hours=48)
TICKET, BOOKING = pl.lit("ticket"), pl.lit("booking")


def ticket_features(tickets: pl.LazyFrame, replies: pl.LazyFrame, repairs: pl.LazyFrame) -> pl.LazyFrame:
    """Tickets with their end, limit, replies, failed second follow-ups and the complaint before."""
    about = replies.filter(col("about_kind_code") == "ticket").group_by(ticket_id="about_id").agg(
        unsolved_reply_at=col("replied_at").filter(~col("is_solved")).min(),
        solved_reply_at=col("replied_at").filter(col("is_solved")).min(),
    )  # fmt: skip
    second = (
        (col("action_code") == "second_follow_up")
        & (col("outcome_code") == "unresolved")
        & col("ticket_id").is_not_null()
    )
    follow_up = repairs.filter(second).group_by("ticket_id").agg(second_failed_at=col("done_at").min())
    featured = tickets.with_columns(
        ended_at=pl.min_horizontal("resolved_at", "closed_at"), limit_at=col("opened_at") + LIMIT
    )
    joined = featured.join(about, on="ticket_id", how="left").join(follow_up, on="ticket_id", how="left")
    return joined.join(_complaints_before(tickets), on="ticket_id", how="left").with_columns(
        second_failure_at=pl.coalesce("second_failed_at", "reopened_at", "closed_at", "opened_at"),
        escalation_at=pl.coalesce("escalated_at", "opened_at"),
    )


def _complaints_before(tickets: pl.LazyFrame) -> pl.LazyFrame:
    known = (col("kind_code") == "complaint") & col("topic_code").is_not_null() & col("customer_id").is_not_null()
    return (
        tickets.filter(known)
        .sort("customer_id", "topic_code", "opened_at", "ticket_id")
        .select(
            "ticket_id", since_complaint=col("opened_at") - col("opened_at").shift().over("customer_id", "topic_code")
        )
    )


def ticket_debits(ticket: pl.LazyFrame) -> list[pl.LazyFrame]:
    """RES-02 to RES-07 but for the replies' own."""
    suspended = (
        col("suspended_until").is_not_null()
        & (pl.coalesce("suspended_at", "opened_at") <= col("limit_at"))
        & (col("limit_at") < col("suspended_until"))
    )
    late = (col("limit_at") <= HORIZON) & (col("ended_at").is_null() | (col("ended_at") > col("limit_at")))
    complaint = col("kind_code") == "complaint"
    rules = {
        "RES-02": (late & ~suspended.fill_null(False), "limit_at"),
        "RES-03": (col("closed_at").is_not_null() & col("unsolved_reply_at").is_not_null(), "unsolved_reply_at"),
        "RES-04": ((col("reopen_count") >= 1).fill_null(False) | col("second_failed_at").is_not_null(),
        "second_failure_at"),
        "RES-05": (
            col("suspended_until").is_not_null() & (col("promised_at") <= HORIZON)
            & (col("ended_at").is_null() | (col("ended_at") > col("promised_at"))), "promised_at",
        ),
        "RES-06": (complaint & col("topic_code").is_not_null() & (col("since_complaint") <= dt.timedelta(days=30)),
        "opened_at"),
        "RES-07": (complaint & col("is_escalated"), "escalation_at"),
    }  # fmt: skip
    return [
        record_rows(ticket.filter(condition), name, "ticket", "opened_on", TICKET, "ticket_id", "ticket_id", felt_at)
        for name, (condition, felt_at) in rules.items()
    ]


def booking_debits(bookings: pl.LazyFrame) -> pl.LazyFrame:
    """CON-07: a booked callback that did not come within a day."""
    late = (col("called_back_at") - col("requested_at") > DAY).fill_null(True)
    missed = bookings.with_columns(limit_at=col("requested_at") + DAY).filter(late & (col("limit_at") <= HORIZON))
    return record_rows(
        missed, "CON-07", "callback_booking", "requested_on", BOOKING, "booking_id", "booking_id", "limit_at"
    )


def reply_debits(replies: pl.LazyFrame) -> pl.LazyFrame:
    """RES-08: a poor rating, once for each contact or ticket."""
    poor = ((col("score_scale") == 10) & (col("score") <= 6)) | ((col("score_scale") == 5) & (col("score") <= 2))
    first = (
        replies.filter(col("about_kind_code").is_in(["contact", "ticket"]) & poor)
        .sort("replied_at", "survey_id")
        .unique(["about_kind_code", "about_id", "customer_id"], keep="first", maintain_order=True)
    )
    return record_rows(
        first, "RES-08", "survey_reply", "replied_on", col("about_kind_code"), "about_id", "survey_id", "replied_at"
    )


def offers(ticket: pl.LazyFrame, bookings: pl.LazyFrame, replies: pl.LazyFrame, repairs: pl.LazyFrame) -> pl.LazyFrame:
    """A row per credit that a rule gives."""
    about = pl.when(col("contact_id").is_not_null()).then(pl.lit("contact")).otherwise(TICKET)
    named = repairs.with_columns(kind=about, subject=pl.coalesce("contact_id", "ticket_id"))
    done = col("action_code").is_in(["follow_up_call", "second_follow_up"]) & (col("outcome_code") == "resolved")
    honoured = (
        (col("action_code") == "priority_access") & (col("outcome_code") == "honoured") & (col("wait_seconds") <= 20)
    )
    accepted = (col("action_code") == "rebate") & (col("outcome_code") == "accepted")
    delivered = (col("action_code") == "care_sms") & (col("outcome_code") == "delivered")
    called = bookings.filter(
        col("is_reached") & (col("called_back_at") - col("requested_at")).is_between(dt.timedelta(0), DAY)
    )
    praised = (col("purpose_code") == "resurvey") & (col("score_scale") == 10) & (col("score") >= 9)
    confirmed = (col("is_resolved").fill_null(False) | col("ended_at").is_not_null()) & col(
        "solved_reply_at"
    ).is_not_null()
    return pl.concat([
        _offer(named.filter(done), "REP-01", "repair_id", "kind", "subject", "done_at"),
        _offer(named.filter(done & (col("done_at") <= col("due_at"))), "REP-02", "repair_id", "kind", "subject",
        "done_at"),
        _offer(named.filter(honoured), "REP-03", "repair_id", "kind", "subject", "done_at"),
        _offer(named.filter(accepted), "REP-04", "repair_id", "kind", "subject", "done_at"),
        _offer(ticket.filter(confirmed).with_columns(kind=TICKET), "REP-05", "ticket_id", "kind", "ticket_id",
        "solved_reply_at"),
        _offer(called.with_columns(kind=pl.lit("contact")), "REP-06", "booking_id", "kind", "contact_id",
        "called_back_at"),
        _offer(named.filter(delivered), "REP-07", "repair_id", "kind", "subject", "done_at"),
        _offer(replies.filter(praised), "REP-08", "survey_id", "about_kind_code", "about_id", "replied_at"),
    ])  # fmt: skip


def _offer(rows: pl.LazyFrame, credit: str, cause: str, kind: str, subject: str, moment: str) -> pl.LazyFrame:
    chosen = rows.select(
        "customer_id", indicator_id=pl.lit(credit), cause_id=cause, subject_kind_code=kind, subject_id=subject,
        credited_at=moment,
        points=pl.lit(POINTS[credit]),
    )  # fmt: skip
    known = col("customer_id").is_not_null() & col("subject_id").is_not_null()
    return chosen.with_columns(posted_on=local_day("credited_at")).filter(
        known & col("posted_on").is_between(FIRST_DAY, LAST_DAY)
    )
