"""A condition holds for a row of plain values exactly when the engine says so of the same row."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mend.foundation.condition_values import holds
from mend.foundation.conditions import parse

TYPES = {
    "level": "integer",
    "score": "double",
    "segment_code": "varchar",
    "is_explicit": "boolean",
    "is_new": "boolean",
}
ATOMS = (
    "level >= 3", "level = 2", "level <> 2", "level < 1", "level between 1 and 3", "level in (1, 2)",
    "not (level in (0, 4))", "level is null", "level is not null", "score > 0.1", "score + level <= 2.5",
    "level * 2 - 1 = 3", "score = -0.1", "segment_code = 'ivr'", "segment_code in ('agent', 'it''s')",
    "segment_code is null", "is_explicit", "not is_new", "is_new is true", "is_explicit is not true",
    "is_explicit = is_new",
)  # fmt: skip
conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["and", "or"]), part).map(lambda each: f"({each[0]} {each[1]} {each[2]})"),
        part.map(lambda each: f"not ({each})"),
    ),
    max_leaves=6,
)
rows = st.fixed_dictionaries(
    {
        "level": st.sampled_from([None, 0, 1, 2, 3, 4]),
        "score": st.sampled_from([None, 0.0, 0.1, 0.5, -0.1, 2.5]),
        "segment_code": st.sampled_from([None, "ivr", "agent", "it's"]),
        "is_explicit": st.sampled_from([None, True, False]),
        "is_new": st.sampled_from([None, True, False]),
    }
)


@settings(max_examples=300, deadline=None)
@given(conditions, rows)
def test_it_says_what_the_engine_says_also_of_what_nobody_knows(text: str, row: dict[str, Any]) -> None:
    condition = parse(text, TYPES)
    with duckdb.connect() as engine:
        columns = ", ".join(f"cast(${name} as {kind}) as {name}" for name, kind in TYPES.items())
        found = engine.execute(f"select {condition.sql()} from (select {columns})", row).fetchone()
    assert found is not None
    assert holds(condition, row) == found[0]


@pytest.mark.parametrize(
    ("text", "expected"), [("level >= 3", None), ("level is null", True), ("level >= 3 or 1 = 1", True)]
)
def test_a_column_that_the_row_lacks_is_null(text: str, expected: bool | None) -> None:
    assert holds(parse(text, TYPES), {}) is expected
