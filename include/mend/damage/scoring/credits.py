"""Repair credits: what each rule offers, settled one after the other so that none exceeds what is left of the damage it
names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from mend.damage.scoring.other_records import record_features
from mend.damage.scoring.plan import ONE_DAY, Plan
from mend.damage.scoring.rules import Rule, RuleSet
from mend.foundation.lake.filters import Filter, at_least, equal
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.exchange import Exchange, exchange
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS

# Where a credit's rows come from: the subject it repairs, and the moment of the repair.
SUBJECTS: Final = {
    "repair_action": (
        "case when contact_id is not null then 'contact' else 'ticket' end",
        "coalesce(contact_id, ticket_id)",
        "done_at",
    ),
    "ticket": ("'ticket'", "ticket_id", "solved_reply_at"),
    "callback_booking": ("'contact'", "contact_id", "called_back_at"),
    "survey_reply": ("about_kind_code", "about_id", "replied_at"),
}
SUBJECT_COLUMNS: Final = {
    "repair_action": ("contact_id", "ticket_id", "done_at"),
    "ticket": ("ticket_id", "solved_reply_at"),
    "callback_booking": ("contact_id", "called_back_at"),
    "survey_reply": ("about_kind_code", "about_id", "replied_at"),
}
EVENT_REACH_DAYS: Final = (
    92  # a ticket's confirming reply, a booking's call: not later than this after the record's own day
)


def settle_credits(
    bench: Workbench, rules: list[RuleSet], plan: Plan, first: dt.date, touched: Sequence[str]
) -> Exchange:
    """Settle the credits from `first` on anew, of every subject whose damage or offers may have changed; nothing is
    committed here.

    Args:
        first: the first day on which damage or an offer changed. Credits before it stand as they are.
        touched: tables (subject_kind_code, subject_id) of the damage that this run changed.

    The view `ledger_now` must hold the debits and caps as they will be, and the credits before `first` as they are.
    """
    days = days_between(first, max(plan.scored_days))
    is_whole = set(days) <= set(plan.full_days)
    if not is_whole:
        _subjects(bench, plan, touched)
    _offers(bench, rules, plan, days, OF_SUBJECTS if not is_whole else "")
    within = max(version.settings.repairs_within_days for version in rules)
    bench.execute(
        f"create or replace temp table credit_gross as {models.load('damage/scoring', 'credit_gross')}",
        {"repairs_within_days": within},
    )
    settled = _settle(bench, within, first)
    bench.execute(
        f"create or replace temp table credit_row as "
        f"{models.load('damage/scoring', 'credit_ledger').format(settled=settled)}"
    )
    files = bench.lake.files_of("mart_damage_ledger", record_code=["credit"], subject_on=days)
    return exchange(
        bench, "mart_damage_ledger", files, "" if is_whole else OF_SUBJECTS, "select * from credit_row", ["entry_id"]
    )


OF_SUBJECTS: Final = "semi join credit_subject using (subject_kind_code, subject_id)"


def _subjects(bench: Workbench, plan: Plan, touched: Sequence[str]) -> None:
    """`credit_subject`: contacts and tickets whose credits may come out otherwise than before: those whose damage
    changed, those that a changed row speaks of in any of its versions, and those repaired on the days that are done
    wholly."""
    full = list(plan.full_days)
    bench.view("mart_damage_ledger", days=full, where=equal("record_code", "credit"), as_name="full_credit")
    parts = [
        "select subject_kind_code, subject_id from full_credit where record_code = 'credit'",
        "select 'ticket' as subject_kind_code, subject_id from change where record_code = 'ticket'",
        *(f"select subject_kind_code, subject_id from {name}" for name in touched),
    ]
    for record, (kind, subject, moment) in SUBJECTS.items():
        if record == "ticket":  # offered by the reply that confirms
            continue
        key = RECORDS[record].subject_id_column
        named = f"select {kind} as subject_kind_code, {subject} as subject_id from"
        changed = plan.changed_days.get(record, ())
        bench.view(f"core_{record}", days=_offering_days(record, full) | set(changed), as_name=f"current_{record}")
        bench.view(f"raw_{record}", days=changed, as_name=f"version_of_{record}")
        is_changed = f"{key} in (select subject_id from change where record_code = '{record}')"
        parts += [
            (
                f"{named} current_{record} where list_contains(cast($full as date[]), cast({moment} as date)) or "
                f"{is_changed}"
            ),
            f"{named} version_of_{record} where {is_changed}",
        ]
    every = f"select distinct * from ({' union all by name '.join(parts)}) where subject_id is not null"
    bench.execute(f"create or replace temp table credit_subject as {every}", {"full": full})


def _offering_days(record: str, days: Sequence[dt.date]) -> set[dt.date]:
    """The days of the record's rows that may offer a credit on these days."""
    reach = 0 if SUBJECTS[record][2] == RECORDS[record].event_source else EVENT_REACH_DAYS
    return {day - number * ONE_DAY for day in days for number in range(reach + 1)}


def _offers(bench: Workbench, rules: list[RuleSet], plan: Plan, days: Sequence[dt.date], of_subjects: str) -> None:
    """`credit_offer`: a row per credit that a rule gives on these days."""
    offers, values = [NO_OFFER], dict[str, object]()
    for version in rules:
        for record in SUBJECTS:
            if version.credits_of(record):
                selects, bound = _offers_of(bench, version, record, plan, days, len(offers), of_subjects)
                offers += selects
                values |= bound
    every = " union all by name ".join(offers)
    bench.execute(f"create or replace temp table credit_offer as select * from ({every}) {of_subjects}", values)


NO_OFFER: Final = (
    "select cast(null as varchar) as indicator_id, cast(null as varchar) as cause_id, cast(null as varchar) as "
    "customer_id, "
    "cast(null as varchar) as subject_kind_code, cast(null as varchar) as subject_id, cast(null as timestamptz) as "
    "credited_at, "
    "cast(null as integer) as points, cast(null as date) as rule_version, cast(null as varchar[]) as repairs where "
    "false"
)


def _offers_of(
    bench: Workbench, rules: RuleSet, record: str, plan: Plan, days: Sequence[dt.date], number: int, of_subjects: str
) -> tuple[list[str], dict[str, object]]:
    """The offers of one record by one version: selects from a table of its own, and their values."""
    only = None
    if record == "ticket":  # tickets without a reply that confirms in these days are not looked at
        bench.view("core_survey_reply", days=days, as_name="offered_reply")
        only = (
            "select subject_id as ticket_id from (select about_kind_code as subject_kind_code, about_id as subject_id "
            "from offered_reply "
            f"where about_kind_code = 'ticket' and is_solved) {of_subjects}"
        )
    table = f"offering_{number}"
    asked = {*SUBJECT_COLUMNS[record], *(name for rule in rules.credits_of(record) for name in rule.condition.columns)}
    record_features(bench, record, _offering_days(record, days), rules, plan, table, asked, only)
    values: dict[str, object] = {
        f"first_{number}": max(min(days), rules.valid_from),
        f"end_{number}": min(max(days) + ONE_DAY, rules.valid_until or dt.date.max),
        f"version_{number}": rules.valid_from,
    }
    selects = []
    for place, rule in enumerate(rules.credits_of(record)):
        values[f"repairs_{number}_{place}"] = list(rule.repairs)
        selects.append(_offer(rule, table, number, f"repairs_{number}_{place}"))
    return selects, values


def _offer(rule: Rule, table: str, number: int, repairs: str) -> str:
    subject_kind, subject_id, moment = SUBJECTS[rule.record]
    cause = RECORDS[rule.record].subject_id_column
    return (
        f"select '{rule.id}' as indicator_id, {cause} as cause_id, customer_id, {subject_kind} as subject_kind_code, "
        f"{subject_id} as subject_id, {moment} as credited_at, {rule.points} as points, $version_{number} as "
        f"rule_version, "
        f"cast(${repairs} as varchar[]) as repairs from {table} where customer_id is not null and {subject_id} is not "
        f"null "
        f"and ({rule.condition.sql()}) "
        f"and cast({moment} as date) >= $first_{number} and cast({moment} as date) < $end_{number}"
    )


def _settle(bench: Workbench, within_days: int, first: dt.date) -> str:
    """Settle each subject's credits in turn, after those before `first`, which stand as the ledger has them; gives a
    query for them all.
    """
    bench.execute(
        """create or replace temp table credit_settled as
        select indicator_id, cause_id, customer_id, subject_kind_code, subject_id, felt_at as credited_at,
        -offered_points as points,
            rule_version, incident_id, -points as applied_points
        from ledger_now
        semi join (select distinct subject_kind_code, subject_id from credit_gross) using (subject_kind_code,
        subject_id)
        where entry_kind_code = 'credit' and posted_on < $first""",
        {"first": first},
    )
    settled = ["select *, false as is_new from credit_settled"]
    turns = bench.sql("select coalesce(max(turn), 0) from credit_gross")[0][0]
    for turn in range(1, turns + 1):
        before = " union all by name ".join(settled)
        query = models.load("damage/scoring", "credit_settle").format(settled=before)
        bench.execute(
            f"create or replace temp table credit_settled_{turn} as {query}",
            {"turn": turn, "repairs_within_days": within_days},
        )
        settled.append(f"select *, true as is_new from credit_settled_{turn}")
    return " union all by name ".join(settled)


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last."""
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def ledger_filter(first: dt.date, within_days: int) -> Filter:
    """The ledger rows that credits from `first` on may repair: those posted in the window before it."""
    # An incident is posted on the day it began, a day before the contact at most.
    return at_least("posted_on", first - dt.timedelta(days=within_days + 2))
