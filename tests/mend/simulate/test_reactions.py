"""Customers react to what published lists gave them: a known effect per strategy, none, and harm."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.mend.simulate.test_determinism import content

from mend.simulate import SimulationError, simulate
from mend.simulate.reactions import TREATMENT, defaults, parse_reactions, read_reactions

CUSTOMERS = 2000
CAMPAIGN = dt.date(2026, 2, 1)
GIVEN = {"phone_callback": "follow_up_call", "dropped_call_care": "care_sms", "apology": "care_sms"}


def treatments(customers: int = CUSTOMERS) -> pa.Table:
    """Every customer is a candidate; a quarter each gets a call, a message, an apology, nothing."""
    arms = [None, *GIVEN]
    rows = []
    for number in range(1, customers + 1):
        row: dict[str, Any] = dict.fromkeys(TREATMENT.names)
        row |= {"customer_id": str(120_000_000_000 + number), "campaign_on": CAMPAIGN}
        if arm := arms[number % 4]:
            row |= {"strategy_code": arm, "action_code": GIVEN[arm], "list_id": "2026-01-v1"}
            row |= {"planned_on": dt.date(2026, 2, 1 + number % 9), "cost_amount": 6.0}
        rows.append(row)
    return pa.Table.from_pylist(rows, TREATMENT)


@pytest.fixture(scope="module")
def reacting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reacting") / "world"
    simulate(folder, CUSTOMERS, "2026-01", 3, 7, False, treatments=treatments())
    return folder


@pytest.fixture(scope="module")
def told(reacting: Path) -> duckdb.DuckDBPyConnection:
    """The truth as `told`; what was delivered as text: `ticket` (last versions), `customer`, `repair`, `reply`."""
    connection = duckdb.connect()
    connection.execute(f"create table told as from '{reacting}/truth/reaction.parquet'")
    for view, record in {
        "ticket": "ticket",
        "customer": "customer",
        "repair": "repair_action",
        "reply": "survey_reply",
        "contact": "contact",
    }.items():
        connection.execute(
            f"create table {view} as from read_csv('{reacting}/20*/{record}.csv.gz', all_varchar = true, quote = '\"')"
        )
    return connection


def test_without_a_list_the_world_is_the_usual_one_to_the_byte(tmp_path: Path) -> None:
    simulate(tmp_path / "usual", 120, "2026-01", 2, 3)
    simulate(tmp_path / "asked", 120, "2026-01", 2, 3, treatments=TREATMENT.empty_table())
    usual, asked = content(tmp_path / "usual"), content(tmp_path / "asked")
    assert {name: asked[name] for name in usual} == usual
    assert set(asked) - set(usual) == {"truth/reaction.parquet"}


@pytest.mark.long
def test_no_day_before_the_campaign_changes_and_chunks_and_order_change_nothing(tmp_path: Path) -> None:
    given = treatments(200)
    simulate(tmp_path / "usual", 200, "2026-01", 3, 3)
    simulate(tmp_path / "asked", 200, "2026-01", 3, 3, treatments=given)
    shuffled = given.take(list(reversed(range(given.num_rows))))
    simulate(tmp_path / "again", 200, "2026-01", 3, 3, chunk_customers=70, threads=1, treatments=shuffled)
    usual, asked = content(tmp_path / "usual"), content(tmp_path / "asked")
    assert content(tmp_path / "again") == asked
    changed = {name[:10] for name in usual if usual[name] != asked[name] and not name.startswith("truth")}
    assert changed
    assert min(changed) >= CAMPAIGN.isoformat()


def test_a_folder_with_another_answer_to_other_lists_is_refused(tmp_path: Path) -> None:
    simulate(tmp_path, 20, "2026-01", 2, 3, treatments=treatments(20))
    with pytest.raises(SimulationError, match="not empty"):
        simulate(tmp_path, 20, "2026-01", 2, 3, treatments=treatments(19))


def test_a_good_strategy_only_takes_away_and_harm_only_adds(told: duckdb.DuckDBPyConnection) -> None:
    counts = {
        strategy: rest
        for strategy, *rest in told.sql("""
            select
                coalesce(strategies, 'nothing'),
                count(case when would_complain and not does_complain then 1 end),
                count(case when does_complain and not would_complain then 1 end),
                count(case when would_leave and not does_leave then 1 end),
                count(case when does_leave and not would_leave then 1 end)
            from told group by all""").fetchall()
    }
    assert counts["nothing"] == counts["dropped_call_care"] == [0, 0, 0, 0]
    spared, _, stayed, _ = counts["phone_callback"]
    assert counts["phone_callback"] == [spared, 0, stayed, 0]
    assert spared > 10
    assert stayed > 5
    _, added, _, left = counts["apology"]
    assert counts["apology"] == [0, added, 0, left]
    assert added > 10
    assert left > 5


def test_the_planted_shares_are_met(told: duckdb.DuckDBPyConnection) -> None:
    """Without anything 56 % are no longer dissatisfied; 7 % leave, and those who leave anyway (1.2 %)."""
    answers, dissatisfied, leaving = told.sql("""
        select count(would_rate), avg((would_rate < 7)::integer), avg(would_leave::integer) from told""").fetchall()[0]
    assert answers == pytest.approx(0.85 * 0.60 * CUSTOMERS, rel=0.1)
    assert dissatisfied == pytest.approx(0.44, abs=0.05)
    assert leaving == pytest.approx(0.07 + 0.012, abs=0.02)
    done = dict(
        told.sql(
            "select strategies, avg(is_done::integer) from told where strategies is not null group by all"
        ).fetchall()
    )
    expected = {code: defaults().strategies[code].done for code in GIVEN}
    assert done == pytest.approx(expected, abs=0.05)


def test_what_is_delivered_is_what_does_happen(told: duckdb.DuckDBPyConnection) -> None:
    complained = told.sql("""
        select distinct customer_id from ticket
        where kind_code = 'complaint' and opened_at >= '2026-02-01' and opened_at < '2026-03-01'
            and customer_id in (select customer_id from told)""").fetchall()
    assert set(complained) == set(told.sql("select customer_id from told where does_complain").fetchall())
    left = told.sql(
        "select customer_id from customer where month_on = '2026-03-01' and status_code = 'left'"
    ).fetchall()
    assert set(left) == set(told.sql("select customer_id from told where does_leave").fetchall())
    rated = told.sql("select customer_id, score::integer from reply where about_id = 'repair-202602'").fetchall()
    expected = told.sql("select customer_id, does_rate from told where does_rate is not null").fetchall()
    assert sorted(rated) == sorted(expected)
    spent = told.sql("""
        select count(*), count(case when abs(arpu_amount::double - does_spend) > 0.001 then 1 end)
        from customer join told using (customer_id)
        where month_on = '2026-03-01' and not does_leave""").fetchall()[0]
    assert spent[0] > 1500
    assert spent[1] == 0
    repeated = told.sql("""
        select distinct later.customer_id
        from (select * from contact semi join told using (customer_id)) as later
        join contact as earlier on earlier.customer_id = later.customer_id and earlier.topic_code = later.topic_code
        where later.direction_code = 'inbound' and earlier.direction_code = 'inbound' and later.topic_code <> ''
            and later.customer_id <> '' and later.started_at >= '2026-02-01' and later.started_at < '2026-03-01'
            and earlier.started_at::timestamptz < later.started_at::timestamptz
            and earlier.started_at::timestamptz >= later.started_at::timestamptz - to_days(7)""").fetchall()
    assert set(repeated) == set(told.sql("select customer_id from told where does_repeat").fetchall())


def test_the_channels_report_each_given_action_done_or_not(told: duckdb.DuckDBPyConnection) -> None:
    reported = told.sql("""
        select repair_id, outcome_code in ('resolved', 'delivered') from repair
        where repair_id like '2026-01-v1/%'""").fetchall()
    # Nothing is done for those who left before, or have not joined yet.
    given = told.sql("""
        select '2026-01-v1/' || customer_id || '/' || strategies, is_done from told
        where strategies is not null""").fetchall()
    assert sorted(reported) == sorted(given)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"without": {"complaint": 0.1}}, "without: names answers, churn"),
        ({"strategies": {"call": {"don": 1}}}, "strategy call: takes churn"),
        ({"strategies": {"call": {"done": 1.5}}}, "strategy call, done must be a number from 0 to 1, not 1.5"),
        ({"strategies": {"call": {"churn": "less"}}}, "strategy call, churn must be a number"),
        ({"strategies": {"call": {"churn": True}}}, "strategy call, churn must be a number"),
        ({"strategies": ["call"]}, "strategies: is a mapping"),
        ({"other": 1}, "has the keys without and strategies"),
    ],
)
def test_effects_that_cannot_be_are_refused_by_strategy_and_value(changed: dict[str, Any], said: str) -> None:
    sound = {
        "without": {"complaint": 0.1, "repeat_contact": 0, "churn": 0, "answers": 1, "dissatisfied": 0.4},
        "strategies": {},
    }
    assert parse_reactions(sound, "mine.yaml").without.answers == 1
    with pytest.raises(SimulationError, match=r"mine\.yaml") as raised:
        parse_reactions({**sound, **changed}, "mine.yaml")
    assert said in str(raised.value)


def test_a_file_of_effects_that_is_no_yaml_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("strategies: [")
    with pytest.raises(SimulationError, match=r"mine\.yaml cannot be read"):
        read_reactions(tmp_path / "mine.yaml")
