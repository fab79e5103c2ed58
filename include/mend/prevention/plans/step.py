"""The step `plan_figures`; and what the task of a review asks and records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import local_day
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.plans import review
from mend.prevention.plans.errors import ReviewError
from mend.prevention.plans.figures import PlanFigures, make_figures
from mend.prevention.plans.plan import Plan, load_plan, plan_file
from mend.prevention.plans.report import question_of
from mend.prevention.plans.rules import PlanRules, load_plan_rules

NUMBER: Final = re.compile(r"\d+")


def plan_figures(home: Home, bench: Workbench, month: str) -> PlanFigures:
    """Complaints per 10 000 customers reached, of the half-year that ends with the month and of the one before."""
    return make_figures(home, bench, month)


@dataclass(frozen=True)
class Question:
    """What a person is asked about a plan; nothing when it is not this place's turn.

    Args:
        content: a name for the plan as it is shown: an answer speaks of this content and no other.
    """

    state: str
    subject: str
    body: str
    allowed: tuple[str, ...]
    department: str | None
    content: str


def rules_of(home: Home) -> list[PlanRules]:
    """The home's rules of reviews, oldest first."""
    return load_plan_rules(home.root / "rules" / "plans")


def ask(home: Home, plan_id: str, place: int | None, at: dt.datetime, by: str, through: str) -> Question | None:
    """Begin the plan's round, or go on with it, and say what the department in that place is asked; None: the approval.

    Returns: None when the department has passed the plan already, or there is no department in that place.
    """
    with Workbench.open(home) as bench:
        plan = load_plan(home, bench, plan_id)
    today = local_day(at, home.zone)
    with operations.transaction(home.database_url) as connection:
        found = review.open_round(connection, plan, rules_of(home), at, today, by, through, plan_file(home, plan_id))
    if place is not None:
        if place > len(found.rules.order) or found.rules.order[place - 1] in found.passed:
            return None
        department = found.rules.department(found.rules.order[place - 1])
        allowed, code = department.reviewers, department.code
    else:
        allowed, code = found.rules.approvers, None
    subject, body = question_of(plan, found, code, today)
    return Question(found.state, subject, body, allowed, code, plan.digest)


def answer(
    home: Home,
    plan_id: str,
    department: str | None,
    who: str,
    is_good: bool,
    words: Mapping[str, str],
    at: dt.datetime,
    through: str,
    shown: str | None = None,
) -> review.Review:
    """Record what a person answered.

    Args:
        shown: name of the content that they saw; None: the round's, which a command names by its plan.

    Raises:
        ReviewError: the answer cannot count; the plan has changed since it was shown.
    """
    with Workbench.open(home) as bench:
        plan: Plan = load_plan(home, bench, plan_id)
    if shown is not None and plan.digest != shown:
        raise ReviewError(f"plan {plan_id} has changed since it was shown: look at it again")
    given: dict[str, Any] = {
        "reason": words.get("reason"), "at": at, "today": local_day(at, home.zone), "through": through,
    }  # fmt: skip
    versions = rules_of(home)
    with operations.transaction(home.database_url) as connection:
        if department is None:
            return review.decide(connection, plan, versions, who, is_approved=is_good, **given)
        found = review.read_review(connection, plan_id, versions, given["today"])
        scores = scores_of(words.get("scores", ""), list(found.rules.department(department).criteria))
        return review.score(connection, plan, versions, department, who, scores, is_pass=is_good, **given)


def scores_of(text: str, criteria: list[str]) -> dict[str, int]:
    """Scores as a person writes them: numbers in the order of the criteria, or `need=8, clarity=7`.

    >>> scores_of("8 7", ["need", "clarity"]), scores_of("clarity=7, need=8", ["need", "clarity"])
    ({'need': 8, 'clarity': 7}, {'clarity': 7, 'need': 8})
    """
    if "=" in text:
        pairs = [part.partition("=") for part in re.split(r"[,;\s]+", text.strip()) if part]
        if wrong := [f"{name}={value}" for name, _, value in pairs if not NUMBER.fullmatch(value.strip())]:
            raise ReviewError(f"{wrong[0]} is no score: write such as {criteria[0]}=8")
        return {name.strip(): int(value) for name, _, value in pairs}
    words = re.split(r"[,;\s]+", text.strip()) if text.strip() else []
    if len(words) != len(criteria) or not all(NUMBER.fullmatch(word) for word in words):
        raise ReviewError(
            f"write a score from 1 to 10 for each of {', '.join(criteria)}, such as `{'8 ' * len(criteria)}`"
        )
    return dict(zip(criteria, map(int, words), strict=True))
