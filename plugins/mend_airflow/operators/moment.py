"""Steps that run every few minutes and look at one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from airflow.sdk import Context

from mend.chain import run_step_at
from mend.foundation.counts import Counts, in_words
from mend_airflow.failures import failing_at_once
from mend_airflow.hooks import MendHook
from mend_airflow.operators.step import StepOperator


class MomentOperator(StepOperator):
    """A step that looks at one moment: the end of its run's data interval. A run of an earlier interval, cleared and
    run again, looks at its own moment.

    Args:
        at: the moment, as ISO text with its zone.
    """

    template_fields: Sequence[str] = ("at",)

    def __init__(
        self, *, at: str = "{{ (dag_run.data_interval_end or dag_run.run_after).isoformat() }}", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.at = at

    def execute(self, context: Context) -> Counts:  # noqa: ARG002 # the moment comes by the template
        """The step, for Airflow."""
        home = MendHook().home()
        with failing_at_once():
            counts = run_step_at(self.step, home, dt.datetime.fromisoformat(self.at))
        self.log.info("%s at %s: %s", self.task_id, self.at, in_words(counts))
        return counts
