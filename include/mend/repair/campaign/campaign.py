"""A month's campaign: candidates, gates, hold-out, allocation and list, as a version that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mend.care.survey.rules import contact_policy
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY, day_begins, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.asking import ask_contact_rules, earlier_months, find_earlier
from mend.repair.campaign.building import build
from mend.repair.campaign.candidates import find_candidates, indicator_words, open_features, snapshots, withhold
from mend.repair.campaign.effects import chances
from mend.repair.campaign.in_force import version_in_force, versions_in_force
from mend.repair.campaign.plan import Plan
from mend.repair.campaign.versions import Version, write_version
from mend.repair.seasons import themes_on
from mend.repair.strategies import INDICATORS, load_strategies, strategies_on, with_seasons

ROOM: Final = "repair/campaign"


@dataclass(frozen=True)
class CampaignReport:
    """A month's list: its version, what became of the candidates, cost in yuan, and the expected benefit with the
    proven bound; `is_new` when this call made the version, `is_in_force` when it was published or approved and is
    therefore not made again."""

    month: str
    version: int
    is_new: bool
    is_in_force: bool
    candidates: int
    listed: int
    held_out: int
    deferred: int
    gated: Mapping[str, int]
    overload: int
    cost: int
    benefit: int
    bound: int
    gap: float
    content_sha256: str


def make_campaign(home: Home, bench: Workbench, month: str, strategies: Path | None = None) -> CampaignReport:
    """Make the list of a closed month (YYYY-MM): a new version only when the content is new.

    A list that was approved or published stands: it is given back as it is until it is recalled.

    Args:
        strategies: folder of the strategies' files; the home's own by default.

    Raises:
        CampaignError: the month is not closed.
        StrategyError: a file of strategies is broken.
    """
    with operations.locked(home.database_url, f"campaign {month}"):
        if (decided := version_in_force(home, bench, month)) is not None:
            return report_of(decided, is_new=False, is_in_force=True)
        with open_step(bench, "campaign_list") as step:
            inputs = snapshots(step)
            plan = freeze(step, home, month, strategies)
            built = build(step, plan)
            made, is_new = write_version(step, plan, built, inputs)
    return report_of(made, is_new, is_in_force=False)


def freeze(step: Step, home: Home, month: str, strategies: Path | None = None) -> Plan:
    """Make campaign_candidate, all that a list is made from, and give the plan it is made by."""
    last_day = days_of(month)[-1]
    words = indicator_words(step, last_day)
    find_candidates(step, month, words, day_begins(last_day + ONE_DAY, home.zone))
    plan = plan_of(step, home, month, words, strategies)
    freeze_under(step, home, plan)
    return plan


def plan_of(
    step: Step, home: Home, month: str, words: Mapping[str, tuple[str, str]], strategies: Path | None = None
) -> Plan:
    """The plan of a month by the strategies in force on the campaign's first day; an audience may ask for any indicator
    that the lake knows."""
    files = load_strategies(strategies or home.root / "strategies", sorted({*INDICATORS, *words}))
    first_day = days_of(month)[-1] + ONE_DAY
    rules = with_seasons(strategies_on(first_day, files), themes_on(first_day, home.root / "seasons"), first_day)
    return Plan(month, rules, words, chances(step, rules, month))


def freeze_under(step: Step, home: Home, plan: Plan) -> None:
    """campaign_candidate from campaign_base: what a plan's hold-outs, the contact rules and earlier lists say."""
    open_features(step, plan, is_frozen=False)
    withhold(step, plan)
    ask_contact_rules(step, home, plan, contact_policy(home.root / "survey_rules", plan.days[0]))
    find_earlier(step, plan, versions_in_force(home, earlier_months(plan.month)))
    step.make(read_model(ROOM, "campaign_frozen"), "campaign_candidate")
    step.drop("campaign_feature", "campaign_audience", "campaign_withheld", "campaign_contact", "campaign_base")


def report_of(version: Version, is_new: bool, is_in_force: bool) -> CampaignReport:
    return CampaignReport(
        month=version.month,
        version=version.version,
        is_new=is_new,
        is_in_force=is_in_force,
        candidates=version.candidate_count,
        listed=version.listed_count,
        held_out=version.held_out_count,
        deferred=version.deferred_count,
        gated=version.gated_by_reason,
        overload=version.overload_count,
        cost=version.cost,
        benefit=version.benefit,
        bound=version.bound,
        gap=version.gap,
        content_sha256=version.content_sha256,
    )
