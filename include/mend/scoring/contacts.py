"""The contact part of the ledger and of the exposure, for the days of a plan, a share of the customers at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mend import models
from mend.engine.duckdb_engine import Parameters
from mend.lake.filters import equal, one_of
from mend.scoring.contact_rules import ContactRules
from mend.scoring.plan import ONE_DAY, Plan
from mend.scoring.rules import RuleSet
from mend.workbench import Workbench

ROWS_PER_PASS: Final = 12_000_000  # contacts that one pass holds in memory, some 4 GB; more contacts are more passes
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
    """Files written for tables of the lake, and the partitions that they replace."""

    ledger: list[str] = field(default_factory=list)
    exposure: list[str] = field(default_factory=list)
    contact_days: set[dt.date] = field(default_factory=set)


def score_contacts(bench: Workbench, rules: RuleSet, plan: Plan, written: Written) -> None:
    """Write the contacts' debits, caps and exposure for the plan's days that `rules` cover; nothing is committed here."""
    full = [day for day in plan.full_days if rules.covers(day)]
    partial = [day for day in plan.partial_days if rules.covers(day)]
    if not full and not partial:
        return
    _open_inputs(bench, rules, full, partial)
    _choose_rows(bench, narrow_context=len(full) < plan_context_days(rules))
    for share in _staged_shares(bench, rules, _number_of_passes(bench, full)):
        bench.execute(f"create or replace temp view contact_stage as {share}")
        _place(bench, rules)
        _hits(bench, rules, plan)
        _write(bench, rules, written)
    written.contact_days |= {*full, *partial}


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
    around = {day + k * ONE_DAY for day in target for k in range(-back, ahead + 1)}
    bench.view("core_contact", days=full, as_name="full_contact")
    bench.view("core_contact", days=partial, as_name="partial_contact")
    bench.view("core_contact", days=around - set(full), as_name="around_contact")
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
    bench.view("mart_exposure_day", days=partial, as_name="exposure_before_file")
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
    semi_join = ""
    if narrow_context:
        bench.execute("create or replace temp table target_customer as select distinct customer_id from target_contact")
        semi_join = "semi join target_customer using (customer_id)"
    bench.execute(
        f"""create or replace temp view context_contact as
        select around_contact.* from around_contact
        {semi_join}
        anti join todo on around_contact.customer_id = todo.customer_id and around_contact.started_on = todo.day
        where customer_id is not null"""
    )


def _staged_shares(bench: Workbench, rules: RuleSet, passes: int) -> Iterator[str]:
    """Each pass's rows as a query: what later steps need of each contact, with the bits decided by its own row.

    Contacts are read once. When there are several passes, the rows go to the engine's scratch folder by share of customers, and each
    pass reads its own share, with the ledger and exposure rows of the same customers.
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
    for name in ("ledger_before", "exposure_before"):
        bench.execute(f"create or replace temp view {name} as select * from {name}_file where {condition}")


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
    bench.engine.connection.executemany("insert into contact_rule values (?, ?, ?, ?, ?, ?)", compiled.rule_rows())
    _table(bench, "contact_cap", {"cap_points": rules.settings.incident_cap_points})


def _write(bench: Workbench, rules: RuleSet, written: Written) -> None:
    written.ledger += bench.write("mart_damage_ledger", models.load("scoring", "contact_ledger"), {"rule_version": rules.valid_from})
    written.exposure += bench.write("mart_exposure_day", models.load("scoring", "exposure"))
