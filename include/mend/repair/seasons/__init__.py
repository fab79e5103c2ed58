"""Seasons of key customers: product, channel and customer cluster matched into a themed repair."""

from mend.repair.seasons.errors import SeasonError, SeasonRuleError
from mend.repair.seasons.matching import PREFERRED_CHANNEL, SeasonReport, match_month, said
from mend.repair.seasons.rules import Theme, ThemeSet, load_themes, theme_set_on, themes_on

__all__ = [
    "PREFERRED_CHANNEL",
    "SeasonError",
    "SeasonReport",
    "SeasonRuleError",
    "Theme",
    "ThemeSet",
    "load_themes",
    "match_month",
    "said",
    "theme_set_on",
    "themes_on",
]
