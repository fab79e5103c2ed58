"""Groups of customers planted in a simulated world, or none: value within brands, consumption, behaviour. As data, put
into DuckDB; who belongs to which is told beside the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import duckdb

from mend.foundation.yaml_text import read_yaml
from mend.simulate.tables import spread, table

GROUPS: Final[dict[str, Any]] = read_yaml((Path(__file__).parent / "groups.yaml").read_text(encoding="utf-8"))
NONE: Final = "none"
CONSUMPTION: Final = ("app_share", "hotline_share", "self_service_least", "self_service_factor")
BEHAVIOUR: Final = (
    *("needs", "money_share", "other_share", "grumbles", "grumbles_more", "impatience", "anger", "files", "escalates"),
)
MONEY_AREAS: Final = ("tariff_billing", "own_value_added", "partner_services")
# Who belongs to which group; value groups are numbered within the brand, those who spend most first.
TRUTH: Final = """
    select customer_id, value_code, value_group_code, consumption_code, behaviour_code from person order by
    customer_id"""


def install_groups(connection: duckdb.DuckDBPyConnection, name: str, world: Mapping[str, Any]) -> None:
    """Create the tables of the groups: `value_group`, `consumption_group`, `behaviour_group` (each slot and what it
    does), `wanted_topic` (topics about money and about anything else).

    Args:
        world: brands and topics, as in world.yaml.
    """
    groups = GROUPS[name]
    _value(connection, groups["value"], list(world["brands"]))
    _kind(connection, "consumption", groups["consumption"], CONSUMPTION)
    _kind(connection, "behaviour", groups["behaviour"], BEHAVIOUR)
    about_money = {code: topic["grumble"] in MONEY_AREAS for code, topic in world["topics"].items()}
    rows = [
        (is_money, slot, code)
        for is_money in (True, False)
        for slot, code in enumerate(_topics([code for code in about_money if about_money[code] == is_money]))
    ]
    table(connection, "wanted_topic", "is_money boolean, slot integer, code varchar", rows)


def _topics(codes: list[str]) -> list[str]:
    """Each equally often: a customer's matters are to be different ones."""
    return spread(codes, [1.0] * len(codes))


def _value(connection: duckdb.DuckDBPyConnection, value: dict[str, Any], brands: list[str]) -> None:
    columns = (
        "brand_code varchar, slot integer, value_code varchar, value_group_code varchar, spend double, spread double"
    )
    rows: list[tuple[Any, ...]] = []
    for brand in brands:
        weights = value["brands"].get(brand, dict.fromkeys(value["spend"], 1))
        codes = sorted(weights, key=lambda code: -value["spend"][code])
        numbers = {code: f"{brand}:{place}" if len(codes) > 1 else brand for place, code in enumerate(codes, 1)}
        rows += [
            (brand, slot, code, numbers[code], value["spend"][code], value["spread"])
            for slot, code in enumerate(spread(codes, [weights[code] for code in codes]))
        ]
    table(connection, "value_group", columns, rows)


def _kind(
    connection: duckdb.DuckDBPyConnection, kind: str, groups: dict[str, dict[str, float]], fields: tuple[str, ...]
) -> None:
    columns = ", ".join(["slot integer", f"{kind}_code varchar", *(f"{field} double" for field in fields)])
    slots = spread(list(groups), [group["weight"] for group in groups.values()])
    rows = [(slot, code, *(groups[code][field] for field in fields)) for slot, code in enumerate(slots)]
    table(connection, f"{kind}_group", columns, rows)
