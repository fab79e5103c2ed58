"""The rules of a version as small tables, for the queries to join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES
from mend.grumbles.warning.rules import LEVELS, Rules


def rule_tables(bench: Workbench, rules: Rules) -> None:
    """Make the temp tables department_time, specialist, strategy, part_words, solved_words and action."""
    make(bench, "department_time", "department_code varchar, specialist_count integer, capacity_minutes double, "
"minutes_per_case double, "
         "minutes_per_open_case double", _departments(rules))  # fmt: skip
    make(bench, "specialist", "department_code varchar, place integer, specialist_id varchar", _specialists(rules))
    make(
        bench,
        "strategy",
        "place integer, level integer, value_code varchar, code varchar, en varchar, zh varchar",
        _strategies(rules),
    )
    make(bench, "part_words", "name varchar, part integer, en varchar, zh varchar", _part_words(rules))
    solved = [(code, en, zh) for code, (en, zh) in CODES["solved_state"].items()]
    make(bench, "solved_words", "code varchar, en varchar, zh varchar", solved)
    make(bench, "action", "department_code varchar, level integer, branch_en varchar, branch_zh varchar, "
"department_en varchar, "
         "department_zh varchar", _actions(rules))  # fmt: skip


def make(bench: Workbench, name: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Make a temp table of these columns and rows."""
    bench.execute(f"create or replace temp table {name} ({columns})")
    if rows:
        places = ", ".join("?" * len(rows[0]))
        bench.engine.connection.executemany(f"insert into {name} values ({places})", rows)


def _departments(rules: Rules) -> list[tuple[Any, ...]]:
    return [
        (name, len(each.specialists), each.capacity_minutes, each.minutes_per_case, each.minutes_per_open_case)
        for name, each in rules.departments.items()
    ]


def _specialists(rules: Rules) -> list[tuple[Any, ...]]:
    return [
        (name, place, who) for name, each in rules.departments.items() for place, who in enumerate(each.specialists)
    ]


def _strategies(rules: Rules) -> list[tuple[Any, ...]]:
    return [
        (place, level, value, each.code, each.en, each.zh)
        for place, each in enumerate(rules.strategies)
        for level in each.levels
        for value in each.values or (None,)
    ]


def _part_words(rules: Rules) -> list[tuple[Any, ...]]:
    return [
        (name, part, words.en, words.zh)
        for name in ("duration", "association", "tolerance")
        for part, words in getattr(rules.words, name).items()
    ]


def _actions(rules: Rules) -> list[tuple[Any, ...]]:
    rows = []
    for name in ("default", *(each for each in rules.actions if each != "default")):
        for level in LEVELS:
            found = rules.actions_of(name, level)
            rows.append((name, level, found.branch.en, found.branch.zh, found.department.en, found.department.zh))
    return rows
