"""docs/follow-up.md: the state machine of follow-up tickets, drawn from its table, with measures, limits and
refusals.
"""

from __future__ import annotations

from typing import Final

from mend.care.followup.machine import GUARDS, TRANSITIONS
from mend.care.followup.rules import RuleSet, TierRule, load_rules
from mend.care.followup.states import RUNNING
from mend.docs import markdown
from mend.docs.pages import Page
from mend.foundation.schema import CODES

INTRODUCTION: Final = """\
A follow-up ticket is opened by an answer 'unsolved', a booked callback or a suspended complaint. What may happen to
it stands in one table, `TRANSITIONS` of `include/mend/care/followup/machine.py`; the diagram is drawn from it. An event
that the table does not have, or to which a guard objects, changes nothing and is kept with its reason
(`follow_up_refusal`). An event that comes late happens at its own moment: the ticket is made again from all that was
told of it, and what no longer holds is kept with the event that overtook it (`overtaken_by`)."""
CLOCKS: Final = """\
The clock of a tier runs while the ticket is in a running state and stands in the others. A promised time takes the
first limit's place and moves with no pause. The legal clock runs from the complaint's filing and never stands.
Whether the promise was kept is decided once: by the first answer and the first clock, which runs on beside those of
higher tiers; a reopened ticket keeps it. Waking, escalation and notices carry the moment at which they fell due, so a
step that runs hours late writes the same history."""


def follow_up() -> Page:
    """The page."""
    versions = [_version(rules) for rules in load_rules()]
    return Page(
        "follow-up.md", markdown.page("Follow-up tickets", INTRODUCTION, _diagram(), _events(), CLOCKS, *versions)
    )


def _diagram() -> str:
    """A Mermaid state diagram; events that lead the same way stand on one arrow, those that change no state in the
    table below.
    """
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), target in TRANSITIONS.items():
        if state != target:
            arrows.setdefault((state, target), []).append(event)
    lines = ["stateDiagram-v2", "    [*] --> open: open"]
    lines += [f"    {state} --> {target}: {', '.join(events)}" for (state, target), events in arrows.items()]
    for code, (words, _) in CODES["follow_up_state"].items():
        clock = ", clock runs" if code in RUNNING else ""
        lines.append(f'    state "{words}{clock}" as {code}')
    return "\n".join(["```mermaid", *lines, "    closed --> [*]", "```"])


def _events() -> str:
    """Each event with its words, where it may happen, and whether a guard has a say."""
    rows = []
    for code, (en, zh) in CODES["follow_up_event"].items():
        places = ", ".join(markdown.code(state) for state, event in TRANSITIONS if event == code) or "nothing before it"
        rows.append([markdown.code(code), en, zh, places, "yes" if code in GUARDS else ""])
    return "## Events\n\n" + markdown.table(["event", "English", "中文", "may happen while", "guarded"], rows)


def _version(rules: RuleSet) -> str:
    rows = [
        [*CODES["follow_up_measure"][name], str(tier), *_tier(rule), _escalation(measure.escalates_after_minutes)]
        for name, measure in rules.measures.items()
        for tier, rule in measure.tiers.items()
    ]
    header = ["measure", "措施", "tier", "team", "limit", "counts", "notice before", "escalates"]
    legal = f"The legal limit is {rules.legal_days} days; its notice comes {rules.before_legal_days} days before."
    return f"## Rules from {rules.valid_from}\n\n{markdown.table(header, rows)}\n\n{legal}"


def _tier(rule: TierRule) -> list[str]:
    return [rule.team, f"{rule.limit_hours:g} h", rule.calendar, f"{rule.before_minutes} min"]


def _escalation(after: int | None) -> str:
    return "by hand" if after is None else "at the limit" if after == 0 else f"{after} min after the limit"
