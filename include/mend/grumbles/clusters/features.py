"""Features of every customer, from the lake: the temporary table `feature`."""

from __future__ import annotations

from typing import Final

from mend.foundation.periods import days_of, month_before
from mend.foundation.pipeline import model as models
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.clusters.rules import ClusterRules

INPUTS: Final = {
    "input_contact": (
        "core_contact",
        "customer_id, topic_code, direction_code, is_abandoned, is_answered, queue_seconds, hold_seconds, mood_code",
    ),
    "input_grumble_file": ("mart_grumble", "customer_id, grumble_type_code"),
    "input_complaint": ("mart_complaint", "customer_id, is_escalated"),
    "input_reply": ("core_survey_reply", "customer_id, score, score_scale"),
}


def make_features(bench: Workbench, rules: ClusterRules, month: str) -> int:
    """Fill `feature` (a row a customer of the month's snapshot; without one, of everybody seen); returns the number of
    customers.
    """
    _open(bench, month, rules.settings.behaviour_months)
    has = {
        name: bool(bench.sql(f"select 1 from {name} limit 1"))
        for name in ("input_contact", "input_grumble", "input_complaint", "input_reply")
    }
    known = _known_areas(bench)
    # Without grumbles at all their counts are not known rather than none; nor is the count of areas that no taxonomy
    # has.
    areas = ", ".join(
        f"count(case when list_contains($area_{name}, area_code) then 1 end) as {name}" for name in rules.areas
    )
    filled = ", ".join(f"case when $has_{name} then coalesce({name}, 0) end as {name}" for name in rules.areas)
    query = models.load("grumbles/clusters", "feature").format(areas=areas, filled=filled)
    days = days_of(month)
    values = {
        "year": days[0].year,
        "last_day": days[-1],
        "has_contacts": has["input_contact"],
        **{
            f"has_{name}": has["input_grumble"] and not (known and known.isdisjoint(codes))
            for name, codes in rules.areas.items()
        },
        "has_complaints": has["input_complaint"],
        "has_replies": has["input_reply"],
        **{f"area_{name}": list(codes) for name, codes in rules.areas.items()},
    }
    bench.execute(f"create or replace temp table feature as {query}", values)
    return int(bench.sql("select count(*) from feature")[0][0])


def _open(bench: Workbench, month: str, months: int) -> None:
    days = days_of(month)
    for _ in range(months - 1):
        days = days_of(month_before(days[0])) + days
    for name, (table, columns) in INPUTS.items():
        bench.view(table, days=days, as_name=f"{name}_rows")
        bench.execute(f"create or replace temp view {name} as select {columns} from {name}_rows")
    _open_areas(bench)
    bench.view("core_customer", days=[days_of(month)[0]], as_name="snapshot")
    known = "select * from snapshot where status_code is distinct from 'left'"
    if not bench.sql("select 1 from snapshot limit 1"):
        seen = " union ".join(f"select customer_id from {name}" for name in INPUTS)
        columns = ", ".join(
            f"null as {name}" for name in ("brand_code", "birth_year", "sms_count", "minutes_of_use", "data_mb")
        )
        money = "null as arpu_amount, null as value_added_amount, cast(null as date) as joined_on"
        known = f"select customer_id, {columns}, {money} from ({seen}) where customer_id is not null"
    bench.execute(f"create or replace temp view input_customer as {known}")


def _known_areas(bench: Workbench) -> set[str]:
    """The areas of every version of the taxonomy: a home may have replaced those that the rules name."""
    return {area for (area,) in bench.sql("select distinct grumble_type_code from taxonomy where parent_code is null")}


def _open_areas(bench: Workbench) -> None:
    """`input_grumble` with each grumble's area: the parent of its point in any version of the taxonomy, else the code
    itself.
    """
    bench.view("mart_grumble_type", as_name="taxonomy")
    bench.execute(
        "create or replace temp view input_grumble as select customer_id, coalesce(parent_code, grumble_type_code) as "
        "area_code "
        "from input_grumble_file left join "
        "(select grumble_type_code, max(parent_code) as parent_code from taxonomy group by grumble_type_code) using "
        "(grumble_type_code)"
    )
