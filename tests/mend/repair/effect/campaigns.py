"""A month's campaign with a known truth, as tables: two strategies with hold-outs, what became of everybody, and
regression to the mean. One strategy helps, the other does nothing or harms some.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import yaml
from tests.mend.grumbles.association.worlds import put

from mend.foundation.pipeline.workbench import Workbench
from mend.foundation.schema import TABLES
from mend.repair.strategies import load_strategies

HELPING, OTHER, OWED = "phone_callback", "dropped_call_care", "promised_callback"
PLAIN: Final = {
    "string": "-",
    "integer": 0,
    "long": 0,
    "double": 0.0,
    "points": 0,
    "boolean": False,
    "date": dt.date(2026, 1, 1),
}
LEVELS = np.array([1, 2, 3, 4])
UNIVERSAL, OWN_ARM = 0.2, 0.2
# Bits of a pattern: the first strategy's gates passed, held out of it; the second's; in the universal arm.
PASSED_HELPING, ARM_HELPING, PASSED_OTHER, ARM_OTHER, IN_UNIVERSAL = 1, 2, 4, 8, 16


def strategies_text(universal: float = UNIVERSAL, own: float = OWN_ARM, season_months: int = 6) -> str:
    """The shipped strategies with other hold-outs."""
    content: dict[str, Any] = yaml.safe_load(load_strategies()[0].text)
    content["settings"].update(universal_hold_out_share=universal, season_months=season_months)
    for code in (HELPING, OTHER):
        content["strategies"][code]["hold_out_share"] = own
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


@dataclass(frozen=True)
class Truth:
    """What being on a list does to the probability of a complaint: the callback to everybody; the message to everybody,
    and to those of level 4 besides.
    """

    helping: float = 0.0
    other: float = 0.0
    other_at_level_4: float = 0.0


@dataclass
class Campaign:
    """One month. `lost`: so many of a hundred treated customers of whom no record is left."""

    month: str = "2026-03"
    version: int = 2
    customers: int = 20_000
    seed: int = 1
    truth: Truth = field(default_factory=Truth)
    lost: float = 0.0
    followed_until: dt.date = dt.date(2026, 4, 30)
    prefix: str = "C"
    is_gone_after: bool = False

    def tables(self) -> dict[str, pa.Table]:
        luck = np.random.default_rng(self.seed)
        count = self.customers
        ids = np.array([f"{self.prefix}{number:06}" for number in range(count)])
        level = luck.choice(LEVELS, count)
        damage = (4 * level + luck.integers(0, 12, count)).astype(int)
        universal = luck.random(count) < UNIVERSAL
        passed = luck.random((2, count)) < 0.6
        own_arm = luck.random((2, count)) < OWN_ARM
        held = passed & (own_arm | universal)
        pattern = (
            PASSED_HELPING * passed[0]
            + ARM_HELPING * held[0]
            + PASSED_OTHER * passed[1]
            + ARM_OTHER * held[1]
            + IN_UNIVERSAL * universal
        )
        # One of two who could be is on the list; without the hold-out the others would have been, by the same rule.
        wanted = luck.random((2, count)) < 0.7
        could = np.where(passed[0] & wanted[0], 0, np.where(passed[1] & wanted[1], 1, -1))
        offered = passed & ~held
        given = np.where(offered[0] & wanted[0], 0, np.where(offered[1] & wanted[1], 1, -1))
        is_listed = given >= 0
        is_held_out = ~offered.any(axis=0) & passed.any(axis=0)
        chance = 0.08 + 0.012 * damage
        chance = chance + self.truth.helping * (given == 0) + self.truth.other * (given == 1)
        chance = chance + self.truth.other_at_level_4 * ((given == 1) & (level == 4))
        complaint = luck.random(count) < np.clip(chance, 0, 1)
        after = np.where(luck.random(count) < 0.7, 0, luck.poisson(6, count))  # by itself, whoever they are
        spend = luck.lognormal(4, 0.5, count).round(2)
        kept = ~(is_listed & (luck.random(count) < self.lost)) & passed.any(axis=0)
        codes = np.array([HELPING, OTHER, None], dtype=object)
        outcome = {
            "month": [self.month] * count,
            "version": [self.version] * count,
            "customer_id": ids,
            "strategy_code": np.where(is_held_out, codes[could], codes[given]),
            "list_arm_code": np.where(is_listed, "listed", np.where(is_held_out, "held_out", "deferred")),
            "is_universal_hold_out": universal,
            "is_shadow": is_held_out & (could >= 0),
            "is_done": is_listed,
            "result_code": np.where(is_listed, "resolved", "none"),
            "baseline_score": damage.astype(float),
            "baseline_contacts": luck.poisson(3, count),
            "baseline_spend": spend,
            "repeat_contact": luck.random(count) < 0.3,
            "complaint": complaint,
            "churn": luck.random(count) < 0.05,
            "is_high_value": spend > 80,
            "high_value_retained": pa.array(luck.random(count) < 0.9, mask=spend <= 80),
            "spend": (spend + luck.normal(0, 8, count)).clip(0).round(2),
            "followed_until": [self.followed_until] * count,
        }
        gate = {
            "month": [self.month] * count,
            "version": [self.version] * count,
            "place": np.arange(count),
            "customer_id": ids,
            "city_code": luck.choice(["hangzhou", "ningbo", "wenzhou"], count),
            "level": level,
            "score": damage,
            "segment_code": luck.choice(["ivr", "agent", "double"], count),
            "is_explicit": luck.random(count) < 0.4,
            "value_code": luck.choice(["high", "normal", "low"], count),
            "age_band_code": luck.choice(["18-29", "30-44", "45-59"], count),
            "gender_code": luck.choice(["female", "male"], count),
            "outcome_code": np.where(is_listed, "listed", np.where(is_held_out, "held_out", "deferred")),
            "arm_code": _words(offered, passed),
            "is_universal_hold_out": universal,
            "pattern_number": pattern,
        }
        return {
            "mart_campaign_outcome": pa.table(outcome).filter(pa.array(kept)),
            "mart_campaign_gate": pa.table(gate),
            "mart_campaign_gate_pattern": _patterns(self.month, self.version),
            "mart_campaign_version": pa.table(
                {"month": [self.month], "version": [self.version], "strategies_text": [strategies_text()]}
            ),
            "mart_damage_month": pa.concat_tables(
                [_damage(self.month, ids, level, damage), _damage(self.after, ids, level, after).filter(after > 0)]
            ),
            "mart_closed_month": pa.table({"month": [self.month, self.after], "inputs_digest": ["x", "x"]}),
            "core_customer": self._snapshots(ids, spend, luck),
        }

    @property
    def after(self) -> str:
        return _next(self.month)

    def _snapshots(self, ids: np.ndarray, spend: np.ndarray, luck: np.random.Generator) -> pa.Table:
        tables = [
            pa.table(
                {
                    "customer_id": ids,
                    "month_on": [dt.date.fromisoformat(f"{month}-01")] * len(ids),
                    "arpu_amount": pa.array(list((spend + luck.normal(0, 8, len(ids))).clip(0).round(2))),
                    "status_code": np.where(luck.random(len(ids)) < 0.04, "left", "active"),
                }
            )
            for month in (self.after, _next(self.after))
        ]
        return pa.concat_tables(tables)


def _words(offered: np.ndarray, passed: np.ndarray) -> list[str | None]:
    pairs = zip(np.asarray(offered.any(axis=0)), np.asarray(passed.any(axis=0)), strict=True)
    return ["offered" if any_offered else "held_out" if any_passed else None for any_offered, any_passed in pairs]


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _damage(month: str, ids: np.ndarray, level: np.ndarray, damage: np.ndarray) -> pa.Table:
    rows = {
        "month": [month] * len(ids),
        "customer_id": ids,
        "score": damage.astype(int),
        "damage_points": damage.astype(int),
        "level": level,
    }
    return pa.table(rows)


def _patterns(month: str, version: int) -> pa.Table:
    rows = []
    for pattern in range(32):
        for code, passed, arm in ((HELPING, PASSED_HELPING, ARM_HELPING), (OTHER, PASSED_OTHER, ARM_OTHER)):
            name = None if not pattern & passed else "held_out" if pattern & arm else "offered"
            rows.append((month, version, pattern, code, False, 0 if name else 2, name))
        rows.append((month, version, pattern, OWED, True, 0, None))
    names = ("month", "version", "pattern_number", "strategy_code", "is_entitlement", "gate_mask", "arm_code")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def put_campaigns(bench: Workbench, *campaigns: Campaign) -> None:
    """Put all months' tables; rows of one table stand together."""
    tables: dict[str, list[pa.Table]] = {}
    for each in campaigns:
        for name, rows in each.tables().items():
            tables.setdefault(name, []).append(rows)
    for name, found in tables.items():
        put(bench, name, _with_required(name, pa.concat_tables(found, promote_options="permissive")))


def _with_required(name: str, rows: pa.Table) -> pa.Table:
    """What the table requires and no effect asks for."""
    for column in TABLES[name].columns:
        if column.required and column.name not in rows.column_names:
            rows = rows.append_column(column.name, pa.array([PLAIN[column.type]] * len(rows)))
    return rows
