"""What is said of an action, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.foundation.schema import CODES
from mend.foundation.yaml_text import read_yaml
from mend.prevention.touchpoint.actions import Action
from mend.prevention.touchpoint.scores import Estimate

FILE: Final = Path(__file__).parent / "words.yaml"


@cache
def words_of(language: str) -> Mapping[str, str]:
    """The words of a language, `en` or `zh`.

    >>> words_of("en")["stage"], words_of("zh")["stage"]
    ('Stage', '阶段')
    """
    return {name: words[language] for name, words in read_yaml(FILE.read_text("utf-8")).items()}


def action_words(action: Action, row: Mapping[str, Any]) -> tuple[str, str]:
    """What is low and by how much, what most of the damage is, what became of it: English, Chinese."""
    return _words(action, row, "en"), _words(action, row, "zh")


def _words(action: Action, row: Mapping[str, Any], language: str) -> str:
    words, place = words_of(language), language == "zh"
    parts = []
    if action.now is not None and action.now.score is not None:
        basis = "rated" if action.now.basis == "rated" else "measured"
        parts.append(
            words[f"what_{basis}"].format(
                aspect=CODES["touchpoint_aspect"][action.aspect][place].capitalize(),
                score=interval(action.now.score, language, action.now.has_interval),
                limit=f"{row['low_below']:g}",
                rows=f"{row[f'{action.aspect}_count']:,}",
                customers=f"{row[f'{action.aspect}_customer_count']:,}",
                raters=row[f"{action.aspect}_rater_count"],
            )
        )
    if action.moved is not None and action.why != "new":
        moved = CODES["touchpoint_moved"][action.moved_code][place]
        parts.append(
            words["since"].format(month=action.opened_month, change=interval(action.moved, language), moved=moved)
        )
    if action.now is not None and row[f"damage_{language}"]:
        parts.append(words["damage"].format(damage=row[f"damage_{language}"]))
    parts.append(
        words[f"why_{action.why}"].format(
            due=action.due_on,
            by=said_by(action.answer.by, action.answer.role, language) if action.answer else "",
            day=action.answer.day if action.answer else "",
            importance=f"{action.now.importance:g}" if action.now and action.now.importance is not None else "-",
        )
    )
    return words["between"].join(parts)


def said_by(name: str, role: str | None, language: str) -> str:
    """Who answered, with their part where they are not the owner.

    >>> said_by("Li Na", "deputy", "en"), said_by("Li Na", "owner", "zh")
    ('Li Na (deputy)', 'Li Na')
    """
    return words_of(language).get(f"as_{role}", "{by}").format(by=name)


def interval(found: Estimate, language: str, has_ends: bool = True) -> str:
    """
    >>> interval(Estimate(3.24, 2.9, 3.6), "en"), interval(Estimate(3, 3, 3), "zh", has_ends=False)
    ('3.2 (2.9 to 3.6)', '3.0')
    """
    if not has_ends:
        return f"{found.value:.1f}"
    return words_of(language)["interval_form"].format(
        value=f"{found.value:.1f}", low=f"{found.low:.1f}", high=f"{found.high:.1f}"
    )
