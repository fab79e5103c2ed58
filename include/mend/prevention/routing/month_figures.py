"""How each department dealt with its problems in a month: by the deadlines of that month. Pure.

A deadline of the month that was not kept is a miss, also when the part is still open: nobody gains by silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from mend.prevention.routing.problem import Part, Problem

Row = dict[str, Any]


def month_rows(month: str, problems: Sequence[Problem], begins: dt.datetime, ends: dt.datetime) -> list[Row]:
    """A row for each department that has or had a part by the month's end.

    Args:
        problems: as of the month's end.
        begins, ends: the month's first instant, and the first one after it.
    """
    parts: dict[str, list[Part]] = {}
    for problem in problems:
        for part in problem.parts:
            parts.setdefault(part.place.department, []).append(part)
    measured = _measured(month, problems)
    return [_row(month, code, parts[code], measured, begins, ends) for code in sorted(parts)]


def _row(
    month: str, department: str, parts: Sequence[Part], measured: Sequence[tuple[set[str], bool]],
    begins: dt.datetime, ends: dt.datetime,
) -> Row:  # fmt: skip
    routed = [each for each in parts if begins <= each.began_at < ends]
    noted = [each for each in parts if begins <= each.acknowledge_by < ends]
    answers = [each for each in parts if begins <= each.answer_by < ends and not _was_returned(each)]
    noted_in_time = _count(each.acknowledged_at is not None and each.acknowledged_at <= each.acknowledge_by
                           for each in noted)  # fmt: skip
    answered_in_time = _count(each.answered_at is not None and each.answered_at <= each.answer_by for each in answers)
    own = [is_moved for departments, is_moved in measured if department in departments]
    return {
        "month": month, "department_code": department, "routed_count": len(routed),
        "passed_on_count": _count(each.giver is not None for each in routed),
        "acknowledge_due_count": len(noted), "acknowledged_in_time_count": noted_in_time,
        "acknowledged_in_time_share": noted_in_time / len(noted) if noted else None,
        "answer_due_count": len(answers), "answered_in_time_count": answered_in_time,
        "answered_in_time_share": answered_in_time / len(answers) if answers else None,
        "returned_count": _count(each.returned_at is not None and begins <= each.returned_at < ends for each in parts),
        "overdue_count": _count(each.is_overdue(ends) for each in parts),
        "measured_count": len(own), "moved_count": _count(own),
    }  # fmt: skip


def _was_returned(part: Part) -> bool:
    """Before its answer was due: then there is nothing to wait for. Later it is a miss."""
    return part.returned_at is not None and part.returned_at <= part.answer_by


def _measured(month: str, problems: Iterable[Problem]) -> list[tuple[set[str], bool]]:
    """The month's measures: departments that answered in the round, and whether it moved."""
    return [
        (_departments(problem, event.round_number), event.details["result"] == "moved")
        for problem in problems
        for event in problem.events
        if event.event_code == "measured" and event.month == month
    ]


def _departments(problem: Problem, number: int) -> set[str]:
    parts = (each for each in problem.parts if each.round_number == number)
    return {each.place.department for each in parts if each.returned_at is None}


def _count(facts: Iterable[bool]) -> int:
    return sum(1 for each in facts if each)
