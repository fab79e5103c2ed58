"""Indicators on tickets (by their states), bookings and replies, and what repair credits are offered."""

from __future__ import annotations

import datetime as dt

import polars as pl
from polars import col

from bench.contenders.in_polars.ledger import in_month, local_day, record_rows
from bench.contenders.rulebook import HORIZON, POINTS

DAY = dt.timedelta(days=1)
LIMIT = dt.timedelta(hours=48)
TICKET = ["ticket_id", "customer_id"]


def ticket_states(versions: pl.LazyFrame) -> pl.LazyFrame:
    """How each ticket stood from one state to the next."""
    return (
        versions.filter(col("customer_id").is_not_null())
        .sort("ticket_id", "version_at")
        .with_columns(
            until_at=col("version_at").shift(-1).over("ticket_id").fill_null(HORIZON),
            is_ended=col("status_code").is_in(["solved", "closed"]),
        )
    )


def ticket_debits(states: pl.LazyFrame, replies: pl.LazyFrame, repairs: pl.LazyFrame) -> list[pl.LazyFrame]:
    """RES-02 to RES-07."""
    complaint = states.filter(col("kind_code") == "complaint")
    found = {
        "RES-02": _open_too_long(states),
        "RES-03": _closed_unresolved(states, replies),
        "RES-04": _failed_again(states, repairs),
        "RES-05": states.filter(
            col("suspended_until").is_not_null() & ~col("is_ended")
            & (col("promised_at") >= col("version_at")) & (col("promised_at") < col("until_at"))
        ).group_by(TICKET).agg(posted_at=col("promised_at").min()),
        "RES-06": _complained_again(complaint),
        "RES-07": complaint.filter("is_escalated").group_by(TICKET).agg(
            posted_at=pl.coalesce("escalated_at", "version_at").min()
        ),
    }  # fmt: skip
    return [record_rows(rows, name, "ticket", "ticket_id", "posted_at") for name, rows in found.items()]


def _open_too_long(states: pl.LazyFrame) -> pl.LazyFrame:
    suspended = pl.when(col("status_code") == "suspended").then(pl.min_horizontal("suspended_until", "until_at"))
    spell = states.filter(~col("is_ended")).with_columns(spell=col("until_at") - suspended.fill_null(col("version_at")))
    so_far = spell.with_columns(so_far=col("spell").cum_sum().over("ticket_id"))
    over = so_far.filter((col("so_far") > LIMIT) & (col("so_far") - col("spell") <= LIMIT))
    return over.group_by(TICKET).agg(posted_at=(col("until_at") - (col("so_far") - LIMIT)).min())


def _answers(replies: pl.LazyFrame) -> pl.LazyFrame:
    return replies.filter((col("about_kind_code") == "ticket") & col("is_solved").is_not_null()).select(
        "customer_id", "replied_at", "is_solved", ticket_id="about_id", cause_id="survey_id"
    )


def _closed_unresolved(states: pl.LazyFrame, replies: pl.LazyFrame) -> pl.LazyFrame:
    closing = states.filter(col("closed_at").is_not_null()).select(*TICKET, "closed_at").unique()
    after = closing.join(_answers(replies), on=TICKET).filter(col("replied_at") >= col("closed_at"))
    first = after.sort("replied_at", "cause_id").group_by(*TICKET, "closed_at", maintain_order=True).first()
    unsolved = first.filter(~col("is_solved")).sort("replied_at", "cause_id")
    return unsolved.group_by(TICKET, maintain_order=True).first().with_columns(posted_at="replied_at")


def _failed_again(states: pl.LazyFrame, repairs: pl.LazyFrame) -> pl.LazyFrame:
    failed = (col("action_code") == "second_follow_up") & (col("outcome_code") == "unresolved")
    follow_up = repairs.filter(failed & col("ticket_id").is_not_null()).select(
        *TICKET, posted_at="done_at", cause_id="repair_id"
    )
    reopened = states.filter(col("reopened_at").is_not_null()).select(
        *TICKET, posted_at="reopened_at", cause_id=pl.lit(None, pl.String)
    )
    both = pl.concat([follow_up, reopened]).join(states.select(TICKET).unique(), on=TICKET, how="semi")
    return both.sort("posted_at", "cause_id").group_by(TICKET, maintain_order=True).first()


def _complained_again(complaint: pl.LazyFrame) -> pl.LazyFrame:
    first = complaint.filter(col("topic_code").is_not_null()).group_by("ticket_id", "customer_id", "topic_code").agg(
        posted_at=col("opened_at").min()
    )  # fmt: skip
    in_order = first.sort("customer_id", "topic_code", "posted_at", "ticket_id")
    since = col("posted_at") - col("posted_at").shift().over("customer_id", "topic_code")
    return in_order.filter(since <= dt.timedelta(days=30)).select(*TICKET, "posted_at")


def booking_debits(bookings: pl.LazyFrame) -> pl.LazyFrame:
    """CON-07: a booked callback that did not come within a day."""
    late = (col("called_back_at") - col("requested_at") > DAY).fill_null(True)
    missed = bookings.filter(late).with_columns(posted_at=col("requested_at") + DAY)
    return record_rows(missed, "CON-07", "booking", "booking_id", "posted_at")


def reply_debits(replies: pl.LazyFrame, incidents: pl.LazyFrame) -> pl.LazyFrame:
    """RES-08: a poor rating, once for each contact, ticket, or reply about something else."""
    poor = ((col("score_scale") == 10) & (col("score") <= 6)) | ((col("score_scale") == 5) & (col("score") <= 2))
    is_named = col("about_kind_code").is_in(["contact", "ticket"])
    first = (
        replies.filter(poor & col("customer_id").is_not_null())
        .with_columns(
            kind=pl.when(is_named).then("about_kind_code").otherwise(pl.lit("reply")),
            subject=pl.when(is_named).then("about_id").otherwise("survey_id"),
            cause_id=pl.when(is_named).then("survey_id"),
        )
        .sort("replied_at", "survey_id")
        .unique(["kind", "subject", "customer_id"], keep="first", maintain_order=True)
    )
    placed = first.join(incidents, left_on="subject", right_on="contact_id", how="left").with_columns(
        incident_id=pl.when((col("kind") == "contact") & (col("incident_id") != col("subject"))).then("incident_id")
    )
    return record_rows(placed, "RES-08", col("kind"), "subject", "replied_at")


def offers(
    states: pl.LazyFrame, bookings: pl.LazyFrame, replies: pl.LazyFrame, repairs: pl.LazyFrame, failed: pl.LazyFrame
) -> pl.LazyFrame:
    """A row per credit that a rule gives. `failed`: customer_id, contact_id, started_at of attempts that failed."""
    about = pl.when(col("ticket_id").is_not_null()).then(pl.lit("ticket")).otherwise(pl.lit("contact"))
    named = repairs.with_columns(kind=about, subject=pl.coalesce("ticket_id", "contact_id"))
    done = col("action_code").is_in(["follow_up_call", "second_follow_up"]) & (col("outcome_code") == "resolved")
    honoured = (
        (col("action_code") == "priority_access") & (col("outcome_code") == "honoured") & (col("wait_seconds") <= 20)
    )
    accepted = (col("action_code") == "rebate") & (col("outcome_code") == "accepted")
    delivered = (col("action_code") == "care_sms") & (col("outcome_code") == "delivered")
    praised = (col("purpose_code") == "resurvey") & (col("score_scale") == 10) & (col("score") >= 9)
    confirmed = _confirmed(states, replies)
    return pl.concat([
        _offer(named.filter(done), "REP-01", "repair_id", "kind", "subject", "done_at"),
        _offer(named.filter(done & (col("done_at") <= col("due_at"))), "REP-02", "repair_id", "kind", "subject",
        "done_at"),
        _offer(named.filter(honoured), "REP-03", "repair_id", "kind", "subject", "done_at"),
        _offer(named.filter(accepted), "REP-04", "repair_id", "kind", "subject", "done_at"),
        _offer(confirmed, "REP-05", "cause_id", "kind", "ticket_id", "replied_at"),
        _offer(_reached(bookings, failed), "REP-06", "booking_id", "kind", "contact_id", "called_back_at"),
        _offer(named.filter(delivered), "REP-07", "repair_id", "kind", "subject", "done_at"),
        _offer(replies.filter(praised), "REP-08", "survey_id", "about_kind_code", "about_id", "replied_at"),
    ])  # fmt: skip


def _confirmed(states: pl.LazyFrame, replies: pl.LazyFrame) -> pl.LazyFrame:
    solved = _answers(replies).filter("is_solved").join(states, on=TICKET)
    held = (col("replied_at") >= col("version_at")) & (col("replied_at") < col("until_at"))
    ended = col("is_resolved").fill_null(False) | col("is_ended")
    first = solved.filter(held & ended).sort("replied_at", "cause_id").group_by(TICKET, maintain_order=True).first()
    return first.with_columns(kind=pl.lit("ticket"))


def _reached(bookings: pl.LazyFrame, failed: pl.LazyFrame) -> pl.LazyFrame:
    """Bookings called back in time; one that names no contact repairs the failed attempt before it."""
    in_time = (col("called_back_at") - col("requested_at")).is_between(dt.timedelta(0), DAY)
    reached = bookings.filter(col("is_reached") & in_time).with_columns(kind=pl.lit("contact"))
    nameless = reached.filter(col("contact_id").is_null()).drop("contact_id").sort("requested_at")
    found = nameless.join_asof(
        failed.sort("started_at", "contact_id"), left_on="requested_at", right_on="started_at", by="customer_id",
        strategy="backward", check_sortedness=False,
    )  # fmt: skip
    return pl.concat([
        reached.filter(col("contact_id").is_not_null()), found.select(reached.collect_schema().names()),
    ])  # fmt: skip


def _offer(rows: pl.LazyFrame, credit: str, cause: str, kind: str, subject: str, moment: str) -> pl.LazyFrame:
    chosen = rows.select(
        "customer_id", indicator_id=pl.lit(credit), cause_id=cause, subject_kind_code=kind, subject_id=subject,
        posted_at=moment,
        points=pl.lit(POINTS[credit]),
    )  # fmt: skip
    known = col("customer_id").is_not_null() & col("subject_id").is_not_null()
    return chosen.with_columns(posted_on=local_day("posted_at")).filter(known & in_month())
