"""Rules in words: what is in force, since when, and what each version changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from mend.query.pages.rule_history import SEPARATOR, Entry, History, Version, read_histories
from mend_airflow.ui import formats
from mend_airflow.ui.answers import page
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.words import all_words, say, say_code

routes = router(Right.SEE)
Line = tuple[str, str, str]  # code, words, figures in words


@routes.get("/rules")
def rules(request: Request) -> Response:
    """Every kind of rules: in force today in the business zone."""
    language = language_of(request)
    today = dt.datetime.now(ZoneInfo(request.app.state.zone)).date().isoformat()
    histories = [_shown(history, today, language) for history in read_histories(request.app.state.home.root)]
    return page(request, "rules.html", histories=histories)


def _shown(history: History, today: str, language: Language) -> dict[str, Any]:
    now = history.in_force(today)
    entries = now.entries if now else ()
    return {
        "code": history.code,
        "title": say(language, f"rules.kind_{history.code}"),
        "now": now,
        "versions": [_version(each, _names(history, language)) for each in history.versions],
        "sections": [
            (_section(section, language), [_line(each, language) for each in group])
            for section, group in groupby(entries, key=lambda each: each.section)
        ],
    }


def _names(history: History, language: Language) -> dict[str, str]:
    """Rules in words: those of the latest version that has them."""
    entries = [entry for version in reversed(history.versions) for entry in version.entries]
    return {entry.code: words for entry in entries if (words := entry.zh if language == "zh" else entry.en)}


def _version(version: Version, names: Mapping[str, str]) -> dict[str, Any]:
    """A version; what it changes begins with the rule's words where it is one rule's."""
    changes = [
        {
            "path": each.path,
            "words": next((names[part] for part in each.path.split(SEPARATOR) if part in names), ""),
            "before": each.before,
            "after": each.after,
        }
        for each in version.changes
    ]
    return {
        "valid_from": version.valid_from,
        "is_own": version.is_own,
        "problem": version.problem,
        "changes": changes,
    }


def _section(section: str, language: Language) -> str:
    key = f"rules.section_{section}"
    return say(language, key) if key in all_words() else say_code(language, "stage", section)


def _line(entry: Entry, language: Language) -> Line:
    figures = entry.figures
    if entry.section == "contact":
        key = f"rules.contact_{entry.code}"
        shown = {name: formats.number(value) if isinstance(value, int) else value for name, value in figures.items()}
        words = say(language, key, **shown) if key in all_words() else _spaced(entry.code, figures)
        return "", words, ""
    if entry.section == "triggers":
        words = say_code(language, "survey_trigger", entry.code)
        said = say(language, "rules.trigger", share=formats.percent(figures["share"], 0))
        promised = say(language, "rules.promised") if figures["promised"] else ""
        return "", words, said + (f" · {promised}" if promised else "")
    return entry.code, entry.zh if language == "zh" else entry.en, _figures(entry, language)


def _figures(entry: Entry, language: Language) -> str:
    figures = entry.figures
    if entry.section == "strategies":
        said = [
            say_code(language, "campaign_channel", figures["channel"]),
            say(language, f"rules.consent_{figures['consent']}")
            if f"rules.consent_{figures['consent']}" in all_words()
            else str(figures["consent"]),
            say(language, "rules.hold_out", share=formats.percent(figures["hold_out"], 0)),
        ]
        return " · ".join([*said, *([say(language, "rules.entitlement")] if figures["entitlement"] else [])])
    if entry.section == "warning_strategies":
        said = [say(language, "rules.levels", levels=figures["levels"])]
        values = [say_code(language, "value_cluster", each) for each in figures["values"]]
        return " · ".join([*said, *values])
    return say(language, "rules.points", points=f"{figures['points']:+d}")


def _spaced(code: str, figures: Mapping[str, Any]) -> str:
    return f"{code.replace('_', ' ')}: {', '.join(str(each) for each in figures.values())}"
