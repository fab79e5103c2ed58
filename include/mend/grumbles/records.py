"""Grumbles and complaints on record, each classified once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from mend import models
from mend.calendar import ONE_DAY
from mend.grumbles.plan import Days, Plan, make_plan, view_between
from mend.grumbles.reading import Readers, read_texts
from mend.grumbles.taxonomy import Taxonomy, load_taxonomies, publish_taxonomy, taxonomy_on
from mend.home import Home
from mend.lake.filters import one_of
from mend.workbench import Workbench

TEXTS_OF_CONTACTS: Final = """
    select 'contact' as source_kind_code, contact_id as source_id, started_on as day, note as text
    from candidate where source_type_code is null and note is not null"""
TEXTS_OF_TICKETS: Final = """
    select 'ticket' as source_kind_code, ticket_id as source_id, opened_on as day, trim(description_text) as text
    from ticket_file
    where trim(description_text) <> '' and (
        (kind_code = 'grumble' and list_contains($grumble_days, opened_on))
        or (kind_code = 'complaint' and list_contains($complaint_days, opened_on)))"""


@dataclass(frozen=True)
class GrumbleReport:
    """What a recording did: days written anew, and the rows now on them by what their type rests on."""

    days: int
    contact_days: int
    complaint_days: int
    grumbles: int
    by_source: int
    by_text: int
    unclassified: int
    open: int
    complaints: int


def record_grumbles(home: Home, bench: Workbench, days: Collection[dt.date]) -> GrumbleReport:
    """Bring mart_grumble and mart_complaint up to what these business dates brought; also publishes the taxonomy.

    A day is written as a whole, from what the core tables hold and the classifier in force on that day: so the order in which
    business dates are run, and when their rows arrived, change nothing. What was read before is not read again.

    Raises:
        TaxonomyError: when a taxonomy file is broken, naming file, place and reason.
    """
    versions = load_taxonomies(home.root / "taxonomy")
    publish_taxonomy(bench, versions)
    return record(bench, make_plan(bench, days, versions), versions)


def record(bench: Workbench, plan: Plan, versions: list[Taxonomy]) -> GrumbleReport:
    """Write the days of a plan: grumbles first, then complaints, each table in one commit."""
    grumble_files: list[str] = []
    complaint_files: list[str] = []
    readers = Readers(bench)
    for taxonomy, part in _by_version(plan, versions):
        _prepare(bench, taxonomy, part)
        _contacts(bench, taxonomy, part, readers)
        _tickets(bench, taxonomy, part, readers)
        settings = _settings(taxonomy)
        grumble_files += bench.write("mart_grumble", models.load("grumbles", "grumble"), settings)
        complaint_files += bench.write("mart_complaint", models.load("grumbles", "complaint"))
    if plan.grumble_days:
        bench.lake.replace("mart_grumble", one_of("grumbled_on", plan.grumble_days), grumble_files)
    if plan.complaint_days:
        bench.lake.replace("mart_complaint", one_of("complained_on", plan.complaint_days), complaint_files)
    return _report(bench, plan, grumble_files, complaint_files)


def _by_version(plan: Plan, versions: list[Taxonomy]) -> list[tuple[Taxonomy, Plan]]:
    """The plan, cut by the taxonomy in force."""
    for day in plan.grumble_days | plan.complaint_days:
        taxonomy_on(day, versions)  # a day before the first version is an error, not silence
    parts = [(version, Plan(*(_covered(version, its) for its in _parts(plan)))) for version in versions]
    return [(version, part) for version, part in parts if part.grumble_days | part.complaint_days]


def _parts(plan: Plan) -> tuple[Days, Days, Days, Days]:
    return plan.grumble_days, plan.contact_days, plan.complaint_days, plan.fresh_days


def _covered(version: Taxonomy, days: Days) -> Days:
    return frozenset(day for day in days if version.covers(day))


def _prepare(bench: Workbench, taxonomy: Taxonomy, plan: Plan) -> None:
    """The small tables of the taxonomy, and views of what solutions and cities are looked up in."""
    code_tables(bench, taxonomy)
    days = plan.grumble_days | plan.complaint_days
    first, last = min(days), max(days)
    settings = taxonomy.settings
    view_between(bench, "core_ticket", "opened_on", first, last + settings.ticket_reach_days * ONE_DAY, "ticket_file")
    solutions_until = last + (settings.solution_reach_days + 1) * ONE_DAY
    view_between(bench, "core_repair_action", "done_on", first, solutions_until, "repair_file")
    view_between(bench, "core_survey_reply", "replied_on", first, solutions_until, "reply_file")
    bench.view("core_customer", days={day.replace(day=1) for day in days}, as_name="snapshot")
    columns = "source_kind_code varchar, source_id varchar, code varchar, confidence double, classifier_version varchar"
    bench.execute(f"create or replace temp table reading ({columns})")


def code_tables(bench: Workbench, taxonomy: Taxonomy) -> None:
    """`code_map` (a source's code → ours), `topic_map` (topic → what it stands for), `type_list` (all types)."""
    _pairs(bench, "code_map", "source_code", taxonomy.codes)
    _pairs(bench, "topic_map", "topic_code", taxonomy.topics)
    _pairs(bench, "type_list", "name", {code: code for code in taxonomy.types})


def _contacts(bench: Workbench, taxonomy: Taxonomy, plan: Plan, readers: Readers) -> None:
    """`contact_part`: the grumbles in contacts of all days; `contact_grumble`: these and those of the days before."""
    settings = taxonomy.settings
    bench.view("core_contact", days=plan.contact_days, as_name="contact_day_file")
    bench.execute(
        "create or replace temp table fresh_day as select unnest(cast($days as date[])) as started_on", {"days": sorted(plan.fresh_days)}
    )
    bench.execute(
        "create or replace temp view contact_file as select * from contact_day_file "
        "where started_on in (select started_on from fresh_day) or contact_id in (select subject_id from changed_contact)"
    )
    values = {"days": sorted(plan.contact_days), "moods": list(settings.moods)}
    bench.execute(f"create or replace temp table candidate as {models.load('grumbles', 'candidate')}", values)
    read_texts(bench, TEXTS_OF_CONTACTS, readers, taxonomy)
    kept = sorted(plan.grumble_days - plan.fresh_days)
    bench.view("mart_grumble", days=kept, as_name="kept_file")
    recorded = models.load("grumbles", "kept_part")
    unchanged = f"select * from ({recorded}) where source_id not in (select subject_id from changed_contact)"
    bench.execute(
        f"create or replace temp table contact_part as ({models.load('grumbles', 'contact_part')}) union all by name ({unchanged})",
        {"least_confidence_unasked": settings.least_confidence_unasked, "days": kept},
    )
    reach = range(settings.ticket_reach_days + 1)
    before = {day - step * ONE_DAY for day in plan.grumble_days | plan.complaint_days for step in reach} - plan.grumble_days
    bench.view("mart_grumble", days=before, as_name="kept_file")
    every = f"({recorded}) union all by name select * from contact_part"
    bench.execute(f"create or replace temp table contact_grumble as {every}", {"days": sorted(before)})


def _tickets(bench: Workbench, taxonomy: Taxonomy, plan: Plan, readers: Readers) -> None:
    """`ticket_part`: complaints, and grumbles that are on record as tickets alone."""
    days = {"grumble_days": sorted(plan.grumble_days), "complaint_days": sorted(plan.complaint_days)}
    read_texts(bench, TEXTS_OF_TICKETS, readers, taxonomy, days)
    values: dict[str, Any] = {**days, "ticket_reach_days": taxonomy.settings.ticket_reach_days}
    bench.execute(f"create or replace temp table ticket_part as {models.load('grumbles', 'ticket_part')}", values)


def _settings(taxonomy: Taxonomy) -> dict[str, Any]:
    settings = taxonomy.settings
    return {
        "ticket_reach_days": settings.ticket_reach_days,
        "solution_reach_days": settings.solution_reach_days,
        "solving_actions": list(settings.solving_actions),
    }


def _pairs(bench: Workbench, table: str, column: str, pairs: dict[str, str]) -> None:
    values = {"names": list(pairs), "codes": list(pairs.values())}
    query = f"select unnest(cast($names as varchar[])) as {column}, unnest(cast($codes as varchar[])) as code"
    bench.execute(f"create or replace temp table {table} as {query}", values)


def _report(bench: Workbench, plan: Plan, grumble_files: list[str], complaint_files: list[str]) -> GrumbleReport:
    bench.engine.view("_grumbles", bench.described("mart_grumble"), grumble_files)
    bench.engine.view("_complaints", bench.described("mart_complaint"), complaint_files)
    by = dict(bench.sql("select classified_by_code, count(*) from _grumbles group by 1"))
    return GrumbleReport(
        days=len(plan.grumble_days),
        contact_days=len(plan.contact_days),
        complaint_days=len(plan.complaint_days),
        grumbles=sum(by.values()),
        by_source=by.get("source", 0),
        by_text=by.get("text", 0),
        unclassified=by.get("none", 0),
        open=bench.sql("select count(*) from _grumbles where solved_at is null")[0][0],
        complaints=bench.sql("select count(*) from _complaints")[0][0],
    )
