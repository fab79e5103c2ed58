"""Simulated months put into the lake as core tables and ledger, without extraction and scoring: seconds, not minutes.

The menu node follows from the topic, the agents' group from the agent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from mend.damage.scoring.indicators import put_indicators, write_indicators
from mend.damage.scoring.rules import load_rules
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.simulate import truth, world
from mend.simulate.settings import WORLD, World, install

RULES: Final = load_rules()
NODES: Final = """
    create or replace temp table source_contact as
    select * replace (
        case when ivr_kind_code is not null then topic_code || '_menu' end as ivr_node_code,
        case when agent_id is not null then center_code || '_' || (substr(agent_id, 2)::integer % 4) end
            as agent_group_code
    ) from clean_contact"""
# Every contact that ended in the node without a failed query is hurt in so many of a thousand.
FAULT: Final = """
    insert into truth_ledger by name
    select
        customer_id, started_at::date as posted_on, started_at as posted_at, 'debit' as entry_kind_code,
        'IVR-01' as indicator_id, 'contact' as subject_kind_code, contact_id as subject_id, null as cause_id,
        null as incident_id, 2 as points
    from source_contact
    where ivr_node_code = $node and started_at >= $begin and customer_id is not null
        and hash('fault' || contact_id) % 1000 < $thousandths"""


@dataclass(frozen=True)
class Fault:
    """A node that hurts more of those who use it from a moment on."""

    node: str
    begin: str
    thousandths: int


def load(
    bench: Workbench, customers: int, months: Sequence[str], seed: int, fault: Fault | None = None, outages: int = 0
) -> list[tuple[Any, ...]]:
    """Put the world in place of everything; gives its outages: city and hour."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"set TimeZone = '{WORLD['zone']}'")
        usual = WORLD["outages_per_month"]
        WORLD["outages_per_month"] = outages
        try:
            install(connection, World(customers, months[0], len(months), seed))
        finally:
            WORLD["outages_per_month"] = usual
        world.live(connection, 1, customers)
        truth.count_handling(connection)
        truth.find_medians(connection)
        truth.derive(connection)
        connection.execute(NODES)
        if fault is not None:
            connection.execute(FAULT, vars(fault))
        _put(bench, connection, "core_contact", "select *, started_at::date as started_on from (select * exclude "
             "(started_on) from source_contact)")  # fmt: skip
        _put(bench, connection, "core_ticket", "clean_ticket")
        _put(bench, connection, "core_customer", "clean_customer")
        _put(bench, connection, "mart_damage_ledger", "truth_ledger")
        close(bench, months)
        return connection.execute("select city_code, hour_at from outage order by all").fetchall()


def close(bench: Workbench, months: Sequence[str]) -> None:
    """Mark the months as closed. Handling times of the month before the first are not known."""
    with open_step(bench, "indicators") as step:
        put_indicators(step, RULES, RULES)
        write_indicators(step)
        names = list(RULES[-1].indicators)
        rows = [(month, name, not (name == "AGT-06" and month == months[0])) for month in months for name in names]
        step.put("given", {"month": "varchar", "indicator_id": "varchar", "is_measured": "boolean"}, rows)
        empty = ("not_measured_reason", "hit_count", "customer_count", "points")
        query = f"select *, {', '.join(f'null as {name}' for name in empty)} from given"
        bench.replace("mart_indicator_month", query, every_row())
    values = ", ".join(f"('{month}', 'x')" for month in months)
    bench.replace("mart_closed_month", f"select * from (values {values}) as closed(month, inputs_digest)", every_row())


def _put(bench: Workbench, connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Columns that the world has not got are empty; those that must not be get what its type allows."""
    rows = connection.sql(f"select * from ({query})" if query.startswith("select") else f"from {query}")
    bench.engine.connection.register("_given", rows.to_arrow_table())
    columns = []
    for column in TABLES[table].columns:
        kind = DUCKDB_TYPES[column.type]
        filled = {
            "varchar": "''",
            "date": f"date '{RULES[-1].valid_from}'",
            "bigint": "1",
            "integer": "1",
            "boolean": "false",
        }
        empty = filled.get(kind, "null") if column.required else "null"
        value = f'"{column.name}"' if column.name in rows.columns else empty
        columns.append(f'cast({value} as {kind}) as "{column.name}"')
    bench.replace(table, f"select {', '.join(columns)} from _given", every_row())
    bench.engine.connection.unregister("_given")
