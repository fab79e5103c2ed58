"""Verdicts in the operations database, and invariants that other steps check themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from mend.foundation import operations
from mend.foundation.home import Home
from mend.intake.quality.errors import DataQualityError
from mend.intake.quality.rules import SEVERITIES
from mend.intake.quality.verdicts import Verdict


def store(home: Home, record: str, days: Collection[dt.date], found: Sequence[Verdict]) -> None:
    """Put the verdicts in place of the record's earlier ones for these business dates."""
    rows = [
        {
            "record_code": record,
            "rule_id": verdict.rule.id,
            "severity_code": verdict.severity,
            "business_date": verdict.batch.arrived_on,
            "batch_number": verdict.batch.batch_number,
            "unexpected_count": verdict.unexpected,
            "element_count": verdict.elements,
            "is_passed": verdict.is_passed,
        }
        for verdict in found
    ]
    operations.replace_quality_results(home.database_url, record, sorted(days), rows)


def record_result(
    home: Home, rule: str, severity: str, record: str, business_date: dt.date, unexpected: int, elements: int
) -> bool:
    """Store what another step checked itself, such as a sum that must agree; True if nothing was unexpected.

    Args:
        record: what was looked at, such as `mart_damage_ledger`.
        business_date: the day (or a month's last day) it is about; checked again, the result is replaced.
    """
    if severity not in SEVERITIES:
        raise ValueError(f"rule {rule}: unknown severity {severity}")
    result = {
        "record_code": record,
        "rule_id": rule,
        "severity_code": severity,
        "business_date": business_date,
        "batch_number": None,
        "unexpected_count": unexpected,
        "element_count": elements,
        "is_passed": unexpected == 0,
    }
    operations.replace_quality_results(home.database_url, f"{record}.{rule}", [business_date], [result])
    return unexpected == 0


def assert_rule(
    home: Home, rule: str, severity: str, record: str, business_date: dt.date, unexpected: int, elements: int
) -> None:
    """As `record_result`, and DataQualityError when a critical rule found something."""
    is_passed = record_result(home, rule, severity, record, business_date, unexpected, elements)
    if severity == "critical" and not is_passed:
        raise DataQualityError(f"{record} on {business_date}, rule {rule}: {unexpected} of {elements} rows break it")
