"""A withdrawn batch leaves the core tables as if it had never come, and every line of it is still accounted for."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from tests.mend.intake.core.arrivals import Row, arrive, at, contact, on, put_aside, rows_of

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations.tables import BATCH_DECISION
from mend.foundation.pipeline.workbench import Workbench
from mend.intake import core

DAYS = [on(day) for day in range(1, 9)]
CORE = "contact_id, extract(day from started_on), topic_code"
Homes = Callable[[], AbstractContextManager[Home]]


def held(bench: Workbench) -> list[tuple[object, ...]]:
    return rows_of(bench, "core_contact", CORE)


def counted(home: Home, bench: Workbench, number: int) -> tuple[int, int, int, int]:
    [batch] = [each for each in core.reconcile(home, bench, DAYS, may_wait=True) if each.batch_number == number]
    return batch.lines, batch.accepted, batch.quarantined, batch.superseded


def test_its_rows_count_as_superseded_and_what_they_replaced_returns(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1), topic_code="bill"), contact("b", at(1), topic_code="bill")])
    wrong = arrive(
        home, bench, on(2), [contact("a", at(2), topic_code="wrong"), contact("c", at(2))], rejected=["bad_date"]
    )
    put_aside(bench, wrong, on(2), [3])
    core.load(home, bench, DAYS[:2])
    assert held(bench) == [("a", 2, "wrong"), ("b", 1, "bill")]
    operations.withdraw(home.database_url, wrong, "the test file of another centre", "ann")
    assert counted(home, bench, wrong) == (3, 1, 2, 0)  # nothing has been made again yet, and nothing is missing
    core.load(home, bench, [on(2)])
    assert held(bench) == [("a", 1, "bill"), ("b", 1, "bill")]
    assert counted(home, bench, wrong) == (3, 0, 2, 1)
    columns = "subject_id, batch_number = by_batch_number, line_number = by_line_number"
    assert rows_of(bench, "core_superseded", columns) == [("a", True, True)]
    core.reconcile(home, bench, DAYS)


def test_what_a_later_version_had_replaced_stays_replaced(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1), topic_code="first")])
    wrong = arrive(home, bench, on(2), [contact("a", at(3), topic_code="wrong")])
    arrive(home, bench, on(3), [contact("a", at(4), topic_code="last")])
    core.load(home, bench, DAYS[:3])
    operations.withdraw(home.database_url, wrong, "wrong", "ann")
    core.load(home, bench, [on(2)])
    assert held(bench) == [("a", 4, "last")]
    core.reconcile(home, bench, DAYS)


def test_days_that_only_it_had_rows_of_are_empty_then(home: Home, bench: Workbench) -> None:
    wrong = arrive(home, bench, on(2), [contact("a", at(1)), contact("b", at(2))])
    core.load(home, bench, [on(2)])
    operations.withdraw(home.database_url, wrong, "wrong", "ann")
    core.load(home, bench, [on(2)])
    assert held(bench) == []
    assert counted(home, bench, wrong) == (2, 0, 0, 2)
    core.reconcile(home, bench, DAYS)


def test_of_one_that_never_was_in_the_tables_every_line_is_superseded(home: Home, bench: Workbench) -> None:
    wrong = arrive(home, bench, on(1), [contact("a", at(1))], rejected=["bad_date"])
    operations.withdraw(home.database_url, wrong, "wrong", "ann")
    assert counted(home, bench, wrong) == (2, 0, 2, 0)  # it counts as put aside until its day is made
    core.load(home, bench, [on(1)])
    assert held(bench) == []
    assert counted(home, bench, wrong) == (2, 0, 1, 1)


def test_taken_back_it_counts_again_as_if_nothing_had_been(home: Home, bench: Workbench) -> None:
    arrive(home, bench, on(1), [contact("a", at(1), topic_code="first")])
    number = arrive(home, bench, on(2), [contact("a", at(2), topic_code="second"), contact("b", at(2))])
    core.load(home, bench, DAYS)
    before = held(bench), rows_of(bench, "core_superseded", "*")
    operations.withdraw(home.database_url, number, "wrong", "ann")
    core.load(home, bench, DAYS)
    operations.take_back(home.database_url, number, "it was right", "ann")
    core.reconcile(home, bench, DAYS, may_wait=True)
    core.load(home, bench, DAYS)
    assert (held(bench), rows_of(bench, "core_superseded", "*")) == before
    core.reconcile(home, bench, DAYS)


def test_twice_is_once_and_who_and_why_is_on_record(home: Home, bench: Workbench) -> None:
    number = arrive(home, bench, on(1), [contact("a", at(1))])
    core.load(home, bench, [on(1)])
    assert [operations.withdraw(home.database_url, number, "wrong", "ann")[1] for _ in range(2)] == [True, False]
    assert operations.due_days(home.database_url) == [on(1)]
    [decision] = operations.decisions(home.database_url)
    assert (decision.decision_code, decision.why, decision.decided_by) == ("withdrawn", "wrong", "ann")


def test_what_does_not_fit_is_an_error_with_a_reason(home: Home, bench: Workbench) -> None:
    url = home.database_url
    number = arrive(home, bench, on(1), [contact("a", at(1))])
    with pytest.raises(operations.DecisionError, match="there is no batch 99"):
        operations.withdraw(url, 99, "wrong", "ann")
    with pytest.raises(operations.DecisionError, match="nothing to accept"):
        operations.accept(url, number, "fine", "ann")
    assert operations.take_back(url, number, "fine", "ann")[1] is False
    assert operations.decisions(url) == []


def test_what_was_accepted_and_then_withdrawn_is_not_accepted_still(home: Home, bench: Workbench) -> None:
    url = home.database_url
    number = arrive(home, bench, on(1), [contact("a", at(1))])
    operations.mark_gated(url, operations.batches(url), {number})
    assert operations.accept(url, number, "fine", "ann")[1]
    operations.withdraw(url, number, "wrong after all", "ann")
    with pytest.raises(
        operations.DecisionError, match=f"is withdrawn; take that back first: mend withdraw {number} --undo"
    ):
        operations.accept(url, number, "fine", "ann")
    operations.take_back(url, number, "fine", "ann")
    assert operations.accept(url, number, "fine", "ann")[1] is False


def made_up(rng: random.Random, day: int) -> list[Row]:
    """Rows of a few keys, on this day or up to two days before, in a made-up order of versions."""
    return [
        contact(
            rng.choice("abcdef"),
            at(max(1, day - rng.randrange(3))),
            topic_code=f"t{rng.randrange(99)}",
            updated=at(rng.randrange(1, 9)),
        )
        for _ in range(rng.randrange(1, 5))
    ]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 4))])
def test_any_withdrawals_in_any_order_give_the_tables_of_what_is_left(new_home: Homes, seed: int) -> None:
    rng = random.Random(seed)
    batches = [(day, made_up(rng, day)) for day in rng.choices(range(1, 9), k=7)]
    gone = set(rng.sample(range(7), 3))
    with new_home() as home, Workbench.open(home) as bench:
        for number, (day, rows) in enumerate(batches):
            if number not in gone:
                arrive(home, bench, on(day), rows)
        core.load(home, bench, DAYS)
        expected = held(bench)
    with new_home() as home, Workbench.open(home) as bench:
        numbers = [arrive(home, bench, on(day), rows) for day, rows in batches]
        for day in rng.sample(DAYS, len(DAYS)):
            core.load(home, bench, [day])
        for number in rng.sample([*gone], len(gone)):
            operations.withdraw(home.database_url, numbers[number], "made up", "ann")
            core.reconcile(home, bench, DAYS, may_wait=True)
        for day in rng.sample(operations.due_days(home.database_url), len(operations.due_days(home.database_url))):
            core.load(home, bench, [day])
            core.reconcile(home, bench, DAYS, may_wait=True)
        assert held(bench) == expected
        core.reconcile(home, bench, DAYS)


KILLED = """
import sys
from mend.foundation import operations
from mend.foundation.home import Home
home = Home.from_environment()
print("deciding", flush=True)
for round in range(2000):
    operations.withdraw(home.database_url, int(sys.argv[1]), "made up", "ann")
    operations.take_back(home.database_url, int(sys.argv[1]), "made up", "ann")
"""


@pytest.mark.parametrize("seconds", [0.02, 0.11, 0.27])
def test_killed_at_any_moment_a_decision_is_there_wholly_or_not_at_all(
    home: Home, bench: Workbench, seconds: float
) -> None:
    number = arrive(home, bench, on(1), [contact("a", at(1))])
    core.load(home, bench, [on(1)])
    environment = {**os.environ, **home.settings, "MEND_HOME": str(home.root)}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(number)], env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    [batch] = operations.batches(home.database_url)
    with operations.transaction(home.database_url) as connection:
        made = list(
            connection.execute(
                sa.select(BATCH_DECISION.c.decision_code).order_by(BATCH_DECISION.c.batch_decision_id)
            ).scalars()
        )
    assert made == ["withdrawn", "returned"] * (len(made) // 2) + ["withdrawn"] * (len(made) % 2)
    assert batch.is_withdrawn == (len(made) % 2 == 1)
    assert operations.due_days(home.database_url) == ([on(1)] if made else [])
    core.reconcile(home, bench, [on(1)])
