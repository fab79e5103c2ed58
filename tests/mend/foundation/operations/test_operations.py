"""The operations database: its migrations give what the schema describes, and batches are counted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.conftest import Template

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.operations import Counts, NewBatch
from mend.foundation.operations.tables import METADATA, metadata
from mend.foundation.schema.model import SchemaError

DAY = dt.date(2026, 5, 1)
BATCH = NewBatch("centre", "contact", DAY, DAY, "f" * 64, "m" * 64, "contact.csv", ("contact_id", "outcome"))


@pytest.fixture
def empty_url(template: Template) -> Iterator[str]:
    """A database without any table."""
    template.run("postgres", "create database operations_test")
    yield template.address("operations_test")
    template.run("postgres", "drop database operations_test with (force)")


@pytest.fixture
def url(home: Home) -> str:
    return home.database_url


def test_the_migrations_give_what_the_schema_describes(url: str) -> None:
    with operations.transaction(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_check_constraints_are_those_of_the_schema(url: str) -> None:
    described = {str(check.name) for table in METADATA.tables.values() for check in table.constraints if check.name}
    query = (
        "select conname from pg_constraint where contype in ('c', 'p', 'u') and connamespace = 'public'::regnamespace "
        "and conrelid <> 'alembic_version'::regclass"
    )
    with operations.transaction(url) as connection:
        assert set(connection.execute(text(query)).scalars()) == described


def test_upgrade_from_several_starters_at_once_runs_once_and_again_does_nothing(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as starters:
        list(starters.map(operations.upgrade, [empty_url] * 4))
    operations.upgrade(empty_url)
    with operations.transaction(empty_url) as connection:
        assert connection.execute(text("select count(*) from alembic_version")).scalar_one() == 1


def test_the_same_content_of_a_day_keeps_its_number_also_without_a_day(url: str) -> None:
    undated = replace(BATCH, business_date=None)
    numbers = [operations.register_batch(url, batch) for batch in (BATCH, undated, BATCH, undated)]
    assert numbers == [1, 2, 1, 2]
    assert operations.register_batch(url, replace(BATCH, fingerprint="e" * 64)) == 3


def test_a_batch_registered_from_several_processes_at_once_has_one_number(url: str) -> None:
    with ThreadPoolExecutor(4) as processes:
        assert len(set(processes.map(lambda _: operations.register_batch(url, BATCH), range(8)))) == 1


def test_a_batch_counts_as_loaded_only_when_its_lines_add_up(url: str) -> None:
    number = operations.register_batch(url, BATCH)
    with pytest.raises(IntegrityError, match="reconciled"):
        operations.mark_loaded(url, {number: Counts(lines=3, accepted=1, rejected=1)})
    operations.mark_loaded(url, {number: Counts(lines=3, accepted=1, rejected=1, outside=1)})
    (batch,) = operations.batches(url, [DAY], record="contact")
    assert (batch.status_code, batch.counts.accepted) == ("loaded", 1)


def test_columns_are_provided_only_by_what_was_loaded_in_the_month(url: str) -> None:
    number = operations.register_batch(url, BATCH)
    assert operations.provided_columns(url, "contact", "2026-05") == set()
    operations.mark_loaded(url, {number: Counts()})
    assert operations.provided_columns(url, "contact", "2026-05") == {"contact_id", "outcome"}
    assert operations.provided_columns(url, "contact", "2026-06") == set()
    assert operations.provided_columns(url, "ticket", "2026-05") == set()


def test_days_are_loaded_also_when_nothing_arrived_on_them(url: str) -> None:
    number = operations.register_batch(url, BATCH)
    operations.mark_loaded(url, {number: Counts()})
    after = DAY + dt.timedelta(days=1)
    operations.mark_core_loaded(url, [after])
    assert [batch.status_code for batch in operations.batches(url)] == ["loaded"]
    operations.mark_core_loaded(url, [DAY], operations.batches(url))
    assert operations.loaded_dates(url) == [DAY, after]
    assert [batch.status_code for batch in operations.batches(url)] == ["core_loaded"]


def test_a_step_is_recorded_with_its_counts_and_a_failure_by_its_kind_alone(url: str) -> None:
    with operations.recorded_step(url, "extract", DAY, DAY) as counts:
        counts["rows"] = 3
    with pytest.raises(ValueError, match="13900001111"), operations.recorded_step(url, "core", DAY, DAY):
        raise ValueError("13900001111")
    failed, done = operations.steps(url)
    assert (done["state_code"], done["counts"], done["message"]) == ("done", {"rows": 3}, None)
    assert (failed["state_code"], failed["message"]) == ("failed", "ValueError")


def test_quality_results_of_a_date_are_replaced(url: str) -> None:
    result = {
        "record_code": "contact", "rule_id": "keys", "severity_code": "critical", "business_date": DAY,
        "batch_number": None, "unexpected_count": 0, "element_count": 5, "is_passed": True,
    }  # fmt: skip
    for _ in range(2):
        operations.replace_quality_results(url, "contact", [DAY], [result])
    with operations.transaction(url) as connection:
        assert connection.execute(text("select count(*) from quality_result")).scalar_one() == 1


def test_a_wrong_type_in_the_description_is_named() -> None:
    described = {"t": {"en": "T", "key": ["a"], "columns": {"a": {"type": "colour", "en": "A"}}}}
    with pytest.raises(SchemaError, match=r"t\.a: unknown type colour"):
        metadata(described)
