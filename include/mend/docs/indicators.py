"""docs/indicators.md: every indicator and credit of every rule version shipped."""

from __future__ import annotations

from typing import Any, Final

from mend.damage.scoring.rules import FOLDER, Rule, RuleSet, features, load_rules
from mend.docs import markdown
from mend.docs.pages import Page
from mend.foundation.schema import CODES
from mend.foundation.yaml_text import read_yaml

SCORING: Final = FOLDER.parent
INTRODUCTION: Final = """\
Damage adds points, repair takes points off. The rules are data: a YAML file per version in
`include/mend/damage/scoring/rules/`, named after the day from which it is in force,
until the next file's. A file of the
same kind in `<home>/rules/` adds a version, and takes the shipped one's place when both are named alike. A file with
an error is refused whole, with file, rule and reason.

A condition is a yes-or-no expression over the columns of its record (see the [data dictionary](data-dictionary.md))
and the features at the end of this page: comparisons, `and`, `or`, `not`, `between`, `in`, `is`, sums and products;
no functions, no subqueries. An indicator counts once for its contact or ticket. *Needs* says what the sources must
give; an indicator whose needs no source meets is reported as not measured, never as zero. *Felt at* is the moment for
which it counts: for contacts it is the start, and the points are posted on the day their incident began."""
SETTINGS: Final = {
    "contact_reach_days": "days that the features of contacts look back at the customer's earlier contacts",
    "incident_gap_seconds": "contacts of a customer that start closer together than this form one incident",
    "incident_cap_points": "an incident's damage is capped here",
    "repeated_failure_seconds": "CON-05 looks so far back for failed attempts",
    "ticket_limit_seconds": "RES-02: a ticket should be closed by then",
    "callback_limit_seconds": "CON-07: a booking should be called back by then",
    "repairs_within_days": "a credit repairs damage felt at most so many days before it",
    "carry_over": "share of the last month's score that is carried over",
    "level_points": "levels: slight is under the first, moderate under the second, severe under the third, critical "
    "from there on",
    "exploration_months": "exploration: joined under so many months ago",
    "formation_months": "formation: joined under so many months ago",
    "decline_share": "decline: ARPU or minutes down by this share on the mean of the three months before",
}
PLACES: Final = {
    "scan": "with the row",
    "window": "beside the customer's other contacts",
    "candidate": "beside other records",
}


def indicators() -> Page:
    """The page. Rule versions of a home are not its business: it shows what is shipped."""
    versions = load_rules()
    text = markdown.page(
        "Indicators and credits", INTRODUCTION, *(_version(version) for version in versions), _features()
    )
    return Page("indicators.md", text)


def _version(version: RuleSet) -> str:
    until = f" until {version.valid_until}" if version.valid_until else ""
    parts = [
        f"## Rules from {version.valid_from}{until}",
        f"A failed attempt to connect is: {markdown.code(version.failed_attempt.text)}",
        f"### Indicators (damage) from {version.valid_from}",
        _indicators(version),
        f"### Credits (repair) from {version.valid_from}",
        _credits(version),
        f"### Settings from {version.valid_from}",
        _settings(version),
    ]
    return "\n\n".join(parts)


def _indicators(version: RuleSet) -> str:
    header = ["id", "stage", "English", "中文", "points", "condition", "family", "felt at", "needs"]
    family = {member: name for name, members in version.families.items() for member in members}
    return markdown.table(header, [_indicator(rule, family.get(rule.id, "")) for rule in version.indicators.values()])


def _indicator(rule: Rule, family: str) -> list[str]:
    marks = [mark for mark, is_on in (("explicit", rule.is_explicit), ("escalation", rule.is_escalation)) if is_on]
    points = f"{rule.points}" + (f" ({', '.join(marks)})" if marks else "")
    felt = markdown.code(rule.felt_at or "started_at")
    return [
        rule.id,
        CODES["stage"][rule.stage][0],
        rule.en,
        rule.zh,
        points,
        markdown.code(rule.condition.text),
        family,
        felt,
        needs(rule),
    ]


def _credits(version: RuleSet) -> str:
    header = ["id", "English", "中文", "points", "condition", "its subject must have", "needs"]
    return markdown.table(header, [_credit(rule) for rule in version.credits.values()])


def _credit(rule: Rule) -> list[str]:
    repairs = ", ".join(rule.repairs) or "any damage"
    return [rule.id, rule.en, rule.zh, str(rule.points), markdown.code(rule.condition.text), repairs, needs(rule)]


def needs(rule: Rule) -> str:
    """The record and columns that sources must give for the rule to be measured, and the other records it looks at."""
    described = features(rule.record)
    used = [described[name] for name in sorted(rule.condition.columns) if name in described]
    columns = {name for name in rule.condition.columns if name not in described} | {
        name for feature in used for name in feature.needs
    }
    others = sorted({record for feature in used for record in feature.records})
    own = f"{rule.record}: {', '.join(sorted(columns))}" if columns else rule.record
    return "; ".join([own, *others])


def _settings(version: RuleSet) -> str:
    values = version.settings.model_dump()
    rows = [[markdown.code(name), _value(value), SETTINGS[name]] for name, value in values.items()]
    return markdown.table(["setting", "value", "what it does"], rows)


def _value(value: object) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)


def _features() -> str:
    described: dict[str, dict[str, Any]] = read_yaml((SCORING / "features.yaml").read_text("utf-8"))
    rows = [
        [record, markdown.code(name), PLACES[words["at"]], words["en"], words["zh"]]
        for record, its in described.items()
        for name, words in its.items()
    ]
    header = ["record", "feature", "decided", "English", "中文"]
    return (
        f"## Features\n\nWhat a condition may use besides its record's own columns.\n\n{markdown.table(header, rows)}"
    )
