"""Required elements, departments with their criteria, and who may review: dated data."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from mend.foundation import rules
from mend.foundation.schema import CODES
from mend.prevention.plans.errors import PlanError

SHIPPED: Final = Path(__file__).parent / "rules"
MOST_DEPARTMENTS: Final = 5  # as many tasks has the DAG of a review
Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=120)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Element(_Strict):
    """What a plan must, or should, say; the department that looks for it."""

    en: Words
    zh: Words
    department: Code
    required: StrictBool


class Criterion(_Strict):
    """What a department scores, 1 to 10."""

    en: Words
    zh: Words


class Department(_Strict):
    """A department's part of the review."""

    code: Code
    reviewers: Annotated[tuple[Words, ...], Field(min_length=1)]
    pass_mark: Annotated[float, Field(ge=1, le=10)]
    criteria: Annotated[dict[Code, Criterion], Field(min_length=1, max_length=10)]


class PlanRules(_Strict):
    """The rules of reviews from a day on."""

    valid_from: Annotated[dt.date, Field(strict=True)]
    source: Words
    elements: Annotated[dict[Code, Element], Field(min_length=1)]
    departments: Annotated[tuple[Department, ...], Field(min_length=1, max_length=MOST_DEPARTMENTS)]
    approvers: Annotated[tuple[Words, ...], Field(min_length=1)]

    @property
    def order(self) -> tuple[str, ...]:
        """Codes of the departments, in the order in which a plan goes through them."""
        return tuple(each.code for each in self.departments)

    def department(self, code: str) -> Department:
        """The department of that code; PlanError when it takes no part."""
        for each in self.departments:
            if each.code == code:
                return each
        raise PlanError(f"{code} reviews no plans; the departments are {', '.join(self.order)}")

    def required_of(self, department: str) -> list[str]:
        """Elements that must be there for the department to let a plan pass."""
        return [code for code, each in self.elements.items() if each.required and each.department == department]

    @property
    def required(self) -> list[str]:
        """All elements that a plan must have."""
        return [code for code, each in self.elements.items() if each.required]

    @property
    def digest(self) -> str:
        """A name for all that the rules say."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_plan_rules(folder: Path) -> list[PlanRules]:
    """The shipped rules and those of a folder, oldest first; PlanError names file and reason."""
    return [_checked(str(path), rules.read(path, PlanRules, PlanError)) for path in rules.paths(SHIPPED, folder)]


def plan_rules_on(day: dt.date, versions: Sequence[PlanRules]) -> PlanRules:
    """The rules in force on a day."""
    return rules.in_force(day, versions, "rules of plans", PlanError)


def _checked(file: str, found: PlanRules) -> PlanRules:
    for code in found.order:
        if code not in CODES["department"]:
            known = ", ".join(CODES["department"])
            raise PlanError(f"{file}: departments: no department {code}; write one of {known}")
        if found.order.count(code) > 1:
            raise PlanError(f"{file}: departments: {code} stands twice; keep it once")
    for element, each in found.elements.items():
        if each.department not in found.order:
            raise PlanError(f"{file}: elements: {element}: {each.department} takes no part in the review")
    return found
