"""Which survey a reply answers: by our extension, else only when there is no doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Match = Literal["extension", "only_open", "none", "ambiguous"]


@dataclass(frozen=True)
class Asked:
    """A survey that was sent to the subscriber. An answer counts from `sent_at` to `valid_until`."""

    survey_id: str
    extension: str | None
    sent_at: dt.datetime
    valid_until: dt.datetime
    is_answered: bool


def match(asked: Sequence[Asked], extension: str | None, received_at: dt.datetime) -> tuple[Match, Asked | None]:
    """The survey that a message to our number and `extension` answers, and how it was found.

    An extension names the latest survey sent from it. Without one (stripped on the way) exactly one survey must be
    open; when all are answered and there is exactly one, the message is a later word on that.
    """
    within = [each for each in asked if each.sent_at <= received_at <= each.valid_until]
    if extension is not None:
        named = [each for each in within if each.extension == extension]
        return ("extension", max(named, key=lambda each: (each.sent_at, each.survey_id))) if named else ("none", None)
    unanswered = [each for each in within if not each.is_answered]
    candidates = unanswered or within
    if len(candidates) == 1:
        return "only_open", candidates[0]
    return ("ambiguous", None) if candidates else ("none", None)
