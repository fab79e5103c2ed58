"""From counts to verdicts: what passed, what is a warning, what stops the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from mend.foundation.operations import Batch
from mend.intake.quality.measure import Measured
from mend.intake.quality.rules import Rule, Suite

WEEKS_BACK: Final = 6
WEEKS_NEEDED: Final = 3


@dataclass(frozen=True)
class Verdict:
    """One rule on one batch. `severity` is what a broken rule came to: a critical one within its fail share warns."""

    rule: Rule
    batch: Batch
    unexpected: int
    elements: int
    is_passed: bool
    severity: str

    @property
    def stops(self) -> bool:
        return not self.is_passed and self.severity == "critical"


def verdicts(
    suite: Suite, batches: list[Batch], measured: Mapping[int, Measured], known: Iterable[Batch]
) -> list[Verdict]:
    """Judge each batch by each rule. `known` are all batches ever registered: what is usual."""
    history = [batch for batch in known if batch.record_code == suite.record.name]
    found = []
    for batch in batches:
        for rule in suite.rules:
            verdict = _verdict(rule, suite, batch, measured, batches, history)
            if verdict is not None:
                found.append(verdict)
    return found


def _verdict(
    rule: Rule, suite: Suite, batch: Batch, measured: Mapping[int, Measured], batches: list[Batch], history: list[Batch]
) -> Verdict | None:
    if rule.kind == "rows_present":
        # Lines of the whole file: a day without rows in a file that holds others is no empty file.
        is_empty = batch.counts.lines == 0
        return Verdict(rule, batch, int(is_empty), batch.counts.lines, not is_empty, rule.severity)
    if rule.kind == "rows_readable":
        return _readable(rule, suite, batch, batches)
    if rule.kind == "volume":
        return _volume(rule, suite, batch, history)
    unexpected = measured[batch.batch_number].broken.get(rule.id, 0)
    rows = measured[batch.batch_number].rows
    if rule.kind == "filled":
        is_blank = rows > 0 and unexpected == rows
        return Verdict(rule, batch, unexpected, rows, not is_blank, rule.severity)
    own = by_share(rule, suite, batch, unexpected, rows)
    is_doubtful = not own.is_passed and not own.stops and rows < suite.few_rows and unexpected > rule.fail_share * rows
    return _in_its_file(rule, suite, own, batches, measured) if is_doubtful else own


def by_share(rule: Rule, suite: Suite, batch: Batch, unexpected: int, elements: int) -> Verdict:
    """The verdict by the share of bad rows: passed up to warn_share, critical above fail_share, a warning between.

    A share of few rows stops nothing, unless they are all that the file holds and all are bad: of a file of many days,
    one bad row alone on its day says little.
    """
    share = unexpected / elements if elements else 0.0
    if share <= rule.warn_share:
        return Verdict(rule, batch, unexpected, elements, True, rule.severity)
    enough = elements >= suite.few_rows or (
        unexpected == elements and elements >= batch.counts.lines - batch.counts.rejected
    )
    stops = rule.severity == "critical" and share > rule.fail_share and enough
    severity = "warning" if rule.severity == "critical" and not stops else rule.severity
    return Verdict(rule, batch, unexpected, elements, False, severity)


def _in_its_file(
    rule: Rule, suite: Suite, own: Verdict, batches: list[Batch], measured: Mapping[int, Measured]
) -> Verdict:
    """The verdict of a batch of few rows, by the share over all of its file's batches: many days of few rows make a bad
    file too.
    """
    of_file = [measured[other.batch_number] for other in _same_file(own.batch, batches)]
    unexpected, rows = sum(each.broken.get(rule.id, 0) for each in of_file), sum(each.rows for each in of_file)
    return replace(own, severity=rule.severity) if by_share(rule, suite, own.batch, unexpected, rows).stops else own


def _same_file(batch: Batch, batches: list[Batch]) -> list[Batch]:
    same = (batch.source_code, batch.fingerprint)
    return [other for other in batches if (other.source_code, other.fingerprint) == same]


def _readable(rule: Rule, suite: Suite, batch: Batch, batches: list[Batch]) -> Verdict:
    """By the share over the file: rows whose day cannot be read stand in a batch of their own, all of them bad."""
    of_file = _same_file(batch, batches)
    rejected = sum(other.counts.rejected for other in of_file)
    rows = sum(other.counts.accepted for other in of_file) + rejected
    if any(other.business_date is None for other in of_file):
        rows = max(rows, batch.counts.lines)
    of_the_file = by_share(rule, suite, batch, rejected, rows)
    own = (batch.counts.rejected, batch.counts.accepted + batch.counts.rejected)
    return Verdict(rule, batch, *own, of_the_file.is_passed, of_the_file.severity)


def _volume(rule: Rule, suite: Suite, batch: Batch, history: list[Batch]) -> Verdict | None:
    """Against the median of the same source on the same weekday before; None where that is too little to compare."""
    if batch.business_date is None:
        return None
    before = {batch.business_date - dt.timedelta(weeks=week) for week in range(1, WEEKS_BACK + 1)}
    same = [other for other in history if other.source_code == batch.source_code and other.business_date in before]
    if len(same) < WEEKS_NEEDED:
        return None
    usual = median(other.counts.accepted for other in same)
    if usual < suite.few_rows:
        return None
    low, high = (rule.low or 0) * usual, (rule.high or 1) * usual
    is_usual = low <= batch.counts.accepted <= high
    return Verdict(rule, batch, int(not is_usual), batch.counts.accepted, is_usual, rule.severity)
