"""Corrective actions over the months. Pure: the judged months in order and the answers give the actions of each.

An action is opened once and keeps its id. It ends when the measure is surely no longer low; when its owner says done
and the measure has surely risen; when they drop it and say why; when the touchpoint is no longer important, or not in
the inventory any more. Said done while the measure is still low, it is open again. Where nobody can tell, it stays.

The day by which an action is due counts from the end of the month that opened it or, where the home held later days by
then, from the last of these: the data says how late it was, no clock. Once given, the day stays.

Answers count up to the end of the evaluated month's last day, in the home's zone: the same rows at whatever later date
a month is made again. What is answered in the month after counts in that month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from mend.foundation.periods import days_of
from mend.prevention.touchpoint.judging import IMPORTANT_FROM, Level
from mend.prevention.touchpoint.scores import Estimate, difference

ASPECTS: Final = ("operating", "experience")
State = Literal["open", "done", "overdue", "dropped"]
Moved = Literal["opened", "better", "unchanged", "worse", "unknown"]
Why = Literal[
    "new", "still_low", "no_longer_low", "done_and_better", "said_done_still_low", "said_done_unproven", "not_sure",
    "not_known", "dropped", "not_important", "gone",
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What somebody answered to an action, when (as the business day) and as what; None: before that was asked."""

    action_id: str
    state: Literal["open", "done", "dropped"]
    by: str
    at: dt.datetime
    day: dt.date
    text: str
    role: str | None = None


@dataclass(frozen=True)
class Judged:
    """One aspect of a touchpoint in a month, as far as actions need it. What one rater said has no interval."""

    level: Level
    score: Estimate | None
    basis: str
    formula: str
    importance: float | None
    due_on: dt.date
    has_interval: bool = True


@dataclass(frozen=True)
class Action:
    """An action as of a month.

    Args:
        why: the reason of its state.
        then: the aspect in the month that opened it; `now`: this month, None when the touchpoint is gone.
        moved_code: in the month that opened it nothing can have moved yet: `opened`.
        moved: the difference with its interval; None when the two cannot be compared.
    """

    touchpoint: str
    aspect: str
    opened_month: str
    due_on: dt.date
    state: State
    why: Why
    then: Judged
    now: Judged | None
    moved_code: Moved = "unknown"
    moved: Estimate | None = None
    answer: Answer | None = None

    @property
    def action_id(self) -> str:
        return action_id(self.touchpoint, self.aspect, self.opened_month)

    @property
    def is_over(self) -> bool:
        """Of a dropped one that is still low no new one is opened: it was decided."""
        return self.state == "done" or self.why in ("not_important", "gone")


Key = tuple[str, str]  # touchpoint, aspect
Months = Mapping[str, Mapping[Key, Judged]]


def action_id(touchpoint: str, aspect: str, opened_month: str) -> str:
    """
    >>> action_id("queue", "operating", "2026-03")
    'queue-operating-2026-03'
    """
    return f"{touchpoint}-{aspect}-{opened_month}"


@dataclass(frozen=True)
class Due:
    """Until when an action is to be done: an owner has all of their days, however late a month is looked at.

    Args:
        told: the day that an action was given when it was opened. It stays, when its month is made again, too.
        not_before: the earliest day for one that is opened now: a month of long ago was not known to its owner then.
    """

    told: Mapping[str, dt.date] = field(default_factory=dict)
    not_before: dt.date = dt.date.min

    def of(self, action: str, usual: dt.date) -> dt.date:
        """
        >>> due = Due({"queue-operating-2026-01": dt.date(2026, 3, 2)}, dt.date(2026, 7, 30))
        >>> str(due.of("queue-operating-2026-01", dt.date(2026, 3, 2)))
        '2026-03-02'
        >>> str(due.of("queue-experience-2026-01", dt.date(2026, 3, 2)))
        '2026-07-30'
        """
        return self.told.get(action) or max(usual, self.not_before)


def follow(months: Months, answers: Iterable[Answer], due: Due | None = None) -> dict[str, list[Action]]:
    """The actions of each month: those open before it, and new ones. Months in which nobody looked are passed over."""
    due = due or Due()
    by_action: dict[str, list[Answer]] = {}
    for answer in sorted(answers, key=lambda each: each.at):
        by_action.setdefault(answer.action_id, []).append(answer)
    found: dict[str, list[Action]] = {}
    living: dict[Key, Action] = {}
    for month in sorted(months):
        living = _month(month, months[month], living, by_action, due)
        found[month] = [living[key] for key in sorted(living)]
        living = {key: each for key, each in living.items() if not each.is_over}
    return found


def _month(
    month: str,
    judged: Mapping[Key, Judged],
    living: Mapping[Key, Action],
    answers: Mapping[str, Sequence[Answer]],
    due: Due,
) -> dict[Key, Action]:
    last = days_of(month)[-1]
    found = {key: _later(each, judged.get(key), last, answers.get(each.action_id, ())) for key, each in living.items()}
    for key, now in judged.items():
        if key not in found and now.level == "low" and _is_important(now):
            until = due.of(action_id(*key, month), now.due_on)
            found[key] = Action(*key, month, until, "open", "new", now, now, "opened")
    return {key: each for key, each in found.items() if not _is_forgotten(each)}


def _is_forgotten(each: Action) -> bool:
    """A dropped action is shown as long as the touchpoint is low; then there is nothing left of it to decide."""
    return each.why == "dropped" and each.now is not None and each.now.level == "high"


def _later(action: Action, now: Judged | None, last: dt.date, answers: Sequence[Answer]) -> Action:
    """The action in a later month."""
    known = [each for each in answers if each.day <= last]
    answer = known[-1] if known else None
    moved_code, moved = _moved(action.then, now)
    why = _why(now, answer, moved_code)
    return replace(
        action, state=_state(why, action.due_on, last), why=why, now=now, moved_code=moved_code, moved=moved,
        answer=answer,
    )  # fmt: skip


def _why(now: Judged | None, answer: Answer | None, moved: Moved) -> Why:
    said = answer.state if answer else "open"
    if now is None:
        return "gone"
    if said == "dropped":
        return "dropped"
    if not _is_important(now):
        return "not_important"
    if now.level == "high":
        return "no_longer_low"
    if now.level == "unknown":
        return "not_known"
    if now.level == "low":
        return "said_done_still_low" if said == "done" else "still_low"
    if said == "done":
        return "done_and_better" if moved == "better" else "said_done_unproven"
    return "not_sure"


def _state(why: Why, due_on: dt.date, last: dt.date) -> State:
    if why in ("no_longer_low", "done_and_better"):
        return "done"
    if why in ("dropped", "not_important", "gone"):
        return "dropped"
    return "overdue" if due_on < last else "open"


def _is_important(now: Judged) -> bool:
    return now.importance is not None and now.importance >= IMPORTANT_FROM


def _moved(then: Judged, now: Judged | None) -> tuple[Moved, Estimate | None]:
    """Scores of other formulas, or of a measure and of ratings, are not compared."""
    if now is None or then.score is None or now.score is None:
        return "unknown", None
    if not (then.has_interval and now.has_interval):
        return "unknown", None
    if then.formula != now.formula or (then.basis == "rated") != (now.basis == "rated"):
        return "unknown", None
    found = difference(now.score, then.score)
    return ("better" if found.low > 0 else "worse" if found.high < 0 else "unchanged"), found
