"""Debits of tickets, callback bookings and survey replies: small tables, one select a rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

from mend.damage.scoring.plan import COMPLAINT_REACH_DAYS, ONE_DAY, SUSPENSION_REACH_DAYS, Plan
from mend.damage.scoring.rules import Rule, RuleSet
from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.exchange import Exchange, exchange
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import RECORDS

SUBJECT_KINDS: Final = {"ticket": "'ticket'", "callback_booking": "'booking'", "survey_reply": "about_kind_code"}
SUBJECT_IDS: Final = {"ticket": "ticket_id", "callback_booking": "booking_id", "survey_reply": "about_id"}
FEATURE_MODELS: Final = {"ticket": "ticket_feature", "callback_booking": "booking_feature"}
# Replies and follow-ups come after the ticket they speak of; later ones than this do not change its damage.
ANSWER_REACH_DAYS: Final = SUSPENSION_REACH_DAYS


def record_features(
    bench: Workbench,
    record: str,
    days: Iterable[dt.date],
    rules: RuleSet,
    plan: Plan,
    name: str,
    columns: Iterable[str],
    only: str | None = None,
) -> None:
    """A temporary table `name`: the record's rows of those days, with these of its columns and features.

    Args:
        columns: what is asked of a row; the record's key and `customer_id` come with it.
        only: a query of keys (the record's key column); rows of other keys are left out.
    """
    days, columns = sorted(days), {RECORDS[record].subject_id_column, "customer_id", *columns}
    bench.view(f"core_{record}", days=days, as_name=f"file_{record}")
    chosen = f"semi join ({only}) using ({RECORDS[record].subject_id_column})" if only else ""
    bench.execute(f"create or replace temp view target_{record} as select file_{record}.* from file_{record} {chosen}")
    if record == "ticket":
        _open_ticket_inputs(bench, days, plan, with_complaints="previous_complaint_seconds" in columns)
    model = FEATURE_MODELS.get(record)
    query = models.load("damage/scoring", model) if model else f"select * from target_{record}"
    settings = rules.settings
    values = {
        "ticket": {
            "ticket_limit_seconds": settings.ticket_limit_seconds,
            "known_until": plan.known_until,
            "answer_reach_days": ANSWER_REACH_DAYS,
        },
        "callback_booking": {
            "callback_limit_seconds": settings.callback_limit_seconds,
            "known_until": plan.known_until,
        },
    }
    named = ", ".join(quoted(column) for column in sorted(columns))
    bench.execute(f"create or replace temp table {name} as select {named} from ({query})", values.get(record, {}))


def record_debits(bench: Workbench, record: str, rules: RuleSet, plan: Plan) -> Exchange:
    """Write what changes in the record's debits of the plan's days that `rules` cover; nothing is committed here."""
    days = [day for day in plan.other_days[record] if rules.covers(day)]
    if not days:
        return Exchange()
    asked = _columns_asked(record, rules)
    if record == "survey_reply":
        _replies_with_earlier(bench, days, plan, asked)
    else:
        only = "select ticket_id from todo_ticket" if record == "ticket" else None
        record_features(bench, record, days, rules, plan, "featured", asked, only)
    query = _debits(bench, record, rules)
    version = {"rule_version": rules.valid_from} if rules.of_record(record) else {}  # no rule of it may be measured
    bench.execute(f"create or replace temp table other_debit as {query}", {"days": days, **version})
    files = bench.lake.files_of("mart_damage_ledger", record_code=[record], subject_on=days)
    scope = "semi join todo_ticket on old.cause_id = todo_ticket.ticket_id" if record == "ticket" else ""
    return exchange(bench, "mart_damage_ledger", files, scope, "select * from other_debit", ["entry_id"])


def _columns_asked(record: str, rules: RuleSet) -> set[str]:
    """What the debits of a record need of its rows."""
    found = {RECORDS[record].subject_id_column, "customer_id", RECORDS[record].event_column}
    if record == "survey_reply":
        found |= {"about_kind_code", "about_id"}
    for rule in rules.of_record(record):
        found |= {*rule.condition.columns, *([rule.felt_at] if rule.felt_at else [])}
    return found


def _debits(bench: Workbench, record: str, rules: RuleSet) -> str:
    """The ledger rows of the record's rules over `featured`, of the days $days."""
    bench.view_files("mart_damage_ledger", [], "shape")
    every = "\nunion all by name\n".join(["select * from shape", *(_debit(rule) for rule in rules.of_record(record))])
    # An indicator counts once for its subject: of several replies about one contact or ticket, the first.
    once = (
        f"select * from ({every}) qualify row_number() over "
        "(partition by indicator_id, subject_kind_code, subject_id, customer_id order by felt_at, cause_id) = 1"
    )
    return f"select * from ({once}) where list_contains($days, subject_on)"


def _replies_with_earlier(bench: Workbench, days: list[dt.date], plan: Plan, asked: Collection[str]) -> None:
    """`featured`: the replies of those days and the ones before them that may have said the same of the same
    subject.
    """
    bench.view("core_survey_reply", days=days, as_name="target_survey_reply")
    bench.view(
        "core_survey_reply",
        days=_between(min(days) - dt.timedelta(days=ANSWER_REACH_DAYS), max(days), plan),
        as_name="featured_file",
    )
    with bench.engine.joins_as_written():
        bench.execute(
            f"create or replace temp table featured as select {', '.join(map(quoted, sorted(asked)))} from "
            f"featured_file "
            "semi join (select distinct about_kind_code, about_id from target_survey_reply) using (about_kind_code, "
            "about_id)"
        )


def _open_ticket_inputs(bench: Workbench, days: list[dt.date], plan: Plan, with_complaints: bool) -> None:
    first, last = min(days), max(days)
    until = last + dt.timedelta(days=ANSWER_REACH_DAYS)
    bench.view("core_survey_reply", days=_between(first, until, plan))
    bench.view("core_repair_action", days=_between(first, until, plan))
    complaint_days = _between(first - dt.timedelta(days=COMPLAINT_REACH_DAYS), last, plan) if with_complaints else []
    bench.view("core_ticket", days=complaint_days, as_name="complaint_file")
    bench.execute("create or replace temp view complaint as select * from complaint_file where kind_code = 'complaint'")


def _between(first: dt.date, last: dt.date, plan: Plan) -> list[dt.date]:
    end = min(last, max(plan.scored_days))
    return [first + number * ONE_DAY for number in range((end - first).days + 1)]


def _debit(rule: Rule) -> str:
    """A select of the ledger rows of one rule; every identifier comes from the schema, the rule's words are bound or
    checked.
    """
    record = RECORDS[rule.record]
    subject_kind, subject_id = SUBJECT_KINDS[rule.record], SUBJECT_IDS[rule.record]
    cause = record.subject_id_column
    return (
        f"select '{rule.id}:' || {cause} as entry_id, customer_id, '{rule.record}' as record_code, "
        f"{record.event_column} as subject_on, {subject_kind} as subject_kind_code, {subject_id} as subject_id, "
        f"{cause} as cause_id, "
        f"'debit' as entry_kind_code, '{rule.id}' as indicator_id, '{rule.stage}' as stage_code, $rule_version as "
        f"rule_version, "
        f"{rule.points} as points, {rule.points} as offered_points, {rule.felt_at} as felt_at, cast({rule.felt_at} as "
        f"date) as posted_on, "
        f"null as incident_id, {str(rule.is_explicit).lower()} as is_explicit "
        f"from featured where customer_id is not null and ({rule.condition.sql()}) and {rule.felt_at} is not null"
    )
