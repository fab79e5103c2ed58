"""The simulated world's settings: read from world.yaml, put into DuckDB as small tables that the SQL joins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb

from mend.errors import BadConfigurationError
from mend.foundation.yaml_text import read_yaml
from mend.simulate.groups import GROUPS, NONE, install_groups
from mend.simulate.notes import install_notes
from mend.simulate.tables import spread, table

HERE: Final = Path(__file__).parent
WORLD: Final[dict[str, Any]] = read_yaml((HERE / "world.yaml").read_text(encoding="utf-8"))
FAULT_COLUMNS: Final = (
    "number integer, what varchar, code varchar, from_at timestamp, until_at timestamp, factor double"
)
NEVER: Final = datetime.fromisoformat("0001-01-01")
NO_FAULT: Final = (0, "", "", NEVER, NEVER, 1.0)  # one that nothing can have, so that the table is there


class SimulationError(BadConfigurationError, ValueError):
    """The simulator was asked for something impossible; the message says what."""


@dataclass(frozen=True)
class World:
    """What is simulated: `customers` people over `months` calendar months from `first_month` (YYYY-MM), by `seed`.

    `contacts_per_month` is the mean number of inbound contacts a customer and month, over all customers. `groups`
    are the groups of customers that are planted (groups.yaml).
    """

    customers: int
    first_month: str
    months: int
    seed: int
    contacts_per_month: float = 2.0
    groups: str = NONE

    def __post_init__(self) -> None:
        if self.customers < 1 or self.months < 1:
            raise SimulationError(f"a world needs a customer and a month, not {self.customers} and {self.months}")
        if self.contacts_per_month <= 0:
            raise SimulationError(f"contacts_per_month must be above 0, not {self.contacts_per_month}")
        if self.groups not in GROUPS:
            raise SimulationError(f"groups are {' or '.join(GROUPS)}, not {self.groups!r}")
        try:
            date.fromisoformat(f"{self.first_month}-01")
        except ValueError:
            raise SimulationError(f"first_month must be YYYY-MM, not {self.first_month!r}") from None

    @property
    def month_starts(self) -> list[date]:
        """First day of each month, and of the month after the last.

        >>> World(1, "2026-12", 1, 1).month_starts
        [datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)]
        """
        first = date.fromisoformat(f"{self.first_month}-01")
        count = first.year * 12 + first.month - 1
        return [date((count + i) // 12, (count + i) % 12 + 1, 1) for i in range(self.months + 1)]

    @property
    def days(self) -> list[date]:
        """Every business date of the world, in order."""
        first, after = self.month_starts[0], self.month_starts[-1]
        return [first + timedelta(days=i) for i in range((after - first).days)]

    @property
    def agents(self) -> int:
        """How many agents serve: some thousands for a real operator, fewer for a small world."""
        return max(40, min(6000, self.customers // 250))


def sql(name: str) -> str:
    """The text of one SQL file of this room."""
    return (HERE / "models" / f"{name}.sql").read_text(encoding="utf-8")


def install(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Create the macros and the setting tables that every SQL file of the simulator reads."""
    connection.execute(sql("macros"))
    connection.execute(
        "create or replace temp table world as select hash(?::bigint) as root, ?::double as contacts_per_month, "
        "?::integer as agents, ?::timestamp as opens_at, ?::timestamp as horizon, ?::integer as agent_groups",
        [
            *(world.seed, world.contacts_per_month, world.agents, world.month_starts[0], world.month_starts[-1]),
            WORLD["agent_groups"],
        ],
    )
    table(
        connection,
        "city_setting",
        "city_code varchar, center_code varchar",
        [(code, city["center"]) for code, city in WORLD["cities"].items()],
    )
    _picks(connection, "city_pick", {code: city["weight"] for code, city in WORLD["cities"].items()})
    _picks(connection, "topic_pick", {code: topic["weight"] for code, topic in WORLD["topics"].items()})
    for name in ("brand", "plan", "touchpoint"):
        _picks(connection, f"{name}_pick", WORLD[f"{name}s"])
    _topics(connection)
    table(connection, "fault_setting", FAULT_COLUMNS, [NO_FAULT])
    nodes = [(topic, node) for node, topics in WORLD["ivr_nodes"].items() for topic in topics]
    table(connection, "ivr_node_setting", "topic_code varchar, node_code varchar", nodes)
    table(
        connection,
        "grumble_setting",
        "grumble_type_code varchar, complaint_share double",
        list(WORLD["grumbles"].items()),
    )
    install_notes(connection, list(WORLD["topics"]))
    install_groups(connection, world.groups, WORLD)
    _months(connection, world)
    connection.execute(sql("outage"), {"per_month": WORLD["outages_per_month"]})


def _topics(connection: duckdb.DuckDBPyConnection) -> None:
    fields = ("self_service", "self_failed", "talk", "resolved", "grumbles", "grumble", "department", "is_complex")
    table(
        connection,
        "topic_setting",
        "topic_code varchar, self_service_share double, self_failed_share double, median_talk double, "
        "resolved_share double, grumble_share double, usual_grumble_code varchar, department_code varchar, "
        "is_complex boolean",
        [(code, *(topic[field] for field in fields)) for code, topic in WORLD["topics"].items()],
    )


def _months(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """`month_setting`, `load_setting` (load by weekday and hour), `clock` (a month's hours, in slots by their load)."""
    starts = world.month_starts
    rows = [(index, start, (after - start).days) for index, (start, after) in enumerate(pairwise(starts))]
    table(connection, "month_setting", "month_index integer, month_on date, day_count integer", rows)
    busiest = max(WORLD["hours"])
    table(
        connection,
        "load_setting",
        "weekday integer, hour integer, load double",
        [
            (day, hour, share * weight / busiest)
            for day, share in enumerate(WORLD["weekdays"])
            for hour, weight in enumerate(WORLD["hours"])
        ],
    )
    slots: list[tuple[int, int, datetime]] = []
    for index, start, count in rows:
        midnight = datetime.fromisoformat(start.isoformat())
        hours = [midnight + timedelta(hours=i) for i in range(count * 24)]
        weights = [WORLD["weekdays"][hour.weekday()] * WORLD["hours"][hour.hour] for hour in hours]
        slots += [(index, slot, hour) for slot, hour in enumerate(spread(hours, weights))]
    table(connection, "clock", "month_index integer, slot integer, hour_at timestamp", slots)


def _picks(connection: duckdb.DuckDBPyConnection, name: str, weights: dict[str, float]) -> None:
    rows = list(enumerate(spread(list(weights), list(weights.values()))))
    table(connection, name, "slot integer, code varchar", rows)
