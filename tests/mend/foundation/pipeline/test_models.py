"""Declared models: a header says what the text does."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from mend.foundation.pipeline.headers import differences, has_header, model_files, read_text
from mend.foundation.pipeline.model import ModelError, load, parse_model, read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench

DECLARED = [(room, name) for room, name in model_files() if has_header(load(room, name))]
TEXT = """-- model: doubled
-- grain: a row
-- inputs: number
-- params: times
-- fills: chosen
-- Each number, several times as large.
with
number as (select * from main.number where {chosen}),
final as (select id, value_count * $times as value_count from number)
select * from final
"""


@pytest.mark.parametrize(("room", "name"), DECLARED)
def test_a_header_says_what_the_text_reads(room: str, name: str) -> None:
    assert differences(read_model(room, name)) == []


def test_a_header_without_a_grain_is_an_error() -> None:
    with pytest.raises(ModelError, match="grain"):
        parse_model("-- model: a\nselect 1", "room", "a")


def test_a_header_that_forgets_an_input_is_told() -> None:
    model = parse_model("-- model: a\n-- grain: a row\nselect * from b where day = $day", "room", "a")
    assert len(differences(model)) == 2


def test_a_name_that_the_query_makes_itself_is_no_input() -> None:
    assert read_text("with a as (select 1 as x) select * from a").inputs == frozenset()


def test_a_model_is_tested_on_text_tables() -> None:
    model = parse_model(TEXT.replace("main.number", "given"), "room", "doubled")
    check(
        model,
        {
            "given": """
                id | value_count
                A  | 1
                B  | 2
                C  |
            """
        },
        """
            id | value_count
            A  | 3
            C  |
        """,
        {"times": 3},
        {"chosen": "id <> 'B'"},
    )


def test_a_reader_gets_the_rows_in_the_declared_order(bench: Workbench) -> None:
    text = "-- model: a\n-- grain: a row\n-- inputs: b\n-- order: x desc\nselect * from b"
    with open_step(bench, "test") as step:
        step.put("b", {"x": "integer"}, [(number,) for number in (2, 5, 1, 4, 3)])
        assert step.rows(parse_model(text, "room", "a")) == [(5,), (4,), (3,), (2,), (1,)]


def test_a_model_reads_only_what_its_step_made(bench: Workbench) -> None:
    model = parse_model("-- model: a\n-- grain: a row\n-- inputs: elsewhere\nselect * from elsewhere", "room", "a")
    bench.execute("create temp table elsewhere as select 1 as x")
    with open_step(bench, "test") as step, pytest.raises(ModelError, match="has not made elsewhere"):
        step.run(model)


def test_the_names_of_a_step_are_gone_afterwards(bench: Workbench) -> None:
    model = parse_model("-- model: a\n-- grain: a row\n-- inputs: b\nselect * from b", "room", "a")
    with open_step(bench, "test") as step:
        step.put("b", {"x": "integer"}, [(1,), (2,)])
        step.run(model)
        assert step.read("a") == [(1,), (2,)]
    assert bench.sql("select count(*) from duckdb_tables() where temporary") == [(0,)]


def test_a_step_adds_rows_part_by_part_and_gives_them_in_blocks_and_as_arrow(bench: Workbench) -> None:
    model = parse_model(
        "-- model: a\n-- grain: a row\n-- inputs: b\n-- params: y\nselect x, $y as y from b", "room", "a"
    )
    read = parse_model("-- model: r\n-- grain: a row\n-- inputs: a\nselect * from a order by x, y", "room", "r")
    with open_step(bench, "test") as step:
        step.put_arrow("b", pa.table({"x": [1, 2]}))
        step.add(model, "a", {"y": 5})
        step.add(model, "a", {"y": 6})
        assert list(step.blocks(read, size=3)) == [[(1, 5), (1, 6), (2, 5)], [(2, 6)]]
        assert step.arrow(read).to_pydict() == {"x": [1, 1, 2, 2], "y": [5, 6, 5, 6]}


def test_plain_values_keep_their_types_and_nulls_and_may_be_none(bench: Workbench) -> None:
    columns = {"day": "date", "name": "varchar", "share": "double", "is_new": "boolean"}
    with open_step(bench, "test") as step:
        step.put("plain", columns, [(dt.date(2024, 3, 1), None, 1, True), (dt.date(2024, 3, 2), "b", None, None)])
        assert step.read("plain") == [(dt.date(2024, 3, 1), None, 1.0, True), (dt.date(2024, 3, 2), "b", None, None)]
        step.put("plain", columns, [])
        assert step.read("plain") == []
        assert bench.sql("select typeof(day) from (from plain union all select null, null, null, null)") == [("DATE",)]


def test_the_parameters_of_a_fill_are_bound_like_the_models_own(bench: Workbench) -> None:
    text = "-- model: a\n-- grain: a row\n-- inputs: b\n-- fills: chosen\nselect x from b where {chosen}"
    model = parse_model(text, "room", "a")
    with open_step(bench, "test") as step:
        step.put("b", {"x": "integer"}, [(1,), (2,)])
        assert step.rows(model, {"least": 2}, {"chosen": "x >= $least"}) == [(2,)]
        with pytest.raises(ModelError, match="gives no least"):
            step.rows(model, {}, {"chosen": "x >= $least"})
