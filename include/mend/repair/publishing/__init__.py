"""From a campaign's list to what is done: summary, decision, files, routing table, messages, recall, export."""

from mend.repair.publishing.bias import GroupShare, check_bias
from mend.repair.publishing.decisions import Decision, approvers_at, decide, decision_of
from mend.repair.publishing.export import export_whole
from mend.repair.publishing.lists import CampaignList, list_id_of, read_list
from mend.repair.publishing.publish import PublishReport, finish_files, publish
from mend.repair.publishing.recall import Recalled, recall
from mend.repair.publishing.registering import register
from mend.repair.publishing.routing import RoutingEntry, routing_of, routing_of_number
from mend.repair.publishing.summarising import summarise
from mend.repair.publishing.summary import Summary
from mend.repair.publishing.words import both_languages, markdown

__all__ = [
    "CampaignList",
    "Decision",
    "GroupShare",
    "PublishReport",
    "Recalled",
    "RoutingEntry",
    "Summary",
    "approvers_at",
    "both_languages",
    "check_bias",
    "decide",
    "decision_of",
    "export_whole",
    "finish_files",
    "list_id_of",
    "markdown",
    "publish",
    "read_list",
    "recall",
    "register",
    "routing_of",
    "routing_of_number",
    "summarise",
]
