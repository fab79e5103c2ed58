"""Repair campaigns: the month's list, what became of its customers, and whether it worked."""

from __future__ import annotations

from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException

from mend import chain
from mend.foundation.counts import Counts
from mend.foundation.periods import Period
from mend_airflow.business_date import Run, campaign_month_of
from mend_airflow.operators.step import MonthStepOperator


class CampaignListOperator(MonthStepOperator):
    """Makes the campaign list of a closed month: gates, hold-out, allocation, reasons in words; a draft until a person
    approves it.

    A new version only when the content is new; the same inputs give the same list to the byte.
    """

    step = chain.step("campaign_list")


class RepairWorthOperator(MonthStepOperator):
    """Writes what the month's repairs are worth by their speed: customers kept, people told, yuan; as ranges from
    published figures.
    """

    step = chain.step("repair_worth")


class SeasonMatchOperator(MonthStepOperator):
    """Counts whom the seasonal themes in force are for, by product, channel and customer cluster, and how damaged they
    are.
    """

    step = chain.step("season_match")


class FollowedMonthOperator(MonthStepOperator):
    """A step over the month of a campaign that is over: by default the damage month two months ago."""

    def period_of(self, run: Run, zone: str) -> Period:
        """The damage month of a run."""
        return campaign_month_of(run, zone)


class RepairOutcomeOperator(FollowedMonthOperator):
    """Follows the listed, deferred and held-out customers of the month's published lists: done or not, when, with what
    result; then repeat contact, complaint, rating, churn, retention, spend.

    Skipped when no list of the month was published: nothing follows from it.
    """

    step = chain.step("outcomes")

    def announce(self, context: Context, period: Period, counts: Counts) -> None:
        """An event for the month; AirflowSkipException when there was nothing to follow."""
        if not counts["versions"]:
            raise AirflowSkipException(f"no list of {period.month} was published")
        super().announce(context, period, counts)


class EffectEvaluationOperator(FollowedMonthOperator):
    """Compares offered and held-out customers of the month's campaign: differences with intervals, refusals by name,
    and the report.
    """

    step = chain.step("effect")
