"""Quality: what is in quarantine and why, which rules batches broke, which batches wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mend.foundation.schema import RECORDS
from mend.query.pages.quality import Quality, read_quality
from mend_airflow.ui.answers import page
from mend_airflow.ui.charts import Chart, draw_lines
from mend_airflow.ui.language import Language, language_of
from mend_airflow.ui.needs import database_of, router
from mend_airflow.ui.rights import Right
from mend_airflow.ui.routes.months import MONTH
from mend_airflow.ui.words import all_words, say, say_code

routes = router(Right.SEE)
Series = list[tuple[str, list[float | None]]]


@routes.get("/quality")
def quality(request: Request, month: str | None = None) -> Response:
    """The last month of arrivals, and one month's reasons."""
    language = language_of(request)
    if month is not None and not MONTH.fullmatch(month):
        raise HTTPException(404)
    with database_of(request).read() as connection:
        found = read_quality(connection, month)
    if month is not None and found.reasons is None:
        raise HTTPException(404)
    content = found.reasons.content if found.reasons else {}
    labels, series, charts = _trend(found, language)
    words = content.get("rules", {})
    return page(
        request,
        "quality.html",
        found=found,
        labels=labels,
        series=series,
        charts=charts,
        month=found.reasons.part_code if found.reasons else "",
        reasons=[_reason(each, words, language) for each in content.get("rows", [])],
        warnings=[_broken(each, words, language) for each in found.warnings],
        critical=[_broken(each, words, language) for each in found.critical],
        sources=[{**each, "record": record_name(each["record_code"], language)} for each in found.sources],
        stopped=[{**each, "record": record_name(each["record_code"], language)} for each in found.stopped],
        decisions=[_decision(each, language) for each in found.decisions],
    )


def record_name(code: str, language: Language) -> str:
    """A record in words."""
    key = f"records.{code}"
    return say(language, key) if key in all_words() else code.replace("_", " ")


def _trend(found: Quality, language: Language) -> tuple[list[str], Series, list[Chart]]:
    """Rows in quarantine of a thousand that arrived, by day."""
    labels = [f"{each['arrived_on']:%m-%d}" for each in found.trend]
    shares: list[float | None] = [
        1000 * float(each["quarantined_count"]) / float(each["arrived_count"]) if each["arrived_count"] else None
        for each in found.trend
    ]
    series: Series = [(say(language, "quality.per_thousand"), shares)]
    return labels, series, draw_lines(labels, series) if len(labels) > 1 else []


def _reason(row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], language: Language) -> dict[str, Any]:
    """Which gate, column and reason, in words; a quality rule says itself what must hold."""
    rule = words.get(f"{row['record_code']}.{row['reason_code']}")
    key = f"reasons.{row['reason_code']}"
    reason = rule[language] if rule else say(language, key) if key in all_words() else _spaced(row["reason_code"])
    return {
        **row,
        "record": record_name(row["record_code"], language),
        "gate": say_code(language, "gate", row["gate_code"]),
        "column": _column(row["record_code"], row["column_name"], language),
        "reason": reason,
        "runbook": _what_to_do(rule, language),
    }


def _broken(row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], language: Language) -> dict[str, Any]:
    rule = words.get(f"{row['record_code']}.{row['rule_id']}")
    return {
        **row,
        "record": record_name(row["record_code"], language),
        "rule": rule[language] if rule else _spaced(row["rule_id"]),
        "runbook": _what_to_do(rule, language),
        "severity": say(language, f"quality.severity_{row['severity_code']}"),
    }


def _decision(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        **row,
        "record": record_name(row["record_code"], language),
        "decision": say(language, f"quality.decision_{row['decision_code']}"),
    }


def _what_to_do(rule: Mapping[str, str] | None, language: Language) -> str:
    """What to do about a broken rule; documents of before have it in English alone."""
    return "" if rule is None else rule.get("runbook_zh", "") if language == "zh" else rule["runbook"]


def _column(record: str, column: str | None, language: Language) -> str:
    columns = {each.name: each for each in RECORDS[record].columns} if record in RECORDS else {}
    name = column or ""
    found = columns.get(name) or columns.get(f"{name.removesuffix('_on')}_at")  # the day of a moment
    if found is None:
        return _spaced(column) if column else "—"
    return found.zh if language == "zh" else found.en.split(";")[0]


def _spaced(code: str) -> str:
    return code.replace("_", " ")
