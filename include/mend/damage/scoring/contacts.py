"""The contact part of the ledger and of the exposure, for the days of a plan, a share of the customers at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mend.damage.scoring.contact_rules import ContactRules
from mend.damage.scoring.plan import ONE_DAY, Plan
from mend.damage.scoring.rules import RuleSet
from mend.foundation.engine.duckdb_engine import Parameters
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import equal, one_of
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.exchange import Exchange, exchange
from mend.foundation.pipeline.workbench import Workbench

ROWS_PER_PASS: Final = 12_000_000  # contacts that one pass holds in memory, some 4 GB; more contacts are more passes
LOOK_BACK_DAYS: Final = 2  # incidents and failed attempts; further back only contacts on the same topic matter
LOOK_AHEAD_DAYS: Final = 2  # a call back may come up to a day after the end of the contact
MICROSECONDS: Final = 1_000_000
# features for which other records are looked up, each only for the contacts whose rules ask for it
LOOKED_UP: Final = (
    "booking_after_seconds",
    "contact_from_us_after_seconds",
    "contact_from_us_after_end_seconds",
    "agent_call_after_seconds",
    "ticket_after_seconds",
)


@dataclass
class Written:
    """Files written for tables of the lake, the days of contacts that they replace as a whole, the files of other days
    that go, the days for which rows may count otherwise than before (the first of each record), and tables of the
    subjects whose damage changed."""

    ledger: list[StoredFile] = field(default_factory=list)
    exposure: list[StoredFile] = field(default_factory=list)
    contact_days: set[dt.date] = field(default_factory=set)
    ledger_going: list[StoredFile] = field(default_factory=list)
    exposure_going: list[StoredFile] = field(default_factory=list)
    changed_from: set[dt.date] = field(default_factory=set)
    touched: list[str] = field(default_factory=list)
    partial_rows: list[int] = field(default_factory=list)

    def add_entries(self, bench: Workbench, entries: Exchange) -> None:
        """What the last exchange of ledger rows wrote."""
        self.ledger += entries.coming
        self.ledger_going += entries.going
        if entries.first_on:
            self.changed_from.add(entries.first_on)
            self.touch(bench, "exchange_added", "exchange_removed")

    def touch(self, bench: Workbench, *ledgers: str) -> None:
        """Keep the subjects of these ledger rows."""
        rows = " union ".join(f"select subject_kind_code, subject_id from {name}" for name in ledgers)
        self.touched.append(f"touched_{len(self.touched)}")
        bench.execute(f"create or replace temp table {self.touched[-1]} as {rows}")


def score_contacts(bench: Workbench, rules: RuleSet, plan: Plan, written: Written) -> None:
    """Write the contacts' debits, caps and exposure for the plan's days that `rules` cover; nothing is committed
    here.
    """
    full = [day for day in plan.full_days if rules.covers(day)]
    partial = [day for day in plan.partial_days if rules.covers(day)]
    if not full and not partial:
        return
    is_night = len(full) < plan_context_days(rules)
    _open_inputs(bench, rules, full, partial, is_night)
    _choose_rows(bench, is_night)
    written.partial_rows.clear()
    for _ in _staged_shares(bench, rules, _number_of_passes(bench, full)):
        _place(bench, rules)
        _hits(bench, rules, plan)
        _write(bench, rules, written)
        _drop_pass(bench)
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
    bench.execute(
        f"create or replace temp table {name} as select unnest(cast($days as date[])) as day", {"days": list(days)}
    )


def _open_inputs(bench: Workbench, rules: RuleSet, full: list[dt.date], partial: list[dt.date], is_night: bool) -> None:
    """One snapshot of each input, the same for every pass."""
    target = {*full, *partial}
    back, ahead = rules.settings.contact_reach_days, LOOK_AHEAD_DAYS
    beside = {day + k * ONE_DAY for day in target for k in range(-LOOK_BACK_DAYS, ahead + 1)}
    before = {day - k * ONE_DAY for day in target for k in range(1, back + 1)}
    bench.view("core_contact", days=full, as_name="full_contact")
    bench.view("core_contact", days=partial, as_name="partial_contact")
    bench.view("core_contact", days=beside - set(full), as_name="beside_file")
    bench.view("core_contact", days=before - set(full) - (set() if is_night else beside), as_name="far_file")
    after = {day + k * ONE_DAY for day in target for k in range(ahead + 1)}
    bench.view("core_callback_booking", days=after)
    bench.view("core_ticket", days=after)
    _days_table(bench, "full_day", full)
    _days_table(bench, "partial_day", partial)


def _choose_rows(bench: Workbench, is_night: bool) -> None:
    """`target_contact`: the contacts to be scored; `context_contact`: the customers' contacts of the days beside them;
    `far_contact`: the starts of contacts further back, which matter by their topic alone.

    A night looks at the customers of its contacts only, each around their own days.
    """
    bench.execute(
        """create or replace temp view target_contact as
        select * from full_contact where customer_id is not null
        union all
        select partial_contact.* from partial_contact
        semi join todo on partial_contact.customer_id = todo.customer_id and partial_contact.started_on = todo.day"""
    )
    bench.execute(
        "create or replace temp view beside_contact as select *, hash(customer_id) as customer_key from beside_file"
    )
    near = far = on_topic = ""
    if is_night:
        bench.execute(
            "create or replace temp table target_topic as "
            "select hash(customer_id) as customer_key, hash(topic_code) as topic_key, started_on as day from "
            "target_contact"
        )
        bench.execute("create or replace temp table target_day as select distinct customer_key, day from target_topic")
        around = (
            "target_day on {0}.customer_key = target_day.customer_key and "
            f"{{0}}.started_on between target_day.day - {LOOK_BACK_DAYS} and target_day.day + {LOOK_AHEAD_DAYS}"
        )
        near = f"semi join {around.format('beside_contact')}"
        on_topic = "semi join target_topic using (customer_key, topic_key)"
        far = f"anti join {around.format('started')}"
    bench.execute(
        f"""create or replace temp view context_contact as
        select beside_contact.* from beside_contact {near}
        anti join todo on beside_contact.customer_id = todo.customer_id and beside_contact.started_on = todo.day
        where beside_contact.customer_id is not null"""
    )
    bench.execute(
        f"""create or replace temp view far_contact as
        with
        dialled as (
            select hash(customer_id) as customer_key, hash(topic_code) as topic_key,
            epoch_us(started_at) as started_us, started_on
            from far_file
            where customer_id is not null and topic_code is not null and direction_code <> 'outbound'
        ),
        started as {"materialized " if on_topic else ""}(select dialled.* from dialled {on_topic})
        select started.* exclude (started_on) from started {far}"""
    )


def _staged_shares(bench: Workbench, rules: RuleSet, passes: int) -> Iterator[None]:
    """For each pass the views `contact_stage` (what later steps need of each contact, with the bits decided by its own
    row) and `contact_far`.

    Contacts are read once. When there are several passes, the rows go to the engine's scratch folder by share of
    customers, and each pass reads its own share.
    """
    compiled = ContactRules(rules)
    failed = f"coalesce({rules.failed_attempt.sql()}, false)"
    bench.execute(f"create or replace temp view contact_feature as {models.load('damage/scoring', 'contact_feature')}")
    scanned = (
        f"select *, {compiled.after_scan()} as bits from (select *, {failed} as is_failed_attempt from contact_feature)"
    )
    stage = (
        f"select {_narrow('is_failed_attempt', CONTACT_SECONDS, True)}, bits from ({scanned}) "
        f"union all select {_narrow(failed, '0', False)}, 0 as bits from context_contact"
    )
    far = "select * from far_contact"
    if passes == 1:
        _open_share(bench, stage, far)
        yield
        return
    stages, fars = (
        bench.engine.spill(f"select *, customer_key % {passes} as share from ({query})", "share")
        for query in (stage, far)
    )
    for share in range(passes):
        _open_share(
            bench, stages.get(share, f"select * from ({stage}) where false"), fars.get(share, f"{far} where false")
        )
        yield


def _open_share(bench: Workbench, stage: str, far: str) -> None:
    bench.execute(f"create or replace temp view contact_stage as {stage}")
    bench.execute(f"create or replace temp view contact_far as {far}")


def _place(bench: Workbench, rules: RuleSet) -> None:
    """`contact_narrow`, the pass's contacts, each known by its rowid there; then `contact_placed`: incidents, windows,
    and the bits that they leave; and `contact_exposure`."""
    compiled, settings = ContactRules(rules), rules.settings
    with bench.engine.joins_as_written():  # a night looks up a few customers in many files
        bench.execute("create or replace temp table contact_narrow as select * from contact_stage")
    _table(bench, "contact_incident", {"gap_us": settings.incident_gap_seconds * MICROSECONDS})
    _table(bench, "contact_exposure")
    with bench.engine.joins_as_written():
        bench.execute(
            f"create or replace temp table contact_placed as "
            f"select * exclude (previous_same_topic_seconds, next_same_topic_seconds, bits), "
            f"{compiled.after_window()} as bits "
            f"from ({models.load('damage/scoring', 'contact_placed')})",
            {"reach_us": settings.contact_reach_days * 86_400 * MICROSECONDS},
        )
    bench.execute("drop table contact_incident")


def _table(bench: Workbench, name: str, parameters: Parameters | None = None) -> None:
    bench.execute(f"create or replace temp table {name} as {models.load('damage/scoring', name)}", parameters)


CONTACT_SECONDS: Final = " + ".join(
    f"coalesce({name}, 0)" for name in ("ivr_seconds", "queue_seconds", "talk_seconds", "hold_seconds")
)


def _narrow(failed: str, seconds: str, is_target: bool) -> str:
    """What every later step needs of a contact, with whole numbers in place of texts where rows are told apart or
    sorted.
    """
    return (
        "contact_id, customer_id, hash(customer_id) as customer_key, "
        "case when topic_code is not null then hash(topic_code) end as topic_key, "
        f"epoch_us(started_at) as started_us, started_on, cast({seconds} as bigint) as contact_seconds, "
        "direction_code = 'outbound' as is_outbound, "
        f"coalesce(is_answered, false) as is_answered, {failed} as is_failed_attempt, {str(is_target).lower()} as "
        f"is_target"
    )


def _hits(bench: Workbench, rules: RuleSet, plan: Plan) -> None:
    """`contact_hit`: each contact that hit anything, with the bits of its indicators, families settled;
    `contact_cap`.
    """
    compiled = ContactRules(rules)
    bench.execute(
        f"create or replace temp table contact_decided as select contact_key, {compiled.after_candidate()} as bits "
        f"from ({models.load('damage/scoring', 'contact_candidate')})",
        {
            "candidate_bits": compiled.candidate_bits,
            "repeated_failure_us": rules.settings.repeated_failure_seconds * MICROSECONDS,
            "known_until": plan.known_until,
            **{f"{name}_bits": compiled.bits_using(name) for name in LOOKED_UP},
        },
    )
    bench.execute(
        f"create or replace temp table contact_hit as select *, {compiled.points()} as points from ("
        f"select contact_key, customer_key, place, incident_key, incident_on, started_on, {compiled.after_families()} "
        f"as bits from ("
        f"select placed.* exclude (bits), coalesce(decided.bits, placed.bits) as bits from contact_placed as placed "
        f"left join contact_decided as decided on placed.contact_key = decided.contact_key "
        f"where placed.is_target) where bits <> 0)"
    )
    bench.execute(
        "create or replace temp table contact_rule (number integer, bit bigint, indicator_id varchar, stage_code "
        "varchar, points integer, "
        "is_explicit boolean, is_provisional boolean)"
    )
    if rules_of_contacts := compiled.rule_rows():  # none when no source carries what any of them needs
        bench.engine.connection.executemany("insert into contact_rule values (?, ?, ?, ?, ?, ?, ?)", rules_of_contacts)
    _carried_incidents(bench)
    with bench.engine.joins_as_written():  # of the ledger before, the few incidents that go on
        _table(bench, "contact_cap", {"cap_points": rules.settings.incident_cap_points})


def _carried_incidents(bench: Workbench) -> None:
    """`carried`: incidents of these contacts that began on an earlier day, where they may have cost something; and
    `ledger_before`, the ledger of those days."""
    bench.execute(
        """create or replace temp table carried as
        select distinct
            contact_hit.incident_key, contact_hit.incident_on, contact_narrow.contact_id as incident_id,
            contact_narrow.customer_id
        from contact_hit
        join contact_narrow on contact_hit.incident_key = contact_narrow.rowid
        where contact_hit.incident_on < contact_hit.started_on"""
    )
    days = [
        day for (day,) in bench.sql("select distinct incident_on from carried anti join full_day on incident_on = day")
    ]
    bench.view("mart_damage_ledger", days=days, where=equal("record_code", "contact"), as_name="ledger_before")


def _drop_pass(bench: Workbench) -> None:
    """Give the memory of a pass back: the next one, and the credits after the last, need it."""
    for name in ("narrow", "exposure", "placed", "decided", "hit", "cap", "entry"):
        bench.execute(f"drop table contact_{name}")


def _rows_of_partial_days(bench: Workbench, name: str, table: str, queries: Sequence[str]) -> None:
    """The table `name`: the new rows of days that are done for some customers, from every pass."""
    bench.view_files(table, [], "shape")
    every = " union all by name ".join(["select * from shape", *queries])
    bench.execute(f"create or replace temp table {name} as {every}")


def _write(bench: Workbench, rules: RuleSet, written: Written) -> None:
    """Write the rows of the days that are done wholly, a file a day; keep those of the other days for `_exchange`.

    Of the last day, the entries that the next night may take back get a file of their own: it is the one that will be
    written again.
    """
    bench.execute(
        "create or replace temp table contact_entry as "
        f"select * from ({models.load('damage/scoring', 'contact_entry')}) order by started_on"
    )
    ledger, exposure = models.load("damage/scoring", "contact_ledger"), models.load("damage/scoring", "exposure")
    version: dict[str, object] = {"rule_version": rules.valid_from}
    chosen = "select * from contact_entry where started_on = $day and is_provisional = $is_provisional"
    parts = "select distinct day, is_provisional from contact_entry join full_day on started_on = day order by all"
    for day, is_provisional in bench.sql(parts):
        values = {"day": day, "is_provisional": is_provisional}
        written.ledger += bench.write_partition(
            "mart_damage_ledger", ledger.format(entry=chosen), {**version, **values}
        )
    for (day,) in bench.sql("select distinct day from contact_exposure join full_day on started_on = day order by all"):
        query = exposure.format(exposed="select * from contact_exposure where started_on = $day")
        written.exposure += bench.write_partition("mart_exposure_day", query, {"day": day})
    if bench.sql("select 1 from partial_day limit 1"):
        number = len(written.partial_rows)
        query = ledger.format(entry="select * from contact_entry semi join partial_day on started_on = day")
        bench.execute(f"create or replace temp table partial_ledger_{number} as {query}", version)
        query = exposure.format(exposed="select * from contact_exposure semi join partial_day on started_on = day")
        bench.execute(f"create or replace temp table partial_exposure_{number} as {query}")
        written.partial_rows.append(number)


def _exchange(bench: Workbench, days: list[dt.date], written: Written) -> None:
    """Put the rows of `todo` in place of what these days have of its customers."""
    for name, table in (("ledger", "mart_damage_ledger"), ("exposure", "mart_exposure_day")):
        _rows_of_partial_days(
            bench, f"{name}_row", table, [f"select * from partial_{name}_{number}" for number in written.partial_rows]
        )
    scope = "semi join todo on old.customer_id = todo.customer_id and old.subject_on = todo.day"
    files = bench.lake.files_of("mart_damage_ledger", record_code=["contact"], subject_on=days)
    written.add_entries(
        bench, exchange(bench, "mart_damage_ledger", files, scope, "select * from ledger_row", ["entry_id"])
    )
    files = bench.lake.files_of("mart_exposure_day", subject_on=days)
    counts = exchange(
        bench,
        "mart_exposure_day",
        files,
        scope,
        "select * from exposure_row",
        ["customer_id", "subject_on", "posted_on"],
    )
    written.exposure += counts.coming
    written.exposure_going += counts.going
