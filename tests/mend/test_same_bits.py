"""Sums that end in a stored table are the same to the bit, whatever the order of the rows and the number of threads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mend.foundation.engine import DuckEngine
from mend.foundation.pipeline import model as models

MEND = Path(__file__).resolve().parents[2] / "include" / "mend"
Inputs = Mapping[str, str]

# Thirds, sevenths and tenths, which no float holds, of very different sizes; more rows than one thread takes.
INDEX: Inputs = {
    "taxonomy": """
        select 'p' || range as grumble_type_code, 'a' || range % 3 as parent_code,
        'item' || range % 4 as survey_item_code,
            1 / (range + 3.0)::double as weight
        from range(49)
        union all select 'a' || range, null, null, 0 from range(3)""",
    "survey_item": "select 'item' || range as survey_item_code from range(6)",
    "person": "select 'C' || range as customer_id, 'city' || range % 7 as city_code from range(70001)",
    "grumble": """
        select 'C' || range * 7 % 70001 as customer_id, null as city_code,
            case when range % 5 = 0 then 'a' || range % 3 else 'p' || range * range % 49 end as grumble_type_code
        from range(130001)""",
    "answer": """
        select 'city' || range % 7 as city_code, 'item' || range % 6 as item_code, (range % 11) /
        (9.7 + range % 3)::double as share, range % 2 = 0 as is_of_second_half
        from range(300001)
        -- Means of which the last digit that is kept is a tie: 45.0000625.
        union all select 'tie' || range % 3, 'item1', (case when range < 3 then 2
        else range // 3 % 10 end) / 10.0::double, range % 2 = 0
        from range(960000)""",
}
CUSTOMERS: Inputs = {
    "customer_group": """
        select 'b' || range % 7 as value_group_code, (range * 7919 % 100003) / 97.0 as spend_amount,
            ln(1 + range % 977) as spend, (range % 71) / 7.0 as age, null as tenure_months
        from range(150001)""",
}
LISTED: Inputs = {
    "candidate": """
        select date '2026-05-20' as day_on, 'd' || range % 3 as department_code, 'C' || range as customer_id,
        range // 3 + 1 as rank
        from range(6000)""",
    "earlier": """
        select date '2026-05-19' as day_on, 'C' || range * 5 as customer_id, date '2026-05-18' as first_warned_on,
        's1' as owner_id,
            'd' || range * 5 % 3 as department_code
        from range(1000)""",
    "department_time": """
        select 'd' || range as department_code, 1 / 3.0::double as minutes_per_case,
        0.1::double as minutes_per_open_case,
            400.0::double as capacity_minutes, 1 as specialist_count
        from range(3)""",
    "specialist": "select 'd' || range as department_code, 's1' as specialist_id, 0 as place from range(3)",
}
MODELS: Mapping[str, tuple[str, Inputs, Mapping[str, object]]] = {
    "grumble_index": (
        models.load("grumbles/warning", "grumble_index"),
        INDEX,
        {"month": "2026-05", "half_rate": 40, "least_replies": 30},
    ),
    "item_of_type": (models.load("grumbles/warning", "item_of_type"), {"taxonomy": INDEX["taxonomy"]}, {}),
    "listed": (
        models.load("grumbles/warning", "listed"),
        LISTED,
        {"day": "2026-05-20", "quiet_from": "2026-05-10", "day_number": 3},
    ),
    "group_sum": (models.load("grumbles/clusters", "group_sum"), CUSTOMERS, {}),
}


def rows(folder: Path, threads: int, seed: int, name: str) -> list[str]:
    """What a model gives, its floats to the last bit, for inputs whose rows stand in an order of that seed."""
    query, inputs, values = MODELS[name]
    engine = DuckEngine("Asia/Shanghai", threads, "1GB", folder)
    try:
        for table, content in inputs.items():
            engine.run(
                f"create temp table {table} as select * from ({content}) as content order by hash(content::varchar || "
                f"'{seed}')"
            )
        typed = {
            key: f"cast(${key} as date)"
            for key, value in values.items()
            if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value))
        }
        for key, cast in typed.items():
            query = re.sub(rf"\${key}\b", cast, query)
        used = {key: value for key, value in values.items() if f"${key}" in query}
        return sorted(str(row) for row in engine.run(query, used).fetchall())
    finally:
        engine.close()


@pytest.mark.parametrize("orders", [4, pytest.param(40, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", MODELS)
def test_a_model_gives_the_same_bits_in_any_order_and_on_any_number_of_threads(
    name: str, orders: int, tmp_path: Path
) -> None:
    expected = rows(tmp_path, 1, 0, name)
    assert len(expected) > 5
    for seed in range(orders):
        assert rows(tmp_path, 1 + seed % 4, seed, name) == expected


# Aggregates whose result depends on the order in which floats come. `sum` and `avg` of whole numbers and decimals are
# exact.
UNORDERED = re.compile(
    r"\b(avg|mean|sum|fsum|kahan_sum|favg|stddev\w*|var_\w+|variance|corr|covar_\w+|regr_\w+|product|geomean|entropy)\("
)
EXACT = {  # model: what it sums or averages, and why that is exact
    "place": "decimals and whole minutes",
    "repeat_rate": "a product in the order of time",
    "type_rate": "whole numbers",
}


def averaging() -> Iterator[str]:
    """Models that take a mean, a deviation or a product in SQL."""
    for path in sorted(MEND.glob("**/models/*.sql")):
        found = {match for match in UNORDERED.findall(path.read_text("utf-8")) if match != "sum"}
        if found and path.parent.parent.name != "simulate":
            yield path.stem


def test_every_mean_in_a_model_is_of_numbers_that_add_up_exactly() -> None:
    assert sorted(averaging()) == sorted(EXACT)


def test_no_model_adds_up_fractions() -> None:
    """The names of the columns that hold fractions stand in no sum but as whole numbers of a small part."""
    fractions = re.compile(
        r"\bsum\((?!cast\()[^()]*\b(weight|share|rate|confidence|probability\w*|score / \w+|minutes)\b"
    )
    found = {path.stem: fractions.findall(path.read_text("utf-8")) for path in MEND.glob("**/models/*.sql")}
    # The weights of grumble_index are whole numbers (billionths), those of subject_left decimals.
    assert {name for name, columns in found.items() if columns} <= {"grumble_index", "subject_left"}
