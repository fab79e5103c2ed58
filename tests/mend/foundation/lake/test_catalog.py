"""What the catalog and a transaction do not repeat, and that they see every change all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Transaction

from mend.foundation.home import Home
from mend.foundation.lake.catalog import OnceCountedTransaction, OnceReadCatalog
from mend.foundation.pipeline.workbench import Workbench

TABLE = ("mend", "mart_topic_handling_month")


@pytest.fixture
def two(bench: Workbench, home: Home) -> Iterator[tuple[OnceReadCatalog, OnceReadCatalog]]:
    """Two processes' catalogs of one lake."""
    made = [OnceReadCatalog("mend", uri=home.catalog_url, warehouse=home.warehouse) for _ in range(2)]
    yield made[0], made[1]
    for each in made:
        each.engine.dispose()


def test_a_file_is_read_once_and_a_change_of_another_process_is_seen_at_once(
    two: tuple[OnceReadCatalog, OnceReadCatalog],
) -> None:
    ours, theirs = two
    first = ours.load_table(TABLE)
    assert ours.load_table(TABLE).metadata is first.metadata
    for value in ("once", "twice"):
        with theirs.load_table(TABLE).transaction() as transaction:
            transaction.set_properties({"changed": value})
        assert ours.load_table(TABLE).properties["changed"] == value
        assert theirs.load_table(TABLE).properties["changed"] == value
    assert "changed" not in first.properties
    assert first.refresh().properties["changed"] == "twice"
    theirs.drop_table(TABLE)
    with pytest.raises(NoSuchTableError):
        ours.load_table(TABLE)


def test_a_commit_through_one_table_leaves_the_other_tables_that_were_handed_out_alone(
    two: tuple[OnceReadCatalog, OnceReadCatalog],
) -> None:
    one, other = two[0].load_table(TABLE), two[0].load_table(TABLE)
    with OnceCountedTransaction(one) as transaction:
        transaction.set_properties({"changed": "yes"})
    assert (one.properties.get("changed"), other.properties.get("changed")) == ("yes", None)


def test_a_transaction_shows_each_update_as_pyiceberg_does(two: tuple[OnceReadCatalog, OnceReadCatalog]) -> None:
    table = two[0].load_table(TABLE)
    ours, plain = OnceCountedTransaction(table), Transaction(table)
    assert ours.table_metadata is ours.table_metadata
    for value in ("a", "b"):
        for each in (ours, plain):
            each.set_properties({"changed": value})
        assert ours.table_metadata is ours.table_metadata
        seen, expected = (each.table_metadata.model_dump(exclude={"last_updated_ms"}) for each in (ours, plain))
        assert seen == expected
        assert seen["properties"]["changed"] == value
    ours.commit_transaction()
    assert ours.table_metadata.properties["changed"] == "b"
