"""The published figures of domain section 8, drawn, and tested as far as their counts allow: they have none.

Percentages without counts cannot be tested. What can be said: how the lines run, how wide the interval is at stated
counts, and from which count on a month's difference is more than luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mend.foundation import report_page as html
from mend.foundation.report_files import replace_file
from mend.foundation.statistics import Interval, agresti_caffo, critical_z, holm
from mend.repair.effect import charts
from mend.repair.effect.cohorts import Cohort, reason_not_to_compare
from mend.repair.effect.report_words import words_of

MONTHS: Final = ("07", "08", "09", "10")
STATED_COUNTS: Final = (1_000, 5_000, 22_000, 100_000)
COHORTS: Final = (Cohort("A", 13_615, 8_385), Cohort("B", 12_487, 9_513))


@dataclass(frozen=True)
class Series:
    """A published series, per cent by month: July to October."""

    code: str
    en: str
    zh: str
    control: tuple[float, ...]
    treated: tuple[float, ...]


SERIES: Final = (
    Series("churn", "Churn", "离网率", (7.1, 6.9, 7.5, 7.6), (6.8, 6.3, 6.1, 5.2)),
    Series(
        "high_value_retention",
        "High-value retention",
        "高价值保有率",
        (93.2, 92.7, 92.4, 92.6),
        (93.4, 93.5, 94.1, 94.8),
    ),
)


def least_count(control: float, treated: float) -> int:
    """Customers in each group from which on the 95 % interval of two different shares excludes zero, about.

    >>> least_count(0.076, 0.052), least_count(0.071, 0.068)
    (797, 55256)
    """
    spread = control * (1 - control) + treated * (1 - treated)
    return math.ceil(critical_z(0.95) ** 2 * spread / (treated - control) ** 2)


def corrected(count: int) -> dict[tuple[str, str], float]:
    """Corrected p-value of each series and month, if each group had so many customers."""
    places = [(each, month) for each in SERIES for month in range(len(MONTHS))]
    found = holm([_at(each.control[month] / 100, each.treated[month] / 100, count).p_value for each, month in places])
    return {(each.code, MONTHS[month]): value for (each, month), value in zip(places, found, strict=True)}


def write_published(folder: Path, count: int | None = None) -> list[Path]:
    """Write `published.<language>.html`.

    Args:
        count: customers of each group and month, when somebody knows it; then the differences are tested, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [
        replace_file(folder / f"published.{language}.html", published_page(language, count))
        for language in ("en", "zh")
    ]


def published_page(language: str, count: int | None = None) -> str:
    """The page: both series drawn with their table below, and the refusal of the two cohorts."""
    words = words_of(language, "published_words.yaml")
    parts: list[str] = [html.paragraph(words["untested"]), html.paragraph(words["rounding"], "note")]
    for each in SERIES:
        parts += _series(each, words, language, count)
    parts += _cohorts(words, language)
    return html.page(language, words["title"], parts)


def _series(each: Series, words: Mapping[str, str], language: str, count: int | None) -> list[str]:
    drawn = [
        charts.Line(words[arm], list(zip(MONTHS, values, strict=True)), arm)
        for arm, values in (("treated", each.treated), ("control", each.control))
    ]
    counts = (*STATED_COUNTS, *([count] if count and count not in STATED_COUNTS else []))
    headings = [words["month"], words["control"], words["treated"], words["difference"]]
    headings += [words["at"].format(count=number) for number in counts] + [words["needed"]]
    tested = corrected(count) if count else {}
    headings += [words["given"].format(count=count)] if count else []
    rows = []
    for place, month in enumerate(MONTHS):
        shares = each.control[place] / 100, each.treated[place] / 100
        cells = [month, f"{each.control[place]} %", f"{each.treated[place]} %"]
        cells.append(f"{each.treated[place] - each.control[place]:+.1f}")
        cells += [_ends(_at(*shares, number)) for number in counts]
        cells.append(f"{least_count(*shares):,}")
        cells += [f"{tested[each.code, month]:.2g}"] if count else []
        rows.append(cells)
    name = each.zh if language == "zh" else each.en
    return [
        html.heading(name),
        charts.lines(drawn, "%", 480),
        html.table(words["table"], headings, rows, range(1, len(headings))),
    ]


def _cohorts(words: Mapping[str, str], language: str) -> list[str]:
    refusal = reason_not_to_compare(*COHORTS)
    assert refusal is not None
    said = refusal.zh if language == "zh" else refusal.en
    return [html.heading(words["cohorts"]), html.Markup(f'<div class="refused">{html.paragraph(said)}</div>')]


def _at(control: float, treated: float, count: int) -> Interval:
    return agresti_caffo(round(treated * count), count, round(control * count), count)


def _ends(interval: Interval) -> str:
    return f"{100 * interval.low:+.2f} … {100 * interval.high:+.2f}"


def series(code: str) -> Series:
    """The series of that code."""
    return {each.code: each for each in SERIES}[code]


def differences(each: Series) -> Sequence[float]:
    """Treated minus control by month, percentage points.

    >>> [round(value, 1) for value in differences(series("churn"))]
    [-0.3, -0.6, -1.4, -2.4]
    """
    return [treated - control for treated, control in zip(each.treated, each.control, strict=True)]
