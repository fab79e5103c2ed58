"""Debits of tickets, callback bookings and survey replies, and what hits their rules and those of the credits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from mend.damage.scoring.rules import Rule, RuleSet, Settings, features
from mend.damage.scoring.same_person import put_same_person
from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, Way

ROOM: Final = "damage/scoring"
RECORDS_SCORED: Final = ("ticket", "callback_booking", "survey_reply", "repair_action")
# A ticket adds damage so long after its opening; a reply or a booking means a contact so long after it; an incident's
# contacts are so many days apart at most. All are stated in the room's README.
TICKET_REACH_DAYS: Final = 184
RATED_REACH_DAYS: Final = 31
INCIDENT_REACH_DAYS: Final = 4
# The moment of a credit; a debit's is its rule's `posted_at`.
CREDITED_AT: Final = {
    "repair_action": "done_at",
    "ticket": "solved_reply_at",
    "callback_booking": "called_back_at",
    "survey_reply": "replied_at",
}
FILES: Final = (
    "file_ticket_version",
    "file_survey_reply",
    "file_repair_action",
    "file_callback_booking",
    "near_contact",
)
TICKETS: Final = read_models(ROOM, "ticket_event", "ticket_moment", "complaint_before")
TICKET_FEATURE: Final = read_model(ROOM, "ticket_feature")
OTHERS: Final = read_models(ROOM, "contact_place", "booking_feature", "reply_feature", "repair_feature", "record_hit")
RULE_COLUMNS: Final = {
    "rule_number": "integer",
    "indicator_id": "varchar",
    "rule_version": "date",
    "first_on": "date",
    "end_on": "date",
    "points": "integer",
    "is_credit": "boolean",
    "repairs": "varchar[]",
}
Chosen = Sequence[tuple[RuleSet, Rule]]


def open_record_inputs(step: Step, versions: Sequence[RuleSet], days: Sequence[dt.date]) -> list[Sharing]:
    """Open what the debits and credits of these days look at, under names of their own; says how it is shared out.
    (`same_person` is for every share.) Makes `misnamed_record` of these days, too, which only the whole shows."""
    first, last = min(days), max(days)
    since = first - (TICKET_REACH_DAYS + RATED_REACH_DAYS) * ONE_DAY
    near = first - (RATED_REACH_DAYS + INCIDENT_REACH_DAYS) * ONE_DAY
    step.view("core_ticket_version", "file_ticket_version", days=_between(since, last))
    step.view("core_survey_reply", "file_survey_reply", days=_between(since, last))
    step.view("core_repair_action", "file_repair_action", days=_between(since, last))
    step.view("core_callback_booking", "file_callback_booking", days=_between(near, last))
    step.view("core_contact", "file_contact", days=_between(near, last))
    put_same_person(step, since, last)
    limit = max(rules.settings.callback_limit_seconds for rules in versions) // 86_400 + 2
    values = {"first_day": first, "booked_since": first - limit * ONE_DAY}
    step.run(read_model(ROOM, "near_contact"), values, fills={"failed_attempt": _failed_attempt(versions)})
    step.run(read_model(ROOM, "misnamed_record"), of_days(days))
    step.drop("file_contact")
    return [Sharing(name, (Way("customer_id"),)) for name in FILES]


def make_record_entries(
    step: Step, rules: RuleSet, days: Sequence[dt.date], is_open: bool = False, with_credits: bool = False
) -> None:
    """Make `_record_entry`: the debits of tickets, bookings and replies that one version of the rules posts on these
    days, in the ledger's columns.

    Args:
        days: a range without gaps.
        is_open: `open_record_inputs` was called before, with days around these; else it is called here.
        with_credits: look at the rules of credits in the same pass, and leave what was found for `make_credit_entries`.
    """
    if not is_open:
        open_record_inputs(step, [rules], days)
    chosen = [(rules, rule) for record in RECORDS_SCORED for rule in rules.of_record(record)]
    chosen += [(rules, rule) for rule in rules.credits.values() if with_credits]
    step.run(read_model(ROOM, "ticket_of_days"), _of_tickets(chosen, rules.settings, days))
    make_hits(step, chosen, rules.settings, days, TICKET_REACH_DAYS)  # of several replies about one ticket, the first
    step.make(read_model(ROOM, "record_entry"), "_record_entry", of_days(days))
    if not with_credits:
        drop_made(step, [] if is_open else [*FILES, "same_person", "misnamed_record"])


def make_hits(step: Step, chosen: Chosen, settings: Settings, days: Sequence[dt.date], reply_reach_days: int) -> None:
    """Make `record_rule`, the chosen rules by number, and `record_hit`, each time that one of them held for a row of
    its record. Needs `ticket_of_days`: the tickets to look at. Of the days before these, only replies count."""
    step.put("record_rule", RULE_COLUMNS, (_rule_row(number, *each) for number, each in enumerate(chosen)))
    values = {
        "limit_seconds": settings.ticket_limit_seconds,
        "incident_gap_seconds": settings.incident_gap_seconds,
        "incident_reach_days": settings.incident_reach_days,
        "ticket_reach_days": TICKET_REACH_DAYS,
        "rated_reach_days": RATED_REACH_DAYS,
        "since_day": min(days) - reply_reach_days * ONE_DAY,
        "first_day": min(days),
    }
    step.run(TICKETS, values)
    step.make(TICKET_FEATURE, TICKET_FEATURE.name, is_view=True)
    fills = {
        f"{record}_rules": ", ".join(
            _hit(rule, number) for number, (_, rule) in enumerate(chosen) if rule.record == record
        )
        for record in RECORDS_SCORED
    }
    fills["ticket_moments"] = _has_moment(rule for _, rule in chosen if rule.record == "ticket")
    step.run(OTHERS, {**values, "limit_seconds": settings.callback_limit_seconds}, fills)


def drop_made(step: Step, also: Iterable[str] = ()) -> None:
    """Give back the memory of what `make_hits` made."""
    made = [model.name for model in (*TICKETS, TICKET_FEATURE, *OTHERS)]
    step.drop("ticket_of_days", *made, "record_rule", *also)


def of_days(days: Sequence[dt.date]) -> dict[str, dt.date]:
    """The days as models take them: the first, and the one after the last."""
    return {"first_day": min(days), "end_day": max(days) + ONE_DAY}


def _of_tickets(chosen: Chosen, settings: Settings, days: Sequence[dt.date]) -> dict[str, object]:
    """A rule that posts at a time of the ticket's own, such as its opening, is for every ticket."""
    limit = dt.timedelta(seconds=settings.ticket_limit_seconds)
    moments = {_moment(rule) for _, rule in chosen if rule.record == "ticket"}
    return {
        **of_days(days),
        "clock_from": min(days) - limit - ONE_DAY,
        "limit_seconds": settings.ticket_limit_seconds,
        "with_quiet": not moments <= set(features("ticket")),
    }


def _failed_attempt(versions: Sequence[RuleSet]) -> str:
    """The condition of a connection attempt that failed, as the rules of the contact's day have it."""
    known = sorted(versions, key=lambda rules: rules.valid_from)
    cases = (f"when started_on < date '{rules.valid_until}' then {rules.failed_attempt.sql()}" for rules in known[:-1])
    return f"case {' '.join(cases)} when true then {known[-1].failed_attempt.sql()} end"


def _rule_row(number: int, rules: RuleSet, rule: Rule) -> tuple[object, ...]:
    """A credit's rule counts on the days of its version. A debit's version is chosen by the days that are asked for;
    what it would have posted before them counts as posted."""
    is_credit = rule.id in rules.credits
    first, end = (rules.valid_from, rules.valid_until or dt.date.max) if is_credit else (dt.date.min, dt.date.max)
    return number, rule.id, rules.valid_from, first, end, rule.points, is_credit, list(rule.repairs)


def _has_moment(rules: Iterable[Rule]) -> str:
    """Whether a row has the moment of any of the rules: most rows have none."""
    moments = sorted({quoted(_moment(rule)) for rule in rules})
    return " or ".join(f"{moment} is not null" for moment in moments) or "false"


def _moment(rule: Rule) -> str:
    return rule.posted_at or CREDITED_AT[rule.record]


def _hit(rule: Rule, number: int) -> str:
    """The rule as an element of a list: its number and moment where its condition holds, else null."""
    moment = quoted(_moment(rule))
    return f"case when {rule.condition.sql()} then {{'rule_number': {number}, 'posted_at': {moment}}} end"


def _between(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]
