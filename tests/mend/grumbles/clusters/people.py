"""People of known value and behaviour, as core tables: who they are is planted, what they did is drawn around it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
from tests.mend.grumbles.association.worlds import put

from mend.foundation.pipeline.workbench import Workbench

VALUES: Final = {"high": 260.0, "normal": 90.0, "low": 25.0}
BEHAVIOURS: Final = (
    "limited_patience",
    "tariff_sensitive",
    "cooperative_realist",
    "rational_assertive",
    "not_shown_yet",
)
SILENT: Final = 40
# Mean numbers of: contacts, of which given up, tariff grumbles, service grumbles, complaints, replies; score given.
HABITS: Final = {
    "limited_patience": (7, 5, 0, 0.3, 0, 0, 6),
    "tariff_sensitive": (3, 0, 5, 0, 0.1, 0, 5),
    "cooperative_realist": (4, 0, 0, 0, 0, 5, 9),
    "rational_assertive": (5, 0, 0.3, 2, 4, 0, 3),
    "not_shown_yet": (1, 0, 0, 0, 0, 0, 8),
}


class People:
    """`customers` people and their months. The same seed gives the same people, whatever month."""

    def __init__(self, customers: int = 1_000, seed: int = 1) -> None:
        generator = np.random.default_rng(seed)
        self.ids = [f"C{number:05}" for number in range(customers)]
        self.value = generator.choice(list(VALUES), customers)
        self.behaviour = generator.choice(BEHAVIOURS, customers)
        self.silent = np.arange(customers) < SILENT

    def snapshot(self, month_on: dt.date, seed: int, without: tuple[str, ...] = ()) -> pa.Table:
        generator = np.random.default_rng(seed)
        spend = np.array([VALUES[name] for name in self.value]) * np.exp(generator.normal(0, 0.12, len(self.ids)))
        columns: dict[str, Any] = {
            "customer_id": self.ids,
            "month_on": [month_on] * len(self.ids),
            "status_code": ["active"] * len(self.ids),
            "birth_year": generator.integers(1950, 2005, len(self.ids)),
            "arpu_amount": spend.round(2),
            "minutes_of_use": (spend * 4 * np.exp(generator.normal(0, 0.15, len(self.ids)))).astype(int),
            "data_mb": (spend * 90 * np.exp(generator.normal(0, 0.15, len(self.ids)))).astype(int),
            "joined_on": [
                dt.date(2018, 1, 1) + dt.timedelta(int(day)) for day in generator.integers(0, 2500, len(self.ids))
            ],
        }
        return pa.table({name: values for name, values in columns.items() if name not in without})

    def events(self, month_on: dt.date, seed: int) -> dict[str, pa.Table]:
        """core_contact, mart_grumble, mart_complaint and core_survey_reply of one month."""
        generator = np.random.default_rng(seed)
        contact: list[dict[str, Any]] = []
        grumble: list[dict[str, Any]] = []
        complaint: list[dict[str, Any]] = []
        reply: list[dict[str, Any]] = []
        at = dt.datetime.combine(month_on + dt.timedelta(9), dt.time(2), dt.UTC)
        for number, customer in enumerate(self.ids):
            if self.silent[number]:
                continue
            habits = HABITS[self.behaviour[number]]
            counts = [
                max(1, round(mean + generator.normal(0, 0.4))) if place == 0 else generator.poisson(mean)
                for place, mean in enumerate(habits[:6])
            ]
            base = {"customer_id": customer, "at": at, "on": at.date()}
            contact += [
                {**base, "n": n, "gave_up": n < counts[1], "angry": self.behaviour[number] == "limited_patience"}
                for n in range(counts[0])
            ]
            grumble += [
                {**base, "n": n, "kind": "tariff_billing" if n < counts[2] else "service_attitude"}
                for n in range(counts[2] + counts[3])
            ]
            complaint += [{**base, "n": n} for n in range(counts[4])]
            reply += [{**base, "n": n, "score": habits[6]} for n in range(counts[5])]
        return {
            "core_contact": _contacts(contact),
            "mart_grumble": _grumbles(grumble),
            "mart_complaint": _complaints(complaint),
            "core_survey_reply": _replies(reply),
        }

    def put(
        self, bench: Workbench, month_on: dt.date, seed: int, without: tuple[str, ...] = (), tables: bool = True
    ) -> None:
        """One month's records in the lake, in place of all others."""
        put(bench, "core_customer", self.snapshot(month_on, seed, without))
        for table, rows in self.events(month_on, seed).items():
            put(bench, table, rows if tables else rows.slice(0, 0))


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
        "touchpoint_code": ["hotline"] * len(rows),
        "outcome": ["hung_up" if each else "answered" for each in gave_up],
        "topic_code": ["bill" if each else f"topic{row['n']}" for each, row in zip(gave_up, rows, strict=True)],
        "is_abandoned": gave_up,
        "is_answered": [not each for each in gave_up],
        "queue_seconds": [15 if each else 40 for each in gave_up],
        "hold_seconds": pa.array([None if each else 30 for each in gave_up], pa.int32()),
        "mood_code": ["angry" if row["angry"] else "calm" for row in rows],
    })  # fmt: skip


def _grumbles(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({
        **_base(rows, "grumbled_at", "grumbled_on"),
        "grumble_id": pa.array(_ids(rows, "contact:"), pa.string()),
        "source_kind_code": ["contact"] * len(rows),
        "source_id": pa.array(_ids(rows, ""), pa.string()),
        "grumble_type_code": _column(rows, "kind", pa.string()),
        "classified_by_code": ["source"] * len(rows),
        "is_solved_at_once": [False] * len(rows),
        "is_solved": [False] * len(rows),
    })  # fmt: skip


def _complaints(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({
        **_base(rows, "complained_at", "complained_on"),
        "complaint_id": pa.array(_ids(rows, "T"), pa.string()),
        "complaint_type_code": ["service_attitude"] * len(rows),
        "classified_by_code": ["source"] * len(rows),
        "is_escalated": [row["n"] > 1 for row in rows],
    })  # fmt: skip


def _replies(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({
        **_base(rows, "replied_at", "replied_on"),
        "survey_id": pa.array(_ids(rows, "S"), pa.string()),
        "about_kind_code": ["contact"] * len(rows),
        "about_id": ["K"] * len(rows),
        "purpose_code": ["hang_up"] * len(rows),
        "sent_at": _column(rows, "at", pa.timestamp("us", "UTC")),
        "score": pa.array([row["score"] for row in rows], pa.int32()),
        "score_scale": [10] * len(rows),
    })  # fmt: skip
