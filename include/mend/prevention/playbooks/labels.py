"""Which playbook a call label carries: worked out for a whole list at once, by the same conditions as for one case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mend.foundation.conditions import Condition
from mend.foundation.pipeline.model import read_models
from mend.prevention.playbooks.playbook import SEVERITIES, PlaybookSet

if TYPE_CHECKING:
    from mend.foundation.pipeline.runner import Step

ROOM: Final = "prevention/playbooks"
MODELS: Final = read_models(ROOM, "label_case", "label_playbook")
WORD: Final = {"place": "integer", "playbook_code": "varchar", "least_severity": "integer"}


def put_label_playbooks(step: Step, playbooks: PlaybookSet) -> None:
    """Make label_playbook (a row for each customer of `list_row`) from `list_row` and `campaign_feature`."""
    places = [(place, each.code, each.least_severity) for place, each in enumerate(playbooks.playbooks)]
    step.put("playbook_word", WORD, places)
    step.run(MODELS, fills=fills_of(playbooks))


def fills_of(playbooks: PlaybookSet) -> dict[str, str]:
    """Text over the columns of a case: the place of its playbook, and its severity. What is null is not true."""
    *before, _ = enumerate(playbooks.playbooks)
    conditions = [(place, each.when) for place, each in before if each.when is not None]
    severities = [(each, playbooks.severities[each]) for each in reversed(SEVERITIES[1:])]
    return {
        "playbook_place": _first_that_holds(conditions, len(before)),
        "severity": _first_that_holds(severities, SEVERITIES[0]),
    }


def _first_that_holds(conditions: list[tuple[int, Condition]], otherwise: int) -> str:
    cases = " ".join(f"when {condition.sql()} then {number}" for number, condition in conditions)
    return f"case {cases} else {otherwise} end" if cases else f"{otherwise}"


def hits_named(playbooks: PlaybookSet) -> set[str]:
    """The columns of indicators that its conditions ask for."""
    conditions = [each.when for each in playbooks.playbooks if each.when is not None]
    columns = {name for each in (*conditions, *playbooks.severities.values()) for name in each.columns}
    return {name for name in columns if name.startswith("hit_")}
