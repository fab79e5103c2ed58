"""What a run must look at again: which days wholly, which customers of which other days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mend.damage.scoring.contact_rules import AWAITED
from mend.damage.scoring.rules import RuleSet
from mend.damage.scoring.waiting import find_waiting
from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.workbench import Workbench

ONE_DAY = dt.timedelta(days=1)
COMPLAINT_REACH_DAYS = 31
CLOCK_REACH_DAYS = 2  # time limits of two days: what was opened then comes due now
SUSPENSION_REACH_DAYS = 92  # promises older than this are not looked for when their time comes

Awaiting = Mapping[str, list[str]]


@dataclass(frozen=True)
class Plan:
    """Days to score. `partial_days` are done for the customers of the temporary table `todo(customer_id, day)` alone.

    Args:
        known_until: end of the latest business date that is loaded; a window that ends later is still open.
        previous_day: the business date that was loaded last before this run, whose windows may have closed since.
    """

    days: tuple[dt.date, ...]
    scored_days: tuple[dt.date, ...]
    known_until: dt.datetime
    full_days: tuple[dt.date, ...]
    partial_days: tuple[dt.date, ...] = ()
    previous_day: dt.date | None = None
    other_days: dict[str, tuple[dt.date, ...]] = field(default_factory=dict)
    changed_days: dict[str, tuple[dt.date, ...]] = field(default_factory=dict)


def make_plan(
    bench: Workbench,
    versions: Sequence[RuleSet],
    days: Sequence[dt.date],
    loaded: Sequence[dt.date],
    rescored: Sequence[dt.date],
) -> Plan:
    """The plan for these business dates. Leaves the temporary table `todo` on the bench, which must have the view
    `change` (read_changes) and the view `topic_median`.

    Args:
        days: the run's business dates.
        loaded: every business date whose core is loaded, the run's own included.
        rescored: days to be scored again as a whole for another reason (the medians of the month before moved).
    """
    plan = Plan(
        days=tuple(sorted(days)),
        scored_days=scored_days(bench, days),
        known_until=bench.engine.begins(max([*loaded, *days]) + ONE_DAY),
        full_days=tuple(sorted({*days, *rescored})),
        previous_day=max((day for day in loaded if day < min(days)), default=None),
    )
    partial = _todo(bench, plan, versions)
    changed = _changed_days(bench)
    return replace(plan, partial_days=partial, other_days=_other_days(bench, plan, changed), changed_days=changed)


def scored_days(bench: Workbench, days: Sequence[dt.date]) -> tuple[dt.date, ...]:
    """Every day that has something to score once these business dates are in, or had before: a batch that was withdrawn
    may leave a day empty."""
    now = bench.lake.days("core_contact", "started_on") | bench.lake.days("core_ticket", "opened_on")
    before = bench.lake.days("mart_exposure_day", "subject_on")
    return tuple(sorted(now | before | set(days)))


def read_changes(bench: Workbench, days: Sequence[dt.date]) -> None:
    """`change`: the changes of the run's business dates, as a view; a month's are too many to hold."""
    bench.view("core_change", days=days, as_name="change_file")
    bench.execute(
        "create or replace temp table run_day as select unnest(cast($days as date[])) as arrived_on",
        {"days": sorted(days)},
    )
    bench.execute(
        "create or replace temp view change as select * from change_file semi join run_day using (arrived_on)"
    )


def _todo(bench: Workbench, plan: Plan, versions: Sequence[RuleSet]) -> tuple[dt.date, ...]:
    """Fill `todo` and give its days: those within reach of a change, and the day whose windows have closed since.

    A contact changes what is known of the customer's contacts from the day before (calls that nobody followed up) to
    `reach_days` after (same topic again), its incident included.
    """
    reach_days = max(version.settings.contact_reach_days for version in versions)
    rest = [day for day in plan.scored_days if day not in set(plan.full_days)]
    _days_table(bench, "rest", rest)
    reaching = sorted({day - number * ONE_DAY for day in rest for number in range(-1, reach_days + 2)})
    bench.execute(
        "create or replace temp table reaching as select unnest(cast($days as date[])) as subject_on",
        {"days": reaching},
    )
    _answered(bench, plan, rest, awaiting(versions))
    _near(bench, plan, versions, rest, reach_days)
    bench.execute(
        """create or replace temp table todo as
        -- Failed and dropped calls of the last day: whether somebody called back within a day is known only now.
        with pending as (select customer_id, day from waiting where for_clock and day = $previous_day)
        select distinct customer_id, day from (select * from near union all select * from pending union all select *
        from answered)""",
        {"previous_day": plan.previous_day if plan.previous_day in rest else None},
    )
    _follow_incidents(bench, rest)
    return tuple(row[0] for row in bench.sql("select distinct day from todo order by day"))


def awaiting(versions: Sequence[RuleSet]) -> Awaiting:
    """Feature → the indicators of contacts that hit for want of what it looks for (a ticket, a booking)."""
    rules = [rule for version in versions for rule in version.of_record("contact")]
    return {feature: sorted({rule.id for rule in rules if feature in rule.condition.columns}) for feature in AWAITED}


def _days_table(bench: Workbench, name: str, days: Sequence[dt.date]) -> None:
    bench.execute(
        f"create or replace temp table {name} as select unnest(cast($days as date[])) as day", {"days": list(days)}
    )


def _near(bench: Workbench, plan: Plan, versions: Sequence[RuleSet], rest: Sequence[dt.date], reach_days: int) -> None:
    """`near`: customers and days within reach of a changed contact.

    Of the day before a customer's first contacts of one of the run's days, only the contacts that wait for something
    are looked at: those contacts cannot have counted before. `waiting` is left for the others.
    """
    before = {day - ONE_DAY for day in plan.days} | {plan.previous_day}
    find_waiting(bench, versions, sorted(day for day in before if day in set(rest)))
    bench.view("core_contact", days=[day for day in plan.days if day - ONE_DAY in set(rest)], as_name="arrived_contact")
    bench.view("mart_exposure_day", days=plan.days, as_name="counted_before")
    bench.execute(
        """create or replace temp table near as
        with contact_change as (
            select distinct change.customer_id, change.subject_on
            from change semi join reaching using (subject_on)
            where change.customer_id is not null and change.record_code = 'contact'
        ),
        fresh as (
            select contact_change.*
            from contact_change
            semi join run_day on contact_change.subject_on = run_day.arrived_on
            anti join counted_before on contact_change.customer_id = counted_before.customer_id
                and contact_change.subject_on = counted_before.subject_on
        ),
        after as (
            select contact_change.customer_id, rest.day
            from contact_change
            join rest on rest.day between contact_change.subject_on and contact_change.subject_on + $to_days
        ),
        day_before as (
            select contact_change.customer_id, rest.day
            from (select * from contact_change anti join fresh using (customer_id, subject_on)) as contact_change
            join rest on rest.day = contact_change.subject_on - 1
        ),
        waited as (
            select waiting.customer_id, waiting.day
            from waiting
            semi join fresh on waiting.customer_id = fresh.customer_id and waiting.day = fresh.subject_on - 1
            where waiting.for_contact
        ),
        same_topic as (
            select waiting.customer_id, waiting.day
            from waiting
            semi join arrived_contact on waiting.customer_id = arrived_contact.customer_id
                and waiting.topic_code = arrived_contact.topic_code and waiting.day = arrived_contact.started_on - 1
            where waiting.for_topic
        )
        select * from after
        union all select * from day_before
        union all select * from waited
        union all select * from same_topic""",
        {"to_days": reach_days + 1},
    )


def _follow_incidents(bench: Workbench, rest: Sequence[dt.date]) -> None:
    """Add to `todo` the day after, where an incident goes on over midnight: its cap counts what the first day cost."""
    days = {row[0] + ONE_DAY for row in bench.sql("select distinct day from todo")} & set(rest)
    bench.view("mart_exposure_day", days=days, as_name="going_on")
    bench.execute(
        """insert into todo
        select distinct going_on.customer_id, going_on.subject_on
        from going_on
        semi join todo on going_on.customer_id = todo.customer_id and going_on.subject_on - 1 = todo.day
        anti join todo as known on going_on.customer_id = known.customer_id and going_on.subject_on = known.day
        where going_on.posted_on < going_on.subject_on"""
    )


def _answered(bench: Workbench, plan: Plan, rest: Sequence[dt.date], wants: Awaiting) -> None:
    """`answered`: customers and days whose contacts hit for want of a ticket or booking that came now.

    A ticket or booking comes again whenever something happens to it. That matters to the contacts of its day and the
    day before only when it came for the first time and one of them stands in the ledger for want of it, when the row's
    versions do not agree on whom it belongs to, or when it is there no more.
    """
    bench.execute("create or replace temp table answered (customer_id varchar, day date)")
    changed: dict[str, tuple[dt.date, ...]] = {"ticket": (), "callback_booking": (), **_changed_days(bench)}
    near = {
        day - number * ONE_DAY
        for record in ("ticket", "callback_booking")
        for day in changed[record]
        for number in (0, 1)
    }
    if near.isdisjoint(rest):
        return
    bench.view("raw_ticket", days=changed["ticket"], as_name="ticket_version")
    bench.view("raw_callback_booking", days=changed["callback_booking"], as_name="booking_version")
    first, last = min(near | set(plan.days)), max(plan.days)
    arrived = [day for day in bench.lake.days("core_quarantine", "arrived_on") if first <= day <= last]
    bench.view("core_quarantine", days=arrived, as_name="quarantined")
    # Tables of their own: with their sizes known, the joins below take the small side first.
    bench.execute(
        "create or replace temp table changed_record as select record_code, subject_id, customer_id, subject_on from "
        "change "
        "where record_code in ('ticket', 'callback_booking')"
    )
    bench.view("core_ticket", days=changed["ticket"], as_name="held_ticket")
    bench.view("core_callback_booking", days=changed["callback_booking"], as_name="held_booking")
    bench.execute(
        "create or replace temp table gone_record as select * from changed_record anti join ("
        "select 'ticket' as record_code, ticket_id as subject_id from held_ticket "
        "union all select 'callback_booking', booking_id from held_booking) as held using (record_code, subject_id)"
    )
    bench.execute(
        """create or replace temp table answer as
        with version as (
            select 'ticket' as record_code, ticket_id as subject_id, hash(customer_id, contact_id, opened_at) as link,
                arrived_on, batch_number, line_number
            from ticket_version semi join changed_record on ticket_version.ticket_id = changed_record.subject_id
            union all
            select 'callback_booking' as record_code, booking_id as subject_id, hash(customer_id, requested_at) as link,
                arrived_on, batch_number, line_number
            from booking_version semi join changed_record on booking_version.booking_id = changed_record.subject_id
        ),
        coming as (
            select record_code, subject_id, min(arrived_on) >= $first as is_first, min(link) <> max(link) as is_relinked
            from version
            semi join changed_record using (record_code, subject_id)
            anti join quarantined using (record_code, batch_number, line_number)
            group by all
        )
        select distinct
            record_code, customer_id, subject_id, unnest([subject_on - 1, subject_on]) as day, coalesce(is_relinked,
            false) as is_relinked
        from changed_record left join coming using (record_code, subject_id)
        where customer_id is not null and (coalesce(is_first, true) or is_relinked)""",
        {"first": min(plan.days)},
    )
    days = sorted({row[0] for row in bench.sql("select distinct day from answer")} & set(rest))
    bench.view("mart_damage_ledger", days=days, where=equal("record_code", "contact"), as_name="awaiting_file")
    bench.execute(
        """create or replace temp table open_want as
        select distinct customer_id, subject_on as day, subject_id as contact_id, indicator_id
        from awaiting_file
        where record_code = 'contact' and indicator_id in (select unnest(cast($indicators as varchar[])))""",
        {"indicators": [indicator for indicators in wants.values() for indicator in indicators]},
    )
    bench.view("core_ticket", days={*days, *(day + ONE_DAY for day in days)}, as_name="answering_ticket")
    bench.execute(
        """create or replace temp table answered as
        with
        ticketed as (
            select answer.customer_id, answer.day
            from open_want
            join answering_ticket on open_want.contact_id = answering_ticket.contact_id
            join answer on answering_ticket.ticket_id = answer.subject_id and open_want.day = answer.day
            where answer.record_code = 'ticket' and open_want.indicator_id in
            (select unnest(cast($of_tickets as varchar[])))
        ),
        booked as (
            select answer.customer_id, answer.day
            from open_want
            join answer on open_want.customer_id = answer.customer_id and open_want.day = answer.day
            where answer.record_code = 'callback_booking' and open_want.indicator_id in
            (select unnest(cast($of_bookings as varchar[])))
        ),
        final as (
            select * from ticketed
            union all select * from booked
            union all select customer_id, day from answer where is_relinked
            union all
            select customer_id, unnest([subject_on - 1, subject_on]) as day from gone_record
            where customer_id is not null
        )
        select * from final semi join rest using (day)""",
        {"of_tickets": wants["ticket_after_seconds"], "of_bookings": wants["booking_after_seconds"]},
    )


def _changed_days(bench: Workbench) -> dict[str, tuple[dt.date, ...]]:
    """The days of each record on which rows came with this run."""
    found: dict[str, set[dt.date]] = {}
    for record, day in bench.sql("select distinct record_code, subject_on from change"):
        found.setdefault(record, set()).add(day)
    return {record: tuple(sorted(days)) for record, days in found.items()}


def _other_days(
    bench: Workbench, plan: Plan, changed: dict[str, tuple[dt.date, ...]]
) -> dict[str, tuple[dt.date, ...]]:
    """Days of tickets, bookings and replies that a change or the clock touches. Bookings and replies are scored again
    as whole days, of tickets those of `todo_ticket`."""
    first = (plan.previous_day or min(plan.days)) - CLOCK_REACH_DAYS * ONE_DAY
    on_the_clock = {day for day in plan.scored_days if first <= day <= max(plan.days)} | set(plan.full_days)
    days = {
        "ticket": set(plan.full_days) | _todo_tickets(bench, plan, changed, on_the_clock),
        "callback_booking": on_the_clock,
        "survey_reply": set(plan.full_days) | _later_reply_days(bench, plan, changed),
    }
    return {record: tuple(sorted(its | set(changed.get(record, ())))) for record, its in days.items()}


def first_offer_day(bench: Workbench, plan: Plan) -> dt.date:
    """The first day on which a changed row may offer a credit: repairs and replies on their own day, a booking when it
    was called back, a ticket when the customer confirmed it."""
    own = [day for record in ("repair_action", "survey_reply") for day in plan.changed_days.get(record, ())]
    bookings, tickets = plan.changed_days.get("callback_booking", ()), plan.changed_days.get("ticket", ())
    bench.view("core_callback_booking", days=bookings, as_name="changed_booking")
    last = max(plan.scored_days)
    after = [day for day in plan.scored_days if tickets and min(tickets) <= day <= last]
    bench.view("core_survey_reply", days=after, as_name="confirming_reply")
    rows = bench.sql(
        """select min(day) from (
            select min(cast(changed_booking.called_back_at as date)) as day
            from changed_booking join change on change.record_code = 'callback_booking'
            and change.subject_id = changed_booking.booking_id
            union all
            select min(confirming_reply.replied_on) as day
            from confirming_reply join change on change.record_code = 'ticket'
            and change.subject_id = confirming_reply.about_id
            where confirming_reply.about_kind_code = 'ticket' and confirming_reply.is_solved
        )"""
    )
    found: list[dt.date] = [row[0] for row in rows if row[0]]
    return min([*own, *plan.days, *found])


def _todo_tickets(
    bench: Workbench, plan: Plan, changed: dict[str, tuple[dt.date, ...]], on_the_clock: Collection[dt.date]
) -> set[dt.date]:
    """Fill `todo_ticket` and give its tickets' days: those that came with the run, whose limits may have ended since,
    that were promised within the run's days, of which changed replies or repair actions speak, and complaints within
    the month after a changed ticket of the customer's (the later one may be a repeat)."""
    bench.view("core_survey_reply", days=changed.get("survey_reply", ()), as_name="changed_reply")
    bench.view("core_repair_action", days=changed.get("repair_action", ()), as_name="changed_repair")
    oldest = min(plan.days) - dt.timedelta(days=SUSPENSION_REACH_DAYS)
    bench.view("core_ticket", days=[day for day in plan.scored_days if day >= oldest], as_name="recent_ticket")
    _days_table(bench, "clock_day", sorted(on_the_clock))
    bench.execute(
        """create or replace temp table todo_ticket as
        with
        changed as (select distinct subject_id, customer_id, subject_on from change where record_code = 'ticket'),
        customer as (select distinct customer_id, subject_on from changed where customer_id is not null),
        repeated as (
            select recent_ticket.ticket_id
            from recent_ticket join customer using (customer_id)
            where recent_ticket.kind_code = 'complaint'
                and recent_ticket.opened_on between customer.subject_on and customer.subject_on + $reach
        )
        select ticket_id from recent_ticket semi join clock_day on recent_ticket.opened_on = clock_day.day
        union select ticket_id from recent_ticket where cast(promised_at as date) between $first and $last
        union select subject_id from changed
        union select about_id from changed_reply where about_kind_code = 'ticket'
        union select ticket_id from changed_repair where ticket_id is not null
        union select ticket_id from repeated""",
        {"first": (plan.previous_day or min(plan.days)), "last": max(plan.days), "reach": COMPLAINT_REACH_DAYS},
    )
    return {
        row[0]
        for row in bench.sql("select distinct opened_on from recent_ticket semi join todo_ticket using (ticket_id)")
    }


def _later_reply_days(bench: Workbench, plan: Plan, changed: dict[str, tuple[dt.date, ...]]) -> set[dt.date]:
    """Days of later replies about the same subjects as changed ones: only the first poor one of a subject counts."""
    days = changed.get("survey_reply", ())
    scored_anyway = {*days, *plan.full_days}
    last = max(days, default=dt.date(1, 1, 1)) + dt.timedelta(days=SUSPENSION_REACH_DAYS)
    later = [day for day in plan.scored_days if days and min(days) < day <= last and day not in scored_anyway]
    if not later:
        return set()
    bench.view("core_survey_reply", days=later, as_name="later_reply")
    rows = bench.sql(
        "select distinct later_reply.replied_on from later_reply join changed_reply using (about_kind_code, about_id) "
        "where later_reply.replied_on > changed_reply.replied_on"
    )
    return {row[0] for row in rows}
