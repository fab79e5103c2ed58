"""Grumbles and complaints on record, each classified once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import one_of
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.shares import Sharing, Way, in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.plan import RECORDED, ROOM, Plan, make_plan, view_between
from mend.grumbles.records.reading import Readers, read_texts
from mend.grumbles.records.taxonomy import Taxonomy, load_taxonomies, publish_taxonomy, taxonomy_on

# A ticket, and what was said of it, goes with the contact that opened it; where no grumble can be in that, by its own
# customer.
SHARED: Final = (
    Sharing("contact"),
    Sharing("recorded"),
    Sharing("contact_owner", key="contact_id"),
    Sharing("ticket", (Way("contact_id", via="contact_owner"), Way("customer_id")), "ticket_id"),
    Sharing("ticket_word", (Way("ticket_id", via="ticket"),)),
    Sharing(
        "said",
        (
            Way("subject_id", via="ticket", where="kind_code = 'ticket'"),
            Way("subject_id", via="contact_owner", where="kind_code = 'contact'"),
        ),
    ),
    Sharing("snapshot"),
)
BYTES_A_ROW: Final = 1_000  # of the engine's memory, for a contact that is read


@dataclass(frozen=True)
class GrumbleReport:
    """What a recording did: days on which something was recorded , and the rows recorded by what their type rests
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


@dataclass
class _Written:
    """Files and counts of the shares by now."""

    files: dict[str, list[StoredFile]] = field(default_factory=lambda: {table: [] for table in RECORDED})
    days: dict[str, set[dt.date]] = field(default_factory=lambda: {table: set() for table in RECORDED})
    counts: Counter[str] = field(default_factory=Counter)


def record_grumbles(
    home: Home, bench: Workbench, days: Collection[dt.date], shares: int | None = None
) -> GrumbleReport:
    """Bring mart_grumble and mart_complaint up to what these business dates brought; also publishes the taxonomy.

    Days are recorded whole, from what the core tables hold and the classifier in force on them: so the order in which
    business dates are run, and when their rows arrived, change nothing. A contact that was read before is not read
    again.

    Args:
        shares: of customers, worked on one after the other; by memory where nothing is said. The rows are the same.

    Raises:
        TaxonomyError: when a taxonomy file is broken, naming file, place and reason.
    """
    versions = load_taxonomies(home.root / "taxonomy")
    publish_taxonomy(bench, versions)
    with open_step(bench, "grumbles") as step:
        return record(step, make_plan(step, days, versions), versions, shares)


def record(step: Step, plan: Plan | None, versions: list[Taxonomy], shares: int | None = None) -> GrumbleReport:
    """Record the days of a plan: grumbles first, then complaints, each table in one commit."""
    if plan is None or not plan.days:
        return GrumbleReport(*[0] * len(fields(GrumbleReport)))
    _open(step, plan, versions)
    readers, written = Readers(step.bench), _Written()
    contacts = step.bench.lake.rows_matching("core_contact", one_of("started_on", sorted(plan.contact_days)))
    for _ in in_shares(step, SHARED, shares or share_count(step.bench, contacts, BYTES_A_ROW)):
        _record_share(step, readers, versions, written)
    for table, column in RECORDED.items():
        step.bench.lake.replace(table, one_of(column, sorted(plan.days)), written.files[table])
    return _report(plan, written)


def _open(step: Step, plan: Plan, versions: list[Taxonomy]) -> None:
    """The inputs of the plan's days: contacts to read, what is on record, tickets, and what was said of them."""
    in_force = {day: taxonomy_on(day, versions) for day in sorted(plan.days)}
    put_taxonomies(step, in_force.values())
    put_run_days(step, in_force)
    first, last = min(plan.days), max(plan.days)
    tickets, solutions = (
        max(getattr(version.settings, f"{name}_reach_days") for version in versions) for name in ("ticket", "solution")
    )
    step.view("core_contact", "contact_file", sorted(plan.contact_days))
    after = last + tickets * ONE_DAY
    view_between(step, "mart_grumble", "grumbled_on", first - tickets * ONE_DAY, after, "grumble_file")
    view_between(step, "mart_complaint", "complained_on", first, after, "complaint_file")
    view_between(step, "core_ticket", "opened_on", first, after, "ticket_file")
    view_between(step, "core_ticket_version", "opened_on", first, after, "ticket_state")
    end = last + (solutions + 1) * ONE_DAY
    view_between(step, "core_repair_action", "done_on", first, end, "repair_file")
    view_between(step, "core_survey_reply", "replied_on", first, end, "reply_file")
    months = {day.replace(day=1) for day in (*plan.days, after)}
    step.view("core_customer", "snapshot", sorted(months))
    for model in read_models(ROOM, "contact", "recorded", "contact_owner"):
        step.make(model, model.name, is_view=True)
    step.run(read_model(ROOM, "ticket"))
    for model in read_models(ROOM, "ticket_word", "said"):
        step.make(model, model.name, is_view=True)


def put_run_days(step: Step, in_force: dict[dt.date, Taxonomy]) -> None:
    """`run_day`: the days to record, each with the taxonomy in force and its settings."""
    columns = {
        "day": "date",
        "taxonomy_version": "date",
        "ticket_reach_days": "integer",
        "solution_reach_days": "integer",
        "least_confidence_unasked": "double",
    }
    rows = [
        (day, each.valid_from, *(getattr(each.settings, name) for name in list(columns)[2:]))
        for day, each in in_force.items()
    ]
    step.put("run_day", columns, rows)


def put_taxonomies(step: Step, versions: Iterable[Taxonomy]) -> None:
    """Of each version `code_map` (a source's code → ours), `topic_map` (topic → what it means), `type_list` (all
    types), `mood_list` (moods of a grumble) and `solving_action`."""
    every = sorted({each.valid_from: each for each in versions}.items())

    def put(name: str, columns: tuple[str, ...], rows: Any) -> None:
        described = {"taxonomy_version": "date", **dict.fromkeys(columns, "varchar")}
        step.put(name, described, [(day, *row) for day, each in every for row in rows(each)])

    put("code_map", ("source_code", "code"), lambda each: each.codes.items())
    put("topic_map", ("topic_code", "code"), lambda each: each.topics.items())
    put("type_list", ("code",), lambda each: [(code,) for code in each.types])
    put("mood_list", ("mood_code",), lambda each: [(mood,) for mood in each.settings.moods])
    put("solving_action", ("action_code",), lambda each: [(action,) for action in each.settings.solving_actions])


def _record_share(step: Step, readers: Readers, versions: list[Taxonomy], written: _Written) -> None:
    step.run(read_model(ROOM, "candidate"))
    read_texts(step, "contact", readers, versions)
    step.run(read_models(ROOM, "contact_part", "contact_grumble", "opening"))
    read_texts(step, "ticket", readers, versions)
    step.run(read_models(ROOM, "ticket_part", "grumble", "complaint"))
    for table in RECORDED:
        written.files[table] += step.write(table, table.removeprefix("mart_"))
    for day, by, grumbles, opened in step.rows(read_model(ROOM, "recorded_count")):
        written.days["mart_grumble"].add(day)
        written.counts.update({by: grumbles, "open": opened, "grumbles": grumbles})
    for day, complaints in step.rows(read_model(ROOM, "complaint_count")):
        written.days["mart_complaint"].add(day)
        written.counts.update(complaints=complaints)


def _report(plan: Plan, written: _Written) -> GrumbleReport:
    return GrumbleReport(
        days=len(written.days["mart_grumble"]),
        contact_days=len(plan.contact_days),
        complaint_days=len(written.days["mart_complaint"]),
        grumbles=written.counts["grumbles"],
        by_source=written.counts["source"],
        by_text=written.counts["text"],
        unclassified=written.counts["none"],
        open=written.counts["open"],
        complaints=written.counts["complaints"],
    )
