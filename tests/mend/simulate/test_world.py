"""What a service manager would look at first: does this centre look like one, and is every rule tried on both sides?"""

from __future__ import annotations

import duckdb
import pytest

from mend.foundation.schema import CODES, RECORDS
from mend.simulate import World
from mend.simulate.settings import install
from mend.simulate.world import PERSONAL_RECORDS, live

INDICATORS = tuple(
    f"{stage}-{number:02d}"
    for stage, count in (("IVR", 12), ("CON", 7), ("AGT", 9), ("RES", 8), ("REP", 8))
    for number in range(1, count + 1)
)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_and_credit_occurs(delivered: duckdb.DuckDBPyConnection, indicator: str) -> None:
    query = "select count(*) from ledger where indicator_id = ? and entry_kind_code <> 'cap'"
    ((count,),) = delivered.execute(query, [indicator]).fetchall()
    assert count >= 3


def test_the_centre_looks_like_one(delivered: duckdb.DuckDBPyConnection) -> None:
    ((abandoned, failed, dropped, contacts_a_month),) = delivered.execute("""
        select
            avg((is_abandoned = '1')::integer) / avg((queue_seconds is not null)::integer) as abandoned_of_queued,
            avg((ivr_result_code = 'failed')::integer) as self_service_failed,
            avg((is_dropped = '1')::integer) as dropped,
            count(*) / 2000 / 2 as contacts_a_month
        from contact where direction_code = 'inbound' and contact_id not like '%-D%'""").fetchall()
    assert 0.04 < abandoned < 0.09
    assert 0.04 < failed < 0.12
    assert 0.004 < dropped < 0.02
    assert 1.7 < contacts_a_month < 2.3


def test_some_call_again_and_again_and_many_not_at_all(delivered: duckdb.DuckDBPyConnection) -> None:
    ((callers, most, share_of_heavy),) = delivered.execute("""
        with counted as (
            select customer_id, count(*) as contacts from contact
            where contact_id not like '%-D%' and customer_id is not null group by customer_id
        )
        select count(*), max(contacts), sum(case when contacts >= 10 then contacts end) / sum(contacts)
        from counted""").fetchall()
    assert callers < 1850
    assert most > 20
    assert 0.15 < share_of_heavy < 0.6


def test_busy_hours_are_busy(delivered: duckdb.DuckDBPyConnection) -> None:
    ((morning, night),) = delivered.execute("""
        select
            count(case when started_at[12:13] in ('09', '10', '11') then 1 end),
            count(case when started_at[12:13] in ('02', '03', '04') then 1 end)
        from contact where contact_id not like '%-D%'""").fetchall()
    assert morning > 8 * night


def test_an_outage_shows_in_its_city_and_hour(delivered: duckdb.DuckDBPyConnection) -> None:
    """Refused lines come in clusters: some hour of the two months has several, though they are rare."""
    ((most, share),) = delivered.execute("""
        with hourly as (
            select
                started_at[1:13] as hour, count(case when is_refused = '1' then 1 end) as refused, count(*) as contacts
            from contact where contact_id not like '%-D%' group by 1
        )
        select max(refused), sum(refused) / sum(contacts) from hourly""").fetchall()
    assert most >= 3
    assert share < 0.04


def test_levels_spread_as_in_life(delivered: duckdb.DuckDBPyConnection) -> None:
    band = "case when score < 5 then 1 when score < 15 then 2 when score < 30 then 3 else 4 end"
    query = f"select {band}, count(*) / 2000 from month where month_on = date '2026-06-01' and score > 0 group by 1"
    share = dict(delivered.execute(query).fetchall())
    assert share[1] > share[2] > share[3] > share[4]
    assert share[3] < 0.08
    assert share[4] < 0.02
    assert share[2] + share[3] + share[4] < 0.4


@pytest.mark.parametrize(
    ("column", "boundary"),
    [("queue_seconds", 10), ("queue_seconds", 60), ("queue_seconds", 180), ("hold_seconds", 120), ("ivr_seconds", 180)],
)
def test_values_stand_on_the_boundary_and_beside_it(
    delivered: duckdb.DuckDBPyConnection, column: str, boundary: int
) -> None:
    query = f"select distinct {column}::integer from contact where {column} between ? and ? order by 1"
    beside = [str(boundary - 1), str(boundary), str(boundary + 1)]
    found = delivered.execute(query.replace("between ? and ?", "in (?, ?, ?)"), beside).fetchall()
    assert found == [(boundary - 1,), (boundary,), (boundary + 1,)]


def test_redials_stand_on_the_edge_of_the_incident(delivered: duckdb.DuckDBPyConnection) -> None:
    gaps = delivered.execute("""
        with timed as (
            select customer_id, contact_id, started_at::timestamptz as at_time from contact
            where direction_code = 'inbound' and customer_id is not null
        )
        select distinct date_diff('second', this.at_time, later.at_time) as gap
        from timed as this join timed as later using (customer_id)
        where this.contact_id <> later.contact_id and gap in (0, 1799, 1800, 1801)""").fetchall()
    assert {gap for (gap,) in gaps} == {0, 1799, 1800, 1801}


def test_incidents_cross_midnight_and_the_end_of_the_month(delivered: duckdb.DuckDBPyConnection) -> None:
    crossings = delivered.execute("""
        select distinct contact.started_at[:10]::date as later_on, first.started_at[:10]::date as first_on
        from ledger
        join contact on contact.contact_id = ledger.subject_id
        join contact as first on first.contact_id = ledger.incident_id
        where ledger.subject_kind_code = 'contact' and first_on <> later_on""").fetchall()
    assert {(later - first).days for later, first in crossings} == {1}
    assert any(first.month != later.month for later, first in crossings)


def test_codes_are_those_of_the_contract(delivered: duckdb.DuckDBPyConnection) -> None:
    coded = [(record, column) for record in ("contact", "ticket") for column in RECORDS[record].columns if column.codes]
    for record, column in coded:
        query = f"select distinct {column.name} from {record} where {column.name} is not null"
        found = {code for (code,) in delivered.execute(query).fetchall()}
        assert found <= set(CODES[column.codes or ""]), f"{record}.{column.name}"


def test_no_two_rows_share_a_key() -> None:
    """A larger world than the other tests look at: ids that are made from other ids must not meet."""
    asked = World(customers=15_000, first_month="2026-11", months=2, seed=11)
    with duckdb.connect() as connection:
        install(connection, asked)
        live(connection, 1, asked.customers)
        for record in PERSONAL_RECORDS:
            key = ", ".join(RECORDS[record].key)
            query = f"select {key} from clean_{record} group by all having count(*) > 1"
            assert connection.execute(query).fetchall() == [], record
