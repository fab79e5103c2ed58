"""A month's approved campaign list is published."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from airflow.sdk import Context

from mend import chain
from mend.chain import Step
from mend.foundation.counts import Counts
from mend_airflow.operators.step import MonthStepOperator


class PublishOperator(MonthStepOperator):
    """Publishes the month's approved list: files per city and channel, the routing table, actions, care messages; all
    or nothing. Its approval is looked at again. Cleared and run again, it changes nothing.
    """

    step: ClassVar[Step] = chain.step("publish")
    ui_color: str = "#f7ecd5"

    def execute(self, context: Context) -> Counts:
        """The step, for Airflow, as of now: messages go from this moment on."""
        self.moment = dt.datetime.now(dt.UTC).isoformat()
        self.through = f"Airflow, {self.dag_id} {context['run_id']}"
        return super().execute(context)

    def parameters(self) -> dict[str, Any]:
        """The moment of publishing, and how it came."""
        return {"at": self.moment, "through": self.through}
