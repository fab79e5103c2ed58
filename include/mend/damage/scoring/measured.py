"""Which indicators the sources can measure. One that they cannot is left out and said so: it is never counted as
zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mend.damage.scoring.rules import Rule, RuleSet, features
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.schema import RECORDS
from mend.foundation.source_files import mapped_columns, source_files

Provided = Mapping[str, frozenset[str]]
EVERYTHING: Provided = {name: frozenset(column.name for column in record.columns) for name, record in RECORDS.items()}


def provided_by_sources(home: Home) -> Provided:
    """The contract columns that the home's sources map, by record: those that are enabled (MEND_SOURCES_ENABLED) and
    those that ever delivered anything. A source counts with all that it maps, whatever of it came so far."""
    batches = [batch for batch in operations.batches(home.database_url) if not batch.is_withdrawn]
    enabled = home.settings.get("MEND_SOURCES_ENABLED", "").split(",")
    files = source_files(home)
    provided: dict[str, set[str]] = {}
    for name in {*(each.strip() for each in enabled), *(batch.source_code for batch in batches)} & files.keys():
        for record, columns in mapped_columns(files[name]).items():
            provided.setdefault(record, set()).update(columns)
    for batch in batches:
        if batch.source_code not in files:  # its file is gone: what it mapped when it delivered
            provided.setdefault(batch.record_code, set()).update(batch.provided_columns)
    return {record: frozenset(columns) for record, columns in provided.items()}


def why_not_measured(rule: Rule, provided: Provided) -> str | None:
    """What the rule needs and no source gives, in words; None when it can be measured."""
    if rule.record not in provided:
        return f"no source has {rule.record} records"
    described = features(rule.record)
    used = [described[name] for name in sorted(rule.condition.columns) if name in described]
    for record in [record for feature in used for record in feature.records]:
        if record not in provided:
            return f"no source has {record} records"
    columns = {name for name in rule.condition.columns if name not in described} | {
        name for feature in used for name in feature.needs
    }
    missing = sorted(columns - provided[rule.record])
    return f"no source gives {rule.record}.{', '.join(missing)}" if missing else None


def measured_only(rules: RuleSet, provided: Provided) -> RuleSet:
    """The rule set without the indicators and credits that cannot be measured."""
    indicators = {name: rule for name, rule in rules.indicators.items() if why_not_measured(rule, provided) is None}
    families = {name: tuple(each for each in members if each in indicators) for name, members in rules.families.items()}
    return replace(
        rules,
        indicators=indicators,
        credits={name: rule for name, rule in rules.credits.items() if why_not_measured(rule, provided) is None},
        families={name: members for name, members in families.items() if members},
    )
