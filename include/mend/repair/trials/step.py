"""The answer to a question about a list: what `mend what-if` says, in figures for a page."""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mend.errors import is_retryable
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.what_if import Side, WhatIfReport, what_if
from mend.repair.publishing.lists import month_and_version
from mend.repair.strategies import StrategySet
from mend.repair.trials.changes import changed_text
from mend.repair.trials.questions import put_answer, put_problem, read_trial
from mend.repair.trials.rules import rules_of_list

PRICES_SHOWN: Final = 20


def answer(home: Home, trial_id: int, at: dt.datetime) -> dict[str, int]:
    """Answer a question, once: the month's list made twice over the same facts; nothing of the lake is written. Gives
    the number of customers who come, go and get something else.

    What a retry cannot mend is put on record for the page, and raised.
    """
    with operations.transaction(home.database_url) as connection:
        asked = read_trial(connection, trial_id)
    if asked.answer is not None:
        return _counts(asked.answer)
    try:
        found = _answer(home, asked.list_id, asked.strategy_code, asked.changes)
    except Exception as error:
        if not is_retryable(error):
            with operations.transaction(home.database_url) as connection:
                put_problem(connection, trial_id, str(error), at)
        raise
    with operations.transaction(home.database_url) as connection:
        put_answer(connection, trial_id, found, at)
    return _counts(found)


def _answer(home: Home, list_id: str, code: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    rules = rules_of_list(home, list_id)
    home.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder, Workbench.open(home) as bench:
        path = Path(folder) / f"{rules.valid_from.isoformat()}.yaml"
        path.write_text(changed_text(rules, code, changes), "utf-8")
        report = what_if(home, bench, month_and_version(list_id)[0], Path(folder))
    return content_of(report, rules)


def content_of(report: WhatIfReport, rules: StrategySet) -> dict[str, Any]:
    """The report in plain values: counts and yuan, no customer."""
    return {
        "names": {each.code: [each.name_en, each.name_zh] for each in rules.strategies},
        "today": _side(report.today),
        "other": _side(report.other),
        "comes": len(report.comes),
        "goes": len(report.goes),
        "changes": len(report.changes),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "rows": dict(side.rows),
        "cost": dict(side.cost),
        "outcomes": dict(side.outcomes),
        "reasons": dict(side.reasons),
        "benefit": side.benefit,
        "bound": side.bound,
        "gap": side.gap,
        "prices": [{name: _finite(value) for name, value in each.items()} for each in side.prices[:PRICES_SHOWN]],
        "price_count": len(side.prices),
    }


def _finite(value: Any) -> Any:
    """JSON has no infinity: nobody can say is empty."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _counts(found: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(found[name]) for name in ("comes", "goes", "changes")}
