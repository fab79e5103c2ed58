"""The planted truth agrees with itself and with what was delivered."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from mend.simulate.truth import settle

TWO_OF_A_FAMILY = """
    select subject_id from ledger where entry_kind_code = 'debit' and indicator_id in {family}
    group by 1 having count(*) > 1"""
# What must not be found in the ledger, in words and as a query.
IMPOSSIBLE = {
    "an incident over its cap": """
        select incident_id from ledger where record_code = 'contact' group by 1 having sum(points) > 15""",
    "a cap that takes too much": """
        select incident_id from ledger where record_code = 'contact' group by 1
        having sum(points) <> 15 and bool_or(entry_kind_code = 'cap')""",
    "two of the family of waiting": TWO_OF_A_FAMILY.format(family=("CON-03", "CON-04")),
    "two of the family of failed connections": TWO_OF_A_FAMILY.format(family=("CON-01", "CON-05")),
    "two of the family of dropped calls": TWO_OF_A_FAMILY.format(family=("AGT-01", "AGT-02", "AGT-03")),
    "an indicator twice on one subject": """
        select 1 from ledger where entry_kind_code <> 'credit'
        group by subject_kind_code, subject_id, indicator_id, entry_kind_code having count(*) > 1""",
    "a subject repaired beyond its damage": """
        select 1 from ledger group by subject_kind_code, subject_id having sum(points) < 0""",
    "a row posted outside the world": """
        select 1 from ledger where posted_on not between date '2026-05-01' and date '2026-06-30'""",
    "a row felt after the horizon": """
        select 1 from ledger where felt_at > timestamptz '2026-07-01 00:00:00+08'""",
    "handling judged before there is a month to compare with": """
        select 1 from ledger
        where indicator_id = 'AGT-06' and felt_at < timestamptz '2026-06-01 00:00:00+08'""",
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
    "a credit limited by what is left": """
        select 1 from ledger where entry_kind_code = 'credit' and points <> offered_points""",
    "a credit in a later month than the damage": """
        select 1 from ledger as credit
        semi join ledger as debit on debit.subject_id = credit.subject_id and debit.entry_kind_code = 'debit'
            and month(debit.posted_on) < month(credit.posted_on)
        where credit.entry_kind_code = 'credit'""",
    "a chain of contacts cut after its second day": """
        select substring(incident_id, 1, 11) from ledger where incident_id like '%-D%'
        group by 1 having count(distinct incident_id) >= 3""",
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_the_ledger_never_holds(delivered: duckdb.DuckDBPyConnection, what: str) -> None:
    assert delivered.execute(IMPOSSIBLE[what]).fetchall() == []


@pytest.mark.parametrize("what", NEEDED)
def test_the_ledger_holds(delivered: duckdb.DuckDBPyConnection, what: str) -> None:
    assert delivered.execute(NEEDED[what]).fetchall() != []


def test_credits_take_what_is_left_in_the_order_they_come() -> None:
    """Damage 4 on day 1 and 3 on day 5, both out of reach after 31 days; offers of 5 on days 0, 3, 6 and 37."""
    first = dt.datetime.fromisoformat("2026-05-01")
    day = [first + dt.timedelta(days=number) for number in range(40)]
    offers = [("1", "contact", day[number], "REP-01", 5, "c", f"on day {number}") for number in (0, 3, 6, 37)]
    taken = [(offer[6], points) for offer, points in settle(offers, [(day[1], 4), (day[5], 3)])]
    assert taken == [("on day 3", 4), ("on day 6", 3)]
