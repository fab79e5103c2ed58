"""Sources and outages as rows of the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from mend.foundation.lake.filters import equal
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.source_words import SourceWords
from mend.prevention.trouble.judging import Source
from mend.prevention.trouble.outages import Outage
from mend.prevention.trouble.rules import SourceRules
from mend.prevention.trouble.words import say_outage, say_source

At = Callable[[int], dt.datetime]
SHOWN: Final = """
select rank, complaint_count, words_{language} as words
from source_file where month = $month and is_top
order by rank"""
OUTAGES: Final = """
select words_{language} as words from outage_file where month = $month and explained_by_source_code is null
order by began_at, dimension_code, source_code"""


def top_of(bench: Workbench, month: str, language: str) -> tuple[list[list[Any]], list[str]]:
    """The month's top sources (rank, complaints, words) and its outages in words."""
    bench.view("mart_trouble_source", where=equal("month", month), as_name="source_file")
    bench.view("mart_outage", where=equal("month", month), as_name="outage_file")
    sources = [list(row) for row in bench.sql(SHOWN.format(language=language), {"month": month})]
    return sources, [words for (words,) in bench.sql(OUTAGES.format(language=language), {"month": month})]


def source_row(month: str, source: Source, rules: SourceRules, names: SourceWords) -> dict[str, Any]:
    """A row of mart_trouble_source: thousandths become points."""
    volume, found = source.volume, source.excess
    explained = source.explained_by or (None, None)
    return {
        "month": month,
        "dimension_code": source.key[0],
        "source_code": source.key[1],
        "contact_count": volume.contacts,
        "unnamed_contact_count": volume.unnamed,
        "customer_count": volume.customers,
        "points": volume.points,
        "share_of_points": source.share,
        "points_per_100_contacts": 100 * volume.points / volume.contacts if volume.contacts else None,
        "compared_points": volume.compared / 1000,
        "basis_code": source.basis,
        "base_contact_count": source.base_contacts,
        "expected_points": found.expected / 1000 if found else None,
        "excess_points": found.points.estimate / 1000 if found else None,
        "excess_low": found.points.low / 1000 if found else None,
        "excess_high": found.points.high / 1000 if found else None,
        "p_value": found.p_worse if found else None,
        "adjusted_p_value": source.adjusted_p_value if found else None,
        "trend": found.trend if found else None,
        "trend_low": found.trend_low if found else None,
        "trend_high": found.trend_high if found else None,
        "rest_trend": found.rest_trend if found else None,
        "verdict_code": source.verdict,
        "complaint_count": source.complaints,
        "explained_by_dimension_code": explained[0],
        "explained_by_source_code": explained[1],
        "rank": source.rank,
        "is_top": source.is_top,
        "words_en": say_source(source, rules, names, "en"),
        "words_zh": say_source(source, rules, names, "zh"),
    }


def outage_row(month: str, outage: Outage, at: At, names: SourceWords) -> dict[str, Any]:
    """A row of mart_outage; `at` gives the moment at which an hour begins, in the business zone."""
    began, ended = at(outage.began), at(outage.ended)
    explained = outage.explained_by or (None, None)
    return {
        "month": month,
        "outage_id": f"{outage.dimension}:{outage.source}:{began:%Y-%m-%dT%H}",
        "dimension_code": outage.dimension,
        "source_code": outage.source,
        "began_at": began,
        "ended_at": ended,
        "hour_count": outage.ended - outage.began,
        "observed_count": outage.observed,
        "expected_count": outage.expected,
        "p_value": outage.p_value,
        "adjusted_p_value": outage.adjusted_p_value,
        "explained_by_dimension_code": explained[0],
        "explained_by_source_code": explained[1],
        "words_en": say_outage(outage, began, ended, names, "en"),
        "words_zh": say_outage(outage, began, ended, names, "zh"),
    }
