"""The quality gate: rules on what arrived, bad rows put aside, a stop when the data is too bad."""

from mend.intake.quality.errors import CrossCheckError, DataQualityError, SuiteError
from mend.intake.quality.report import QualityReport, RecordQuality
from mend.intake.quality.results import assert_rule, record_result
from mend.intake.quality.rules import Rule, Suite, suite
from mend.intake.quality.run import described, gate, warnings_in_words
from mend.intake.quality.verdicts import Verdict

__all__ = [
    "CrossCheckError",
    "DataQualityError",
    "QualityReport",
    "RecordQuality",
    "Rule",
    "Suite",
    "SuiteError",
    "Verdict",
    "assert_rule",
    "described",
    "gate",
    "record_result",
    "suite",
    "warnings_in_words",
]
