"""Repair credits: what each rule offers, settled one after the other so that none exceeds what is left of the damage it names."""

from __future__ import annotations

import datetime as dt
from typing import Final

from mend import models
from mend.lake.filters import Filter, at_least
from mend.schema import RECORDS
from mend.scoring.other_records import record_features
from mend.scoring.plan import ONE_DAY, Plan
from mend.scoring.rules import Rule, RuleSet
from mend.workbench import Workbench

# Where a credit's rows come from: the subject it repairs, and the moment of the repair.
SUBJECTS: Final = {
    "repair_action": ("case when contact_id is not null then 'contact' else 'ticket' end", "coalesce(contact_id, ticket_id)", "done_at"),
    "ticket": ("'ticket'", "ticket_id", "solved_reply_at"),
    "callback_booking": ("'contact'", "contact_id", "called_back_at"),
    "survey_reply": ("about_kind_code", "about_id", "replied_at"),
}
EVENT_REACH_DAYS: Final = 92  # a ticket's confirming reply, a booking's call: not later than this after the record's own day


def settle_credits(bench: Workbench, rules: list[RuleSet], plan: Plan, first: dt.date) -> tuple[list[str], list[dt.date]]:
    """Write the credits of every day from `first` on; gives the files and the days that they replace.

    Args:
        first: the first day on which damage or an offer changed. Credits before it stand as they are.

    The view `ledger_now` must hold the debits and caps as they will be, and the credits before `first` as they are.
    """
    last = max(plan.scored_days)
    days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
    _offers(bench, rules, plan, first, last)
    within = max(version.settings.repairs_within_days for version in rules)
    bench.execute(f"create or replace temp table credit_gross as {models.load('scoring', 'credit_gross')}", {"repairs_within_days": within})
    _settle(bench, within, first)
    return bench.write("mart_damage_ledger", models.load("scoring", "credit_ledger")), days


def _offers(bench: Workbench, rules: list[RuleSet], plan: Plan, first: dt.date, last: dt.date) -> None:
    """`credit_offer`: a row per credit that a rule gives on the days from `first` to `last`."""
    bench.execute(
        "create or replace temp table credit_offer (indicator_id varchar, cause_id varchar, customer_id varchar, "
        "subject_kind_code varchar, subject_id varchar, credited_at timestamptz, points integer, rule_version date, repairs varchar[])"
    )
    for version in rules:
        for record in SUBJECTS:
            if version.credits_of(record):
                _offers_of(bench, version, record, plan, first, last)


def _offers_of(bench: Workbench, rules: RuleSet, record: str, plan: Plan, first: dt.date, last: dt.date) -> None:
    reach = 0 if SUBJECTS[record][2] == RECORDS[record].event_source else EVENT_REACH_DAYS
    days = [first - number * ONE_DAY for number in range(reach, 0, -1)]
    days += [first + number * ONE_DAY for number in range((last - first).days + 1)]
    only = None
    if record == "ticket":  # offered by the reply that confirms: tickets without one in these days are not looked at
        bench.view("core_survey_reply", days=days[reach:], as_name="offered_reply")
        only = "select about_id as ticket_id from offered_reply where about_kind_code = 'ticket' and is_solved"
    record_features(bench, record, days, rules, plan, "offering", only)
    for rule in rules.credits_of(record):
        bench.execute(
            _offer(rule),
            {
                "first": max(first, rules.valid_from),
                "end": min(last + ONE_DAY, rules.valid_until or dt.date.max),
                "version": rules.valid_from,
                "repairs": list(rule.repairs),
            },
        )


def _offer(rule: Rule) -> str:
    subject_kind, subject_id, moment = SUBJECTS[rule.record]
    cause = RECORDS[rule.record].subject_id_column
    return (
        f"insert into credit_offer select '{rule.id}', {cause}, customer_id, {subject_kind}, {subject_id}, {moment}, {rule.points}, "
        f"$version, cast($repairs as varchar[]) from offering where customer_id is not null and {subject_id} is not null "
        f"and ({rule.condition.sql()}) "
        f"and cast({moment} as date) >= $first and cast({moment} as date) < $end"
    )


def _settle(bench: Workbench, within_days: int, first: dt.date) -> None:
    """`credit_settled`: the credits before `first` as the ledger has them, then each subject's in turn."""
    bench.execute(
        """create or replace temp table credit_settled as
        select indicator_id, cause_id, customer_id, subject_kind_code, subject_id, felt_at as credited_at, -offered_points as points,
            rule_version, incident_id, -points as applied_points, false as is_new
        from ledger_now
        where entry_kind_code = 'credit' and posted_on < $first""",
        {"first": first},
    )
    turns = bench.sql("select coalesce(max(turn), 0) from credit_gross")[0][0]
    for turn in range(1, turns + 1):
        bench.execute(
            f"insert into credit_settled by name select *, true as is_new from ({models.load('scoring', 'credit_settle')})",
            {"turn": turn, "repairs_within_days": within_days},
        )


def ledger_filter(first: dt.date, within_days: int) -> Filter:
    """The ledger rows that credits from `first` on may repair: those posted in the window before it."""
    # An incident is posted on the day it began, a day before the contact at most.
    return at_least("posted_on", first - dt.timedelta(days=within_days + 2))
