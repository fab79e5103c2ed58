"""The case of a follow-up ticket and of a warning: what their state says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mend.prevention.playbooks.cases import Case
from mend.prevention.playbooks.playbook import Chosen, PlaybookSet
from mend.prevention.playbooks.rules import playbooks_on

OF_TICKET: Final = ("measure_code", "topic_code", "tier", "complaint_count", "reopen_count")


def playbook_of_ticket(row: Mapping[Any, Any], is_past_limit: bool, versions: Sequence[PlaybookSet]) -> Chosen:
    """The playbook of a ticket and its severity now. It keeps the playbooks of the day on which it was opened.

    Args:
        row: columns of follow_up_ticket; opened_at among them.
    """
    opened_at: dt.datetime = row["opened_at"]
    return playbooks_on(opened_at.date(), versions).choose(case_of_ticket(row, is_past_limit))


def case_of_ticket(row: Mapping[Any, Any], is_past_limit: bool) -> Case:
    """The columns of a case; a ticket says nothing of indicators and levels."""
    return {name: row[name] for name in OF_TICKET} | {"about_code": "follow_up", "is_past_limit": is_past_limit}


def case_of_warning(level: int, grumble_type_code: str | None) -> Case:
    """The columns of a warning's case.

    >>> case_of_warning(4, "marketing.lock_in")["grumble_area_code"]
    'marketing'
    """
    return {
        "about_code": "warning",
        "warning_level": level,
        "grumble_type_code": grumble_type_code,
        "grumble_area_code": None if grumble_type_code is None else grumble_type_code.split(".")[0],
    }
