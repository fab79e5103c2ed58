"""What is said of a month's stages, in English and Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from mend.foundation.schema import CODES
from mend.foundation.yaml_text import read_yaml
from mend.grumbles.lifecycle.figures import ALL, STAGES, UNDAMAGED, UNKNOWN, Leaving, Point
from mend.grumbles.lifecycle.page import Page
from mend.grumbles.lifecycle.reading import FORMS

FILE: Final = Path(__file__).with_name("report_words.yaml")
LANGUAGES: Final = ("en", "zh")


@cache
def words_of(language: str) -> Mapping[str, str]:
    """The words of a language.

    >>> words_of("en")["verdict"], words_of("zh")["verdict"]
    ('Verdict', '结论')
    """
    return {name: words[language] for name, words in read_yaml(FILE.read_text("utf-8")).items()}


def code(name: str, value: str, language: str) -> str:
    """A code in words.

    >>> code("lifecycle_group", "decline", "zh")
    '退化期'
    """
    return str(CODES[name][value][language == "zh"])


def group_name(level: int, language: str) -> str:
    """A level with its name: `1 slight`."""
    return f"{level} {code('level', str(level), language)}"


def share(value: float | None) -> str:
    """
    >>> share(0.0512), share(None)
    ('5.1 %', '-')
    """
    return "-" if value is None else f"{100 * value:.1f} %"


def in_hundred(value: float) -> str:
    """
    >>> in_hundred(0.0512), in_hundred(-0.01)
    ('5.1', '-1.0')
    """
    return f"{100 * value:.1f}"


def say_key_point(point: Point, page: Page, language: str) -> str:
    """Why a point is one of the stage's key points."""
    found = point.difference
    assert found is not None
    return words_of(language)["key_point"].format(
        stage=code("lifecycle_group", point.count.stage, language),
        point=page.taxonomy.words(point.count.point, language),
        customers=f"{point.count.customers:,}",
        whole=f"{point.whole.customers:,}",
        share=share(point.share),
        other_share=share(point.other_share),
        difference=in_hundred(found.estimate),
        low=in_hundred(found.low),
        high=in_hundred(found.high),
    )


def say_points(page: Page, language: str) -> list[str]:
    """The key points of every stage, and the stages of which too little is known."""
    words = words_of(language)
    lines = [say_key_point(each, page, language) for each in page.points if each.verdict == "key"]
    least = page.rules.points.least_customers
    few = [
        words["too_few"].format(
            stage=code("lifecycle_group", stage, language), customers=page.grumbling(stage), least=least
        )
        for stage in STAGES
        if page.grumbling(stage) < least
    ]
    return [*(lines or [words["no_key_point"]]), *few]


def say_leaving(leaving: Leaving, page: Page, language: str, group: str) -> str:
    """How many of a group left, or why that is not known."""
    words, counted = words_of(language), leaving.group
    said = words[leaving.verdict].format(
        stage=code("lifecycle_group", counted.stage, language),
        group=group,
        left=f"{counted.left:,}",
        followed=f"{counted.followed:,}",
        share=share(leaving.share),
        low=share(leaving.low),
        high=share(leaving.high),
        least=page.rules.leaving.least_followed,
    )
    if (found := leaving.difference) is not None:
        ends = (in_hundred(found.low), in_hundred(found.high))
        said += words["beside"].format(difference=f"{100 * found.estimate:+.1f}", low=ends[0], high=ends[1])
    if unknown := counted.before - counted.followed:
        said += words["status_unknown"].format(unknown=f"{unknown:,}")
    return said


def say_stages_leaving(page: Page, language: str) -> list[str]:
    """Of every stage with customers: the damaged together, beside the undamaged."""
    words = words_of(language)
    if not any(each.group.before for each in page.leavings):
        return [words["first_month"]]
    lines = []
    for stage in (*STAGES, UNKNOWN, ALL):
        damaged, undamaged = page.damaged(stage), page.leaving(stage, UNDAMAGED)
        if damaged.group.before + undamaged.group.before:
            lines.append(say_leaving(damaged, page, language, words["damaged"]))
            lines.append(say_leaving(undamaged, page, language, words["undamaged"]))
    return lines


def say_tendency_known(page: Page, language: str) -> str:
    """How many damaged customers have a tendency as an estimate."""
    return words_of(language)["tendency_known"].format(
        known=f"{page.with_tendency:,}", damaged=f"{page.damaged(ALL).group.customers:,}", month=page.read.window.month
    )


def say_forms(page: Page, language: str) -> list[str]:
    """Of every stage: customers by form, each with its trend; then how silence was shown, and what is not measured."""
    words, between = words_of(language), _between(language)
    lines = []
    for stage in (*STAGES, UNKNOWN):
        counts = [_say_form(page, stage, form, language) for form in FORMS if page.form_count(form, stage)]
        eased = page.eased(stage)
        if counts or eased:
            said = words["form"].format(
                stage=code("lifecycle_group", stage, language), counts=between.join(counts) or "0"
            )
            lines.append(said + (words["eased"].format(eased=f"{eased:,}") if eased else ""))
    return [*lines, *_say_silence(page, language)]


def _say_silence(page: Page, language: str) -> list[str]:
    words, between = words_of(language), _between(language)
    silent: Counter[str] = Counter()
    for each in page.read.forms:
        if each.silence is not None:
            silent[each.silence] += each.customers
    said = [f"{code('silence', kind, language)} {count:,}" for kind, count in sorted(silent.items())]
    lines = [words["silence"].format(counts=between.join(said))] if said else []
    damaged, undamaged = page.damaged(ALL).group, page.leaving(ALL, UNDAMAGED).group
    missing = page.read.window.not_measured
    if damaged.callers and undamaged.callers and "stopped_calling" not in missing:
        lines.append(
            words["stopped"].format(
                callers=f"{damaged.callers:,}",
                stopped=f"{damaged.stopped:,}",
                share=share(damaged.stopped / damaged.callers),
                undamaged=f"{undamaged.callers:,}",
                undamaged_stopped=f"{undamaged.stopped:,}",
                undamaged_share=share(undamaged.stopped / undamaged.callers),
            )
        )
    if missing:
        kinds = [code("silence", each, language) if each in CODES["silence"] else each for each in missing]
        lines.append(words["not_measured"].format(kinds=between.join(kinds)))
    return lines


def _say_form(page: Page, stage: str, form: str, language: str) -> str:
    trends = [(each, page.form_count(form, stage, each)) for each in CODES["form_trend"]]
    said = ", ".join(f"{code('form_trend', trend, language)} {count:,}" for trend, count in trends if count)
    return f"{code('grumble_form', form, language)} {page.form_count(form, stage):,} ({said})"


def _between(language: str) -> str:
    return "；" if language == "zh" else "; "
