"""How the package under plugins/ is laid out, so that Airflow's plugin manager does not run it file by file."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from airflow.providers.standard.operators.hitl import ApprovalOperator

from mend_airflow import operators
from mend_airflow.operators import StepOperator, WhatIfOperator

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
# A step is of business days, an approval of a person's answer, a what-if of a question that somebody asks.
KINDS = StepOperator | ApprovalOperator | WhatIfOperator
STEPS = [getattr(operators, name) for name in operators.__all__ if name not in ("StepOperator", "MonthStepOperator")]


def test_the_plugin_manager_runs_one_file() -> None:
    from airflow._shared.module_loading.file_discovery import find_path_from_directory

    found = find_path_from_directory(str(PLUGINS), ".airflowignore")
    assert [Path(path).name for path in found if path.endswith(".py")] == ["mend_plugin.py"]


@pytest.mark.parametrize("operator", STEPS, ids=lambda operator: operator.__name__)
def test_an_operator_is_described_typed_and_only_assigns(operator: type[StepOperator]) -> None:
    assert operator.__doc__
    assert issubclass(operator, KINDS)
    own = operator.__dict__.get("__init__")
    if own is None:
        return
    parameters = [each for each in inspect.signature(own).parameters.values() if each.name not in ("self", "kwargs")]
    assert {each.kind for each in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert all(each.annotation is not inspect.Parameter.empty for each in parameters)
    of_airflow = set(ApprovalOperator.template_fields) if issubclass(operator, ApprovalOperator) else set()
    assert set(operator.template_fields) - of_airflow == {each.name for each in parameters}
    lines = [line.strip() for line in inspect.getsource(own).splitlines()[1:]]
    body = [line for line in lines if line and not line.startswith(('"""', "#", "super()", ")", "self,", "->"))]
    assert [line for line in body if not line.startswith("self.")] == []


def test_a_file_stays_a_screen_or_few() -> None:
    for folder in ("operators", "hooks"):
        for path in (PLUGINS / "mend_airflow" / folder).glob("*.py"):
            assert len(path.read_text("utf-8").splitlines()) <= 120, path
