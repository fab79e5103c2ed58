"""What the ledger must say: plain set logic over the clean world, without a line of the scoring room's code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final

import duckdb

from mend.simulate.settings import World, sql

CARRY_OVER: Final = 0.5
RECORDS_USED: Final = ("contact", "ticket", "survey_reply", "callback_booking", "repair_action")
REPAIRS_WITHIN: Final = dt.timedelta(days=31)
LEDGER_COLUMNS: Final = (
    "customer_id, record_code, subject_kind_code, subject_id, cause_id, entry_kind_code, indicator_id, "
    "points, offered_points, felt_at, posted_on, incident_id, is_explicit"
)
# In the order in which credits are settled: by subject, then by time.
OFFER_COLUMNS: Final = "subject_id, subject_kind_code, felt_at, indicator_id, points, customer_id, cause_id"
Offer = tuple[str, str, dt.datetime, str, int, str, str]
Debit = tuple[dt.datetime, int]  # when it was felt, points after family and cap


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
        select {LEDGER_COLUMNS} from (
            select
                *, subject_id as cause_id, case entry_kind_code when 'debit' then points else 0 end as offered_points
            from truth_debit
            union all by name
            select * from truth_credit
        )""")


def settle(offers: list[Offer], debits: list[Debit]) -> Iterator[tuple[Offer, int]]:
    """The points that each offer takes off one subject.

    They are the offer's own, at most what was felt in the 31 days before it less what credits of those days took.
    `offers` stand in the order in which they came.

    >>> may = dt.datetime(2026, 5, 1)
    >>> offers = [("1", "contact", may + dt.timedelta(days=d), "REP-01", 5, "c", "r") for d in (1, 3, 40)]
    >>> [(offer[2].day, points) for offer, points in settle(offers, [(may, 4), (may + dt.timedelta(days=2), 3)])]
    [(2, 4), (4, 3)]
    """
    taken: list[Debit] = []
    for offer in offers:
        since, at = offer[2] - REPAIRS_WITHIN, offer[2]
        felt = sum(points for felt_at, points in debits if since < felt_at <= at)
        amount = min(offer[4], felt - sum(points for taken_at, points in taken if taken_at > since))
        if amount > 0:
            taken.append((at, amount))
            yield offer, amount


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
    """Create `truth_credit`. A loop over subjects: credits are few, and a loop is hard to get wrong."""
    connection.execute(f"create or replace temp table truth_offer as {sql('truth_offer')}")
    offers: list[Offer] = connection.execute(f"select {OFFER_COLUMNS} from truth_offer order by all").fetchall()
    debits: dict[str, list[Debit]] = {}
    felt = "select subject_id, felt_at, points from truth_debit semi join truth_offer using (subject_id)"
    for subject, felt_at, points in connection.execute(felt).fetchall():
        debits.setdefault(subject, []).append((felt_at, points))
    taken = [
        (offer[3], offer[6], amount)
        for subject, of_subject in groupby(offers, key=lambda offer: offer[0])
        for offer, amount in settle(list(of_subject), debits[subject])
    ]
    connection.execute("create or replace temp table taken (indicator_id varchar, cause_id varchar, amount integer)")
    if taken:
        indicators, causes, amounts = map(list, zip(*taken, strict=True))
        connection.execute("insert into taken select unnest(?), unnest(?), unnest(?)", [indicators, causes, amounts])
    connection.execute(sql("truth_credit"))
