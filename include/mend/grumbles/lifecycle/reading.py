"""What a month's look at the life-cycle stages reads and counts, in shares of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mend.damage.closing import place_customers, stage_settings
from mend.foundation.home import Home
from mend.foundation.lake import StoredFile
from mend.foundation.lake.filters import equal, one_of
from mend.foundation.periods import days_of, first_day_of, month_before
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count
from mend.grumbles.lifecycle.errors import LifecycleError
from mend.grumbles.lifecycle.figures import Group, PointCount, groups_of
from mend.grumbles.lifecycle.rules import LifecycleRules

ROOM: Final = "grumbles/lifecycle"
FORM_TABLE: Final = "mart_grumble_form_month"
FORMS: Final = ("silent", "grumbling", "complaining", "leaving")
MONTHS_OF_STAGE: Final = 4  # a decline is told by the three months before
BYTES_A_ROW: Final = 700  # of a snapshot
VIEWS: Final = read_models(ROOM, "closed", "grumble", "complaint")
SHARED: Final = tuple(
    Sharing(name) for name in ("closed", "snapshot", "hang_up", "grumble", "complaint", "form_before")
)
OF_SHARE: Final = read_models(ROOM, "followed", "caller", "leaver", "form")
PARTS: Final = read_models(ROOM, "group_part", "point_part", "form_part", "damaged")
FIGURES: Final = {
    "customer_count": "customers",
    "eased_count": "eased",
    "before_count": "before",
    "followed_count": "followed",
    "left_count": "left",
    "caller_count": "callers",
    "stopped_count": "stopped",
}


@dataclass(frozen=True)
class FormCount:
    """Customers of a stage by the furthest form that they showed, and its trend."""

    stage: str
    form: str
    trend: str
    silence: str | None
    customers: int


@dataclass(frozen=True)
class Window:
    """The month that is looked at.

    Attributes:
        history: the closed months before it that say who calls regularly, oldest first; without gaps.
        is_month_before_known: the month before is closed and its forms are worked out.
        not_measured: kinds of silence that cannot be told: an indicator that no source measures, or `stopped_calling`.
    """

    month: str
    history: tuple[str, ...]
    is_month_before_known: bool
    not_measured: tuple[str, ...] = ()

    @property
    def before(self) -> str:
        return month_before(first_day_of(self.month))


@dataclass(frozen=True)
class Read:
    """Counts of a month, and the files of its forms; the step keeps `damaged_parts`."""

    window: Window
    points: Sequence[PointCount]
    wholes: Sequence[PointCount]
    groups: Sequence[Group]
    forms: Sequence[FormCount]
    form_files: list[StoredFile] = field(default_factory=list)


def months_of_closes(step: Step) -> set[str]:
    """The months that are closed."""
    step.view("mart_closed_month", "closed_month")
    return {month for (month,) in step.bench.sql("select month from closed_month")}


def open_inputs(step: Step, month: str, rules: LifecycleRules) -> Window:
    """Open what the month is told by. LifecycleError when it is not closed: its levels are not all there yet."""
    closed = months_of_closes(step)
    if month not in closed:
        raise LifecycleError(f"{month} is not closed; close it first (mend month {month})")
    days = days_of(month)
    months = _months_before(month, max(rules.silence.history_months, MONTHS_OF_STAGE))
    history = _unbroken(months[: rules.silence.history_months], closed)
    put_persons(step, persons_of(step.bench, days[-1]))
    step.view("mart_damage_month", "closed_file", where=one_of("month", [*history, month]))
    view_snapshots(step, first_day_of(months[MONTHS_OF_STAGE - 1]), days[-1])
    step.view("mart_damage_ledger", "posted", days=days)
    step.view("mart_grumble", "grumble_file", days=days)
    step.view("mart_complaint", "complaint_file", days=days)
    step.view(FORM_TABLE, "form_file", where=equal("month", months[0]))
    step.view("mart_lifecycle_month", "looked_at", where=equal("month", months[0]))
    is_known = bool(step.bench.sql("select 1 from looked_at limit 1")) and months[0] in closed
    return Window(month, history, is_known, _not_measured(step, month, history, rules))


def _months_before(month: str, count: int) -> list[str]:
    """So many months before it, the last one first."""
    found = [month]
    while len(found) <= count:
        found.append(month_before(first_day_of(found[-1])))
    return found[1:]


def _unbroken(months: Sequence[str], closed: set[str]) -> tuple[str, ...]:
    """Those closed up to the first that is not, oldest first."""
    gap = next((place for place, month in enumerate(months) if month not in closed), len(months))
    return tuple(reversed(months[:gap]))


def _not_measured(step: Step, month: str, history: Sequence[str], rules: LifecycleRules) -> tuple[str, ...]:
    step.view("mart_indicator_month", "indicator_month", where=equal("month", month))
    measured = {each for (each,) in step.bench.sql("select indicator_id from indicator_month where is_measured")}
    missing = [each for each in rules.silence.hang_up_indicators if each not in measured]
    has_snapshot = first_day_of(month) in step.bench.lake.days("core_customer", "month_on")
    if len(history) < rules.silence.calling_months or not has_snapshot:
        missing.append("stopped_calling")
    return tuple(missing)


def read_counts(home: Home, step: Step, window: Window, rules: LifecycleRules, shares: int | None = None) -> Read:
    """Count the month, and write its forms; the inputs are open."""
    values = _values(window, rules)
    step.put("form_rank", {"form_code": "varchar", "form_number": "integer"}, [(f, n) for n, f in enumerate(FORMS, 1)])
    for view in VIEWS:
        step.make(view, view.name, is_view=True)
    step.run(read_models(ROOM, "hang_up", "form_before"), values)
    files: list[StoredFile] = []
    count = share_count(step.bench, step.count("snapshot"), BYTES_A_ROW) if shares is None else shares
    settings = stage_settings(home, [window.before, window.month])
    for _ in in_shares(step, SHARED, count):
        _make_customers(step, window, settings[window.before], window.before, "customer_before")
        _make_customers(step, window, settings[window.month], window.month, "customer_now")
        step.run(OF_SHARE, values)
        step.run(PARTS, values)
        files += step.write(FORM_TABLE, "form")
        for part in PARTS:
            step.append(part.name, f"{part.name}s" if part.name != "damaged" else "damaged_parts")
    points = [
        (is_whole, PointCount(stage, point, grumbles, customers))
        for stage, point, is_whole, grumbles, customers in step.rows(read_model(ROOM, "point_total"))
    ]
    return Read(
        window,
        [each for is_whole, each in points if not is_whole],
        [each for is_whole, each in points if is_whole],
        _groups(step),
        [FormCount(*row) for row in step.rows(read_model(ROOM, "form_total"))],
        files,
    )


def _values(window: Window, rules: LifecycleRules) -> dict[str, Any]:
    return {
        "month": window.month,
        "month_before": window.before,
        "first_day": first_day_of(window.month),
        "months": list(window.history),
        "calling_months": rules.silence.calling_months,
        "hang_up_indicators": list(rules.silence.hang_up_indicators),
        "is_month_before_known": window.is_month_before_known,
    }


def _make_customers(step: Step, window: Window, settings: Mapping[str, Any], month: str, name: str) -> None:
    """Everybody at a month's close: whom the close knows, and the quiet ones, whose stage is told as the close does. A
    month that is not closed has nobody: who was damaged is not known."""
    values = {"month": month, "is_closed": month in (*window.history, window.month), **settings}
    step.make(read_model(ROOM, "quiet"), "scored", values)
    place_customers(step, settings)
    step.make(read_model(ROOM, "customer"), name, values)


def _groups(step: Step) -> list[Group]:
    counted: dict[tuple[str, int], dict[str, int]] = {}
    for stage, level, what, count in step.rows(read_model(ROOM, "group_total")):
        counted.setdefault((stage, level), {})[FIGURES[what]] = count
    return groups_of(counted)


def looked_at_after(step: Step, month: str) -> list[str]:
    """Closed months after it that were looked at before, in order: what they say follows from this one."""
    step.view("mart_lifecycle_month", "looked_at")
    made: Mapping[str, None] = dict.fromkeys(each for (each,) in step.bench.sql("select distinct month from looked_at"))
    return sorted(each for each in months_of_closes(step) if each > month and each in made)
