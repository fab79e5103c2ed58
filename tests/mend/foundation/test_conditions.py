"""Conditions of rule files: held to an allow-list, nothing of them pasted, and compared with what the columns hold."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mend.foundation.condition_kinds import Kind, check_kinds
from mend.foundation.conditions import DEEPEST, LONGEST, ConditionError, parse

KINDS = {
    "level": Kind("number", least=0, most=4),
    "score": Kind("number"),
    "segment_code": Kind("text", codes=frozenset({"ivr", "agent"})),
    "city_code": Kind("text"),
    "is_explicit": Kind("boolean"),
}


def test_quotes_in_a_value_stay_a_value() -> None:
    assert parse("topic_code = 'it''s'", {"topic_code"}).sql() == "(\"topic_code\" = 'it''s')"


def test_a_comment_does_not_reach_the_engine() -> None:
    assert parse("a = 1 /* ; drop table x */", {"a"}).sql() == '("a" = 1)'


def test_a_table_before_a_column_is_refused() -> None:
    with pytest.raises(ConditionError, match="without a table"):
        parse("secrets.a = 1", {"a"})


@pytest.mark.parametrize("depth", [1, DEEPEST - 2, DEEPEST, 100, 400, 800, 1200, 1900])
@pytest.mark.parametrize("opening", ["(", "not "])
def test_what_is_nested_too_deep_is_refused_by_our_own_count(opening: str, depth: int) -> None:
    text = opening * depth + "is_explicit" + ")" * depth * (opening == "(")
    if depth < DEEPEST:
        check_kinds(parse(text, KINDS), KINDS)
    else:
        with pytest.raises(ConditionError, match=r"nested deeper than 40|longer than"):
            parse(text, KINDS)


def test_many_parts_are_not_deep() -> None:
    condition = parse(" or ".join(["level = 1"] * 300), KINDS)
    check_kinds(condition, KINDS)
    assert condition.sql().count(" OR ") == 299


def test_a_condition_without_an_end_is_refused() -> None:
    with pytest.raises(ConditionError, match=f"longer than {LONGEST}"):
        parse(" or ".join(["a"] * LONGEST), {"a"})


@pytest.mark.parametrize(
    "text",
    [
        "level >= 3",
        "level in (1, 2) and not is_explicit",
        "level not between 0 and 2",
        "segment_code = 'ivr' or segment_code is null",
        "segment_code not in ('ivr', 'agent')",
        "is_explicit is not true",
        "is_explicit = false",
        "city_code <> 'hangzhou'",
        "score > 2 * level + 1 or -score < -3",
        "((is_explicit))",
    ],
)
def test_what_can_be_true_is_taken(text: str) -> None:
    check_kinds(parse(text, KINDS), KINDS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("level >= 7", "level: it is never 7; it is 0 to 4"),
        ("level = -1", "level: it is never -1"),
        ("level between 1 and 9", "level: it is never 9"),
        ("9 > level", "level: it is never 9"),
        ("segment_code = 'dubble'", "segment_code: it is never dubble; it is one of agent, ivr"),
        ("segment_code not in ('ivr', 'x')", "segment_code: it is never x"),
        ("is_explicit and level", "level is a number, not a yes or no"),
        ("not segment_code", "segment_code is a text, not a yes or no"),
        ("level", "level is a number"),
        ("level = '3'", "compares number and text"),
        ("is_explicit = city_code", "compares boolean and text"),
        ("level in (1, 'ivr')", "compares number and text"),
        ("city_code > 'a'", "city_code is a text, not a number"),
        ("is_explicit >= is_explicit", "is_explicit is a boolean, not a number"),
        ("city_code + 1 > 2", "city_code is a text, not a number"),
        ("segment_code = null", "nothing equals null; write `is null`"),
        ("level in (1, null)", "nothing equals null"),
        ("level is 3", "compare with ="),
        ("level is true", "compare with ="),
        ("1 = 1", "names no column"),
    ],
)
def test_what_could_never_be_true_is_refused_with_the_part_and_what_the_column_holds(text: str, message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        check_kinds(parse(text, KINDS), KINDS)


def doubled(text: str) -> str:
    """A text as it stands between quotes."""
    return text.replace("'", "''")


def comparisons() -> st.SearchStrategy[str]:
    """Conditions that may be right: leaves joined by and, or, not."""
    leaf = st.one_of(
        st.sampled_from(["is_explicit", "not is_explicit", "segment_code is null", "segment_code = 'ivr'"]),
        st.builds("level {} {}".format, st.sampled_from(["=", "<>", ">", ">=", "<", "<="]), st.integers(0, 4)),
        st.builds("city_code = '{}'".format, st.text("abc'; -/*$", max_size=6).map(doubled)),
    )
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            st.builds("({} and {})".format, part, part),
            st.builds("({} or {})".format, part, part),
            st.builds("not ({})".format, part),
        ),
        max_leaves=8,
    )


@given(comparisons())
def test_what_is_taken_runs_and_says_what_it_said(text: str) -> None:
    condition = parse(text, KINDS)
    check_kinds(condition, KINDS)
    rows = """(values (0, 'ivr', 'abc', true), (4, null, 'a''b', false), (2, 'agent', '-- a', null))
        as customer (level, segment_code, city_code, is_explicit)"""
    mine, theirs = (
        duckdb.sql(f"select coalesce({each}, false) from {rows}").fetchall() for each in (condition.sql(), text)
    )
    assert mine == theirs


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    try:
        check_kinds(parse(text, KINDS), KINDS)
    except ConditionError:
        return
    duckdb.sql(
        f"select {parse(text, KINDS).sql()} from (select 1 as level, 1 as score, '' as segment_code, '' as "
        "city_code, true as is_explicit)"
    ).fetchall()
