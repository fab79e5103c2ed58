"""A department's month: deadlines of the month, in time or missed; what is open past its deadline is a miss."""

from __future__ import annotations

import datetime as dt

from tests.mend.prevention.routing.worlds import at

from mend.foundation.periods import day_begins, day_ends, days_of
from mend.foundation.pipeline.testing import text_rows
from mend.prevention.routing.month_figures import month_rows
from mend.prevention.routing.problem import Event, Place, Problem, fold_all
from mend.prevention.routing.rules import SHIPPED, load_routing_rules

VERSIONS = load_routing_rules(SHIPPED)
RULES_FROM = dt.date(1990, 1, 1)
ZONE = "Asia/Shanghai"


def problems(text: str) -> list[Problem]:
    """Problems of one department at the province: opened, acknowledged, answered and measured then (or not)."""
    events = []
    names, rows = text_rows(text)
    for row in rows:
        cells = dict(zip(names, row, strict=True))
        code = str(cells["department"])
        place = Place(code, "province", "all")
        details = {"departments": [code], "level": "province", "city": "all"}
        happened = [event for event in ("opened", "acknowledged", "answered") if cells.get(event)]
        events += [_event(str(cells["problem"]), event, place, str(cells[event]), details) for event in happened]
        if cells.get("measured"):
            result = {"result": str(cells["measured"]), "is_over": cells["measured"] == "moved"}
            events.append(_event(str(cells["problem"]), "measured", None, "2026-04-01 00:00", result))
    return fold_all(events, VERSIONS, day_ends(dt.date(2026, 3, 31), ZONE))


def _event(problem: str, code: str, place: Place | None, when: str, details: dict[str, object]) -> Event:
    month = {"opened": "2026-02", "measured": "2026-03"}.get(code)
    return Event(problem, 1, 1, code, place, None, month, at(when), "who", None, "done", details, RULES_FROM)


def march(text: str) -> dict[str, dict[str, object]]:
    begins, ends = day_begins(days_of("2026-03")[0], ZONE), day_ends(days_of("2026-03")[-1], ZONE)
    return {row["department_code"]: row for row in month_rows("2026-03", problems(text), begins, ends)}


def picked(row: dict[str, object], *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def test_deadlines_of_the_month_are_kept_or_missed() -> None:
    """The network has 24 hours and 15 days."""
    row = march("""
        problem | department | opened           | acknowledged     | answered         | measured
        A       | network    | 2026-03-03 00:00 | 2026-03-03 20:00 | 2026-03-10 00:00 | moved
        B       | network    | 2026-03-03 00:00 | 2026-03-05 00:00 | 2026-03-20 00:00 | not_sure
        C       | network    | 2026-03-03 00:00 |                  |                  |
    """)["network"]
    assert picked(row, "routed_count", "acknowledge_due_count", "acknowledged_in_time_count") == (3, 3, 1)
    assert picked(row, "answer_due_count", "answered_in_time_count", "overdue_count") == (3, 1, 1)
    assert row["answered_in_time_share"] == 1 / 3
    assert picked(row, "measured_count", "moved_count") == (2, 1)


def test_what_is_due_in_the_next_month_counts_there() -> None:
    row = march("""
        problem | department | opened           | acknowledged     | answered
        A       | network    | 2026-03-25 00:00 | 2026-03-25 09:00 | 2026-03-26 00:00
    """)["network"]
    assert picked(row, "acknowledge_due_count", "answer_due_count", "answered_in_time_share") == (1, 0, None)


def test_an_old_one_that_is_open_is_overdue_in_every_month() -> None:
    row = march("""
        problem | department | opened           | acknowledged | answered
        A       | market     | 2026-01-03 00:00 |              |
    """)["market"]
    assert picked(row, "routed_count", "acknowledge_due_count", "overdue_count") == (0, 0, 1)


def test_what_opens_after_the_month_is_not_there_yet() -> None:
    assert march("""
        problem | department | opened           | acknowledged | answered
        A       | market     | 2026-04-03 00:00 |              |
    """) == {}  # fmt: skip
