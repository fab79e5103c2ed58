"""Simulated months as core tables and ledger in the lake, without extraction and scoring: seconds, not minutes."""

from __future__ import annotations

from collections.abc import Sequence
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
from mend.simulate.faults import Fault, install_faults
from mend.simulate.settings import WORLD, World, install

RULES: Final = load_rules()


def load(
    bench: Workbench, customers: int, months: Sequence[str], seed: int, faults: Sequence[Fault] = (), outages: int = 0
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
        install_faults(connection, faults)
        world.live(connection, 1, customers)
        truth.count_handling(connection)
        truth.find_medians(connection)
        truth.derive(connection)
        _put(bench, connection, "core_contact", "clean_contact")
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


def _put(bench: Workbench, connection: duckdb.DuckDBPyConnection, table: str, source: str) -> None:
    """Columns that the world has not got are empty; those that must not be get what its type allows."""
    rows = connection.sql(f"from {source}")
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
