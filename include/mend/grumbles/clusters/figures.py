"""Figures of every customer, from the lake: the tables `value_figure` and `behaviour_figure` of the step."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters.rules import ClusterRules

ROOM: Final = "grumbles/clusters"
BITS: Final = 63  # of a number, for sets of matters
DAYS_AFTER: Final = 7  # within which a complaint comes soon
FILES: Final = {"contact_file": "core_contact", "grumble_file": "mart_grumble", "complaint_file": "mart_complaint"}
INPUTS: Final = ("input_contact", "input_grumble", "input_complaint", "input_customer")
FIGURES: Final = read_models(
    ROOM,
    *("topic_number", "area_number", "contact_figure", "grumble_figure", "complaint_figure", "behaviour_figure"),
    "value_figure",
)


def make_figures(step: Step, rules: ClusterRules, month: str) -> int:
    """Make `value_figure` (a row a customer of the month's snapshot; without one, of everybody seen) and
    `behaviour_figure` (a row for each who did something); returns the number of customers."""
    counted, days = rules.counted, days_of(month)
    shown = _days_shown(days, counted.months)
    for name, table in FILES.items():
        step.view(table, name, shown)
    step.view("mart_grumble_type", "taxonomy")
    step.view("core_customer", "snapshot", [days[0]])
    for model in read_models(ROOM, *INPUTS):
        step.make(model, model.name, is_view=True)
    step.run(FIGURES, _values(rules, month, shown[0]))
    step.drop("contact_figure", "grumble_figure", "complaint_figure")
    return step.count("value_figure")


def make_later(step: Step, rules: ClusterRules, month: str) -> None:
    """Make `contact_now`, `grumble_now` and `complaint_after`: what happened in the month itself, for the claims of
    last month's labels."""
    days = days_of(month)
    values = _values(rules, month, days[0])
    step.make(read_model(ROOM, "contact_figure"), "contact_now", values)
    step.make(read_model(ROOM, "grumble_figure"), "grumble_now", values)
    values = {"month_first": days[0], "followed_until": days[-1] - dt.timedelta(days=DAYS_AFTER)}
    step.run(read_model(ROOM, "complaint_after"), values)


def _values(rules: ClusterRules, month: str, counts_from: dt.date) -> dict[str, Any]:
    counted, days = rules.counted, days_of(month)
    return {
        "year": days[0].year,
        "last_day": days[-1],
        "first_day": _days_shown(days, counted.months)[0],
        "counts_from": counts_from,
        "slots": BITS // counted.months,
        "least_wait_seconds": counted.least_wait_seconds,
        "money_areas": list(counted.money_areas),
        **{name: list(getattr(counted, name)) for name in ("hotline", "traditional", "ivr_sms", "web_wap")},
    }


def _days_shown(days: list[dt.date], months: int) -> list[dt.date]:
    for _ in range(months - 1):
        days = days_of(month_before(days[0])) + days
    return days
