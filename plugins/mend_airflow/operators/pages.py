"""What the pages in Airflow's UI show, published from the lake."""

from __future__ import annotations

from mend import chain
from mend_airflow.operators.repair import FollowedMonthOperator
from mend_airflow.operators.step import MonthStepOperator, StepOperator


class PagesOperator(StepOperator):
    """Publishes what the pages show to the operations database: customers' stories of the month, the night's figures.

    Only rows that changed are written, in one transaction.
    """

    step = chain.step("pages")


class MonthPagesOperator(MonthStepOperator):
    """Publishes a closed month, and those after it, for the pages; only rows that changed are written."""

    step = chain.step("pages_month")


class PageDocumentsOperator(MonthStepOperator):
    """Publishes what the pages show of a month whole: touchpoints, clusters, surveys and the like."""

    step = chain.step("page_documents")


class CampaignPagesOperator(MonthStepOperator):
    """Publishes the versions of a month's list and their candidates for the pages: gates, prices, why and why not."""

    step = chain.step("page_campaign")


class EffectPagesOperator(FollowedMonthOperator):
    """Publishes what was found of a month's campaign for the pages."""

    step = chain.step("page_effect")
