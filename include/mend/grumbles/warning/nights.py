"""What is known at the end of each night: `night`, `open_grumble` and `feature`; which nights are worked on at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from mend.foundation.lake.filters import all_of, at_least, at_most, one_of
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, Way, in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.rules import Rules, result_month

ROOM: Final = "grumbles/warning"
ROWS_AT_ONCE: Final = 500_000  # open grumbles of all the nights together
SHARED: Final = (
    Sharing("grumble", key="source_key"),
    Sharing("own_ticket", (Way("source_key", via="grumble"),)),
    *(Sharing(name) for name in ("complaint", "exposure", "customer", "customer_cluster")),
)
BYTES_A_ROW: Final = 200  # of the engine's memory, for a customer or grumble


def open_nights(
    step: Step, rules: Rules, days: Sequence[dt.date], permille: int = 1000, month: str | None = None
) -> None:
    """Open the inputs of the nights of these days. Nothing that happened after a night is in what is made of them: a
    rerun at any later date gives the same.

    Args:
        permille: of the customers, drawn by a digest of their id, so many in a thousand.
        month: clusters and associations of this month, instead of those that each night uses.
    """
    _put_nights(step, rules, days, month)
    _open_inputs(step, rules, min(days), max(days))
    if permille < 1000:
        step.make(read_model(ROOM, "drawn_grumble"), "grumble", {"permille": permille})
    else:
        step.make(read_model(ROOM, "grumble"), "grumble", is_view=True)
    step.make(read_model(ROOM, "own_ticket"), "own_ticket", is_view=True)


def shares_of(step: Step, shares: int | None) -> Iterator[int]:
    """The shares of customers that the nights' inputs are taken in; by memory where no number is given."""
    rows = sum(step.count(name) for name in ("customer", "customer_cluster", "grumble"))
    return in_shares(step, SHARED, shares or share_count(step.bench, rows, BYTES_A_ROW))


def find_open_grumbles(step: Step, rules: Rules) -> int:
    """Make `open_part`, the share's open grumbles of each night; gives their number."""
    values = {"ticket_limit_hours": rules.open.ticket_limit_hours, "department": rules.open.department}
    step.run(read_model(ROOM, "open_part"), values)
    return step.count("open_part")


def make_features(step: Step, rules: Rules, areas: Sequence[str]) -> None:
    """Add the share's open grumbles and features to `open_grumble` and `feature`, which has a column open_<place> for
    each area: days since the customer's latest open grumble of that area."""
    columns = [
        f"min(case when area_code = $area_{place} then age_days end) as open_{place}" for place in range(len(areas))
    ]
    values = {
        "recent_days": rules.open.recent_days,
        "complaint_days": rules.open.complaint_days,
        "window_days": rules.parts.association.window_days,
        **{f"area_{place}": area for place, area in enumerate(areas)},
    }
    fills = {"open_areas": ", ".join(["count(*) as open_count", *columns])}
    step.run(read_model(ROOM, "feature_part"), values, fills)
    for name in ("open_grumble", "feature"):
        step.add(read_model(ROOM, name), name)


def _put_nights(step: Step, rules: Rules, days: Sequence[dt.date], month: str | None) -> None:
    snapshots = step.bench.lake.days("core_customer", "month_on")
    step.view("mart_grumble_type", "every_taxonomy")
    versions = [version for (version,) in step.rows(read_model(ROOM, "taxonomy_version"))]
    columns = {
        "day_on": "date",
        "first_on": "date",
        "snapshot_on": "date",
        "result_month": "varchar",
        "taxonomy_version": "date",
        "ends_at": "timestamptz",
    }
    rows = [
        (
            day,
            day - (rules.open.days - 1) * ONE_DAY,
            max((each for each in snapshots if each <= day), default=None),
            month or result_month(rules, day),
            max((each for each in versions if each <= day), default=None),
            step.bench.engine.begins(day + ONE_DAY),
        )
        for day in sorted(set(days))
    ]
    step.put("night", columns, rows)


def _open_inputs(step: Step, rules: Rules, first: dt.date, last: dt.date) -> None:
    """The inputs' files that the nights can need; rows are chosen by the models, night by night."""
    back = first - max(rules.open.days, rules.open.recent_days) * ONE_DAY

    def view(table: str, name: str, column: str, earliest: dt.date) -> None:
        step.view(table, name, where=all_of(at_least(column, earliest), at_most(column, last)))

    view("mart_grumble", "grumble_file", "grumbled_on", back)
    view("mart_complaint", "complaint", "complained_on", first - rules.open.complaint_days * ONE_DAY)
    view("core_ticket", "ticket", "opened_on", back)
    view("core_ticket_version", "ticket_state", "opened_on", back)
    view("mart_exposure_day", "exposure", "subject_on", back)
    nights = step.read("night")
    step.view("core_customer", "customer", sorted({row[2] for row in nights if row[2]}))
    months = {row[3] for row in nights}
    step.view("mart_customer_cluster", "customer_cluster", where=one_of("month", months))
    step.view("mart_association", "association", where=one_of("month", months))


def nights_at_once(bench: Workbench, open_days: int, days: Sequence[dt.date]) -> int:
    """Nights whose open grumbles are at most ROWS_AT_ONCE together, by the grumbles of the time; 1 at least.

    Args:
        open_days: days that a grumble can stay open.
    """
    first = min(days) - open_days * ONE_DAY
    grumbles = bench.lake.rows_matching(
        "mart_grumble", all_of(at_least("grumbled_on", first), at_most("grumbled_on", max(days)))
    )
    a_night = grumbles * open_days / ((max(days) - first).days + 1)
    return max(1, int(ROWS_AT_ONCE / max(1.0, a_night)))


def spans(days: Iterable[dt.date], key: Callable[[dt.date], object], most: int) -> list[tuple[dt.date, ...]]:
    """The days in order, cut where the key changes and after so many.

    >>> days = [dt.date(2026, 5, number) for number in (1, 2, 3, 4, 5)]
    >>> [[day.day for day in span] for span in spans(days, lambda day: day.day > 3, 2)]
    [[1, 2], [3], [4, 5]]
    """
    alike = [tuple(group) for _, group in groupby(sorted(set(days)), key)]
    return [span[start : start + most] for span in alike for start in range(0, len(span), most)]
