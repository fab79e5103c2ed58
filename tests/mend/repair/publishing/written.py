"""Small lists as a person would write them: rows of the list, candidates, and the version that sums them up."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from tests.mend.care.survey.desk import customer, moment, open_account

from mend.foundation import operations
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal
from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.repair.publishing import decide, register, summarise
from mend.repair.strategies import fill, load_strategies, strategies_on

MONTH = "2026-03"
LIST = "2026-03-v1"
AT = moment("2026-04-02 09:30")
RULES = strategies_on(dt.date(2026, 4, 1), load_strategies())
Row = Mapping[str, Any]


def of_strategy(code: str) -> dict[str, Any]:
    """What a list row takes over from its strategy."""
    strategy = RULES.strategy(code)
    places = {"amount": "0", "month": MONTH, "valid_until": "2026-04-30"}
    return {
        "label_en": fill(strategy.label_en, places | {"happened": "cut off (twice)"}),
        "label_zh": fill(strategy.label_zh, places | {"happened": "通话两次中断"}),
        "strategy_code": code,
        "channel_code": strategy.channel_code,
        "action_code": strategy.action_code,
        "is_entitlement": strategy.is_entitlement,
    }


def row(strategy: str, customer_id: str, rank: int = 1, city: str = "hangzhou", **columns: Any) -> dict[str, Any]:
    """A row of a list, ordinary unless said otherwise."""
    return {
        **of_strategy(strategy),
        "city_code": city,
        "rank": rank,
        "customer_id": customer_id,
        "is_overload": False,
        "planned_on": "2026-04-03",
        "valid_from": "2026-04-01",
        "valid_until": "2026-04-30",
        "level": 3,
        "score": "12.5",
        "segment_code": "agent",
        "reasons_en": "call cut off (5)",
        "reasons_zh": "通话中断（5）",
        "amount": 0,
        "cost": 8,
        "benefit": 5,
        "benefit_low": 2,
        "benefit_high": 8,
        **columns,
    }


def candidate(customer_id: str, outcome: str, **columns: Any) -> dict[str, Any]:
    """A candidate and what came of them."""
    return {
        "place": 0, "customer_id": customer_id, "city_code": "hangzhou", "level": 3, "score": "12.5",
        "segment_code": "agent", "is_explicit": True, "age_band_code": "unknown", "gender_code": "unknown",
        "outcome_code": outcome, "is_universal_hold_out": outcome == "held_out", "pattern_number": 1,
        "arm_code": None if outcome == "gated" else "held_out" if outcome == "held_out" else "offered",
        "first_reason_code": "no_consent" if outcome == "gated" else None, **columns,
    }  # fmt: skip


def write(
    bench: Workbench,
    rows: Sequence[Row],
    candidates: Sequence[Row] | None = None,
    *,
    month: str = MONTH,
    version: int = 1,
    text: str = RULES.text,
    **columns: Any,
) -> None:
    """A version of a month's campaign, as the campaign room would leave it in the lake."""
    if candidates is None:
        listed = {each["customer_id"]: each["city_code"] for each in rows}
        candidates = [candidate(name, "listed", city_code=city) for name, city in listed.items()]
    key = {"month": month, "version": version}
    _put(bench, "mart_campaign_list", key, rows)
    _put(bench, "mart_campaign_gate", key, [{**each, "place": place} for place, each in enumerate(candidates)])
    _put(bench, "mart_campaign_version", key, [_version(rows, candidates, text) | columns])


def _version(rows: Sequence[Row], candidates: Sequence[Row], text: str) -> dict[str, Any]:
    outcomes = Counter(each["outcome_code"] for each in candidates)
    gated = Counter(each["first_reason_code"] for each in candidates if each["outcome_code"] == "gated")
    return {
        "content_sha256": f"{len(rows):064}", "inputs_sha256": "0" * 64, "strategies_text": text, "settings": "{}",
        "inputs": "{}", "flows": "", "candidate_count": len(candidates), "listed_count": outcomes["listed"],
        "held_out_count": outcomes["held_out"], "deferred_count": outcomes["deferred"], "gated": json.dumps(gated),
        "overload_count": sum(each["is_overload"] for each in rows), "benefit": 100, "bound": 100, "gap": 0.0,
        "cost": sum(each["cost"] for each in rows),
    }  # fmt: skip


def _put(bench: Workbench, table: str, key: Row, rows: Iterable[Row]) -> None:
    columns = TABLES[table].columns
    texts = [{name: None if value is None else str(value) for name, value in {**each, **key}.items()} for each in rows]
    names = [column.name for column in columns]
    given = pa.table({name: pa.array([each.get(name) for each in texts], pa.string()) for name in names})
    bench.engine.connection.register("_written", given)
    casts = ", ".join(f'cast("{each.name}" as {DUCKDB_TYPES[each.type]}) as "{each.name}"' for each in columns)
    where = all_of(*(equal(name, value) for name, value in key.items()))
    bench.lake.replace(table, where, bench.write(table, f"select {casts} from _written"))
    bench.engine.connection.unregister("_written")


def number(place: int) -> str:
    """A phone number in China."""
    return f"+86138{place:08}"


def known(home: Home, *names: str, **columns: Any) -> None:
    """Customers of whom the operations database knows number and consents: the n-th name has the n-th number."""
    for place, name in enumerate(names):
        customer(home, name, number(place), **columns)


def approved(home: Home, bench: Workbench, list_id: str = LIST, who: str = "admin", bias: str | None = None) -> None:
    """Put a list before the approvers, and approve it."""
    month, _, version = list_id.rpartition("-v")
    register(home, summarise(home, bench, month, int(version)), AT)
    with operations.transaction(home.database_url) as connection:
        decide(
            connection, list_id, who, "approved", approvers=[who], at=AT, through="a test", bias_reason=bias
        )  # fmt: skip


__all__ = ["AT", "LIST", "MONTH", "RULES", "approved", "candidate", "known", "number", "open_account", "row", "write"]
