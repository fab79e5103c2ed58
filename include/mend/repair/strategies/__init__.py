"""Who gets what: strategies and campaign settings as dated data."""

from mend.repair.strategies.audience import AUDIENCE_COLUMNS, INDICATORS, audience_columns, hit_column, parse_audience
from mend.repair.strategies.errors import StrategyError
from mend.repair.strategies.rules import load_strategies, parse_strategies, read_strategy_file, strategies_on
from mend.repair.strategies.strategy import CampaignSettings, Experience, Sample, Strategy, StrategySet
from mend.repair.strategies.words import fill, happened_sql

__all__ = [
    "AUDIENCE_COLUMNS",
    "INDICATORS",
    "CampaignSettings",
    "Experience",
    "Sample",
    "Strategy",
    "StrategyError",
    "StrategySet",
    "audience_columns",
    "fill",
    "happened_sql",
    "hit_column",
    "load_strategies",
    "parse_audience",
    "parse_strategies",
    "read_strategy_file",
    "strategies_on",
]
