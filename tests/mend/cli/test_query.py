"""`mend sql` reads the lake's tables and nothing else, whatever it is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mend.cli.query import QueryError, read, run
from mend.home import Home
from mend.lake.filters import every_row
from mend.schema import TABLES
from mend.workbench import Workbench


def rows(home: Home, bench: Workbench, query: str, is_masked: bool = True) -> list[tuple[object, ...]]:
    return run(home, bench, read(query), is_masked).fetchall()


def put(bench: Workbench, table: str, **values: str) -> None:
    """One row of the table; the columns not given are empty."""
    given = [f"{values.get(column.name, 'null')} as {column.name}" for column in TABLES[table].columns]
    bench.replace(table, f"select {', '.join(given)}", every_row())


@pytest.fixture
def customer(bench: Workbench) -> None:
    put(bench, "core_customer", customer_id="'c1'", month_on="date '2026-03-01'", phone_number="'+8613812345678'")


REFUSED = [
    ("drop table core_contact", "not drop"),
    ("delete from core_contact", "not delete"),
    ("insert into core_contact select * from core_contact", "not insert"),
    ("update core_contact set agent_id = 'x'", "not update"),
    ("create table t as select 1", "not create"),
    ("copy core_contact to 'out.csv'", "not copy"),
    ("attach 'other.db'", "not attach"),
    ("set threads = 1", "not set"),
    ("pragma database_list", "mend sql"),
    ("install httpfs", "not load"),
    ("call pragma_version()", "mend sql"),
    ("select 1; select 2", "not select, select"),
    ("select 1; drop table core_contact", "not select, drop"),
    ("", "not nothing"),
    ("select", "without selection list"),
    ("select * from read_csv('/etc/passwd')", r"read_csv\(...\) is not allowed"),
    ("select * from read_parquet('x.parquet')", r"read_parquet\(...\) is not allowed"),
    ("select * from read_text('/etc/passwd')", r"read_text\(...\) is not allowed"),
    ("select * from glob('/*')", r"glob\(...\) is not allowed"),
    ("select * from query('select 1')", r"query\(...\) is not allowed"),
    ("select * from query_table('core_contact')", r"query_table\(...\) is not allowed"),
    ("select * from duckdb_views()", r"duckdb_views\(...\) is not allowed"),
    ("select (select max(x) from range(3) r(x), read_blob('/etc/passwd'))", r"read_blob\(...\) is not allowed"),
    ("with c as (from read_json('x')) select 1 from c", r"read_json\(...\) is not allowed"),
    ("select * from '/etc/passwd'", "there is no table /etc/passwd; the tables are"),
    ("select * from 'lake/x.parquet'", "there is no table lake/x.parquet"),
    ("select * from nowhere", "there is no table nowhere; the tables are:\n  core_callback_booking"),
    ("select * from lake.core_contact", "there is no table lake.core_contact"),
    ("select * from information_schema.tables", "there is no table information_schema.tables"),
    ("select * from _unmasked_core_customer", "there is no table _unmasked_core_customer"),
    ("describe '/etc/passwd'", "there is no table /etc/passwd"),
]


@pytest.mark.parametrize(("query", "reason"), REFUSED, ids=[query[:40] or "empty" for query, _ in REFUSED])
def test_what_does_not_only_read_the_lake_is_refused(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        read(query)


@pytest.mark.parametrize(
    ("query", "tables"),
    [
        ("select 1", set()),
        ("from core_contact", {"core_contact"}),
        ("select * from CORE_CONTACT c join core_ticket t using (contact_id)", {"core_contact", "core_ticket"}),
        ("with c as (select * from core_contact) select * from c", {"core_contact"}),
        ("select (select count(*) from core_ticket) from range(3)", {"core_ticket"}),
        ("describe core_contact", {"core_contact"}),
        ("with recursive r as (select 1 as x union all select x + 1 from r where x < 3) select * from r", set()),
    ],
)
def test_a_query_names_its_tables(query: str, tables: set[str]) -> None:
    assert read(query).tables == tables


def test_personal_columns_are_masked_unless_asked_otherwise(home: Home, bench: Workbench, customer: None) -> None:
    query = "select customer_id, phone_number from core_customer"
    assert rows(home, bench, query) == [("c1", "+86138****78")]
    with Workbench.open(home) as other:
        assert rows(home, other, query, is_masked=False) == [("c1", "+8613812345678")]


def test_a_condition_on_a_masked_column_tells_nothing(home: Home, bench: Workbench, customer: None) -> None:
    assert rows(home, bench, "select 1 from core_customer where phone_number = '+8613812345678'") == []


@pytest.mark.parametrize("table", [table for table in TABLES.values() if any(c.personal for c in table.columns)])
def test_every_personal_column_of_every_table_is_masked(home: Home, bench: Workbench, table: object) -> None:
    name = table.name  # type: ignore[attr-defined]
    kinds = {"date": "date '2026-03-01'", "string": "'13812345678secret'", "long": "1", "timestamp": "now()"}
    put(bench, name, **{c.name: kinds.get(c.type, "null") for c in TABLES[name].columns if c.required or c.personal})
    personal = ", ".join(c.name for c in TABLES[name].columns if c.personal)
    for row in rows(home, bench, f"select {personal} from {name}"):
        assert not [value for value in row if value is None or "45678secret" in str(value)]


def test_the_engine_is_locked_when_the_query_runs(home: Home, bench: Workbench, customer: None, tmp_path: Path) -> None:
    """The second line: even a query that slipped through reads nothing outside the lake and changes no setting."""
    (tmp_path / "secret.csv").write_text("a\n1\n")
    rows(home, bench, "select count(*) from core_customer")
    for statement in (
        f"select * from read_csv('{tmp_path}/secret.csv')",
        f"copy (select 1) to '{tmp_path}/out.csv'",
        f"attach '{tmp_path}/other.db'",
        "set enable_external_access = true",
        "reset lock_configuration",
    ):
        with pytest.raises(Exception, match=r"disabled by configuration|has been locked"):
            bench.execute(statement)


def test_a_query_that_needs_more_memory_than_allowed_spills(home: Home) -> None:
    small = Home(home.root, {**home.settings, "MEND_MEMORY_LIMIT": "150MB"})
    with Workbench.open(small) as bench:
        query = "select count(*) from (select r, md5(r::varchar) as m from range(3000000) t(r) order by m)"
        assert rows(small, bench, query + " where r >= 0") == [(3_000_000,)]
        heavy = "select count(distinct m) from (select md5(r::varchar) || repeat('x', 60) as m from range(2000000) t(r))"
        assert bench.sql(heavy) == [(2_000_000,)]


def test_a_month_that_is_not_closed_is_shown_to_date(home: Home, bench: Workbench) -> None:
    put(
        bench,
        "mart_exposure_day",
        customer_id="'c1'",
        subject_on="date '2026-03-05'",
        posted_on="date '2026-03-05'",
        contact_count="2",
        incident_count="1",
        last_contact_at="now()",
        last_contact_id="'k1'",
    )
    found = rows(home, bench, "select month, customer_id, contact_count, is_closed from mart_damage_month")
    assert found == [("2026-03", "c1", 2, False)]


def test_times_are_those_of_the_business_zone(home: Home, bench: Workbench) -> None:
    assert rows(home, bench, "select timestamptz '2026-03-05 16:00+00'::date") == [(dt.date(2026, 3, 6),)]
