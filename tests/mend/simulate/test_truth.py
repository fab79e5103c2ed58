"""The planted truth agrees with itself and with what was delivered."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from mend.simulate.truth import Debit, Offer, settle

TWO_OF_A_FAMILY = """
    select subject_id from ledger where entry_kind_code = 'debit' and indicator_id in {family}
    group by 1 having count(*) > 1"""
OF_CONTACTS = "subject_kind_code = 'contact' and entry_kind_code <> 'credit' and indicator_id <> 'RES-08'"
# What must not be found in the ledger, in words and as a query.
IMPOSSIBLE = {
    "an incident over its cap": """
        select coalesce(incident_id, subject_id) from ledger where OF_CONTACTS group by 1 having sum(points) > 15""",
    "a cap that takes too much": """
        select coalesce(incident_id, subject_id) from ledger where OF_CONTACTS group by 1
        having sum(points) <> 15 and bool_or(entry_kind_code = 'cap')""",
    "two of the family of waiting": TWO_OF_A_FAMILY.format(family=("CON-03", "CON-04")),
    "two of the family of failed connections": TWO_OF_A_FAMILY.format(family=("CON-01", "CON-05")),
    "more than the highest of the family of dropped calls": """
        select subject_id from ledger where entry_kind_code = 'debit' and indicator_id in ('AGT-01', 'AGT-02', 'AGT-03')
        group by 1 having sum(points) > 4""",
    "an indicator twice on one subject": """
        select 1 from ledger where entry_kind_code <> 'credit'
        group by subject_kind_code, subject_id, indicator_id, entry_kind_code having count(*) > 1""",
    "an incident or ticket repaired beyond its damage": """
        select 1 from ledger group by coalesce(incident_id, subject_id) having sum(points) < 0""",
    "a row posted outside the world": """
        select 1 from ledger where posted_on not between date '2026-05-01' and date '2026-06-30'""",
    "a row decided after the horizon": """
        select 1 from ledger where posted_at > timestamptz '2026-07-01 00:00:00+08'""",
    "handling judged before there is a month to compare with": """
        select 1 from ledger
        where indicator_id = 'AGT-06' and posted_at < timestamptz '2026-06-01 00:00:00+08'""",
    "a month that is not the sum of its rows": """
        with summed as (
            select customer_id, date_trunc('month', posted_on)::date as month_on, sum(points) as points
            from ledger group by all
        )
        select 1 from month left join summed using (customer_id, month_on)
        where score <> greatest(0, carry_over_points + coalesce(points, 0))
            or damage_points - repair_points <> coalesce(points, 0)""",
    "a carry-over that is not half of the month before": """
        select 1 from month as this left join month as before
            on before.customer_id = this.customer_id and before.month_on = this.month_on - interval 1 month
        where this.carry_over_points <> coalesce(before.score, 0) * 0.5""",
    "a median other than that of the delivered contacts": """
        with handled as (
            select
                date_trunc('month', started_at[:10]::date)::date as month_on, topic_code,
                translate(talk_seconds, '０１２３４５６７８９',
                '0123456789')::integer + hold_seconds::integer as seconds
            from contact
            where is_answered = '1' and direction_code = 'inbound' and topic_code is not null
        ),
        measured as (select month_on, topic_code, median(seconds) as seconds from handled group by all)
        select 1 from measured full join topic_median using (month_on, topic_code)
        where seconds is distinct from median_seconds""",
}
# What the world must hold, that the harder rules are tried at all.
NEEDED = {
    "a capped incident": "select 1 from ledger where entry_kind_code = 'cap'",
    "a credit of less than a whole point": """
        select 1 from ledger where entry_kind_code = 'credit' and points <> floor(points)""",
    "a later decision posted with the difference": """
        select 1 from ledger where indicator_id = 'AGT-03' and points = 1""",
    "a credit in a later month than the damage": """
        select 1 from ledger as credit
        semi join ledger as debit on debit.subject_id = credit.subject_id and debit.entry_kind_code = 'debit'
            and month(debit.posted_on) < month(credit.posted_on)
        where credit.entry_kind_code = 'credit'""",
    "an incident over a midnight": """
        select 1 from ledger as later join ledger as first on later.incident_id = first.subject_id
        where later.posted_at::date > first.posted_at::date
            and later.indicator_id not in ('RES-08', 'CON-06', 'AGT-09')""",
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_the_ledger_never_holds(delivered: duckdb.DuckDBPyConnection, what: str) -> None:
    assert delivered.execute(IMPOSSIBLE[what].replace("OF_CONTACTS", OF_CONTACTS)).fetchall() == []


@pytest.mark.parametrize("what", NEEDED)
def test_the_ledger_holds(delivered: duckdb.DuckDBPyConnection, what: str) -> None:
    assert delivered.execute(NEEDED[what]).fetchall() != []


def test_credits_take_what_is_left_in_the_order_they_come() -> None:
    """Damage 4 on 1 May and 3 on 5 May; offers of 5 on the day before, on 3 and 6 May, and on 7 June."""
    may = dt.datetime.fromisoformat("2026-05-01")
    days = [may + dt.timedelta(days=number) for number in (-1, 2, 5, 37)]
    debits = [
        Debit(may, "AGT-08", "", "k", "k", 4),
        Debit(may + dt.timedelta(days=4), "AGT-05", "", "k", "k", 3),
        Debit(may, "AGT-08", "", "other", "k", 5),
    ]
    offers = [Offer(day, "REP-01", f"{day:%d %B}", "other2", 5) for day in days]
    assert list(settle(offers, debits)) == []
    taken = [
        (offer.cause, points) for offer, _, points in settle([o._replace(subject="other") for o in offers], debits)
    ]
    assert taken == [("03 May", 5000)]
    whole_incident = [(o.cause, points) for o, _, points in settle([o._replace(subject="k") for o in offers], debits)]
    assert whole_incident == [("03 May", 5000), ("06 May", 5000), ("07 June", 1000)]
