"""Steps 2 to 4 of a night: the quality gate, the one valid version of every row, the damage ledger."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.step import StepOperator


class QualityGateOperator(StepOperator):
    """Checks the rows that arrived on the run's days; bad rows go to quarantine with their reasons.

    A batch that breaks a critical rule beyond its share is stopped, and fails the task, without retry, once all are
    judged: it stays out of the core tables until a person accepts it or its source mends it, and the others go on. A
    warning is logged and stored.
    """

    step = chain.step("quality")


class CoreLoadOperator(StepOperator):
    """Brings the core tables up to what arrived on the run's days, and accounts for every line.

    Rows in = accepted + quarantined + superseded, batch by batch; a difference fails the task at once. A batch that the
    quality gate stopped is left out, and one that it has not judged fails the task.
    """

    step = chain.step("core")


class DamageScoringOperator(StepOperator):
    """Applies the indicators and repair credits to what changed: ledger and day scores, for the run's days and every
    day they reach.

    Rules are versioned by date. A rule file that is broken fails the task at once, with file, rule and reason.
    """

    step = chain.step("score")
