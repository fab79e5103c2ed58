"""What a campaign is made by, all of it plain values: strategies, days, the season, words, and past effects. With the
frozen candidates and the solver's flows it makes the same list for ever."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mend.foundation.periods import ONE_DAY, days_of, month_of
from mend.repair.campaign.effects import Chance
from mend.repair.campaign.facts import GATES, MOST_INDICATORS
from mend.repair.strategies import Strategy, StrategySet, parse_strategies


@dataclass(frozen=True)
class Plan:
    """A month's campaign.

    Attributes:
        month: the closed month of the damage (YYYY-MM). The campaign runs in the month after.
        indicators: ids in the order of the bits of `hit_mask`, with their words in English and Chinese.
        chances: how probable it is that a strategy helps, by its code.
    """

    month: str
    rules: StrategySet
    indicators: Mapping[str, tuple[str, str]]
    chances: Mapping[str, Chance]

    @property
    def damage_days(self) -> list[dt.date]:
        """The days of the damage."""
        return days_of(self.month)

    @property
    def days(self) -> list[dt.date]:
        """The days on which the campaign runs: the month after."""
        return days_of(month_of(self.damage_days[-1] + ONE_DAY))

    @property
    def season(self) -> str:
        """The season of the campaign's days, within which nobody changes arm."""
        return self.rules.settings.season_of_campaign(self.month)

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """All strategies; a strategy's place is its number."""
        return self.rules.strategies

    def number(self, code: str) -> int:
        """The number of a strategy; KeyError when there is none."""
        return {strategy.code: number for number, strategy in enumerate(self.strategies)}[code]

    def pool(self, strategy: Strategy) -> int:
        """The number of the strategy whose capacity this one uses."""
        return self.number(strategy.capacity_from or strategy.code)

    def total(self, strategy: Strategy) -> int | None:
        """Customers in the campaign's month: the month's capacity, and that of its days; None is unlimited."""
        of_days = None if strategy.capacity_per_day is None else strategy.capacity_per_day * len(self.days)
        limits = [limit for limit in (strategy.capacity_per_month, of_days) if limit is not None]
        return min(limits, default=None)

    def settings_text(self) -> str:
        """All but the strategies, as it is kept with a version."""
        content = {
            "month": self.month,
            "season": self.season,
            "gates": list(GATES),
            "indicators": {name: list(words) for name, words in self.indicators.items()},
            "chances": {code: chance.as_list() for code, chance in self.chances.items()},
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def digest(self) -> str:
        """SHA-256 of all of it."""
        return hashlib.sha256(f"{self.rules.text}\n{self.settings_text()}".encode()).hexdigest()

    def mask_of(self, names: tuple[str, ...]) -> int:
        """The bits of these indicators; those that nobody knows have none."""
        bits = list(self.indicators)
        return sum(1 << bits.index(name) for name in names if name in self.indicators)


def kept_plan(strategies_text: str, settings_text: str) -> Plan:
    """The plan of a version that is there already."""
    content: dict[str, Any] = json.loads(settings_text)
    return Plan(
        month=content["month"],
        rules=parse_strategies(strategies_text),
        indicators={name: (words[0], words[1]) for name, words in content["indicators"].items()},
        chances={code: Chance(*numbers) for code, numbers in content["chances"].items()},
    )


def first_indicators(words: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Indicators in their order, as many as there are bits. No site has that many: the last ones stay unseen."""
    return {name: words[name] for name in sorted(words)[:MOST_INDICATORS]}
