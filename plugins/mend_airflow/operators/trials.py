"""A question about a list, asked on its page, is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator, Context

from mend.foundation.counts import Counts, in_words
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook


class WhatIfOperator(BaseOperator):
    """Makes a closed month's list twice over the same facts, by today's strategies and with one of them changed, and
    puts counts, yuan and prices of both on record for the page. No list changes. Cleared and run again, a question that
    is answered keeps its answer.

    Args:
        trial_id: number of the question; a template.
    """

    template_fields: Sequence[str] = ("trial_id",)
    ui_color: str = "#f7ecd5"

    def __init__(self, *, trial_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trial_id = trial_id

    def execute(self, context: Context) -> Counts:
        """The answer, for Airflow: how many come, go and get something else."""
        del context
        from mend.repair.trials import step

        with failing_at_once():
            counts = step.answer(MendHook().home(), int(self.trial_id), dt.datetime.now(dt.UTC))
        self.log.info("question %s: %s", self.trial_id, in_words(counts))
        return dict(counts)
