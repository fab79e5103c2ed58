"""Lists of customers to be repaired: who gets what, why, in which order, and why others do not."""

from mend.repair.campaign.campaign import CampaignReport, make_campaign
from mend.repair.campaign.damage_list import ListError, ListReport, damage_list
from mend.repair.campaign.errors import CampaignError
from mend.repair.campaign.facts import GATES
from mend.repair.campaign.hold_out import in_hold_out
from mend.repair.campaign.rebuilding import Rebuilt, rebuild_campaign
from mend.repair.campaign.versions import Version, find_version, versions_of
from mend.repair.campaign.what_if import WhatIfReport, what_if
from mend.repair.campaign.why_not import why_not

__all__ = [
    "GATES",
    "CampaignError",
    "CampaignReport",
    "ListError",
    "ListReport",
    "Rebuilt",
    "Version",
    "WhatIfReport",
    "damage_list",
    "find_version",
    "in_hold_out",
    "make_campaign",
    "rebuild_campaign",
    "versions_of",
    "what_if",
    "why_not",
]
