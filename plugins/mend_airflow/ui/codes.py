"""Codes that no code list has, since sources name them: topics, touchpoints, teams; in words as far as we know them."""

from __future__ import annotations

from mend_airflow.ui.language import Language
from mend_airflow.ui.words import all_words, say


def say_topic(language: Language, code: str | None) -> str:
    """A topic in words; one that is not ours with spaces, and none as a dash."""
    return _say(language, "topics", code)


def say_touchpoint(language: Language, code: str | None) -> str:
    """A touchpoint in words."""
    return _say(language, "touchpoints", code)


def say_team(language: Language, code: str | None) -> str:
    """A team of the follow-up in words."""
    return _say(language, "teams", code)


def _say(language: Language, file: str, code: str | None) -> str:
    if not code:
        return "—"
    key = f"{file}.{code}"
    return say(language, key) if key in all_words() else code.replace("_", " ")
