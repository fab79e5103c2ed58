"""The effect of a month's campaign: read, judged, written as tables and as a report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.periods import days_of, first_day_of, month_before
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.repair.effect.errors import EffectError
from mend.repair.effect.estimates import spent_alpha
from mend.repair.effect.judging import Judged, Look, Refused, Shares, judge
from mend.repair.effect.reading import ROOM as ROOM
from mend.repair.effect.reading import Followed, Key, Opened, month_after, open_month, read_month, read_season
from mend.repair.effect.refusals import Refusal
from mend.repair.effect.report import Page, write_report
from mend.repair.effect.rows import group_row, refusal_row, result_row
from mend.repair.strategies import CampaignSettings, StrategySet, parse_strategies

WHOLE: Final = "all"


@dataclass(frozen=True)
class EffectReport:
    """What a month's evaluation found: comparisons made and refused, by verdict; groups better left alone; the look;
    the folder.
    """

    month: str
    version: int
    results: int
    refused: int
    helps: int
    harms: int
    may_harm: int
    left_alone_groups: int
    look: int
    folder: str


def evaluate(home: Home, bench: Workbench, month: str) -> EffectReport:
    """Write mart_effect, mart_effect_refusal and mart_effect_group of a month (YYYY-MM), and the report below
    `reports/effect/<month>`.

    Raises:
        EffectError: no outcomes are known of the month's campaign.
    """
    with open_step(bench, "effect") as step:
        # The rules of the month say when its season began; they are pinned by the version, which is found first.
        opened = open_month(step, month, [month])
        strategies = {month: _strategies(step, opened.of_month)}
        settings = strategies[month].settings
        season = months_of_season(month, settings)
        opened = open_month(step, month, season)
        strategies |= {each.month: _strategies(step, each) for each in opened.followed if each.month != month}
        look = Look(len(season), spent_alpha(len(season), settings.season_months))
        followed = opened.of_month
        found = _judged(step, opened, planned_shares(strategies), look)
        _write(step, followed, found)
    names = {each.code: (each.name_en, each.name_zh) for each in strategies[month].strategies}
    folder = home.root / "reports" / "effect" / month
    write_report(folder, Page(month, followed.version, look.number, found, names))
    verdicts = [each.verdict for each in found.results]
    return EffectReport(
        month,
        followed.version,
        len(found.results),
        len(found.refused),
        verdicts.count("helps"),
        verdicts.count("harms"),
        verdicts.count("may_harm"),
        sum(each.effect.verdict == "left_alone" for each in found.groups),
        look.number,
        str(folder),
    )


def months_of_season(month: str, settings: CampaignSettings) -> list[str]:
    """The months up to this one whose campaigns run in the same season, in which nobody changes arm. A campaign runs in
    the month after its damage: that of December is the first of the next year.

    >>> from mend.repair.strategies import load_strategies
    >>> settings = load_strategies()[0].settings
    >>> months_of_season("2026-02", settings), months_of_season("2026-06", settings)
    (['2025-12', '2026-01', '2026-02'], ['2026-06'])
    """
    season = settings.season_of_campaign(month)
    months = [month]
    while settings.season_of_campaign(before := month_before(first_day_of(months[0]))) == season:
        months.insert(0, before)
    return months


def planned_shares(strategies: Mapping[str, StrategySet]) -> dict[tuple[str, str], float | None]:
    """Share of held-out customers by month and strategy, and of the universal arm."""
    shares: dict[tuple[str, str], float | None] = {}
    for month, rules in strategies.items():
        shares[month, WHOLE] = rules.settings.universal_hold_out_share
        shares |= {(month, each.code): each.hold_out_share for each in rules.discretionary}
    return shares


def _strategies(step: Step, followed: Followed) -> StrategySet:
    """The strategies by which the list was made, from the version's pin."""
    where = all_of(equal("month", followed.month), equal("version", followed.version))
    step.view("mart_campaign_version", "version_file", where=where)
    found = step.bench.sql(
        "select strategies_text from version_file where month = $month and version = $version",
        {"month": followed.month, "version": followed.version},
    )
    if len(found) != 1:
        raise EffectError(
            f"mart_campaign_version holds {len(found)} rows of version {followed.version} of {followed.month}, not "
            f"one: make the campaign of {followed.month} again"
        )
    return parse_strategies(found[0][0])


def _judged(step: Step, opened: Opened, shares: Shares, look: Look) -> Judged:
    followed = opened.of_month
    last = days_of(month_after(followed.month))[-1]
    if followed.followed_until < last or not opened.is_after_closed:
        return Judged(refused=(_still_open(followed, last),))
    own = judge(read_month(step, followed, opened.is_after_closed), shares)
    return own + judge(read_season(step, followed.month, opened.is_after_closed), shares, look)


def _still_open(followed: Followed, last: dt.date) -> Refused:
    """Whoever looks before the end, and again until something shows, will be shown something."""
    after = month_after(followed.month)
    en = (
        f"follow-up not over: the effect is looked at once, when everybody is followed until {last} and {after} is "
        f"closed (customers are followed until {followed.followed_until} at least)"
    )
    zh = f"跟踪未结束：须全部客户跟踪到{last}且{after}已月结后一次性评估（目前至少跟踪到{followed.followed_until}）"
    return Refused(Key(WHOLE, "itt"), None, Refusal("follow_up_open", "outcome", None, None, en, zh))


def _write(step: Step, followed: Followed, found: Judged) -> None:
    """The table that says "done" last."""
    rows: Mapping[str, list[dict[str, Any]]] = {
        "mart_effect_group": [group_row(followed.month, followed.version, each) for each in found.groups],
        "mart_effect_refusal": [refusal_row(followed.month, followed.version, each) for each in found.refused],
        "mart_effect": [result_row(followed.month, followed.version, each) for each in found.results],
    }
    for table, given in rows.items():
        step.bench.lake.replace(table, equal("month", followed.month), _files(step, table, given))


def _files(step: Step, table: str, rows: list[dict[str, Any]]) -> list[Any]:
    import pyarrow as pa

    if not rows:
        return []
    names = TABLES[table].column_names
    step.put_arrow(f"{table}_row", pa.table({name: pa.array([row[name] for row in rows]) for name in names}))
    return step.write(table, f"{table}_row")
