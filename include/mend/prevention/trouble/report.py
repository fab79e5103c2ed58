"""The page of a month's trouble in English and Chinese, with the trend as a picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mend.foundation import report_page as html
from mend.foundation.report_files import replace_file
from mend.foundation.schema import CODES
from mend.foundation.source_words import SourceWords
from mend.prevention.trouble.judging import Source, is_measured
from mend.prevention.trouble.outages import Outage
from mend.prevention.trouble.reading import DIMENSIONS, Complaints, Read
from mend.prevention.trouble.rows import At
from mend.prevention.trouble.rules import TroubleRules
from mend.prevention.trouble.words import LANGUAGES, figure, kind_of, say_explained, say_outage, say_source, words_of

SHOWN_WITHOUT_TOP: Final = 6
NUMBERS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 10)


@dataclass(frozen=True)
class Page:
    """What a month's page shows."""

    read: Read
    sources: Sequence[Source]
    outages: Sequence[Outage]
    complaints: Complaints
    rules: TroubleRules
    at: At
    names: SourceWords

    @property
    def top(self) -> list[Source]:
        return [each for each in self.sources if each.is_top]


def write_report(folder: Path, page: Page) -> list[Path]:
    """Write `index.<language>.html` and `trend.<language>.svg`; each replaces an older one in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        picture = trend_picture(page, language)
        written.append(replace_file(folder / f"index.{language}.html", _page(page, language, picture)))
        written.append(replace_file(folder / f"trend.{language}.svg", picture))
    return written


def trend_picture(page: Page, language: str) -> html.Markup:
    """Points a hundred contacts by month of the top sources (of those with most points, where there are none)."""
    shown = page.top or sorted(
        (each for each in page.sources if each.excess), key=lambda each: (-each.volume.thousandths, each.key)
    )
    count = len(page.top) or SHOWN_WITHOUT_TOP
    places = {each.key: place for place, each in enumerate(shown[:count])}
    rows = [
        {
            "source": f"{place + 1:02d} {kind_of(key[0], language)} {page.names.name(*key, language)}",
            "month": month,
            "rate": volume.compared / volume.contacts / 10,
        }
        for key, place in places.items()
        for month, volume in sorted(page.read.months[key].items())
        if volume.contacts and month in (*page.read.window.history, page.read.window.month)
    ]
    encoding = {
        "x": {"field": "month", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
        "y": {"field": "rate", "type": "quantitative", "title": None, "scale": {"zero": True}},
    }
    chart: Mapping[str, Any] = {
        "title": words_of(language)["trend_unit"],
        "data": {"values": rows},
        "facet": {"field": "source", "type": "nominal", "title": None, "header": {"labelAnchor": "start"}},
        "columns": 2,
        "spec": {"width": 230, "height": 80, "encoding": encoding, "layer": [
            {"mark": {"type": "line", "color": "#1f5fa8", "strokeWidth": 2}},
            {"mark": {"type": "point", "color": "#1f5fa8", "filled": True, "size": 50, "opacity": 1}},
        ]},
    }  # fmt: skip
    return html.svg(chart, 230, 80)


def _page(page: Page, language: str, picture: html.Markup) -> str:
    words, read, rules = words_of(language), page.read, page.rules
    history = read.window.history
    parts = [
        html.paragraph(
            words["intro"].format(
                month=read.window.month,
                points=figure(read.contact_thousandths / 1000),
                other=figure(read.other_thousandths / 1000),
            )
        ),
        html.paragraph(
            words["held_against"].format(months=", ".join(history)) if history else words["first_month"], "note"
        ),
        *(
            [html.paragraph(words["not_compared"].format(indicators=", ".join(read.not_compared)), "note")]
            if history and read.not_compared
            else []
        ),
        *(
            html.paragraph(words["not_measured"].format(kind=kind_of(dimension, language)), "note")
            for dimension in DIMENSIONS
            if not is_measured(read, dimension)
        ),
        *_top_section(page, language),
        html.heading(words["trend"]),
        picture,
        *_outage_section(page, language),
        html.heading(words["all_sources"]),
        *(_table_of(page, dimension, language) for dimension in DIMENSIONS if is_measured(read, dimension)),
        html.heading(words["method"]),
        html.items(
            words["methods"]
            .format(
                history=rules.sources.history_months,
                least=rules.sources.least_contacts,
                alpha=f"{rules.sources.alpha:.2g}",
                share=f"{rules.sources.explained_share:.0%}",
                days=rules.complaints.days,
                agents=rules.sources.least_agents,
            )
            .split("\n"),
            "note",
        ),
    ]
    return html.page(language, words["title"].format(month=read.window.month), parts)


def _top_section(page: Page, language: str) -> list[html.Markup]:
    words, counts = words_of(language), page.complaints
    parts = [html.heading(words["top"].format(count=page.rules.sources.top))]
    if page.top:
        parts.append(html.paragraph(words["top_caption"], "note"))
        parts.append(
            html.items(
                f"{each.rank}. {say_source(each, page.rules.sources, page.names, language)}" for each in page.top
            )
        )
    else:
        parts.append(html.paragraph(words["no_top"]))
    said = words["complaints"].format(
        all=counts.all, of_top=counts.of_top, with_cause=counts.with_cause, unknown=counts.all - counts.attributable
    )
    return [*parts, html.paragraph(said, "note")]


def _outage_section(page: Page, language: str) -> list[html.Markup]:
    words = words_of(language)
    bound = f"{page.rules.outages.false_alarms:g}"
    heading = html.heading(words["outages"])
    if not page.outages:
        return [heading, html.paragraph(words["no_outages"].format(false_alarms=bound))]
    said = [say_outage(each, page.at(each.began), page.at(each.ended), page.names, language) for each in page.outages]
    return [heading, html.paragraph(words["outages_caption"].format(false_alarms=bound), "note"), html.items(said)]


def _table_of(page: Page, dimension: str, language: str) -> html.Markup:
    """All sources of a kind: their points add up to the month's."""
    words = words_of(language)
    rows = [_cells(each, page.names, language) for each in page.sources if each.key[0] == dimension]
    names = ("source", "contacts", "points", "share", "rate", "beyond", "interval", "trend_times", "p",
             "complaint_count", "verdict")  # fmt: skip
    numbers = [place - 1 for place in NUMBERS]
    return html.table(kind_of(dimension, language), [words[name] for name in names], rows, numbers)


def _cells(source: Source, names: SourceWords, language: str) -> tuple[str, ...]:
    volume, found = source.volume, source.excess
    verdict = CODES["trouble_verdict"][source.verdict][language == "zh"]
    return (
        names.name(*source.key, language),
        f"{volume.contacts:,}",
        figure(volume.points),
        "-" if source.share is None else f"{source.share:.1%}",
        figure(100 * volume.points / volume.contacts) if volume.contacts else "-",
        f"{found.points.estimate / 1000:+,.1f}" if found else "-",
        f"{found.points.low / 1000:+,.1f} … {found.points.high / 1000:+,.1f}" if found else "-",
        "-" if found is None or found.trend is None else f"{found.trend:.2f}",
        f"{source.adjusted_p_value:.3g}" if found else "-",
        str(source.complaints),
        html.word(verdict + say_explained(source.explained_by, names, language), "harms" if source.is_proven else ""),
    )


def moments_of(begin: dt.datetime) -> At:
    """The moment at which an hour of the window begins: `begin` is the first one, in the business zone."""

    def at(hour: int) -> dt.datetime:
        return (begin.astimezone(dt.UTC) + dt.timedelta(hours=hour)).astimezone(begin.tzinfo)

    return at
