"""The inputs of a campaign, and its candidates as they are at the moment: frozen, they are all that a list is made
from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from mend.foundation.lake.filters import at_most, equal
from mend.foundation.periods import days_of, first_day_of
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step
from mend.repair.campaign import tables
from mend.repair.campaign.errors import CampaignError
from mend.repair.campaign.facts import CUT_OFF, NETWORK_AREA, UNCONNECTED, UNSATISFIED
from mend.repair.campaign.plan import Plan, first_indicators
from mend.repair.seasons import PREFERRED_CHANNEL

ROOM: Final = "repair/campaign"
REASONS: Final = 3  # so many of the indicators that cost most are given as a customer's reasons
# What is read of the lake: with a version stands which snapshot of each was read.
INPUTS: Final = (
    "mart_damage_month", "mart_damage_ledger", "mart_indicator", "mart_customer_cluster", "mart_warning",
    "mart_grumble_level", "mart_grumble_type", "mart_complaint", "core_ticket", "core_survey_reply", "core_customer",
    "core_customer_alias", "core_contact",
)  # fmt: skip
FEATURES: Final = read_models(
    ROOM, "campaign_hit", "campaign_dropped", "campaign_reply", "campaign_ticket", "campaign_warning",
    "campaign_cluster",
)  # fmt: skip


def indicator_words(step: Step, last_day: dt.date) -> dict[str, tuple[str, str]]:
    """The indicators in force on a day, with their words."""
    step.view("mart_indicator", "indicator_words", where=at_most("rule_version", last_day))
    rows = step.rows(read_model(ROOM, "campaign_indicator"), {"last_day": last_day})
    return first_indicators({name: (english, chinese) for name, english, chinese in rows})


def find_candidates(step: Step, month: str, indicators: Mapping[str, tuple[str, str]], at: dt.datetime) -> int:
    """Make campaign_base: every candidate of a closed month with what is known of them at the moment. Their number.

    Raises:
        CampaignError: the month is not closed.
    """
    first_day = first_day_of(month)
    if not step.view("mart_closed_month", "closed_month", where=equal("month", month)):
        raise CampaignError(f"{month} is not closed: there are no candidates yet; close it first (mend month {month})")
    _open_inputs(step, month, first_day)
    plain = {"month": month, "at": at, "reasons": REASONS, "cut_off": list(CUT_OFF), "network_area": NETWORK_AREA}
    bits = list(indicators)
    step.put(
        "indicator_bit", {"indicator_id": "varchar", "bit": "integer"}, [(name, bits.index(name)) for name in bits]
    )
    plain["network_types"] = [code for (code,) in step.rows(read_model(ROOM, "campaign_network_type"), plain)]
    step.run(FEATURES, plain)
    step.run(PREFERRED_CHANNEL)
    masks = {
        "unsatisfied_mask": sum(1 << bits.index(name) for name in UNSATISFIED if name in indicators),
        "unconnected_mask": sum(1 << bits.index(name) for name in UNCONNECTED if name in indicators),
    }
    values = {"first_day": first_day, "year": first_day.year, "indicator_ids": bits, **masks}
    step.run(read_model(ROOM, "campaign_base"), plain | values)
    step.drop(*(model.name for model in FEATURES), PREFERRED_CHANNEL.name)
    return step.count("campaign_base")


def _open_inputs(step: Step, month: str, first_day: dt.date) -> None:
    days = days_of(month)
    step.view("mart_damage_month", "month_file", where=equal("month", month))
    step.view("mart_damage_ledger", "posted", days=days)
    step.view("core_survey_reply", "reply_file", days=days)
    step.view("core_contact", "contact_file", days=days)
    step.view("core_ticket", "ticket_file", where=at_most("opened_on", days[-1]))
    step.view("mart_complaint", "complaint_file", where=at_most("complained_on", days[-1]))
    step.view("mart_warning", "warning_night", days=days[-1:])
    step.view("mart_grumble_level", "level_night", days=days[-1:])
    step.view("mart_grumble_type", "grumble_type")
    step.view("mart_customer_cluster", "cluster_file", where=equal("month", month))
    put_persons(step, persons_of(step.bench, days[-1]))
    view_snapshots(step, first_day, days[-1])
    step.make(read_model(ROOM, "campaign_entry"), "campaign_entry", is_view=True)
    step.make(read_model(ROOM, "campaign_person"), "campaign_person", is_view=True)


def open_features(step: Step, plan: Plan, is_frozen: bool) -> None:
    """The views campaign_feature and campaign_audience over candidates, frozen or not."""
    if is_frozen:
        step.make(read_model(ROOM, "campaign_kept"), "campaign_base", is_view=True)
    fills = {"hits": tables.hits(plan)}
    step.make(read_model(ROOM, "campaign_feature"), "campaign_feature", fills=fills, is_view=True)
    step.run(read_model(ROOM, "campaign_audience"), fills={"audience_mask": tables.audience_mask(plan)})


def withhold(step: Step, plan: Plan) -> None:
    """Make campaign_withheld: who is kept aside from what."""
    text, values = tables.withheld_mask(plan)
    step.run(read_model(ROOM, "campaign_withheld"), values, {"withheld_mask": text})


def snapshots(step: Step) -> dict[str, int | None]:
    """The newest snapshot of each input, by its number."""
    found: dict[str, int | None] = {}
    for name in INPUTS:
        newest = step.bench.lake.table(name).current_snapshot()
        found[name] = None if newest is None else newest.snapshot_id
    return found
