"""Tickets that are not looked at, because nothing of theirs can hit a rule: they must have no moment at all."""

from __future__ import annotations

import datetime as dt
import random

import duckdb
import pytest

from mend.damage.scoring.rules import features
from mend.foundation.engine.duckdb_engine import DUCKDB_TYPES
from mend.foundation.pipeline.model import read_model
from mend.foundation.schema import TABLES

ROOM = "damage/scoring"
START = dt.datetime(2026, 5, 10, 9, tzinfo=dt.UTC)
MODELS = ("ticket_event", "ticket_moment", "complaint_before", "ticket_feature")
VALUES = {
    "clock_from": dt.date(2026, 1, 1), "first_day": dt.date(2026, 1, 1), "end_day": dt.date(2027, 1, 1),
    "limit_seconds": 172_800,
}  # fmt: skip
TICKETS = 400


@pytest.mark.parametrize("seed", range(6))
def test_a_ticket_that_is_left_out_has_no_moment_of_any_rule(seed: int) -> None:
    """Random states, each with random times, in every order that a careless source may give."""
    connection = _engine(random.Random(seed))
    every, few = _tickets(connection, True), _tickets(connection, False)
    moments = sorted(name for name in features("ticket") if name.endswith("_at"))
    _run(connection, "ticket_of_days", {**VALUES, "with_quiet": True})
    for name in MODELS:
        _run(connection, name, VALUES)
    has_moment = " or ".join(f"{name} is not null" for name in moments)
    loud = {
        name for (name,) in connection.execute(f"select ticket_id from ticket_feature where {has_moment}").fetchall()
    }
    assert loud <= few
    assert len(every - few) > TICKETS // 20, "the world has too few quiet tickets to show anything"
    assert len(loud) > TICKETS // 4


def _engine(draw: random.Random) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'Asia/Shanghai'")
    for name, table in (
        ("file_ticket_version", "core_ticket_version"),
        ("file_survey_reply", "core_survey_reply"),
        ("file_repair_action", "core_repair_action"),
    ):
        columns = ", ".join(f"{column.name} {DUCKDB_TYPES[column.type]}" for column in TABLES[table].columns)
        connection.execute(f"create table {name} ({columns})")
    connection.execute("create table same_person (customer_id text, other_id text, first_on date, last_on date)")
    for number in range(TICKETS):
        for state in _states(draw, f"t{number}"):
            names = ", ".join(state)
            marks = ", ".join("?" for _ in state)
            connection.execute(f"insert into file_ticket_version ({names}) values ({marks})", list(state.values()))
    return connection


def _states(draw: random.Random, ticket_id: str) -> list[dict[str, object]]:
    """One to three states. Two tickets in three are what most are: opened, then ended."""
    opened = START + dt.timedelta(minutes=draw.randrange(600))
    is_usual = draw.random() < 0.67
    at, states = opened, []
    ends: dict[str, object] = {"resolved_at": None, "closed_at": None}
    for number in range(draw.randint(1, 3)):
        at += dt.timedelta(
            minutes=draw.choice((0, 60, 600, 1500, 2879, 2881)) if number == 0 else draw.randint(1, 2000)
        )
        if number or draw.random() < 0.3:
            ends[draw.choice(("resolved_at", "closed_at"))] = at - dt.timedelta(
                minutes=draw.choice((0, 0, 0, 30, 1500))
            )
        state: dict[str, object] = {
            "ticket_id": ticket_id, "customer_id": f"c{draw.randrange(50)}", "topic_code": "bill",
            "kind_code": "enquiry", "status_code": "closed" if any(ends.values()) else "open",
            "opened_at": opened, "opened_on": opened.date(), "version_at": at,
            "promised_at": opened + dt.timedelta(days=1),
            **ends,
        }  # fmt: skip
        states.append(state if is_usual else {**state, **_unusual(draw, at, opened)})
    return states


def _unusual(draw: random.Random, at: dt.datetime, opened: dt.datetime) -> dict[str, object]:
    later = at + dt.timedelta(minutes=draw.randint(-600, 3000))
    choices: tuple[dict[str, object], ...] = (
        {},
        {"kind_code": "complaint"},
        {"is_escalated": True},
        {"reopened_at": later},
        {"reopen_count": 1},
        {"suspended_at": at, "suspended_until": later},
        {"suspended_until": later},
        {"status_code": draw.choice(("suspended", "open", "solved"))},
        {"resolved_at": None, "closed_at": None},
        {"resolved_at": later},
        {"opened_at": opened - dt.timedelta(days=draw.randint(0, 3))},
    )
    return draw.choice(choices)


def _tickets(connection: duckdb.DuckDBPyConnection, with_quiet: bool) -> set[str]:
    _run(connection, "ticket_of_days", {**VALUES, "with_quiet": with_quiet})
    return {name for (name,) in connection.execute("select ticket_id from ticket_of_days").fetchall()}


def _run(connection: duckdb.DuckDBPyConnection, name: str, values: dict[str, object]) -> None:
    model = read_model(ROOM, name)
    given = {param: values[param] for param in model.params}
    connection.execute(f"drop table if exists {name}")
    connection.execute(f"create table {name} as {model.filled({})}", given)
