"""By which strategies a question is asked and answered: those of today's files for the list's campaign."""

from __future__ import annotations

from mend.foundation.home import Home
from mend.foundation.periods import ONE_DAY, days_of
from mend.repair.publishing.decisions import strategies_of_day
from mend.repair.publishing.lists import month_and_version
from mend.repair.strategies import StrategySet


def rules_of_list(home: Home, list_id: str) -> StrategySet:
    """The strategies in force on the first day of the list's campaign, by the home's files of today.

    Raises:
        NoListError: the id names no list.
        StrategyError: a file of strategies is broken.
    """
    month, _ = month_and_version(list_id)
    return strategies_of_day(home, days_of(month)[-1] + ONE_DAY)
