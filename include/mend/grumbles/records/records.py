"""Grumbles and complaints on record, each classified once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import no_row
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.exchange import exchange
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.plan import RECORDED, Days, Plan, make_plan
from mend.grumbles.records.reading import Readers, read_texts
from mend.grumbles.records.taxonomy import Taxonomy, load_taxonomies, publish_taxonomy, taxonomy_on

TEXTS_OF_CONTACTS: Final = """
    select 'contact' as source_kind_code, contact_id as source_id, started_on as day, note as text
    from candidate where source_type_code is null and note is not null"""
# What a contact's own code says, and a grumble that is its contact's, need no reading.
TEXTS_OF_TICKETS: Final = """
    select 'ticket' as source_kind_code, ticket_id as source_id, opened_on as day, trim(description_text) as text
    from ticket_file
    where trim(description_text) <> '' and kind_code in ('grumble', 'complaint') and opened_on >= $first
    and opened_on < $until
        and ticket_id not in (select ticket_id from opening where kind_code = 'grumble'
        or contact_by_code = 'source')"""
OLD_GRUMBLES: Final = """
    where (old.source_kind_code = 'contact' and old.source_id in (select contact_id from contact_scope))
        or (old.source_kind_code = 'ticket' and old.source_id in (select ticket_id from ticket_scope))
        or old.grumbled_on in (select day from whole_day)"""
OLD_COMPLAINTS: Final = """
    where old.complaint_id in (select ticket_id from ticket_scope) or old.complained_on in (select day
    from whole_day)"""
SCRATCH: Final = (
    "candidate",
    "reading",
    "contact_new",
    "contact_part",
    "ticket_file",
    "opening",
    "ticket_part",
    "grumble_new",
    "complaint_new",
)

Part = tuple[str, Mapping[str, Any]]  # a query and its values


@dataclass(frozen=True)
class GrumbleReport:
    """What a recording did: days on which something was recorded (anew), and the rows recorded by what their type rests
    on.
    """

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

    A row is told as a whole, from what the core tables hold and the classifier in force on its day: so the order in
    which business dates are run, and when their rows arrived, change nothing. A contact that was read before is not
    read again.

    Raises:
        TaxonomyError: when a taxonomy file is broken, naming file, place and reason.
    """
    versions = load_taxonomies(home.root / "taxonomy")
    publish_taxonomy(bench, versions)
    return record(bench, make_plan(bench, days, versions), versions)


def record(bench: Workbench, plan: Plan | None, versions: list[Taxonomy]) -> GrumbleReport:
    """Write what a plan touches: grumbles first, then complaints, each table in one commit."""
    if plan is None:
        return GrumbleReport(*[0] * len(fields(GrumbleReport)))
    readers = Readers(bench)
    _contacts(bench, plan, versions, readers)
    grumbled, complained = _scopes(bench)
    _tickets(bench, versions, readers)
    _grumbles(bench, versions)
    bench.execute(f"create or replace temp table complaint_new as {models.load('grumbles/records', 'complaint')}")
    _exchange(bench, "mart_grumble", OLD_GRUMBLES, grumbled)
    _exchange(bench, "mart_complaint", OLD_COMPLAINTS, complained)
    report = _report(bench, plan)
    for name in SCRATCH:
        bench.execute(f"drop table if exists {name}")
    return report


def _contacts(bench: Workbench, plan: Plan, versions: list[Taxonomy], readers: Readers) -> None:
    """`contact_new`: the grumbles in the contacts that are to be read."""
    columns = "source_kind_code varchar, source_id varchar, code varchar, confidence double, classifier_version varchar"
    bench.execute(f"create or replace temp table reading ({columns})")
    bench.view("core_contact", days=plan.contact_days, as_name="contact_day_file")
    bench.execute(
        "create or replace temp view contact_file as select * from contact_day_file "
        "where started_on in (select day from whole_day) or contact_id in (select subject_id from changed_contact)"
    )

    def part(taxonomy: Taxonomy) -> Part:
        settings = taxonomy.settings
        values = {
            "days": [day for day in sorted(plan.contact_days) if taxonomy.covers(day)],
            "moods": list(settings.moods),
        }
        bench.execute(
            f"create or replace temp table candidate as {models.load('grumbles/records', 'candidate')}", values
        )
        read_texts(bench, TEXTS_OF_CONTACTS, readers, taxonomy)
        return models.load("grumbles/records", "contact_part"), {
            "least_confidence_unasked": settings.least_confidence_unasked
        }

    _by_version(bench, "contact_new", plan.contact_days, versions, part)


def _scopes(bench: Workbench) -> tuple[Days, Days]:
    """What is told anew beside the contacts that were read: `ticket_file`, the tickets, and `contact_part`, every
    grumble in a contact, new or as it was recorded. Gives the days of the grumbles and complaints that are on record
    for them."""
    bench.execute(f"create or replace temp table contact_scope as {models.load('grumbles/records', 'contact_scope')}")
    bench.execute(f"create or replace temp table ticket_file as {models.load('grumbles/records', 'ticket_file')}")
    bench.execute(
        "create or replace temp table ticket_scope as select ticket_id from ticket_file "
        "union select subject_id from touched where kind_code = 'ticket'"
    )
    grumbled = _days(bench, f"select grumbled_on from recent_grumble as old {OLD_GRUMBLES}")
    complained = _days(bench, f"select complained_on from recent_complaint as old {OLD_COMPLAINTS}")
    bench.view("mart_grumble", days=grumbled, as_name="kept_file")
    bench.execute(f"create or replace temp table contact_part as {models.load('grumbles/records', 'kept_part')}")
    return grumbled, complained


def _tickets(bench: Workbench, versions: list[Taxonomy], readers: Readers) -> None:
    """`ticket_part`: complaints, and grumbles that are on record as tickets alone."""

    def part(taxonomy: Taxonomy) -> Part:
        reach = {"ticket_reach_days": taxonomy.settings.ticket_reach_days}
        bench.execute(f"create or replace temp table opening as {models.load('grumbles/records', 'opening')}", reach)
        read_texts(bench, TEXTS_OF_TICKETS, readers, taxonomy, _force(taxonomy))
        return models.load("grumbles/records", "ticket_part"), _force(taxonomy)

    _by_version(bench, "ticket_part", _days(bench, "select opened_on from ticket_file"), versions, part)


def _grumbles(bench: Workbench, versions: list[Taxonomy]) -> None:
    """`grumble_new`: the grumbles with what became of them."""
    days = _days(bench, "select grumbled_on from contact_part union all select opened_on from ticket_part")
    first, last = min(days, default=dt.date.max), max(days, default=dt.date.min)
    reach = max(version.settings.solution_reach_days for version in versions) + 1
    for table, column, name in (
        ("core_repair_action", "done_on", "repair_file"),
        ("core_survey_reply", "replied_on", "reply_file"),
    ):
        its = bench.lake.days(table, column)
        bench.view(table, days=[day for day in its if first <= day and day - last <= reach * ONE_DAY], as_name=name)
    bench.view("core_customer", days={day.replace(day=1) for day in days}, as_name="snapshot")

    def part(taxonomy: Taxonomy) -> Part:
        settings = taxonomy.settings
        reaches = {"ticket_reach_days": settings.ticket_reach_days, "solution_reach_days": settings.solution_reach_days}
        return models.load("grumbles/records", "grumble"), {
            **reaches,
            **_force(taxonomy),
            "solving_actions": list(settings.solving_actions),
        }

    _by_version(bench, "grumble_new", days, versions, part)


def _by_version(
    bench: Workbench, table: str, days: Days, versions: list[Taxonomy], part: Callable[[Taxonomy], Part]
) -> None:
    """Make the table of a part for each taxonomy that is in force on one of the days; a day before the first is an
    error.
    """
    in_force = {taxonomy_on(day, versions).valid_from for day in days} or {versions[-1].valid_from}
    made = False
    for taxonomy in versions:
        if taxonomy.valid_from in in_force:
            code_tables(bench, taxonomy)
            query, values = part(taxonomy)
            bench.execute(
                f"insert into {table} by name {query}" if made else f"create or replace temp table {table} as {query}",
                values,
            )
            made = True


def _force(taxonomy: Taxonomy) -> dict[str, dt.date]:
    """The days on which a taxonomy is in force."""
    return {"first": taxonomy.valid_from, "until": taxonomy.valid_until or dt.date.max}


def _days(bench: Workbench, query: str) -> Days:
    return frozenset(day for (day,) in bench.sql(f"select distinct * from ({query})"))


def code_tables(bench: Workbench, taxonomy: Taxonomy) -> None:
    """`code_map` (a source's code → ours), `topic_map` (topic → what it stands for), `type_list` (all types)."""
    _pairs(bench, "code_map", "source_code", taxonomy.codes)
    _pairs(bench, "topic_map", "topic_code", taxonomy.topics)
    _pairs(bench, "type_list", "name", {code: code for code in taxonomy.types})


def _pairs(bench: Workbench, table: str, column: str, pairs: dict[str, str]) -> None:
    values = {"names": list(pairs), "codes": list(pairs.values())}
    query = f"select unnest(cast($names as varchar[])) as {column}, unnest(cast($codes as varchar[])) as code"
    bench.execute(f"create or replace temp table {table} as {query}", values)


def _exchange(bench: Workbench, table: str, old: str, days: Days) -> None:
    """Put the table's new rows in place of the old ones, which lie on these days."""
    name, day = table.removeprefix("mart_"), RECORDED[table]
    files = bench.lake.files_of(table, **{day: days | _days(bench, f"select {day} from {name}_new")})
    changed = exchange(bench, table, files, old, f"select * from {name}_new", [f"{name}_id"], day, day)
    if changed.coming or changed.going:
        bench.lake.replace(table, no_row(), changed.coming, gone=changed.going)


def _report(bench: Workbench, plan: Plan) -> GrumbleReport:
    by = dict(bench.sql("select classified_by_code, count(*) from grumble_new group by 1"))
    return GrumbleReport(
        days=len(_days(bench, "select grumbled_on from grumble_new")),
        contact_days=len(plan.contact_days),
        complaint_days=len(_days(bench, "select complained_on from complaint_new")),
        grumbles=sum(by.values()),
        by_source=by.get("source", 0),
        by_text=by.get("text", 0),
        unclassified=by.get("none", 0),
        open=bench.sql("select count(*) from grumble_new where solved_at is null")[0][0],
        complaints=bench.sql("select count(*) from complaint_new")[0][0],
    )
