"""The report of a month and of each of its campaigns: pages in English and Chinese, pictures with their table below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mend.foundation import report_page as html
from mend.foundation.report_files import replace_file
from mend.foundation.schema import CODES
from mend.repair.effect import charts
from mend.repair.effect.judging import GROUPING_WORDS, GroupResult, Judged, Refused, Result
from mend.repair.effect.reading import Key
from mend.repair.effect.report_words import Words, words_of

WHOLE = "all"
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Page:
    """What a month's report shows: results and refusals, and the strategies' names (English, Chinese)."""

    month: str
    version: int
    look: int
    found: Judged
    names: Mapping[str, tuple[str, str]]

    def name(self, strategy: str, language: str) -> str:
        if strategy == WHOLE:
            return words_of(language)["whole"]
        return self.names.get(strategy, (strategy, strategy))[language == "zh"]

    def strategies(self) -> list[str]:
        """The whole programme first."""
        found = {each.key.strategy for each in self.found.results}
        found |= {each.key.strategy for each in self.found.refused}
        return sorted(found, key=lambda code: (code != WHOLE, code))


def write_report(folder: Path, page: Page) -> list[Path]:
    """Write `index.<language>.html` and `campaign_<strategy>.<language>.html`. Each takes the place of an
    older one in one step; pages of campaigns that are no longer there go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, str] = {}
    for language in LANGUAGES:
        texts[f"index.{language}.html"] = month_page(page, language)
        for code in page.strategies():
            texts[page_name(code, language)] = campaign_page(page, code, language)
    for path in folder.glob("*.html"):
        if path.name not in texts:
            path.unlink(missing_ok=True)
    return [replace_file(folder / name, text) for name, text in texts.items()]


def page_name(strategy: str, language: str) -> str:
    """The file of a campaign; a strategy may be called index."""
    return f"campaign_{strategy}.{language}.html"


def month_page(page: Page, language: str) -> str:
    """All campaigns of a month: what is refused, what helped, what harmed."""
    words = words_of(language)
    rows = [
        (
            html.link(page_name(each.key.strategy, language), page.name(each.key.strategy, language)),
            CODES["effect_estimand"][each.key.estimand][language == "zh"],
            *_cells(each, language),
        )
        for each in page.found.results
    ]
    parts = [
        html.paragraph(words["intro"].format(month=page.month, version=page.version)),
        *refused_section(page, page.found.refused, language),
        html.heading(words["overview"]),
        html.table(words["overview_caption"], [words["campaign"], words["compared"], *_headings(words)], rows, NUMBERS),
        html.items([html.link(page_name(code, language), page.name(code, language)) for code in page.strategies()]),
        *method_section(words, page),
    ]
    return html.page(language, words["title"].format(month=page.month), parts)


def campaign_page(page: Page, strategy: str, language: str) -> str:
    """One campaign of a month."""
    words = words_of(language)
    results = [each for each in page.found.results if each.key.strategy == strategy]
    refused = [each for each in page.found.refused if each.key.strategy == strategy]
    groups = [each for each in page.found.groups if each.key.strategy == strategy]
    parts = [
        html.paragraph(words["intro"].format(month=page.month, version=page.version)),
        *refused_section(page, refused, language),
    ]
    by_key: dict[Key, list[Result]] = defaultdict(list)
    for each in results:
        by_key[each.key].append(each)
    for key, found in by_key.items():
        parts += effect_section(key, found, language)
    parts += before_after_section([each for each in results if each.key.estimand == "itt"], language)
    parts += group_section(groups, language)
    parts += method_section(words, page)
    title = f"{page.name(strategy, language)} · {words['title'].format(month=page.month)}"
    return html.page(language, title, parts)


def refused_section(page: Page, refused: Sequence[Refused], language: str) -> list[str]:
    """Before anything else: what may not be compared, by name."""
    if not refused:
        return []
    words, place = words_of(language), language == "zh"
    rows = [
        (
            page.name(each.key.strategy, language),
            CODES["effect_estimand"][each.key.estimand][place],
            CODES["effect_outcome"][each.outcome_code][place] if each.outcome_code else words["all_outcomes"],
            html.word(CODES["effect_refusal"][each.refusal.reason][place], "harms"),
            each.refusal.zh if place else each.refusal.en,
        )
        for each in refused
    ]
    headings = [words["campaign"], words["compared"], words["outcome"], words["reason"], words["why"]]
    return [
        html.heading(words["refused"]),
        html.Markup(f'<div class="refused">{html.table(words["refused_caption"], headings, rows)}</div>'),
    ]


def effect_section(key: Key, results: Sequence[Result], language: str) -> list[str]:
    """One comparison: shares in one picture, each mean in its own, and the table of all."""
    words, place = words_of(language), language == "zh"
    parts: list[str] = [
        html.heading(CODES["effect_estimand"][key.estimand][place]),
        html.paragraph(words[f"about_{key.estimand}"].format(look=results[0].look.number), "note"),
    ]
    shares = [each for each in results if each.outcome.is_share]
    for group in ([shares] if shares else []) + [[each] for each in results if not each.outcome.is_share]:
        bars = [_bar(each, language) for each in group]
        parts.append(charts.intervals(bars, f"{words['difference']} ({group[0].outcome.unit(language)})"))
    rows = [_cells(each, language) for each in results]
    parts.append(html.table(words["effect_caption"], _headings(words), rows, [place - 2 for place in NUMBERS]))
    return parts


def before_after_section(results: Sequence[Result], language: str) -> list[str]:
    """What a report without a control would show, beside what happened to those whom nobody treated."""
    words = words_of(language)
    shown = [each for each in results if each.before_after is not None]
    if not shown:
        return []
    parts: list[str] = [html.heading(words["naive"]), html.paragraph(words["about_naive"], "note")]
    rows = []
    for each in shown:
        found = each.before_after
        assert found is not None
        times = 100 if each.outcome.is_share else 1
        lines = [
            charts.Line(
                words[arm],
                [(words["before"], times * before), (words["after"], times * after)],
                arm,
            )
            for arm, before, after in (
                ("treated", found.before, found.after),
                ("control", found.control_before, found.control_after),
            )
        ]
        unit = "%" if each.outcome.is_share else each.outcome.unit(language)
        parts += [html.heading(each.outcome.words(language), 3), charts.lines(lines, unit)]
        figures = (
            found.before,
            found.after,
            found.naive_change,
            found.control_before,
            found.control_after,
            found.regression_to_mean,
            each.found.interval.estimate,
        )
        rows.append((each.outcome.words(language), *(_figure(each, value) for value in figures)))
    headings = [words["outcome"], *(words[f"naive_{name}"] for name in NAIVE)]
    parts.append(html.table(words["naive_caption"], headings, rows, range(1, 8)))
    return parts


def group_section(groups: Sequence[GroupResult], language: str) -> list[str]:
    """Groups that care seems to harm, measured in the half of the customers that had no part in choosing them."""
    words, place = words_of(language), language == "zh"
    if not groups:
        return []
    chosen = sorted(
        (each for each in groups if each.effect.is_chosen), key=lambda each: (each.effect.adjusted_p_value, str(each))
    )
    parts: list[str] = [html.heading(words["groups"]), html.paragraph(words["about_groups"], "note")]
    if not chosen:
        return [*parts, html.paragraph(words["no_groups"].format(groups=len(groups)))]
    bars = [
        charts.Bar(
            f"{_group(each, language)}: {each.outcome.words(language)}",
            100 * each.effect.measured.interval.estimate,
            100 * each.effect.measured.interval.low,
            100 * each.effect.measured.interval.high,
            each.effect.verdict,
        )
        for each in chosen[:20]
    ]
    rows = [
        (
            _group(each, language),
            each.outcome.words(language),
            f"{each.effect.cell.treated.count:,} / {each.effect.cell.control.count:,}",
            f"{100 * each.effect.found_difference:+.2f}",
            f"{100 * each.effect.measured.interval.estimate:+.2f}",
            f"{100 * each.effect.measured.interval.low:+.2f} … {100 * each.effect.measured.interval.high:+.2f}",
            f"{each.effect.adjusted_p_value:.3g}",
            html.word(CODES["effect_group_verdict"][each.effect.verdict][place], each.effect.verdict),
        )
        for each in chosen
    ]
    headings = [words[name] for name in ("group", "outcome", "counts", "found", "measured", "interval", "p", "verdict")]
    parts.append(charts.intervals(bars, f"{words['difference']} ({chosen[0].outcome.unit(language)})"))
    parts.append(html.table(words["groups_caption"], headings, rows, range(2, 7)))
    return parts


def method_section(words: Words, page: Page) -> list[str]:
    """How it was worked out, for whoever doubts it."""
    return [html.heading(words["method"]), html.items(words["methods"].format(look=page.look).split("\n"), "note")]


NUMBERS = [3, 4, 5, 6, 7, 8]
NAIVE = ("before", "after", "change", "control_before", "control_after", "regression", "effect")


def _headings(words: Words) -> list[str]:
    names = ("outcome", "treated", "control", "difference", "interval", "p", "adjusted_p", "verdict")
    return [words[name] for name in names]


def _cells(each: Result, language: str) -> tuple[str, ...]:
    place = language == "zh"
    interval = each.found.interval
    reduction = f" (CUPED −{each.found.variance_reduction:.0%})" if each.found.variance_reduction >= 0.005 else ""
    return (
        each.outcome.words(language),
        f"{_figure(each, each.treated.mean)} ({each.treated.count:,})",
        f"{_figure(each, each.control.mean)} ({each.control.count:,})",
        f"{_signed(each, interval.estimate)}{reduction}",
        f"{_signed(each, interval.low)} … {_signed(each, interval.high)}",
        f"{interval.p_value:.3g}",
        f"{each.adjusted_p_value:.3g}",
        html.word(CODES["effect_verdict"][each.verdict][place], each.verdict),
    )


def _figure(each: Result, value: float) -> str:
    return f"{100 * value:.2f} %" if each.outcome.is_share else f"{value:.3f}"


def _signed(each: Result, value: float) -> str:
    return f"{100 * value:+.2f}" if each.outcome.is_share else f"{value:+.3f}"


def _bar(each: Result, language: str) -> charts.Bar:
    times = 100 if each.outcome.is_share else 1
    interval = each.found.interval
    return charts.Bar(
        each.outcome.words(language),
        times * interval.estimate,
        times * interval.low,
        times * interval.high,
        each.verdict,
    )


def _group(each: GroupResult, language: str) -> str:
    name = GROUPING_WORDS[each.effect.cell.grouping][language == "zh"]
    half = "ab"[each.effect.cell.half]
    return f"{name} {each.effect.cell.group} ({half})"
