"""The contact part of the ledger and of the exposure, for the days of a plan, a share of the customers at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mend import models
from mend.engine.duckdb_engine import Parameters
from mend.exchange import Exchange, exchange
from mend.lake.filters import equal, one_of
from mend.scoring.contact_rules import ContactRules
from mend.scoring.plan import ONE_DAY, Plan
from mend.scoring.rules import RuleSet
from mend.workbench import Workbench

ROWS_PER_PASS: Final = 12_000_000  # contacts that one pass holds in memory, some 4 GB; more contacts are more passes
LOOK_BACK_DAYS: Final = 2  # incidents and failed attempts; further back only contacts on the same topic matter
LOOK_AHEAD_DAYS: Final = 2  # a call back may come up to a day after the end of the contact
MICROSECONDS: Final = 1_000_000
LOOKED_UP: Final = (  # features for which other records are looked up, each only for the contacts whose rules ask for it
    "booking_after_seconds",
    "contact_from_us_after_seconds",
    "contact_from_us_after_end_seconds",
    "agent_call_after_seconds",
    "ticket_after_seconds",
)


@dataclass
class Written:
    """Files written for tables of the lake, the days of contacts that they replace as a whole, the files of other days that go, and the
    days for which rows may count otherwise than before, the first of each record."""

    ledger: list[str] = field(default_factory=list)
    exposure: list[str] = field(default_factory=list)
    contact_days: set[dt.date] = field(default_factory=set)
    ledger_going: list[str] = field(default_factory=list)
    exposure_going: list[str] = field(default_factory=list)
    changed_from: set[dt.date] = field(default_factory=set)

    def add_entries(self, entries: Exchange) -> None:
        """What an exchange of ledger rows wrote."""
        self.ledger += entries.coming
        self.ledger_going += entries.going
        if entries.first_on:
            self.changed_from.add(entries.first_on)


def score_contacts(bench: Workbench, rules: RuleSet, plan: Plan, written: Written) -> None:
    """Write the contacts' debits, caps and exposure for the plan's days that `rules` cover; nothing is committed here."""
    full = [day for day in plan.full_days if rules.covers(day)]
    partial = [day for day in plan.partial_days if rules.covers(day)]
    if not full and not partial:
        return
    _open_inputs(bench, rules, full, partial)
    is_night = len(full) < plan_context_days(rules)
    _choose_rows(bench, narrow_context=is_night)
    _empty_tables_of_rows(bench)
    for share in _staged_shares(bench, rules, _number_of_passes(bench, full)):
        bench.execute(f"create or replace temp view contact_stage as {share}")
        _place(bench, rules)
        _hits(bench, rules, plan)
        _write(bench, rules, written, is_night)
    written.contact_days |= set(full)
    written.changed_from |= set(full)
    if partial:
        _exchange(bench, partial, written)


def plan_context_days(rules: RuleSet) -> int:
    """Days around a day whose contacts bear on it."""
    return rules.settings.contact_reach_days + LOOK_AHEAD_DAYS


def _number_of_passes(bench: Workbench, full: Sequence[dt.date]) -> int:
    rows = bench.lake.rows_matching("core_contact", one_of("started_on", list(full))) if full else 0
    return max(1, math.ceil(rows / ROWS_PER_PASS))


def _days_table(bench: Workbench, name: str, days: Sequence[dt.date]) -> None:
    bench.execute(f"create or replace temp table {name} as select unnest(cast($days as date[])) as day", {"days": list(days)})


def _open_inputs(bench: Workbench, rules: RuleSet, full: list[dt.date], partial: list[dt.date]) -> None:
    """One snapshot of each input, the same for every pass."""
    target = {*full, *partial}
    back, ahead = rules.settings.contact_reach_days, LOOK_AHEAD_DAYS
    beside = {day + k * ONE_DAY for day in target for k in range(-LOOK_BACK_DAYS, ahead + 1)}
    before_that = {day - k * ONE_DAY for day in target for k in range(LOOK_BACK_DAYS + 1, back + 1)}
    bench.view("core_contact", days=full, as_name="full_contact")
    bench.view("core_contact", days=partial, as_name="partial_contact")
    bench.view("core_contact", days=beside - set(full), as_name="beside_contact")
    bench.view("core_contact", days=before_that - beside - set(full), as_name="far_contact")
    after = {day + k * ONE_DAY for day in target for k in range(ahead + 1)}
    bench.view("core_callback_booking", days=after)
    bench.view("core_ticket", days=after)
    before = {*partial, *(day - ONE_DAY for day in target)}
    bench.view(
        "mart_damage_ledger",
        days=before,
        where=equal("record_code", "contact"),
        as_name="ledger_before_file",
    )
    _days_table(bench, "full_day", full)
    _days_table(bench, "partial_day", partial)


def _choose_rows(bench: Workbench, narrow_context: bool) -> None:
    """`target_contact`: the contacts to be scored; `context_contact`: those looked at beside them."""
    bench.execute(
        """create or replace temp view target_contact as
        select * from full_contact where customer_id is not null
        union all
        select partial_contact.* from partial_contact
        semi join todo on partial_contact.customer_id = todo.customer_id and partial_contact.started_on = todo.day"""
    )
    of_customer = of_topic = ""
    if narrow_context:
        bench.execute("create or replace temp table target_topic as select distinct customer_id, topic_code from target_contact")
        of_customer, of_topic = "semi join target_topic using (customer_id)", "semi join target_topic using (customer_id, topic_code)"
    bench.execute(
        f"""create or replace temp view context_contact as
        with around_contact as (
            select * from beside_contact {of_customer}
            union all
            select * from far_contact {of_topic}
        )
        select around_contact.* from around_contact
        anti join todo on around_contact.customer_id = todo.customer_id and around_contact.started_on = todo.day
        where customer_id is not null"""
    )


def _staged_shares(bench: Workbench, rules: RuleSet, passes: int) -> Iterator[str]:
    """Each pass's rows as a query: what later steps need of each contact, with the bits decided by its own row.

    Contacts are read once. When there are several passes, the rows go to the engine's scratch folder by share of customers, and each
    pass reads its own share, with the ledger rows of the same customers.
    """
    compiled = ContactRules(rules)
    failed = f"coalesce({rules.failed_attempt.sql()}, false)"
    bench.execute(f"create or replace temp view contact_feature as {models.load('scoring', 'contact_feature')}")
    scanned = f"select *, {compiled.after_scan()} as bits from (select *, {failed} as is_failed_attempt from contact_feature)"
    staged = (
        f"select {_narrow('is_failed_attempt', True)}, bits from ({scanned}) "
        f"union all select {_narrow(failed, False)}, 0 as bits from context_contact"
    )
    if passes == 1:
        _share_of_before(bench, "true")
        yield staged
        return
    shares = bench.engine.spill(f"select *, hash(customer_id) % {passes} as share from ({staged})", "share")
    for share in range(passes):
        _share_of_before(bench, f"hash(customer_id) % {passes} = {share}")
        yield shares.get(share, f"select * from ({staged}) where false")


def _share_of_before(bench: Workbench, condition: str) -> None:
    bench.execute(f"create or replace temp view ledger_before as select * from ledger_before_file where {condition}")


def _place(bench: Workbench, rules: RuleSet) -> None:
    """`contact_narrow`, with whole numbers for keys; then `contact_placed`: incidents, windows, and the bits that they leave."""
    compiled, settings = ContactRules(rules), rules.settings
    _table(bench, "contact_narrow")
    _table(bench, "contact_incident", {"gap_us": settings.incident_gap_seconds * MICROSECONDS})
    bench.execute(
        f"create or replace temp table contact_placed as "
        f"select * exclude (previous_same_topic_seconds, next_same_topic_seconds, bits), {compiled.after_window()} as bits "
        f"from ({models.load('scoring', 'contact_placed')})",
        {"reach_us": settings.contact_reach_days * 86_400 * MICROSECONDS},
    )
    bench.execute("drop table contact_incident")


def _table(bench: Workbench, name: str, parameters: Parameters | None = None) -> None:
    bench.execute(f"create or replace temp table {name} as {models.load('scoring', name)}", parameters)


def _narrow(failed: str, is_target: bool) -> str:
    seconds = " + ".join(f"coalesce({name}, 0)" for name in ("ivr_seconds", "queue_seconds", "talk_seconds", "hold_seconds"))
    return (
        f"contact_id, customer_id, topic_code, started_at, started_on, {seconds} as contact_seconds, "
        f"direction_code = 'outbound' as is_outbound, coalesce(is_answered, false) as is_answered, "
        f"{failed} as is_failed_attempt, {str(is_target).lower()} as is_target"
    )


def _hits(bench: Workbench, rules: RuleSet, plan: Plan) -> None:
    """`contact_hit`: each contact that hit anything, with the bits of its indicators, families settled; `contact_cap`."""
    compiled = ContactRules(rules)
    bench.execute(
        f"create or replace temp table contact_decided as select contact_key, {compiled.after_candidate()} as bits "
        f"from ({models.load('scoring', 'contact_candidate')})",
        {
            "candidate_bits": compiled.candidate_bits,
            "repeated_failure_us": rules.settings.repeated_failure_seconds * MICROSECONDS,
            "known_until": plan.known_until,
            **{f"{name}_bits": compiled.bits_using(name) for name in LOOKED_UP},
        },
    )
    bench.execute(
        f"create or replace temp table contact_hit as select *, {compiled.points()} as points from ("
        f"select contact_key, place, incident_key, incident_on, started_on, {compiled.after_families()} as bits from ("
        f"select placed.* exclude (bits), coalesce(decided.bits, placed.bits) as bits from contact_placed as placed "
        f"left join contact_decided as decided on placed.contact_key = decided.contact_key "
        f"where placed.is_target) where bits <> 0)"
    )
    bench.execute(
        "create or replace temp table contact_rule "
        "(number integer, bit bigint, indicator_id varchar, stage_code varchar, points integer, is_explicit boolean)"
    )
    if rules_of_contacts := compiled.rule_rows():  # none when no source carries what any of them needs
        bench.engine.connection.executemany("insert into contact_rule values (?, ?, ?, ?, ?, ?)", rules_of_contacts)
    _table(bench, "contact_cap", {"cap_points": rules.settings.incident_cap_points})


def _empty_tables_of_rows(bench: Workbench) -> None:
    """`ledger_row` and `exposure_row`: the new rows of days that are done for some customers, from every pass."""
    for name, table in (("ledger_row", "mart_damage_ledger"), ("exposure_row", "mart_exposure_day")):
        bench.engine.view("shape", bench.described(table), [])
        bench.execute(f"create or replace temp table {name} as select * from shape")


def _write(bench: Workbench, rules: RuleSet, written: Written, is_night: bool) -> None:
    """Write the rows of the days that are done wholly; keep those of the other days for `_exchange`.

    On a night, customers of whom the next night may think otherwise (something still open) get a file of their own: it is the one that
    will be written again.
    """
    ledger, exposure = models.load("scoring", "contact_ledger"), models.load("scoring", "exposure")
    parameters: dict[str, object] = {"rule_version": rules.valid_from}
    parts = [""]
    if is_night:
        bench.execute(f"create or replace temp table ledger_made as {ledger}", parameters)
        ledger, parameters = "select * from ledger_made", {}
        bench.execute(f"create or replace temp table unsettled as {UNSETTLED}", {"candidate_bits": ContactRules(rules).candidate_bits})
        parts = ["semi join unsettled using (customer_id)", "anti join unsettled using (customer_id)"]
    on_full, on_partial = (f"semi join {name} on model.subject_on = {name}.day" for name in ("full_day", "partial_day"))
    for part in parts:
        written.ledger += bench.write("mart_damage_ledger", f"select model.* from ({ledger}) as model {on_full} {part}", parameters)
    written.exposure += bench.write("mart_exposure_day", f"select model.* from ({exposure}) as model {on_full}")
    if bench.sql("select 1 from partial_day limit 1"):
        bench.execute(f"create or replace temp table partial_row as select model.* from ({ledger}) as model {on_partial}", parameters)
        bench.execute("insert into ledger_row by name select * from partial_row")
        bench.execute(f"create or replace temp table partial_row as select model.* from ({exposure}) as model {on_partial}")
        bench.execute("insert into exposure_row by name select * from partial_row")


UNSETTLED: Final = """
select distinct contact_narrow.customer_id
from contact_placed join contact_narrow on contact_placed.contact_key = contact_narrow.rowid
where contact_placed.is_target and contact_placed.bits & $candidate_bits <> 0"""


def _exchange(bench: Workbench, days: list[dt.date], written: Written) -> None:
    """Put the rows of `todo` in place of what these days have of its customers."""
    scope = "semi join todo on old.customer_id = todo.customer_id and old.subject_on = todo.day"
    files = bench.lake.files_of("mart_damage_ledger", record_code=["contact"], subject_on=days)
    written.add_entries(exchange(bench, "mart_damage_ledger", files, scope, "select * from ledger_row", ["entry_id"]))
    files = bench.lake.files_of("mart_exposure_day", subject_on=days)
    counts = exchange(bench, "mart_exposure_day", files, scope, "select * from exposure_row", ["customer_id", "subject_on", "posted_on"])
    written.exposure += counts.coming
    written.exposure_going += counts.going
