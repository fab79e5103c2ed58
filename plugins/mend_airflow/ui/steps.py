"""The chain's steps in words, and where their runs are in Airflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mend import chain
from mend_airflow.ui.language import Language
from mend_airflow.ui.words import all_words, say

# DAG → the steps that its tasks run.
STEPS: Final[Mapping[str, tuple[chain.Step, ...]]] = {
    "mend_nightly": chain.NIGHT,
    "mend_monthly": chain.MONTH,
    "mend_campaign": chain.CAMPAIGN,
    "mend_effect": chain.EFFECT,
    "mend_survey": chain.MINUTES,
    "mend_maintenance": chain.WEEK,
}


def step_name(language: Language, step: str) -> str:
    """The step in words; one that has none by its name, in words as far as that goes."""
    key = f"steps.{step}"
    return say(language, key) if key in all_words() else step.replace("_", " ")


def dag_of(step: str) -> str | None:
    """The DAG that runs the step; None for one that commands alone run."""
    return next((dag for dag, steps in STEPS.items() if any(each.name == step for each in steps)), None)


def path_of_runs(step: str) -> str:
    """Where Airflow's UI shows the runs of the step."""
    dag = dag_of(step)
    return f"/dags/{dag}/runs" if dag else "/dags"
