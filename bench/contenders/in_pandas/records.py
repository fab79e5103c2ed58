"""Indicators on tickets (by their states), bookings and replies, and what repair credits are offered."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from bench.contenders.in_pandas.ledger import ENDS, INDICATORS, SUBJECT_KINDS, in_month, one_of, record_rows
from bench.contenders.in_pandas.tables import TEXT, no_text, truth
from bench.contenders.rulebook import POINTS

DAY, LIMIT, MONTH = pd.Timedelta(days=1), pd.Timedelta(hours=48), pd.Timedelta(days=30)
TICKET: Final = ["ticket_id", "customer"]


def ticket_states(versions: pd.DataFrame) -> pd.DataFrame:
    """How each ticket stood from one state to the next."""
    numbered = versions.assign(ticket_number=pd.factorize(versions["ticket_id"])[0])
    states = numbered[versions["customer"] >= 0].sort_values(["ticket_number", "version_at"])
    following = states[["ticket_number", "version_at"]].shift(-1)
    is_last = following["ticket_number"] != states["ticket_number"]
    until_at = following["version_at"].mask(is_last, pd.Timestamp(ENDS))
    return states.assign(until_at=until_at, is_ended=truth(states["status_code"].isin(["solved", "closed"])))


def ticket_debits(states: pd.DataFrame, replies: pd.DataFrame, repairs: pd.DataFrame) -> list[pd.DataFrame]:
    """RES-02 to RES-07."""
    complaint = states[truth(states["kind_code"] == "complaint")]
    escalated = complaint[truth(complaint["is_escalated"])]
    escalated_at = escalated["escalated_at"].fillna(escalated["version_at"])
    found = {
        "RES-02": _open_too_long(states),
        "RES-03": _closed_unresolved(states, replies),
        "RES-04": _failed_again(states, repairs),
        "RES-05": _promise_broken(states),
        "RES-06": _complained_again(complaint),
        "RES-07": _first(escalated.assign(posted_at=escalated_at), "posted_at"),
    }
    return [record_rows(rows, name, "ticket", "ticket_id", "posted_at") for name, rows in found.items()]


def _first(rows: pd.DataFrame, *order: str, by: tuple[str, ...] = tuple(TICKET)) -> pd.DataFrame:
    """The first row of each ticket in this order."""
    return rows.sort_values(list(order), na_position="first").drop_duplicates(list(by))


def _open_too_long(states: pd.DataFrame) -> pd.DataFrame:
    until_at, suspended_until = states["until_at"], states["suspended_until"]
    paused_until = suspended_until.where(suspended_until < until_at, until_at)
    since = states["version_at"].mask(truth(states["status_code"] == "suspended"), paused_until)
    spell = states.assign(spell=states["until_at"] - since)[~states["is_ended"]]
    so_far = spell.groupby("ticket_number", sort=False)["spell"].cumsum()
    over = (so_far > LIMIT) & (so_far - spell["spell"] <= LIMIT)
    return _first(spell.assign(posted_at=spell["until_at"] - (so_far - LIMIT))[over], "posted_at")


def _promise_broken(states: pd.DataFrame) -> pd.DataFrame:
    promised = states["promised_at"]
    fell_due = (promised >= states["version_at"]) & (promised < states["until_at"])
    broken = states[states["suspended_until"].notna() & ~states["is_ended"] & fell_due]
    return _first(broken.assign(posted_at=broken["promised_at"]), "posted_at")


def _answers(replies: pd.DataFrame) -> pd.DataFrame:
    about_ticket = truth(replies["about_kind_code"] == "ticket") & replies["is_solved"].notna().to_numpy()
    columns = {"about_id": "ticket_id", "survey_id": "cause_id"}
    return replies.loc[about_ticket, ["customer", "replied_at", "is_solved", *columns]].rename(columns=columns)


def _closed_unresolved(states: pd.DataFrame, replies: pd.DataFrame) -> pd.DataFrame:
    closing = states.loc[states["closed_at"].notna(), [*TICKET, "closed_at"]].drop_duplicates()
    after = closing.merge(_answers(replies), on=TICKET)
    after = after[after["replied_at"] >= after["closed_at"]]
    first = _first(after, "replied_at", "cause_id", by=(*TICKET, "closed_at"))
    unsolved = first[~truth(first["is_solved"])]
    return _first(unsolved, "replied_at", "cause_id").assign(posted_at=lambda rows: rows["replied_at"])


def _failed_again(states: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    failed = (repairs["action_code"] == "second_follow_up") & (repairs["outcome_code"] == "unresolved")
    named = {"done_at": "posted_at", "repair_id": "cause_id"}
    follow_up = repairs.loc[truth(failed & repairs["ticket_id"].notna()), [*TICKET, *named]].rename(columns=named)
    follow_up = follow_up.merge(states[TICKET].drop_duplicates(), on=TICKET)
    reopened = states.loc[states["reopened_at"].notna(), [*TICKET, "reopened_at"]]
    reopened = reopened.rename(columns={"reopened_at": "posted_at"}).assign(cause_id=no_text(len(reopened)).array)
    return _first(pd.concat([follow_up, reopened], ignore_index=True), "posted_at", "cause_id")


def _complained_again(complaint: pd.DataFrame) -> pd.DataFrame:
    first = _first(complaint[complaint["topic_code"].notna()], "opened_at", by=(*TICKET, "topic_code"))
    in_order = first.sort_values(["customer", "topic_code", "opened_at", "ticket_id"])
    since = in_order.groupby(["customer", "topic_code"], sort=False)["opened_at"].diff()
    return in_order[since <= MONTH].assign(posted_at=lambda rows: rows["opened_at"])


def booking_debits(bookings: pd.DataFrame) -> pd.DataFrame:
    """CON-07: a booked callback that did not come within a day."""
    in_time = bookings["called_back_at"] - bookings["requested_at"] <= DAY
    missed = bookings[~in_time].assign(posted_at=lambda rows: rows["requested_at"] + DAY)
    return record_rows(missed, "CON-07", "booking", "booking_id", "posted_at")


def reply_debits(replies: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """RES-08: a poor rating, once for each contact, ticket, or reply about something else. `placed`: the incident_id of
    each contact_id that a reply is about.
    """
    scale, score = replies["score_scale"], replies["score"]
    poor = replies[truth(((scale == 10) & (score <= 6)) | ((scale == 5) & (score <= 2)))]
    poor = poor[poor["customer"] >= 0]
    named = truth(poor["about_kind_code"].isin(["contact", "ticket"]))
    first = (
        poor.assign(
            kind=poor["about_kind_code"].where(named, "reply"),
            subject=poor["about_id"].where(named, poor["survey_id"]),
            cause_id=poor["survey_id"].where(named),
        )
        .sort_values(["replied_at", "survey_id"])
        .drop_duplicates(["kind", "subject", "customer"])
    )
    found = first.merge(placed, left_on="subject", right_on="contact_id", how="left")
    of_incident = truth((found["kind"] == "contact") & (found["incident_id"] != found["subject"]))
    found["incident_id"] = found["incident_id"].where(of_incident)
    return record_rows(found, "RES-08", "kind", "subject", "replied_at")


def offers(
    states: pd.DataFrame, bookings: pd.DataFrame, replies: pd.DataFrame, repairs: pd.DataFrame, failed: pd.DataFrame
) -> pd.DataFrame:
    """A row per credit that a rule gives. `failed`: customer, contact_id, started_at of attempts that failed."""
    about_ticket = repairs["ticket_id"].notna()
    named = repairs.assign(
        kind=np.where(about_ticket, "ticket", "contact"),
        subject=repairs["ticket_id"].where(about_ticket, repairs["contact_id"]),
    )
    action, outcome = named["action_code"], named["outcome_code"]
    done = truth(action.isin(["follow_up_call", "second_follow_up"]) & (outcome == "resolved"))
    honoured = (action == "priority_access") & (outcome == "honoured") & (named["wait_seconds"] <= 20)
    praised = (replies["purpose_code"] == "resurvey") & (replies["score_scale"] == 10) & (replies["score"] >= 9)
    repaired = {
        "REP-01": done,
        "REP-02": done & (named["done_at"] <= named["due_at"]).to_numpy(),
        "REP-03": truth(honoured),
        "REP-04": truth((action == "rebate") & (outcome == "accepted")),
        "REP-07": truth((action == "care_sms") & (outcome == "delivered")),
    }
    return pd.concat([
        *(_offer(named[rows], name, "repair_id", "kind", "subject", "done_at") for name, rows in repaired.items()),
        _offer(_confirmed(states, replies), "REP-05", "cause_id", "kind", "ticket_id", "replied_at"),
        _offer(_reached(bookings, failed), "REP-06", "booking_id", "kind", "contact_id", "called_back_at"),
        _offer(replies[truth(praised)], "REP-08", "survey_id", "about_kind_code", "about_id", "replied_at"),
    ], ignore_index=True)  # fmt: skip


def _confirmed(states: pd.DataFrame, replies: pd.DataFrame) -> pd.DataFrame:
    answers = _answers(replies)
    solved = answers[truth(answers["is_solved"])].merge(states, on=TICKET)
    held = (solved["replied_at"] >= solved["version_at"]) & (solved["replied_at"] < solved["until_at"])
    ended = truth(solved["is_resolved"]) | solved["is_ended"].to_numpy()
    return _first(solved[held.to_numpy() & ended], "replied_at", "cause_id").assign(kind="ticket")


def _reached(bookings: pd.DataFrame, failed: pd.DataFrame) -> pd.DataFrame:
    """Bookings called back in time; one that names no contact repairs the failed attempt before it."""
    took = bookings["called_back_at"] - bookings["requested_at"]
    in_time = (took >= pd.Timedelta(0)) & (took <= DAY)
    reached = bookings[truth(bookings["is_reached"]) & in_time.to_numpy()].assign(kind="contact")
    is_nameless = reached["contact_id"].isna() & (reached["customer"] >= 0)
    found = pd.merge_asof(
        reached[is_nameless].drop(columns="contact_id").sort_values("requested_at"),
        failed.sort_values(["started_at", "contact_id"]),
        left_on="requested_at", right_on="started_at", by="customer",
    )  # fmt: skip
    return pd.concat([reached[reached["contact_id"].notna()], found[reached.columns]], ignore_index=True)


def _offer(rows: pd.DataFrame, credit: str, cause: str, kind: str, subject: str, moment: str) -> pd.DataFrame:
    is_known = (rows["customer"] >= 0) & rows[subject].notna()
    rows = rows[is_known.to_numpy() & in_month(rows[moment])]
    return pd.DataFrame({
        "customer": rows["customer"].to_numpy(),
        "indicator_id": one_of(INDICATORS, credit, len(rows)),
        "cause_id": rows[cause].array,
        "subject_kind_code": pd.Categorical(rows[kind], dtype=SUBJECT_KINDS),
        "subject_id": rows[subject].array,
        "posted_at": rows[moment].to_numpy(),
        "points": float(POINTS[credit]),
    }).astype({"cause_id": TEXT, "subject_id": TEXT})  # fmt: skip
