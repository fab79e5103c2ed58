"""The effect room: did it work? First of all, may these two be compared?"""

from mend.repair.effect.cohorts import Balance, Cohort, CohortError, Refusal, balance, reason_not_to_compare

__all__ = ["Balance", "Cohort", "CohortError", "Refusal", "balance", "reason_not_to_compare"]
