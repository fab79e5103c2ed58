"""A list as the lake has it: its version, its rows, and its strategies as they were pinned with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from mend.foundation.lake.filters import all_of, equal
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.foundation.schema import CODES
from mend.repair.publishing.errors import NoListError
from mend.repair.publishing.lists import ROOM, list_id_of
from mend.repair.strategies import Strategy, StrategySet, parse_strategies

VERSIONS: Final = "mart_campaign_version"
STRATEGY_WORD: Final = dict.fromkeys(("strategy_code", "consent_code", "name_en", "name_zh"), "varchar")
CODE_WORD: Final = dict.fromkeys(("code", "en", "zh"), "varchar")


@dataclass(frozen=True)
class Version:
    """What the lake says of a version of a month's campaign."""

    month: str
    version: int
    content_sha256: str
    strategies_text: str
    candidate_count: int
    listed_count: int
    held_out_count: int
    deferred_count: int
    overload_count: int
    gated: Mapping[str, int]
    benefit: int
    bound: int
    gap: float
    cost: int

    @property
    def list_id(self) -> str:
        return list_id_of(self.month, self.version)

    @property
    def strategies(self) -> StrategySet:
        """The strategies as they were when the list was made, whatever the files say by now."""
        return parse_strategies(self.strategies_text, f"strategies of list {self.list_id}")


def read_version(step: Step, month: str, version: int | None = None) -> Version:
    """A version of a month's campaign; the latest by default.

    Raises NoListError when there is none.
    """
    step.view(VERSIONS, "campaign_version", where=equal("month", month))
    found = step.rows(read_model(ROOM, "version_row"), {"month": month, "version": version})
    if not found:
        wanted = month if version is None else list_id_of(month, version)
        raise NoListError(f"there is no list {wanted}; `mend campaign --month {month}` makes the month's list")
    values: dict[str, Any] = dict(zip((field.name for field in fields(Version)), found[-1], strict=True))
    return Version(**values | {"gated": json.loads(values["gated"])})


def open_list(step: Step, month: str, version: int) -> None:
    """The list's rows as `list_row`, and the words for its codes."""
    in_version = all_of(equal("month", month), equal("version", version))
    step.view("mart_campaign_list", "campaign_list", where=in_version)
    step.run(read_model(ROOM, "list_row"), {"month": month, "version": version})
    for name in ("level", "segment"):
        step.put(f"{name}_word", CODE_WORD, [(code, en, zh) for code, (en, zh) in CODES[name].items()])


def put_strategy_words(step: Step, strategies: tuple[Strategy, ...]) -> None:
    """What the models need to know of each strategy: `strategy_word`."""
    rows = [(each.code, each.consent_code, each.name_en, each.name_zh) for each in strategies]
    step.put("strategy_word", STRATEGY_WORD, rows)
