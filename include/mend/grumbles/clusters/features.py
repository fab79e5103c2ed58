"""Features of every customer, from the lake: the table `feature` of the step."""

from __future__ import annotations

from typing import Final

from mend.foundation.engine.duckdb_engine import quoted
from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.grumbles.clusters.rules import ClusterRules

ROOM: Final = "grumbles/clusters"
FILES: Final = {
    "contact_file": "core_contact",
    "grumble_file": "mart_grumble",
    "complaint_file": "mart_complaint",
    "reply_file": "core_survey_reply",
}
INPUTS: Final = read_models(ROOM, "input_contact", "input_grumble", "input_complaint", "input_reply", "input_customer")


def make_features(step: Step, rules: ClusterRules, month: str) -> int:
    """Make `feature` (a row a customer of the month's snapshot; without one, of everybody seen); returns the number of
    customers.
    """
    _open(step, month, rules.settings.behaviour_months)
    contacts, grumbles, complaints, replies = step.rows(read_model(ROOM, "known"))[0]
    known = {area for (area,) in step.rows(read_model(ROOM, "known_area"))}
    days = days_of(month)
    areas, filled, values = [], [], {}
    for place, (name, codes) in enumerate(rules.areas.items()):
        values[f"area_{place}"] = list(codes)
        # Counts of areas that no taxonomy has are not known, rather than none.
        values[f"has_{place}"] = grumbles and not (known and known.isdisjoint(codes))
        areas.append(f"count(case when list_contains($area_{place}, area_code) then 1 end) as {quoted(name)}")
        filled.append(f"case when $has_{place} then coalesce({quoted(name)}, 0) end as {quoted(name)}")
    values |= {
        "year": days[0].year,
        "last_day": days[-1],
        "has_contacts": contacts,
        "has_complaints": complaints,
        "has_replies": replies,
    }
    step.run(read_model(ROOM, "feature"), values, {"areas": ", ".join(areas), "filled": ", ".join(filled)})
    return step.count("feature")


def _open(step: Step, month: str, months: int) -> None:
    days = days_of(month)
    for _ in range(months - 1):
        days = days_of(month_before(days[0])) + days
    for name, table in FILES.items():
        step.view(table, name, days)
    step.view("mart_grumble_type", "taxonomy")
    step.view("core_customer", "snapshot", [days_of(month)[0]])
    for model in INPUTS:
        step.make(model, model.name, is_view=True)
