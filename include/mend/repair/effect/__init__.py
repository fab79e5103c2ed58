"""The effect room: did it work? First of all, may these two be compared?"""

from mend.repair.effect.cohorts import Balance, Cohort, CohortError, CohortRefusal, balance, reason_not_to_compare
from mend.repair.effect.errors import EffectError, EffectRefusedError, EffectUsageError
from mend.repair.effect.estimates import Estimate, estimate
from mend.repair.effect.evaluation import EffectReport, evaluate
from mend.repair.effect.file_effect import ArmEffect, FileEffect, effect_of_file, read_shares
from mend.repair.effect.file_table import FileColumns
from mend.repair.effect.moments import Moments, Sums, moments_of
from mend.repair.effect.published import write_published
from mend.repair.effect.refusals import Refusal
from mend.repair.effect.rows import verdicts_of

__all__ = [
    "ArmEffect",
    "Balance",
    "Cohort",
    "CohortError",
    "CohortRefusal",
    "EffectError",
    "EffectRefusedError",
    "EffectReport",
    "EffectUsageError",
    "Estimate",
    "FileColumns",
    "FileEffect",
    "Moments",
    "Refusal",
    "Sums",
    "balance",
    "effect_of_file",
    "estimate",
    "evaluate",
    "moments_of",
    "read_shares",
    "reason_not_to_compare",
    "verdicts_of",
    "write_published",
]
