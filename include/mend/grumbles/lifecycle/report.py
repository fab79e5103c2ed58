"""The page of a month's stages in English and Chinese, with the tendency to leave as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mend.foundation import report_page as html
from mend.foundation.report_files import replace_file
from mend.grumbles.lifecycle.figures import ALL, LEVELS, STAGES, UNKNOWN, Leaving, Point
from mend.grumbles.lifecycle.page import Page
from mend.grumbles.lifecycle.words import (
    LANGUAGES,
    code,
    group_name,
    in_hundred,
    say_forms,
    say_points,
    say_stages_leaving,
    say_tendency_known,
    share,
    words_of,
)

POINT_COLUMNS: Final = (
    "stage", "rank", "point", "grumbles", "customers", "share", "others", "interval", "verdict"
)  # fmt: skip
LEAVING_COLUMNS: Final = (
    "stage", "level", "count_now", "followed", "unknown", "left", "share", "interval", "verdict"
)  # fmt: skip


def write_report(folder: Path, page: Page) -> list[Path]:
    """Write `index.<language>.html` and `leaving.svg`; each takes the place of an older one in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = leaving_picture(page)
    texts: dict[str, str] = {f"index.{language}.html": page_text(page, language, picture) for language in LANGUAGES}
    return [replace_file(folder / name, text) for name, text in {**texts, "leaving.svg": picture}.items()]


def lines(page: Page, language: str) -> list[str]:
    """The month as text, a line each."""
    words, colon = words_of(language), "：" if language == "zh" else ":"
    return [
        _intro(page, language),
        "",
        f"{words['key_points']}{colon}",
        *say_points(page, language),
        "",
        f"{words['leaving']}{colon}",
        *say_stages_leaving(page, language),
        say_tendency_known(page, language),
        _leaving_note(page, language),
        "",
        f"{words['forms']}{colon}",
        *say_forms(page, language),
        words["forms_note"],
    ]


def point_table(page: Page, language: str, most: int | None = None) -> tuple[list[str], list[tuple[str, ...]]]:
    """Headings and rows of the points, so many of each stage at most."""
    words = words_of(language)
    shown = [each for each in page.points if most is None or each.rank <= most]
    return [words[name] for name in POINT_COLUMNS], [_point_cells(each, page, language) for each in shown]


def leaving_picture(page: Page) -> html.Markup:
    """The share that left by stage and level, each with its interval; groups of too few are not drawn."""
    rows = [
        {
            "stage": _in_both("lifecycle_group", stage),
            "level": str(level),
            "share": found.share,
            "low": found.low,
            "high": found.high,
        }
        for stage in (*STAGES, ALL)
        for level in LEVELS
        if (found := page.leaving(stage, level)).share is not None
    ]
    titles = {name: " / ".join(words_of(language)[name] for language in LANGUAGES) for name in ("level", "leaving")}
    encoding = {
        "x": {"field": "level", "type": "ordinal", "title": titles["level"], "axis": {"labelAngle": 0}},
        "y": {
            "field": "low",
            "type": "quantitative",
            "title": None,
            "axis": {"format": ".0%"},
            "scale": {"zero": True},
        },
    }
    chart: Mapping[str, Any] = {
        "title": titles["leaving"],
        "data": {"values": rows},
        "facet": {"field": "stage", "type": "nominal", "title": None, "header": {"labelAnchor": "start"},
                  "sort": [_in_both("lifecycle_group", stage) for stage in (*STAGES, ALL)]},
        "columns": 3,
        "spec": {"width": 170, "height": 120, "encoding": encoding, "layer": [
            {"mark": {"type": "rule", "color": "#1f5fa8"}, "encoding": {"y2": {"field": "high"}}},
            {"mark": {"type": "point", "color": "#1f5fa8", "filled": True, "size": 60, "opacity": 1},
             "encoding": {"y": {"field": "share", "type": "quantitative"}}},
        ]},
    }  # fmt: skip
    return html.svg(chart, 170, 120)


def page_text(page: Page, language: str, picture: html.Markup) -> str:
    """The whole page."""
    words = words_of(language)
    headings, rows = point_table(page, language)
    parts = [
        html.paragraph(_intro(page, language)),
        html.heading(words["key_points"]),
        html.items(say_points(page, language)),
        html.heading(words["leaving"]),
        html.paragraph(_leaving_note(page, language), "note"),
        html.items(say_stages_leaving(page, language)),
        html.paragraph(say_tendency_known(page, language)),
        *([picture] if any(each.share is not None for each in page.leavings) else []),
        html.table(
            words["leaving"],
            [words[name] for name in LEAVING_COLUMNS],
            [
                _leaving_cells(page.leaving(stage, level), language)
                for stage in (*STAGES, UNKNOWN, ALL)
                for level in LEVELS
            ],
            range(2, 8),
        ),
        html.heading(words["forms"]),
        html.paragraph(words["forms_note"], "note"),
        html.items(say_forms(page, language)),
        html.heading(words["points"]),
        html.table(words["points"], headings, rows, (1, *range(3, 8))),
        html.heading(words["method"]),
        html.items(_methods(page, language), "note"),
    ]
    return html.page(language, words["title"].format(month=page.read.window.month), parts)


def _in_both(name: str, value: str) -> str:
    return " / ".join(code(name, value, language) for language in LANGUAGES)


def _intro(page: Page, language: str) -> str:
    return words_of(language)["intro"].format(
        month=page.read.window.month,
        grumbles=f"{sum(each.grumbles for each in page.read.wholes):,}",
        customers=f"{sum(each.customers for each in page.read.wholes):,}",
    )


def _leaving_note(page: Page, language: str) -> str:
    window = page.read.window
    return words_of(language)["leaving_note"].format(before=window.before, month=window.month)


def _methods(page: Page, language: str) -> list[str]:
    rules = page.rules
    said = words_of(language)["methods"].format(
        alpha=f"{1 - rules.confidence:.2g}",
        indicators=", ".join(rules.silence.hang_up_indicators),
        **rules.points.model_dump(),
        **rules.leaving.model_dump(),
        **rules.silence.model_dump(exclude={"hang_up_indicators"}),
    )
    return [each.strip() for each in said.split("\n") if each.strip()]


def _point_cells(point: Point, page: Page, language: str) -> tuple[str, ...]:
    found = point.difference
    verdict = code("point_verdict", point.verdict, language)
    return (
        code("lifecycle_group", point.count.stage, language),
        str(point.rank),
        page.taxonomy.words(point.count.point, language),
        f"{point.count.grumbles:,}",
        f"{point.count.customers:,}",
        share(point.share),
        share(point.other_share),
        "-" if found is None else f"{in_hundred(found.low)} … {in_hundred(found.high)}",
        html.word(verdict, "harms") if point.verdict == "key" else verdict,
    )


def _leaving_cells(leaving: Leaving, language: str) -> tuple[str, ...]:
    group = leaving.group
    return (
        code("lifecycle_group", group.stage, language),
        group_name(group.level, language),
        f"{group.customers:,}",
        f"{group.followed:,}",
        f"{group.before - group.followed:,}",
        f"{group.left:,}",
        share(leaving.share),
        "-" if leaving.low is None else f"{share(leaving.low)} … {share(leaving.high)}",
        code("leaving_verdict", leaving.verdict, language),
    )
