"""The candidates of a month's list, published for "why are they on it, or not": written once, as a version is."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from mend.foundation import operations
from mend.foundation.copying import copy_rows
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.operations.statements import statement
from mend.foundation.operations.tables import METADATA
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.query.pages.reading import ROOM
from mend.repair.campaign.versions import versions_of

MONTHS_KEPT: Final = 3
OF_LAKE: Final = {
    "mart_campaign_gate": "gate_file",
    "mart_campaign_list": "row_file",
    "mart_campaign_gate_pattern": "pattern_file",
}
TABLES: Final = ("page_candidate", "page_candidate_pattern")


def publish_candidates(home: Home, bench: Workbench, month: str) -> int:
    """Publish the candidates of the month's versions that are not there yet; how many. Older months go."""
    count = 0
    for each in versions_of(bench, month):
        with operations.transaction(home.database_url) as connection:
            connection.execute(statement(ROOM, "one_at_a_time"))
            count += _publish(home, bench, connection, month, each.version)
    with operations.transaction(home.database_url) as connection:
        connection.execute(statement(ROOM, "one_at_a_time"))
        connection.execute(statement(ROOM, "forget_candidates"), {"kept": MONTHS_KEPT})
        connection.execute(statement(ROOM, "forget_candidate_patterns"))
    return count


def _publish(home: Home, bench: Workbench, connection: Connection, month: str, version: int) -> int:
    values = {"month": month, "version": version, "list_id": f"{month}-v{version}"}
    if connection.execute(statement(ROOM, "candidates_published"), {"list_id": values["list_id"]}).first():
        return 0
    with open_step(bench, "candidates for pages") as step:
        for table, name in OF_LAKE.items():
            step.view(table, name, where=all_of(equal("month", month), equal("version", version)))
        for table in TABLES:
            step.run(read_model(ROOM, table), values)
            _copy(home, step, connection, table)
        return step.count("page_candidate")


def _copy(home: Home, step: Step, connection: Connection, table: str) -> None:
    columns = ", ".join(column.name for column in METADATA.tables[table].columns)
    step.put_table("staged_row", f"select {columns} from {table}")
    copy_rows(home, step, connection, "staged_row", f"{table} ({columns})")
    step.drop("staged_row")
