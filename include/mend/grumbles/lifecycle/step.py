"""The step `lifecycle`: grumble points by life-cycle stage, the tendency to leave, forms of grumbling."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.lifecycle.figures import ALL, UNDAMAGED, Leaving, Point, judge_points, measure_leaving, tendencies
from mend.grumbles.lifecycle.page import Page
from mend.grumbles.lifecycle.reading import FORM_TABLE, ROOM, Read, looked_at_after, open_inputs, read_counts
from mend.grumbles.lifecycle.report import write_report
from mend.grumbles.lifecycle.rows import group_row, point_row, tendency_rows
from mend.grumbles.lifecycle.rules import LifecycleRules, rules_on
from mend.grumbles.records import load_taxonomies, taxonomy_on


@dataclass(frozen=True)
class LifecycleReport:
    """A month by life-cycle stage.

    Attributes:
        key_points: points that a stage is proven to have more of than the others.
        damaged: damaged customers, each with a tendency to leave; with_tendency: those of whom it is known.
        followed, left: customers of the close before, and how many left by this month's snapshot.
        silent, grumbling, complaining, leaving: customers by the furthest form that they showed.
        not_measured: kinds of silence that cannot be told.
    """

    month: str
    grumbles: int
    key_points: int
    damaged: int
    with_tendency: int
    followed: int
    left: int
    silent: int
    grumbling: int
    complaining: int
    leaving: int
    not_measured: tuple[str, ...]
    folder: str


def find_month_stages(home: Home, bench: Workbench, month: str) -> dict[str, Any]:
    """The month's stages, and those of later months again: counts."""
    page = find_stages(home, bench, month)
    return {**asdict(report_of(home, page)), "remade": remake_later(home, bench, month)}


def remake_later(home: Home, bench: Workbench, month: str) -> list[str]:
    """Make the closed months after it again that were looked at before: they follow from this one. Gives them, in
    order."""
    with open_step(bench, "lifecycle_after") as step:
        later = looked_at_after(step, month)
    for each in later:
        find_stages(home, bench, each)
    return later


def find_stages(home: Home, bench: Workbench, month: str, shares: int | None = None) -> Page:
    """Write mart_lifecycle_grumble, mart_lifecycle_month, mart_tendency_to_leave and mart_grumble_form_month of a
    closed month (YYYY-MM), and its pages below `reports/stages/<month>`.

    Args:
        shares: of customers, worked on one after the other; by memory where nothing is said. The rows are the same.

    Raises:
        LifecycleError: the month is not closed.
        LifecycleRuleError: a rule file is broken.
    """
    last = days_of(month)[-1]
    rules = rules_on(last, home.root / "rules" / "lifecycle")
    taxonomy = taxonomy_on(last, load_taxonomies(home.root / "taxonomy"))
    with open_step(bench, "lifecycle") as step:
        window = open_inputs(step, month, rules)
        read = read_counts(home, step, window, rules, shares)
        points = judge_points(read.points, read.wholes, rules)
        leavings = measure_leaving(read.groups, rules)
        with_tendency = _write(step, read, points, leavings, rules)
    page = Page(read, points, leavings, rules, taxonomy, with_tendency)
    write_report(folder_of(home, month), page)
    return page


def folder_of(home: Home, month: str) -> Path:
    """Where a month's pages are."""
    return home.root / "reports" / "stages" / month


def report_of(home: Home, page: Page) -> LifecycleReport:
    """The small result."""
    month, of_all = page.read.window.month, [each.group for each in page.leavings if each.group.stage == ALL]
    return LifecycleReport(
        month=month,
        grumbles=sum(each.grumbles for each in page.read.wholes),
        key_points=sum(each.verdict == "key" for each in page.points),
        damaged=sum(each.customers for each in of_all if each.level != UNDAMAGED),
        with_tendency=page.with_tendency,
        followed=sum(each.followed for each in of_all),
        left=sum(each.left for each in of_all),
        silent=page.form_count("silent"),
        grumbling=page.form_count("grumbling"),
        complaining=page.form_count("complaining"),
        leaving=page.form_count("leaving"),
        not_measured=page.read.window.not_measured,
        folder=str(folder_of(home, month)),
    )


def _write(step: Step, read: Read, points: list[Point], leavings: list[Leaving], rules: LifecycleRules) -> int:
    """Commit the month's tables, the one that says that it was looked at last; gives the damaged customers whose
    tendency is known."""
    month = read.window.month
    of_month = equal("month", month)
    lake = step.bench.lake
    lake.replace(FORM_TABLE, of_month, read.form_files)
    columns = {
        "lifecycle_stage_code": "varchar",
        "level": "integer",
        "tendency": "double",
        "tendency_low": "double",
        "tendency_high": "double",
        "basis_code": "varchar",
        "basis_count": "bigint",
        "left_count": "bigint",
    }
    step.put("group_tendency", columns, tendency_rows(tendencies(leavings)))
    step.run(read_model(ROOM, "tendency"), {"month": month})
    lake.replace("mart_tendency_to_leave", of_month, step.write("mart_tendency_to_leave", "tendency"))
    step.put_rows("points", "mart_lifecycle_grumble", [point_row(month, each, rules) for each in points])
    lake.replace("mart_lifecycle_grumble", of_month, step.write("mart_lifecycle_grumble", "points"))
    is_known = read.window.is_month_before_known
    step.put_rows("groups", "mart_lifecycle_month", [group_row(month, each, rules, is_known) for each in leavings])
    lake.replace("mart_lifecycle_month", of_month, step.write("mart_lifecycle_month", "groups"))
    [(known,)] = step.rows(read_model(ROOM, "known_count"))
    return int(known)
