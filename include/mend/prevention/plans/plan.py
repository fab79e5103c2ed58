"""A marketing plan: a file of the home, or a row of the record marketing_plan."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from mend.foundation import rules
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.plans.errors import PlanError

ROOM: Final = "prevention/plans"
FOLDER: Final = "plans"
PLAN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200)]
Day = Annotated[dt.date, Field(strict=True)]


class Plan(BaseModel):
    """What is reviewed.

    Args:
        elements: codes of what it says. Of a delivered plan those that the rules do not know are kept, and count for
            nothing; a file with one begins no round (`require_known`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    plan_id: Text
    submitted_on: Day
    department_code: Text | None = None
    elements: tuple[Text, ...] = ()
    launched_on: Day | None = None
    product_code: Text | None = None
    channel_code: Text | None = None
    note: Annotated[str, StringConstraints(strict=True, max_length=4000)] = ""

    @property
    def digest(self) -> str:
        """A name for its content: a changed plan is reviewed again."""
        content = self.model_copy(update={"elements": tuple(sorted(set(self.elements)))})
        return hashlib.sha256(content.model_dump_json(exclude={"launched_on"}).encode()).hexdigest()


def load_plan(home: Home, bench: Workbench, plan_id: str) -> Plan:
    """The plan of that id: <home>/plans/<id>.yaml, else the record's row.

    Raises:
        PlanError: there is no such plan, or its file is broken.
    """
    if not PLAN_ID.fullmatch(plan_id):
        raise PlanError(f"{plan_id!r} is no plan's id: letters, digits, dot, dash and underscore, at most 60")
    path = plan_file(home, plan_id)
    if path.exists():
        text = rules.read_text(path, PlanError)
        return _checked(path, rules.check(str(path), text, Plan, PlanError, _words), plan_id)
    row = _row(bench, plan_id)
    if row is None:
        raise PlanError(f"no plan {plan_id}: write {path}, or deliver it in the record marketing_plan")
    return row


def plan_file(home: Home, plan_id: str) -> Path:
    """Where a plan's file is, or would be."""
    return home.root / FOLDER / f"{plan_id}.yaml"


def require_known(path: Path, plan: Plan, known: Collection[str]) -> None:
    """PlanError for a file that names elements which the rules do not know: each with its place, and those known."""
    unknown = [f"{number}: no element {code!r}" for number, code in enumerate(plan.elements, 1) if code not in known]
    if path.exists() and unknown:
        raise PlanError(
            f"{path}: elements: {'; '.join(unknown)}; write of {', '.join(known)} (<home>/rules/plans/ may add others)"
        )


def _words(problem: ValidationError) -> str:
    """Every key that is wrong; of one that is unknown those there are."""
    unknown = [".".join(map(str, each["loc"])) for each in problem.errors() if each["type"] == "extra_forbidden"]
    if unknown:
        return f"no key {', '.join(unknown)}; a plan has {', '.join(Plan.model_fields)}"
    return rules.first_problem(problem)


def _checked(path: Path, plan: Plan, plan_id: str) -> Plan:
    if plan.plan_id != plan_id:
        raise PlanError(f"{path}: plan_id is {plan.plan_id}, the file's name says {plan_id}")
    return plan


def _row(bench: Workbench, plan_id: str) -> Plan | None:
    with open_step(bench, "one plan") as step:
        step.view("core_marketing_plan", "plan_row")
        found: list[tuple[Any, ...]] = step.rows(read_model(ROOM, "one_plan"), {"plan_id": plan_id})
    if not found:
        return None
    submitted_on, department, elements, launched_on, product, channel = found[0]
    return Plan(
        plan_id=plan_id,
        submitted_on=submitted_on,
        department_code=department,
        elements=tuple(filter(None, (each.strip() for each in (elements or "").split(",")))),
        launched_on=launched_on,
        product_code=product,
        channel_code=channel,
    )
