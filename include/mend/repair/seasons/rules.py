"""Seasonal themes as dated data: product, channel and customers matched for some months of the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mend.foundation import rules as dated
from mend.foundation.conditions import Condition
from mend.foundation.schema import CODES
from mend.repair.seasons.errors import SeasonRuleError
from mend.repair.strategies import SeasonText, is_month_within, parse_audience
from mend.repair.strategies.content import Channel
from mend.repair.strategies.fields import Chinese, Code, English

FOLDER: Final = Path(__file__).parent / "rules"
# What a theme asks of a customer: its key, and the audience's column.
ASKED: Final = {
    "brands": "brand_code",
    "plans": "plan_code",
    "channels": "preferred_channel_code",
    "values": "value_code",
    "behaviours": "behaviour_code",
    "age_bands": "age_band_code",
}


def _among(codes: str, value: str) -> str:
    if value not in CODES[codes]:
        raise ValueError(f"{value!r} is none of {', '.join(map(str, CODES[codes]))}")
    return value


Value = Annotated[str, AfterValidator(partial(_among, "value_cluster"))]
Behaviour = Annotated[str, AfterValidator(partial(_among, "behaviour_cluster"))]
AgeBand = Annotated[str, AfterValidator(partial(_among, "age_band"))]
Product = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}$")]
MonthOfYear = Annotated[int, Field(strict=True, ge=1, le=12)]


class Theme(BaseModel):
    """One theme. Of each list a customer must have one; an empty list asks nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name_en: English
    name_zh: Chinese
    from_month: MonthOfYear
    until_month: MonthOfYear
    brands: tuple[Product, ...] = ()
    plans: tuple[Product, ...] = ()
    channels: tuple[Product, ...] = ()
    values: tuple[Value, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    age_bands: tuple[AgeBand, ...] = ()
    done_by: Channel
    gives_en: English
    gives_zh: Chinese

    def audience_text(self) -> str:
        """Whom it is for, as an audience's expression.

        >>> load_themes()[0].themes["roaming_season"].audience_text()
        "brand_code in ('global') and value_code in ('high')"
        """
        asked = [(column, getattr(self, key)) for key, column in ASKED.items()]
        parts = [f"{column} in ({', '.join(repr(each) for each in codes)})" for column, codes in asked if codes]
        return " and ".join(parts)

    def audience(self) -> Condition:
        """The same, parsed and held to the audience's columns."""
        return parse_audience(self.audience_text())

    def is_on(self, day: dt.date) -> bool:
        """Whether the day's month is one of its months."""
        return is_month_within(day.month, self.from_month, self.until_month)


class ThemeSet(BaseModel):
    """All themes of one version."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: dt.date
    source: str = Field(min_length=1)
    themes: dict[Code, Theme]

    def seasons(self) -> dict[str, SeasonText]:
        """Each theme as a strategy takes it."""
        return {
            code: SeasonText(
                from_month=each.from_month,
                until_month=each.until_month,
                audience=each.audience_text(),
                done_by=each.done_by,
            )
            for code, each in self.themes.items()
        }


def load_themes(folder: Path | None = None) -> list[ThemeSet]:
    """Every version, oldest first: those shipped, and those of `folder`, a home's `seasons`.

    Raises:
        SeasonRuleError: naming file, theme, key and reason.
    """
    return [read_theme_file(path) for path in dated.paths(FOLDER, folder)]


def read_theme_file(path: Path) -> ThemeSet:
    """Read and check one file of themes."""
    found = dated.read(path, ThemeSet, SeasonRuleError, _problem)
    for code, theme in found.themes.items():
        if not theme.audience_text():
            keys = ", ".join(ASKED)
            raise SeasonRuleError(f"{path}: themes: {code}: is for everybody; say for whom: one of {keys}")
    return found


def theme_set_on(day: dt.date, versions: Sequence[ThemeSet]) -> ThemeSet:
    """The version in force on that day. SeasonRuleError when it is before the first."""
    return dated.in_force(day, versions, "seasonal themes", SeasonRuleError)


def themes_on(day: dt.date, folder: Path | None = None) -> dict[str, SeasonText]:
    """The themes in force on a day, as strategies take them. `folder`: the home's own files."""
    return theme_set_on(day, load_themes(folder)).seasons()


def _problem(problem: ValidationError) -> str:
    first = problem.errors()[0]
    place = ": ".join(str(step) for step in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no such key; a theme has {', '.join(Theme.model_fields)}"
    return f"{place}: {'is missing' if first['type'] == 'missing' else first['msg'].removeprefix('Value error, ')}"
