"""From a campaign's list to what is done: summary, decision, files, routing table, messages, recall, export.

A name is imported when it is asked for: pages decide about lists in a process that never loads engine and lake.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mend.repair.publishing.bias import GroupShare, check_bias
    from mend.repair.publishing.decisions import Decision, approvers_at, decide, decision_of
    from mend.repair.publishing.export import export_whole
    from mend.repair.publishing.lists import CampaignList, list_id_of, read_list
    from mend.repair.publishing.publication import PublishReport, finish_files, publish
    from mend.repair.publishing.recalling import Recalled, recall
    from mend.repair.publishing.registering import register
    from mend.repair.publishing.routing import RoutingEntry, routing_of, routing_of_number
    from mend.repair.publishing.summarising import summarise
    from mend.repair.publishing.summary import Summary
    from mend.repair.publishing.words import both_languages, markdown

# Name → module. No module is called as one of the names: it would take the name's place.
_MODULES: Final = {
    "CampaignList": "lists",
    "Decision": "decisions",
    "GroupShare": "bias",
    "PublishReport": "publication",
    "Recalled": "recalling",
    "RoutingEntry": "routing",
    "Summary": "summary",
    "approvers_at": "decisions",
    "both_languages": "words",
    "check_bias": "bias",
    "decide": "decisions",
    "decision_of": "decisions",
    "export_whole": "export",
    "finish_files": "publication",
    "list_id_of": "lists",
    "markdown": "words",
    "publish": "publication",
    "read_list": "lists",
    "recall": "recalling",
    "register": "registering",
    "routing_of": "routing",
    "routing_of_number": "routing",
    "summarise": "summarising",
}


def __getattr__(name: str) -> Any:
    """The name from its module."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


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
