"""The review of a plan: rounds of departments in order, then a person's approval. Events are only added.

    opened ─► passed (department after department) ─► approved | refused
                 └► returned, with reasons: a changed plan begins the next round

A round keeps the content and the rules under which it began. Every step is looked at under a lock of the plan: two at
once are one after the other, and the same step twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, Final, Literal

from sqlalchemy import Connection

from mend.foundation.operations.statements import statement
from mend.prevention.plans.errors import ReviewError
from mend.prevention.plans.plan import ROOM, Plan, require_known
from mend.prevention.plans.rules import Department, PlanRules, plan_rules_on

State = Literal["none", "in_review", "returned", "awaiting_approval", "approved", "refused"]
ENDED: Final = frozenset({"returned", "approved", "refused"})


@dataclass(frozen=True)
class Event:
    """One thing that happened in a round."""

    round_number: int
    event_code: str
    department_code: str | None
    decided_by: str
    scores: Mapping[str, int]
    reason: str | None
    content_sha256: str
    rules_from: dt.date
    elements: Sequence[str]
    rules: Mapping[str, Any] | None
    at: dt.datetime


@dataclass(frozen=True)
class Review:
    """Where a plan stands.

    Args:
        rules: of the round that it is in; of today when there is none.
        events: of all rounds, in order.
        department: whose turn it is; None when it is nobody's.
    """

    plan_id: str
    rules: PlanRules
    events: tuple[Event, ...] = ()
    state: State = "none"
    round_number: int = 0
    department: str | None = None
    passed: Mapping[str, Event] = field(default_factory=dict)

    @property
    def approved_at(self) -> dt.datetime | None:
        """When it was approved; None while it is not."""
        return self.events[-1].at if self.state == "approved" else None

    @property
    def content(self) -> str | None:
        """The content that the round is about."""
        return self.events[-1].content_sha256 if self.events else None


def read_review(connection: Connection, plan_id: str, versions: Sequence[PlanRules], today: dt.date) -> Review:
    """Where a plan stands, from its events."""
    rows = connection.execute(statement(ROOM, "events"), {"plan_id": plan_id}).mappings()
    events = tuple(Event(**{**row, "scores": row["scores"] or {}, "elements": row["elements"] or ()}) for row in rows)
    if not events:
        return Review(plan_id, plan_rules_on(today, versions))
    return fold(plan_id, _rules_of_round(events, versions), events)


def _rules_of_round(events: Sequence[Event], versions: Sequence[PlanRules]) -> PlanRules:
    """As they stood when the round began. Rounds of a home's first days kept the day of their rules alone."""
    opened = [each for each in events if each.round_number == events[-1].round_number and each.rules is not None]
    if opened:
        return PlanRules.model_validate_json(json.dumps(opened[0].rules))
    return plan_rules_on(events[-1].rules_from, versions)


def fold(plan_id: str, rules: PlanRules, events: tuple[Event, ...]) -> Review:
    """The state that the events of the last round give."""
    number = events[-1].round_number
    own = [each for each in events if each.round_number == number]
    passed = {str(each.department_code): each for each in own if each.event_code == "passed"}
    state: State = "in_review"
    department = next((code for code in rules.order if code not in passed), None)
    if own[-1].event_code in ENDED:
        state, department = own[-1].event_code, None  # type: ignore[assignment]
    elif department is None:
        state = "awaiting_approval"
    return Review(plan_id, rules, events, state, number, department, passed)


def open_round(
    connection: Connection,
    plan: Plan,
    versions: Sequence[PlanRules],
    at: dt.datetime,
    today: dt.date,
    by: str,
    through: str,
    file: Path | None = None,
) -> Review:
    """Begin a plan's first round, or the next one of a plan that has changed; a round under way goes on.

    Args:
        file: where the plan's file is, if it has one.

    Raises:
        ReviewError: it was returned or refused, and has not changed since.
        PlanError: its file names an element that the rules do not know.
    """
    _lock(connection, plan.plan_id)
    review = read_review(connection, plan.plan_id, versions, today)
    if review.content == plan.digest:
        if review.state in ("returned", "refused"):
            raise ReviewError(f"plan {plan.plan_id} was {review.state} ({_why(review)}): change it, then begin again")
        return review
    rules = plan_rules_on(today, versions)
    if file is not None:
        require_known(file, plan, rules.elements)
    values = {
        "round_number": review.round_number + 1, "event_code": "opened", "content_sha256": plan.digest,
        "rules_from": rules.valid_from, "elements": sorted(set(plan.elements)), "rules": rules.model_dump(mode="json"),
    }  # fmt: skip
    _put(connection, plan.plan_id, values, by, through, at)
    return read_review(connection, plan.plan_id, versions, today)


def score(
    connection: Connection,
    plan: Plan,
    versions: Sequence[PlanRules],
    department: str,
    who: str,
    scores: Mapping[str, int],
    *,
    is_pass: bool,
    reason: str | None,
    at: dt.datetime,
    today: dt.date,
    through: str,
) -> Review:
    """A department's part: it passes the plan on, or returns it with reasons.

    Raises:
        ReviewError: it is not this department's turn, or not this person's part; a score is missing or impossible; a
            required element is missing, the scores are below the pass mark, or a reason is.
    """
    review = _current(connection, plan, versions, today)
    part = review.rules.department(department)
    require_reviewer(who, part.reviewers, f"review plans for {department}")
    words = (reason or "").strip() or None
    before = review.passed.get(department)
    if before is not None and is_pass and before.decided_by == who and dict(before.scores) == dict(scores):
        return review
    if review.department != department:
        turn = f"it is {review.department}'s turn" if review.department else f"the review is {review.state}"
        raise ReviewError(f"plan {plan.plan_id} is not with {department}: {turn}")
    _check_scores(part, scores)
    if is_pass:
        _require_good(review.rules, part, plan, scores)
    elif words is None:
        raise ReviewError(f"plan {plan.plan_id} is returned with reasons: write what must change")
    values = {
        "round_number": review.round_number, "event_code": "passed" if is_pass else "returned",
        "department_code": department, "scores": dict(scores), "reason": words, "content_sha256": plan.digest,
        "rules_from": review.rules.valid_from,
    }  # fmt: skip
    _put(connection, plan.plan_id, values, who, through, at)
    return read_review(connection, plan.plan_id, versions, today)


def decide(
    connection: Connection,
    plan: Plan,
    versions: Sequence[PlanRules],
    who: str,
    *,
    is_approved: bool,
    reason: str | None,
    at: dt.datetime,
    today: dt.date,
    through: str,
) -> Review:
    """A person approves or refuses a plan that every department has passed. The same again changes nothing."""
    review = _current(connection, plan, versions, today)
    require_reviewer(who, review.rules.approvers, "approve plans")
    code, words = "approved" if is_approved else "refused", (reason or "").strip() or None
    if review.state == code and review.events[-1].decided_by == who:
        return review
    if review.state != "awaiting_approval":
        turn = f"it is with {review.department}" if review.department else f"it is {review.state} already"
        raise ReviewError(f"plan {plan.plan_id} cannot be {code}: {turn}")
    if not is_approved and words is None:
        raise ReviewError(f"plan {plan.plan_id} is refused with a reason: write in a few words why")
    values = {
        "round_number": review.round_number, "event_code": code, "reason": words, "content_sha256": plan.digest,
        "rules_from": review.rules.valid_from,
    }  # fmt: skip
    _put(connection, plan.plan_id, values, who, through, at)
    return read_review(connection, plan.plan_id, versions, today)


def require_reviewer(who: str, allowed: Sequence[str], what: str) -> None:
    """ReviewError unless the person is named: a name may bear the id that the auth manager knows (`name#id`)."""
    names = {each.partition("#")[0] for each in allowed}
    if who not in names:
        raise ReviewError(f"{who!r} may not {what}; those who may are {', '.join(sorted(names))}")


def missing_elements(rules: PlanRules, plan: Plan, department: str | None = None) -> list[str]:
    """Required elements that the plan lacks: a department's, or all."""
    required = rules.required if department is None else rules.required_of(department)
    return [code for code in required if code not in plan.elements]


def unknown_elements(rules: PlanRules, plan: Plan) -> list[str]:
    """What the plan names and the rules do not know: it counts for nothing."""
    return [code for code in plan.elements if code not in rules.elements]


def _current(connection: Connection, plan: Plan, versions: Sequence[PlanRules], today: dt.date) -> Review:
    """The review, locked, about this very content."""
    _lock(connection, plan.plan_id)
    review = read_review(connection, plan.plan_id, versions, today)
    if review.content is None:
        raise ReviewError(f"plan {plan.plan_id} is not under review: begin with `mend plan-review {plan.plan_id}`")
    if review.content != plan.digest:
        raise ReviewError(
            f"plan {plan.plan_id} has changed since its round began: `mend plan-review {plan.plan_id}` begins the next"
        )
    return review


def _check_scores(part: Department, scores: Mapping[str, int]) -> None:
    if set(scores) != set(part.criteria):
        raise ReviewError(
            f"{part.code} scores {', '.join(part.criteria)}, each once; not {', '.join(scores) or 'none'}"
        )
    for code, value in scores.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10:
            raise ReviewError(f"{code} is {value!r}: write a whole number from 1 to 10")


def _require_good(rules: PlanRules, part: Department, plan: Plan, scores: Mapping[str, int]) -> None:
    if missing := missing_elements(rules, plan, part.code):
        named = ", ".join(f"{code} ({rules.elements[code].en})" for code in missing)
        raise ReviewError(f"plan {plan.plan_id} cannot pass {part.code}: it lacks {named}; return it")
    if (mean := fmean(scores.values())) < part.pass_mark:
        raise ReviewError(
            f"plan {plan.plan_id} cannot pass {part.code}: its scores are {mean:.1f} on average, the pass mark is "
            f"{part.pass_mark:g}; return it"
        )


def _why(review: Review) -> str:
    last = review.events[-1]
    return f"{last.department_code or 'the approver'}, {last.decided_by}: {last.reason}"


def _lock(connection: Connection, plan_id: str) -> None:
    connection.execute(statement(ROOM, "lock_plan"), {"plan_id": plan_id})


def _put(
    connection: Connection, plan_id: str, values: Mapping[str, Any], by: str, through: str, at: dt.datetime
) -> None:
    empty = dict.fromkeys(("department_code", "scores", "reason", "elements", "rules"))
    row: dict[str, Any] = {**empty, **values}
    for name in ("scores", "elements", "rules"):
        row[name] = None if row[name] is None else json.dumps(row[name], sort_keys=True)
    row |= {"plan_id": plan_id, "decided_by": by, "decided_through": through, "at": at}
    connection.execute(statement(ROOM, "put_event"), row)
