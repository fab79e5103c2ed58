"""Grumbles and complaints: on record, in clusters, in their association, and which becomes which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mend import chain
from mend_airflow.operators.step import MonthStepOperator, StepOperator


class GrumbleOperator(StepOperator):
    """Records the grumbles and complaints of the days that the run's rows touch, each classified once: by the source's
    code, else from the agent's text.

    The taxonomy is versioned by date. A taxonomy file that is broken fails the task at once, with file, place and
    reason.
    """

    step = chain.step("grumbles")


class ComplaintWarningOperator(StepOperator):
    """Grades the open grumbles of each night, estimates the probability of a complaint, and publishes the warning list:
    a customer once, with owner, reasons and strategy, as many as the specialists' hours hold.

    Later nights whose list follows from the run's nights are made again with them.

    Args:
        unmasked: True puts whole phone numbers into the files.
    """

    step = chain.step("warnings")
    template_fields: Sequence[str] = ("unmasked",)

    def __init__(self, *, unmasked: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unmasked = unmasked


class IncomingOperator(StepOperator):
    """Publishes what answers about a grumble that comes in need: each customer's features, and the rules, models and
    cut points in force. Changed rows only, in one transaction."""

    step = chain.step("incoming")


class GrumbleClassifierOperator(MonthStepOperator):
    """Trains the classifier of agents' texts on the notes that the sources coded, judges it on the month's later ones,
    and puts it in force from the next month on if it is no worse than the one before.

    A month is trained once; run again, it gives what is registered.
    """

    step = chain.step("grumble_classifier")


class CustomerClusterOperator(MonthStepOperator):
    """Fits the month's value, consumption and behaviour clusters, assigns every customer, and writes each cluster's
    profile in words and as a picture.

    Centres stay while they fit, and labels are held against the month after: run the months in order.
    """

    step = chain.step("customer_clusters")


class AssociationOperator(MonthStepOperator):
    """Measures how grumbles lead to complaints in the month: counts, lift, influence by window and cluster, key grumble
    points.

    Uses the clusters of the month before, which the month's complaints cannot have shaped; the month's own where it is
    the first.
    """

    step = chain.step("association")


class ComplaintModelOperator(MonthStepOperator):
    """Trains the month's complaint models (7 and 30 days), judges them on later nights, and promotes each that is no
    worse than the one in force and than the baselines."""

    step = chain.step("complaint_model")


class GrumbleLevelOperator(MonthStepOperator):
    """Fits the cut points of the grumble levels on the month's open grumbles, so that the stated shares come out; in
    force for the month after."""

    step = chain.step("grumble_levels")


class GrumbleIndexOperator(MonthStepOperator):
    """Writes the month's grumble index of each service item beside the survey's satisfaction, with their
    correlation."""

    step = chain.step("grumble_index")


class LifecycleOperator(MonthStepOperator):
    """Writes the month's grumble points by life-cycle stage with the key points of each, the tendency to leave of
    damaged customers with its interval, and each customer's furthest form of grumbling with its trend.

    Later months that were looked at are made again with it, for they follow from it.
    """

    step = chain.step("lifecycle")


class RecordingAgreementOperator(MonthStepOperator):
    """Measures how far centres and agents agree in the grumbles that they recorded: kappa with its interval, and the
    rates of like calls between centres."""

    step = chain.step("recording_agreement")
