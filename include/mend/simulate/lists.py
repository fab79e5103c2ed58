"""What a home's published lists gave, as the simulated customers feel it: `reactions.TREATMENT`."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
from sqlalchemy import select

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import first_day_of, next_month_begins
from mend.foundation.pipeline.workbench import Workbench
from mend.simulate.reactions import TREATMENT

LIST: Final = METADATA.tables["campaign_list"].c
ACTION: Final = METADATA.tables["campaign_action"].c
DONE: Final = ("planned", "queued", "to_person")  # a message withheld, or a list recalled, reaches nobody


def lists_of(home: Home, bench: Workbench) -> pa.Table:
    """Candidates of every published list and what it gave them, by list, customer and strategy; the gated are none."""
    rows: list[dict[str, Any]] = []
    for list_id, month, version in _published(home):
        campaign_on = next_month_begins(first_day_of(month))
        empty = dict.fromkeys(TREATMENT.names)
        rows += [
            empty | {"customer_id": customer, "campaign_on": campaign_on}
            for customer in _candidates(bench, month, version)
        ]
        rows += [
            empty | {"campaign_on": campaign_on, "list_id": list_id} | given for given in _actions(home, str(list_id))
        ]
    return pa.Table.from_pylist(rows, TREATMENT)


def _published(home: Home) -> list[tuple[str, str, int]]:
    query = select(LIST.list_id, LIST.month, LIST.version).where(LIST.state_code == "published").order_by(LIST.list_id)
    with operations.transaction(home.database_url) as connection:
        return [(row.list_id, row.month, row.version) for row in connection.execute(query)]


def _candidates(bench: Workbench, month: str, version: int) -> list[str]:
    bench.view(
        "mart_campaign_gate", where=all_of(equal("month", month), equal("version", version)), as_name="candidate"
    )
    query = "select customer_id from candidate where outcome_code <> 'gated' order by customer_id"
    return [customer for (customer,) in bench.sql(query)]


def _actions(home: Home, list_id: str) -> list[dict[str, Any]]:
    query = (
        select(
            ACTION.customer_id,
            ACTION.strategy_code,
            ACTION.action_code,
            ACTION.planned_on,
            ACTION.cost.label("cost_amount"),
        )
        .where(ACTION.list_id == list_id, ACTION.state_code.in_(DONE))
        .order_by(ACTION.customer_id, ACTION.strategy_code)
    )
    with operations.transaction(home.database_url) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
