"""What the ledger must say: plain set logic over the clean world, without a line of the scoring room's code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import duckdb

from mend.simulate.settings import World, sql

CARRY_OVER: Final = 0.5
RECORDS_USED: Final = ("contact", "ticket", "ticket_version", "survey_reply", "callback_booking", "repair_action")
LEDGER_COLUMNS: Final = (
    "customer_id, posted_on, posted_at, entry_kind_code, indicator_id, subject_kind_code, subject_id, cause_id, "
    "incident_id, points::decimal(9, 3) as points"
)


class Debit(NamedTuple):
    """Damage, less its cap: on which contact or ticket, and of which incident (of a ticket, the ticket)."""

    posted_at: dt.datetime
    indicator: str
    cause: str
    subject: str
    incident: str
    points: int


class Offer(NamedTuple):
    """A repair that could take points off the damage of what it names."""

    posted_at: dt.datetime
    indicator: str
    cause: str
    subject: str
    points: int


def count_handling(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the chunk's answered contacts to `handling_count`: medians need all chunks, counts by second stay small."""
    connection.execute("""
        create temp table if not exists handling_count (
            month_on date, topic_code varchar, seconds integer, contacts bigint
        )""")
    connection.execute("""
        insert into handling_count
        select
            date_trunc('month', started_on)::date, topic_code, coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0),
            count(*)
        from clean_contact
        where is_answered and topic_code is not null
        group by all""")


def find_medians(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn `handling_count` into `topic_median` (month_on, topic_code, median_seconds, contact_count), exactly."""
    connection.execute(f"create or replace temp table topic_median as {sql('truth_median')}")


def derive(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `truth_ledger` for the chunk in `connection`: debits, caps, and credits as far as damage is left."""
    for step in ("truth_contact", "truth_contact_hit", "truth_debit"):
        connection.execute(sql(step))
    _settle_credits(connection)
    connection.execute(f"""
        create or replace temp table truth_ledger as
        select {LEDGER_COLUMNS} from (from truth_debit union all by name from truth_credit)""")


def settle(offers: Iterable[Offer], debits: Iterable[Debit]) -> Iterator[tuple[Offer, str, int]]:
    """The thousandths that each offer takes off, with the incident (or ticket) that they are taken off.

    What a debit has left is halved at each month's end, in whole thousandths; under ten nothing is left. An offer takes
    from the oldest debit first, of the contact or ticket that it names or, when it names an incident's first contact,
    of the whole incident.

    >>> may, june = dt.datetime(2026, 5, 1), dt.datetime(2026, 6, 1)
    >>> debits = [Debit(may, "AGT-07", "", "k", "k", 5), Debit(june, "RES-08", "s", "k", "k", 8)]
    >>> [taken for _, _, taken in settle([Offer(june, "REP-04", "r", "k", 6)], debits)]
    [6000]
    >>> [taken for _, _, taken in settle([Offer(june, "REP-01", "r", "k", 5)], debits[:1])]
    [2500]
    """
    left: dict[Debit, list[tuple[dt.datetime, int]]] = {
        debit: [(debit.posted_at, 1000 * debit.points)] for debit in debits
    }
    for offer in sorted(offers):
        wanted, incident = 1000 * offer.points, ""
        for debit in sorted(left):
            named = offer.subject in (debit.subject, debit.incident)
            if named and debit.posted_at <= offer.posted_at and (there := _left_at(left[debit][-1], offer.posted_at)):
                taken = min(there, wanted)
                left[debit].append((offer.posted_at, there - taken))
                wanted, incident = wanted - taken, debit.incident
        if wanted < 1000 * offer.points:
            yield offer, incident, 1000 * offer.points - wanted


def _left_at(since: tuple[dt.datetime, int], at: dt.datetime) -> int:
    """What is left of so many thousandths at a later moment."""
    moment, left = since
    for _ in range(12 * (at.year - moment.year) + at.month - moment.month):
        left = left // 2 if left // 2 >= 10 else 0
    return left


def months(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Create `truth_month`: each customer's score from the first ledger row on, month by month, with the carry-over."""
    connection.execute(
        f"create or replace temp table truth_month as {sql('truth_month_first')}", {"month": world.month_starts[0]}
    )
    for before, month in pairwise(world.month_starts[:-1]):
        connection.execute(
            f"insert into truth_month {sql('truth_month_next')}",
            {"before": before, "month": month, "carry_over": CARRY_OVER},
        )


def _settle_credits(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `truth_credit`. A loop over customers: credits are few, and a loop is hard to get wrong."""
    connection.execute(f"create or replace temp table truth_offer as {sql('truth_offer')}")
    offers: dict[str, list[Offer]] = {}
    columns = "customer_id, posted_at, indicator_id, cause_id, subject_id, points"
    for customer, *offer in connection.execute(f"select {columns} from truth_offer").fetchall():
        offers.setdefault(customer, []).append(Offer(*offer))
    debits: dict[str, list[Debit]] = {}
    for customer, *debit in connection.execute(
        """select customer_id, min(posted_at), indicator_id, coalesce(any_value(cause_id), ''), subject_id,
            coalesce(any_value(incident_id), subject_id), sum(points)::integer
        from truth_debit semi join truth_offer using (customer_id) where subject_kind_code in ('contact', 'ticket')
        group by customer_id, indicator_id, subject_id"""
    ).fetchall():
        debits.setdefault(customer, []).append(Debit(*debit))
    taken = [
        (offer.indicator, offer.cause, incident, thousandths)
        for customer, of_customer in offers.items()
        for offer, incident, thousandths in settle(of_customer, debits.get(customer, []))
    ]
    connection.execute(
        "create or replace temp table taken "
        "(indicator_id varchar, cause_id varchar, incident_id varchar, thousandths integer)"
    )
    if taken:
        lists = [list(column) for column in zip(*taken, strict=True)]
        connection.execute("insert into taken select unnest(?), unnest(?), unnest(?), unnest(?)", lists)
    connection.execute(sql("truth_credit"))
