"""People of known value, consumption and behaviour, as core tables: who they are is planted, what they did is drawn
around it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from tests.mend.grumbles.association.worlds import put

from mend.foundation.pipeline.workbench import Workbench

# Per brand the groups, and what each spends.
SPEND: Final = {"global": {"high": 300.0, "normal": 60.0}, "easyown": {"normal": 60.0, "low": 12.0}}
CHANNELS: Final = {"traditional": "shop", "ivr_sms": "sms", "web_wap": "app"}
SILENT: Final = 60


@dataclass(frozen=True)
class Habit:
    """Chances: to give up in the queue, to grumble, in anger, about money, to complain of it, to escalate that."""

    gives_up: float
    grumbles: float
    angry: float
    money: float
    complains: float
    escalates: float


HABITS: Final = {
    "limited_patience": Habit(0.7, 0.9, 0.2, 0.1, 0.6, 0.8),
    "tariff_sensitive": Habit(0.05, 0.9, 0.2, 0.95, 0.15, 0.05),
    "cooperative_realist": Habit(0.05, 0.9, 0.02, 0.1, 0.02, 0.05),
    "rational_assertive": Habit(0.05, 0.9, 0.05, 0.1, 0.85, 0.05),
    "limited_tolerance": Habit(0.05, 0.9, 0.9, 0.1, 0.1, 0.05),
    "not_shown_yet": Habit(0.05, 0.0, 0.0, 0.0, 0.0, 0.0),
}


class People:
    """`customers` people and their months. The same seed gives the same people, whatever month."""

    def __init__(self, customers: int = 1_000, seed: int = 1) -> None:
        generator = np.random.default_rng(seed)
        self.ids = [f"C{number:05}" for number in range(customers)]
        self.brand = generator.choice(list(SPEND), customers)
        self.value = np.array([generator.choice(list(SPEND[brand])) for brand in self.brand])
        self.consumption = generator.choice(list(CHANNELS), customers)
        self.behaviour = generator.choice(list(HABITS), customers)
        self.behaviour[:SILENT] = "not_shown_yet"
        self.silent = np.arange(customers) < SILENT

    def snapshot(self, month_on: dt.date, seed: int, without: tuple[str, ...] = ()) -> pa.Table:
        generator = np.random.default_rng(seed)
        planted = [SPEND[brand][value] for brand, value in zip(self.brand, self.value, strict=True)]
        lasting = np.random.default_rng(99)
        count = len(self.ids)
        columns: dict[str, Any] = {
            "customer_id": self.ids,
            "month_on": [month_on] * count,
            "status_code": ["active"] * count,
            "brand_code": self.brand,
            "birth_year": lasting.integers(1950, 2005, count),
            "arpu_amount": (
                np.array(planted) * np.exp(lasting.normal(0, 0.2, count)) * np.exp(generator.normal(0, 0.02, count))
            ).round(2),
            "joined_on": [dt.date(2018, 1, 1) + dt.timedelta(int(day)) for day in lasting.integers(0, 2500, count)],
        }
        return pa.table({name: values for name, values in columns.items() if name not in without})

    def events(self, month_on: dt.date, seed: int) -> dict[str, pa.Table]:
        """core_contact, mart_grumble and mart_complaint of one month: each contact about another topic."""
        generator = np.random.default_rng(seed)
        contact: list[dict[str, Any]] = []
        grumble: list[dict[str, Any]] = []
        complaint: list[dict[str, Any]] = []
        at = dt.datetime.combine(month_on + dt.timedelta(4), dt.time(2), dt.UTC)
        for number, customer in enumerate(self.ids):
            if self.silent[number]:
                continue
            habit = HABITS[self.behaviour[number]]
            for n in range(8):
                base = {"customer_id": customer, "at": at + dt.timedelta(hours=n), "on": at.date(), "n": n}
                base["touchpoint"] = self._channel(generator, self.consumption[number])
                gave_up = generator.random() < habit.gives_up
                has_grumble = not gave_up and generator.random() < habit.grumbles
                mood = "angry" if generator.random() < habit.angry else "annoyed"
                contact.append({**base, "gave_up": gave_up, "mood": mood if has_grumble else "calm"})
                if has_grumble:
                    kind = "tariff_billing" if generator.random() < habit.money else AREAS[n % len(AREAS)]
                    grumble.append({**base, "kind": kind})
                    if generator.random() < habit.complains:
                        base["at"] += dt.timedelta(days=2)
                        complaint.append(
                            {**base, "kind": AREAS[n % len(AREAS)], "up": generator.random() < habit.escalates}
                        )
        return {
            "core_contact": _contacts(contact),
            "mart_grumble": _grumbles(grumble),
            "mart_complaint": _complaints(complaint),
        }

    @staticmethod
    def _channel(generator: np.random.Generator, usual: str) -> str:
        return CHANNELS[usual] if generator.random() < 0.9 else generator.choice(list(CHANNELS.values()))

    def put(self, bench: Workbench, month_on: dt.date, seed: int, without: tuple[str, ...] = ()) -> None:
        """One month's records in the lake, in place of all others. `without` names tables to leave empty, and columns
        of the snapshot."""
        put(bench, "core_customer", self.snapshot(month_on, seed, without))
        for table, rows in self.events(month_on, seed).items():
            put(bench, table, rows.slice(0, 0) if table in without else rows)


AREAS: Final = (
    *("service_attitude", "network_coverage", "marketing", "call_quality", "information_security"),
    *("service_response", "shops", "repairs"),
)


def _ids(rows: list[dict[str, Any]], prefix: str) -> list[str]:
    return [f"{prefix}{row['customer_id']}{row['n']}" for row in rows]


def _column(rows: list[dict[str, Any]], name: str, kind: pa.DataType) -> pa.Array:
    return pa.array([row[name] for row in rows], kind)


def _base(rows: list[dict[str, Any]], at: str, on: str) -> dict[str, pa.Array]:
    return {
        "customer_id": _column(rows, "customer_id", pa.string()),
        at: _column(rows, "at", pa.timestamp("us", "UTC")),
        on: _column(rows, "on", pa.date32()),
    }


def _contacts(rows: list[dict[str, Any]]) -> pa.Table:
    gave_up = [row["gave_up"] for row in rows]
    return pa.table({
        **_base(rows, "started_at", "started_on"),
        "contact_id": pa.array(_ids(rows, "K"), pa.string()),
        "direction_code": ["inbound"] * len(rows),
        "touchpoint_code": _column(rows, "touchpoint", pa.string()),
        "outcome": ["hung_up" if each else "answered" for each in gave_up],
        "topic_code": [f"topic{row['n']}" for row in rows],
        "is_abandoned": gave_up,
        "is_answered": [not each for each in gave_up],
        "queue_seconds": [15 if each else 40 for each in gave_up],
        "mood_code": _column(rows, "mood", pa.string()),
    })  # fmt: skip


def _grumbles(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({
        **_base(rows, "grumbled_at", "grumbled_on"),
        "grumble_id": pa.array(_ids(rows, "contact:"), pa.string()),
        "source_kind_code": ["contact"] * len(rows),
        "source_id": pa.array(_ids(rows, ""), pa.string()),
        "topic_code": [f"topic{row['n']}" for row in rows],
        "grumble_type_code": _column(rows, "kind", pa.string()),
        "classified_by_code": ["source"] * len(rows),
        "is_solved_at_once": [False] * len(rows),
        "is_solved": [False] * len(rows),
    })  # fmt: skip


def _complaints(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({
        **_base(rows, "complained_at", "complained_on"),
        "complaint_id": pa.array(_ids(rows, "T"), pa.string()),
        "complaint_type_code": _column(rows, "kind", pa.string()),
        "classified_by_code": ["source"] * len(rows),
        "is_escalated": _column(rows, "up", pa.bool_()),
    })  # fmt: skip
