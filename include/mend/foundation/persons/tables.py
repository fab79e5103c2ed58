"""Persons on a workbench: aliases read from the lake, and a month's tables seen by person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa

from mend.foundation.lake.filters import at_most
from mend.foundation.persons.resolving import Alias, Person, resolved
from mend.foundation.pipeline.workbench import Workbench

READ = (
    "select old_customer_id, new_customer_id, merged_on from alias_file where merged_on <= $day and is_cancelled "
    "is not true"
)
# The row of a person in a month is that under the id they go by; where there is none, that of the first of their other
# ids.
ONE_A_MONTH = """
with
touched as (select customer_id from person_of_customer union select person_id from person_of_customer),
named as (
    select all_row.*, coalesce(person_id, all_row.customer_id) as person_id
    from {name}_by_id as all_row
    semi join touched using (customer_id)
    left join person_of_customer using (customer_id)
),
chosen as (
    select * from named
    qualify row_number() over (partition by person_id, month_on order by customer_id = person_id desc, customer_id) = 1
)
select * from {name}_by_id anti join touched using (customer_id)
union all by name
select * exclude (person_id) replace (person_id as customer_id) from chosen
"""
BY_PERSON = """
select all_row.* replace (coalesce(person_id, all_row.customer_id) as customer_id)
from {name}_by_id as all_row
left join person_of_customer using (customer_id)
"""


def aliases(bench: Workbench, day: dt.date) -> list[Alias]:
    """The aliases that hold on a day."""
    if not bench.view("core_customer_alias", where=at_most("merged_on", day), as_name="alias_file"):
        return []
    return [Alias(*row) for row in bench.sql(READ, {"day": day})]


def persons_of(bench: Workbench, day: dt.date) -> dict[str, Person]:
    """The person of each id that became another by a day."""
    return resolved(aliases(bench, day), day)


def view_persons(bench: Workbench, day: dt.date) -> int:
    """Make the table `person_of_customer` (customer_id, person_id, doubt_code) as of a day; gives its rows."""
    persons = persons_of(bench, day)
    put_persons(bench, "person_of_customer", persons)
    return len(persons)


def put_persons(bench: Workbench, name: str, persons: Mapping[str, Person]) -> None:
    """A temporary table of persons."""
    columns = {
        "customer_id": pa.array(list(persons), pa.string()),
        "person_id": pa.array([person.person_id for person in persons.values()], pa.string()),
        "doubt_code": pa.array([person.doubt for person in persons.values()], pa.string()),
    }
    bench.engine.connection.register("_person", pa.table(columns))
    bench.execute(f"create or replace temp table {name} as select * from _person")
    bench.engine.connection.unregister("_person")


def by_person(bench: Workbench, name: str, is_snapshot: bool = False) -> None:
    """The view `<name>_by_id` as `<name>`, with a person's rows under the id they go by. Of snapshots one row a month
    stays.
    """
    query = ONE_A_MONTH if is_snapshot else BY_PERSON
    bench.execute(f"create or replace temp view {name} as {query.format(name=name)}")
