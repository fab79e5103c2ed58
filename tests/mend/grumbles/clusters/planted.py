"""A simulated centre with planted groups, or without any, put into the lake as the tables that loading and the grumbles
room would make of it, and clustered for its last two months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from sklearn.metrics import adjusted_rand_score
from tests.mend.grumbles.association.worlds import put

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters import ClusterReport, fit_clusters
from mend.simulate import world
from mend.simulate.groups import TRUTH
from mend.simulate.settings import WORLD, World, install

KINDS: Final = ("value", "value_group", "consumption", "behaviour")
TABLES: Final = {
    "core_customer": """
        select customer_id, month_on, status_code, brand_code, birth_year, joined_on, arpu_amount
        from clean_customer""",
    "core_contact": """
        select contact_id, customer_id, cast(started_at as timestamptz) as started_at, started_on, direction_code,
            touchpoint_code, outcome, topic_code, queue_seconds, is_abandoned, is_answered, mood_code
        from clean_contact""",
    "mart_grumble": """
        select 'contact:' || contact_id as grumble_id, customer_id, cast(started_at as timestamptz) as grumbled_at,
            cast(started_at as date) as grumbled_on, 'contact' as source_kind_code, contact_id as source_id, topic_code,
            split_part(point_code, '.', 1) as grumble_type_code, 'source' as classified_by_code,
            coalesce(is_resolved, false) as is_solved_at_once, coalesce(is_resolved, false) as is_solved
        from inbound_contact
        where has_grumble and customer_id is not null""",
    "mart_complaint": """
        select ticket_id as complaint_id, customer_id, cast(opened_at as timestamptz) as complained_at,
            cast(opened_at as date) as complained_on, split_part(point_code, '.', 1) as complaint_type_code,
            'source' as classified_by_code, is_escalated
        from clean_ticket left join (select contact_id, point_code from inbound_contact) using (contact_id)
        where kind_code = 'complaint'""",
}


@dataclass(frozen=True)
class Lived:
    """The last month's report, the adjusted Rand index of each kind against the truth, and the claims' states."""

    report: ClusterReport
    rand: Mapping[str, float]
    claims: Mapping[str, str]


def live(home: Home, bench: Workbench, groups: str, seed: int, customers: int) -> Lived:
    """Three months of a centre, clustered month by month as an operator would."""
    asked = World(customers, "2026-05", 3, seed, groups=groups)
    with duckdb.connect() as connection:
        connection.execute(f"set TimeZone = '{WORLD['zone']}'")
        install(connection, asked)
        world.live(connection, 1, customers)
        for table, query in TABLES.items():
            put(bench, table, connection.sql(query).to_arrow_table())
        truth = {row[0]: dict(zip(("value", "value_group", "consumption", "behaviour"), row[1:], strict=True))
                 for row in connection.sql(TRUTH).fetchall()}  # fmt: skip
    fit_clusters(home, bench, "2026-06")
    report = fit_clusters(home, bench, "2026-07")
    bench.view("mart_customer_cluster")
    bench.view("mart_cluster_profile")
    columns = ", ".join(f"{kind}_code" for kind in KINDS)
    found = bench.sql(f"select customer_id, {columns} from mart_customer_cluster where month = '2026-07'")
    claims = bench.sql("select cluster_code, claim_state_code from mart_cluster_profile where month = '2026-07'")
    return Lived(
        report,
        {kind: _rand([(truth[row[0]][kind], row[place]) for row in found]) for place, kind in enumerate(KINDS, 1)},
        dict(claims),
    )


def _rand(pairs: list[tuple[Any, Any]]) -> float:
    true, found = zip(*pairs, strict=True)
    return float(adjusted_rand_score(true, found))
