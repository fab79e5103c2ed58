"""What the ledger must say: derived from the clean world by plain set logic, without a line of the scoring room's code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import duckdb

from mend.simulate.settings import World, sql

CARRY_OVER: Final = 0.5
REPAIRS_WITHIN: Final = dt.timedelta(days=31)
LEDGER_COLUMNS: Final = (
    "customer_id, record_code, subject_kind_code, subject_id, cause_id, entry_kind_code, indicator_id, "
    "points, offered_points, felt_at, posted_on, incident_id, is_explicit"
)
# customer, subject kind, subject, credit, points, when, cause; and of a debit: when, points after family and cap
Offer = tuple[str, str, str, str, int, dt.datetime, str]
Debit = tuple[dt.datetime, int]


def count_handling(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the chunk's answered contacts to `handling_count` (month, topic, seconds, contacts): medians need all chunks, counts stay small."""
    connection.execute(
        "create temp table if not exists handling_count (month_on date, topic_code varchar, seconds integer, contacts bigint)"
    )
    connection.execute("""
        insert into handling_count
        select date_trunc('month', started_on)::date, topic_code, coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0), count(*)
        from clean_contact
        where is_answered and topic_code is not null
        group by all""")


def find_medians(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn `handling_count` into `topic_median` (month_on, topic_code, median_seconds, contact_count), exactly, even counts included."""
    connection.execute(f"create or replace temp table topic_median as {sql('truth_median')}")


def derive(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `truth_ledger` for the chunk in `connection`: debits, caps, and credits as far as something is left to repair."""
    for step in ("truth_contact", "truth_contact_hit", "truth_debit"):
        connection.execute(sql(step))
    _settle_credits(connection)
    connection.execute(f"""
        create or replace temp table truth_ledger as
        select {LEDGER_COLUMNS} from (
            select *, subject_id as cause_id, case entry_kind_code when 'debit' then points else 0 end as offered_points from truth_debit
            union all by name
            select * from truth_credit
        )""")


def settle(offers: list[Offer], debits: list[Debit]) -> Iterator[tuple[Offer, int]]:
    """The points each offer takes off one subject: its own, at most what was felt in the 31 days before it and no credit of those days took.

    `offers` in the order in which they came.

    >>> may = dt.datetime(2026, 5, 1)
    >>> offers = [("c", "contact", "1", "REP-01", 5, may + dt.timedelta(days=d), "r") for d in (1, 3, 40)]
    >>> [(offer[5].day, points) for offer, points in settle(offers, [(may, 4), (may + dt.timedelta(days=2), 3)])]
    [(2, 4), (4, 3)]
    """
    taken: list[Debit] = []
    for offer in offers:
        since, at = offer[5] - REPAIRS_WITHIN, offer[5]
        felt = sum(points for felt_at, points in debits if since < felt_at <= at)
        amount = min(offer[4], felt - sum(points for taken_at, points in taken if taken_at > since))
        if amount > 0:
            taken.append((at, amount))
            yield offer, amount


def months(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Create `truth_month`: each customer's score, month after month, with the carry-over; a customer appears from the first ledger row on."""
    connection.execute(
        f"create or replace temp table truth_month as {sql('truth_month_first')}", {"month": world.month_starts[0]}
    )
    for before, month in zip(world.month_starts[:-1], world.month_starts[1:-1], strict=False):
        connection.execute(
            f"insert into truth_month {sql('truth_month_next')}",
            {"before": before, "month": month, "carry_over": CARRY_OVER},
        )


def _settle_credits(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create or replace temp table truth_credit (customer_id varchar, record_code varchar, subject_kind_code varchar, subject_id varchar, "
        "cause_id varchar, entry_kind_code varchar, indicator_id varchar, points integer, offered_points integer, felt_at timestamp, posted_on date, "
        "incident_id varchar, is_explicit boolean)"
    )
    offers = connection.execute(sql("truth_offer")).fetchall()
    connection.execute(
        "create or replace temp table offered as select unnest(?) as subject_id",
        [sorted({offer[2] for offer in offers})],
    )
    debits: dict[str, list[Debit]] = {}
    for subject, felt_at, points in connection.execute(
        "select subject_id, felt_at, points from truth_debit semi join offered using (subject_id)"
    ).fetchall():
        debits.setdefault(subject, []).append((felt_at, points))
    rows = [
        (*offer[:3], offer[6], offer[3], -amount, -offer[4], offer[5])
        for subject, of_subject in groupby(offers, key=lambda offer: offer[2])
        for offer, amount in settle(list(of_subject), debits[subject])
    ]
    if rows:
        names = (
            "customer_id",
            "subject_kind_code",
            "subject_id",
            "cause_id",
            "indicator_id",
            "points",
            "offered_points",
            "felt_at",
        )
        listed = ", ".join(f"unnest(${name}) as {name}" for name in names)
        connection.execute(
            f"insert into truth_credit by name select *, 'credit' as record_code, 'credit' as entry_kind_code, felt_at::date as posted_on, "
            f"false as is_explicit from (select {listed})",
            {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)},
        )
