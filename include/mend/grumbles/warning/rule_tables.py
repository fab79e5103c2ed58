"""The rules of a version as small tables, for the queries to join."""

from __future__ import annotations

from typing import Any, Final

from mend.foundation.pipeline.runner import Step
from mend.foundation.schema import CODES
from mend.grumbles.warning.expectations import Expectations
from mend.grumbles.warning.rules import LEVELS, Rules

TEXT: Final = "varchar"
DEPARTMENT: Final = {
    "department_code": TEXT,
    "specialist_count": "integer",
    "capacity_minutes": "double",
    "minutes_per_case": "double",
    "minutes_per_open_case": "double",
}
STRATEGY: Final = {"place": "integer", "level": "integer", "value_code": TEXT, "code": TEXT, "en": TEXT, "zh": TEXT}
ACTION: Final = {
    "department_code": TEXT,
    "level": "integer",
    **dict.fromkeys(("branch_en", "branch_zh", "department_en", "department_zh"), TEXT),
}


def put_rules(step: Step, rules: Rules) -> None:
    """The tables department_time, specialist, strategy, part_words, solved_words and action."""
    solved = [(code, en, zh) for code, (en, zh) in CODES["solved_state"].items()]
    step.put("department_time", DEPARTMENT, _departments(rules))
    step.put("specialist", {"department_code": TEXT, "place": "integer", "specialist_id": TEXT}, _specialists(rules))
    step.put("strategy", STRATEGY, _strategies(rules))
    step.put("part_words", {"name": TEXT, "part": "integer", "en": TEXT, "zh": TEXT}, _part_words(rules))
    step.put("solved_words", {"code": TEXT, "en": TEXT, "zh": TEXT}, solved)
    step.put("action", ACTION, _actions(rules))


def put_expectations(step: Step, expectations: Expectations) -> None:
    """The table expectation: place, cluster and point (null: every one), words."""
    words = dict.fromkeys(("behaviour_code", "point_code", "expects_en", "expects_zh", "does_en", "does_zh"), TEXT)
    step.put("expectation", {"place": "integer", **words}, expectations.rows())


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
