"""A month's touchpoints as pages in English and Chinese: the quadrant, the journey, actions and what all rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mend.foundation import report_page as html
from mend.foundation.report_files import replace_file
from mend.foundation.schema import CODES
from mend.prevention.touchpoint import charts
from mend.prevention.touchpoint.rows import MeasureResult
from mend.prevention.touchpoint.scores import Estimate
from mend.prevention.touchpoint.words import interval, words_of

LANGUAGES: Final = ("en", "zh")
KINDS: Final = {"low": "harms", "watch": "may_harm", "high": "helps", "unknown": "note"}
STATES: Final = {"overdue": "harms", "open": "may_harm", "done": "helps", "dropped": "note"}
MOVED: Final = {"opened": "note", "better": "helps", "worse": "harms", "unchanged": "note", "unknown": "note"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """What is shown: rows of the month's touchpoints, its measures, its actions."""

    month: str
    rows: Sequence[Row]
    measures: Sequence[MeasureResult]
    actions: Sequence[Row]


def write_report(folder: Path, page: Page) -> list[Path]:
    """Write `index.<language>.html`, `quadrant.<language>.svg` and `journey.<language>.svg`, each in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        drawn = {"quadrant": charts.quadrant(page.rows, language), "journey": charts.journey(page.rows, language)}
        written += [replace_file(folder / f"{name}.{language}.svg", text) for name, text in drawn.items()]
        written.append(replace_file(folder / f"index.{language}.html", page_of(page, drawn, language)))
    return written


def page_of(page: Page, drawn: Mapping[str, str], language: str) -> str:
    """The whole page."""
    words = words_of(language)
    due = sum(row["is_action_due"] for row in page.rows)
    unknown = sum(row["quadrant_code"] == "unknown" for row in page.rows)
    parts: list[str] = [
        html.paragraph(words["intro"].format(month=page.month, count=len(page.rows), due=due, unknown=unknown)),
        html.heading(words["quadrant"]),
        html.paragraph(words["about_quadrant"].format(limit=_limit(page)), "note"),
        html.Markup(drawn["quadrant"]),
        _quadrant_table(page, language),
        html.heading(words["actions"]),
        html.paragraph(words["about_actions"], "note"),
        _action_table(page, language) if page.actions else html.paragraph(words["no_actions"]),
        html.heading(words["journey"]),
        html.paragraph(words["about_journey"].format(limit=_limit(page)), "note"),
        html.Markup(drawn["journey"]),
        _journey_table(page, language),
        html.heading(words["measures"]),
        _measure_table(page, language),
        html.heading(words["method"]),
        html.items(words["methods"].split("\n"), "note"),
    ]
    return html.page(language, words["title"].format(month=page.month), parts)


def _limit(page: Page) -> str:
    return f"{page.rows[0]['low_below']:g}" if page.rows else "6"


def _quadrant_table(page: Page, language: str) -> str:
    words, place = words_of(language), language == "zh"
    rows = [
        (
            str(row["touchpoint_number"]),
            row[f"name_{language}"],
            CODES["touchpoint_stage"][row["stage_code"]][place],
            _owner(row, language),
            _importance(row, language),
            _score(row, "operating", language),
            _score(row, "experience", language),
            CODES["touchpoint_quadrant"][row["quadrant_code"]][place],
        )
        for row in page.rows
    ]
    headings = [
        words[name] for name in ("number", "touchpoint", "stage", "owner", "importance", "operating", "experience")
    ]
    return html.table(words["quadrant_caption"], [*headings, words["quadrant"]], rows, [0])


def _action_table(page: Page, language: str) -> str:
    words, place = words_of(language), language == "zh"
    rows = [
        (
            row["action_id"],
            f"{row[f'name_{language}']}: {CODES['touchpoint_aspect'][row['aspect_code']][place]}",
            _owner(row, language),
            row["due_on"].isoformat(),
            html.word(CODES["touchpoint_action_state"][row["state_code"]][place], STATES[row["state_code"]]),
            html.word(CODES["touchpoint_moved"][row["moved_code"]][place], MOVED[row["moved_code"]]),
            row[f"words_{language}"],
            _answer(row, language),
        )
        for row in page.actions
    ]
    names = ("action", "low_what", "owner", "due", "state", "moved", "said", "answer")
    return html.table(words["actions_caption"], [words[name] for name in names], rows)


def _owner(row: Row, language: str) -> str:
    department = CODES["department"][row["department_code"]][language == "zh"]
    return f"{row[f'owner_{language}']} ({department})"


def _answer(row: Row, language: str) -> str:
    if row["answered_by"] is None:
        return words_of(language)["no_answer"]
    state = CODES["touchpoint_action_state"][row["answered_state_code"]][language == "zh"]
    return f"{row['answered_by']}: {state}. {row['answer_text']}"


def _journey_table(page: Page, language: str) -> str:
    words, place = words_of(language), language == "zh"
    rows = [
        (
            str(row["touchpoint_number"]),
            row[f"name_{language}"],
            CODES["touchpoint_aspect"][aspect][place],
            _score(row, aspect, language),
            _before(row, aspect),
            CODES["touchpoint_basis"][row[f"{aspect}_basis_code"]][place],
            words["counts"].format(
                rows=f"{row[f'{aspect}_count']:,}", customers=f"{row[f'{aspect}_customer_count']:,}"
            ),
            _rated(row, aspect, language),
            _damage(row, language) if aspect == "operating" else "",
        )
        for row in page.rows
        for aspect in ("operating", "experience")
    ]
    names = ("number", "touchpoint", "aspect", "score", "before", "basis", "rests_on", "rated", "damage_heading")
    return html.table(words["journey_caption"], [words[name] for name in names], rows, [0, 4])


def _measure_table(page: Page, language: str) -> str:
    words, place = words_of(language), language == "zh"
    names = {row["touchpoint_code"]: row[f"name_{language}"] for row in page.rows}
    rows = [
        (
            names[each.formula.touchpoint],
            CODES["touchpoint_aspect"][each.formula.aspect][place],
            each.formula.text,
            CODES["measure_state"][each.state][place] if each.words is None else each.words[place],
            words["counts"].format(rows=f"{each.sums.rows:,}", customers=f"{each.sums.customers:,}"),
            _rate(each, language),
            "" if each.score is None else interval(each.score, language),
        )
        for each in page.measures
    ]
    headings = [words[name] for name in ("touchpoint", "aspect", "formula", "state", "rests_on", "rate", "score")]
    return html.table(words["measures_caption"], headings, rows)


def _rate(each: MeasureResult, language: str) -> str:
    if each.rate is None:
        return ""
    if not each.formula.is_share:
        return interval(each.rate, language)
    percent = Estimate(*(100 * end for end in (each.rate.value, each.rate.low, each.rate.high)))
    return f"{interval(percent, language)} %"


def _score(row: Row, aspect: str, language: str) -> str:
    """With its interval, coloured where it is surely low or high."""
    level, value = row[f"{aspect}_level_code"], row[f"{aspect}_score"]
    if value is None:
        basis = CODES["touchpoint_basis"][row[f"{aspect}_basis_code"]][language == "zh"]
        return html.word(basis, KINDS[level])
    low, high = row[f"{aspect}_low"], row[f"{aspect}_high"]
    found = Estimate(value, value if low is None else low, value if high is None else high)
    word = CODES["touchpoint_level"][level][language == "zh"].split(":")[0].split("（")[0]
    return html.word(f"{interval(found, language, low is not None)} {word}", KINDS[level])


def _importance(row: Row, language: str) -> str:
    if row["importance"] is None:
        return words_of(language)["nothing"]
    return f"{row['importance']:g} {CODES['importance_band'][row['importance_band_code']][language == 'zh']}"


def _before(row: Row, aspect: str) -> str:
    value = row[f"previous_{aspect}_score"]
    return "" if value is None else f"{value:.1f}"


def _rated(row: Row, aspect: str, language: str) -> str:
    value = row[f"{aspect}_rated"]
    if value is None:
        return ""
    spread = "-" if row[f"{aspect}_spread"] is None else f"{row[f'{aspect}_spread']:.1f}"
    return words_of(language)["rated_form"].format(
        value=f"{value:.1f}", raters=row[f"{aspect}_rater_count"], panel=row[f"{aspect}_panel_count"], spread=spread
    )


def _damage(row: Row, language: str) -> str:
    if row["damage_points"] is None:
        return words_of(language)["nothing"]
    return words_of(language)["damage_form"].format(
        points=f"{row['damage_points']:,}", what=row[f"damage_{language}"] or "-"
    )
