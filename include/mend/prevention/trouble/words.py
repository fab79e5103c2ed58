"""What is said of a source and of an outage, in English and Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from mend.foundation.schema import CODES
from mend.foundation.source_words import SourceWords
from mend.foundation.yaml_text import read_yaml
from mend.prevention.trouble.judging import NODE, Source
from mend.prevention.trouble.outages import Outage
from mend.prevention.trouble.reading import Key
from mend.prevention.trouble.rules import SourceRules

FILE: Final = Path(__file__).with_name("report_words.yaml")
LANGUAGES: Final = ("en", "zh")


@cache
def words_of(language: str) -> Mapping[str, str]:
    """The words of a language.

    >>> words_of("en")["verdict"], words_of("zh")["verdict"]
    ('Verdict', '结论')
    """
    return {name: words[language] for name, words in read_yaml(FILE.read_text("utf-8")).items()}


def kind_of(dimension: str, language: str) -> str:
    """A kind of source in words.

    >>> kind_of("ivr_node", "en")
    'menu node'
    """
    return CODES["trouble_dimension"][dimension][language == "zh"]


def say_source(source: Source, rules: SourceRules, names: SourceWords, language: str) -> str:
    """A sentence without its full stop."""
    words, found = words_of(language), source.excess
    values: dict[str, Any] = {
        "kind": kind_of(source.key[0], language),
        "source": names.name(*source.key, language),
        "points": figure(source.volume.points),
        "contacts": f"{source.volume.contacts:,}",
        "rate": figure(100 * source.volume.points / max(1, source.volume.contacts)),
        "complaints": source.complaints,
        "times": "",
        "of_stage": _of_stage(rules.stages.get(source.key[0], ()), language),
    }
    if found is not None:
        sign = 1 if found.points.estimate > 0 else -1
        ends = sorted((sign * found.points.low, sign * found.points.high))
        values |= {"beyond": figure(abs(found.points.estimate) / 1000)}
        values |= {"low": figure(ends[0] / 1000), "high": figure(ends[1] / 1000)}
        if found.trend is not None:
            values["times"] = words["times"].format(trend=f"{found.trend:.2g}")
    return _first_up(words[source.verdict].format(**values) + say_explained(source.explained_by, names, language))


def say_outage(outage: Outage, began: dt.datetime, ended: dt.datetime, names: SourceWords, language: str) -> str:
    """A sentence without its full stop; the moments are of the business zone."""
    said = words_of(language)["outage"].format(
        kind=kind_of(outage.dimension, language),
        source=names.name(outage.dimension, outage.source, language),
        began=f"{began:%Y-%m-%d %H:%M}",
        ended=f"{ended:%Y-%m-%d %H:%M}",
        observed=f"{outage.observed:,}",
        expected=figure(outage.expected),
    )
    return _first_up(said + say_explained(outage.explained_by, names, language))


def say_explained(key: Key | None, names: SourceWords, language: str) -> str:
    """The end of a sentence: in which narrower source most of it is; empty without one."""
    if key is None:
        return ""
    name = "explained_at_node" if key[0] == NODE else "explained"
    source = names.name(*key, language)
    return words_of(language)[name].format(kind=kind_of(key[0], language), source=source)


def figure(value: float) -> str:
    """
    >>> figure(1234.56), figure(12.34), figure(0.034)
    ('1,235', '12.3', '0.03')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def _of_stage(stages: Sequence[str], language: str) -> str:
    """Which stages' points are compared, where these are not all."""
    named = (", ", "、")[language == "zh"].join(CODES["stage"][each][language == "zh"] for each in stages)
    return words_of(language)["of_stage"].format(stages=named) if stages else ""


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
