"""A night's and a month's steps in order, as data, and the walk along them: no scheduler, no Airflow.

The DAG files draw the same edges; a test holds them to these. A step's function is named by its place and imported when
it runs, so that neither a DAG file nor a task imports what another step needs.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pkgutil import resolve_name
from typing import Any, Final, Literal

from mend.foundation.counts import Counts, small
from mend.foundation.home import Home
from mend.foundation.periods import Period

Takes = Literal["days", "month", "period", "moment"]
Days = Literal["own", "known", "required", "taken"]


@dataclass(frozen=True)
class Step:
    """One step.

    Args:
        name: its name in the run history, and its task's in the DAG.
        function: `module:name` of what does it: given the home, a workbench, what it takes, and its parameters by name,
            it returns a report. One that takes a moment is given the home and the moment alone.
        after: the steps that it waits for.
        takes: what it is given of the run: its days, its month, its whole period, or a moment.
        days: the run's own; those of which anything is known, and the marked days that the run has taken; the same, and
            at least one; the same, and it takes the days that are marked now.
        params: the run's parameters that it is given.
        each: the parameter that it is run for each word of: the list which the step before it gives by its name.
        goes_on: it runs also when a step before it failed.
        decided: a person decides it, in Airflow's UI or by a command: no walk goes past it.
    """

    name: str
    function: str
    after: tuple[str, ...] = ()
    takes: Takes = "days"
    days: Days = "own"
    params: tuple[str, ...] = ()
    each: str = ""
    goes_on: bool = False
    decided: bool = False


NIGHT: Final = (
    Step("answers", "mend.care.survey.step:hand_over_answers"),
    Step("sources", "mend.intake.extract.step:note_sources", ("answers",), params=("sources", "paths")),
    Step("extract", "mend.intake.extract.step:extract_source", ("sources",), params=("paths",), each="source"),
    # After a source that failed, and after batches that were stopped, the others go on.
    Step("quality", "mend.intake.quality.step:judge", ("extract",), days="taken", goes_on=True),
    Step("core", "mend.intake.core.step:load_and_reconcile", ("quality",), days="required", goes_on=True),
    Step("score", "mend.damage.scoring:score", ("core",), days="known"),
    Step("grumbles", "mend.grumbles.records:record_grumbles", ("score",), days="known"),
    Step("surveys", "mend.care.survey.step:take_in_night", ("score",), takes="period", days="known"),
    Step("due_months", "mend.damage.closing.step:say_due_months", ("score",), days="known"),
    Step("warnings", "mend.grumbles.warning:warn", ("grumbles",), days="known", params=("unmasked",)),
    Step("incoming", "mend.grumbles.incoming.step:publish_incoming", ("warnings",), days="known"),
    Step("pages", "mend.query.pages.step:publish_night", ("warnings", "surveys"), days="known"),
    Step(
        "deliveries",
        "mend.intake.extract.step:require_deliveries",
        ("incoming", "surveys", "due_months"),
        takes="period",
        days="known",
        params=("sources",),
    ),
)
MONTH: Final = (
    Step("close_month", "mend.damage.closing.step:close_due_months", takes="month"),
    Step(
        "damage_list",
        "mend.repair.campaign.step:write_lists",
        ("close_month",),
        takes="month",
        params=("unmasked",),
    ),
    Step("grumble_classifier", "mend.grumbles.records:train_classifier", ("close_month",), takes="month"),
    Step("grumble_index", "mend.grumbles.warning:grumble_index", ("close_month",), takes="month"),
    Step("survey_report", "mend.care.survey.report:month_report", ("close_month",), takes="month"),
    Step("customer_clusters", "mend.grumbles.clusters:fit_clusters", ("grumble_classifier",), takes="month"),
    Step("association", "mend.grumbles.association:find_associations", ("customer_clusters",), takes="month"),
    Step("complaint_model", "mend.grumbles.warning:train_models", ("association",), takes="month"),
    Step(
        "recording_agreement",
        "mend.grumbles.recording.step:measure_agreement",
        ("grumble_classifier",),
        takes="month",
    ),
    Step("grumble_levels", "mend.grumbles.warning:fit_levels", ("association",), takes="month"),
    Step("touchpoints", "mend.prevention.touchpoint.step:assess_month", ("close_month",), takes="month"),
    Step("trouble", "mend.prevention.trouble.step:find_month_trouble", ("close_month",), takes="month"),
    Step("problems", "mend.prevention.routing.step:route_month", ("trouble",), takes="month"),
    Step("guarantee", "mend.prevention.playbooks.step:measure_guarantee", ("close_month",), takes="month"),
    Step("repair_worth", "mend.repair.worth.step:value_repairs", ("close_month",), takes="month"),
    Step("plan_figures", "mend.prevention.plans.step:plan_figures", ("close_month",), takes="month"),
    Step("lifecycle", "mend.grumbles.lifecycle.step:find_month_stages", ("close_month",), takes="month"),
    Step("season_match", "mend.repair.seasons.step:match_seasons", ("customer_clusters",), takes="month"),
    Step("pages_month", "mend.query.pages.step:publish_month", ("close_month",), takes="month"),
    Step(
        "page_documents",
        "mend.query.pages.step:publish_month_documents",
        (
            *("pages_month", "damage_list", "grumble_index", "survey_report", "complaint_model", "season_match"),
            *("touchpoints", "problems", "guarantee", "repair_worth", "plan_figures", "lifecycle", "grumble_levels"),
            "recording_agreement",
        ),
        takes="month",
    ),
)
# After a month's close, apart from it: between the list and its publication a person decides.
CAMPAIGN: Final = (
    Step("campaign_list", "mend.repair.campaign.step:make_list", takes="month"),
    Step("page_campaign", "mend.query.pages.step:publish_campaign", ("campaign_list",), takes="month"),
    Step("approve", "mend.repair.publishing:decide", ("page_campaign",), takes="month", decided=True),
    Step("publish", "mend.repair.publishing.step:publish_month", ("approve",), takes="month", params=("at", "through")),
)
# Two months later: the campaign ran in the month after the damage, and the next snapshots say who left.
EFFECT: Final = (
    Step("outcomes", "mend.repair.outcomes.step:follow_campaigns", takes="month"),
    Step("effect", "mend.repair.effect.step:evaluate_month", ("outcomes",), takes="month"),
    Step("page_effect", "mend.query.pages.step:publish_effect", ("effect",), takes="month"),
)
MINUTES: Final = (
    Step("dispatch", "mend.care.survey:dispatch", takes="moment"),
    Step("replies", "mend.care.survey:read_replies", ("dispatch",), takes="moment"),
    Step("follow_up", "mend.care.followup:follow_up", ("replies",), takes="moment"),
)
WEEK: Final = (
    Step(
        "lake_maintenance",
        "mend.foundation.pipeline.housekeeping:maintain_lake",
        params=("keep_snapshots_days", "orphans_after_hours"),
    ),
)
# Of a night's steps, those that make tables of what has arrived; and those that do so for a past day.
RECOMPUTING: Final = (
    "quality",
    "core",
    "score",
    "grumbles",
    "warnings",
    "incoming",
    "surveys",
    "due_months",
    "deliveries",
)
REBUILDING: Final = ("core", "score")


def step(name: str) -> Step:
    """The step of that name; LookupError when there is none."""
    for each in (*NIGHT, *MONTH, *CAMPAIGN, *EFFECT, *MINUTES, *WEEK):
        if each.name == name:
            return each
    raise LookupError(f"no step {name}")


@dataclass(frozen=True)
class Done:
    """One step that came to its end. `part` says of which source it was, where it is run for each; `error` is why it
    failed.
    """

    name: str
    period: Period
    counts: Counts
    seconds: float
    part: str = ""
    error: Exception | None = None


def run_step(each: Step, home: Home, period: Period, params: Mapping[str, Any]) -> Counts:
    """The step for the run's period, recorded in the run history: its counts."""
    from mend.foundation.operations import recorded_step
    from mend.foundation.pipeline.workbench import Workbench

    with (
        Workbench.open(home) as bench,
        recorded_step(home.database_url, each.name, period.first, period.last) as recorded,
    ):
        made = _days_made(each, home, period)
        taken = {"days": made.days, "month": made.month, "period": made}[each.takes]
        counts = small(resolve_name(each.function)(home, bench, taken, **params))
        recorded.update(counts)
    return counts


def run_step_at(each: Step, home: Home, at: dt.datetime) -> Counts:
    """The step as of a moment, recorded in the run history under the moment's day: its counts."""
    from mend.foundation.opening import open_home
    from mend.foundation.operations import recorded_step

    open_home(home)
    with recorded_step(home.database_url, each.name, at.date(), at.date()) as recorded:
        counts = small(resolve_name(each.function)(home, at))
        recorded.update(counts)
    return counts


def _days_made(each: Step, home: Home, period: Period) -> Period:
    if each.days == "own":
        return period
    from mend.foundation.operations.run_days import days_to_make, require_days

    return days_to_make(home, period) if each.days == "known" else require_days(home, period, each.days == "taken")


def walk(
    steps: Sequence[Step],
    home: Home,
    period: Period,
    params: Mapping[str, Any],
    only: Collection[str] | None = None,
) -> Iterator[Done]:
    """Run the steps in order; each is given back when done. After one that failed those go on that say so; at the end
    the error is raised: the last step's, which names all that is missing, else the first. What waits for a person's
    decision is not run.

    Args:
        only: names of the steps to run; all when None. LookupError when one is not among the steps.
    """
    if missing := set(only or ()) - {each.name for each in steps}:
        raise LookupError(f"no step {', '.join(sorted(missing))}")
    ended: dict[str, list[Done]] = {}
    for each in steps:
        if only is not None and each.name not in only:
            continue
        ended[each.name] = []
        if each.decided:
            continue
        for part, own in _parts(each, params, ended) if _may_run(each, ended) else ():
            done = replace(_run(each, home, period, own), part=part)
            ended[each.name].append(done)
            yield done
    if failed := [done for dones in ended.values() for done in dones if done.error is not None]:
        reason = (failed[-1] if failed[-1].name == list(ended)[-1] else failed[0]).error
        assert reason is not None
        raise reason


def _run(each: Step, home: Home, period: Period, params: Mapping[str, Any]) -> Done:
    began = time.monotonic()
    try:
        counts, error = run_step(each, home, period, params), None
    except Exception as raised:
        counts, error = {}, raised
    return Done(each.name, period, counts, time.monotonic() - began, error=error)


def _may_run(each: Step, ended: Mapping[str, Sequence[Done]]) -> bool:
    """Whether what the step waits for lets it run. Of a step that could not run, nothing has ended."""
    before = [ended[name] for name in each.after if name in ended]
    return each.goes_on or all(done and not any(one.error for one in done) for done in before)


def _parts(
    each: Step, params: Mapping[str, Any], ended: Mapping[str, Sequence[Done]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The step's parameters; or for each word of the list that the step before it gives, the word and these."""
    own = {name: params[name] for name in each.params if name in params}
    if not each.each:
        yield "", own
        return
    (before,) = each.after
    for done in ended.get(before, []):
        for word in done.counts.get(before, []):  # type: ignore[union-attr]
            yield word, {**own, each.each: word}
