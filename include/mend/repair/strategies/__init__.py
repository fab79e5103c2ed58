"""Who gets what: strategies and campaign settings as dated data."""

from mend.repair.strategies.audience import AUDIENCE_COLUMNS, INDICATORS, audience_columns, hit_column, parse_audience
from mend.repair.strategies.content import SeasonText
from mend.repair.strategies.errors import StrategyError
from mend.repair.strategies.rules import (
    load_strategies,
    parse_strategies,
    read_strategy_file,
    strategies_on,
    with_seasons,
)
from mend.repair.strategies.strategy import (
    CampaignSettings,
    Experience,
    Sample,
    Season,
    Strategy,
    StrategySet,
    is_month_within,
)
from mend.repair.strategies.words import fill, happened_sql

__all__ = [
    "AUDIENCE_COLUMNS",
    "INDICATORS",
    "CampaignSettings",
    "Experience",
    "Sample",
    "Season",
    "SeasonText",
    "Strategy",
    "StrategyError",
    "StrategySet",
    "audience_columns",
    "fill",
    "happened_sql",
    "hit_column",
    "is_month_within",
    "load_strategies",
    "parse_audience",
    "parse_strategies",
    "read_strategy_file",
    "strategies_on",
    "with_seasons",
]
