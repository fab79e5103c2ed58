"""`mend sql` reads the lake's tables and nothing else, whatever it is asked."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from tests.mend.foundation.lake.position_deletes import delete_rows

from mend.foundation.home import Home, HomeError
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.query.query import QueryError, read
from mend.query.session import opened
from mend.query.time_limit import TimeLimitError

SECRET = "13812345678"
Rows = list[tuple[object, ...]]


def rows(home: Home, query: str, is_masked: bool = True, seconds: float | None = None) -> Rows:
    asked = read(query)
    with opened(home, asked, is_masked, seconds) as session:
        return session.rows(asked)


def told(home: Home, query: str) -> str:
    """All that a query tells, be it an error."""
    try:
        return str(rows(home, query))
    except QueryError as error:
        return str(error)


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
    ("select * from nowhere", "there is no table nowhere; the tables are:\n  campaign_gate\n  core_callback_booking"),
    ("select * from lake.core_contact", "there is no table lake.core_contact"),
    ("select * from information_schema.tables", "there is no table information_schema.tables"),
    ("select * from _unmasked_core_customer", "there is no table _unmasked_core_customer"),
    ("describe '/etc/passwd'", "there is no table /etc/passwd"),
    ("select * from duckdb_views", "there is no table duckdb_views"),
    ("from sqlite_master", "there is no table sqlite_master"),
    ("select * from pg_catalog.pg_views", "there is no table pg_catalog.pg_views"),
    ("select * from system.information_schema.views", "there is no table system.information_schema.views"),
    ("select * from main.core_customer", "there is no table main.core_customer"),
    ("select * from temp.core_customer", "there is no table temp.core_customer"),
    ("show tables", "shows no catalogue"),
    ("from (show all tables)", "shows no catalogue"),
    ("describe", "shows no catalogue"),
    ("explain select * from core_customer", "not explain"),
    ("explain analyze select * from core_customer", "not explain"),
    ("export database 'x'", "not export"),
    ("load httpfs", "not load"),
    ("use temp", "not set"),
    ("reset threads", "not set"),
    ("prepare p as select 1", "not prepare"),
    ("execute p", "not execute"),
    ("create temp macro m() as table select 1", "not create"),
    ("checkpoint", "not"),
    ("vacuum", "not vacuum"),
    ("begin", "not transaction"),
    ("set variable x = 1", "not set"),
    ("select 1 /* ; */; /* drop */ drop table core_contact --", "not select, drop"),
    ("select * from core_customer, read_parquet('x')", r"read_parquet\(...\) is not allowed"),
    ("select * from READ_PARQUET('x')", r"read_parquet\(...\) is not allowed"),
    ("select * from \"read_parquet\"('x')", r"read_parquet\(...\) is not allowed"),
    ("select * from system.main.read_parquet('x')", r"read_parquet\(...\) is not allowed"),
    ("select * from parquet_metadata('x')", r"parquet_metadata\(...\) is not allowed"),
    (
        "select * from range(1) r(x), lateral (select * from read_text('/etc/passwd'))",
        r"read_text\(...\) is not allowed",
    ),
    ("select 1 where exists (select 1 union all (from sniff_csv('x')))", r"sniff_csv\(...\) is not allowed"),
    ("select * from json_execute_serialized_sql('x')", r"json_execute_serialized_sql\(...\) is not allowed"),
    (
        "select * replace ((from duckdb_settings()) as customer_id) from core_customer",
        r"duckdb_settings\(...\) is not allowed",
    ),
    ("select 1 order by (select 1 from duckdb_secrets())", r"duckdb_secrets\(...\) is not allowed"),
    ("from core_customer pivot (count(*) for city_code in ('x')), glob('*')", r"glob\(...\) is not allowed"),
]

# A name is a common table expression in one place, and something else in another.
SHADOWED = [
    "select * from {0} where exists (with {0} as (select 1) select 1 from {0})",
    "select (with {0} as (select 1) select count(*) from {0}), (select count(*) from {0})",
    "with a as (select * from {0}), {0} as (select 1) select * from a",
    "with {0} as (select * from {0}) select * from {0}",
    "(with {0} as (select 1) select * from {0}) union all select count(*) from {0}",
    "select * from (with {0} as (select 1) select * from {0}) x, lateral (select * from {0}) y",
    (
        "with recursive {0} as (select count(*) as n from {0} union all select n + 1 from {0} where n < 3) select * from "  # noqa: E501
        "{0}"
    ),
    (
        "with recursive r as ((with {0} as (select 1 as n) select n from {0}) union all select r.n + 1 from r, {0}) "
        "select * from r"
    ),
    "select 1 from range(1) order by (with {0} as (select 1) select 1 from {0}), (select count(*) from {0})",
    "describe select * from {0} where 1 in (with {0} as (select 1) select 1 from {0})",
]
BEHIND = [
    "duckdb_views",
    "sqlite_master",
    "_unmasked_core_customer",
    '"x.parquet"',
    '"/etc/passwd"',
    "open_month",
    '"a b"',
]


@pytest.mark.parametrize("name", BEHIND)
@pytest.mark.parametrize("query", SHADOWED)
def test_a_name_is_looked_up_where_it_stands(query: str, name: str) -> None:
    plain = name.strip('"')
    with pytest.raises(QueryError, match=f"there is no table {plain}"):
        read(query.format(name))


@pytest.mark.parametrize(
    "query",
    [
        "with a as (select 1 as x), b as (select * from a) select * from b, (select * from a) c",
        "with a as (select 1 as x) select (select max(x) from a) from a order by (select max(x) from A)",
        "with a as (select 1 as x) select * from a union all select * from a",
        "with a as (select 1 as x) select * from (with b as (from a) select * from b, a)",
        'with "Ä b" as (select 1 as x) select * from "Ä b"',
        (
            "with recursive r as (select 1 as x union all (with s as (select x + 1 as x from r where x < 3) from s)) from "  # noqa: E501
            "r"
        ),
        "with core_ticket as (select 1 as x) select * from core_ticket",
    ],
)
def test_an_expression_is_seen_where_it_may_be(home: Home, bench: Workbench, query: str) -> None:
    assert read(query).tables == frozenset()
    assert rows(home, query)


ATTACKS = [
    "select * from core_customer",
    "with core_customer as (select * from core_customer) select * from core_customer",
    (
        "select phone_number from core_customer where exists (with core_customer as (select 1) select 1 from "
        "core_customer)"
    ),
    "with a as (select * from core_customer), core_customer as (select 1) select * from a",
    (
        "with x as materialized (from core_customer) select list(phone_number), min(phone_number), "
        "histogram(phone_number) from x"
    ),
    "select c from core_customer c",
    "select c.* exclude (customer_id) from core_customer c",
    "select columns('phone.*') from core_customer",
    'select "core_customer"."PHONE_NUMBER" from "CORE_CUSTOMER"',
    "select unnest(c) from core_customer c",
    "select to_json(c) from core_customer c",
    "select * from core_customer union all by name select * from core_customer",
    "select x.phone_number from range(1) r, lateral (select * from core_customer) x",
    "summarize core_customer",
    "describe core_customer",
    "select stats(phone_number) from core_customer",
    "select cast(phone_number as bigint) from core_customer",
    "select error(phone_number) from core_customer",
    "select phone_number::json from core_customer",
    "select * replace (reverse(phone_number) as phone_number) from core_customer",
    "select * rename (phone_number as x) from core_customer",
    "unpivot (select phone_number, customer_id from core_customer) on phone_number, customer_id",
    "select string_agg(phone_number order by phone_number) over () from core_customer",
    "select substring(phone_number, i, 1) from core_customer, range(1, 20) r(i)",
    "select 1 from core_customer where phone_number like '%12345678'",
    "select 1 from core_customer where phone_number[7:10] = '1234'",
    "select core_customer.phone_number.a from core_customer",
    "select current_query() from core_customer",
    "select filename from core_customer",
    "select file_row_number, rowid from core_customer",
    "select stored.phone_number from core_customer",
    "select * from core_customer natural join core_customer as again",
    "from core_customer select phone_number /* from */ -- core_ticket",
    "select json_serialize_sql('select * from core_customer')",
]


@pytest.mark.parametrize("query", ATTACKS)
def test_no_query_tells_a_personal_value(home: Home, bench: Workbench, customer: None, query: str) -> None:
    said = told(home, query)
    assert SECRET not in said
    assert SECRET[3:7] not in said
    assert SECRET[::-1] not in said


def test_the_session_holds_nothing_that_is_not_masked(home: Home, bench: Workbench, customer: None) -> None:
    """Even a query that was not looked at: whatever has a name in the engine, its values are masked."""
    asked = read("select * from core_customer, mart_damage_month")
    with opened(home, asked) as session:
        names = session.engine.run("select view_name from duckdb_views() where not internal").fetchall()
        assert sorted(names) == [("core_customer",), ("mart_damage_month",)]
        assert session.engine.run("select count(*) from duckdb_tables()").fetchall() == [(0,)]
        for (name,) in names:
            assert SECRET not in str(session.engine.run(f"select * from {name}").fetchall())


def test_a_month_to_date_shows_no_customer_unmasked(home: Home, bench: Workbench, customer: None) -> None:
    """Working out an open month reads snapshots of customers under names of its own."""
    values = {"customer_id": "'c1'", "subject_on": "date '2026-03-05'", "posted_on": "date '2026-03-05'"}
    put(
        bench,
        "mart_exposure_day",
        **values,
        contact_count="1",
        incident_count="1",
        last_contact_at="now()",
        last_contact_id="'k1'",
    )
    query = "select m.month, c.phone_number from mart_damage_month m join core_customer c using (customer_id)"
    assert rows(home, query) == [("2026-03", "+86138****78")]


def test_rows_that_were_deleted_stay_so(home: Home, bench: Workbench) -> None:
    put(
        bench,
        "core_quarantine",
        **{c.name: "1" if c.type == "long" else "'x'" for c in TABLES["core_quarantine"].columns}
        | {"arrived_on": "date '2026-03-01'"},
    )
    file = bench.lake.files("core_quarantine")[0]
    delete_rows(bench.lake.table("core_quarantine", fresh=True), file.path, [0])
    assert rows(home, "select count(*) from core_quarantine") == [(0,)]


ENDLESS = [
    "select count(*) from range(1000000000000)",
    "select sum(a.range * b.range) from range(10000000) a, range(10000000) b",
    "with recursive r as (select 1 as x union all select x + 1 from r) select count(*) from r",
    "select sleep_ms(600000)",
    "select * from range(1000000000000) r(x) where x < 0",
]


@pytest.mark.parametrize("query", ENDLESS)
def test_a_query_ends_at_its_limit(home: Home, bench: Workbench, query: str) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeLimitError, match=r"ran for more than 1 s\..*--limit-seconds"):
        rows(home, query, seconds=1)
    assert time.monotonic() - begun < 20
    assert not list(home.scratch.glob("sql-*"))


def test_only_the_time_of_the_engine_counts(home: Home, bench: Workbench) -> None:
    """Somebody who reads page after page has all the time they need."""
    asked = read("select * from range(100000)")
    with opened(home, asked, seconds=2) as session:
        result = session.run(asked)
        first = session.fetch(result, 10)
        time.sleep(2.5)
        assert (len(first), len(session.fetch(result, 99_990)), session.fetch(result)) == (10, 99_990, [])


def test_the_limit_is_a_setting(home: Home) -> None:
    assert Home(home.root, {}).sql_limit_seconds == 60
    assert Home(home.root, {"MEND_SQL_LIMIT_SECONDS": "5"}).sql_limit_seconds == 5
    for value in ("0", "-1", "1.5", "soon"):
        with pytest.raises(HomeError, match=f"MEND_SQL_LIMIT_SECONDS must be a whole number from 1, not '{value}'"):
            _ = Home(home.root, {"MEND_SQL_LIMIT_SECONDS": value}).sql_limit_seconds


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
    assert rows(home, query) == [("c1", "+86138****78")]
    assert rows(home, query, is_masked=False) == [("c1", "+8613812345678")]


def test_a_condition_on_a_masked_column_tells_nothing(home: Home, bench: Workbench, customer: None) -> None:
    assert rows(home, "select 1 from core_customer where phone_number = '+8613812345678'") == []


@pytest.mark.parametrize("table", [table for table in TABLES.values() if any(c.personal for c in table.columns)])
def test_every_personal_column_of_every_table_is_masked(home: Home, bench: Workbench, table: object) -> None:
    name = table.name  # type: ignore[attr-defined]
    kinds = {"date": "date '2026-03-01'", "string": "'13812345678secret'", "long": "1", "timestamp": "now()"}
    put(bench, name, **{c.name: kinds.get(c.type, "null") for c in TABLES[name].columns if c.required or c.personal})
    personal = ", ".join(c.name for c in TABLES[name].columns if c.personal)
    for row in rows(home, f"select {personal} from {name}"):
        assert not [value for value in row if value is None or "45678secret" in str(value)]


def test_the_engine_is_locked_when_the_query_runs(home: Home, bench: Workbench, customer: None, tmp_path: Path) -> None:
    """The second line: even a query that slipped through reads no file but its tables' own, and changes no setting."""
    (tmp_path / "secret.csv").write_text("a\n1\n")
    put(
        bench,
        "core_ticket",
        ticket_id="'t1'",
        customer_id="'c1'",
        kind_code="'enquiry'",
        opened_on="date '2026-03-01'",
        opened_at="now()",
    )
    other = bench.lake.files("core_ticket")[0].path.removeprefix("file://")
    folder = home.warehouse.removeprefix("file://")
    with opened(home, read("select count(*) from core_customer")) as session:
        for statement in (
            f"select * from read_csv('{tmp_path}/secret.csv')",
            f"select * from '{tmp_path}/secret.csv'",
            f"select * from read_parquet('{other}')",
            f"select * from '{other}'",
            f"select * from glob('{folder}/**/*.parquet')",
            f"copy (select 1) to '{tmp_path}/out.csv'",
            f"copy (select 1) to '{other}'",
            f"attach '{tmp_path}/other.db'",
            "install httpfs",
            "set enable_external_access = true",
            "set allowed_paths = ['/']",
            "reset lock_configuration",
        ):
            with pytest.raises(
                Exception, match=r"disabled by configuration|has been locked|does not exist|unable to access"
            ):
                session.engine.run(statement).fetchall()
        frame = [(1,)]  # a name of this process, not of the lake
        with pytest.raises(Exception, match="does not exist"):
            session.engine.run("select * from frame")
        assert frame


def test_a_query_that_needs_more_memory_than_allowed_spills(home: Home) -> None:
    small = Home(home.root, {**home.settings, "MEND_MEMORY_LIMIT": "150MB"})
    query = "select count(*) from (select r, md5(r::varchar) as m from range(3000000) t(r) order by m)"
    assert rows(small, query + " where r >= 0") == [(3_000_000,)]
    heavy = "select count(distinct m) from (select md5(r::varchar) || repeat('x', 60) as m from range(2000000) t(r))"
    assert rows(small, heavy) == [(2_000_000,)]


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
    found = rows(home, "select month, customer_id, contact_count, is_closed from mart_damage_month")
    assert found == [("2026-03", "c1", 2, False)]


def test_times_are_those_of_the_business_zone(home: Home, bench: Workbench) -> None:
    assert rows(home, "select timestamptz '2026-03-05 16:00+00'::date") == [(dt.date(2026, 3, 6),)]
