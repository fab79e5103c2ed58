"""Whom each theme is for in a closed month: counted by product, channel and customer cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.persons import persons_of, put_persons, view_snapshots
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import CODES
from mend.repair.seasons.errors import SeasonError
from mend.repair.seasons.rules import ThemeSet, load_themes, theme_set_on

ROOM: Final = "repair/seasons"
TABLE: Final = "mart_season_match"
PREFERRED_CHANNEL: Final = read_model(ROOM, "preferred_channel")
Language = Literal["en", "zh"]
THEME_COLUMNS: Final = {
    "theme_number": "integer", "theme_code": "varchar", "name_en": "varchar", "name_zh": "varchar",
    "is_in_season": "boolean", "from_month": "integer", "until_month": "integer", "rule_version": "date",
}  # fmt: skip
WORDS: Final = {
    "en": "{name} (months {first} to {last}, {on}): customers {customers:,}, damaged {damaged:,}, of them severe or "
    "critical {severe:,}; {gives}, by {by}.",
    "zh": "{name}（{first}月至{last}月，{on}）：客户{customers:,}人，受损{damaged:,}人，"
    "其中严重及以上{severe:,}人；{gives}，渠道{by}。",
}
ON: Final = {"en": ("not in season", "in season"), "zh": ("非主题期", "主题期内")}


@dataclass(frozen=True)
class SeasonReport:
    """A month's match: themes, those in season, and rows (one a theme, product, channel and cluster)."""

    month: str
    themes: int
    in_season: int
    rows: int


def match_month(home: Home, bench: Workbench, month: str) -> SeasonReport:
    """Write mart_season_match of a closed month (YYYY-MM), in place of what stood there.

    Raises:
        SeasonError: the month is not closed.
        SeasonRuleError: a file of themes is broken.
    """
    day = days_of(month)[-1] + ONE_DAY  # the campaign runs in the month after
    themes = theme_set_on(day, load_themes(home.root / "seasons"))
    with open_step(bench, "season_match") as step:
        if not step.view("mart_closed_month", "closed_month", where=equal("month", month)):
            raise SeasonError(f"{month} is not closed: close it first (mend month {month})")
        _open_customers(step, month)
        rows = [
            (number, code, each.name_en, each.name_zh, each.is_on(day), each.from_month, each.until_month,
             themes.valid_from)
            for number, (code, each) in enumerate(themes.themes.items())
        ]  # fmt: skip
        step.put("theme", THEME_COLUMNS, rows)
        step.run(read_model(ROOM, "season_match"), {"month": month}, {"themes": _themes(themes)})
        bench.lake.replace(TABLE, equal("month", month), step.write(TABLE, "season_match"))
        in_season = sum(each.is_on(day) for each in themes.themes.values())
        return SeasonReport(month, len(rows), in_season, step.count("season_match"))


def said(home: Home, bench: Workbench, month: str, language: Language) -> list[str]:
    """The month's themes in words; one that is for nobody says so with 0."""
    day = days_of(month)[-1] + ONE_DAY
    themes = theme_set_on(day, load_themes(home.root / "seasons"))
    with open_step(bench, "season_words") as step:
        step.view(TABLE, "match_file", where=equal("month", month))
        sums = {row[0]: row[2:] for row in step.rows(read_model(ROOM, "season_sum"), {"month": month})}
    lines = []
    for code, each in themes.themes.items():
        customers, damaged, severe = sums.get(code, (0, 0, 0))
        lines.append(
            WORDS[language].format(
                name=each.name_en if language == "en" else each.name_zh,
                gives=each.gives_en if language == "en" else each.gives_zh,
                first=each.from_month, last=each.until_month, on=ON[language][each.is_on(day)],
                by=CODES["campaign_channel"][each.done_by][language == "zh"],
                customers=customers, damaged=damaged, severe=severe,
            )
        )  # fmt: skip
    return lines


def _open_customers(step: Step, month: str) -> None:
    days = days_of(month)
    put_persons(step, persons_of(step.bench, days[-1]))
    view_snapshots(step, days[0], days[-1])
    step.view("core_contact", "contact_file", days=days)
    step.view("mart_customer_cluster", "cluster_file", where=equal("month", month))
    step.view("mart_damage_month", "month_file", where=equal("month", month))
    step.run(PREFERRED_CHANNEL)
    step.run(read_model(ROOM, "season_customer"), {"first_day": days[0], "year": days[0].year})


def _themes(themes: ThemeSet) -> str:
    """Text: the numbers of the themes that a customer fits."""
    conditions = [each.audience().sql() for each in themes.themes.values()]
    return (
        ", ".join(f"case when {condition} then {number} end" for number, condition in enumerate(conditions)) or "null"
    )
