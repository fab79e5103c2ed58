"""What a delivery says of earlier batches: a stopped one that is not delivered any more holds nothing up, a withdrawn
one that comes again stays withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mend.foundation import operations
from mend.foundation.files import is_within
from mend.foundation.home import Home
from mend.foundation.operations import Batch
from mend.intake.extract.config import Source
from mend.intake.extract.locate import root_of
from mend.intake.extract.report import ExtractReport

GONE: Final = "the quality gate stopped it, and its source delivers it no more"
BACK: Final = "its source delivers it again"


def settle(home: Home, source: Source, report: ExtractReport, has_failed: bool, is_own_place: bool) -> list[str]:
    """Let go of stopped batches whose file was removed or replaced, and bring back those that came again. Gives words
    about those that came and were withdrawn by a person."""
    known = {
        batch.batch_number: batch
        for batch in operations.batches(home.database_url)
        if batch.source_code == source.source
    }
    delivered = set(report.batch_numbers)
    gone = [
        batch
        for batch in known.values()
        if batch.is_stopped
        and batch.batch_number not in delivered
        and (batch.business_date or batch.arrived_on) in report.days
        and (_is_replaced(batch, report) or (is_own_place and not has_failed and _is_own(home, source, batch)))
    ]
    operations.let_go(home.database_url, [batch.batch_number for batch in gone], GONE)
    back = [number for number in delivered if known[number].withdrawal_code == "gone"]
    operations.bring_back(home.database_url, back, BACK)
    return _words(report, set(back)) + [
        f"{batch.place}: batch {batch.batch_number} is let go: {GONE}" for batch in gone
    ]


def _is_replaced(batch: Batch, report: ExtractReport) -> bool:
    """Whether the same file was delivered with other content."""
    return any(file.record == batch.record_code and file.place == batch.place for file in report.files)


def _is_own(home: Home, source: Source, batch: Batch) -> bool:
    """Whether the source's own place is where it would be delivered: one that a person gave from elsewhere is not
    missed there.
    """
    if batch.record_code not in source.records:
        return False
    return batch.folder is None or is_within(Path(batch.folder), [root_of(home, source)])


def _words(report: ExtractReport, back: set[int]) -> list[str]:
    return [
        f"{file.place}: batch {number} has this content and was withdrawn: its rows do not count. "
        f"Is it right after all? mend withdraw {number} --undo --why ..."
        for file in report.files
        for number in file.withdrawn
        if number not in back
    ]
